"""Conditions, goals, notes and the care team."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from patients.models import AuditEvent, CareTeamMember, Goal, Note, Patient, PatientCondition
from patients.records import actions
from patients.records.conditions import BY_CODE, GROUPS
from patients.records.record import parts_of
from tests.factories import people

HTMX = {"HX-Request": "true"}


def url(patient, part):
    return f"/clinic/patients/{patient.uuid}/{part}/"


def actions_noted():
    noted = AuditEvent.objects.exclude(action__in=["record.viewed", "patients.listed"]).order_by("pk")
    return list(noted.values_list("action", flat=True))


# --- conditions ---


def test_every_condition_stands_in_one_group():
    grouped = [code for codes in GROUPS.values() for code in codes]

    assert sorted(grouped) == sorted(BY_CODE)


def test_condition_is_added_with_who_and_when(clinician_client, clinician, patient):
    response = clinician_client.post(
        url(patient, "conditions"),
        {"condition": "osteoporosis", "wanted": "1", "since": "2024-03-01", "note": "DEXA -2.6"},
    )

    condition = PatientCondition.objects.get()
    assert response["Location"] == url(patient, "conditions")
    assert (condition.code, condition.since, condition.note, condition.added_by, condition.ended_at) == (
        "osteoporosis", date(2024, 3, 1), "DEXA -2.6", clinician.user, None,
    )  # fmt: skip
    line = AuditEvent.objects.get(action="condition.added")
    assert (line.subject, line.detail) == (f"condition:{condition.pk}", {})


def test_condition_said_twice_stands_once(clinician_client, patient):
    for _ in range(2):
        clinician_client.post(url(patient, "conditions"), {"condition": "osteoporosis", "wanted": "1"})

    assert PatientCondition.objects.count() == 1
    assert actions_noted() == ["condition.added"]


def test_condition_is_ended_and_kept(clinician_client, clinician, patient):
    PatientCondition.objects.create(patient=patient, code="osteoporosis", added_by=clinician.user)

    for _ in range(2):
        clinician_client.post(url(patient, "conditions"), {"condition": "osteoporosis", "wanted": "0"})

    condition = PatientCondition.objects.get()
    assert condition.ended_by == clinician.user
    assert actions_noted() == ["condition.ended"]
    assert parts_of(patient).conditions == []


def test_conditions_are_found_by_the_words_of_when_they_apply(clinician_client, patient):
    response = clinician_client.post(url(patient, "conditions"), {"q": "blood thin"}, headers=HTMX)

    assert AuditEvent.objects.get().detail == {"part": "conditions"}
    assert re.findall('name="condition" value="(.*?)"', response.content.decode()) == ["anticoagulant"]
    assert "blood thinner or bleeding disorder" in response.content.decode()
    assert "<html" not in response.content.decode()


def test_condition_search_emptied_shows_them_all(clinician_client, patient):
    response = clinician_client.post(url(patient, "conditions"), {"q": ""}, headers=HTMX)

    assert len(re.findall('name="condition" value="(.*?)"', response.content.decode())) == len(BY_CODE)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_condition_found_and_added_stays_out_of_addresses(clinician_client, patient, headers):
    sent = {"q": "blood thin", "condition": "anticoagulant", "wanted": "1"}

    search = clinician_client.post(url(patient, "conditions"), {"q": "blood thin"}, headers=headers)
    added = clinician_client.post(url(patient, "conditions"), sent, headers=headers)

    assert "q=blood" not in search.content.decode() + added.get("Location", "")
    assert 'name="q" value="blood thin"' in search.content.decode()
    assert PatientCondition.objects.get().code == "anticoagulant"


def test_conditions_asks_as_many_queries_for_one_as_for_thirty(
    clinician_client, clinician, patient, django_assert_num_queries
):
    codes = list(BY_CODE)
    PatientCondition.objects.create(patient=patient, code=codes[0], added_by=clinician.user)
    clinician_client.get(url(patient, "conditions"))
    with django_assert_num_queries(6):
        clinician_client.get(url(patient, "conditions"))
    for code in codes[1:31]:
        PatientCondition.objects.create(patient=patient, code=code, added_by=clinician.user)
    with django_assert_num_queries(6):
        clinician_client.get(url(patient, "conditions"))


@pytest.mark.parametrize(
    "wrong", [{"condition": "invented", "wanted": "1"}, {"condition": "glaucoma"}, {"wanted": "1"}, {}]
)
def test_condition_outside_the_list_does_not_exist(clinician_client, patient, wrong):
    assert clinician_client.post(url(patient, "conditions"), wrong).status_code == 404
    assert PatientCondition.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_condition_with_a_wrong_date_keeps_the_typing(clinician_client, patient, headers):
    sent = {"condition": "glaucoma", "wanted": "1", "since": "3024-01-01", "note": "left eye"}

    response = clinician_client.post(url(patient, "conditions"), sent, headers=headers)

    page = response.content.decode()
    assert response.status_code == 422
    assert "This day is still to come." in page
    assert 'value="left eye"' in page


# --- goals ---


def test_goal_is_added_reached_reopened_and_set_aside(clinician_client, clinician, patient):
    add = clinician_client.post(url(patient, "goals"), {"goal-text": "Walk the dog", "goal-due_on": ""})
    goal = Goal.objects.get()
    assert add["Location"] == f"/clinic/patients/{patient.uuid}/"
    assert (goal.text, goal.added_by, goal.state) == ("Walk the dog", clinician.user, "open")

    for state in ("reached", "reached", "open", "dropped"):
        clinician_client.post(url(patient, "goals"), {"goal": goal.pk, "state": state})
        assert Goal.objects.get().state == state

    assert Goal.objects.get().dropped_by == clinician.user
    assert parts_of(patient).goals == []
    assert actions_noted() == ["goal.added", "goal.reached", "goal.open", "goal.dropped"]


def test_goal_sent_twice_stands_once(clinician_client, patient):
    for _ in range(2):
        clinician_client.post(url(patient, "goals"), {"goal-text": "Walk the dog"})

    assert Goal.objects.count() == 1


def test_goal_answers_htmx_with_its_part_and_an_announcement(clinician_client, patient):
    response = clinician_client.post(url(patient, "goals"), {"goal-text": "Walk the dog"}, headers=HTMX)

    assert response["HX-Trigger"] == '{"announce": {"value": "Goal added"}}'
    assert response.content.decode().startswith('<section class="card-x" id="goals"')
    assert "Walk the dog" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("sent", "errors"),
    [
        ({"goal-text": " "}, {"text": ["This field is required."]}),
        ({"goal-text": "x" * 301}, {"text": ["Ensure this value has at most 300 characters (it has 301)."]}),
        (
            {"goal-text": "Walk", "goal-due_on": "9999-12-31"},
            {"due_on": ["Choose a date within the next ten years."]},
        ),
    ],
)
def test_goal_that_is_wrong_keeps_the_typing(clinician_client, patient, headers, sent, errors):
    response = clinician_client.post(url(patient, "goals"), sent, headers=headers)

    assert response.status_code == 422
    assert response.context["parts"].goal_form.errors == errors
    assert Goal.objects.count() == 0


@pytest.mark.parametrize(("state", "moved"), [("dropped", True), ("reached", False)])
def test_goal_that_goes_hands_the_keyboard_to_the_heading(clinician_client, patient, state, moved):
    goal = Goal.objects.create(patient=patient, text="Walk the dog")

    response = clinician_client.post(url(patient, "goals"), {"goal": goal.pk, "state": state}, headers=HTMX)

    assert ('<h2 id="goals-title" tabindex="-1" autofocus>' in response.content.decode()) is moved


@pytest.mark.parametrize("wrong", ["x", "", "0", "-1", "9" * 400, "1.5", "\0"])
def test_goal_with_an_unknown_id_does_not_exist(clinician_client, patient, wrong):
    assert clinician_client.post(url(patient, "goals"), {"goal": wrong, "state": "reached"}).status_code == 404


def test_goal_of_another_patient_does_not_exist(clinician_client, patient, other_patient):
    goal = Goal.objects.create(patient=other_patient, text="Theirs")

    assert clinician_client.post(url(patient, "goals"), {"goal": goal.pk, "state": "dropped"}).status_code == 404
    assert Goal.objects.get().state == "open"


# --- notes ---


def test_note_is_appended_with_its_author(clinician_client, clinician, patient):
    clinician_client.post(url(patient, "notes"), {"note-text": "Better.\nLess stiff in the morning. 🙂"})

    note = Note.objects.get()
    assert (note.text, note.written_by) == ("Better.\nLess stiff in the morning. 🙂", clinician.user)
    assert AuditEvent.objects.get(action="note.written").detail == {}


def test_note_sent_twice_is_one_note_and_said_again_later_is_two(clinician_client, patient):
    for _ in range(2):
        clinician_client.post(url(patient, "notes"), {"note-text": "Better."})
    assert Note.objects.count() == 1

    Note.objects.update(written_at=datetime.now(UTC) - timedelta(hours=1))
    clinician_client.post(url(patient, "notes"), {"note-text": "Better."})
    assert Note.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n ", "\u200b", "x" * 8001, "a\0b"])
def test_note_that_says_nothing_or_too_much_is_refused(clinician_client, patient, text):
    assert clinician_client.post(url(patient, "notes"), {"note-text": text}).status_code == 422
    assert Note.objects.count() == 0


def test_note_is_shown_as_text(clinician_client, clinician, patient):
    Note.objects.create(patient=patient, written_by=clinician.user, text="<img src=x hx-get=/x>")

    page = clinician_client.get(url(patient, "notes")).content.decode()

    assert "<img" not in page
    assert "&lt;img src=x hx-get=/x&gt;" in page


def test_note_is_never_edited_or_deleted_over_the_web(clinician_client, patient, clinician):
    note = Note.objects.create(patient=patient, written_by=clinician.user, text="First")

    clinician_client.post(url(patient, "notes"), {"note-text": "Second", "id": note.pk, "note-id": note.pk})

    assert sorted(Note.objects.values_list("text", flat=True)) == ["First", "Second"]


# --- care team ---


def test_colleague_joins_and_leaves_the_care_team(clinician_client, colleague, patient):
    for _ in range(2):
        clinician_client.post(url(patient, "care-team"), {"clinician": colleague.pk, "wish": "join"})
    assert [m.clinician for m in patient.care_team.filter(leads=False)] == [colleague]

    for _ in range(2):
        clinician_client.post(url(patient, "care-team"), {"clinician": colleague.pk, "wish": "leave"})
    assert patient.care_team.count() == 1
    assert actions_noted() == ["care_team.joined", "care_team.left"]


def test_lead_cannot_leave_without_handing_over(clinician_client, clinician, patient):
    response = clinician_client.post(url(patient, "care-team"), {"clinician": clinician.pk, "wish": "leave"})

    assert response.status_code == 409
    assert "The lead leaves only by handing over to a colleague." in response.content.decode()
    assert patient.care_team.get().leads


@pytest.mark.parametrize(("stays", "team"), [("", [True]), ("1", [True, False])])
def test_handing_over_makes_the_colleague_lead(clinician_client, clinician, colleague, patient, stays, team):
    clinician_client.post(url(patient, "care-team"), {"clinician": colleague.pk, "wish": "lead", "lead_stays": stays})

    assert [m.leads for m in patient.care_team.all()] == team
    assert patient.care_team.get(leads=True).clinician == colleague


def test_handing_over_takes_the_record_away_at_once_where_records_are_not_shared(
    clinician_client, colleague_client, colleague, spine_ina, patient
):
    spine_ina.shares_records = False
    spine_ina.save()
    assert colleague_client.get(url(patient, "notes")).status_code == 404

    response = clinician_client.post(url(patient, "care-team"), {"clinician": colleague.pk, "wish": "lead"})

    assert response["Location"] == "/clinic/patients/"
    assert clinician_client.get(url(patient, "notes")).status_code == 404
    assert clinician_client.post(url(patient, "notes"), {"note-text": "late"}).status_code == 404
    assert Note.objects.count() == 0
    assert colleague_client.get(url(patient, "notes")).status_code == 200


def test_handing_over_by_htmx_leads_away_from_a_record_that_is_no_longer_ones_own(
    clinician_client, colleague, spine_ina, patient
):
    spine_ina.shares_records = False
    spine_ina.save()

    response = clinician_client.post(
        url(patient, "care-team"), {"clinician": colleague.pk, "wish": "lead"}, headers=HTMX
    )

    assert (response["HX-Redirect"], response.content) == ("/clinic/patients/", b"")


@pytest.mark.parametrize("wish", ["join", "lead"])
def test_another_clinics_clinician_is_never_put_on_the_team(clinician_client, foreign_clinician, patient, wish):
    response = clinician_client.post(url(patient, "care-team"), {"clinician": foreign_clinician.pk, "wish": wish})

    assert response.status_code == 422
    assert "Choose a colleague of this clinic." in response.content.decode()
    assert foreign_clinician.user.last_name not in response.content.decode()
    assert CareTeamMember.objects.filter(clinician=foreign_clinician).count() == 0


@pytest.mark.parametrize("wrong", ["", "x", "-1", "9" * 400, "\0"])
def test_unknown_colleague_is_refused_beside_the_field(clinician_client, patient, wrong):
    assert clinician_client.post(url(patient, "care-team"), {"clinician": wrong, "wish": "join"}).status_code == 422


def test_colleague_whose_sign_in_is_stopped_can_leave_but_not_join(clinician_client, colleague, patient):
    CareTeamMember.objects.create(patient=patient, clinician=colleague)
    colleague.user.is_active = False
    colleague.user.save()

    lead = clinician_client.post(url(patient, "care-team"), {"clinician": colleague.pk, "wish": "lead"})
    leave = clinician_client.post(url(patient, "care-team"), {"clinician": colleague.pk, "wish": "leave"})

    assert (lead.status_code, leave.status_code) == (422, 302)
    assert patient.care_team.count() == 1


# --- all of them ---

PARTS = ["conditions", "goals", "notes", "care-team"]


@pytest.mark.parametrize("part", PARTS)
def test_part_shows_itself_and_is_noted(clinician_client, patient, part):
    response = clinician_client.get(url(patient, part))

    assert response.status_code == 200
    assert patient.last_name in response.content.decode()
    assert AuditEvent.objects.filter(action="record.viewed", patient=patient.uuid).count() == 1


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_part_of_another_clinics_record_does_not_exist(foreign_clinician_client, patient, part, method):
    response = getattr(foreign_clinician_client, method)(url(patient, part), {"note-text": "x", "goal-text": "x"})

    assert response.status_code == 404
    assert patient.last_name not in response.content.decode()
    assert AuditEvent.objects.get(action="refused").detail["status"] == 404


@pytest.mark.parametrize("part", PARTS)
def test_part_is_closed_to_patients_and_strangers(patient_client, admin_client, client, patient, part):
    assert patient_client.post(url(patient, part)).status_code == 403
    assert admin_client.get(url(patient, part)).status_code == 403
    assert client.get(url(patient, part)).status_code == 302


def test_parts_of_asks_a_fixed_number_of_queries_however_long_the_record(
    clinician, colleague, patient, django_assert_num_queries
):
    def fetched():
        return Patient.objects.select_related("user", "clinic").get(pk=patient.pk)

    slim = fetched()
    with django_assert_num_queries(6):
        parts_of(slim)
    for number in range(30):
        Note.objects.create(patient=patient, written_by=clinician.user, text=f"Note {number}")
        goal = Goal.objects.create(patient=patient, text=f"Goal {number}")
        actions.say_how_close(goal=goal, by=clinician.user, close=3, day=patient.local_day())
        people.clinician(clinician.clinic, "Cal", f"League{number}")
    for code in list(BY_CODE)[:30]:
        PatientCondition.objects.create(patient=patient, code=code, added_by=clinician.user)
    full = fetched()
    with django_assert_num_queries(7):  # and one for how close the goals are
        parts = parts_of(full)
        assert {goal.closest.close for goal in parts.goals} == {3}

    assert (len(parts.notes), parts.more_notes, len(parts.goals)) == (5, True, 30)
    assert parts.notes[0].text == "Note 29"


@time_machine.travel(datetime(2026, 3, 13, 12, tzinfo=UTC))
def test_parts_of_counts_age_in_the_patients_own_day(patient):
    patient.born_on = date(1962, 3, 14)

    assert parts_of(patient).age == 63
    patient.time_zone = "Pacific/Kiritimati"
    assert parts_of(patient).age == 64
