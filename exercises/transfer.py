"""The catalogue as a CSV or JSON file, out and in again, with a look at what would change before anything does."""

import re
from typing import Any

import tablib
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from import_export import fields, resources, widgets
from import_export.formats import base_formats
from import_export.forms import ImportForm

from exercises.models import Equipment, Exercise, MovementTag, Muscle

MOST_BYTES = 2 * 1024 * 1024
# A spreadsheet takes a cell that begins so for a formula and runs it.
RUNS = re.compile(r"'*[=+\-@\t\r]")


class SafeCSV(base_formats.CSV):
    """A quote before what a spreadsheet would run; taken away again on the way in."""

    def export_data(self, dataset: tablib.Dataset, **kwargs: Any) -> Any:
        quoted = tablib.Dataset(headers=dataset.headers)
        for row in dataset:
            quoted.append([f"'{cell}" if RUNS.match(str(cell)) else cell for cell in row])
        return super().export_data(quoted, **kwargs)

    def create_dataset(self, in_stream: Any, **kwargs: Any) -> tablib.Dataset:
        read = super().create_dataset(in_stream, **kwargs)
        plain = tablib.Dataset(headers=read.headers)
        for row in read:
            plain.append([cell.removeprefix("'") if RUNS.match(cell) else cell for cell in row])
        return plain


class LinesWidget(widgets.Widget):
    """A list of texts in one cell, one a line."""

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> list[str]:
        return [line.strip() for line in str(value or "").splitlines() if line.strip()]

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return "\n".join(value or [])


class SlugsWidget(widgets.ManyToManyWidget):
    """Slugs with commas between; one that is not known is an error, not left out."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, field="slug", separator=",")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Any:
        slugs = {slug.strip() for slug in str(value or "").split(",") if slug.strip()}
        found = list(self.model.objects.filter(slug__in=slugs))
        if unknown := slugs - {part.slug for part in found}:
            raise ValueError(gettext("Not known: %(slugs)s.") % {"slugs": ", ".join(sorted(unknown))})
        return found

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return ", ".join(sorted(part.slug for part in value.all())) if value is not None else ""


class NeighbourWidget(widgets.ForeignKeyWidget):
    def __init__(self) -> None:
        super().__init__(Exercise, "slug")

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> Exercise | None:
        try:
            return super().clean(value, row, **kwargs)
        except Exercise.DoesNotExist as unknown:
            raise ValueError(gettext("There is no exercise with the slug “%(slug)s”.") % {"slug": value}) from unknown


def lines(name: str) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=LinesWidget())


def slugs(name: str, model: Any) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=SlugsWidget(model), m2m_add=False)


def neighbour(name: str) -> fields.Field:
    return fields.Field(attribute=name, column_name=name, widget=NeighbourWidget())


class Changes(resources.Diff):
    """What an import would change in one exercise, and nothing else of it."""

    def __init__(self, resource: Any, instance: Exercise, new: bool) -> None:
        super().__init__(resource, instance, new)
        self.columns = [column.column_name for column in resource.get_import_fields()]

    def as_html(self) -> list[tuple[str, str, str]]:
        return [
            (column, "" if self.new else str(old), str(now))
            for column, old, now in zip(self.columns, self.left, self.right, strict=True)
            if str(now) != ("" if self.new else str(old))
        ]


class ExerciseResource(resources.ModelResource):
    phases = lines("phases")
    steps = lines("steps")
    cues = lines("cues")
    mistakes = lines("mistakes")
    primary_muscles = slugs("primary_muscles", Muscle)
    secondary_muscles = slugs("secondary_muscles", Muscle)
    equipment = slugs("equipment", Equipment)
    tags = slugs("tags", MovementTag)
    regression = neighbour("regression")
    progression = neighbour("progression")

    class Meta:
        model = Exercise
        import_id_fields = ["slug"]
        fields = (
            "slug", "name", "plain_name", "also_known_as", "category", "position", "primary_muscles",
            "secondary_muscles", "equipment", "equipment_note", "phases", "level", "measure", "side", "sets", "reps",
            "hold_s", "minutes", "rest_s", "times_per_day", "days_per_week", "tags", "cautions", "regression",
            "progression", "clinician_only", "purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel", "pose",
            "picture_alt", "video_url", "author", "source", "source_url", "licence", "licence_note",
        )  # fmt: skip
        export_order = fields
        clean_model_instances = True
        skip_unchanged = True
        use_transactions = True

    def get_diff_class(self) -> type[Changes]:
        return Changes

    def get_queryset(self) -> Any:
        return Exercise.objects.with_parts().select_related("regression", "progression")

    def before_import(self, dataset: tablib.Dataset, **kwargs: Any) -> None:
        """New exercises may name each other as neighbours: those are tied once all of them exist."""
        self.untied: dict[str, dict[str, str]] = {}
        known = set(Exercise.objects.values_list("slug", flat=True))
        coming = set(dataset["slug"]) if "slug" in (dataset.headers or []) else set()
        if coming - known:
            for row in dataset.dict:
                for step in ("regression", "progression"):
                    if row.get(step) in coming - known:
                        self.untied.setdefault(row["slug"], {})[step] = row[step]

    def before_import_row(self, row: Any, **kwargs: Any) -> None:
        if any("\0" in str(value) for value in row.values()):
            raise ValueError(gettext("There is a character in this row that no text can hold."))
        for step in self.untied.get(row.get("slug"), {}):
            row[step] = ""

    def save_m2m(self, instance: Exercise, row: Any, **kwargs: Any) -> None:
        super().save_m2m(instance, row, **kwargs)
        instance.refresh_search()

    def after_import(self, dataset: tablib.Dataset, result: Any, **kwargs: Any) -> None:
        super().after_import(dataset, result, **kwargs)
        if result.has_errors() or result.has_validation_errors():
            return
        for slug, steps in self.untied.items():
            exercise = Exercise.objects.get(slug=slug)
            for step, neighbour_slug in steps.items():
                setattr(exercise, step, Exercise.objects.get(slug=neighbour_slug))
            try:
                exercise.full_clean()
            except ValidationError as wrong:
                raise ValueError(f"{slug}: {' '.join(wrong.messages)}") from wrong
            exercise.save()


class CatalogueImportForm(ImportForm):
    def clean_import_file(self) -> Any:
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(gettext("This file is larger than 2 MB."))
        return file
