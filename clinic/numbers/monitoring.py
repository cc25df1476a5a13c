"""Remote therapeutic monitoring: on which days a patient sent something. Kinds of it, never what it said."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _

from clinic.today.models import CheckOff, Session, Skip
from patients.accounts.models import User
from patients.audit.models import AuditEvent
from patients.models import Patient
from patients.outcomes.models import Measurement

BANDS = ((2, 15), (16, 30))


@dataclass(frozen=True, slots=True)
class Counted:
    day: date
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Sheet:
    first: date
    last: date
    days: Sequence[Counted]
    looks: Sequence[Look]

    @property
    def band(self) -> tuple[int, int] | None:
        return band_of(len(self.days))


def band_of(days: int) -> tuple[int, int] | None:
    """The band that so many days fall into; a month of 31 days may fill more than thirty."""
    capped = min(days, BANDS[-1][1])
    return next((each for each in BANDS if each[0] <= capped <= each[1]), None)


def counted(sent: Iterable[tuple[date, str]]) -> list[Counted]:
    """Each day once, however much was sent of it, with the kinds in their order of telling."""
    days: dict[date, dict[str, None]] = defaultdict(dict)
    for day, kind in sent:
        days[day][kind] = None
    return [Counted(day, tuple(kinds)) for day, kinds in sorted(days.items())]


def sheet_of(patient: Patient, user: User, first: date, last: date) -> Sheet:
    """Six queries, or seven. The days are the patient's own; what the clinic or a helper entered is not the patient's
    sending."""
    return Sheet(first, last, counted(_sent(patient, user, first, last)), _looks(patient, first, last))


def _sent(patient: Patient, user: User, first: date, last: date) -> Iterable[tuple[date, str]]:
    if patient.user_id is None:
        return
    own, within = patient.user_id, {"patient": patient, "day__range": (first, last)}
    ticks = CheckOff.objects.visible_to(user).filter(**within, done_by=own)
    skips = Skip.objects.visible_to(user).filter(**within, said_by=own)
    for rows, kind in ((ticks, _("sets ticked")), (skips, _("exercise skipped"))):
        yield from ((day, kind) for day in rows.order_by().values_list("day", flat=True).distinct())
    answered = [each for each in Session.objects.visible_to(user).filter(**within) if each.is_answered]
    # A session names who said the last of it. Whether the patient said some of it too stands in the audit.
    also = _said_themselves(patient, first) if any(each.said_by_id != own for each in answered) else set()
    for session in answered:
        if session.said_by_id == own or (session.day.isoformat(), session.occasion) in also:
            yield session.day, _("pain or effort")
    measures = Measurement.objects.visible_to(user).filter(**within, answered_by=own)
    yield from ((day, _("measure")) for day in measures.values_list("day", flat=True))


def _said_themselves(patient: Patient, first: date) -> set[tuple[str, int]]:
    """Days, as the audit has them, and occasions."""
    start = datetime.combine(first, time(), patient.zone)
    said = AuditEvent.objects.filter(
        patient=str(patient.uuid),
        actor=str(patient.user_id),
        action__in=["session.said", "morning.said"],
        at__gte=start,
    )
    return {(detail["day"], detail["occasion"]) for detail in said.values_list("detail", flat=True)}


def _looks(patient: Patient, first: date, last: date) -> list[Look]:
    start = datetime.combine(first, time(), patient.zone)
    end = datetime.combine(last + timedelta(days=1), time(), patient.zone)
    seen = AuditEvent.objects.filter(
        patient=str(patient.uuid), role="clinician", action="record.viewed", at__gte=start, at__lt=end
    ).order_by("at")
    lines = list(seen.values_list("at", "actor"))
    people = User.objects.in_bulk([int(actor) for actor in {actor for _at, actor in lines} if actor.isdecimal()])
    return [Look(at, str(people.get(int(actor), "")) if actor.isdecimal() else "") for at, actor in lines]
