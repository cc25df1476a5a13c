"""Translating the catalogue and the articles in the admin: each text beside its original."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from exercises.forms import LinesField, TextField
from exercises.models import Translation
from exercises.translations import FIELDS, KINDS, missing, other_languages, outdated


def language_name(code: str) -> str:
    return str(dict(settings.LANGUAGES).get(code, code))


def state_of(source: models.Model, translation: Translation | None) -> str:
    if translation is None or not translation.texts:
        return _("not translated")
    if changed := outdated(source, translation):
        return _("to look at again: %(fields)s") % {"fields": _names(source, changed)}
    if lacking := missing(source, translation):
        return _("still in the original: %(fields)s") % {"fields": _names(source, lacking)}
    return _("whole")


def _names(source: models.Model, fields: list[str]) -> str:
    return ", ".join(str(source._meta.get_field(name).verbose_name) for name in fields)  # type: ignore[union-attr]


class InOtherLanguages(admin.ModelAdmin):
    """A row that patients read: below its own words, the way to those in the clinic's other languages."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj and other_languages():
            return [*fieldsets, (_("In other languages"), {"fields": ["translations"]})]
        return fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *(["translations"] if obj and other_languages() else [])]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [name for name in super().get_fields(request, obj) if name != "translations"]

    @admin.display(description=gettext_lazy("translations"))
    def translations(self, row: Any) -> SafeString:
        kind = str(row._meta.model_name)
        known = {each.language: each for each in Translation.objects.of_these([row])}
        add = reverse("admin:exercises_translation_add")
        return format_html_join(
            "",
            '<p><a href="{}?{}">{}</a>: {}</p>',
            [
                (
                    add,
                    urlencode({"kind": kind, "slug": row.slug, "language": code}),
                    name,
                    state_of(row, known.get(code)),
                )
                for code, name in other_languages().items()
            ],
        )


class TranslationForm(forms.ModelForm):
    """The fields are those of the original: see `form_of`."""

    source: models.Model
    language: str

    class Meta:
        model = Translation
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.initial = self.instance.texts.get(name, "")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name in FIELDS[type(self.source)]:
            if said.get(name):
                try:
                    self.source._meta.get_field(name).run_validators(said[name])  # type: ignore[union-attr]
                except forms.ValidationError as error:
                    self.add_error(name, error)
        return said

    def save(self, commit: bool = True) -> Translation:
        names = [name for name in FIELDS[type(self.source)] if self.cleaned_data.get(name)]
        self.instance.texts = {name: self.cleaned_data[name] for name in names}
        self.instance.based_on = {name: getattr(self.source, name) for name in names}
        self.instance.kind, self.instance.slug = str(self.source._meta.model_name), self.source.slug  # type: ignore[attr-defined]
        self.instance.language = self.language
        return super().save(commit)


def form_of(source: models.Model, language: str) -> type[TranslationForm]:
    fields = {name: _field(source, name) for name in FIELDS[type(source)] if getattr(source, name)}
    return type("FormOfThis", (TranslationForm,), {**fields, "source": source, "language": language})


def _field(source: models.Model, name: str) -> forms.Field:
    """An input as wide as the original needs, with the original below it."""
    field: Any = source._meta.get_field(name)
    original = getattr(source, name)
    lines = original if isinstance(original, list) else [original]
    shown: dict[str, Any] = {
        "label": str(field.verbose_name).capitalize(),
        "required": False,
        "help_text": format_html(
            '<span class="original" lang="{}">{}</span>', settings.LANGUAGE_CODE, "\n".join(map(str, lines))
        ),
    }
    if isinstance(field, models.JSONField):
        return LinesField(rows=len(lines) + 2, **shown)
    if isinstance(field, models.TextField):
        return TextField(widget=forms.Textarea({"rows": 3 if len(original) < 400 else 24}), **shown)
    return forms.CharField(max_length=field.max_length, widget=forms.TextInput({"size": 80}), **shown)


class LanguageFilter(admin.SimpleListFilter):
    title = gettext_lazy("language")
    parameter_name = "language"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return list(other_languages().items())

    def queryset(self, request: HttpRequest, queryset: models.QuerySet[Translation]) -> models.QuerySet[Translation]:
        return queryset.filter(language=self.value()) if self.value() in other_languages() else queryset


@admin.register(Translation)
class TranslationAdmin(SimpleHistoryAdmin):
    """Reached from the row that it translates; the list says what has to be looked at again."""

    list_display = ["slug", "kind", "in_language", "state", "updated_at"]
    list_filter = [LanguageFilter, "kind"]
    search_fields = ["slug"]
    list_per_page = 50

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def in_language(self, translation: Translation) -> str:
        return language_name(translation.language)

    @admin.display(description=gettext_lazy("state"))
    def state(self, translation: Translation) -> str:
        return state_of(translation.source, translation) if translation.source else _("the original is gone")  # type: ignore[attr-defined]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The originals of the rows that are shown, in one query a kind."""
        shown = super().get_changelist_instance(request)
        rows = list(shown.result_list)
        for kind, model in KINDS.items():
            of_kind = [row for row in rows if row.kind == kind]
            sources = {row.slug: row for row in model._default_manager.filter(slug__in=[row.slug for row in of_kind])}  # type: ignore[attr-defined]
            for row in of_kind:
                row.source = sources.get(row.slug)
        shown.result_list = rows
        return shown

    def has_add_permission(self, request: HttpRequest) -> bool:
        return "kind" in request.GET and super().has_add_permission(request)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        source, language = self._asked(request)
        standing = Translation.objects.of_these([source]).filter(language=language).first()
        if standing and request.method == "GET":
            return redirect("admin:exercises_translation_change", standing.pk)
        return super().add_view(request, form_url, extra_context)

    def get_form(
        self, request: HttpRequest, obj: Translation | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if obj is None:
            return form_of(*self._asked(request))
        return form_of(get_object_or_404(KINDS[obj.kind], slug=obj.slug), obj.language)

    def get_fields(self, request: HttpRequest, obj: Translation | None = None) -> list[str]:
        return list(self.get_form(request, obj).base_fields)

    def _asked(self, request: HttpRequest) -> tuple[models.Model, str]:
        kind, slug, language = (request.GET.get(name, "") for name in ("kind", "slug", "language"))
        if kind not in KINDS or language not in other_languages():
            raise Http404
        return get_object_or_404(KINDS[kind], slug=slug), language
