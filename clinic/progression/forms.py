from django import forms
from django.utils.translation import gettext_lazy as _


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"),
        max_length=300,
        error_messages={"required": _("Say why in a few words. The next review reads it.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
