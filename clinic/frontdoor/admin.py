from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from simple_history.admin import SimpleHistoryAdmin

from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from clinic.frontdoor.pages import home_context, with_row
from exercises.admin import ChosenRows
from exercises.forms import PictureField, TextField
from exercises.pictures import cleaned_photo
from exercises.publishing_admin import MOMENTS, SaysWhetherPublic, WithPreview

PHOTO_SIDE = 320  # twice what a page shows
WHEN: Any = (_("When the public sees it"), {"fields": ["is_published", ("publish_from", "publish_until")]})


class ContentAdmin(SaysWhetherPublic, WithPreview, ChosenRows, SimpleHistoryAdmin):
    formfield_overrides = MOMENTS | {
        models.TextField: {"form_class": TextField, "widget": forms.Textarea({"rows": 5})}
    }


@admin.register(SiteTexts)
class SiteTextsAdmin(ContentAdmin):
    """Of the rows that are public, the one that became so last is shown."""

    list_display = ["name", "state", "publish_from", "publish_until"]
    fieldsets = [
        (None, {"fields": ["name"]}),
        (
            _("Words of the home page"),
            {
                "description": _("What you leave empty is said in Backwell’s own words."),
                "fields": ["notice", "headline", "intro", "opening_hours", "getting_here", "closing"],
            },
        ),
        WHEN,
    ]

    def preview_of(self, request: HttpRequest, row: SiteTexts, bar: dict[str, Any]) -> HttpResponse:
        return render(request, "clinic/frontdoor/home.html", home_context(row) | bar)


@admin.register(Service)
class ServiceAdmin(ContentAdmin):
    list_display = ["title", "order", "state", "how_long", "cost"]
    list_filter = ["is_published"]
    search_fields = ["title", "summary", "body"]
    fieldsets = [
        (None, {"fields": ["title", "summary", "body", ("how_long", "cost"), "order"]}),
        WHEN,
    ]

    def preview_of(self, request: HttpRequest, row: Service, bar: dict[str, Any]) -> HttpResponse:
        services = with_row(Service.objects.published(), row)
        return render(request, "clinic/frontdoor/services.html", {"services": services} | bar)


class PhotoField(PictureField):
    def cleaned(self, upload: Any) -> Any:
        return cleaned_photo(upload, side=PHOTO_SIDE)


class TeamMemberForm(forms.ModelForm):
    photo = PhotoField(
        required=False, help_text=_("JPEG, PNG or WebP. It is made small, and loses where it was taken.")
    )

    class Meta:
        model = TeamMember
        fields = [
            "name", "role", "qualifications", "languages", "photo", "text", "clinician", "order",
            "is_published", "publish_from", "publish_until",
        ]  # fmt: skip


@admin.register(TeamMember)
class TeamMemberAdmin(ContentAdmin):
    form = TeamMemberForm
    list_display = ["name", "role", "order", "state"]
    list_filter = ["is_published"]
    search_fields = ["name", "role"]
    fieldsets = [
        (None, {"fields": ["name", "role", "qualifications", "languages", "photo", "text", "clinician", "order"]}),
        WHEN,
    ]

    def preview_of(self, request: HttpRequest, row: TeamMember, bar: dict[str, Any]) -> HttpResponse:
        team = with_row(TeamMember.objects.published(), row)
        return render(request, "clinic/frontdoor/team.html", {"team": team} | bar)
