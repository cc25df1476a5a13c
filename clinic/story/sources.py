"""Where a timeline's entries come from: for each kind of them its newest rows before a day, in a fixed number of
bounded queries, however long the record is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.caseload.overview import Day
from clinic.caseload.pain import session_pain
from clinic.flare.models import FlareUp
from clinic.messaging.models import Message
from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.models import Easing, Pause, PrescribedExercise, Prescription
from clinic.progression.models import Proposal
from clinic.story.entries import DAY, ROWS, Entry, Kind, Read
from clinic.today.follow_ups import said_of
from clinic.today.models import CAPPED_REASONS, AdverseEvent, DailyTally, Session, Skip, SkipReason
from clinic.today.pain import Zone
from clinic.today.plan import DayTally
from patients.models import AuditEvent, Clearance, Clinician, Goal, GoalStep, Patient, Screening, TaskStep, User
from patients.outcomes.history import Answer, between, said
from patients.outcomes.measures import START
from patients.outcomes.pages import Known, known_of
from patients.outcomes.scoring import band_of
from patients.records.pain_limits import Limits, limits_of
from patients.screening.models import Level, Occasion

FIRST_WORDS = 14  # of a message
LETTERS = 200  # of each part of a note
ENTERED = {
    Zone.GREEN: lambda: _("Pain back in the green zone"),
    Zone.AMBER: lambda: _("Pain in the amber zone"),
    Zone.RED: lambda: _("Pain in the red zone"),
}
ZONE_TONES = {Zone.GREEN: "good", Zone.AMBER: "warn", Zone.RED: "danger"}
LEVEL_TONES = {Level.A: "danger", Level.B: "danger", Level.C: "warn"}
PEOPLE = {
    "care_team.joined": lambda: _("Joined the care team"),
    "care_team.left": lambda: _("Left the care team"),
    "care_team.handed_over": lambda: _("Took over the lead"),
    "patient.added": lambda: _("Patient added"),
    "patient.discharged": lambda: _("Discharged"),
    "patient.reopened": lambda: _("Active again"),
}


@dataclass(frozen=True)
class Asked:
    """Whose story, as whom, and before which local day. known: what was measured, where it was read already."""

    patient: Patient
    user: User
    before: date

    @cached_property
    def moment(self) -> datetime:
        """The first one that is too late."""
        return self.start(self.before)

    @cached_property
    def limits(self) -> Limits:
        """As they are now, for all days. One query."""
        return limits_of(self.patient)

    @cached_property
    def known(self) -> Known:
        """Two queries. All of a patient's measures: a change is one since the baseline."""
        return known_of(self.patient)

    def start(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.patient.zone)

    def day(self, at: date | datetime) -> date:
        return self.patient.local_day(at) if isinstance(at, datetime) else at

    def url(self, name: str, *args: object, at: str = "") -> str:
        return reverse(name, args=[self.patient.uuid, *args]) + at

    def latest(self, rows: QuerySet[Any], *moments: Any) -> list[Any]:
        """Newest first by the last of these moments that came, `last`: the latest one is named first."""
        last = Coalesce(*moments) if len(moments) > 1 else F(*moments)
        return list(newest(rows.annotate(last=last), "-last", "-pk"))

    def told(self, rows: QuerySet[Any], entries: Callable[[Any], Iterable[Entry]], *moments: Any) -> Read:
        """What rows tell whose newest are found by these moments."""
        return self.read(self.latest(rows, *moments), lambda row: self.day(row.last), entries)

    def read(
        self, rows: Iterable[Any], day_of: Callable[[Any], date], entries: Callable[[Any], Iterable[Entry]]
    ) -> Read:
        """rows: newest first, one more than a page takes, where there are so many."""
        rows = list(rows)
        reaches = min(day_of(rows[ROWS - 1]), self.before - DAY) if len(rows) > ROWS else None
        found = (entry for row in rows[:ROWS] for entry in entries(row))
        return Read(tuple(entry for entry in found if entry.day < self.before), reaches)


def newest(rows: QuerySet[Any], *order: Any) -> QuerySet[Any]:
    return rows.order_by(*order)[: ROWS + 1]


def reads_of(asked: Asked, kinds: Iterable[Kind]) -> list[Read]:
    return [read for kind in kinds for source in SOURCES[kind] for read in source(asked)]


# --- what the patient did and said ---


def _days(asked: Asked) -> Iterable[Read]:
    """A day an entry. Two queries."""
    patient = asked.patient
    tallies = newest(DailyTally.objects.visible_to(asked.user).filter(patient=patient, day__lt=asked.before), "-day")
    sessions = _sessions(asked)
    figures = {row.day: row.figures() for row in tallies}
    told: dict[date, list[Session]] = defaultdict(list)
    for session in reversed(sessions[:ROWS]):
        if session.is_answered:
            told[session.day].append(session)
    days = sorted({*list(figures)[:ROWS], *told}, reverse=True)
    reaches = [
        days_known[ROWS - 1]
        for days_known in (list(figures), [each.day for each in sessions])
        if len(days_known) > ROWS
    ]
    entries = [_day(asked, day, figures.get(day) or DayTally(day), told[day]) for day in days]
    yield Read(tuple(entries), max(reaches, default=None))


def _sessions(asked: Asked) -> list[Session]:
    rows = Session.objects.visible_to(asked.user).filter(patient=asked.patient, day__lt=asked.before)
    return list(newest(rows, "-day", "-occasion"))


def _day(asked: Asked, day: date, tally: DayTally, sessions: Sequence[Session]) -> Entry:
    shown = Day(day, tally, is_logged=True, is_future=False, is_today=False)
    lines, tone = list[str](), ""
    if shown.asked:
        title = _("%(done)s of %(asked)s done") % {"done": shown.done_slots, "asked": shown.asked}
    elif tally.breaks_planned:
        breaks = {"done": round(tally.breaks_done), "asked": tally.breaks_planned}
        title = _("%(done)s of %(asked)s breaks") % breaks
    else:
        title = _("Nothing asked")
    for session in sessions:
        seen = session_pain(session, asked.limits, asked.patient.clinic.thresholds)
        lines += _session_lines(session)
        if seen.decision and seen.tone in ("warn", "danger"):
            tone = seen.tone if tone != "danger" else tone
            lines.append(seen.decision)
    url = asked.url("patient_day", day)
    quotes = tuple(session.comment for session in sessions if session.comment)
    return Entry(Kind.DAY, day, title, tuple(lines), url, tone, quotes=quotes)


def _session_lines(session: Session) -> Iterable[str]:
    pain = {"before": session.pain_before, "worst": session.pain_worst, "morning": session.pain_morning}
    if session.pain_before is not None and session.pain_worst is not None:
        yield _("Pain %(before)s before, %(worst)s at worst") % pain
    elif session.pain_before is not None:
        yield _("Pain %(before)s before") % pain
    elif session.pain_worst is not None:
        yield _("Pain %(worst)s at worst") % pain
    if session.pain_morning is not None:
        yield _("Pain %(morning)s next morning") % pain
    if session.effort is not None:
        yield _("Effort %(effort)s") % {"effort": session.effort}


def _zones(asked: Asked) -> Iterable[Read]:
    """Where the worst pain of a session lies in another zone than that of the session before. One query."""
    sessions = _sessions(asked)
    entries, last = [], None
    for session in reversed(sessions):
        zone = said_of(session).zone(asked.limits)
        if zone is None:
            continue
        if zone is not last and (last is not None or zone is Zone.RED):
            entries.append(
                Entry(
                    Kind.PAIN, session.day, ENTERED[zone](),
                    (_("Worst pain %(score)s of 10") % {"score": session.pain_worst},),
                    asked.url("patient_day", session.day), ZONE_TONES[zone],
                )
            )  # fmt: skip
        last = zone
    yield Read(tuple(entries), sessions[ROWS - 1].day if len(sessions) > ROWS else None)


def _skipped_days(asked: Asked) -> Iterable[Read]:
    """One query: a day and a reason is one row, whatever the number of exercises."""
    rows = Skip.objects.visible_to(asked.user).filter(
        patient=asked.patient, day__lt=asked.before, reason__in=CAPPED_REASONS
    )

    def entries(row: tuple[date, str]) -> Iterable[Entry]:
        day, reason = row
        yield Entry(
            Kind.OFF, day, _("Day off"), (str(SkipReason(reason).label),), asked.url("patient_day", day)
        )  # fmt: skip

    yield asked.read(newest(rows.values_list("day", "reason").distinct(), "-day"), lambda row: row[0], entries)


def _messages(asked: Asked) -> Iterable[Read]:
    rows = Message.objects.visible_to(asked.user).filter(patient=asked.patient, written_at__lt=asked.moment)

    def entries(row: Message) -> Iterable[Entry]:
        title = _("Message from the patient") if row.from_patient else _("Answer of the clinic")
        words = Truncator(row.text).words(FIRST_WORDS)
        yield Entry(
            Kind.MESSAGE, asked.day(row.written_at), title, (), asked.url("patient_messages"), who=str(row.written_by),
            at=row.written_at, quotes=(words,),
        )  # fmt: skip

    yield asked.told(rows.select_related("written_by"), entries, "written_at")


def _adverse_events(asked: Asked) -> Iterable[Read]:
    rows = AdverseEvent.objects.visible_to(asked.user).filter(patient=asked.patient, reported_at__lt=asked.moment)

    def entries(row: AdverseEvent) -> Iterable[Entry]:
        about = row.line.exercise.name if row.line else ""
        when = (
            _("Happened on %(day)s") % {"day": date_format(row.happened_on, "j F")}
            if row.happened_on != asked.day(row.reported_at)
            else ""
        )
        yield Entry(
            Kind.EVENT, asked.day(row.reported_at), _("Adverse event: %(kind)s") % {"kind": row.get_kind_display()},
            tuple(filter(None, (row.get_severity_display(), about, when))), asked.url("patient_pain"), "danger",
            str(row.reported_by), row.reported_at, (row.text,) if row.text else (),
        )  # fmt: skip

    rows = rows.select_related("line__exercise", "reported_by")
    yield asked.told(rows, entries, "reported_at")


def _measures(asked: Asked) -> Iterable[Read]:
    """Each beside its baseline."""
    entries = [
        Entry(
            Kind.MEASURE, answer.day,
            _("%(measure)s: %(score)s") % {"measure": series.measure.name, "score": said(series.measure, answer.score)},
            tuple(filter(None, (_band(series.measure, answer), _compared(series, answer), answer.note))),
            asked.url("patient_measures"), _measure_tone(series, answer),
        )
        for series in asked.known.series
        for answer in series.scored
        if answer.day < asked.before
    ]  # fmt: skip
    entries.sort(key=lambda entry: entry.day, reverse=True)
    yield Read(tuple(entries[:ROWS]), entries[ROWS - 1].day if len(entries) > ROWS else None)


def _band(measure: Any, answer: Answer) -> str:
    return band_of(measure, answer.score, answer.items) if answer.score is not None else ""


def _compared(series: Any, answer: Answer) -> str:
    if answer is series.first:
        return _("Baseline")
    if series.measure is START or series.first is None or answer.day < series.first.day:
        return ""
    found = between(series.measure, series.first, answer)
    return found.words if found else ""


def _measure_tone(series: Any, answer: Answer) -> str:
    first = series.first
    found = (
        between(series.measure, first, answer) if first and answer is not first and answer.day >= first.day else None
    )
    if found is None or found.label != "meaningful":
        return ""
    return "warn" if found.is_worse else "good"


# --- the plan ---


def _plans(asked: Asked) -> Iterable[Read]:
    """Versions with what they change, ends and proposals decided. Three queries."""
    versions = (
        Prescription.objects.visible_to(asked.user)
        .filter(patient=asked.patient, published_at__lt=asked.moment)
        .select_related("published_by", "ended_by")
        .annotate(is_replaced=Exists(Prescription.objects.published().filter(replaces=OuterRef("pk"))))
    )
    rows = asked.latest(versions, "ended_at", "published_at")
    lines = _lines_of(rows)

    def entries(row: Any) -> Iterable[Entry]:
        yield _published(row, lines, asked.day(row.published_at))
        if row.ended_at and not row.is_replaced:
            yield Entry(
                Kind.PLAN, asked.day(row.ended_at), _("Plan ended"), tuple(filter(None, (row.title, row.end_reason))),
                reverse("prescription", args=[row.uuid]), who=str(row.ended_by), at=row.ended_at,
            )  # fmt: skip

    yield asked.read(rows, lambda row: asked.day(row.last), entries)
    decided = (
        Proposal.objects.visible_to(asked.user)
        .filter(patient=asked.patient, decided_at__lt=asked.moment, state__in=[Proposal.ACCEPTED, Proposal.DECLINED])
        .select_related("decided_by")
    )
    yield asked.told(decided, lambda row: [_proposal(asked, row)], "decided_at")


def _lines_of(rows: Sequence[Prescription]) -> dict[int, list[PrescribedExercise]]:
    """Of these plans and of those they replaced."""
    wanted = {row.pk for row in rows} | {row.replaces_id for row in rows if row.replaces_id}
    found: dict[int, list[PrescribedExercise]] = defaultdict(list)
    for line in PrescribedExercise.objects.filter(prescription__in=wanted).select_related("exercise"):
        found[line.prescription_id].append(line)
    return found


def _published(row: Prescription, lines: dict[int, list[PrescribedExercise]], day: date) -> Entry:
    starts = (
        (_("From %(day)s") % {"day": date_format(row.starts_on, "j F")},)
        if row.starts_on != day
        else tuple[str, ...]()
    )
    if row.replaces_id:
        title = _("Version %(number)s of the plan") % {"number": row.version}
        told = tuple(what_changed(lines[row.replaces_id], lines[row.pk])) or (_("No exercise changed"),)
    else:
        title = _("New plan: %(title)s") % {"title": row.title}
        number = len(lines[row.pk])
        told = (ngettext("%(number)s exercise", "%(number)s exercises", number) % {"number": number},)
    return Entry(
        Kind.PLAN, day, title, (*starts, *told), reverse("prescription", args=[row.uuid]), "info", str(row.published_by),
        row.published_at, (row.note_to_patient,) if row.note_to_patient else (),
    )  # fmt: skip


def _proposal(asked: Asked, row: Proposal) -> Entry:
    title = _("Proposal accepted") if row.state == Proposal.ACCEPTED else _("Proposal declined")
    return Entry(
        Kind.PLAN, asked.day(row.decided_at), title, tuple(filter(None, (row.evidence, row.reason))),  # type: ignore[arg-type]
        asked.url("patient_record", at="#plan"), who=str(row.decided_by), at=row.decided_at,
    )  # fmt: skip


def _pauses(asked: Asked) -> Iterable[Read]:
    rows = Pause.objects.filter(prescription__patient=asked.patient, paused_at__lt=asked.moment)
    rows = rows.select_related("prescription", "paused_by", "resumed_by")

    def entries(row: Any) -> Iterable[Entry]:
        url = reverse("prescription", args=[row.prescription.uuid])
        yield Entry(
            Kind.OFF, asked.day(row.paused_at), _("Plan paused"), (row.reason,), url, who=str(row.paused_by),
            at=row.paused_at,
        )  # fmt: skip
        if row.resumed_at:
            yield Entry(
                Kind.OFF, asked.day(row.resumed_at), _("Plan resumed"), (), url, who=str(row.resumed_by), at=row.resumed_at
            )  # fmt: skip

    yield asked.told(rows, entries, "resumed_at", "paused_at")


def _flares(asked: Asked) -> Iterable[Read]:
    """Flare-ups, and exercises that rest or are halved. Two queries."""
    flares = FlareUp.objects.visible_to(asked.user).filter(patient=asked.patient, began_at__lt=asked.moment)
    flares = flares.select_related("began_by", "ended_by")
    yield asked.told(flares, lambda row: _flare(asked, row), "ended_at", "began_at")
    name = PrescribedExercise.objects.filter(thread=OuterRef("thread"), prescription__patient=asked.patient)
    name = name.filter(prescription__published_at__isnull=False).order_by("-prescription__version")
    easings = Easing.objects.filter(patient=asked.patient, made_at__lt=asked.moment)
    easings = easings.annotate(exercise=Subquery(name.values("exercise__name")[:1])).select_related("made_by")
    made = TruncDate("made_at", tzinfo=asked.patient.zone)
    yield asked.told(easings, lambda row: _easing(asked, row), "lifted_on", made)


def _flare(asked: Asked, row: FlareUp) -> Iterable[Entry]:
    url = asked.url("patient_record", at="#eased")
    yield Entry(
        Kind.FLARE, asked.day(row.began_at), _("Flare-up"),
        (row.get_because_display(), _("Gentle days to %(day)s") % {"day": date_format(row.until_day, "j F")}),
        url, "danger", str(row.began_by), row.began_at,
    )  # fmt: skip
    if row.ended_at:
        yield Entry(
            Kind.FLARE, asked.day(row.ended_at), _("Flare-up ended"), (), url, "good", str(row.ended_by), row.ended_at
        )  # fmt: skip


def _easing(asked: Asked, row: Any) -> Iterable[Entry]:
    exercise, url = row.exercise or _("An exercise"), asked.url("patient_record", at="#eased")
    title = (_("%(exercise)s rests") if row.kind == Easing.Kind.WITHHELD else _("%(exercise)s at half")) % {
        "exercise": exercise
    }
    who = str(row.made_by) if row.made_by else _("A rule")
    made = asked.day(row.made_at)
    later = (
        (_("From %(day)s") % {"day": date_format(row.from_day, "j F")},)
        if row.from_day != made
        else tuple[str, ...]()
    )
    told = (*later, row.words or row.get_because_display())
    yield Entry(Kind.FLARE, made, title, told, url, "warn", who, row.made_at)
    if row.lifted_on:
        yield Entry(
            Kind.FLARE, row.lifted_on, _("%(exercise)s as prescribed again") % {"exercise": exercise}, (), url
        )


# --- what clinicians did ---


def _checks(asked: Asked) -> Iterable[Read]:
    """Red-flag checks, and what clinicians made of them. Two queries."""
    rows = Screening.objects.visible_to(asked.user).filter(patient=asked.patient, answered_at__lt=asked.moment)
    url = asked.url("patient_checks")

    def checked(row: Screening) -> Iterable[Entry]:
        level = Level(row.level)
        yield Entry(
            Kind.CHECK, asked.day(row.answered_at), _("Red-flag check"),
            (str(level.label), str(Occasion(row.occasion).label)), url, LEVEL_TONES.get(level, ""), str(row.answered_by),
            row.answered_at,
        )  # fmt: skip

    yield asked.told(rows.select_related("answered_by"), checked, "answered_at")
    clearances = Clearance.objects.filter(screening__patient=asked.patient, at__lt=asked.moment).select_related("by")

    def cleared(row: Clearance) -> Iterable[Entry]:
        title = _("Red flag cleared") if row.cleared else _("Red flag not cleared")
        yield Entry(
            Kind.CHECK, asked.day(row.at), title, (row.note,), url, "good" if row.cleared else "warn", str(row.by), row.at
        )  # fmt: skip

    yield asked.told(clearances, cleared, "at")


def _short(text: str) -> str:
    return Truncator(" ".join(text.split())).chars(LETTERS)


def _notes(asked: Asked) -> Iterable[Read]:
    rows = asked.patient.notes.filter(written_at__lt=asked.moment).select_related("written_by")

    def entries(row: Any) -> Iterable[Entry]:
        title = _("Note")
        if row.adds_to_id:
            title = _("Addendum to a note")
        elif row.visit_on:
            title = _("Visit note")
        parts = (_("%(part)s: %(text)s") % {"part": name, "text": _short(text)} for name, text in row.parts)
        yield Entry(
            Kind.NOTE, asked.day(row.written_at), title, tuple(filter(None, (*parts, _short(row.text)))),
            asked.url("patient_notes"), who=str(row.written_by), at=row.written_at,
        )  # fmt: skip

    yield asked.told(rows, entries, "written_at")


def _goals(asked: Asked) -> Iterable[Read]:
    """Two queries."""
    rows = Goal.objects.filter(patient=asked.patient, added_at__lt=asked.moment)
    rows = rows.select_related("added_by", "reached_by", "dropped_by")
    url = asked.url("patient_goals")

    def entries(row: Goal) -> Iterable[Entry]:
        for title, at, by in (
            (_("Goal set"), row.added_at, row.added_by),
            (_("Goal reached"), row.reached_at, row.reached_by),
            (_("Goal set aside"), row.dropped_at, row.dropped_by),
        ):
            if at:
                tone = "good" if at == row.reached_at else ""
                yield Entry(Kind.GOAL, asked.day(at), title, (row.text,), url, tone, str(by or ""), at)

    yield asked.told(rows, entries, "dropped_at", "reached_at", "added_at")
    steps = GoalStep.objects.filter(goal__patient=asked.patient, day__lt=asked.before)

    def step(row: GoalStep) -> Iterable[Entry]:
        title = _("Goal: %(close)s of 10") % {"close": row.close}
        yield Entry(Kind.GOAL, row.day, title, (row.goal.text,), url, who=str(row.said_by))

    yield asked.read(newest(steps.select_related("goal", "said_by"), "-day", "-said_at"), lambda row: row.day, step)


def _tasks(asked: Asked) -> Iterable[Read]:
    """Every step of every task."""
    rows = TaskStep.objects.filter(task__patient=asked.patient, at__lt=asked.moment).select_related("task", "by")

    def entries(row: TaskStep) -> Iterable[Entry]:
        tone = "warn" if row.task.is_urgent and row.task.resolved_at is None else ""
        yield Entry(
            Kind.TASK, asked.day(row.at), _("Task: %(kind)s") % {"kind": row.task.get_kind_display()}, (row.said,),
            reverse("task", args=[row.task.uuid]), tone, str(row.by) if row.by else _("A rule"), row.at,
        )  # fmt: skip

    yield asked.told(rows, entries, "at")


def _people(asked: Asked) -> Iterable[Read]:
    """Who came and went. A place on the care team leaves no row behind, so that is read from the audit log. Two queries."""
    patient, url = asked.patient, asked.url("patient_record", at="#care-team")
    rows = AuditEvent.objects.filter(patient=str(patient.uuid), action__in=list(PEOPLE), at__lt=asked.moment)
    colleagues = Clinician.objects.filter(clinic=patient.clinic_id).select_related("user")
    clinicians = {each.pk: str(each.user) for each in colleagues}
    users = {each.user_id: str(each.user) for each in colleagues}

    def entries(row: AuditEvent) -> Iterable[Entry]:
        named = clinicians.get(_number(row.subject.removeprefix("clinician:")), "")
        yield Entry(
            Kind.PEOPLE, asked.day(row.at), PEOPLE[row.action](), (named,) if named else (), url,
            who=users.get(_number(row.actor), ""), at=row.at,
        )  # fmt: skip

    yield asked.told(rows, entries, "at")


def _number(typed: str) -> int:
    return int(typed) if typed.isdecimal() else 0


def _family(asked: Asked) -> Iterable[Read]:
    rows = asked.patient.family.filter(given_at__lt=asked.moment).select_related("given_by", "ended_by")
    url = asked.url("patient_family")

    def entries(row: Any) -> Iterable[Entry]:
        who = _("%(name)s, %(relation)s") % {"name": row.name, "relation": row.relation}
        given = (who, row.get_level_display(), _("Until %(day)s") % {"day": date_format(row.until, "j F Y")})
        yield Entry(
            Kind.PEOPLE, asked.day(row.given_at), _("Family access given"), given, url, who=str(row.given_by), at=row.given_at
        )  # fmt: skip
        if row.ended_at:
            yield Entry(
                Kind.PEOPLE, asked.day(row.ended_at), _("Family access ended"), (who,), url, who=str(row.ended_by),
                at=row.ended_at,
            )  # fmt: skip

    yield asked.told(rows, entries, "ended_at", "joined_at", "given_at")


def _episodes(asked: Asked) -> Iterable[Read]:
    rows = asked.patient.episodes.filter(opened_on__lt=asked.before)
    url = asked.url("patient_record", at="#red-flags")

    def entries(row: Any) -> Iterable[Entry]:
        told = (row.problem,) if row.problem else ()
        yield Entry(Kind.PEOPLE, row.opened_on, _("Episode began"), told, url)
        if row.closed_on:
            yield Entry(Kind.PEOPLE, row.closed_on, _("Episode closed"), told, url)

    yield asked.told(rows, entries, "closed_on", "opened_on")


def _conditions(asked: Asked) -> Iterable[Read]:
    rows = asked.patient.conditions.filter(added_at__lt=asked.moment).select_related("added_by", "ended_by")
    url = asked.url("patient_conditions")

    def entries(row: Any) -> Iterable[Entry]:
        told = tuple(filter(None, (row.get_code_display(), row.note)))
        yield Entry(
            Kind.PEOPLE, asked.day(row.added_at), _("Condition noted"), told, url, "warn", str(row.added_by or ""), row.added_at
        )  # fmt: skip
        if row.ended_at:
            yield Entry(
                Kind.PEOPLE, asked.day(row.ended_at), _("Condition ended"), told[:1], url, who=str(row.ended_by or ""),
                at=row.ended_at,
            )  # fmt: skip

    yield asked.told(rows, entries, "ended_at", "added_at")


SOURCES: dict[Kind, tuple[Callable[[Asked], Iterable[Read]], ...]] = {
    Kind.DAY: (_days,),
    Kind.PAIN: (_zones,),
    Kind.MEASURE: (_measures,),
    Kind.PLAN: (_plans,),
    Kind.MESSAGE: (_messages,),
    Kind.FLARE: (_flares,),
    Kind.CHECK: (_checks,),
    Kind.EVENT: (_adverse_events,),
    Kind.NOTE: (_notes,),
    Kind.GOAL: (_goals,),
    Kind.TASK: (_tasks,),
    Kind.OFF: (_skipped_days, _pauses),
    Kind.PEOPLE: (_people, _family, _episodes, _conditions),
}
