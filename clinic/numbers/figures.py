"""The clinic's numbers of a period. The queries are the same however many patients there are."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clinic.caseload.adherence import Band, band, is_session_day, program_adherence, week_adherence
from clinic.caseload.asked import days_from, so_far
from clinic.caseload.cases import Case, cases_of
from clinic.caseload.stored import NONE_STORED, Stored, stored_tallies
from clinic.numbers.small import part_shown, shown, told, visible
from clinic.today.models import CheckOff, DailyTally
from patients.accounts.models import Clinician
from patients.models import Patient
from patients.outcomes.history import Series, course_of, series_of
from patients.outcomes.models import Measurement
from patients.outcomes.scoring import Label, judges_change
from patients.tasks.models import Kind, Task

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. value: None where a group is too small to be shown. n: also where it would
    tell of such a group beside another n."""

    part: str
    label: str
    means: str
    value: str | None
    n: int | None


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date
    now: datetime

    def holds(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


def figures_of(clinician: Clinician, period: Period, *, mine: bool) -> list[Figure]:
    user = clinician.user
    everybody = Patient.objects.visible_to(user)
    chosen = everybody.of_care_team(clinician) if mine else everybody
    patients = list(chosen.prefetch_related("episodes"))
    pks = {patient.pk for patient in patients}
    here = [patient for patient in patients if _is_here(patient, period)]
    within = DailyTally.objects.visible_to(user).filter(day__range=(period.first, period.last))
    tallies = stored_tallies(within)
    cases = [case for case in cases_of(clinician, period.now) if case.pk in pks]
    measured = Measurement.objects.visible_to(user).filter(day__lte=period.last)
    tasks = [task for task in _tasks(clinician, period) if task.patient_id in pks]
    answers = _answers([task for task in tasks if task.kind == Kind.MESSAGE], period)
    return [
        *_people(here, period),
        *_sessions(clinician, {patient.pk for patient in here}, tallies, period),
        *_adherence(clinician, cases, tallies, period, len(here)),
        *_outcomes(patients, measured, period, len(here)),
        *answers,
        _settled(tasks, period, answers),
    ]


def _is_here(patient: Patient, period: Period) -> bool:
    left = patient.local_day(patient.discharged_at) if patient.discharged_at else None
    return patient.local_day(patient.created_at) <= period.last and (left is None or left >= period.first)


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
        yield Figure(part, label, means, number_format(size) if is_shown else None, n if is_shown else None)


def _numbers(figures: Iterable[Figure]) -> list[int]:
    return [figure.n for figure in figures if figure.n is not None]


def _people(here: Sequence[Patient], period: Period) -> Iterable[Figure]:
    part, n = _("Patients"), len(here)
    new = sum(period.holds(patient.local_day(patient.created_at)) for patient in here)
    left = sum(period.holds(patient.local_day(patient.discharged_at)) for patient in here if patient.discharged_at)
    yield _whole(
        part,
        _("Active"),
        _("Patients who were on the caseload on at least one day of the period."),
        number_format(n),
        n,
    )
    yield _count(part, _("New"), _("Those of them who were added in the period."), new, n)
    yield _count(part, _("Discharged"), _("Those of them who were discharged in the period."), left, n)


def _sessions(clinician: Clinician, pks: set[int], tallies: dict[int, Stored], period: Period) -> Iterable[Figure]:
    part = _("Sessions")
    ticked = (
        CheckOff.objects.visible_to(clinician.user)
        .filter(day__range=(period.first, period.last))
        .order_by()
        .values_list("patient_id", "day", "occasion")
        .distinct()
    )
    sessions = [row for row in ticked if row[0] in pks]
    yield _whole(
        part,
        _("Sessions done"),
        _("Times of a day on which at least one set was ticked, by all active patients together."),
        number_format(len(sessions)),
        len(pks),
    )
    # n is all active patients: how many took part would tell how few did not.
    days = sum(is_session_day(tally) for pk, stored in tallies.items() if pk in pks for tally in stored.values())
    yield _whole(
        part,
        _("Days with a session"),
        _("Patients’ days on which at least half of what was asked for was begun, of all active patients together."),
        number_format(days),
        len(pks),
    )


def _adherence(
    clinician: Clinician, cases: Sequence[Case], tallies: dict[int, Stored], period: Period, active: int
) -> Iterable[Figure]:
    thresholds, bands = clinician.clinic.thresholds, Counter[Band]()
    weeks = ((period.last - period.first).days + 1) // 7
    start = period.last - timedelta(days=7 * weeks - 1)
    for case in cases:
        days = so_far(days_from(start, 7 * weeks, tallies.get(case.pk, NONE_STORED), case.versions), case.today)
        each = [week_adherence(days[n : n + 7], case.today, thresholds) for n in range(0, len(days), 7)]
        mean = program_adherence(week.frequency for week in each)
        if mean is not None:
            bands[band(mean, thresholds)] += 1
    means = _(
        "Patients active now, by the mean share of planned session-days that they did in the whole weeks that end with the"
        " period. Weeks that asked for nothing do not count."
    )
    labels = {Band.HIGH: _("High"), Band.PARTIAL: _("Partial"), Band.LOW: _("Low")}
    return _split(_("Adherence"), [(label, means, bands[key]) for key, label in labels.items()], active)


def _outcomes(
    patients: Sequence[Patient], measured: Iterable[Measurement], period: Period, active: int
) -> Iterable[Figure]:
    rows = defaultdict(list)
    for row in measured:
        rows[row.patient_id].append(row)
    by_measure: dict[str, list[Series]] = defaultdict(list)
    for patient in patients:
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


def _tasks(clinician: Clinician, period: Period) -> Iterable[Task]:
    zone = clinician.clinic.zone
    start = datetime.combine(period.first, time(), zone)
    end = datetime.combine(period.last + timedelta(days=1), time(), zone)
    return Task.objects.visible_to(clinician.user).filter(raised_at__gte=start, raised_at__lt=end)


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
