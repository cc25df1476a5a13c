"""What admins do about people that concerns patients: numbers and dates, no names of patients and no health data."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patients.accounts import actions
from patients.accounts.absences import Absence
from patients.accounts.admin import UserAdmin, signed_in
from patients.accounts.models import Clinician, User
from patients.records.actions import locked
from patients.records.forms import ClinicianChoice, DayField
from patients.records.models import Patient
from patients.team import away
from patients.team.forms import AgreedForm, DaysAwayForm, colleagues_of
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


class AbsenceForm(DaysAwayForm):
    """The days of a clinician who cannot say so: whoever is ill enters nothing."""

    clinician = ClinicianChoice(
        Clinician.objects.filter(user__is_active=True).select_related("user"), label=_("Who is away")
    )
    ALWAYS = ("clinician", "first_day", "last_day", "cover")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for name in self.COVERS:
            self.fields[name].queryset = self.fields["clinician"].queryset  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        who = self.cleaned_data.get("clinician")
        self.today = who.today() if who else timezone.localdate()
        for name in self.COVERS:
            cover = self.cleaned_data.get(name)
            if who and cover and cover not in colleagues_of(who):
                self.add_error(name, gettext("Choose a colleague of this clinic."))
        return super().clean()


@admin.register(Absence)
class AbsenceAdmin(admin.ModelAdmin):
    """Says for a clinician when they are away and who covers, and when they are back. Then it is as if they had."""

    list_display = ["clinician", "first_day", "last_day", "said_by", "ended_at"]
    list_filter = ["clinician__clinic", "first_day"]
    list_select_related = ["clinician__user", "said_by"]
    ordering = ["-first_day", "-pk"]
    actions = ["end"]
    fields = readonly_fields = [  # type: ignore[assignment]
        "clinician", "first_day", "last_day", "covered_by", "said_at", "said_by", "ended_at", "ended_by",
    ]  # fmt: skip

    @admin.display(description=_("covered by"))
    def covered_by(self, absence: Absence) -> str:
        return ", ".join(str(cover) for cover in absence.covers.select_related("clinician__user"))

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = AbsenceForm(request.POST if request.method == "POST" else None)
        if form.is_valid() and (absence := self._announce(request, form)):
            said = gettext("%(name)s is away %(days)s.") % {"name": absence.clinician, "days": absence}
            messages.success(request, said)
            return redirect("admin:patients_absence_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Somebody is away"),
            "opts": self.opts,
            "form": form,
            "parts": [
                (gettext("Who is away, and who covers"), [form[name] for name in form.ALWAYS]),
                *((gettext("If somebody else takes over"), pair) for pair in form.later),
            ],
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/patients/absence/add.html", context, status=status)

    def _announce(self, request: HttpRequest, form: AbsenceForm) -> Absence | None:
        who = form.cleaned_data["clinician"]
        try:
            return away.announce(clinician=who, by=signed_in(request), parts=form.parts)
        except away.AwayAlready as before:
            words = gettext("%(name)s is away already: %(days)s. End that first, in the list.")
            form.add_error("first_day", words % {"name": who, "days": before.absence})
        except away.CoverIsAway as error:
            form.add_cover_is_away(error)
        return None

    @admin.action(description=_("End: they are back, and nobody covers"), permissions=["add"])
    def end(self, request: HttpRequest, absences: QuerySet[Absence]) -> None:
        for absence in absences.select_related("clinician"):
            away.end(absence=absence, by=signed_in(request))
        ended = len(absences)
        messages.success(request, ngettext("%(number)s ended.", "%(number)s ended.", ended) % {"number": ended})

    def has_change_permission(self, request: HttpRequest, obj: Absence | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Absence | None = None) -> bool:
        return False


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
            # Held until they are moved; whoever was as quick as that is found to have been.
            held = [each for each in map(locked, found) if not each.discharged_at and each.clinic_id == origin.pk]
            if len(held) == 1:
                values["patient"] = held[0]
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
        assert moved, "the form holds the patient's row"
        obj.pk = moved.pk
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
