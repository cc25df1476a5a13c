"""The clinic's queue of those who asked for a first visit."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from clinic.enquiries import actions
from clinic.enquiries.actions import forget_settled
from clinic.enquiries.models import RequestStep, State, VisitRequest
from patients.models import AuditEvent, Patient
from tests.factories import people
from tests.factories.enquiries import visit_request

LIST = "/clinic/requests/"


@pytest.fixture
def asked(spine_ina):
    return visit_request(spine_ina)


@pytest.fixture
def url(asked):
    return f"{LIST}{asked.uuid}/"


def text_of(response):
    return response.content.decode()


def test_new_ones_come_first_and_then_who_waits_longest(clinician_client, spine_ina):
    now = timezone.now()
    visit_request(spine_ina, last_name="Called", state=State.CALLED, asked_at=now - timedelta(days=9))
    visit_request(spine_ina, last_name="Later", asked_at=now - timedelta(hours=1))
    visit_request(spine_ina, last_name="Earlier", asked_at=now - timedelta(days=2))
    visit_request(spine_ina, last_name="Gone", state=State.DECLINED)

    page = text_of(clinician_client.get(LIST))

    assert page.index("Earlier") < page.index("Later") < page.index("Una Called")
    assert "Gone" not in page
    assert "Gone" in text_of(clinician_client.get(f"{LIST}?show=closed"))


def test_another_clinics_requests_are_not_there(foreign_clinician_client, asked, url):
    assert "Marsh" not in text_of(foreign_clinician_client.get(LIST))
    assert foreign_clinician_client.get(url).status_code == 404
    assert foreign_clinician_client.post(url, {"do": "state", "state": "declined"}).status_code == 404


def test_admins_and_patients_see_none(admin, patient, asked):
    assert list(VisitRequest.objects.visible_to(admin)) == []
    assert list(VisitRequest.objects.visible_to(patient.user)) == []


def test_where_records_are_not_shared_what_a_colleague_took_is_theirs(
    colleague_client, colleague, clinician, spine_ina, asked, url
):
    spine_ina.shares_records = False
    spine_ina.save()
    assert colleague_client.get(url).status_code == 200

    VisitRequest.objects.update(assigned_to=clinician)
    assert colleague_client.get(url).status_code == 404

    clinician.user.is_active = False
    clinician.user.save()
    assert colleague_client.get(url).status_code == 200


def test_each_change_has_its_line_in_the_history(clinician_client, clinician, colleague, asked, url):
    for sent in (
        {"do": "assign", "to": colleague.pk},
        {"do": "state", "state": "called"},
        {"do": "note", "note": "Calls back on Monday."},
        {"do": "assign", "to": ""},
    ):
        assert clinician_client.post(url, sent).status_code == 302

    page = text_of(clinician_client.get(url))
    for said in ("taken by Sam Achterberg", "Called", "Calls back on Monday.", "taken by nobody", "Rita Voss"):
        assert said in page
    events = AuditEvent.objects.filter(subject=f"visit_request:{asked.uuid}").order_by("pk")
    assert [event.action for event in events] == [
        "visit_request.assigned", "visit_request.state", "visit_request.noted", "visit_request.assigned",
        "visit_request.viewed",
    ]  # fmt: skip
    assert "Monday" not in str([event.detail for event in events])


def test_double_click_is_one_step(clinician_client, asked, url):
    for _ in range(2):
        clinician_client.post(url, {"do": "state", "state": "called"})
        clinician_client.post(url, {"do": "note", "note": "No answer."})

    assert RequestStep.objects.count() == 2


def test_empty_note_is_refused_in_words(clinician_client, url):
    response = clinician_client.post(url, {"do": "note", "note": "  "})

    assert response.status_code == 422
    assert 'id="note-error"' in text_of(response)


def test_nobody_of_another_clinic_can_be_given_it(clinician_client, foreign_clinician, url):
    response = clinician_client.post(url, {"do": "assign", "to": foreign_clinician.pk})

    assert response.status_code == 422
    assert VisitRequest.objects.get().assigned_to is None


@pytest.mark.parametrize(
    "sent", [{}, {"do": "x"}, {"do": "state", "state": "patient"}, {"do": "known", "patient": "["}]
)
def test_what_no_form_sends_does_not_exist(clinician_client, url, sent):
    assert clinician_client.post(url, sent).status_code == 404
    assert VisitRequest.objects.get().state == "new"


# --- who it may be ---


@pytest.mark.parametrize(
    "same",
    [
        {"first_name": "MARSH", "last_name": "Uña", "email": "", "phone": "", "born_on": date(1957, 5, 7)},
        {"first_name": "X", "last_name": "Y", "email": "Una.Marsh@Example.org"},
        {"first_name": "X", "last_name": "Y", "email": "", "phone": "07700 900123"},
    ],
)
def test_patient_who_may_be_the_same_is_shown(clinician_client, clinician, spine_ina, url, same):
    people.patient(spine_ina, **same, lead=clinician, signs_in=False)

    assert "Is this the same person?" in text_of(clinician_client.get(url))


def test_people_who_only_share_a_day_or_two_digits_are_not(clinician_client, clinician, spine_ina, url):
    people.patient(spine_ina, "Otto", "Born", born_on=date(1957, 5, 7), signs_in=False)
    people.patient(spine_ina, "Tina", "Digits", phone="+44 7700 911123", signs_in=False)

    assert "Is this the same person?" not in text_of(clinician_client.get(url))


def test_another_request_of_the_same_person_is_shown(clinician_client, spine_ina, url):
    visit_request(spine_ina, state=State.DECLINED, last_name="Marsh-Old", email="una.marsh@example.org")

    assert "Marsh-Old" in text_of(clinician_client.get(url))


def test_patient_of_another_clinic_is_never_a_hint(clinician_client, foreign_clinician, other_clinic, url):
    people.patient(other_clinic, "Una", "Marsh", born_on=date(1957, 5, 7), signs_in=False)

    assert "Is this the same person?" not in text_of(clinician_client.get(url))


def test_known_patient_takes_the_request(clinician_client, clinician, spine_ina, asked, url):
    known = people.patient(spine_ina, "Una", "Marsh", born_on=date(1957, 5, 7), lead=clinician)

    clinician_client.post(url, {"do": "known", "patient": str(known.uuid)})

    asked.refresh_from_db()
    assert (asked.patient, asked.state) == (known, "patient")
    assert "Open the record" in text_of(clinician_client.get(url))


def test_patient_of_another_clinic_cannot_take_it(clinician_client, foreign_patient, asked, url):
    assert clinician_client.post(url, {"do": "known", "patient": str(foreign_patient.uuid)}).status_code == 404


# --- into a patient ---


def filled(page, name):
    field = page.context["form"][name]
    return field.value()


def test_request_becomes_a_patient_who_can_be_invited(clinician_client, clinician, asked, url):
    form = clinician_client.get(f"{url}patient/")
    values = {name: filled(form, name) for name in form.context["form"].fields}
    assert (values["first_name"], str(values["born_on"]), values["problem"]) == (
        "Una", "1957-05-07", "It hurts low in my back.",
    )  # fmt: skip

    response = clinician_client.post(f"{url}patient/", {name: value or "" for name, value in values.items()})

    patient = Patient.objects.get(last_name="Marsh")
    assert response["Location"] == f"/clinic/patients/{patient.uuid}/"
    asked.refresh_from_db()
    assert (asked.patient, asked.state) == (patient, "patient")
    assert patient.care_team.get().clinician == clinician
    invited = clinician_client.post(f"/clinic/patients/{patient.uuid}/invite/")
    assert "/welcome/" in text_of(invited)


def test_second_press_makes_no_second_patient(clinician_client, asked, url):
    form = clinician_client.get(f"{url}patient/").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}
    for _ in range(2):
        assert clinician_client.post(f"{url}patient/", sent).status_code == 302

    assert Patient.objects.filter(last_name="Marsh").count() == 1


def made_by_a_colleague_meanwhile(asked, colleague, form):
    values = {"first_name": "Una", "last_name": "Marsh", "born_on": date(1957, 5, 7), "time_zone": "Europe/London"}
    actions.make_patient(asked=asked, clinician=colleague, by=colleague.user, values=values, somebody_else_than=())
    return {name: form[name].value() or "" for name in form.fields}


@pytest.mark.parametrize("shares", [True, False])
@pytest.mark.parametrize("sends", [True, False])
def test_whoever_comes_second_hears_the_truth_and_lands_somewhere(
    clinician_client, colleague, spine_ina, asked, url, shares, sends
):
    spine_ina.shares_records = shares
    spine_ina.save()
    sent = made_by_a_colleague_meanwhile(asked, colleague, clinician_client.get(f"{url}patient/").context["form"])

    page = clinician_client.post(f"{url}patient/", sent, follow=True) if sends else (
        clinician_client.get(f"{url}patient/", follow=True)
    )  # fmt: skip

    patient = Patient.objects.get(last_name="Marsh")
    assert page.status_code == 200
    assert page.redirect_chain[-1][0] == (f"/clinic/patients/{patient.uuid}/" if shares else LIST)
    assert "This person is a patient already." in text_of(page)
    assert "You lead the care team" not in text_of(page)


def test_second_press_in_the_same_moment_claims_no_lead(
    clinician_client, clinician, colleague, asked, url, monkeypatch
):
    form = clinician_client.get(f"{url}patient/").context["form"]
    whole = actions.make_patient

    def another_was_faster(**said):
        monkeypatch.undo()
        made_by_a_colleague_meanwhile(asked, colleague, form)
        return whole(**said)

    monkeypatch.setattr(actions, "make_patient", another_was_faster)
    sent = {name: form[name].value() or "" for name in form.fields}
    page = text_of(clinician_client.post(f"{url}patient/", sent, follow=True))

    assert "This person is a patient already." in page
    assert "You lead the care team" not in page


def test_request_whose_record_is_a_colleagues_alone_offers_no_way_to_it(
    clinician_client, colleague, spine_ina, asked, url
):
    spine_ina.shares_records = False
    spine_ina.save()
    made_by_a_colleague_meanwhile(asked, colleague, clinician_client.get(f"{url}patient/").context["form"])

    page = text_of(clinician_client.get(url))

    assert "They became a patient." in page
    assert "Open the record" not in page


def test_look_alike_is_asked_about_first_and_nothing_is_linked(clinician_client, clinician, spine_ina, asked, url):
    people.patient(spine_ina, "Una", "Marsh", born_on=date(1957, 5, 7), signs_in=False)
    form = clinician_client.get(f"{url}patient/").context["form"]
    sent = {name: form[name].value() or "" for name in form.fields}

    response = clinician_client.post(f"{url}patient/", sent)

    assert response.status_code == 409
    asked.refresh_from_db()
    assert (asked.patient, asked.state) == (None, "new")
    sent["somebody_else"] = response.context["somebody_else"]
    assert clinician_client.post(f"{url}patient/", sent).status_code == 302


def test_mistake_in_the_form_keeps_what_was_typed(clinician_client, url):
    response = clinician_client.post(f"{url}patient/", {"first_name": "Una", "last_name": ""})

    assert response.status_code == 422
    assert 'value="Una"' in text_of(response)


# --- deleting ---


@pytest.mark.parametrize(
    ("state", "days", "left"),
    [
        ("declined", 91, 0),
        ("patient", 91, 0),
        ("arranged", 91, 0),
        ("declined", 89, 1),
        ("new", 900, 1),
        ("waiting", 900, 1),
    ],
)
def test_what_is_settled_is_deleted_after_a_while(spine_ina, clinician, state, days, left):
    at = timezone.now() - timedelta(days=days)
    asked = visit_request(spine_ina, state=state, state_at=at, asked_at=at)
    RequestStep.objects.create(request=asked, at=at, by=clinician.user, state=state)

    call_command("forget_requests", verbosity=0)

    assert VisitRequest.objects.count() == RequestStep.objects.count() == left


def test_patient_stays_when_the_request_is_forgotten(spine_ina, patient):
    at = timezone.now() - timedelta(days=200)
    visit_request(spine_ina, state="patient", state_at=at, patient=patient)

    assert forget_settled(now=timezone.now()) == 1
    assert Patient.objects.filter(pk=patient.pk).exists()
    assert forget_settled(now=timezone.now()) == 0


@pytest.mark.parametrize("count", [1, 30])
def test_pages_ask_the_same_whoever_waits(clinician_client, spine_ina, clinician, count, django_assert_num_queries):
    for number in range(count):
        asked = visit_request(
            spine_ina, last_name=f"M{number}", assigned_to=clinician, phone=f"+44 7700 9{number:05}"
        )
        RequestStep.objects.create(request=asked, at=timezone.now(), by=clinician.user, assigned_to=clinician)
        people.patient(spine_ina, "Una", f"M{number}", born_on=date(1957, 5, 7), signs_in=False)
    clinician_client.get(LIST)
    with django_assert_num_queries(LIST_PAGE):
        clinician_client.get(LIST)
    with django_assert_num_queries(REQUEST_PAGE):
        clinician_client.get(f"{LIST}{asked.uuid}/")


LIST_PAGE, REQUEST_PAGE = 6, 10


def test_inbox_says_how_many_are_new(clinician_client, foreign_clinician_client, spine_ina, asked):
    visit_request(spine_ina, state=State.CALLED)

    assert "1 new request for a first visit" in text_of(clinician_client.get("/clinic/messages/"))
    assert "new request" not in text_of(foreign_clinician_client.get("/clinic/messages/"))
