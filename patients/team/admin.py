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
from patients.records.forms import DayField
from patients.records.models import Patient
from patients.team.forms import AgreedForm, colleagues_of
from patients.team.leaving import deactivate, led_by
from patients.team.models import EmergencyAccess, Transfer
from patients.team.transfers import transfer


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


class MoveForm(AgreedForm, forms.ModelForm):
    """An admin sees no patients: whoever asks for the move is found by the whole name and the birth date."""

    full_name = forms.CharField(max_length=161, label=_("First name and surname"))
    born_on = DayField(label=_("Date of birth"))

    class Meta:
        model = Transfer
        fields = ["origin", "destination", "agreed_how", "agreed_on"]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        origin, there = values.get("origin"), values.get("destination")
        if origin and there and (origin == there or origin.is_demo != there.is_demo):
            self.add_error("destination", gettext("Choose another clinic."))
        if origin and values.get("full_name") and values.get("born_on"):
            at_origin = Patient.objects.active().filter(clinic=origin)
            found = at_origin.looking_like(full_name=values["full_name"], born_on=values["born_on"], email="")
            if len(found) == 1:
                values["patient"] = found[0]
            else:
                self.add_error(
                    "full_name",
                    gettext("That is not exactly one active patient of this clinic. Check name and date."),
                )
        return values


@admin.register(Transfer)
class TransferAdmin(admin.ModelAdmin):
    """Moves a patient from one clinic to another. What was moved is named by the record's id."""

    form = MoveForm
    list_display = ["at", "origin", "destination", "record_id", "by"]
    list_filter = ["origin", "destination"]
    list_select_related = ["origin", "destination", "patient", "by"]
    add_fieldsets = [
        (None, {"fields": ["origin", "full_name", "born_on", "destination"]}),
        (_("The patient’s word"), {"fields": ["agreed_how", "agreed_on", "agreed"]}),
    ]
    fieldsets = [(None, {"fields": ["at", "by", "origin", "destination", "record_id", "agreed_how", "agreed_on"]})]
    readonly_fields = ["at", "by", "record_id"]

    @admin.display(description=_("record"))
    def record_id(self, moved: Transfer) -> str:
        return str(moved.patient.uuid)

    def get_fieldsets(self, request: HttpRequest, obj: Transfer | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def save_model(self, request: HttpRequest, obj: Transfer, form: Any, change: bool) -> None:
        values = form.cleaned_data
        moved = transfer(
            patient=values["patient"], by=signed_in(request), to=values["destination"],
            agreed_how=values["agreed_how"], agreed_on=values["agreed_on"],
        )  # fmt: skip
        # Somebody else was as quick as that: theirs is the one there is.
        obj.pk = (moved or Transfer.objects.filter(patient=values["patient"]).latest("at")).pk
        obj.refresh_from_db()

    def has_change_permission(self, request: HttpRequest, obj: Transfer | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Transfer | None = None) -> bool:
        return False


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
