"""Text size, colours and movement: for this device, signed in or not, without a query and without a flash."""

import pytest

from clinic.today import frame
from patients.accounts.look import Look
from tests.factories import catalogue, plans

pytestmark = pytest.mark.django_db
URL = "/look/"


def text(response):
    return response.content.decode()


def test_look_says_nothing_that_nobody_can_choose():
    assert Look.of({"theme": "dark autofocus", "text": '"><b>', "motion": "more"}) == Look()
    assert Look.of({"theme": "dark", "text": "largest", "motion": "less"}) == Look("dark", "largest", "less")


def test_stranger_chooses_before_signing_in(client, spine_ina):
    response = client.post(URL, {"text": "largest", "theme": "dark", "motion": "less"}, follow=True)

    assert "Saved for this device." in text(response)
    page = text(client.get("/accounts/login/"))
    assert 'data-bs-theme="dark" data-text="largest" data-motion="less"' in page
    assert "css/look.css" in page


@pytest.mark.parametrize("path", ["/", "/accounts/login/"])
def test_way_to_it_stands_where_strangers_come_in(client, spine_ina, path):
    assert f'href="{URL}"' in text(client.get(path))


def test_every_role_has_it_in_the_account_menu(patient_client, clinician_client, nobody_client):
    for client, path in ((patient_client, "/today/"), (clinician_client, "/clinic/"), (nobody_client, URL)):
        assert f'href="{URL}"' in text(client.get(path))
        assert client.get(URL).status_code == 200


def test_as_the_device_has_it_takes_the_choice_back(client, spine_ina):
    client.post(URL, {"text": "large", "theme": "dark", "motion": "less"})
    client.post(URL, {"text": "", "theme": "", "motion": ""})

    page = text(client.get("/"))
    assert "data-text" not in page and "data-bs-theme" not in page and "data-motion" not in page
    assert "look.css" not in page


def test_choice_that_stands_is_marked(client, spine_ina):
    client.cookies["text"] = "large"

    page = text(client.get(URL))

    assert 'id="text-large" value="large" checked' in page
    assert 'id="theme-none" value="" checked' in page


def test_cookies_last_and_stay_on_the_site(client, spine_ina):
    cookie = client.post(URL, {"text": "large"}, secure=True).cookies["text"]

    assert (cookie.value, cookie["samesite"], cookie["max-age"], bool(cookie["secure"])) == (
        "large", "Lax", 365 * 24 * 60 * 60, True,
    )  # fmt: skip


@pytest.mark.parametrize("said", [{"text": "huge"}, {"theme": "pink"}, {"motion": "x\0"}])
def test_what_cannot_be_chosen_is_refused(client, spine_ina, said):
    response = client.post(URL, said)

    assert response.status_code == 422
    assert "One of these, please." in text(response)
    assert not response.cookies.keys() & {"text", "theme", "motion"}


def test_kept_page_of_today_is_kept_by_its_look(patient, clinician, patient_client):
    plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")])
    frame._frames.clear()
    assert "data-text" not in text(patient_client.get("/today/"))

    patient_client.cookies["text"] = "largest"
    assert 'data-text="largest"' in text(patient_client.get("/today/"))

    patient_client.cookies["text"] = ""
    assert "data-text" not in text(patient_client.get("/today/"))


def test_look_asks_the_database_nothing(patient_client, django_assert_num_queries):
    patient_client.get("/help/")
    with django_assert_num_queries(3):
        patient_client.get("/help/")
    patient_client.cookies["text"] = "largest"
    with django_assert_num_queries(3):
        patient_client.get("/help/")
