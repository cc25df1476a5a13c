from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from clinic.messaging.models import LONGEST
from exercises.pictures import FORMATS, cleaned_photo

BIGGEST = 2**63 - 1
EMPTY = _("Write a few words first.")


class TextField(forms.CharField):
    """A browser sends each line break as two characters, and counts it as one."""

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """key: made with the form, so that sending it twice says it once. seen_to: the last message that its page showed."""

    key = forms.UUIDField()
    seen_to = forms.IntegerField(required=False, min_value=0, max_value=BIGGEST)
    text = TextField(
        max_length=LONGEST,
        error_messages={"required": EMPTY, "max_length": _("This is too long: at most %(limit_value)d characters.")},
    )

    def clean_seen_to(self) -> int:
        return self.cleaned_data["seen_to"] or 0


class MessageForm(AnswerForm):
    about = forms.UUIDField(required=False)
    photo = forms.FileField(required=False)

    def clean_photo(self) -> ContentFile | None:
        return cleaned_photo(self.cleaned_data["photo"]) if self.cleaned_data["photo"] else None


class EarlierForm(forms.Form):
    before = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST)


PHOTO_ENDINGS = ",".join(f"image/{ending.replace('jpg', 'jpeg')}" for ending in FORMATS.values())
