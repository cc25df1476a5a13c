from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.governance import MONTHS


class VouchForm(forms.Form):
    """One deliberate word for everything that was chosen."""

    name = forms.CharField(
        label=_("Who has read them"),
        max_length=120,
        help_text=_("The clinician whose name stands with them."),
        widget=forms.TextInput({"list": "clinicians", "autocomplete": "off"}),
    )
    months = forms.TypedChoiceField(
        label=_("Review again in"),
        coerce=int,
        initial=MONTHS,
        choices=[("6", _("6 months")), ("12", _("12 months")), ("24", _("24 months")), ("36", _("36 months"))],
    )
    read = forms.BooleanField(
        label=_("I have read these as they are now, or the person above has, and they may be prescribed and taught."),
        error_messages={"required": _("Tick this, or go back: nobody vouches by accident.")},
    )


class LetStandForm(forms.Form):
    finding = forms.CharField(max_length=200)
    reason = forms.CharField(
        label=_("Why it stands"),
        min_length=10,
        max_length=300,
        error_messages={"min_length": _("Say why, in 10 characters or more."), "required": _("Say why it stands.")},
    )
