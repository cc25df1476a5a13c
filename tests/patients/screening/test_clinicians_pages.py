import pytest

from clinic.prescriptions.actions import start_draft
from patients.models import AuditEvent, Clearance, Episode, Patient, Screening
from patients.records.actions import start_episode
from patients.screening.models import Occasion
from tests.factories import checks

pytestmark = pytest.mark.django_db


def url(patient, rest=""):
    return f"/clinic/patients/{patient.uuid}/checks/{rest}"


def test_history_names_the_flagged_answers_and_who_gave_and_cleared_them(
    patient, colleague, clinician_client, colleague_client
):
    screening = checks.flagged(patient, RF02="yes", RF18="unsure")
    colleague_client.post(
        url(patient, f"{screening.uuid}/clearance/"), {"cleared": "1", "note": "Seen in A&E, scan is clear."}
    )

    page = clinician_client.get(url(patient)).content.decode()

    assert "Saddle numbness: <strong>yes</strong>" in page
    assert "Cardiovascular disease, or advised against exercise: <strong>not sure</strong>" in page
    assert "the patient" in page
    assert "Seen in A&amp;E, scan is clear." in page
    assert "Sam Achterberg" in page
    assert 'name="note"' not in page


def test_looking_at_the_checks_leaves_an_audit_line(patient, clinician_client):
    clinician_client.get(url(patient))

    assert AuditEvent.objects.filter(action="record.viewed", detail={"part": "red-flag checks"}).count() == 1


def test_clinician_fills_in_the_whole_check(patient, clinician, clinician_client):
    Screening.objects.all().delete()
    Patient.objects.update(checked_on=None)

    response = clinician_client.post(url(patient, "new/"), checks.answers(patient, RF20="yes"))

    made = Screening.objects.get()
    assert response["Location"] == url(patient)
    assert (made.level, made.answered_by, made.occasion, made.is_short) == (
        "C",
        clinician.user,
        Occasion.FIRST,
        False,
    )


def test_clinician_fills_in_three_questions(patient, clinician_client):
    clinician_client.post(url(patient, "new/"), {**checks.answers(patient, short=True), "short": "1"})

    made = Screening.objects.first()
    assert (made.is_short, made.occasion) == (True, Occasion.VISIT)


def test_missing_answer_is_said_and_typing_kept(patient, clinician_client):
    typed = checks.answers(patient, RF20="yes")
    del typed["RF01"]
    before = Screening.objects.count()

    response = clinician_client.post(url(patient, "new/"), typed)

    assert response.status_code == 422
    assert "1 question without an answer" in response.content.decode()
    assert 'name="RF20" value="yes" id="id_RF20" checked' in response.content.decode()
    assert Screening.objects.count() == before


@pytest.mark.parametrize(
    "values", [{"note": "fine"}, {"note": ""}, {"note": "Long enough a note", "cleared": "maybe"}]
)
def test_clearance_without_a_reason_is_refused(values, patient, clinician_client):
    screening = checks.flagged(patient, RF02="yes")

    response = clinician_client.post(url(patient, f"{screening.uuid}/clearance/"), {"cleared": "1"} | values)

    assert response.status_code == 422
    assert values["note"] in response.content.decode()
    assert Clearance.objects.count() == 0


def test_not_cleared_yet_is_kept_with_its_note(patient, clinician_client):
    screening = checks.flagged(patient, RF02="yes")

    clinician_client.post(
        url(patient, f"{screening.uuid}/clearance/"), {"cleared": "0", "note": "Rang, no answer. Will try again."}
    )

    assert "Rang, no answer." in clinician_client.get(url(patient)).content.decode()
    assert Patient.objects.get(pk=patient.pk).flag_level == "A"


def test_another_patients_check_is_not_found_under_this_one(patient, other_patient, clinician_client):
    screening = checks.flagged(other_patient, RF02="yes")

    response = clinician_client.post(
        url(patient, f"{screening.uuid}/clearance/"), {"cleared": "1", "note": "Long enough a note"}
    )

    assert response.status_code == 404
    assert Patient.objects.get(pk=other_patient.pk).flag_level == "A"


def test_check_filled_in_from_a_draft_leads_back_to_it(patient, clinician, clinician_client):
    draft = start_draft(patient=patient, by=clinician.user)

    clear = clinician_client.post(url(patient, "new/"), {**checks.answers(patient), "draft": draft.uuid})
    flagged = clinician_client.post(
        url(patient, "new/"), {**checks.answers(patient, RF20="yes"), "draft": draft.uuid}
    )
    screening = Screening.objects.first()
    cleared = clinician_client.post(
        url(patient, f"{screening.uuid}/clearance/"),
        {"cleared": "1", "note": "Fall was a stumble, no injury.", "draft": draft.uuid},
    )

    publish = f"/clinic/prescriptions/{draft.uuid}/publish/"
    assert clear["Location"] == publish
    assert flagged["Location"] == f"{url(patient)}?draft={draft.uuid}"
    assert cleared["Location"] == publish


@pytest.mark.parametrize("count", [1, 12])
def test_history_asks_a_fixed_number_of_queries(count, patient, clinician_client, django_assert_max_num_queries):
    for _ in range(count):
        checks.flagged(patient, RF02="yes")

    with django_assert_max_num_queries(10):
        clinician_client.get(url(patient))


# ---- on the record ----


@pytest.mark.parametrize(
    ("said", "words"),
    [({}, "Clear"), ({"RF20": "yes"}, "Clearance needed"), ({"RF02": "yes"}, "Program stopped")],
)
def test_record_says_how_the_red_flags_stand(said, words, patient, clinician_client):
    checks.flagged(patient, **said)

    page = clinician_client.get(f"/clinic/patients/{patient.uuid}/").content.decode()

    assert words in page
    assert url(patient) in page


def test_record_says_that_a_check_is_due(patient, clinician_client):
    Patient.objects.update(checked_on=None)

    assert "Check due" in clinician_client.get(f"/clinic/patients/{patient.uuid}/").content.decode()


def test_new_episode_from_the_record(patient, clinician_client):
    response = clinician_client.post(
        f"/clinic/patients/{patient.uuid}/episode/",
        {"episode-problem": "fell on the ice", "episode-onset_on": "2026-01-03"},
        follow=True,
    )

    made = Episode.objects.get()
    assert (made.problem, made.onset_on.isoformat()) == ("fell on the ice", "2026-01-03")
    assert "Check due" in response.content.decode()


def test_episode_that_begins_tomorrow_is_refused_with_what_was_typed(patient, clinician_client):
    response = clinician_client.post(
        f"/clinic/patients/{patient.uuid}/episode/",
        {"episode-problem": "fell on the ice", "episode-onset_on": "2096-01-03"},
    )

    assert response.status_code == 422
    assert "fell on the ice" in response.content.decode()
    assert Episode.objects.count() == 0


def test_first_check_of_a_new_episode_says_so(patient, clinician, clinician_client):
    start_episode(patient=patient, by=clinician.user, problem="fell on the ice")

    clinician_client.post(url(patient, "new/"), checks.answers(patient))

    assert Screening.objects.first().occasion == Occasion.EPISODE
