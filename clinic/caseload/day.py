"""One day of a patient set by set: what was asked, what was ticked and when, what was skipped and what was said."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext

from clinic.caseload.pain import SessionPain, session_pain
from clinic.prescriptions.dosage import halved
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.models import PrescribedExercise, in_force_on
from clinic.today.cards import SIDES
from clinic.today.eased import Eased, Spell, eased
from clinic.today.models import CheckOff, Session, Skip, SkipReason
from clinic.today.plan import is_late
from clinic.today.reading import Told, ease_planned, spells_of
from clinic.today.tallies import planned
from patients.family.pages import helpers_of
from patients.models import FamilyAccess, Patient, User
from patients.records.pain_limits import limits_of

# When, the amount where it is not the plan's, and who entered it where that was not the patient.
Done: TypeAlias = tuple[datetime | None, int | None, str]
NOT_DONE: Done = (None, None, "")


@dataclass(frozen=True, slots=True)
class SetCell:
    label: str
    done_at: datetime | None
    was_late: bool
    amount: int | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One occasion of an exercise on the day. entered_by: who ticked it, where that was not the patient, and how."""

    label: str
    sets: tuple[SetCell, ...]
    skipped: str
    entered_by: str = ""

    @property
    def done(self) -> int:
        return sum(each.done_at is not None for each in self.sets)


@dataclass(frozen=True, slots=True)
class DayLine:
    name: str
    dose: str
    turns: tuple[Turn, ...]
    eased: str = ""
    as_needed: bool = False

    @property
    def done(self) -> int:
        return sum(turn.done for turn in self.turns)

    @property
    def asked(self) -> int:
        return sum(len(turn.sets) for turn in self.turns)


@dataclass(frozen=True, slots=True)
class DayDetail:
    day: date
    lines: tuple[DayLine, ...]
    sessions: tuple[SessionPain, ...]
    is_future: bool

    @property
    def done(self) -> int:
        return sum(line.done for line in self.lines if not line.as_needed)

    @property
    def asked(self) -> int:
        return sum(line.asked for line in self.lines if not line.as_needed)


def day_of(patient: Patient, day: date) -> DayDetail:
    """Eight queries."""
    helpers = helpers_of(patient)
    spells = spells_of([patient], day, day)
    ticked = CheckOff.objects.filter(patient=patient, day=day)
    done: dict[UUID, dict[tuple[int, int, str], Done]] = defaultdict(dict)
    for tick in ticked.select_related("done_by"):
        by = _entered_by(tick.done_by, patient, helpers)
        done[tick.thread][tick.occasion, tick.set_number, tick.side] = (tick.done_at, tick.amount, by)
    skips = Skip.objects.filter(patient=patient, day=day).values_list("thread", "occasion", "reason", "pain")
    skipped = {(thread, occasion): _skipped(reason, pain) for thread, occasion, reason, pain in skips}
    limits, rules = limits_of(patient), patient.clinic.thresholds
    said = Session.objects.filter(patient=patient, day=day).select_related("said_by").order_by("occasion")
    # A line of another version shows only where it was ticked: the patient saw it before the plan changed.
    of_the_day = Q(in_force_on(day, "prescription__")) | Q(Exists(ticked.filter(line=OuterRef("pk"))))
    lines = (
        PrescribedExercise.objects.filter(of_the_day, prescription__patient=patient)
        .select_related("exercise", "prescription")
        .order_by("-prescription__version", "position", "pk")
    )
    shown: dict[UUID, DayLine] = {}
    for line in lines:
        plan = planned(line)
        is_due = plan.is_planned(day) and not plan.as_needed
        if line.thread not in shown and (is_due or done.get(line.thread)):
            shown[line.thread] = _line(line, day, done[line.thread], skipped, patient, spells)
    return DayDetail(
        day=day,
        lines=tuple(shown.values()),
        sessions=tuple(
            replace(session_pain(session, limits, rules), entered_by=_entered_by(session.said_by, patient, helpers))
            for session in said
        ),
        is_future=day > patient.local_day(),
    )


def _said(how: Eased | None, line: PrescribedExercise) -> str:
    if how is None:
        return ""
    if how.rests:
        return gettext("rests")
    return gettext("at half: %(dose)s") % {"dose": display(halved(line.dosage))}


def _entered_by(user: User, patient: Patient, helpers: dict[int, FamilyAccess]) -> str:
    """Nothing where it was the patient."""
    if user.pk == patient.user_id:
        return ""
    if access := helpers.get(user.pk):
        return gettext("By %(name)s, %(relation)s") % {"name": access.name, "relation": access.relation}
    return gettext("From paper, entered by %(who)s") % {"who": user}


def _skipped(reason: str, pain: int | None) -> str:
    if pain is not None:
        return gettext("Stopped on pain, %(pain)s of 10") % {"pain": pain}
    return gettext("Skipped: %(reason)s") % {"reason": SkipReason(reason).label}


def _line(
    line: PrescribedExercise,
    day: date,
    done: dict[tuple[int, int, str], Done],
    skipped: dict[tuple[UUID, int], str],
    patient: Patient,
    spells: Sequence[Spell],
) -> DayLine:
    how = eased(spells, day, thread=line.thread, movement=Told.of(line.told).movement)
    plan = ease_planned(planned(line), line.dosage, how, day)
    occasions = max([0 if plan.as_needed else plan.times_per_day, *(occasion for occasion, *_set in done)])
    turns = []
    for occasion in range(1, occasions + 1):
        cells = []
        asked = () if how and how.rests else plan.ticks
        for number, side in sorted({*asked, *(each[1:] for each in done if each[0] == occasion)}):
            at, amount, _by = done.get((occasion, number, side), NOT_DONE)
            label = f"{number}" if side == "both" else f"{number} {SIDES[side]}"
            late = at is not None and is_late(day, at, patient.zone, patient.clinic.thresholds)
            cells.append(SetCell(label, at, late, amount))
        label = gettext("Time %(number)s") % {"number": occasion} if occasions > 1 else ""
        entered_by = next((by for slot, (*_when, by) in done.items() if slot[0] == occasion and by), "")
        turns.append(Turn(label, tuple(cells), skipped.get((line.thread, occasion), ""), entered_by))
    said = _said(how, line)
    return DayLine(line.exercise.name, display(line.dosage), tuple(turns), said, plan.as_needed)
