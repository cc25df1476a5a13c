from django import forms
from django.utils.translation import gettext_lazy

from clinic.discussion.models import LONGEST
from clinic.strangers.forms import StrangersForm, no_address
from exercises.forms import TextField
from patients.records.forms import has_something_to_see


class QuestionForm(StrangersForm):
    kind = "question"
    free_text = ("text",)

    name = forms.CharField(
        label=gettext_lazy("Your first name"),
        help_text=gettext_lazy("You can leave this empty."),
        required=False,
        max_length=60,
        validators=[no_address],
        widget=forms.TextInput({"autocomplete": "given-name"}),
    )
    text = TextField(
        label=gettext_lazy("Your question"),
        max_length=LONGEST,
        validators=[has_something_to_see],
        widget=forms.Textarea({"rows": 5}),
        error_messages={"max_length": gettext_lazy("This is too long: at most %(limit_value)d characters.")},
    )
