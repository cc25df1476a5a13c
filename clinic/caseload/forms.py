from django import forms


class CaseloadForm(forms.Form):
    q = forms.CharField(required=False, max_length=120, label="Find a patient")
    who = forms.ChoiceField(required=False, choices=[("all", "All patients"), ("mine", "Mine")])
    group = forms.ChoiceField(required=False, choices=[(key, key) for key in ("need", "track", "new", "unplanned")])
