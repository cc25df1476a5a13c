from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.lists import Moment
from exercises.models import Exercise, Phase
from exercises.pictures import FORMATS, cleaned_picture


class TextField(forms.CharField):
    """Text of several lines. A browser ends each with two signs where one is stored, which is no edit."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return (super().to_python(value) or "").replace("\r\n", "\n")


class LinesField(forms.CharField):
    """A list of sentences, one a line. The model says how many."""

    def __init__(self, *, rows: int, **kwargs: Any) -> None:
        super().__init__(max_length=2000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), "\n".join((data or "").splitlines()))


class PictureField(forms.FileField):
    widget = forms.ClearableFileInput(attrs={"accept": ",".join(f".{ending}" for ending in FORMATS.values())})

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        return self.cleaned(upload) if upload else None

    def cleaned(self, upload: Any) -> Any:
        return cleaned_picture(upload)


class ExerciseForm(forms.ModelForm):
    phases = forms.MultipleChoiceField(
        choices=Phase.choices,
        widget=forms.CheckboxSelectMultiple,
        label=_("Parts of the session"),
        help_text=_("Where it fits. Desk micro-breaks need no mat and no floor."),
    )
    steps = LinesField(label=_("Steps"), rows=8, help_text=_("3 to 6 steps, one a line, each something to do now."))
    cues = LinesField(label=_("Cues"), rows=5, help_text=_("2 to 4 short cues for doing it well, one a line."))
    mistakes = LinesField(
        label=_("Common mistakes"),
        rows=6,
        help_text=_("1 to 4, one a line, each with what to do instead: Arching your back. Lift a little less high."),
    )
    picture = PictureField(
        label=_("Picture"), required=False, help_text=_("JPEG, PNG or WebP, at most 2 MB and 4000 pixels a side.")
    )

    class Meta:
        model = Exercise
        fields = "__all__"  # noqa: DJ007  whatever is editable; the admin's fieldsets name each one
        widgets = {
            name: forms.Textarea(attrs={"rows": 2}) for name in ("cautions", "purpose", "setup", "ease_off", "feel")
        } | {
            "pose": forms.Textarea(attrs={"rows": 12, "class": "vLargeTextField pose-text", "spellcheck": "false"}),
            "video_url": forms.URLInput(attrs={"size": 60}),
        }
        # Without a scheme of its own the link is refused, not completed.
        field_classes = {"video_url": forms.CharField, "pose": TextField}


class TeachingForm(forms.ModelForm):
    """An article or a question; the model is the admin's."""

    moments = forms.MultipleChoiceField(
        choices=Moment.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Where it matters"),
        help_text=_(
            "There the portal offers it: at most two texts in one place, those with the lowest order. Texts without a tick "
            "are found under Learn."
        ),
    )

    def clean_moments(self) -> list[str]:
        """In the list's order, which is also a browser's: a text that was saved untouched is unchanged."""
        return sorted(self.cleaned_data["moments"], key=Moment.values.index)
