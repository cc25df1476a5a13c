"""Exercises that a clinic makes for itself: the form, and what happens when it is saved. Nobody else sees them."""

import re
import secrets
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.forms import ExerciseForm, PictureField
from exercises.governance import vouch_for
from exercises.models import Exercise
from exercises.videos import MOST_MB, TYPES, checked_video

# Whose an uploaded file is stands in its name, so that handing it out asks no database.
OWN_FILE = re.compile(r"c([0-9]{1,18})-[a-z0-9-]+\.[a-z0-9]+")
# Asked in turn about a person of another clinic and a file's path: who knows plans says whether one of theirs has it.
SHOWN_BY: list[Callable[[Any, str], bool]] = []
# What may be uploaded, and the box that takes it away.
FILES = {"picture": "no_picture", "video": "no_video"}


def clinic_of_file(name: str) -> int | None:
    found = OWN_FILE.fullmatch(name)
    return int(found[1]) if found else None


def standing_file(path: str) -> File | None:
    """The file, open. Plans keep the address of a clinic's own that was replaced since: there, the one in its place.
    None where it was taken away."""
    with suppress(FileNotFoundError):
        return default_storage.open(path)
    key = clinic_of_file(path.rpartition("/")[2])
    for name in FILES if key is not None else ():
        was = Exercise.history.filter(clinic_key=key, **{name: path})
        now = Exercise.objects.filter(pk__in=was.values("id")).values_list(name, flat=True).first()
        if now:
            with suppress(FileNotFoundError):
                return default_storage.open(now)
    return None


class VideoField(forms.FileField):
    widget = forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in TYPES)})

    def to_python(self, data: Any) -> Any:
        upload = super().to_python(data)
        return checked_video(upload) if upload else None


class RowsField(forms.ModelMultipleChoiceField):
    """Some of a few rows. Django would ask the database for any number, and SQLite breaks on one that it cannot hold."""

    def clean(self, value: Any) -> Any:
        known = {str(pk) for pk in self.queryset.values_list("pk", flat=True)}  # type: ignore[union-attr]
        if unknown := [each for each in value or () if str(each) not in known]:
            raise forms.ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": unknown[0]}
            )
        return super().clean(value)


class OwnExerciseForm(ExerciseForm):
    """What a clinic says of an exercise of its own. `conditions`: pairs of code and name, from whoever knows them."""

    picture = PictureField(
        label=_("Picture"),
        required=False,
        widget=forms.FileInput(attrs=PictureField.widget.attrs),
        help_text=_("JPEG, PNG or WebP, at most 2 MB and 4000 pixels a side."),
    )
    video = VideoField(
        label=_("Video file"),
        required=False,
        help_text=format_lazy(
            _("MP4 or WebM, at most {number} MB. A phone may write the place into a video: turn that off first."),
            number=MOST_MB,
        ),
    )
    no_picture = forms.BooleanField(
        label=_("Take the picture away"),
        required=False,
        help_text=_("It is deleted for good. Plans that show it show a plain sign in its place."),
    )
    no_video = forms.BooleanField(
        label=_("Take the video away"),
        required=False,
        help_text=_("It is deleted for good. In plans that have it, the link then says that it was taken away."),
    )
    no_tags = forms.BooleanField(label=_("None of these"), required=False)
    blocked_for = forms.MultipleChoiceField(
        label=_("Not to be given with"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Beside what the movements above rule out. It is blocked for patients with these conditions."),
    )

    class Meta(ExerciseForm.Meta):
        fields = [  # type: ignore[assignment]
            "name", "plain_name", "category", "position", "level", "phases", "measure", "sets", "reps", "hold_s",
            "minutes", "rest_s", "times_per_day", "days_per_week", "side", "primary_muscles", "equipment", "tags",
            "cautions", "purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel", "picture", "picture_alt",
            "video_url",
        ]  # fmt: skip
        widgets = ExerciseForm.Meta.widgets | dict.fromkeys(  # type: ignore[assignment]
            ("primary_muscles", "equipment", "tags"), forms.CheckboxSelectMultiple
        )
        field_classes = ExerciseForm.Meta.field_classes | dict.fromkeys(  # type: ignore[assignment]
            ("primary_muscles", "equipment", "tags"), RowsField
        )
        labels: ClassVar[dict[str, Any]] = {
            "name": _("Name"),
            "category": _("Kind"),
            "position": _("Position"),
            "level": _("Level"),
            "measure": _("What is counted"),
            "sets": _("Sets"),
            "minutes": _("Minutes"),
            "times_per_day": _("Times a day"),
            "days_per_week": _("Days a week"),
            "side": _("Side"),
            "equipment": _("Equipment"),
            "cautions": _("Cautions"),
            "purpose": _("Purpose"),
        }

    def __init__(self, *args: Any, clinic_key: int, conditions: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.clinic_key = clinic_key
        self.fields["blocked_for"].choices = conditions  # type: ignore[attr-defined]
        self.initial["video"] = self.instance.video
        for name, box in FILES.items():
            if not self.initial.get(name):
                del self.fields[box]
        for field in self.fields.values():
            if isinstance(field.widget, forms.CheckboxInput | forms.CheckboxSelectMultiple):
                field.widget.attrs["class"] = "form-check-input"
        self.fields["primary_muscles"].required = True
        self.fields["primary_muscles"].label = _("Works")
        self.fields["tags"].label = _("Movements in it")
        self.fields["tags"].help_text = _("Tick all that are in it: safety rules read them.")
        if self.instance.pk:
            self.initial["blocked_for"] = self.instance.blocked_for
            self.initial["no_tags"] = not self.instance.tags.exists()
        else:
            self.initial = dict(self.initial) | {
                "level": 2, "measure": "reps", "reps": 10, "sets": 3, "rest_s": 30, "phases": ["main"],
                "ease_off": gettext("Stop if the pain gets sharper or moves down your leg."),
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if "tags" in typed and bool(typed["tags"]) == bool(typed.get("no_tags")):
            self.add_error("tags", gettext("Tick the movements in it, or “None of these”."))
        if typed.get("picture") and "picture" in self.changed_data and not typed.get("picture_alt"):
            self.add_error("picture_alt", gettext("Say in words what the picture shows, for who cannot see it."))
        return typed

    @property
    def says_nothing_new(self) -> bool:
        """Of a valid form: all of it stands already, as after a second click. A file is the same if its content is."""
        return all(
            name in FILES and _is_same(self.cleaned_data[name], self.initial.get(name)) for name in self.changed_data
        )


def _is_same(upload: File, standing: Any) -> bool:
    if not standing or not standing.storage.exists(standing.name) or standing.size != upload.size:
        return False
    upload.seek(0)
    with standing.open() as file:
        return file.read() == upload.read()


def save_own(*, form: OwnExerciseForm, by: Any) -> Exercise:
    """A valid form's exercise, new or changed. by: the history names them."""
    with transaction.atomic():
        exercise: Exercise = form.instance
        if not exercise.pk:
            exercise.slug = f"{slugify(exercise.name)[:45].strip('-') or 'own'}-{secrets.token_hex(4)}"
        exercise.blocked_for = sorted(form.cleaned_data["blocked_for"])
        for name, box in FILES.items():
            if name in form.changed_data:
                upload = form.cleaned_data[name]
                upload.name = f"c{exercise.clinic_key}-{upload.name}"
                setattr(exercise, name, upload)
            elif form.cleaned_data.get(box):
                setattr(exercise, name, "")
        exercise._history_user = by  # type: ignore[attr-defined]
        form.save()
        exercise.refresh_search()
        # Who writes it has read it.
        exercise.author = exercise.author or str(by)
        vouch_for([exercise], name=str(by), day=timezone.localdate())
        for name in FILES:
            _let_go(form.initial.get(name))
    return exercise


def _let_go(file: Any) -> None:
    """Deletes a file that no exercise has any more, once that is certain."""
    if file and not Exercise.objects.filter(Q(picture=file.name) | Q(video=file.name)).exists():
        transaction.on_commit(partial(default_storage.delete, file.name), robust=True)
