import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.today.models import Session
from patients.models import AuditEvent
from tests.factories import catalogue, history, plans

TODAY = date(2026, 11, 18)  # a Wednesday
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
PAGES = ("patient_record", "patient_days", "patient_day")


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def plan(patient, clinician):
    bridge, walk = catalogue.exercise("bridge"), catalogue.exercise("walking")
    lines = [plans.Line(bridge, "3 x 10, 5 s hold"), plans.Line(walk, "10 min, 2x/day")]
    return plans.published(patient, by=clinician.user, lines=lines, starts_on=ago(40), title="Strong back")


def url(name, patient):
    return reverse(name, args=[patient.uuid, TODAY] if name == "patient_day" else [patient.uuid])


@pytest.mark.parametrize("name", PAGES)
def test_each_page_opens_and_leaves_an_audit_line(clinician_client, clinician, patient, plan, name):
    history.done(plan, ago(1))
    assert clinician_client.get(url(name, patient)).status_code == 200
    line = AuditEvent.objects.get(action="record.viewed")
    assert (line.patient, line.actor) == (str(patient.uuid), str(clinician.user.pk))


@pytest.mark.parametrize("name", PAGES)
def test_another_clinics_patient_does_not_exist(foreign_clinician_client, patient, name):
    assert foreign_clinician_client.get(url(name, patient)).status_code == 404
    assert not AuditEvent.objects.filter(action="record.viewed").exists()


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("who", ["patient_client", "other_patient_client", "admin_client", "nobody_client"])
def test_other_roles_have_no_such_page(request, patient, name, who):
    assert request.getfixturevalue(who).get(url(name, patient)).status_code == 403


@pytest.mark.parametrize("name", PAGES)
def test_a_stranger_is_asked_to_sign_in_and_nothing_is_posted(client, clinician_client, patient, name):
    assert client.get(url(name, patient)).status_code == 302
    assert clinician_client.post(url(name, patient)).status_code == 405


def test_nobodys_record_is_not_found(clinician_client):
    assert clinician_client.get(reverse("patient_record", args=[uuid4()])).status_code == 404


@pytest.mark.parametrize("day", ["2026-02-31", "0000-01-01", "2026-1-1", "yesterday"])
def test_a_day_that_is_none_is_not_found(clinician_client, patient, day):
    address = reverse("patient_days", args=[patient.uuid])
    assert clinician_client.get(f"{address}{day}/").status_code == 404


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_any_other(clinician_client, patient, plan, day):
    address = reverse("patient_days", args=[patient.uuid])
    assert clinician_client.get(f"{address}{day}/").status_code == 200


def test_the_record_shows_plan_sessions_and_what_became_of_each_exercise(clinician_client, patient, plan):
    history.done(plan, *[ago(days) for days in range(1, 41) if days != 3])
    history.said(patient, ago(1), pain_before=4, pain_worst=2, effort=3, comment="Felt <good>")
    history.skipped(plan.lines.get(position=0), ago(3), "equipment")
    page = clinician_client.get(reverse("patient_record", args=[patient.uuid]))
    text = page.content.decode()
    for part in (
        "Strong back",
        "3 × 10, 5 s hold",
        "2×/day",
        "Felt &lt;good&gt;",
        "pain 4 to 2, effort 3",
        "No equipment here",
    ):
        assert part in text
    view = page.context["view"]
    assert [(row.name, row.done, row.partly, row.asked) for row in view.exercises] == [
        ("Bridge", 12, 0, 13),
        ("Walking", 24, 0, 26),
    ]
    assert (view.this_week.session_days_done, view.this_week.session_days_planned) == (2, 2)


def test_the_worst_pain_of_a_day_is_that_of_its_worst_session(clinician_client, patient, plan):
    history.done(plan, ago(1))
    for occasion, before, worst in ((1, 2, 8), (2, 1, 3), (3, 9, None)):
        history.said(patient, ago(1), occasion=occasion, pain_before=before, pain_worst=worst)
    page = clinician_client.get(url("patient_record", patient)).content.decode()
    assert "pain 2 to 8" in page
    assert '<td class="num">9</td>' in page  # the week's worst, which began a session


def test_what_a_patient_ticks_today_is_seen_at_once(clinician_client, patient, plan):
    history.done(plan, TODAY, sets=2, lines=[0])
    page = clinician_client.get(reverse("patient_record", args=[patient.uuid]))
    assert "Today so far" in page.content.decode()
    bridge = page.context["view"].exercises[0]
    assert (bridge.done, bridge.partly, bridge.asked) == (0, 1, 14)


def test_what_is_done_as_needed_is_told_and_not_asked_for(clinician_client, clinician, patient):
    bridge, squat = catalogue.exercise("bridge"), catalogue.exercise("squat")
    lines = [plans.Line(bridge, "1 x 10"), plans.Line(squat, "1 x 10, 4x/day, as needed")]
    plan = plans.published(patient, by=clinician.user, lines=lines, starts_on=ago(3))
    history.done(plan, TODAY)

    record = clinician_client.get(url("patient_record", patient)).content.decode()
    day = clinician_client.get(url("patient_day", patient)).content.decode()
    before = clinician_client.get(reverse("patient_day", args=[patient.uuid, ago(1)])).content.decode()

    assert ">4 times as needed<" in record
    assert "1 of 1 sets" in day and day.count('class="turn"') == 5
    assert "0 of 1 sets" in before and "quat" not in before


def test_what_became_as_needed_keeps_its_planned_days_apart(clinician_client, clinician, patient):
    first = plans.Line(catalogue.exercise("bridge"), "1 x 10")
    old = plans.published(patient, by=clinician.user, lines=[first], starts_on=ago(3))
    history.done(old, ago(3), ago(2))
    relief = plans.Line(first.exercise, "1 x 10, 2x/day, as needed", thread=first.thread)
    new = plans.revised(old, by=clinician.user, lines=[relief], on=ago(1))
    history.done(new, ago(1))

    record = clinician_client.get(url("patient_record", patient)).content.decode()

    assert re.search(r">2 of 2</span>\s*<span class=\"nowrap\">2 times as needed<", record)


def test_short_session_is_marked_as_one(clinician_client, patient, plan):
    bridge = plan.lines.get(exercise__slug="bridge")
    picked = [str(bridge.thread)]
    history.done(plan, ago(1))
    Session.objects.create(
        patient=patient, day=ago(1), minutes=10, picked=picked, started_at=NOON, said_by=patient.user
    )

    assert "Short session, 10 min" in clinician_client.get(url("patient_record", patient)).content.decode()
    day = clinician_client.get(reverse("patient_day", args=[patient.uuid, ago(1)])).content.decode()
    assert "Short session: had 10 minutes" in day


def test_minutes_alone_are_no_session(clinician_client, patient, plan):
    Session.objects.create(patient=patient, day=ago(1), minutes=10, started_at=NOON, said_by=patient.user)

    assert "No session yet." in clinician_client.get(url("patient_record", patient)).content.decode()


def test_skips_for_pain_are_told_and_not_counted(clinician_client, patient, plan):
    history.done(plan, *[ago(days) for days in range(1, 41) if days != 2])
    history.skipped(plan.lines.get(position=0), ago(2), "pain")
    bridge = clinician_client.get(reverse("patient_record", args=[patient.uuid])).context["view"].exercises[0]
    assert (bridge.done, bridge.asked, bridge.skips) == (12, 12, (("It hurt", 1),))


def test_an_exercise_followed_through_a_revision_is_one_row(clinician_client, clinician, patient, plan):
    history.done(plan, *[ago(days) for days in range(5, 41)])
    bridge = plan.lines.get(position=0)
    lines = [plans.Line(bridge.exercise, "3 x 12", thread=bridge.thread)]
    second = plans.revised(plan, by=clinician.user, lines=lines, on=ago(4))
    history.done(second, ago(4), ago(3))
    view = clinician_client.get(reverse("patient_record", args=[patient.uuid])).context["view"]
    assert [(row.name, row.dose, row.is_current) for row in view.exercises] == [
        ("Bridge", "3 × 12", True),
        ("Walking", "10 min, 2×/day", False),
    ]
    assert (view.exercises[0].done, view.exercises[0].asked) == (11, 13)
    assert view.plan.prescription == second
    assert "Version 2" in view.pain_chart


def test_a_record_without_a_plan_offers_to_write_one(clinician_client, patient):
    page = clinician_client.get(reverse("patient_record", args=[patient.uuid]))
    text = page.content.decode()
    assert "Nothing is prescribed yet." in text
    assert reverse("prescription_new", args=[patient.uuid]) in text
    assert "Charts appear with the first session." in text
    assert '<svg class="chart"' not in text


def test_a_day_shows_each_set_with_its_time_and_the_comment(clinician_client, patient, plan):
    history.done(plan, ago(2), sets=1)
    history.said(patient, ago(2), comment="Short of time")
    page = clinician_client.get(reverse("patient_day", args=[patient.uuid, ago(2)]))
    detail = page.context["detail"]
    assert [(line.name, line.done, line.asked) for line in detail.lines] == [("Bridge", 1, 3), ("Walking", 2, 2)]
    text = page.content.decode()
    assert "09:00" in text
    assert "Short of time" in text
    assert "Monday 16 November 2026" in text


def test_sets_entered_days_later_say_so(clinician_client, patient, plan):
    history.done(plan, ago(5), lines=[0])
    patient.check_offs.update(done_at=NOON)
    page = clinician_client.get(reverse("patient_day", args=[patient.uuid, ago(5)]))
    assert "entered Wed 18 Nov" in page.content.decode()


def test_htmx_gets_the_day_alone(clinician_client, patient, plan):
    page = clinician_client.get(reverse("patient_day", args=[patient.uuid, ago(2)]), headers={"HX-Request": "true"})
    text = page.content.decode()
    assert text.strip().startswith('<section class="card-x" id="day"')
    assert "<html" not in text


def test_a_day_before_the_plan_asks_for_nothing(clinician_client, patient, plan):
    page = clinician_client.get(reverse("patient_day", args=[patient.uuid, ago(60)]))
    assert "Nothing was asked for on this day." in page.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_much_history_takes_no_more_queries_than_little(
    clinician_client, clinician, patient, plan, name, django_assert_max_num_queries, django_assert_num_queries
):
    history.done(plan, ago(1))
    history.said(patient, ago(1), pain_before=3)
    clinician_client.get(reverse("start"))  # the first request of a session notes when it began
    with django_assert_max_num_queries(30) as little:
        clinician_client.get(url(name, patient))
    history.done(plan, *[ago(days) for days in range(2, 39)])
    for days in range(2, 39):
        history.said(patient, ago(days), pain_before=3, comment="Fine")
    history.skipped(plan.lines.get(position=0), ago(39), "time")
    plans.paused(plan, by=clinician.user, since=ago(40), until=ago(40))
    more = [plans.Line(catalogue.exercise(f"exercise-{n}"), "2 x 8") for n in range(8)]
    second = plans.revised(plan, by=clinician.user, lines=more, on=TODAY)
    history.done(second, TODAY)
    with django_assert_num_queries(len(little)):
        clinician_client.get(url(name, patient))
