"""What somebody who asks for a visit agrees to. A text that changes gets a new version; the old ones stay, because
requests name them."""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-11"
TEXTS = {
    "2026-11": _(
        "The clinic may keep what I wrote here, read it, and call or write to me about a first visit. "
        "If I do not become a patient, it is deleted after some months."
    ),
}
