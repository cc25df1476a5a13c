"""The catalogue in a second language, as an admin translates it and a patient reads it."""

import pytest
from django.conf import settings as project
from django.utils import translation

from clinic.prescriptions.models import PrescribedExercise
from clinic.prescriptions.telling import told, told_now
from exercises.models import Article, Translation
from exercises.translations import by_language, in_language
from tests.factories import catalogue
from tests.factories.languages import forget_languages

pytestmark = pytest.mark.django_db
ADD = "/admin/exercises/translation/add/"


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def german(settings):
    settings.LANGUAGES = [*project.LANGUAGES, ("de", "Deutsch")]
    forget_languages()
    yield settings
    forget_languages()


def translated(row, **texts):
    kind = row._meta.model_name
    based_on = {name: getattr(row, name) for name in texts}
    return Translation.objects.create(kind=kind, slug=row.slug, language="de", texts=texts, based_on=based_on)


def asked(row):
    return f"{ADD}?kind={row._meta.model_name}&slug={row.slug}&language=de"


def test_an_exercise_speaks_the_language_of_the_moment_and_what_lacks_stays_in_the_clinics_own(bridge, german):
    translated(bridge, plain_name="Brücke")

    with translation.override("de"):
        spoken = in_language([bridge])[0]

    assert (spoken.plain_name, spoken.purpose) == ("Brücke", bridge.purpose)
    assert bridge.plain_name != "Brücke"


def test_a_clinic_with_one_language_asks_nothing(bridge, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert in_language([bridge]) == [bridge]
        assert by_language([bridge]) == {}


def test_the_page_and_the_list_of_exercises(bridge, german, client):
    translated(bridge, plain_name="Brücke", steps=["Eins.", "Zwei.", "Drei."])
    page = client.get("/exercises/bridge/", HTTP_ACCEPT_LANGUAGE="de").content.decode()

    assert "Brücke" in page
    assert "Zwei." in page
    assert "Brücke" in client.get("/exercises/", HTTP_ACCEPT_LANGUAGE="de").content.decode()
    assert "Brücke" not in client.get("/exercises/", HTTP_ACCEPT_LANGUAGE="en").content.decode()


@pytest.mark.parametrize("typed", ["brücke", "brucke", "bridge"])
def test_an_exercise_is_found_by_its_name_in_either_language(bridge, german, client, typed):
    translated(bridge, plain_name="Brücke")

    assert "Brücke" in client.get("/exercises/", {"q": typed}, HTTP_ACCEPT_LANGUAGE="de").content.decode()


def test_a_changed_translation_is_read_at_once(bridge, german, client):
    row = translated(bridge, plain_name="Brücke")
    client.get("/exercises/", HTTP_ACCEPT_LANGUAGE="de")
    row.texts["plain_name"] = "Beckenheben"
    row.save()

    assert "Beckenheben" in client.get("/exercises/", HTTP_ACCEPT_LANGUAGE="de").content.decode()


def test_what_a_patient_was_told_is_kept_in_every_language(bridge, german):
    translated(bridge, plain_name="Brücke")
    record = told(bridge, by_language([bridge])[("exercise", "bridge")])
    line = PrescribedExercise(exercise=bridge, told=record)

    assert told_now(record)["plain_name"] == line.plain_name == bridge.plain_name
    with translation.override("de"):
        assert told_now(record)["plain_name"] == line.plain_name == "Brücke"
        assert told_now(record)["purpose"] == bridge.purpose


class TestInTheAdmin:
    def test_the_row_leads_to_its_translation(self, bridge, german, admin_client):
        page = admin_client.get(f"/admin/exercises/exercise/{bridge.pk}/change/").content.decode()

        assert asked(bridge).replace("&", "&amp;") in page
        assert "Deutsch</a>: not translated" in page

    def test_with_one_language_there_is_nothing_to_translate(self, bridge, admin_client):
        page = admin_client.get(f"/admin/exercises/exercise/{bridge.pk}/change/").content.decode()

        assert "In other languages" not in page
        assert admin_client.get(asked(bridge)).status_code == 404

    def test_each_text_stands_beside_its_original_and_is_saved(self, bridge, german, admin_client):
        page = admin_client.get(asked(bridge)).content.decode()
        assert bridge.purpose in page

        steps = "\r\n".join(f"Schritt {n}." for n in range(len(bridge.steps)))
        response = admin_client.post(asked(bridge), {"plain_name": "Brücke", "steps": steps})

        assert response.status_code == 302
        saved = Translation.objects.get()
        assert (saved.kind, saved.slug, saved.language) == ("exercise", "bridge", "de")
        assert saved.texts["steps"][0] == "Schritt 0."
        assert saved.based_on["plain_name"] == bridge.plain_name
        assert admin_client.get(asked(bridge)).status_code == 302  # to the one that stands

    def test_what_does_not_fit_is_said_at_its_field(self, bridge, german, admin_client):
        response = admin_client.post(asked(bridge), {"plain_name": "Brücke", "steps": "Nur einer."})

        assert "3 to 6 lines" in response.content.decode()
        assert "Brücke" in response.content.decode()
        assert not Translation.objects.exists()

    def test_the_list_says_what_has_changed_since(self, german, admin_client):
        article = Article.objects.create(slug="move", title="Move", summary="It helps.", body="Walk.")
        translated(article, title="Bewegung", summary="Es hilft.", body="Gehen.")
        article.summary = "It helps most people."
        article.save()

        page = admin_client.get("/admin/exercises/translation/").content.decode()
        assert "to look at again: summary" in page

    @pytest.mark.parametrize("query", ["", "?kind=user&slug=x&language=de", "?kind=exercise&slug=bridge&language=fr"])
    def test_nothing_else_can_be_translated(self, bridge, german, admin_client, query):
        assert admin_client.get(ADD + query).status_code in {403, 404}
