"""The life of a flare-up: begun by the patient after a clear check, extended, ended; and what the clinician is told.

The plan itself never changes: what Today asks for in these days follows from the `FlareUp` (clinic/today/eased.py).
"""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.flare.models import FlareUp
from clinic.flare.rules import Because, extended, first_last_day, is_again, is_long
from patients.audit.actions import record
from patients.models import Patient, Screening, Task, User
from patients.screening.models import NEEDS_CLEARANCE, Occasion
from patients.tasks.actions import TWO_DAYS, WEEK, for_colleagues, raise_task, resolve_kind
from patients.tasks.models import Kind

RETURN_PROTOCOL = "post-flare-return"
SAID = {
    Because.PRESSED: _("the patient said so"),
    Because.RISE: _("pain rose over the usual for more than a day"),
    Because.STOPS: _("stopped on pain again and again"),
}
ONE_DAY = timedelta(days=1)


class NotClear(Exception):
    """The gentle plan needs a check of the same day that is clear, and no flag that waits for clearance (FLARE-2)."""


@for_colleagues
def start_flare(
    *,
    patient: Patient,
    by: User,
    screening: Screening,
    because: Because = Because.PRESSED,
    now: datetime | None = None,
) -> FlareUp:
    """Gentle days from today on (FLARE-4). NotClear unless `screening` is today's check for this and clear.

    One that is on stays as it is. One whose days are over and that nobody ended goes on, as far as its days reach.
    """
    now = now or timezone.now()
    today = patient.local_day(now)
    _check(patient, screening, today)
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        if standing := patient.flare_ups.open().first():
            if standing.until_day < today:
                _extend(standing, by, today, now)
            return standing
        thresholds = patient.clinic.thresholds
        earlier = list(patient.flare_ups.values_list("from_day", flat=True)[:10])
        flare = FlareUp.objects.create(
            patient=patient,
            because=because.value,
            screening=screening,
            from_day=today,
            until_day=first_last_day(today, thresholds),
            began_at=now,
            began_by=by,
        )
        record(by=by, action="flare.started", patient=patient, subject=f"flare:{flare.uuid}")
        words = gettext("Flare-up since %(day)s: %(because)s. Gentle plan until %(until)s.") % {
            "day": _date(today),
            "because": SAID[because],
            "until": _date(flare.until_day),
        }
        raise_task(patient=patient, kind=Kind.FLARE, words=words, due_in=TWO_DAYS, by=by, now=now)
        if is_again(today, earlier, thresholds):
            words = gettext("Flare-ups began on %(earlier)s and on %(day)s. Review the plan.") % {
                "earlier": _date(max(earlier)),
                "day": _date(today),
            }
            raise_task(patient=patient, kind=Kind.FLARE_AGAIN, words=words, due_in=TWO_DAYS, by=by, now=now)
    return flare


def extend(*, flare: FlareUp, by: User, now: datetime | None = None) -> bool:
    """More gentle days, up to the longest (FLARE-4); whether there were any. Where there are none left, a clinician is
    asked to look."""
    now = now or timezone.now()
    with transaction.atomic():
        Patient.objects.hold(flare.patient.pk)
        flare.refresh_from_db()
        return flare.ended_on is None and _extend(flare, by, flare.patient.local_day(now), now)


@for_colleagues
def _extend(flare: FlareUp, by: User, today: date, now: datetime) -> bool:
    new = extended(flare.from_day, flare.until_day, today, flare.patient.clinic.thresholds)
    if new is None:
        words = gettext("Flare-up since %(day)s: the patient asks for more gentle days than there are.")
        words %= {"day": _date(flare.from_day)}
        raise_task(patient=flare.patient, kind=Kind.FLARE_LONG, words=words, due_in=TWO_DAYS, by=by, now=now)
        return False
    flare.until_day = new
    flare.save(update_fields=["until_day"])
    subject = f"flare:{flare.uuid}"
    record(by=by, action="flare.extended", patient=flare.patient, subject=subject)
    return True


@for_colleagues
def end(*, flare: FlareUp, by: User, now: datetime | None = None) -> None:
    """The usual plan again, from today or from the day after the last gentle one. Ending twice changes nothing.

    A patient's word for it asks a clinician to plan the way back (FLARE-5); a clinician's settles the tasks.
    """
    now = now or timezone.now()
    patient = flare.patient
    with transaction.atomic():
        Patient.objects.hold(patient.pk)
        flare.refresh_from_db()
        if flare.ended_on:
            return
        flare.ended_on = min(patient.local_day(now), flare.until_day + ONE_DAY)
        flare.ended_at, flare.ended_by = now, by
        flare.save(update_fields=["ended_on", "ended_at", "ended_by"])
        record(by=by, action="flare.ended", patient=patient, subject=f"flare:{flare.uuid}")
        if by.is_clinician:
            for kind in (Kind.FLARE, Kind.FLARE_LONG):
                resolve_kind(patient=patient, kind=kind, by=by, note=gettext("The gentle plan was ended."))
            return
        words = gettext(
            "The patient is better: usual plan again since %(day)s. Plan the way back: protocol %(protocol)s."
        ) % {"day": _date(flare.ended_on), "protocol": RETURN_PROTOCOL}
        raise_task(patient=patient, kind=Kind.FLARE, words=words, due_in=WEEK, by=by, now=now)


@for_colleagues
def note_long(*, patient: Patient, now: datetime | None = None) -> Task | None:
    """A clinician is asked to look at a flare-up that nobody ended on day 8 or later, once for each (FLARE-4)."""
    now = now or timezone.now()
    flare = patient.flare_ups.open().first()
    if flare is None or not is_long(flare.from_day, patient.local_day(now), patient.clinic.thresholds):
        return None
    if patient.tasks.filter(kind=Kind.FLARE_LONG, raised_at__gte=flare.began_at).exists():
        return None
    words = gettext("Flare-up since %(day)s: nobody ended it, and its gentle days are over.")
    words %= {"day": _date(flare.from_day)}
    return raise_task(patient=patient, kind=Kind.FLARE_LONG, words=words, due_in=TWO_DAYS, now=now)


def _check(patient: Patient, screening: Screening, today: date) -> None:
    if (
        screening.patient_id != patient.pk
        or screening.occasion != Occasion.FLARE
        or screening.answered_on != today
        or screening.level in NEEDS_CLEARANCE
        or patient.flag_level in NEEDS_CLEARANCE
    ):
        raise NotClear


def _date(day: date) -> str:
    return date_format(day, "j F")
