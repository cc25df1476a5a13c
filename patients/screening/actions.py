"""What is done with a red-flag check: answered, cleared or not by a clinician, asked for again.

`Patient.flag_level` and `checked_on` follow in the same transaction. Only a clinician's clearance takes a flag away: no
answer does, and no later check.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from patients.accounts.models import User
from patients.audit.actions import record
from patients.records.models import Patient
from patients.screening.models import NEEDS_CLEARANCE, STOPS, Clearance, Level, Occasion, Screening
from patients.screening.red_flags import RULES, YES, assess, highest
from patients.screening.standing import is_valid
from patients.tasks.actions import SAME_DAY, TWO_DAYS, for_colleagues, raise_task, resolve_kind
from patients.tasks.models import Kind

NOTE_MIN = 10
TASKS: dict[str, tuple[Kind, timedelta]] = {
    Level.A: (Kind.FLAG_A, SAME_DAY),
    Level.B: (Kind.FLAG_B, SAME_DAY),
    Level.C: (Kind.FLAG_C, TWO_DAYS),
}


class NoteTooShort(ValueError):
    """A clearance says why, in ten characters at least."""


class AlreadyCleared(Exception):
    """Somebody else cleared it meanwhile, or it needs no clearance."""


@for_colleagues
def answer(
    *,
    patient: Patient,
    by: User,
    occasion: Occasion,
    answers: Mapping[str, str],
    is_short: bool = False,
    now: datetime | None = None,
) -> Screening:
    """Stores the answers with what they ask for. Unanswered where one is missing."""
    now = now or timezone.now()
    with transaction.atomic():
        current = _locked(patient)
        day = current.local_day(now)
        thresholds = current.clinic.thresholds
        found = assess(answers, age=current.age_on(day), thresholds=thresholds, short=is_short)
        screening = Screening.objects.create(
            patient=current, occasion=occasion, is_short=is_short, answers=dict(answers), level=found.level,
            rules=RULES, answered_on=day, answered_at=now, answered_by=by,
        )  # fmt: skip
        # Three questions do not stand in for the whole check where that is due.
        if not (is_short and current.checked_on is None):
            current.checked_on = day
        record(
            by=by, action="screening.answered", patient=current, subject=f"screening:{screening.uuid}",
            questions=len(answers),
        )  # fmt: skip
        if found.level in TASKS:
            kind, due_in = TASKS[found.level]
            said = "; ".join(
                (gettext("%(flag)s (yes)") if flag.answer == YES else gettext("%(flag)s (not sure)"))
                % {"flag": flag.label}
                for flag in found.flags
                if flag.level in NEEDS_CLEARANCE
            )
            words = gettext("Check of %(day)s: %(flags)s") % {"day": date_format(day, "j F"), "flags": said}
            raise_task(patient=current, kind=kind, words=words, due_in=due_in, now=now)
        _keep(current, patient)
    return screening


def record_clearance(
    *, screening: Screening, by: User, cleared: bool, note: str, now: datetime | None = None
) -> Clearance:
    """A clinician's word on a flagged check: cleared, or not yet. PermissionDenied for anybody else, NoteTooShort,
    AlreadyCleared. It is appended and never changed; clearing ends the task where no other check holds it open."""
    note = note.strip()
    if not by.is_clinician or not Patient.objects.visible_to(by).filter(pk=screening.patient_id).exists():
        raise PermissionDenied
    if len(note) < NOTE_MIN:
        raise NoteTooShort(f"Write why, in {NOTE_MIN} characters at least.")
    with transaction.atomic():
        patient = _locked(screening.patient)
        if not patient.screenings.uncleared().filter(pk=screening.pk).exists():
            raise AlreadyCleared
        made = Clearance.objects.create(
            screening=screening, cleared=cleared, note=note, at=now or timezone.now(), by=by
        )
        record(
            by=by, action="screening.cleared" if cleared else "screening.not_cleared", patient=patient,
            subject=f"screening:{screening.uuid}",
        )  # fmt: skip
        if cleared:
            _keep(patient, screening.patient)
            held = set(patient.screenings.uncleared().values_list("level", flat=True))
            if screening.level not in held:
                resolve_kind(patient=patient, kind=TASKS[screening.level][0], by=by, note=note)
    return made


def ask_again(*, patient: Patient, by: User) -> None:
    """The whole check is due from now on: in a flare-up, after an adverse event. A flag that stands is not touched."""
    with transaction.atomic():
        current = _locked(patient)
        if current.checked_on is None:
            return
        current.checked_on = None
        record(by=by, action="screening.asked_for", patient=current)
        _keep(current, patient)


def obstacles(*, patient: Patient, day: date) -> list[str]:
    """Why no plan may go live on `day` as far as red flags go, in words for the clinician; empty when it may.

    Read afresh from the database: answers may have come in since `patient` was fetched."""
    current = Patient.objects.select_related("clinic").get(pk=patient.pk)
    thresholds = current.clinic.thresholds
    found = []
    if current.checked_on is None:
        found.append(gettext("The red-flag check of this episode has not been filled in."))
    elif not is_valid(day, checked_on=current.checked_on, thresholds=thresholds):
        found.append(
            ngettext(
                "The last red-flag check is from %(day)s; it holds for %(number)d day.",
                "The last red-flag check is from %(day)s; it holds for %(number)d days.",
                thresholds.check_days,
            )
            % {"day": date_format(current.checked_on, "j F Y"), "number": thresholds.check_days}
        )
    return found + [
        gettext("The red-flag check of %(day)s needs your clearance: level %(level)s.")
        % {"day": date_format(each.answered_on, "j F Y"), "level": each.level}
        for each in current.screenings.uncleared()
    ]


def is_stopped(patient: Patient) -> bool:
    """Whether no exercise may be shown to the patient."""
    return patient.flag_level in STOPS


def _locked(patient: Patient) -> Patient:
    return Patient.objects.select_for_update(of=("self",)).select_related("clinic").get(pk=patient.pk)


def _keep(current: Patient, shown: Patient) -> None:
    """Stores what follows from the patient's checks, and brings the caller's copy up to date."""
    current.flag_level = highest(current.screenings.uncleared().values_list("level", flat=True))
    Patient.objects.filter(pk=current.pk).update(flag_level=current.flag_level, checked_on=current.checked_on)
    shown.flag_level, shown.checked_on = current.flag_level, current.checked_on
