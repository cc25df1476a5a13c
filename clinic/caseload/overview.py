"""What a patient's page says of the last twelve weeks: plan, adherence, pain, sessions and exercises. Seven queries,
however much there is."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from clinic.caseload import charts
from clinic.caseload.adherence import WeekAdherence, band, program_adherence
from clinic.caseload.asked import NOTHING_ASKED, PlanVersion, days_from, last_day
from clinic.caseload.cases import WEEKS, first_day_shown, weeks_of
from clinic.caseload.pain import SessionPain, session_pain
from clinic.caseload.stored import NONE_STORED, stored_tallies
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.models import Pause, PrescribedExercise, Prescription
from clinic.today.eased import Spell
from clinic.today.models import EXCUSED_REASONS, CheckOff, DailyTally, Session, Skip, SkipReason
from clinic.today.plan import DONE_FROM, DayTally, Mark, PlannedLine, completion, is_due
from clinic.today.reading import TICK, spells_of
from clinic.today.tallies import Published, on, planned
from exercises.models import Phase
from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.models import Patient
from patients.records.pain_limits import Limits

RECENT_DAYS = 14
SESSIONS_SHOWN = 8


@dataclass(frozen=True, slots=True)
class PlanLine:
    name: str
    dose: str
    note: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The prescription that counts today, or else the latest one, with its lines by phase."""

    prescription: Prescription
    phases: tuple[tuple[str, tuple[PlanLine, ...]], ...]
    is_current: bool
    starts_later: bool
    last: date | None
    paused: Pause | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the calendar. `done` and `asked` are slots, micro-breaks apart. pain_before: as the day's first session
    began. pain_worst: the worst while exercising, in any of its sessions. pain_most: the worst of all that was said."""

    day: date
    tally: DayTally
    is_logged: bool
    is_future: bool
    is_today: bool
    pain_before: int | None = None
    pain_worst: int | None = None
    pain_most: int | None = None
    effort: int | None = None
    comments: tuple[str, ...] = ()
    thresholds: Thresholds = DEFAULTS
    pains: tuple[SessionPain, ...] = ()

    @property
    def done(self) -> float:
        return self.tally.done + self.tally.flexible_done

    @property
    def asked(self) -> int:
        """Slots of the day's fixed lines, and of the others those that were begun."""
        return max(0, self.tally.planned_slots - self.tally.excused_slots) + self.tally.flexible_touched

    @property
    def done_slots(self) -> int:
        return round(self.done)

    @property
    def level(self) -> str:
        if not self.asked or (self.is_today and not self.is_logged):
            return "off"
        return charts.LEVEL_OF[band(self.done / self.asked, self.thresholds)] if self.done else "none"


@dataclass(frozen=True, slots=True)
class CalendarWeek:
    days: tuple[Day, ...]
    adherence: WeekAdherence


@dataclass(frozen=True, slots=True)
class ExerciseRow:
    """One exercise over the last days: slots done of those asked for, those done in part, and skips by reason.
    helped: times done as needed, of which none is asked for."""

    name: str
    dose: str
    done: int
    partly: int
    asked: int
    skips: tuple[tuple[str, int], ...]
    is_current: bool
    helped: int


@dataclass(frozen=True, slots=True)
class Overview:
    today: date
    plan: Plan | None
    draft: Prescription | None
    weeks: list[tuple[date, WeekAdherence]]
    frequency: int | None
    dose: int | None
    pain_chart: SafeString
    narrow_pain_chart: SafeString
    pain_weeks: tuple[tuple[date, int | None], ...]
    sessions_chart: SafeString
    sessions: tuple[Day, ...]
    exercises: tuple[ExerciseRow, ...]

    @property
    def is_blank(self) -> bool:
        """Nothing to chart: no day of these weeks was planned, logged or answered."""
        return not self.sessions and not self.exercises and all(week.frequency is None for _, week in self.weeks)

    @property
    def this_week(self) -> WeekAdherence:
        return self.weeks[-1][1]


def overview_of(patient: Patient, limits: Limits, now: datetime | None = None) -> Overview:
    today, first_weekday = patient.local_day(now or timezone.now()), patient.clinic.week_starts_on
    prescriptions = list(patient.prescriptions.prefetch_related("pauses").order_by("-version", "-pk"))
    published = [each for each in prescriptions if not each.is_draft]
    start, thresholds = first_day_shown(today, first_weekday), patient.clinic.thresholds
    spells = spells_of([patient], start, start + timedelta(weeks=WEEKS))
    versions = plan_versions(published, spells)
    calendar = calendar_of(patient, start, 7 * WEEKS, versions, today, limits)
    weeks = weeks_of([day.tally for day in calendar], today, thresholds)
    pain = tuple(
        (monday, _most(day.pain_most for day in calendar[7 * n : 7 * n + 7])) for n, (monday, _) in enumerate(weeks)
    )
    complete = [week for _, week in weeks[:-1]] or [weeks[-1][1]]
    events = _events(published, start)
    recent = today - timedelta(days=RECENT_DAYS - 1)
    wanted = _latest(published, today)
    lines = _lines(recent, wanted, published)
    return Overview(
        today=today,
        plan=_plan(wanted, lines, today) if wanted else None,
        draft=next((each for each in prescriptions if each.is_draft), None),
        weeks=weeks,
        frequency=_percent(program_adherence([week.frequency for week in complete])),
        dose=_percent(program_adherence([week.dose for week in complete])),
        pain_chart=charts.pain_chart(pain, events),
        narrow_pain_chart=charts.pain_chart(pain, events, width=370),
        pain_weeks=pain,
        sessions_chart=charts.sessions_chart(weeks, thresholds),
        sessions=tuple(day for day in reversed(calendar) if day.is_logged)[:SESSIONS_SHOWN],
        exercises=tuple(_exercises(patient, lines, recent, today, wanted, spells)),
    )


def weeks_shown(patient: Patient) -> list[CalendarWeek]:
    """The calendar of the last twelve weeks, this one first. Five queries."""
    today = patient.local_day()
    published = patient.prescriptions.published().prefetch_related("pauses").order_by("-version", "-pk")
    start = first_day_shown(today, patient.clinic.week_starts_on)
    versions = plan_versions(published, spells_of([patient], start, start + timedelta(weeks=WEEKS)))
    days = calendar_of(patient, start, 7 * WEEKS, versions, today)
    weeks = weeks_of([day.tally for day in days], today, patient.clinic.thresholds)
    return [CalendarWeek(tuple(days[7 * n : 7 * n + 7]), week) for n, (_, week) in enumerate(weeks)][::-1]


def plan_versions(published: Iterable[Prescription], spells: Iterable[Spell] = ()) -> tuple[PlanVersion, ...]:
    return tuple(
        PlanVersion(
            title=each.title,
            version=each.version,
            starts=each.starts_on,
            last=last_day(each.ends_on, each.ended_on),
            week=each.week_plan or NOTHING_ASKED,
            pauses=tuple((pause.from_day, pause.until_day) for pause in each.pauses.all()),
            spells=tuple(spells),
        )
        for each in published
    )


def calendar_of(
    patient: Patient,
    start: date,
    count: int,
    versions: Sequence[PlanVersion],
    today: date,
    limits: Limits | None = None,
) -> list[Day]:
    """`count` days from `start`, with what was done and said on each, and with `limits` what the pain means. Two
    queries."""
    within = {"day__range": (start, start + timedelta(days=count - 1))}
    stored = stored_tallies(DailyTally.objects.filter(patient=patient, **within)).get(patient.pk, NONE_STORED)
    said: dict[date, list[Session]] = defaultdict(list)
    thresholds = patient.clinic.thresholds
    for session in Session.objects.filter(patient=patient, **within).order_by("day", "occasion"):
        said[session.day].append(session)
    return [
        Day(
            day=tally.day,
            tally=tally,
            is_logged=tally.day in stored or any(session.is_answered for session in said[tally.day]),
            is_future=tally.day > today,
            is_today=tally.day == today,
            pain_before=_first(session.pain_before for session in said[tally.day]),
            pain_worst=_most(session.pain_worst for session in said[tally.day]),
            pain_most=_most(
                score for session in said[tally.day] for score in (session.pain_before, session.pain_worst)
            ),
            effort=_first(session.effort for session in reversed(said[tally.day])),
            comments=tuple(session.comment for session in said[tally.day] if session.comment),
            thresholds=thresholds,
            pains=tuple(session_pain(session, limits, thresholds) for session in said[tally.day]) if limits else (),
        )
        for tally in days_from(start, count, stored, versions)
    ]


def _first(answers: Iterable[int | None]) -> int | None:
    return next((answer for answer in answers if answer is not None), None)


def _most(answers: Iterable[int | None]) -> int | None:
    return max((answer for answer in answers if answer is not None), default=None)


def _percent(share: float | None) -> int | None:
    return None if share is None else round(100 * share)


def _latest(published: Sequence[Prescription], today: date) -> Prescription | None:
    """The one in force today, else the newest."""
    in_force = (
        each for each, version in zip(published, plan_versions(published), strict=True) if version.counts_on(today)
    )
    return next(in_force, published[0] if published else None)


def _lines(since: date, latest: Prescription | None, published: Iterable[Prescription]) -> list[PrescribedExercise]:
    """The lines that counted on any day from `since` on, and those of the latest plan."""
    recent = Q(prescription__ended_on=None) | Q(prescription__ended_on__gt=since)
    if latest:
        recent |= Q(prescription=latest)
    known = {each.pk: each for each in published}
    lines = PrescribedExercise.objects.filter(recent, prescription__in=known).select_related("exercise")
    found = list(lines.order_by("-prescription__version", "position", "pk"))
    for line in found:
        line.prescription = known[line.prescription_id]
    return found


def _plan(prescription: Prescription, lines: Sequence[PrescribedExercise], today: date) -> Plan:
    own = [line for line in lines if line.prescription_id == prescription.pk]
    last = last_day(prescription.ends_on, prescription.ended_on)
    return Plan(
        prescription=prescription,
        phases=tuple(
            (
                str(Phase(phase).label),
                tuple(PlanLine(line.exercise.name, display(line.dosage), line.note) for line in group),
            )
            for phase, group in groupby(own, key=lambda line: line.phase)
        ),
        is_current=prescription.starts_on <= today and (last is None or last >= today),
        starts_later=prescription.starts_on > today,
        last=last,
        paused=next((pause for pause in prescription.pauses.all() if pause.covers(today)), None),
    )


def _events(published: Sequence[Prescription], start: date) -> list[tuple[date, str]]:
    started = [
        (
            each.starts_on,
            gettext("Version %(number)s") % {"number": each.version} if each.replaces_id else gettext("Plan starts"),
        )
        for each in published
    ]
    paused = [(pause.from_day, gettext("Paused")) for each in published for pause in each.pauses.all()]
    return sorted(event for event in started + paused if event[0] >= start)


def _exercises(
    patient: Patient,
    lines: Sequence[PrescribedExercise],
    since: date,
    today: date,
    latest: Prescription | None,
    spells: Sequence[Spell],
) -> Iterable[ExerciseRow]:
    marks: dict[tuple[UUID, date], list[Mark]] = defaultdict(list)
    ticks = CheckOff.objects.filter(patient=patient, day__gte=since)
    for day, thread, occasion, number, side, amount in ticks.values_list(*TICK):
        marks[thread, day].append(Mark(thread, occasion, number, side, amount))
    skips: dict[UUID, dict[tuple[date, int], str]] = defaultdict(dict)
    for day, thread, occasion, reason in Skip.objects.filter(patient=patient, day__gte=since).values_list(
        "day", "thread", "occasion", "reason"
    ):
        skips[thread][day, occasion] = reason
    by_thread: dict[UUID, list[PrescribedExercise]] = defaultdict(list)
    for line in lines:
        by_thread[line.thread].append(line)
    for thread, versions in by_thread.items():
        done = partly = asked = helped = 0
        for line in versions:
            counts = _slots(line, marks, skips[thread], since, today, spells)
            if line.dosage.as_needed:
                helped += counts[0] + counts[1]
                continue
            done, partly, asked = done + counts[0], partly + counts[1], asked + counts[2]
        newest = versions[0]
        is_current = latest is not None and newest.prescription_id == latest.pk
        if not (asked or done or partly or helped or skips[thread]):
            continue
        reasons = Counter(str(SkipReason(reason).label) for reason in skips[thread].values())
        yield ExerciseRow(
            newest.exercise.name,
            display(newest.dosage),
            done,
            partly,
            asked,
            tuple(reasons.most_common()),
            is_current,
            helped,
        )


def _slots(
    line: PrescribedExercise,
    marks: dict[tuple[UUID, date], list[Mark]],
    skips: dict[tuple[date, int], str],
    since: date,
    today: date,
    spells: Sequence[Spell],
) -> tuple[int, int, int]:
    """Slots done, done in part, and asked for since then. Today counts once something of the line was done."""
    plan, done, partly, asked, days = planned(line), 0, 0, 0, 0
    published = Published(line, plan, tuple(line.prescription.pauses.all()))
    for n in range((today - since).days + 1):
        day = since + timedelta(days=n)
        of_day = on(published, day, spells)
        if not is_due(of_day, day):
            continue
        made = _completions(of_day, marks.get((line.thread, day), ()))
        if day == today and not any(made):
            continue
        days += 1
        done += sum(c >= DONE_FROM for c in made)
        partly += sum(0 < c < DONE_FROM for c in made)
        excused = sum(not c and skips.get((day, occasion)) in EXCUSED_REASONS for occasion, c in enumerate(made, 1))
        asked += plan.times_per_day - excused
    if plan.is_flexible:
        asked = max(done + partly, round(plan.times_per_day * plan.days_per_week * days / 7))
    return done, partly, asked


def _completions(plan: PlannedLine, marks: Sequence[Mark]) -> list[float]:
    return [
        completion(plan, [mark for mark in marks if mark.occasion == occasion])
        for occasion in range(1, plan.times_per_day + 1)
    ]
