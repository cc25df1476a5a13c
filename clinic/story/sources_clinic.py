"""What clinicians did, for a timeline, and who came and went."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from clinic.story.asked import Asked, newest
from clinic.story.entries import Entry, Kind, Read
from patients.models import AuditEvent, Clearance, Clinician, Goal, GoalStep, Screening, TaskStep
from patients.screening.models import Level, Occasion

LETTERS = 200  # of each part of a note
LEVEL_TONES = {Level.A: "danger", Level.B: "danger", Level.C: "warn"}
PEOPLE = {
    "care_team.joined": lambda: _("Joined the care team"),
    "care_team.left": lambda: _("Left the care team"),
    "care_team.handed_over": lambda: _("Took over the lead"),
    "patient.added": lambda: _("Patient added"),
    "patient.discharged": lambda: _("Discharged"),
    "patient.reopened": lambda: _("Active again"),
}


def checks(asked: Asked) -> Iterable[Read]:
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


def notes(asked: Asked) -> Iterable[Read]:
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


def goals(asked: Asked) -> Iterable[Read]:
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


def tasks(asked: Asked) -> Iterable[Read]:
    """Every step of every task."""
    rows = TaskStep.objects.filter(task__patient=asked.patient, at__lt=asked.moment).select_related("task", "by")

    def entries(row: TaskStep) -> Iterable[Entry]:
        tone = "warn" if row.task.is_urgent and row.task.resolved_at is None else ""
        yield Entry(
            Kind.TASK, asked.day(row.at), _("Task: %(kind)s") % {"kind": row.task.get_kind_display()}, (row.said,),
            reverse("task", args=[row.task.uuid]), tone, str(row.by) if row.by else _("A rule"), row.at,
        )  # fmt: skip

    yield asked.told(rows, entries, "at")


def people(asked: Asked) -> Iterable[Read]:
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


def family(asked: Asked) -> Iterable[Read]:
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


def episodes(asked: Asked) -> Iterable[Read]:
    rows = asked.patient.episodes.filter(opened_on__lt=asked.before)
    url = asked.url("patient_record", at="#red-flags")

    def entries(row: Any) -> Iterable[Entry]:
        told = (row.problem,) if row.problem else ()
        yield Entry(Kind.PEOPLE, row.opened_on, _("Episode began"), told, url)
        if row.closed_on:
            yield Entry(Kind.PEOPLE, row.closed_on, _("Episode closed"), told, url)

    yield asked.told(rows, entries, "closed_on", "opened_on")


def conditions(asked: Asked) -> Iterable[Read]:
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
