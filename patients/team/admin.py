"""What admins do about people that concerns patients: numbers and dates, no names of patients and no health data."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patients.accounts import actions
from patients.accounts.admin import UserAdmin, signed_in
from patients.accounts.models import Clinician, User
from patients.team.forms import colleagues_of
from patients.team.leaving import deactivate, led_by
from patients.team.models import EmergencyAccess


class LeavingForm(forms.Form):
    """Where the patients of one clinician go. Each has to be decided; nothing is the default."""

    LEAVE = "nobody"

    def __init__(self, data: Any = None, *, clinician: Clinician, leaving: QuerySet[User]) -> None:
        super().__init__(data, prefix=f"clinician-{clinician.pk}")
        self.clinician, self.number = clinician, len(led_by(clinician))
        self.colleagues = {str(each.pk): each for each in colleagues_of(clinician).exclude(user__in=leaving)}
        label = ngettext(
            "%(name)s leads %(number)d active patient. Who leads from now on?",
            "%(name)s leads %(number)d active patients. Who leads from now on?",
            self.number,
        )
        self.fields["to"] = forms.ChoiceField(
            label=label % {"name": clinician, "number": self.number},
            choices=[
                ("", gettext("Choose")),
                *((key, str(each)) for key, each in self.colleagues.items()),
                (self.LEAVE, gettext("Nobody yet: the clinic’s team page lists them")),
            ],
            error_messages={"required": gettext("Choose who leads, or nobody yet.")},
        )

    @property
    def to(self) -> Clinician | None:
        return self.colleagues.get(self.cleaned_data["to"])


@admin.register(User)
class PeopleAdmin(UserAdmin):
    """Nobody is stopped while their patients are forgotten: the action asks where these go."""

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "is_active"] if obj and obj.is_clinician and "is_active" not in fields else fields

    @admin.action(description=_("Stop sign-in, and sign out everywhere"))
    def stop(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        others = users.exclude(pk=signed_in(request).pk)
        clinicians = [each.clinician for each in others.select_related("clinician__clinic") if each.is_clinician]
        data = request.POST if "decided" in request.POST else None
        asked = [LeavingForm(data, clinician=each, leaving=others) for each in clinicians if led_by(each)]
        if not all(form.is_valid() for form in asked):
            context = {
                **self.admin_site.each_context(request),
                "title": gettext("Where do their patients go?"),
                "opts": self.model._meta,
                "forms": asked,
                "users": others,
            }
            return TemplateResponse(
                request, "admin/patients/user/stop.html", context, status=200 if data is None else 422
            )
        goes_to = {form.clinician.pk: form.to for form in asked}
        for user in others:
            if user.is_clinician:
                deactivate(clinician=user.clinician, by=signed_in(request), to=goes_to.get(user.clinician.pk))
            else:
                actions.stop_sign_in(user=user, by=signed_in(request))
        stopped = len(others)
        messages.success(
            request, ngettext("%(number)s stopped.", "%(number)s stopped.", stopped) % {"number": stopped}
        )
        return None


@admin.register(EmergencyAccess)
class EmergencyAccessAdmin(admin.ModelAdmin):
    """Every use, by whom and when. The record is named by its id, as in the audit log; the reason may be about health and
    is read by the clinic alone."""

    list_display = ["opened_at", "by", "clinic", "until", "ended_at", "record_id"]
    list_filter = ["by__clinic", "opened_at"]
    fields = readonly_fields = ["by", "clinic", "opened_at", "until", "ended_at", "record_id"]  # type: ignore[assignment]
    list_select_related = ["by__user", "by__clinic", "patient"]

    @admin.display(description=_("clinic"))
    def clinic(self, access: EmergencyAccess) -> str:
        return str(access.by.clinic)

    @admin.display(description=_("record"))
    def record_id(self, access: EmergencyAccess) -> str:
        return str(access.patient.uuid)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: EmergencyAccess | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: EmergencyAccess | None = None) -> bool:
        return False
