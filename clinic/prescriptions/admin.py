from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.actions import retire_protocol
from clinic.prescriptions.dosage import Dosage, DosageError, Measure
from clinic.prescriptions.dosage_parse import LONGEST_TEXT, parse
from clinic.prescriptions.dosage_words import shorthand
from clinic.prescriptions.models import Protocol, ProtocolLine
from clinic.prescriptions.recheck import recheck_all
from exercises.admin import ChosenRows, ExerciseAdmin
from exercises.models import Exercise
from patients.audit.actions import record

# What matching reads of an exercise.
MATCHED = {"tags", "level", "equipment"}

admin.site.unregister(Exercise)


@admin.register(Exercise)
class CheckedExerciseAdmin(ExerciseAdmin):
    """The catalogue knows no patients. Here, an edit of what an exercise does to the body is checked against the plans
    that patients have: what becomes blocked rests from that minute, and a task says so."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        if change and MATCHED & set(form.changed_data):
            self._say(request, recheck_all(by=request.user, exercises=[form.instance.pk]))  # type: ignore[arg-type]

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        changed = [row.object_id for row in result.rows if row.import_type == row.IMPORT_TYPE_UPDATE]
        self._say(request, recheck_all(by=request.user, exercises=changed))  # type: ignore[arg-type]
        return super().process_result(result, request)

    def _say(self, request: HttpRequest, resting: int) -> None:
        """Counts only: an admin sees no patients."""
        if resting:
            words = (
                f"{resting} prescribed exercise{'s rest' if resting != 1 else ' rests'} until a clinician decides."
            )
            self.message_user(request, words, messages.WARNING)


class ProtocolLineForm(forms.ModelForm):
    dose = forms.CharField(
        max_length=LONGEST_TEXT,
        help_text=_("As: 3x10, 5 s hold, each side, 60 s rest, 3 days/week."),
        label=_("Dosage"),
        widget=forms.TextInput({"size": 30}),
    )

    class Meta:
        model = ProtocolLine
        fields = ["stage", "stage_label", "phase", "position", "exercise", "importance"]
        widgets = {"stage_label": forms.TextInput({"size": 14})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A line names an exercise; it is no place to edit one.
        exercise = self.fields["exercise"].widget
        exercise.can_add_related = exercise.can_change_related = exercise.can_view_related = False
        if self.instance.pk:
            self.fields["dose"].initial = shorthand(self.instance.dosage)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        exercise, dose = cleaned.get("exercise"), cleaned.get("dose")
        if exercise and dose:
            try:
                self.instance.dosage = parse(dose, base=Dosage(Measure(exercise.measure)))
            except DosageError as error:
                self.add_error("dose", str(error))
        return cleaned


class LabelledRows(forms.BaseInlineFormSet):
    """Django's rows have labels above the columns only, which a screen reader does not find."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        for field in form.fields.values():
            # The widget of a relation is wrapped by one with buttons beside it.
            getattr(field.widget, "widget", field.widget).attrs["aria-label"] = field.label


class ProtocolLineInline(admin.TabularInline):
    model = ProtocolLine
    form = ProtocolLineForm
    formset = LabelledRows
    fields = ["stage", "stage_label", "phase", "position", "exercise", "dose", "importance"]
    extra = 1
    max_num = 100

    def get_formset(self, request: HttpRequest, obj: Protocol | None = None, **kwargs: Any) -> Any:
        # Else a doctored count has a thousand rows more drawn, for half a minute.
        return super().get_formset(request, obj, absolute_max=self.max_num, **kwargs)


@admin.register(Protocol)
class ProtocolAdmin(ChosenRows):
    """Starter protocols and those of the clinics. Retired, never deleted: prescriptions point at them."""

    inlines = [ProtocolLineInline]
    list_display = ["name", "clinic", "weeks", "retired_at"]
    list_filter = ["clinic"]
    search_fields = ["name", "summary"]
    prepopulated_fields = {"slug": ["name"]}
    formfield_overrides = {models.TextField: {"widget": forms.Textarea({"rows": 3, "cols": 80})}}
    actions = ["retire"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "clinic", "summary", "weeks"]}),
        (_("Who it is for"), {"fields": ["suits", "not_for"]}),
        (_("How it goes"), {"fields": ["schedule", "progress", "stop", "basis"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Protocol | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Protocol, form: Any, change: bool) -> None:
        if not change:
            obj.made_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        if form.changed_data or not change:
            record(by=request.user, action="protocol.edited", subject=f"protocol:{obj.pk}", fields=form.changed_data)  # type: ignore[arg-type]

    @admin.action(description=_("Retire: no longer offer them"))
    def retire(self, request: HttpRequest, queryset: QuerySet[Protocol]) -> None:
        for protocol in queryset:
            retire_protocol(protocol=protocol, by=request.user)  # type: ignore[arg-type]
        self.message_user(request, gettext("%(number)s retired.") % {"number": len(queryset)})
