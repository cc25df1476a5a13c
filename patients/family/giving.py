"""Giving, renewing and ending access: the same for the patient and for their clinic, who differ in the shell around it
and in what a clinician has to say about the patient's consent."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from patients.accounts.limits import Limited, consume
from patients.accounts.models import User
from patients.family import actions, consent
from patients.family.forms import RELATIONS, GiveForm, RenewForm
from patients.family.models import FamilyAccess
from patients.family.pages import family_of
from patients.family.rules import CHILD_UNDER
from patients.records.invitation_views import qr_code
from patients.records.models import Patient


@dataclass(frozen=True)
class Side:
    """Who gives: the patient in their own pages, or a clinician on the record."""

    patient: Patient
    by: User
    by_clinic: bool

    def address(self, name: str, *args: object) -> str:
        if self.by_clinic:
            return reverse(f"patient_{name}", args=[self.patient.uuid, *args])
        return reverse(name, args=args)

    @property
    def home(self) -> str:
        return self.address("family")

    def access(self, uuid: UUID) -> FamilyAccess:
        seen = FamilyAccess.objects.visible_to(self.by).filter(patient=self.patient)
        return get_object_or_404(seen.select_related("patient__clinic", "helper"), uuid=uuid)

    def context(self, **more: Any) -> dict[str, Any]:
        return {
            "patient": self.patient,
            "by_clinic": self.by_clinic,
            "side_shell": "clinic.html" if self.by_clinic else "patient.html",
            "home": self.home,
            "sees": consent.SEES,
            "does": consent.DOES,
            "never": consent.NEVER,
            "is_child": self.patient.age_on(self.patient.local_day()) < CHILD_UNDER,
        } | more


def overview(request: HttpRequest, side: Side) -> HttpResponse:
    helps = FamilyAccess.objects.none() if side.by_clinic else FamilyAccess.objects.held_by(side.by)
    context = side.context(
        family=family_of(side.patient),
        helps=[access for access in helps if access.is_open],
        give=side.address("family_give"),
    )
    return render(request, "patients/family/family.html", context)


def give(request: HttpRequest, side: Side) -> HttpResponse:
    """The form; and once it is sent, the link, the one time that it can be shown."""
    form = GiveForm(
        request.POST if request.method == "POST" else None, patient=side.patient, by_clinic=side.by_clinic
    )
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        if email and not may_mail(request, side):
            form.add_error("email", _("That were many e-mails for one hour. Please give the link yourself."))
        else:
            return _given(request, side, form)
    context = side.context(form=form, relations=RELATIONS)
    return render(request, "patients/family/give.html", context, status=422 if form.errors else 200)


def _given(request: HttpRequest, side: Side, form: GiveForm) -> HttpResponse:
    values = form.cleaned_data
    try:
        access, token = actions.give(
            patient=side.patient, by=side.by, name=values["name"], relation=values["relation"],
            agreed=form.what_is_agreed,
        )  # fmt: skip
    except actions.NotActive:
        return not_active(request, side)
    return shown_once(request, side, access, token, email=values["email"])


def may_mail(request: HttpRequest, side: Side) -> bool:
    """Nobody writes to the world through this form."""
    try:
        consume(request, "family_mail", key=str(side.by.pk))
    except Limited:
        return False
    return True


def shown_once(
    request: HttpRequest, side: Side, access: FamilyAccess, token: str, *, email: str = ""
) -> HttpResponse:
    link = request.build_absolute_uri(reverse("welcome_helper", args=[token]))
    if email:
        _mail(access, link, email)
    context = side.context(access=access, link=link, qr=qr_code(link), days=actions.link_days(), email=email)
    response = render(request, "patients/family/given.html", context)
    response["Cache-Control"] = "no-store, private"
    return response


def _mail(access: FamilyAccess, link: str, email: str) -> None:
    """Says nothing about health, and names the patient by the first name alone."""
    clinic = access.patient.clinic
    context = {
        "access": access,
        "patient": access.patient,
        "clinic": clinic,
        "link": link,
        "days": actions.link_days(),
    }
    EmailMessage(
        subject=_("A personal link from %(clinic)s") % {"clinic": " ".join(clinic.name.split())},
        body=render_to_string("emails/family_link.txt", context),
        to=[email],
        reply_to=[clinic.email] if clinic.email else None,
    ).send(fail_silently=True)


def link(request: HttpRequest, side: Side, uuid: UUID) -> HttpResponse:
    access = side.access(uuid)
    try:
        token = actions.make_link(access=access, by=side.by)
    except actions.NotActive:
        messages.error(request, _("No link was made: it is used, or over."))
        return redirect(side.home)
    return shown_once(request, side, access, token)


def renew(request: HttpRequest, side: Side, uuid: UUID) -> HttpResponse:
    access = side.access(uuid)
    if access.ended_at:
        return not_active(request, side)
    form = RenewForm(request.POST if request.method == "POST" else None, access=access, by_clinic=side.by_clinic)
    if request.method == "POST" and form.is_valid():
        try:
            actions.renew(access=access, by=side.by, agreed=form.what_is_agreed)
        except actions.NotActive:
            return not_active(request, side)
        messages.success(request, _("Saved. %(name)s has access as you chose.") % {"name": access.name})
        return redirect(side.home)
    context = side.context(form=form, access=access)
    return render(request, "patients/family/renew.html", context, status=422 if form.errors else 200)


def end(request: HttpRequest, side: Side, uuid: UUID) -> HttpResponse:
    access = side.access(uuid)
    if request.method != "POST":
        return render(request, "patients/family/end.html", side.context(access=access))
    actions.end(access=access, by=side.by)
    messages.success(request, _("%(name)s can no longer see anything.") % {"name": access.name})
    return redirect(side.home)


def not_active(request: HttpRequest, side: Side) -> HttpResponse:
    messages.error(request, _("Access cannot be given here: it has ended, or there is no treatment at the moment."))
    return redirect(side.home)
