"""The admin of the catalogue, the articles and the questions. Exercises are retired here, never deleted."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.views.main import ORDER_VAR
from django.db import models
from django.db.models import Case, Model, QuerySet, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from import_export.admin import ImportExportModelAdmin
from import_export.formats import base_formats
from import_export.forms import ExportForm
from simple_history.admin import SimpleHistoryAdmin

from exercises import actions
from exercises.catalogue import CatalogueQuery, find
from exercises.content.articles import article_html
from exercises.forms import ExerciseForm, TeachingForm, TextField
from exercises.lists import Moment
from exercises.models import Article, Equipment, Exercise, MovementTag, Muscle, Question
from exercises.publishing_admin import MOMENTS, SaysWhetherPublic
from exercises.transfer import CatalogueImportForm, ExerciseResource, SafeCSV
from exercises.translation_admin import InOtherLanguages
from exercises.words import in_words


class ChosenRows(admin.ModelAdmin):
    """Rows to act on are numbers; whatever else is posted is refused in words."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        chosen = request.POST.getlist("_selected_action")
        if any(not (pk.isascii() and pk.isdigit() and len(pk) < 19) for pk in chosen):
            self.message_user(request, gettext("These rows could not be read. Choose them again."), messages.ERROR)
            return redirect(request.get_full_path())
        return super().changelist_view(request, extra_context)


class RetiredFilter(admin.SimpleListFilter):
    title = _("in the catalogue")
    parameter_name = "retired"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("no", gettext("Current")), ("yes", gettext("Retired"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Exercise]) -> QuerySet[Exercise]:
        if self.value() in {"no", "yes"}:
            return queryset.filter(retired_at__isnull=self.value() == "no")
        return queryset


@admin.register(Exercise)
class ExerciseAdmin(ChosenRows, InOtherLanguages, ImportExportModelAdmin, SimpleHistoryAdmin):
    form = ExerciseForm
    resource_classes = [ExerciseResource]
    import_form_class = CatalogueImportForm
    import_template_name = "admin/exercises/exercise/import.html"
    export_form_class = ExportForm  # whole rows: the page that chooses columns needs inline script
    change_form_template = "admin/exercises/exercise/change_form.html"
    list_display = ["name", "plain_name", "category", "position", "level", "state", "updated_at"]
    list_filter = ["category", "level", "position", RetiredFilter, "clinician_only", "measure", "tags"]
    search_fields = ["name"]  # the box; what it searches is in get_search_results
    search_help_text = _("Names, muscles and words of the text, forgiving of typing mistakes.")
    list_per_page = 50
    save_on_top = True
    actions = ["retire", "bring_back"]
    filter_horizontal = ["primary_muscles", "secondary_muscles", "equipment", "tags"]
    radio_fields = {"measure": admin.HORIZONTAL, "side": admin.HORIZONTAL}
    fieldsets = [
        (_("Names"), {"fields": ["name", "plain_name", "also_known_as", "slug"]}),
        (
            _("What the patient reads"),
            {
                "description": _("Plain, warm, short sentences. “May help”, never a promise. The preview shows the result."),
                "fields": ["purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel"],
            },
        ),
        (_("Picture and video"), {"fields": ["picture", "picture_alt", "video_url", "pose"]}),
        (
            _("Where it belongs"),
            {"fields": ["category", "position", "phases", "level", "regression", "progression"]},
        ),
        (
            _("Usual start"),
            {
                "description": _("What a new line of a prescription begins with. Clinicians change it for each patient."),
                "fields": [
                    "measure", ("sets", "reps", "hold_s", "minutes"), "side",
                    ("rest_s", "times_per_day", "days_per_week"),
                ],
            },
        ),
        (
            _("Body and equipment"),
            {"fields": ["primary_muscles", "secondary_muscles", "equipment", "equipment_note"]},
        ),
        (_("Safety"), {"fields": ["tags", "cautions", "clinician_only"]}),
    ]  # fmt: skip

    @admin.display(description=_("state"))
    def state(self, exercise: Exercise) -> str:
        if exercise.retired_at:
            return gettext("Retired")
        return gettext("Clinician only") if exercise.clinician_only else gettext("Current")

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def view_on_site(self, exercise: Exercise) -> str | None:
        return None if exercise.retired_at else exercise.get_absolute_url()

    def get_readonly_fields(self, request: HttpRequest, obj: Exercise | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(["slug"] if obj else [])]

    def get_import_formats(self) -> list[Any]:
        return [SafeCSV, base_formats.JSON]

    get_export_formats = get_import_formats

    def get_urls(self) -> list[Any]:
        preview = self.admin_site.admin_view(require_POST(self.preview))
        return [path("preview/", preview, name="exercises_exercise_preview"), *super().get_urls()]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Exercise], search_term: str
    ) -> tuple[QuerySet[Exercise], bool]:
        if not search_term.strip():
            return queryset, False
        found = find(Exercise.objects.all(), CatalogueQuery(q=search_term.replace("\0", "")[:100]))
        ids = [card.id for card in found.cards]
        queryset = queryset.filter(pk__in=ids)
        if ids and ORDER_VAR not in request.GET:
            queryset = queryset.order_by(Case(*(When(pk=pk, then=n) for n, pk in enumerate(ids))))
        return queryset, False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        form.instance.refresh_search()

    def preview(self, request: HttpRequest) -> HttpResponse:
        """What the patient would see if the form were saved now. Saves nothing."""
        pk = request.POST.get("preview_of", "")
        exercise = get_object_or_404(Exercise, pk=pk) if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
        form = self.get_form(request, exercise)(request.POST, request.FILES, instance=exercise)
        form.is_valid()
        context = {
            "exercise": form.instance,
            "muscles": in_words(muscle.plain_name for muscle in form.cleaned_data.get("primary_muscles", [])),
            "needs": form.cleaned_data.get("equipment", []),
            "errors": [(form[name].label, said) for name, said in form.errors.items() if name in form.fields],
        }
        page = "admin/exercises/exercise/preview.html"
        return render(request, f"{page}#panel" if "HX-Request" in request.headers else page, context)

    @admin.action(description=_("Retire: take out of the catalogue"))
    def retire(self, request: HttpRequest, queryset: QuerySet[Exercise]) -> None:
        count = actions.retire(exercises=queryset, by=request.user)
        self.message_user(
            request,
            ngettext(
                "%(count)s retired. Prescriptions that have them keep them.",
                "%(count)s retired. Prescriptions that have them keep them.",
                count,
            )
            % {"count": count},
            messages.SUCCESS,
        )

    @admin.action(description=_("Bring back into the catalogue"))
    def bring_back(self, request: HttpRequest, queryset: QuerySet[Exercise]) -> None:
        count = actions.bring_back(exercises=queryset, by=request.user)
        self.message_user(
            request,
            ngettext("%(count)s brought back.", "%(count)s brought back.", count) % {"count": count},
            messages.SUCCESS,
        )


class PartAdmin(ChosenRows):
    """Muscles, equipment and tags: kept while an exercise has them, and searched by their new name at once."""

    used_in: tuple[str, ...]

    def exercises_with(self, part: Any) -> set[Exercise]:
        return {exercise for name in self.used_in for exercise in getattr(part, name).all()}

    @admin.display(description=_("exercises"))
    def uses(self, part: Any) -> str:
        return str(len(self.exercises_with(part)))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related(*self.used_in)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is not None and not self.exercises_with(obj) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for exercise in self.exercises_with(obj):
            exercise.refresh_search()


@admin.register(Muscle)
class MuscleAdmin(InOtherLanguages, PartAdmin):
    list_display = ["name", "plain_name", "region", "uses"]
    list_filter = ["region"]
    search_fields = ["name", "plain_name"]
    prepopulated_fields = {"slug": ["name"]}
    used_in = ("primary_in", "secondary_in")


@admin.register(Equipment)
class EquipmentAdmin(InOtherLanguages, PartAdmin):
    list_display = ["name", "uses"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    used_in = ("exercises",)


@admin.register(MovementTag)
class MovementTagAdmin(PartAdmin):
    list_display = ["slug", "name", "meaning", "uses"]
    search_fields = ["slug", "name", "meaning"]
    used_in = ("exercises",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Safety rules name a tag by its slug: renamed, it would warn nobody any more."""
        return ["slug"] if obj else []


class TeachingRow(forms.ModelForm):
    """Django's rows have labels above the columns only, which a screen reader does not find."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs["aria-label"] = f"{field.label}: {self.instance}"


class MomentFilter(admin.SimpleListFilter):
    title = _("where it matters")
    parameter_name = "moment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(moment.value, str(moment.label)) for moment in Moment]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in Moment.values:
            return queryset
        # SQLite knows no `contains` for JSON, and there are some dozens of texts.
        return queryset.filter(pk__in=[text.pk for text in queryset if self.value() in text.moments])


class TeachingAdmin(SaysWhetherPublic, ChosenRows, InOtherLanguages, SimpleHistoryAdmin):
    """An article or a question, with the patient's view beside its form."""

    form = TeachingForm
    change_form_template = "admin/exercises/exercise/change_form.html"
    list_filter = ["is_published", MomentFilter]
    formfield_overrides = MOMENTS | {
        models.TextField: {"form_class": TextField, "widget": forms.Textarea({"rows": 24})}
    }
    words: list[str]

    @admin.display(description=_("where it matters"))
    def places(self, text: Any) -> str:
        return " · ".join(str(Moment(moment).label) for moment in text.moments if moment in Moment.values)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return [
            (None, {"fields": [*self.words, "slug"]}),
            (
                _("Where it stands"),
                {"fields": ["moments", "order", "is_published", "publish_from", "publish_until"]},
            ),
        ]

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> type[forms.ModelForm]:
        return super().get_changelist_form(request, **kwargs | {"form": TeachingRow})

    def get_urls(self) -> list[Any]:
        preview = self.admin_site.admin_view(require_POST(self.preview))
        name = f"exercises_{self.opts.model_name}_preview"
        return [path("preview/", preview, name=name), *super().get_urls()]

    def preview(self, request: HttpRequest) -> HttpResponse:
        """What the patient would see if the form were saved now. Saves nothing."""
        form = self.get_form(request)(request.POST)
        form.is_valid()
        text = form.instance
        context = {
            "text": text,
            "kind": self.opts.model_name,
            "title": str(text) or gettext("No title yet"),
            "body": article_html(getattr(text, self.words[-1])),
        }
        page = "admin/exercises/teaching_preview.html"
        return render(request, f"{page}#panel" if "HX-Request" in request.headers else page, context)


@admin.register(Article)
class ArticleAdmin(TeachingAdmin):
    list_display = ["title", "places", "order", "is_published", "state"]
    list_editable = ["order", "is_published"]
    search_fields = ["title", "summary", "body"]
    prepopulated_fields = {"slug": ["title"]}
    words = ["title", "summary", "body"]


@admin.register(Question)
class QuestionAdmin(TeachingAdmin):
    list_display = ["question", "places", "order", "is_published", "state"]
    list_editable = ["order", "is_published"]
    search_fields = ["question", "answer"]
    prepopulated_fields = {"slug": ["question"]}
    words = ["question", "answer"]
