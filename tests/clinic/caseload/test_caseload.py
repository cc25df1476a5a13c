import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from clinic.caseload.adherence import Severity
from clinic.caseload.cases import cases_of, versions_of
from patients.models import AuditEvent, Patient
from tests.factories import catalogue, history, people, plans

TODAY = date(2026, 11, 18)  # a Wednesday
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
BUDGET = 11  # while no standings are kept: everybody is read


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def plan(patient, clinician, bridge):
    return plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=ago(30))


def case_of(clinician, patient):
    return next(case for case in cases_of(clinician, NOON) if case.pk == patient.pk)


def words(clinician, patient):
    return [reason.words for reason in case_of(clinician, patient).reasons]


def test_the_page_lists_the_clinics_patients_with_this_week_and_the_reason(clinician_client, patient, plan):
    history.done(plan, *[ago(days) for days in range(1, 31)])
    history.said(patient, ago(1), pain_before=3, pain_worst=2)
    page = clinician_client.get(reverse("caseload"))
    assert page.status_code == 200
    text = page.content.decode()
    for part in ("Margaret Ellis", "chronic low back pain, week 5", "2 of 7", "On track", "Yesterday", "100 %"):
        assert part in text
    assert 'aria-label="Pain 3, one answer"' in text


def test_versions_of_some_days_are_those_of_the_cases(clinician, patient, plan, bridge):
    line = plan.lines.get()
    second = plans.revised(
        plan, by=clinician.user, lines=[plans.Line(bridge, "2 x 10", thread=line.thread)], on=ago(8)
    )
    plans.paused(second, by=clinician.user, since=ago(3), until=ago(2))
    patient.easings.create(thread=line.thread, kind="withheld", because="stop", from_day=ago(7), until_day=ago(5))
    everybody = Patient.objects.visible_to(clinician.user)

    of_case = case_of(clinician, patient).versions

    assert list(versions_of(everybody, ago(30), TODAY)) == [(patient.pk, patient.zone, of_case)]
    assert list(versions_of(everybody, ago(8), TODAY)) == [(patient.pk, patient.zone, of_case[:1])]
    assert list(versions_of(everybody, ago(99), ago(31))) == []


def test_a_colleagues_clinic_is_not_seen(foreign_clinician_client, patient):
    assert "Ellis" not in foreign_clinician_client.get(reverse("caseload")).content.decode()


def test_without_shared_records_only_the_care_team_sees_a_patient(colleague_client, patient, spine_ina):
    spine_ina.shares_records = False
    spine_ina.save()
    assert "Ellis" not in colleague_client.get(reverse("caseload")).content.decode()


def test_whoever_reads_the_list_leaves_a_line_each_time(clinician_client, clinician, patient):
    clinician_client.get(reverse("caseload"))
    for said in ({"q": "ellis"}, {"q": "zebra"}, {"again": "1"}):
        clinician_client.post(reverse("caseload"), said, headers={"HX-Request": "true"})
    lines = AuditEvent.objects.filter(action="caseload.listed").order_by("pk")
    assert [line.detail for line in lines] == [{"found": 1}, {"found": 1}, {"found": 0}, {"found": 1}]
    assert {line.actor for line in lines} == {str(clinician.user.pk)}
    assert "llis" not in "".join(str(line.detail) for line in lines)


@pytest.mark.parametrize("who", ["patient_client", "admin_client", "nobody_client"])
def test_only_clinicians_have_a_caseload(request, who):
    assert request.getfixturevalue(who).get(reverse("caseload")).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client, db):
    page = client.get(reverse("caseload"))
    assert page.status_code == 302
    assert page.url.startswith(reverse("account_login"))


def test_it_refuses_other_methods(clinician_client):
    assert clinician_client.put(reverse("caseload")).status_code == 405


def crowd(clinic, clinician, exercise, number):
    for n in range(number):
        someone = people.patient(clinic, "Pat", f"Nr{n}", lead=clinician)
        made = plans.published(someone, by=clinician.user, exercises=[exercise], starts_on=ago(20))
        plans.paused(made, by=clinician.user, since=ago(6), until=ago(5))
        history.done(made, ago(1), ago(2), ago(3))
        history.said(someone, ago(1), pain_before=4)
        history.skipped(made.lines.get(), ago(7), "time")


@pytest.mark.parametrize("number", [0, 5, 60])
def test_it_takes_as_many_queries_whatever_the_number_of_patients(
    clinician_client, clinician, spine_ina, bridge, number, django_assert_num_queries
):
    crowd(spine_ina, clinician, bridge, number)
    clinician_client.get(reverse("start"))  # the first request of a session notes when it began
    with django_assert_num_queries(BUDGET if number else BUDGET - 1):
        page = clinician_client.get(reverse("caseload"))
    assert len(page.context["rows"]) == min(number, 25)


def test_pages_hold_fifty_and_keep_the_filter(clinician_client, clinician, spine_ina, bridge):
    crowd(spine_ina, clinician, bridge, 52)
    page = clinician_client.get(reverse("caseload"), {"who": "mine", "group": "need", "page": 2})
    assert len(page.context["rows"]) == 2
    assert "?who=mine&amp;group=need&amp;about=&amp;page=1" in page.content.decode()


def test_who_needs_a_look_comes_first(clinician, spine_ina, bridge):
    for name, pain in (("Alma", 2), ("Bert", 9), ("Cleo", None)):
        someone = people.patient(spine_ina, name, "Test", lead=clinician)
        if pain is None:
            continue
        made = plans.published(someone, by=clinician.user, exercises=[bridge], starts_on=ago(10))
        history.done(made, *[ago(days) for days in range(1, 11)])
        history.said(someone, ago(1), pain_worst=pain)
    cases = cases_of(clinician, NOON)
    assert [(case.name, case.severity) for case in cases] == [
        ("Bert Test", Severity.HOT),
        ("Cleo Test", Severity.WATCH),
        ("Alma Test", Severity.OK),
    ]
    assert cases[0].reasons[0].words == "Pain 9 of 10 yesterday"


def test_silence_is_counted_in_planned_days(clinician, patient, plan):
    history.done(plan, ago(9))
    assert words(clinician, patient)[0] == "No session for 9 days"


def test_paused_days_are_no_silence(clinician, patient, plan):
    history.done(plan, *[ago(days) for days in range(9, 31)])
    plans.paused(plan, by=clinician.user, since=ago(8))
    case = case_of(clinician, patient)
    assert [reason.words for reason in case.reasons] == ["Paused since 10 November"]
    assert case.this_week.session_days_planned == 0
    assert not case.needs_a_look


def test_a_skip_for_pain_leaves_the_week(clinician, patient, plan):
    history.done(plan, ago(1))
    history.skipped(plan.lines.get(), ago(2), "pain")
    week = case_of(clinician, patient).this_week
    assert (week.session_days_done, week.session_days_planned) == (1, 6)


def test_one_exercise_skipped_three_times_for_one_reason_is_named(clinician, patient, plan):
    history.done(plan, *[ago(days) for days in range(4, 31)])
    for days in (1, 2, 3):
        history.skipped(plan.lines.get(), ago(days), "equipment")
    assert "Bridge skipped 3 times: no equipment here" in words(clinician, patient)


def test_a_plan_that_ended_says_so_and_a_draft_waits_to_be_sent(clinician, patient, other_patient, plan):
    plan.ends_on = ago(2)
    plan.save()
    draft = plans.Prescription.objects.create(
        patient=other_patient, created_by=clinician.user, starts_on=TODAY, edited_by=clinician.user
    )
    assert "Plan ended 2 days ago" in words(clinician, patient)
    assert words(clinician, other_patient) == ["Draft plan not sent yet"]
    assert case_of(clinician, other_patient).draft == draft.uuid


def test_breaks_alone_are_a_session_and_no_missed_day(clinician, patient, bridge):
    made = plans.published(
        patient, by=clinician.user, lines=[plans.Line(bridge, "1 x 5, 2x/day", phase="desk")], starts_on=ago(10)
    )
    history.done(made, ago(1))
    case = case_of(clinician, patient)
    assert case.last_session_on == ago(1)
    assert case.breaks == (2, 6)
    assert case.severity is Severity.OK


def test_today_is_the_patients_own_day(clinician, patient):
    patient.time_zone = "Pacific/Auckland"
    patient.save()
    assert case_of(clinician, patient).today == TODAY + timedelta(days=1)


def test_a_discharged_patient_is_off_the_caseload(clinician, patient):
    patient.discharged_at, patient.discharged_by = NOON, clinician.user
    patient.save()
    assert cases_of(clinician, NOON) == []


def test_search_finds_words_in_any_order_whatever_the_accents(clinician_client, spine_ina, patient):
    people.patient(spine_ina, "Éva", "Kovács")
    page = clinician_client.post(reverse("caseload"), {"q": "kovacs eva"}, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert "Éva Kovács" in text
    assert "Ellis" not in text
    assert "<html" not in text
    assert page["HX-Trigger"] == '{"announce": {"value": "1 patient"}}'


def test_search_finds_a_birth_date_typed_as_on_paper(clinician_client, patient, other_patient):
    other_patient.born_on = date(1970, 2, 1)
    other_patient.save()
    page = clinician_client.post(reverse("caseload"), {"q": "1/2/1970"})
    assert [row.case.name for row in page.context["rows"]] == ["Tom Okafor"]


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_searched_name_gets_into_no_address(clinician_client, spine_ina, method, headers):
    for number in range(51):
        people.patient(spine_ina, "Pat", f"Quist{number:02}", signs_in=False)
    response = getattr(clinician_client, method)(reverse("caseload"), {"q": "quist"}, headers=headers)
    page = response.content.decode()
    addresses = re.findall(r'(?:href|src|action|formaction|hx-[\w-]+)="([^"]*)"', page)
    assert [address for address in addresses if "q=" in address or "quist" in address.lower()] == []
    assert not {"HX-Push-Url", "HX-Replace-Url", "HX-Location", "Location"} & set(response.headers)
    assert "hx-push-url" not in page
    assert 'form="search" name="page" value="2">Next' in page


def test_a_search_goes_on_to_its_second_page(clinician_client, spine_ina):
    for number in range(51):
        people.patient(spine_ina, "Pat", f"Quist{number:02}", signs_in=False)
    page = clinician_client.post(reverse("caseload"), {"q": "quist", "who": "all", "page": "2"})
    assert [row.case.name for row in page.context["rows"]] == ["Pat Quist50"]


def test_a_name_nobody_has_says_so_and_shows_the_typing_as_text(clinician_client, patient):
    page = clinician_client.post(reverse("caseload"), {"q": "<b>zz"})
    assert "Nobody here is called “&lt;b&gt;zz”." in page.content.decode()


@pytest.mark.parametrize("query", [{"q": "a\x00b"}, {"group": "x" * 500}, {"who": "everyone"}, {"q": "x" * 500}])
@pytest.mark.parametrize("method", ["get", "post"])
def test_bad_input_is_said_and_nothing_breaks(clinician_client, patient, query, method):
    page = getattr(clinician_client, method)(reverse("caseload"), query)
    assert page.status_code == 422
    assert "Margaret Ellis" in page.content.decode()


def test_mine_are_the_patients_of_ones_own_care_teams(colleague_client, colleague, patient, spine_ina):
    people.patient(spine_ina, "Own", "Person", lead=colleague)
    page = colleague_client.get(reverse("caseload"), {"who": "mine"})
    assert [row.case.name for row in page.context["rows"]] == ["Own Person"]
    assert 'All patients <span class="num">2</span>' in page.content.decode()


def test_a_tile_shows_its_group_and_again_all(clinician_client, patient, plan):
    history.done(plan, *[ago(days) for days in range(1, 31)])
    page = clinician_client.get(reverse("caseload"), {"group": "need"})
    assert page.context["rows"] == []
    assert "Nobody needs you right now" in page.content.decode()
    assert [(group.key, count) for group, count in page.context["list"].groups] == [
        ("need", 0), ("track", 1), ("new", 1), ("unplanned", 0),
    ]  # fmt: skip
