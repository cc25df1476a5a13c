from django import forms


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label="Why not",
        max_length=300,
        error_messages={"required": "Say why in a few words. The next review reads it."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
