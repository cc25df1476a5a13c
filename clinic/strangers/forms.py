from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from clinic.strangers.guard import Stamp, Trip, links_in, read, same_words, stamped
from patients.accounts.limits import Limited, consume


def no_address(text: str) -> None:
    """A name is no place for a link: it would be read out in mails and lists."""
    if links_in(text):
        raise ValidationError(_("Please write a name, without web addresses."))


class StrangersForm(forms.Form):
    """A form that anybody may send. `kind` names it in tokens and limits; `free_text` is looked at for links and for the
    same words sent again and again. Its page includes `clinic/strangers/_fields.html` and, when something was tripped,
    `clinic/strangers/_held_off.html`."""

    kind: ClassVar[str]
    free_text: ClassVar[tuple[str, ...]] = ()
    most_links: ClassVar[int] = 0

    opened = forms.CharField(required=False, widget=forms.HiddenInput)
    # Hidden from people, and filled in by programs that fill in everything.
    homepage = forms.CharField(required=False)

    def __init__(self, data: Any = None, **options: Any) -> None:
        super().__init__(data, **options)
        self._now = timezone.now()

    @property
    def stamp(self) -> Stamp | None:
        return read(str(self.data.get("opened", "")), self.kind, self._now)

    @property
    def token(self) -> str:
        """The one that came with the form, while it is good: the key of what is sent stays the same."""
        return str(self.data["opened"]) if self.stamp else stamped(self.kind, self._now)

    @property
    def key(self) -> UUID:
        assert self.stamp
        return self.stamp.key

    def held_off(self, request: HttpRequest) -> Trip | None:
        """Why this is not taken in; asked when its fields are right. Each call counts towards the limits."""
        if not _passes(request, "stranger"):
            return Trip.OFTEN
        if self.cleaned_data["homepage"]:
            return Trip.TRAP
        stamp = self.stamp
        if stamp is None:
            return Trip.TOO_OLD
        if (self._now - stamp.opened_at).total_seconds() < settings.STRANGERS_SECONDS:
            return Trip.TOO_FAST
        texts = [str(self.cleaned_data[name]) for name in self.free_text]
        if sum(links_in(text) for text in texts) > self.most_links:
            return Trip.LINKS
        words = same_words(*texts)
        if words and not _passes(request, "same_words", f"{self.kind} {words}"):
            return Trip.SAME
        if not _passes(request, "strangers", self.kind):
            return Trip.OFTEN
        return None


def _passes(request: HttpRequest, action: str, key: str = "") -> bool:
    try:
        consume(request, action, key=key)
    except Limited:
        return False
    return True


def may_be_mailed(request: HttpRequest, address: str) -> bool:
    """Whether a mail that a stranger asked for goes to this address: a form must not be a way to flood somebody."""
    return _passes(request, "stranger_mail", address.casefold()) and _passes(request, "strangers_mail", "all")
