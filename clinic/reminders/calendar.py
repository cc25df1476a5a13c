"""A plan as a calendar (RFC 5545): when something is planned, and never what. Sessions, not single exercises.

Each round of a prescription's day is one recurring event on the weekdays that ask for it. A revision is a prescription
of its own, so that a new version ends the old events and begins new ones, with UIDs that stay.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from icalendar import Calendar, Event, Timezone, vDuration

from clinic.prescriptions.dosage import Dosage, seconds
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription, in_force_between
from clinic.reminders.models import CalendarFeed
from exercises.models import Phase
from patients.models import Patient
from patients.screening.actions import is_stopped

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
SUMMARY = _("Planned session")
LOOKS_BACK = timedelta(days=60)
READ_AGAIN = timedelta(hours=12)
ZONE_UNTIL = timedelta(days=5 * 366)
STEP = 5  # minutes that lengths and times are rounded to
LONGEST = 120  # minutes


@dataclass(frozen=True, slots=True)
class Span:
    """Days on which a plan rests, both included; without a last one until further notice."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A prescription as far as its calendar needs it. first, last: days it is in force, both included. changes: how
    often it was ended, paused or resumed; changed_at: when last."""

    uuid: UUID
    first: date
    last: date | None
    doses: tuple[Dosage, ...]
    rests: tuple[Span, ...] = ()
    changes: int = 0
    changed_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Hours:
    """When the patient does their sessions, and on which weekdays what has no days of its own."""

    morning: time = time(8)
    midday: time = time(13)
    evening: time = time(18)
    weekdays: tuple[int, ...] = ()
    edits: int = 0
    set_at: datetime = datetime(2020, 1, 1, tzinfo=UTC)

    def of_rounds(self, count: int) -> list[time]:
        """The time of each round of a day; more than three are spread from morning to evening."""
        if count <= 3:
            return [[self.morning], [self.morning, self.evening], [self.morning, self.midday, self.evening]][
                count - 1
            ]
        first, last = (each.hour * 60 + each.minute for each in (self.morning, self.evening))
        minutes = [first + round((last - first) * n / (count - 1) / STEP) * STEP for n in range(count)]
        return [time(*divmod(each, 60)) for each in minutes]


@dataclass(frozen=True, slots=True)
class Series:
    """One recurring event. left_out: days of it on which the plan rests."""

    uid: str
    first: date
    last: date | None
    at: time
    weekdays: tuple[int, ...]
    minutes: int
    left_out: tuple[date, ...]
    sequence: int
    changed_at: datetime


def series_of(plan: Plan, hours: Hours) -> list[Series]:
    """The recurring events of a plan; none for rounds that fall on no day."""
    ends = [plan.last, *(span.first - timedelta(days=1) for span in plan.rests if span.last is None)]
    last = min((day for day in ends if day), default=None)
    count = max((dose.slots_per_day for dose in plan.doses), default=0)
    found = []
    for number, at in enumerate(hours.of_rounds(count) if count else [], 1):
        doses = [dose for dose in plan.doses if dose.slots_per_day >= number]
        weekdays = sorted({day for dose in doses for day in dose.fixed_weekdays or hours.weekdays})
        first = next((day for n in range(7) if (day := plan.first + timedelta(days=n)).weekday() in weekdays), None)
        if first is None or (last is not None and last < first):
            continue
        found.append(
            Series(
                uid=f"{uuid5(plan.uuid, f'round {number}')}@backwell",
                first=first,
                last=last,
                at=at,
                weekdays=tuple(weekdays),
                minutes=_minutes(doses),
                left_out=tuple(_left_out(plan.rests, weekdays, first, last)),
                sequence=hours.edits + plan.changes,
                changed_at=max(plan.changed_at, hours.set_at),
            )
        )
    return found


def _minutes(doses: Iterable[Dosage]) -> int:
    rounded = -(-sum(seconds(dose) for dose in doses) // (60 * STEP)) * STEP
    return min(LONGEST, max(2 * STEP, rounded))


def _left_out(rests: Iterable[Span], weekdays: Sequence[int], first: date, last: date | None) -> list[date]:
    days = set()
    for span in rests:
        if span.last is None:
            continue
        begins, ends = max(first, span.first), min(last or span.last, span.last)
        days |= {begins + timedelta(days=n) for n in range((ends - begins).days + 1)}
    return sorted(day for day in days if day.weekday() in weekdays)


def calendar_of(plans: Iterable[Plan], hours: Hours, zone: ZoneInfo) -> bytes:
    """The same plans give the same bytes: an ETag is their hash."""
    series = [each for plan in plans for each in series_of(plan, hours)]
    calendar = Calendar()
    for name, value in (
        ("PRODID", "-//Backwell//Planned sessions//EN"),
        ("VERSION", "2.0"),
        ("CALSCALE", "GREGORIAN"),
        ("NAME", gettext("Planned sessions")),
        ("X-WR-CALNAME", gettext("Planned sessions")),
    ):
        calendar.add(name, value)
    calendar.add("REFRESH-INTERVAL", vDuration(READ_AGAIN), parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(READ_AGAIN))
    if series:
        first = min(each.first for each in series)
        until = max(max(each.last or each.first for each in series), first + ZONE_UNTIL)
        calendar.add_component(
            Timezone.from_tzid(zone.key, first_date=date(first.year, 1, 1), last_date=date(until.year, 12, 31))
        )
    for each in series:
        calendar.add_component(_event(each, zone))
    return calendar.to_ical()


def _event(series: Series, zone: ZoneInfo) -> Event:
    def at(day: date) -> datetime:
        return datetime.combine(day, series.at, zone)

    event = Event()
    event.add("UID", series.uid)
    event.add("DTSTAMP", series.changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", series.changed_at.astimezone(UTC))
    event.add("SEQUENCE", series.sequence)
    event.add("DTSTART", at(series.first))
    event.add("DURATION", timedelta(minutes=series.minutes))
    daily = len(series.weekdays) == len(WEEKDAYS)
    rule: dict[str, object] = {"FREQ": "DAILY"} if daily else {"FREQ": "WEEKLY"}
    if series.last:
        rule["UNTIL"] = at(series.last).astimezone(UTC)
    if not daily:
        rule["BYDAY"] = [WEEKDAYS[day] for day in series.weekdays]
    event.add("RRULE", rule)
    if series.left_out:
        event.add("EXDATE", [at(day) for day in series.left_out])
    event.add("SUMMARY", str(SUMMARY))
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "TRANSPARENT")
    event.add("STATUS", "CONFIRMED")
    if settings.SITE_ADDRESS:
        event.add("URL", settings.SITE_ADDRESS + reverse("today"))
    return event


# --- what the database knows ---


def hours_of(feed: CalendarFeed) -> Hours:
    return Hours(feed.morning, feed.midday, feed.evening, tuple(feed.weekdays), feed.edits, feed.set_at)


def plans_of(patient: Patient, today: date) -> list[Plan]:
    """What is in force now, to come, or was not long ago. None for a patient who is discharged, or whose red-flag
    check says stop. Three queries."""
    if patient.discharged_at or is_stopped(patient):
        return []
    found = Prescription.objects.filter(in_force_between(today - LOOKS_BACK, date.max), patient=patient)
    found = found.order_by("starts_on", "pk").prefetch_related("pauses", "lines")
    return [_plan(each) for each in found]


def _plan(prescription: Prescription) -> Plan:
    pauses: list[Pause] = list(prescription.pauses.all())
    lines: list[PrescribedExercise] = list(prescription.lines.all())
    ended = prescription.ended_on and prescription.ended_on - timedelta(days=1)
    moments = [prescription.published_at, prescription.ended_at]
    moments += [moment for pause in pauses for moment in (pause.paused_at, pause.resumed_at)]
    return Plan(
        uuid=prescription.uuid,
        first=prescription.starts_on,
        last=min((day for day in (prescription.ends_on, ended) if day), default=None),
        doses=tuple(line.dosage for line in lines if line.phase != Phase.DESK and not line.dosage.as_needed),
        rests=tuple(Span(pause.from_day, pause.until_day) for pause in pauses),
        changes=sum(moment is not None for moment in moments),
        changed_at=max(moment for moment in moments if moment),
    )


def feed_of(feed: CalendarFeed) -> bytes:
    patient = feed.patient
    return calendar_of(plans_of(patient, patient.local_day()), hours_of(feed), patient.zone)
