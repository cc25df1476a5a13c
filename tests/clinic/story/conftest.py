from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from clinic.flare.models import FlareUp
from clinic.prescriptions.easings import ease
from clinic.prescriptions.models import Easing
from clinic.today.models import AdverseEvent
from patients.models import Goal, Measurement
from patients.outcomes.measures import NPRS, ODI, PSFS
from patients.records import actions
from patients.tasks.actions import raise_task
from patients.tasks.models import Kind
from tests.factories import catalogue, checks, history, messages, people, plans


@pytest.fixture
def in_may():
    """A Wednesday."""
    with time_machine.travel(datetime(2026, 5, 20, 8, 0, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def plan(in_may, patient, clinician, bridge):
    """Every day since Monday two weeks ago."""
    lines = [plans.Line(bridge, "1 x 10"), plans.Line(catalogue.exercise("plank"), "1 x 20 s")]
    return plans.published(patient, by=clinician.user, lines=lines, starts_on=date(2026, 5, 4))


def measured(patient, measure, day, score, **items):
    Measurement.objects.create(
        patient=patient, measure=measure.slug, version="1+1", score=score, items=items, day=day,
        answered_at=timezone.now(), answered_by=patient.user,
    )  # fmt: skip


@pytest.fixture
def told(plan, patient, clinician, colleague, bridge):
    """Two weeks in which something of every kind happened; the plan's second version is in force since the 11th."""
    by, line = clinician.user, plan.lines.get(exercise=bridge)
    patient.episodes.create(opened_on=date(2026, 5, 3), opened_at=timezone.now(), problem="Low back pain")
    history.done(plan, *[date(2026, 5, day) for day in (4, 5, 6, 8)])
    second = plans.revised(
        plan,
        by=by,
        lines=[plans.Line(bridge, "2 x 10", thread=line.thread)],
        on=date(2026, 5, 11),
        note="Easier now.",
    )
    history.done(second, *[date(2026, 5, day) for day in (11, 12, 13, 14, 18, 19)])
    history.said(patient, date(2026, 5, 4), pain_before=5, pain_worst=8)
    history.said(patient, date(2026, 5, 6), pain_before=3, pain_worst=5)
    history.said(patient, date(2026, 5, 19), pain_before=1, pain_worst=2, effort=4, comment="Walked to the pond.")
    history.skipped(second.lines.get(), date(2026, 5, 15), "unwell")
    for day, score in ((date(2026, 5, 4), 60), (date(2026, 5, 18), 20)):
        measured(patient, ODI, day, score)
    measured(patient, PSFS, date(2026, 5, 5), 4, a=4)
    measured(patient, NPRS, date(2026, 5, 5), 5, week=5)
    messages.asked(patient, "May I swim? " * 20)
    messages.answered(patient, by=by, text="Yes, slowly.")
    screening = checks.flagged(patient, RF20="yes")
    flare = FlareUp.objects.create(
        patient=patient, because="pressed", screening=screening, from_day=date(2026, 5, 15), until_day=date(2026, 5, 17),
        began_at=timezone.now() - timedelta(days=5), began_by=patient.user, ended_on=date(2026, 5, 18),
        ended_at=timezone.now() - timedelta(days=2), ended_by=patient.user,
    )  # fmt: skip
    ease(
        patient=patient, by=None, threads=[line.thread], kind=Easing.Kind.HALF, because=Easing.Because.STOP,
        from_day=date(2026, 5, 21), words="Stopped on pain 7",
    )  # fmt: skip
    AdverseEvent.objects.create(
        patient=patient, kind="fall", severity="mild", text="On the stairs.", happened_on=date(2026, 5, 16),
        reported_at=flare.ended_at, reported_by=patient.user,
    )  # fmt: skip
    actions.write_note(
        patient=patient,
        by=by,
        visit_on=date(2026, 5, 11),
        subjective="Sleeps better.",
        plan="Walk daily.\nBack in May.",
    )
    goal = Goal.objects.create(patient=patient, text="Dance at the wedding", added_by=by)
    Goal.objects.update(added_at=datetime(2026, 5, 4, 9, tzinfo=UTC))
    for day, close in ((date(2026, 5, 11), 3), (date(2026, 5, 18), 6)):
        actions.say_how_close(goal=goal, by=by, close=close, day=day)
    raise_task(patient=patient, kind=Kind.PAIN_UP, words="Median worst pain up 2 points")
    plans.paused(second, by=by, since=date(2026, 5, 20), until=date(2026, 5, 20))
    actions.join_care_team(patient=patient, by=by, clinician=colleague)
    people.helper(patient, by=by)
    patient.conditions.create(code="osteoporosis", added_by=by)
    return second
