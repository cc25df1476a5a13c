"""Which red-flag check Today asks for first. Nothing is queried until one may be due."""

from datetime import date

from clinic.today.models import DailyTally
from patients.models import Patient
from patients.screening.standing import NOT_DUE, Standing, may_be_due, standing


def check_due(patient: Patient, day: date) -> Standing:
    thresholds = patient.clinic.thresholds
    if not may_be_due(day, checked_on=patient.checked_on, thresholds=thresholds):
        return NOT_DUE
    last = None
    if patient.checked_on:
        last = DailyTally.objects.filter(patient=patient).order_by("-day").values_list("day", flat=True).first()
    return standing(day, checked_on=patient.checked_on, last_logged_on=last, thresholds=thresholds)
