"""An admin says for a clinician who cannot that they are away: who is ill enters nothing."""

import pytest

from patients.models import Absence, AuditEvent, Patient
from tests.factories import people, team
from tests.patients.team.test_away import days, record

LIST = "/admin/patients/absence/"
ADD = f"{LIST}add/"


def said(clinician, cover, first=0, last=2, **more):
    return days(clinician, first, last) | {"clinician": clinician.pk, "cover": cover.pk} | more


def test_absence_is_as_if_they_had_said_it_themselves(
    private, admin, admin_client, clinician, clinician_client, colleague, colleague_client, patient, patient_client
):
    for _ in range(2):  # a double click
        page = admin_client.post(ADD, said(clinician, colleague), follow=True)
        assert page.redirect_chain[-1][0] == LIST
    assert "Rita Voss is away" in page.content.decode()

    absence = Absence.objects.get()
    assert absence.said_by == admin
    line = AuditEvent.objects.get(action="absence.said")
    assert (line.actor, line.subject) == (str(admin.pk), f"absence:{absence.uuid}")
    assert colleague_client.get(record(patient)).status_code == 200
    assert "Sam Achterberg answers you meanwhile." in patient_client.get("/messages/").content.decode()
    # Whoever is back says so themselves.
    assert clinician_client.post(f"/clinic/team/away/{absence.uuid}/end/").status_code == 302
    assert colleague_client.get(record(patient)).status_code == 404


def test_admin_ends_it(private, admin, admin_client, clinician, colleague, patient):
    absence = team.absence(clinician, colleague)

    for _ in range(2):
        admin_client.post(LIST, {"action": "end", "_selected_action": [absence.pk]})

    absence.refresh_from_db()
    assert absence.ended_by == admin
    assert AuditEvent.objects.get(action="absence.ended").actor == str(admin.pk)
    assert not Patient.objects.visible_to(colleague.user).exists()


def test_days_are_divided_among_two(admin_client, clinician, colleague, third):
    later = {"from_2": days(clinician, 2, 2)["first_day"], "cover_2": third.pk}

    admin_client.post(ADD, said(clinician, colleague, 0, 4) | later)

    assert [cover.clinician for cover in Absence.objects.get().covers.all()] == [colleague, third]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"clinician": ""}, "clinician", "This field is required."),
        ({"last_day": "2020-01-01"}, "last_day", "before the first day"),
        ({"cover": ""}, "cover", "Choose a colleague."),
        ({"cover": "themselves"}, "cover", "Choose a colleague of this clinic."),
        ({"cover": "foreign"}, "cover", "Choose a colleague of this clinic."),
        ({"clinician": 10**30}, "clinician", "valid choice"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_makes_no_sense_is_said_at_its_field(
    admin_client, clinician, colleague, foreign_clinician, changes, field, words
):
    named = {"themselves": clinician.pk, "foreign": foreign_clinician.pk}
    sent = said(clinician, colleague) | {name: named.get(value, value) for name, value in changes.items()}

    response = admin_client.post(ADD, sent)

    assert response.status_code == 422
    assert words in response.context["form"].errors[field][0]
    assert not Absence.objects.exists()


def test_whoever_is_away_already_and_a_cover_who_is_are_said_with_the_days(admin_client, clinician, colleague, third):
    team.absence(clinician, colleague, first=5, last=6)
    team.absence(third, colleague, first=1, last=2)

    twice = admin_client.post(ADD, said(clinician, colleague, 6, 8)).context["form"].errors
    covered = admin_client.post(ADD, said(clinician, third, 0, 1)).context["form"].errors

    assert "Rita Voss is away already" in twice["first_day"][0]
    assert "Tomás Rioclaro is away then" in covered["cover"][0]


def test_what_was_said_is_not_rewritten_and_names_no_patient(admin_client, clinician, colleague, patient):
    absence = team.absence(clinician, colleague)
    url = f"{LIST}{absence.pk}/"

    page = admin_client.get(f"{url}change/").content.decode()

    assert "Sam Achterberg" in page
    assert patient.last_name not in page + admin_client.get(LIST).content.decode()
    assert admin_client.post(f"{url}change/", {"last_day": "2099-01-01"}).status_code == 403
    assert admin_client.post(f"{url}delete/", {"post": "yes"}).status_code == 403


def test_nobody_else_says_it(clinician_client, patient_client, clinician, colleague):
    for client in (clinician_client, patient_client):
        assert client.post(ADD, said(clinician, colleague)).status_code == 403
    assert not Absence.objects.exists()


def test_list_asks_as_often_for_one_as_for_many(admin_client, spine_ina, clinician, django_assert_num_queries):
    def add():
        team.absence(
            people.clinician(spine_ina, "Cal", f"League{Absence.objects.count()}"), clinician, first=20, last=21
        )

    add()
    admin_client.get(LIST)
    with django_assert_num_queries(QUERIES):
        admin_client.get(LIST)
    for _ in range(5):
        add()
    with django_assert_num_queries(QUERIES):
        admin_client.get(LIST)


QUERIES = 7
