"""What the rules need to know of a patient, read from plan, ticks, skips and answers: the one place where progression
meets the database. The same number of queries, whatever there is.

`decision_of` is the grid of the pain rules; what a patient's conditions block is asked of the safety rules.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from clinic.flare.models import FlareUp
from clinic.prescriptions.drafting import default_dosage
from clinic.prescriptions.models import Easing, Pause, PrescribedExercise, Prescription, ProtocolLine
from clinic.prescriptions.safety import BLOCK
from clinic.prescriptions.safety_reading import facts_of, precautions_of
from clinic.progression.log import Answers, Log, amount_of, horizon, log_of, share_of, shares
from clinic.progression.rules import Case, Decision, Exercise, Practice, Rung
from clinic.progression.stages import Answered, Away, Stage, StageRule
from clinic.progression.steps import changed
from clinic.today.models import CheckOff, SkipReason
from clinic.today.pain import Course, change, decide, zone
from clinic.today.reading import dose
from exercises.governance import is_vouched_for, vouched_on
from exercises.models import Exercise as CatalogueExercise
from patients.models import Patient, Task
from patients.records.pain_limits import limits_of
from patients.tasks.models import Kind

WEEK = 7
WEIGHTS = ("dumbbell", "kettlebell", "barbell", "cable-machine")
# What these rules raise themselves; any other open task holds progression back (PROG-0).
OWN_TASKS = (Kind.PROPOSAL, Kind.PLATEAU)


@dataclass(frozen=True, slots=True)
class Grid:
    """The numbers of the pain grid for one patient (PAIN-2, PAIN-3)."""

    green_to: int
    amber_to: int
    raised_from: int


def decision_of(session: Answers, grid: Grid) -> Decision | None:
    """The decision of PAIN-4 for a day's answers; None where neither the worst pain nor the place of it says anything."""
    if session.worst is None and session.course is Course.CARRY_ON:
        return None
    where = None if session.worst is None else zone(session.worst, grid.green_to, grid.amber_to)
    return decide(where, change(session.before, session.morning, grid.raised_from), session.course)


@dataclass(frozen=True, slots=True)
class Evidence:
    """`plan` is the prescription in force, with its protocol. tasks: kinds of open tasks."""

    plan: Prescription
    case: Case
    stage: Stage | None
    stage_rule: StageRule | None
    away: Away | None
    progressed_on: date
    share: float | None
    tasks: frozenset[str]


def evidence_of(patient: Patient, now: datetime) -> Evidence | None:
    """None without a plan in force. 19 queries; `patient` comes with its clinic."""
    today, t = patient.local_day(now), patient.clinic.thresholds
    versions = list(patient.prescriptions.published().select_related("protocol").order_by("-version", "-pk"))
    plan = next((each for each in versions if each.is_live and each.is_in_force_on(today)), None)
    if plan is None:
        return None
    history = _lines(versions)
    current = [line for line in history if line.prescription_id == plan.pk]
    log = log_of(patient, today)
    grid = _grid(patient)
    pauses = list(Pause.objects.filter(prescription__in=versions))
    eased = set(Easing.objects.filter(patient=patient).still(today).values_list("thread", flat=True))
    kinds = set(Task.objects.open().filter(patient=patient).values_list("kind", flat=True))
    in_flare = FlareUp.objects.filter(patient=patient).on(today).exists()
    rungs, weighted = _ladder(patient, current)
    stored = plan.protocol.stage_rules if plan.protocol else {}
    of_stages = ProtocolLine.objects.filter(protocol=plan.protocol_id, stage__gt=0).order_by("stage", "position")
    later = list(of_stages.annotate(review_by=F("exercise__review_by")))
    closed = _closed(plan, later, {line.exercise_id for line in current}, today)
    by_thread: dict[UUID, list[PrescribedExercise]] = defaultdict(list)
    for line in history:
        by_thread[line.thread].append(line)
    read = _Read(
        history, by_thread, log, pauses, grid, eased, rungs, weighted, later, plan.stage, stored.get("0", {}), today
    )
    exercises = [_exercise(line, read) for line in current if not line.dosage.as_needed]
    began = _stage_began(versions, plan)
    logged = [day for day in log.days if day <= today]
    # Today counts once something was done; until then it is still to come.
    until = today if today in logged else today - timedelta(days=1)
    threads = [by_thread[line.thread] for line in current]
    stage_days = shares(threads, log, pauses, max(began, horizon(today)), until)
    plateau = shares(threads, log, pauses, max(plan.starts_on, today - timedelta(days=t.plateau_days)), until)
    last = logged[0] if logged else None
    return Evidence(
        plan=plan,
        case=Case(
            today=today,
            age=patient.age_on(today),
            exercises=tuple(exercises),
            slugs=frozenset(line.exercise.slug for line in current),
            thresholds=t,
            has_flag=bool(patient.flag_level) and patient.flag_level != "D",
            in_flare=in_flare,
            has_task=bool(kinds - set(OWN_TASKS)),
            is_paused=any(pause.prescription_id == plan.pk and pause.covers(today) for pause in pauses),
            changed_since=_changed_since(exercises, last, plan, versions),
        ),
        stage=_stage(plan, later, closed, began, logged, stage_days.share, log, grid, today),
        stage_rule=StageRule.of(stored[str(plan.stage)]) if plan.stage and str(plan.stage) in stored else None,
        away=_away(logged, log.last_before, plan, closed, today),
        progressed_on=plan.starts_on,
        share=plateau.share,
        tasks=frozenset(kinds),
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What was read once, for all lines of the plan. `always`: what the protocol says of every stage."""

    history: list[PrescribedExercise]
    by_thread: Mapping[UUID, list[PrescribedExercise]]
    log: Log
    pauses: list[Pause]
    grid: Grid
    eased: set[UUID]
    rungs: Mapping[int, Rung]
    weighted: set[int]
    later: Sequence[ProtocolLine]
    stage: int
    always: Mapping[str, Any]
    today: date


def _exercise(line: PrescribedExercise, read: _Read) -> Exercise:
    versions, found, always = read.by_thread[line.thread], line.exercise, read.always
    done = share_of(versions, read.log, read.pauses, *_week(line.thread, read.log, read.today))
    return Exercise(
        thread=line.thread,
        name=found.name,
        plain_name=found.plain_name,
        dosage=line.dosage,
        category=found.category,
        level=found.level,
        phase=line.phase,
        practices=tuple(_practices(line.thread, read.log, read.history, read.grid, read.today)),
        share=done.share,
        done=done.days_done,
        asked=done.days_asked,
        changed_on=_changed_on(versions),
        usual_hold=found.hold_s,
        uses_weight=found.pk in read.weighted,
        minutes_to=_minutes_to(line, read.later, read.stage),
        reps_range=tuple(always["reps_range"]) if "reps_range" in always else None,
        effort_to=always.get("effort_to"),
        effort_over=always.get("effort_over"),
        is_eased=line.thread in read.eased,
        harder=read.rungs.get(found.progression_id or 0),
        easier=read.rungs.get(found.regression_id or 0),
    )


def _lines(versions: Sequence[Prescription]) -> list[PrescribedExercise]:
    """Every line ever published to the patient, the newest version first, each with its prescription."""
    known = {each.pk: each for each in versions}
    found = PrescribedExercise.objects.filter(prescription__in=known).select_related("exercise").defer("told")
    lines = list(found.order_by("-prescription__version", "position", "pk"))
    for line in lines:
        line.prescription = known[line.prescription_id]
    return lines


def _grid(patient: Patient) -> Grid:
    limits = limits_of(patient)
    return Grid(limits.green_to, limits.amber_to, patient.clinic.thresholds.raised_from)


def _ladder(patient: Patient, current: Sequence[PrescribedExercise]) -> tuple[dict[int, Rung], set[int]]:
    """The neighbours on the ladder that somebody vouches for, by id, and which of the plan's exercises are done with a
    weight."""
    ids = {pk for line in current for pk in (line.exercise.progression_id, line.exercise.regression_id) if pk}
    precautions, facts = precautions_of(patient), facts_of(ids)
    found = CatalogueExercise.objects.current().filter(vouched_on(precautions.today), pk__in=ids)
    weighted = CatalogueExercise.equipment.through.objects.filter(
        exercise__in=[line.exercise_id for line in current], equipment__slug__in=WEIGHTS
    )
    rungs = {
        each.pk: Rung(
            slug=each.slug,
            name=each.name,
            plain_name=each.plain_name,
            level=each.level,
            dosage=default_dosage(each),
            is_blocked=precautions.match(facts[each.pk]).level == BLOCK,
            is_heavy="heavy-lift" in facts[each.pk].tags,
            clinician_only=each.clinician_only,
        )
        for each in found
    }
    return rungs, set(weighted.values_list("exercise", flat=True))


def _week(thread: UUID, log: Log, today: date) -> tuple[date, date]:
    """The last 7 days of an exercise; today counts once something of it was done."""
    last = today if log.ticks[thread].get(today) else today - timedelta(days=1)
    return last - timedelta(days=WEEK - 1), last


def _practices(
    thread: UUID, log: Log, history: Iterable[PrescribedExercise], grid: Grid, today: date
) -> Iterable[Practice]:
    lines = {line.pk: line for line in history}
    stopped = {
        day: skip for (of, day, _), skip in log.skips.items() if of == thread and skip.reason == SkipReason.PAIN
    }
    for day in sorted({*log.ticks[thread], *stopped}, reverse=True):
        answers = log.answers.get(day, Answers())
        decision, worst = decision_of(answers, grid), answers.worst
        if day in stopped:
            pain = stopped[day].pain
            # A stop without a number is a stop; one within the limits is at best no reason to add anything.
            if pain is None or pain > grid.amber_to:
                decision, worst = Decision.STOP, pain
            elif decision in (None, Decision.GO):
                decision, worst = Decision.HOLD, max(pain, worst or 0)
        is_own = day in stopped and decision == Decision.STOP
        ticks = log.ticks[thread].get(day, [])
        last_set, least = _sets(ticks, lines)
        yield Practice(
            day=day,
            decision=decision,
            is_pending=_is_pending(answers, grid, day, today) and decision not in (Decision.STOP, Decision.STEP_BACK),
            is_own=is_own,
            worst=worst,
            effort=answers.effort,
            last_set=last_set,
            least=least,
        )


def _is_pending(answers: Answers, grid: Grid, day: date, today: date) -> bool:
    """Green so far, and the next morning can still be answered: within 36 hours of the session (PAIN-1)."""
    is_green = answers.worst is None or answers.worst <= grid.green_to
    return is_green and answers.rise is None and (today - day).days <= 1


def _sets(ticks: Sequence[CheckOff], lines: Mapping[int, PrescribedExercise]) -> tuple[int | None, int | None]:
    """The amount of the last set, and the smallest of all; None where sets are missing."""
    line = lines.get(ticks[-1].line_id) if ticks else None
    if line is None:
        return None, None
    occasion = max(tick.occasion for tick in ticks)
    done = {(tick.set_number, tick.side): tick for tick in ticks if tick.occasion == occasion}
    amounts = {
        each: int(tick.amount if tick.amount is not None else amount_of(line.dosage, each[0]))
        for each, tick in done.items()
    }
    wanted = dose(line.dosage).ticks
    last = [each for each in wanted if each[0] == line.dosage.sets]
    least = min(amounts[each] for each in wanted) if all(each in amounts for each in wanted) else None
    return (min(amounts[each] for each in last) if all(each in amounts for each in last) else None), least


def _changed_on(versions: Sequence[PrescribedExercise]) -> date:
    """When the dosage was last changed, or the exercise came in. `versions`: newest first."""
    newest = versions[0]
    since = newest.prescription.starts_on
    for line in versions[1:]:
        if changed(line.dosage, newest.dosage) or line.exercise_id != newest.exercise_id:
            break
        since = line.prescription.starts_on
    return since


def _changed_since(
    exercises: Iterable[Exercise], last: date | None, plan: Prescription, versions: Sequence[Prescription]
) -> int:
    """How many exercises a new version changed after the last session."""
    if len(versions) < 2 or (last is not None and plan.starts_on <= last):
        return 0
    return sum(it.changed_on == plan.starts_on for it in exercises)


def _minutes_to(line: PrescribedExercise, later: Iterable[ProtocolLine], stage: int) -> Any:
    """The longest that the catalogue or a later stage of the protocol asks for (PROG-5)."""
    wanted = [each.dosage.minutes for each in later if each.exercise_id == line.exercise_id and each.stage > stage]
    return max((m for m in (line.exercise.minutes, *wanted) if m is not None), default=None)


def _stage_began(versions: Sequence[Prescription], plan: Prescription) -> date:
    began = plan.starts_on
    for each in versions:
        if each.version > plan.version:
            continue
        if (each.protocol_id, each.stage) != (plan.protocol_id, plan.stage):
            break
        began = each.starts_on
    return began


def _closed(plan: Prescription, later: Sequence[ProtocolLine], has: set[int], today: date) -> frozenset[int]:
    """The stages that cannot be moved to: the protocol, or an exercise that would come in, is vouched for by nobody."""
    protocol = plan.protocol
    if protocol and not is_vouched_for(protocol.review_by, today):
        return frozenset(line.stage for line in later)
    coming = [line for line in later if line.exercise_id not in has]
    return frozenset(line.stage for line in coming if not is_vouched_for(line.review_by, today))  # type: ignore[attr-defined]


def _stage(
    plan: Prescription, later: Sequence[ProtocolLine], closed: frozenset[int], began: date, logged: Sequence[date], share: float | None,
    log: Log, grid: Grid, today: date,
) -> Stage | None:  # fmt: skip
    if not plan.stage:
        return None
    following = next((line for line in later if line.stage > plan.stage), None)
    return Stage(
        number=plan.stage,
        next_stage=following.stage if following else None,
        next_label=following.stage_label if following else "",
        began_on=began,
        sessions=sum(day >= began for day in logged),
        share=share,
        answers=tuple(_answered(log, grid, began, today)),
        closed=closed,
    )


def _answered(log: Log, grid: Grid, since: date, today: date) -> Iterable[Answered]:
    for day in sorted((day for day in log.answers if day >= since), reverse=True):
        said = log.answers[day]
        if _is_pending(said, grid, day, today):
            continue
        yield Answered(
            day=day,
            decision=decision_of(said, grid),
            is_red=None if said.worst is None else said.worst > grid.amber_to,
            is_green=None if said.worst is None else said.worst <= grid.green_to,
            is_settled=None if said.rise is None else said.rise < grid.raised_from,
            below=said.below,
            effort=said.effort,
        )


def _away(
    logged: Sequence[date], before: date | None, plan: Prescription, closed: frozenset[int], today: date
) -> Away | None:
    """Days since the last session; or, in the first week back, the days before it. A plan that began since was written
    for coming back."""
    days = [*logged, *([before] if before else [])]
    if not days:
        return None
    last, back = days[0], today
    if (today - last).days < WEEK:
        recent = [day for day in days if (today - day).days < WEEK]
        earlier = [day for day in days if day not in recent]
        if not earlier:
            return None
        last, back = earlier[0], recent[-1]
    if plan.starts_on > last:
        return None
    return Away((back - last).days, last, plan.stage, closed)
