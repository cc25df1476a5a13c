from django import forms

from clinic.caseload.cases import GROUPS


class CaseloadForm(forms.Form):
    q = forms.CharField(required=False, max_length=120, label="Find a patient")
    who = forms.ChoiceField(required=False, choices=[("all", "All patients"), ("mine", "Mine")])
    group = forms.ChoiceField(required=False, choices=[(group.key, group.label) for group in GROUPS])
