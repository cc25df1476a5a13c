"""Giving somebody access, renewing and ending it: by the patient, and by the clinic for a patient who agreed."""

from datetime import date, timedelta

import pytest
from django.core import mail

from patients.family import consent
from patients.family.rules import Doing, Level, last_day, may
from patients.models import AuditEvent, FamilyAccess, FamilyConsent
from patients.records.actions import discharge, reopen
from tests.conftest import signed_in
from tests.factories import people
from tests.patients.family.conftest import BY_CLINIC, BY_PIN, GIVEN, Helper, give, link_in, only


def lines_about(patient):
    return list(AuditEvent.objects.filter(patient=str(patient.uuid)).order_by("pk").values_list("action", flat=True))


# --- the rules ---


@pytest.mark.parametrize(
    ("level", "doing", "age", "answer"),
    [
        (Level.LOOK, Doing.LOOK, 84, True),
        (Level.LOOK, Doing.HELP, 84, False),
        (Level.LOOK, Doing.ANSWER, 13, False),
        (Level.HELP, Doing.HELP, 84, True),
        (Level.HELP, Doing.ANSWER, 84, False),
        (Level.HELP, Doing.ANSWER, 16, False),
        (Level.HELP, Doing.ANSWER, 15, True),
    ],
)
def test_what_a_level_lets_somebody_do(level, doing, age, answer):
    assert may(level, doing, age=age) is answer


@pytest.mark.parametrize(
    ("first", "term", "last"),
    [
        (date(2026, 3, 14), "1", date(2026, 4, 13)),
        (date(2026, 1, 31), "1", date(2026, 2, 27)),
        (date(2026, 11, 30), "3", date(2027, 2, 27)),
        (date(2024, 2, 29), "12", date(2025, 2, 27)),
        (date(2026, 12, 1), "6", date(2027, 5, 31)),
    ],
)
def test_terms_end_the_day_before_the_same_date(first, term, last):
    assert last_day(first, term) == last


# --- by the patient ---


def test_patient_reads_what_will_be_seen_before_giving_it(patient_client):
    page = patient_client.get("/family/give/").content.decode()

    for words in (*consent.SEES, *consent.DOES, *consent.NEVER):
        assert str(words) in page


def test_patient_gives_access_with_one_form(patient, patient_client):
    response = patient_client.post("/family/give/", GIVEN)

    access, today = only(), patient.local_day()
    assert link_in(response)
    assert (access.name, access.relation, access.level, access.given_by) == (
        "Dora Ellis",
        "daughter",
        "help",
        patient.user,
    )
    assert (access.until, access.helper, access.ended_at) == (last_day(today, "3"), None, None)
    agreed = FamilyConsent.objects.get()
    assert (agreed.text, agreed.channel, agreed.agreed_on, agreed.until) == (
        consent.VERSION,
        "self",
        today,
        access.until,
    )
    assert "family.given" in lines_about(patient)
    assert response["Cache-Control"] == "no-store, private"


def test_double_click_gives_once_and_the_last_link_counts(patient_client, client):
    first, second = give(patient_client), give(patient_client)

    assert FamilyAccess.objects.count() == FamilyConsent.objects.count() == 1
    assert (client.get(first).status_code, client.get(second).status_code) == (410, 200)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "  "}, "Please fill in the name."),
        ({"relation": ""}, "Please say who they are"),
        ({"level": ""}, "Choose one."),
        ({"level": "everything"}, "Choose one."),
        ({"term": ""}, "Choose one."),
        ({"term": "24"}, "Choose one."),
        ({"email": "dora"}, "valid email"),
        ({"name": "\0"}, ""),
    ],
)
def test_refused_form_says_why_and_keeps_the_typing(patient_client, wrong, words):
    response = patient_client.post("/family/give/", GIVEN | wrong)

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page and ("daughter" in page or "relation" in wrong)
    assert not FamilyAccess.objects.exists()


def test_link_is_mailed_without_a_word_about_health(patient_client):
    give(patient_client, email="dora@family.example")

    [sent] = mail.outbox
    assert sent.to == ["dora@family.example"] and "/helping/welcome/" in sent.body
    for word in ("exercise", "pain", "back ", "plan", "Ellis\n", "1962"):
        assert word not in sent.body.replace("Dora Ellis", "")


def test_nobody_writes_to_the_world_through_the_form(patient_client):
    for number in range(5):
        give(patient_client, name=f"Dora {number}", email=f"dora{number}@family.example")

    response = patient_client.post("/family/give/", GIVEN | {"email": "one.more@family.example"})

    assert response.status_code == 422 and len(mail.outbox) == 5
    assert give(patient_client)  # by hand it goes on


def test_patient_sees_who_may_until_when_and_who_looked(patient, patient_client):
    people.helper(patient, "look", by=patient.user, days=40)
    give(patient_client, name="Ines Ellis")

    page = patient_client.get("/family/").content.decode()

    assert "Dora Ellis" in page and "Has not looked yet." in page and "Given by Margaret Ellis" in page
    assert "Ines Ellis" in page and "The link was not used yet." in page
    assert "This ends on" not in page


def test_patient_is_reminded_in_the_last_week_only(patient, patient_client):
    access = people.helper(patient, by=patient.user, days=7)
    assert "This ends on" not in patient_client.get("/family/").content.decode()

    FamilyAccess.objects.filter(pk=access.pk).update(until=patient.local_day() + timedelta(days=6))

    assert "This ends on" in patient_client.get("/family/").content.decode()


def test_ending_asks_once_and_counts_at_once(patient, patient_client, dora):
    here = f"/family/{dora.access.uuid}/end/"
    assert dora.get("/today/").status_code == 200
    assert "End it now" in patient_client.get(here).content.decode()
    assert dora.get("/today/").status_code == 200  # looking at the question changes nothing

    patient_client.post(here)
    patient_client.post(here)

    dora.access.refresh_from_db()
    assert (dora.access.ended_by, dora.get("/today/").status_code) == (patient.user, 410)
    assert lines_about(patient).count("family.ended") == 1


def test_renewing_is_a_consent_of_its_own(patient, patient_client, dora):
    patient_client.post(f"/family/{dora.access.uuid}/renew/", {"level": "look", "term": "12"})
    patient_client.post(f"/family/{dora.access.uuid}/renew/", {"level": "look", "term": "12"})

    access = only()
    assert (access.level, access.until) == ("look", last_day(patient.local_day(), "12"))
    assert [(each.level, each.channel) for each in access.consents.all()] == [("look", "self")]
    assert dora.tick(patient.prescriptions.get().lines.first()).status_code == 403


def test_what_was_ended_is_not_renewed(patient, patient_client, plan):
    access = people.helper(patient, by=patient.user, ended=True)

    patient_client.post(f"/family/{access.uuid}/renew/", {"level": "help", "term": "12"})

    access.refresh_from_db()
    assert access.ended_at and access.until < patient.local_day() + timedelta(days=60)


def test_another_patient_ends_nothing(other_patient_client, dora):
    for what in ("end", "renew", "link"):
        response = other_patient_client.post(f"/family/{dora.access.uuid}/{what}/", {"level": "help", "term": "12"})
        assert response.status_code == 404

    assert dora.get("/today/").status_code == 200


# --- by the clinic ---


def test_clinic_gives_it_only_with_the_patients_word(patient, clinician, clinician_client):
    here = f"/clinic/patients/{patient.uuid}/family/give/"
    for missing in ("channel", "agreed_on", "agreed"):
        response = clinician_client.post(here, {k: v for k, v in BY_CLINIC.items() if k != missing})
        assert response.status_code == 422
    assert not FamilyAccess.objects.exists()

    link_in(clinician_client.post(here, BY_CLINIC))

    agreed = FamilyConsent.objects.get()
    assert (agreed.channel, agreed.agreed_on, agreed.recorded_by) == ("spoken", date(2020, 3, 1), clinician.user)


def test_agreement_is_not_still_to_come(patient, clinician_client):
    to_come = {"agreed_on": (patient.local_day() + timedelta(days=1)).isoformat()}
    response = clinician_client.post(f"/clinic/patients/{patient.uuid}/family/give/", BY_CLINIC | to_come)

    assert response.status_code == 422 and "This day is still to come." in response.content.decode()


def test_for_a_child_the_parent_agrees(patient, clinician_client):
    patient.born_on = patient.local_day() - timedelta(days=13 * 365)
    patient.save()
    here = f"/clinic/patients/{patient.uuid}/family/give/"
    assert "parental responsibility" in clinician_client.get(here).content.decode()

    assert clinician_client.post(here, BY_CLINIC).status_code == 422
    link_in(clinician_client.post(here, BY_CLINIC | {"channel": "parent"}))


def test_record_says_who_has_access(patient, clinician_client, dora):
    dora.get("/today/")

    page = clinician_client.get(f"/clinic/patients/{patient.uuid}/").content.decode()

    assert "Dora Ellis" in page and "daughter" in page and "last looked" in page


def test_clinic_ends_it_at_once(patient, clinician, clinician_client, dora):
    clinician_client.post(f"/clinic/patients/{patient.uuid}/family/{dora.access.uuid}/end/")

    assert dora.get("/today/").status_code == 410
    dora.access.refresh_from_db()
    assert dora.access.ended_by == clinician.user


def test_discharge_ends_all_and_nothing_comes_back(patient, clinician, patient_client, dora, client):
    waiting = give(patient_client, name="Ines Ellis")

    discharge(patient=patient, by=clinician.user)
    assert dora.get("/today/").status_code == 410 and client.get(waiting).status_code == 410
    reopen(patient=patient, by=clinician.user)

    assert dora.get("/today/").status_code == 410 and client.get(waiting).status_code == 410
    assert not FamilyAccess.objects.filter(ended_at=None).exists()


def test_nothing_is_given_after_discharge(patient, clinician, patient_client):
    discharge(patient=patient, by=clinician.user)

    response = patient_client.post("/family/give/", GIVEN)

    assert response["Location"] == "/family/" and not FamilyAccess.objects.exists()


def test_audit_page_says_it_in_words(patient, patient_client, clinician_client, client):
    client.post(give(patient_client), BY_PIN)
    Helper(only()).get("/today/")

    page = clinician_client.get(f"/clinic/patients/{patient.uuid}/audit/").content.decode()

    for words in (
        "Gave somebody of the family access",
        "Opened the link of a helper",
        "Looked at the plan as a helper",
    ):
        assert words in page


def test_pages_ask_no_more_for_many(patient, patient_client, django_assert_num_queries):
    people.helper(patient, by=patient.user)
    patient_client.get("/family/")
    with django_assert_num_queries(4):
        patient_client.get("/family/")

    for _ in range(20):
        people.helper(patient, "look", by=patient.user)

    with django_assert_num_queries(4):
        patient_client.get("/family/")


def test_helper_gives_nobody_access(dora):
    for path in ("/family/", "/family/give/", f"/family/{dora.access.uuid}/end/"):
        assert dora.post(path, GIVEN).status_code in (403, 405)
        assert signed_in(dora.access.helper).post(path, GIVEN).status_code in (403, 405)

    assert FamilyAccess.objects.count() == 1
