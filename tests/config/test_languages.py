"""Which language somebody is answered in, with a clinic that offers two."""

from uuid import uuid4

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from clinic.reminders.mail import letter
from clinic.reminders.models import Reminder
from clinic.today.hurts import report_event
from patients.audit.models import AuditEvent
from patients.models import Task
from patients.records.invitations import invite
from tests.conftest import signed_in
from tests.factories.languages import forget_languages

pytestmark = pytest.mark.django_db
PSEUDO = "en-xa"


@pytest.fixture(scope="module")
def catalogues(tmp_path_factory):
    """The pseudo-language's file, made once."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("locale")
    with override_settings(LOCALE_PATHS=[folder]):
        call_command("translate", PSEUDO, verbosity=0)
    return folder


@pytest.fixture
def two_languages(settings, catalogues):
    settings.LANGUAGES = [*project.LANGUAGES, (PSEUDO, "Pseudo")]
    settings.LOCALE_PATHS = [catalogues]
    forget_languages()
    yield settings
    forget_languages()


def speaks(response):
    return "Ļöö" in response.content.decode()


def test_a_clinic_with_one_language_says_nothing_of_it(client):
    response = client.get("/look/")

    assert "Content-Language" not in response.headers
    assert "Language" not in response.content.decode()


def test_a_stranger_is_answered_in_what_the_browser_asks_for(two_languages):
    assert speaks(Client().get("/look/", HTTP_ACCEPT_LANGUAGE=PSEUDO))
    assert not speaks(Client().get("/look/", HTTP_ACCEPT_LANGUAGE="fr"))
    assert not speaks(Client().get("/look/"))


def test_a_choice_on_the_device_goes_before_the_browser(two_languages):
    client = Client(HTTP_ACCEPT_LANGUAGE="en-gb")
    client.post("/look/", {"text": "", "theme": "", "motion": "", "language": PSEUDO})

    response = client.get("/look/")

    assert speaks(response)
    assert response["Content-Language"] == PSEUDO
    assert f'lang="{PSEUDO}"' in response.content.decode()


def test_a_language_that_is_not_offered_is_refused_at_its_field(two_languages):
    response = Client().post("/look/", {"text": "large", "language": "tlh"})

    assert response.status_code == 422
    assert "One of these, please." in response.content.decode()
    assert "text" not in response.cookies


def test_a_patients_choice_stands_in_the_record_and_holds_on_every_device(two_languages, patient):
    signed_in(patient.user).post("/look/", {"text": "", "theme": "", "motion": "", "language": PSEUDO})

    patient.refresh_from_db()
    assert patient.language == PSEUDO
    assert AuditEvent.objects.filter(action="language.chosen", patient=str(patient.uuid)).exists()
    assert speaks(signed_in(patient.user).get("/look/", HTTP_ACCEPT_LANGUAGE="en-gb"))


def test_what_is_written_to_a_patient_speaks_theirs(
    two_languages, patient, clinician, mailoutbox, django_capture_on_commit_callbacks
):
    patient.user, patient.email, patient.language = None, "maggie@demo.example", PSEUDO
    patient.save()
    with django_capture_on_commit_callbacks(execute=True):
        invite(patient=patient, by=clinician.user, address_of=lambda token: f"https://portal.example/{token}")

    assert mailoutbox[0].subject.startswith("[Ýöûŕ þéŕšöñáļ ļîñķ")


def test_a_reminder_speaks_the_patients_language(two_languages, patient):
    patient.language = PSEUDO
    patient.save()

    assert letter(Reminder(patient=patient)).subject.startswith("[Ýöûŕ ŕéɱîñðéŕ")


def test_a_language_given_up_leaves_the_clinics_own(patient):
    patient.language = "de"

    assert patient.speaks == project.LANGUAGE_CODE


def test_a_clinician_sets_the_language_in_the_record(two_languages, clinician_client, patient):
    page = clinician_client.get(f"/clinic/patients/{patient.uuid}/edit/").content.decode()

    assert 'name="language"' in page


def test_with_one_language_the_record_does_not_ask(clinician_client, patient):
    assert 'name="language"' not in clinician_client.get(f"/clinic/patients/{patient.uuid}/edit/").content.decode()


def test_what_a_patient_causes_is_read_by_colleagues_in_the_clinics_language(two_languages, patient):
    with translation.override(PSEUDO):
        report_event(
            patient=patient, by=patient.user, key=uuid4(), kind="fall", severity="severe", line=None, text="Aua.",
            happened_on=patient.local_day(),
        )  # fmt: skip

    assert "“I fell”, “It is bad” on" in Task.objects.get(patient=patient).words
