"""The sheet of a plan, to print or as a PDF: the same for the patient and for the clinician who hands it over."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from clinic.paper import pdf
from clinic.paper.forms import PrintForm
from clinic.paper.reading import first_day, plan_on_paper, sent
from clinic.paper.sending import as_pdf
from clinic.paper.sheet import PaperPlan
from clinic.prescriptions.models import Prescription
from clinic.today.actions import look_at_own_plan
from exercises.showing import shows_exercises
from patients.access import ClinicianRequest, PatientRequest, clinician_required, patient_required
from patients.audit.actions import record
from patients.models import User
from patients.records.invitation_views import qr_code
from patients.screening.actions import is_stopped

FILE_NAME = "exercise-plan.pdf"


@require_safe
@patient_required
@shows_exercises
def own_paper(request: PatientRequest, prescription: UUID) -> HttpResponse:
    return _page(request, request.user, _own(request, prescription))


@require_safe
@patient_required
@shows_exercises
def own_paper_pdf(request: PatientRequest, prescription: UUID) -> HttpResponse:
    return _pdf(request, request.user, _own(request, prescription))


@require_safe
@clinician_required
def paper(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    return _page(request, request.user, _of_patient(request, prescription))


@require_safe
@clinician_required
def paper_pdf(request: ClinicianRequest, prescription: UUID) -> HttpResponse:
    return _pdf(request, request.user, _of_patient(request, prescription))


def _own(request: PatientRequest, uuid: UUID) -> Prescription:
    found = get_object_or_404(sent(request.user), uuid=uuid)
    look_at_own_plan(patient=request.patient, by=request.user, today=request.patient.local_day())
    return found


def _of_patient(request: ClinicianRequest, uuid: UUID) -> Prescription:
    found = get_object_or_404(sent(request.user), uuid=uuid)
    record(by=request.user, action="plan.printed", patient=found.patient, subject=f"prescription:{found.uuid}")
    return found


def _form(request: HttpRequest, shown: Prescription) -> PrintForm:
    today = shown.patient.local_day()
    return PrintForm(request.GET, first=first_day(shown, today), today=today)


def _page(request: HttpRequest, user: User, shown: Prescription, *, pdf_lacks: str = "") -> HttpResponse:
    """pdf_lacks: letters that the PDF cannot write; the page can."""
    form = _form(request, shown)
    context: dict[str, object] = {
        "form": form,
        "prescription": shown,
        "patient": shown.patient,
        "is_own": user.is_patient,
        "pdf_lacks": pdf_lacks,
        # The sheet is not handed over while a check says stop: the patient reaches no exercise either.
        "is_stopped": is_stopped(shown.patient),
    }
    if form.is_valid() and not context["is_stopped"]:
        plan = _plan(request, user, shown, form)
        context |= {
            "plan": plan,
            "code": qr_code(plan.address),
            "paper": form.cleaned_data["paper"],
            "is_large": form.cleaned_data["large"],
            "query": request.GET.urlencode(),
        }
    status = 422 if form.errors else 200
    return render(request, "clinic/paper/sheet.html", context, status=status)


def _pdf(request: HttpRequest, user: User, shown: Prescription) -> HttpResponse:
    form = _form(request, shown)
    if not form.is_valid() or is_stopped(shown.patient):
        return _page(request, user, shown)
    plan = _plan(request, user, shown, form)
    if lacking := pdf.lacks(plan.texts):
        return _page(request, user, shown, pdf_lacks=lacking)
    made = pdf.pdf_of(plan, paper=form.cleaned_data["paper"], is_large=form.cleaned_data["large"])
    return as_pdf(made, name=FILE_NAME)


def _plan(request: HttpRequest, user: User, shown: Prescription, form: PrintForm) -> PaperPlan:
    address = request.build_absolute_uri(reverse("plan_version", args=[shown.uuid]))
    return plan_on_paper(shown, user=user, first=form.cleaned_data["start"], address=address)
