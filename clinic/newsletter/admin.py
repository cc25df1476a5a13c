from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from clinic.newsletter.mail import as_text, sender
from clinic.newsletter.models import Issue, Subscriber
from clinic.reminders.rules import State
from exercises.admin import ChosenRows
from exercises.content.articles import article_html
from exercises.forms import TextField
from exercises.publishing_admin import MOMENTS, WithPreview
from patients.accounts.models import Clinic

TEXT = ["subject", "body"]


@admin.register(Issue)
class IssueAdmin(WithPreview, ChosenRows, SimpleHistoryAdmin):
    """Sent by `send_newsletter`. Once sending began the text stays; taking back “ready” stops what is left."""

    list_display = ["subject", "state", "send_at", "sent", "failed"]
    search_fields = TEXT
    fields = [*TEXT, "is_ready", "send_at"]
    formfield_overrides = MOMENTS | {
        models.TextField: {"form_class": TextField, "widget": forms.Textarea({"rows": 24})}
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Issue]:
        counted = {"sent_to": [State.SENT], "failed_for": [State.DROPPED, State.UNKNOWN]}
        counts = {
            name: Count("deliveries", filter=Q(deliveries__state__in=states)) for name, states in counted.items()
        }
        return super().get_queryset(request).annotate(**counts)

    @admin.display(description=gettext_lazy("now"))
    def state(self, issue: Issue) -> str:
        if issue.finished_at:
            return _("Sent")
        if not issue.is_ready:
            return _("Stopped") if issue.begun_at else _("Draft")
        if issue.begun_at:
            return _("Being sent")
        return _("Scheduled") if issue.send_at and issue.send_at > timezone.now() else _("Due")

    @admin.display(description=gettext_lazy("sent to"))
    def sent(self, issue: Any) -> int:
        """Addresses that have stopped since are not counted: nothing is kept of them."""
        return int(issue.sent_to)

    @admin.display(description=gettext_lazy("failed"))
    def failed(self, issue: Any) -> int:
        return int(issue.failed_for)

    def get_readonly_fields(self, request: HttpRequest, obj: Issue | None = None) -> list[str]:
        return [*TEXT, "send_at"] if obj and obj.begun_at else []

    def has_delete_permission(self, request: HttpRequest, obj: Issue | None = None) -> bool:
        return super().has_delete_permission(request, obj) and not (obj and obj.begun_at)

    def preview_of(self, request: HttpRequest, row: Issue, bar: dict[str, Any]) -> HttpResponse:
        clinic = Clinic.objects.speaking_in_public()
        stop = "https://…/newsletter/stop/…/"
        context = {
            "issue": row,
            "from": sender(clinic),
            "text": as_text(row, stop, clinic),
            "body": article_html(row.body),
            "subscribers": Subscriber.objects.confirmed(by=timezone.now()).count(),
        }
        return render(request, "clinic/newsletter/preview.html", context | bar)


@admin.register(Subscriber)
class SubscriberAdmin(ChosenRows):
    """To be read, and deleted for whoever asks by phone. Nobody is signed up by somebody else."""

    list_display = ["email", "asked_at", "confirmed_at"]
    list_filter = [("confirmed_at", admin.EmptyFieldListFilter)]
    search_fields = ["email"]
    fields = ["email", "asked_at", "confirmed_at"]
    readonly_fields = ["email", "asked_at", "confirmed_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
