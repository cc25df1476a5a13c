from datetime import timedelta

import pytest

from clinic.flare.models import FlareUp
from clinic.models import Easing
from patients.models import Patient, Screening, Task
from patients.screening.pages import clear_answers
from tests.factories import articles, history

pytestmark = pytest.mark.django_db
CLEAR = clear_answers(age=64)


def text(response):
    return response.content.decode()


@pytest.fixture
def flare(plan, patient_client):
    patient_client.post("/today/flare/", CLEAR)
    return FlareUp.objects.get()


def test_today_leads_to_the_page_which_says_what_changes_and_asks(plan, patient_client):
    articles.article("flare-ups", moments=["flare"])

    assert 'href="/today/flare/"' in text(patient_client.get("/today/"))
    page = text(patient_client.get("/today/flare/"))

    assert "What changes for 3 days" in page
    assert page.count("<fieldset") == len(CLEAR)
    assert "/learn/flare-ups/" in page


def test_a_clear_check_begins_gentle_days(plan, patient_client):
    response = patient_client.post("/today/flare/", CLEAR | {"because": "rise"})

    assert response["Location"] == "/today/"
    made = FlareUp.objects.get()
    assert (made.because, made.screening.level) == ("rise", "")
    assert "Gentle days until" in text(patient_client.get("/today/"))
    assert "My back flared up" not in text(patient_client.get("/today/"))


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"RF02": "yes"}, "emergency"),
        ({"RF12": "yes"}, "today"),
        ({"RF19": "yes"}, "Thank you"),
    ],
)
def test_a_red_flag_begins_nothing_and_says_what_to_do(plan, patient, patient_client, answer, said):
    response = patient_client.post("/today/flare/", CLEAR | answer, follow=True)

    assert said in text(response)
    assert "Start gentle days" not in text(response)
    assert not FlareUp.objects.exists()
    assert Task.objects.get().kind.startswith("flag-")
    assert Patient.objects.get(pk=patient.pk).flag_level == Screening.objects.first().level


def test_an_unanswered_question_is_asked_again_with_the_others_kept(plan, patient_client):
    response = patient_client.post("/today/flare/", CLEAR | {"RF05": ""})

    assert response.status_code == 422
    assert "Please choose an answer." in text(response)
    assert text(response).count(" checked") == len(CLEAR) - 1
    assert Screening.objects.count() == 1


def test_more_days_and_better(plan, flare, patient_client):
    until = flare.until_day
    patient_client.post("/today/flare/more/")
    flare.refresh_from_db()
    assert flare.until_day == until + timedelta(days=3)

    page = text(patient_client.post("/today/flare/better/", follow=True))
    assert "Your usual plan is back." in page
    assert "Half for now" not in page
    flare.refresh_from_db()
    assert flare.ended_on == plan.day


def test_no_more_days_than_there_are(plan, flare, patient_client):
    for _ in range(3):
        response = patient_client.post("/today/flare/more/", follow=True)

    assert "These are all the gentle days there are." in text(response)
    assert "I need more days" not in text(response)
    assert Task.objects.filter(kind="flare-long").exists()


def test_days_that_are_over_ask_how_the_back_is(plan, flare, patient_client):
    FlareUp.objects.update(from_day=plan.day - timedelta(days=5), until_day=plan.day - timedelta(days=1))

    assert "Your gentle days are over." in text(patient_client.get("/today/"))
    assert "Half for now" not in text(patient_client.get("/today/"))
    assert "How is your back now?" in text(patient_client.get("/today/flare/"))


def test_without_a_flare_up_the_buttons_do_nothing(plan, patient_client):
    for path in ("/today/flare/more/", "/today/flare/better/"):
        assert patient_client.post(path).status_code == 302
        assert patient_client.get(path).status_code == 405


def test_a_rise_for_more_than_a_day_is_answered_with_the_offer(plan, patient, patient_client):
    for ago, pain in ((4, 3), (3, 3), (2, 3), (1, 6)):
        history.said(patient, plan.day - timedelta(days=ago), pain_worst=pain)
    sent = {"day": plan.day, "part": "after", "round": "1", "pain_worst": "6"}

    assert "A few gentle days may help." in text(
        patient_client.post("/today/say/", sent, headers={"HX-Request": "true"})
    )
    assert "A sore spell?" in text(patient_client.post("/today/say/", sent, follow=True))
    assert 'value="rise"' in text(patient_client.get("/today/flare/"))


def test_calmer_days_are_answered_with_the_way_out(plan, flare, patient, patient_client):
    for ago, pain in ((4, 3), (3, 3), (1, 4)):
        history.said(patient, plan.day - timedelta(days=ago), pain_worst=pain)
    FlareUp.objects.update(from_day=plan.day - timedelta(days=2))
    sent = {"day": plan.day, "part": "after", "round": "1", "pain_worst": "3"}

    page = text(patient_client.post("/today/say/", sent, headers={"HX-Request": "true"}))

    assert "Your back sounds calmer." in page


def test_the_record_shows_it_and_a_clinician_ends_it(plan, flare, patient, clinician_client):
    page = text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))
    assert "The gentle part of the plan is asked for at half volume." in page

    response = clinician_client.post(f"/clinic/flares/{flare.uuid}/end/", follow=True)

    assert "Earlier flare-ups" in text(response)
    assert not Task.objects.open().exists()


def test_a_clinician_lifts_an_easing_of_an_own_patient_only(
    plan, patient, clinician_client, foreign_clinician_client
):
    easing = Easing.objects.create(
        patient=patient, thread=plan.bridge.thread, kind="withheld", because="away", from_day=plan.day
    )
    path = f"/clinic/patients/{patient.uuid}/easings/{easing.pk}/lift/"
    assert foreign_clinician_client.post(path).status_code == 404
    assert "rests from" in text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))

    page = text(clinician_client.post(path, follow=True))

    easing.refresh_from_db()
    assert easing.lifted_on == plan.day
    assert "rests from" not in page


def test_another_patients_flare_up_cannot_be_ended_by_a_foreign_clinician(flare, foreign_clinician_client):
    assert foreign_clinician_client.post(f"/clinic/flares/{flare.uuid}/end/").status_code == 404
