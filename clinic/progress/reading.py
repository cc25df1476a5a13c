"""What the progress page and its paper read of one patient, as staff or as themselves. Eleven queries, whatever the
history; one more with the exercises of the plan."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from clinic.caseload.asked import PlanVersion, days_from
from clinic.caseload.cases import WEEKS, first_day_shown
from clinic.caseload.overview import plan_versions
from clinic.caseload.stored import NONE_STORED, stored_tallies
from clinic.prescriptions.models import PrescribedExercise, Prescription
from clinic.progress.changes import changes_of, trend_of
from clinic.progress.sentences import Facts, Told, told
from clinic.progress.sheet import PainSaid, PlanShort, Progress, Wish, function_chart, pain_chart
from clinic.progress.weeks import DayFacts, Mark, Off, Week, days_done, weeks_of
from clinic.today.eased import FLARE, Spell
from clinic.today.models import DailyTally, Session, Skip
from clinic.today.reading import Told as ToldOfExercise
from clinic.today.reading import dose, spells_of
from patients.models import Activity, Patient, User
from patients.outcomes.history import Series
from patients.outcomes.measures import NPRS, OWN, PSFS
from patients.outcomes.pages import Known, known_of
from patients.records.closeness import Closeness
from patients.screening.actions import is_stopped

DAYS = 7 * WEEKS


def progress_of(
    patient: Patient, *, user: User, known: Known | None = None, with_exercises: bool = False, questions: str = ""
) -> Progress:
    """known: what was measured, where it was read already. with_exercises: the plan in short, for the paper."""
    today, clinic = patient.local_day(), patient.clinic
    start = first_day_shown(today, clinic.week_starts_on)
    published = list(
        Prescription.objects.visible_to(user)
        .filter(patient=patient)
        .published()
        .prefetch_related("pauses")
        .order_by("-version", "-pk")
    )
    spells = spells_of([patient], start, start + timedelta(days=DAYS))
    versions = plan_versions(published, spells)
    weeks = weeks_of(_days(patient, user, start, versions, spells), today, clinic.thresholds)
    series = {each.measure.slug: each for each in (known or known_of(patient)).series if each.measure in OWN}
    marks = [
        (each.starts_on, _("Version %(n)s") % {"n": each.version}) for each in reversed(published) if each.replaces_id
    ]
    wanted = _shown(versions, today)
    return Progress(
        name=patient.full_name,
        born_on=patient.born_on,
        clinic=clinic.name,
        made_on=today,
        told=_told(patient, today, weeks, versions, wanted, spells, list(series.values())),
        weeks=weeks,
        pain=pain_chart([week.start for week in reversed(weeks)], _pains(patient, user, start), series.get(NPRS.slug), marks),
        function=function_chart(series.get(PSFS.slug), marks),
        changes=changes_of(series.values(), _activities(patient, user)),
        goals=tuple(
            Wish(goal.text, goal.due_on, goal.reached_at is not None, goal.pk, Closeness.of(goal.steps.all()))
            for goal in patient.goals.filter(dropped_at=None).prefetch_related("steps")
        ),
        plan=_plan(published[versions.index(wanted)], wanted, user, with_exercises) if wanted else None,
        questions=questions,
    )  # fmt: skip


def _days(
    patient: Patient, user: User, start: date, versions: Sequence[PlanVersion], spells: Collection[Spell]
) -> list[DayFacts]:
    tallies = DailyTally.objects.visible_to(user).filter(patient=patient, day__gte=start)
    stored = stored_tallies(tallies).get(patient.pk, NONE_STORED)
    said: dict[date, set[str]] = defaultdict(set)
    skips = Skip.objects.visible_to(user).filter(patient=patient, day__gte=start)
    for day, reason in skips.values_list("day", "reason").distinct():
        said[day].add(reason)
    flares = [spell for spell in spells if spell.kind == FLARE]
    return [
        DayFacts(
            tally,
            said=frozenset(said[tally.day]),
            on_hold=any(each.counts_on(tally.day) and each.paused_since(tally.day) for each in versions),
            in_flare=any(each.covers(tally.day) for each in flares),
        )
        for tally in days_from(start, DAYS, stored, versions)
    ]


def _shown(versions: Sequence[PlanVersion], today: date) -> PlanVersion | None:
    """The version in force, or else the newest: one to come, or the one that ended last."""
    in_force = (version for version in versions if version.counts_on(today))
    return next(in_force, versions[0] if versions else None)


def _told(
    patient: Patient,
    today: date,
    weeks: Sequence[Week],
    versions: Sequence[PlanVersion],
    wanted: PlanVersion | None,
    spells: Collection[Spell],
    series: Sequence[Series],
) -> Told:
    off, off_days = _off_now(weeks, today)
    return told(
        Facts(
            today=today,
            first_day=wanted.starts if wanted else None,
            last_day=wanted.last if wanted else None,
            began_on=min((each.starts for each in versions), default=None),
            days_done=tuple(days_done(weeks)),
            off=off,
            off_days=off_days,
            on_hold=wanted is not None and wanted.paused_since(today) is not None,
            in_flare=any(each.kind == FLARE and each.covers(today) for each in spells),
            is_stopped=is_stopped(patient),
            trend=trend_of(series),
            thresholds=patient.clinic.thresholds,
        )
    )


def _off_now(weeks: Sequence[Week], today: date) -> tuple[Off | None, int]:
    """Why today is a day off, or else yesterday where today is still open; and for how many days in a row."""
    past = [each for week in weeks for each in reversed(week.days) if each.day <= today]
    if past and past[0].mark in (Mark.OPEN, Mark.FREE):
        past = past[1:]
    off = past[0].off if past else None
    run = 0
    for each in past:
        if each.off is not off and each.mark is not Mark.FREE:
            break
        run += each.off is off
    return off, run if off else 0


def _pains(patient: Patient, user: User, start: date) -> list[PainSaid]:
    said = Session.objects.visible_to(user).filter(patient=patient, day__gte=start)
    return [
        PainSaid(*row) for row in said.order_by("day", "occasion").values_list("day", "pain_before", "pain_worst")
    ]


def _activities(patient: Patient, user: User) -> dict[str, str]:
    named = Activity.objects.visible_to(user).filter(patient=patient)
    return {str(pk): text for pk, text in named.values_list("pk", "text")}


def _plan(prescription: Prescription, version: PlanVersion, user: User, with_exercises: bool) -> PlanShort:
    lines = PrescribedExercise.objects.visible_to(user).filter(prescription=prescription).order_by("position", "pk")
    exercises = (
        [(ToldOfExercise.of(line.told).plain_name, dose(line.dosage).short) for line in lines]
        if with_exercises
        else []
    )
    return PlanShort(version.title, version.version, version.starts, version.last, tuple(exercises))
