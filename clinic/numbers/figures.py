"""The clinic's numbers of a period. The queries are the same however many patients there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clinic.caseload.adherence import Band, band, is_session_day, program_adherence
from clinic.caseload.asked import days_from
from clinic.caseload.cases import versions_of, weeks_of
from clinic.caseload.stored import Stored, listed_tallies, read
from clinic.numbers.small import part_shown, shown, told, visible
from clinic.today.models import CheckOff, DailyTally
from patients.accounts.models import Clinician
from patients.accounts.thresholds import Thresholds
from patients.models import Patient
from patients.outcomes.history import Series, course_of, series_of
from patients.outcomes.models import Measurement
from patients.outcomes.scoring import Label, judges_change
from patients.records.models import PatientQuerySet
from patients.tasks.models import Kind, Task

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. value: None where a group is too small to be shown. n: also where it would
    tell of such a group beside another n. size: of one of the groups that `n` is split into, best first."""

    part: str
    label: str
    means: str
    value: str | None
    n: int | None
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date
    now: datetime

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Its beginning, and the first moment after it."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), zone), datetime.combine(after, time(), zone)


def figures_of(clinician: Clinician, period: Period, *, mine: bool) -> list[Figure]:
    everybody = Patient.objects.visible_to(clinician.user)
    chosen = everybody.of_care_team(clinician) if mine else everybody
    came = _Came.of(chosen, period)
    here = chosen.filter(came.here)
    counts = here.aggregate(n=Count("pk"), new=Count("pk", filter=came.new), left=Count("pk", filter=came.left))
    n, tasks = counts["n"], _tasks(clinician, chosen, period)
    answers = _answers([task for task in tasks if task.kind == Kind.MESSAGE], period)
    days, bands = _practice(here, clinician.clinic.thresholds, period)
    return [
        *_people(**counts),
        *_sessions(here, days, period, n),
        *_adherence(bands, n),
        *_outcomes(chosen, period, n),
        *answers,
        _settled(tasks, period, answers),
    ]


@dataclass(frozen=True, slots=True)
class _Came:
    """Who was on the caseload on a day of the period, and who of them came and left in it: by their own days, so by their
    time zones. One query."""

    here: Q
    new: Q
    left: Q

    @classmethod
    def of(cls, patients: PatientQuerySet, period: Period) -> "_Came":
        here = new = left = Q(pk__in=())
        for name in patients.order_by().values_list("time_zone", flat=True).distinct():
            start, end = period.moments(ZoneInfo(name))
            own, stayed = Q(time_zone=name), Q(discharged_at=None) | Q(discharged_at__gte=start)
            here |= own & Q(created_at__lt=end) & stayed
            new |= own & Q(created_at__gte=start)
            left |= own & Q(discharged_at__gte=start, discharged_at__lt=end)
        return cls(here, new, left)


def _count(part: str, label: str, means: str, size: int, whole: int) -> Figure:
    """How many of a whole, where neither they nor the others are a small group."""
    is_shown = part_shown(size, whole)
    return Figure(part, label, means, number_format(size) if is_shown else None, whole if is_shown else None)


def _whole(part: str, label: str, means: str, value: str, people: int, beside: Iterable[int] = ()) -> Figure:
    """A figure about `people` as one group. beside: other numbers of people that are told."""
    is_shown = told(people, beside)
    return Figure(part, label, means, value if is_shown else None, people if is_shown else None)


def _split(part: str, groups: Sequence[tuple[str, str, int]], active: int) -> Iterable[Figure]:
    """active: how many there are, whether they are counted here or not."""
    sizes = [size for *_words, size in groups]
    n = sum(sizes) if told(sum(sizes), [active]) else None
    for (label, means, size), is_shown in zip(groups, visible(sizes, [active]), strict=True):
        yield (
            Figure(part, label, means, number_format(size), n, size)
            if is_shown
            else Figure(part, label, means, None, None)
        )


def _numbers(figures: Iterable[Figure]) -> list[int]:
    return [figure.n for figure in figures if figure.n is not None]


def _people(n: int, new: int, left: int) -> Iterable[Figure]:
    part = _("Patients")
    yield _whole(
        part,
        _("Active"),
        _("Patients who were on the caseload on at least one day of the period."),
        number_format(n),
        n,
    )
    yield _count(part, _("New"), _("Those of them who were added in the period."), new, n)
    yield _count(part, _("Discharged"), _("Those of them who were discharged in the period."), left, n)


def _practice(here: PatientQuerySet, thresholds: Thresholds, period: Period) -> tuple[int, Counter[Band]]:
    """Session-days of all, and in which band of adherence those are who are active now. Two queries, whose rows are gone
    through patient by patient: the plans and days of thousands are not held at once."""
    weeks = ((period.last - period.first).days + 1) // 7
    start = period.last - timedelta(days=7 * weeks - 1)
    rows = DailyTally.objects.filter(patient__in=here, day__range=(period.first, period.last))
    listed, days, bands = listed_tallies(rows), 0, Counter[Band]()
    for pk, zone, versions in versions_of(here.active(), start, period.last):
        stored, today = read(listed.pop(pk, "[]")), period.now.astimezone(zone).date()
        days += _session_days(stored)
        each = weeks_of(days_from(start, 7 * weeks, stored, versions), today, thresholds)
        mean = program_adherence(week.frequency for _first, week in each)
        if mean is not None:
            bands[band(mean, thresholds)] += 1
    return days + sum(_session_days(read(text)) for text in listed.values()), bands


def _session_days(stored: Stored) -> int:
    return sum(is_session_day(tally) for tally in stored.values())


def _sessions(here: PatientQuerySet, days: int, period: Period, n: int) -> Iterable[Figure]:
    part = _("Sessions")
    ticked = CheckOff.objects.filter(patient__in=here, day__range=(period.first, period.last)).order_by()
    sessions = ticked.values("patient", "day", "occasion").distinct().count()
    yield _whole(
        part,
        _("Sessions done"),
        _("Times of a day on which at least one set was ticked, by all active patients together."),
        number_format(sessions),
        n,
    )
    # n is all active patients: how many took part would tell how few did not.
    yield _whole(
        part,
        _("Days with a session"),
        _("Patients’ days on which at least half of what was asked for was begun, of all active patients together."),
        number_format(days),
        n,
    )


def _adherence(bands: Mapping[Band, int], active: int) -> Iterable[Figure]:
    means = _(
        "Patients active now, by the mean share of planned session-days that they did in the whole weeks that end with the"
        " period. Weeks that asked for nothing do not count."
    )
    labels = {Band.HIGH: _("High"), Band.PARTIAL: _("Partial"), Band.LOW: _("Low")}
    return _split(_("Adherence"), [(label, means, bands[key]) for key, label in labels.items()], active)


def _outcomes(chosen: PatientQuerySet, period: Period, active: int) -> Iterable[Figure]:
    lately = Measurement.objects.filter(day__range=(period.first, period.last))
    measured = chosen.filter(pk__in=lately.values("patient"))
    rows = defaultdict(list)
    for row in Measurement.objects.filter(patient__in=measured, day__lte=period.last):
        rows[row.patient_id].append(row)
    by_measure: dict[str, list[Series]] = defaultdict(list)
    for patient in measured.prefetch_related("episodes"):
        for series in series_of(rows[patient.pk], course_of(patient)):
            if judges_change(series.measure) and not series.measure.from_zero and _has_two(series, period):
                by_measure[str(series.measure.name)].append(series)
    means = _(
        "Patients whose last score lies in the period and who had an earlier one in this episode. n is how many; meaningful"
        " is a change as large as the measure’s own limit, from the first score to the last."
    )
    for name, found in sorted(by_measure.items()):
        tones = Counter(_tone(series) for series in found)
        labels = {
            "better": _("Meaningfully better"),
            "same": _("No meaningful change"),
            "worse": _("Meaningfully worse"),
        }
        yield from _split(name, [(label, means, tones[key]) for key, label in labels.items()], active)


def _has_two(series: Series, period: Period) -> bool:
    return bool(series.change and series.last and period.holds(series.last.day))


def _tone(series: Series) -> str:
    found = series.change
    if found is None or found.label != Label.MEANINGFUL:
        return "same"
    return "worse" if found.is_worse else "better"


def _tasks(clinician: Clinician, chosen: PatientQuerySet, period: Period) -> list[Task]:
    start, end = period.moments(clinician.clinic.zone)
    raised = Task.objects.filter(patient__in=chosen, raised_at__gte=start, raised_at__lt=end)
    return list(raised.only("patient_id", "kind", "raised_at", "resolved_at", "due_at"))


def _answers(tasks: Sequence[Task], period: Period) -> list[Figure]:
    part = _("Answers to messages")
    waits = [(task.resolved_at - task.raised_at) / HOUR for task in tasks if task.resolved_at]
    people = len({task.patient_id for task in tasks if task.resolved_at})
    answered = _whole(
        part,
        _("Median time to an answer"),
        _("From a patient’s first unanswered message to its answer, or its closing without one, for messages of the period."
          " n is the patients who wrote."),
        _("%(hours)s hours") % {"hours": number_format(median(waits), 1)} if waits else "",
        people,
    )  # fmt: skip
    in_time = _in_time(
        part,
        _("Answered in the promised time"),
        _("Share of the messages of the period, without those that are not due yet. n is the patients who wrote."),
        tasks,
        period,
        [answered],
    )
    waiting = [task for task in tasks if not task.resolved_at]
    still_open = _whole(
        part,
        _("Open now"),
        _("Messages of the period that still wait for an answer. n is the patients who wait."),
        number_format(len(waiting)),
        len({task.patient_id for task in waiting}),
        _numbers([answered, in_time]),
    )
    return [answered, in_time, still_open]


def _settled(tasks: Sequence[Task], period: Period, answers: Sequence[Figure]) -> Figure:
    means = _("Share of all tasks raised in the period, without those that are not due yet. n is their patients.")
    return _in_time(_("Tasks"), _("Settled in time"), means, tasks, period, answers)


def _in_time(
    part: str, label: str, means: str, tasks: Sequence[Task], period: Period, beside: Sequence[Figure]
) -> Figure:
    """beside: what is told of some of the same tasks."""
    judged = [task for task in tasks if task.resolved_at or task.due_at <= period.now]
    in_time = [task for task in judged if task.resolved_at and task.resolved_at <= task.due_at]
    done = {task.pk for task in in_time}
    late = {task.patient_id for task in judged if task.pk not in done}
    share = f"{len(in_time) / len(judged):.0%}" if judged else ""
    people = len({task.patient_id for task in judged})
    # All in time, or none, is about the clinic and not about a patient; a few who waited longer would be known.
    groups = [len(group) for group in (late, {task.patient_id for task in in_time}) if group]
    if not shown([people, *groups]):
        return Figure(part, label, means, None, None)
    return Figure(part, label, means, share, people if told(people, _numbers(beside)) else None)
