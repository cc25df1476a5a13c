import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from exercises.content.load import load_catalogue
from exercises.index import index_of
from exercises.models import Exercise
from tests.factories import catalogue

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge", plain_name="Hips up", cautions="Not after fusion")


@pytest.fixture
def inversion(db):
    return catalogue.exercise("inversion-table", clinician_only=True)


def titles(response):
    return [card.slug for card in response.context["found"].page]


def test_catalogue_is_read_without_signing_in(bridge, client):
    response = client.get("/exercises/")

    assert titles(response) == ["bridge"]
    assert "Hips up" in response.content.decode()


@pytest.mark.parametrize("path", ["/exercises/", "/exercises/bridge/"])
def test_reading_pages_refuse_to_be_posted_to(bridge, client, path):
    assert client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/exercises/", "/exercises/bridge/"])
def test_closed_catalogue_sends_strangers_to_sign_in(bridge, client, patient_client, nobody_client, settings, path):
    settings.PUBLIC_CATALOGUE = False

    assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
    assert nobody_client.get(path).status_code == 403
    assert patient_client.get(path).status_code == 200


def test_search_works_as_a_plain_form(bridge, client):
    catalogue.exercise("plank")

    response = client.get("/exercises/", {"q": "plank", "category": "stability"})

    assert titles(response) == ["plank"]
    assert '<input type="checkbox" id="category-stability" name="category" value="stability" checked>' in (
        response.content.decode()
    )


def test_typing_swaps_the_answer_and_names_its_address(bridge, client):
    response = client.get("/exercises/", {"q": "bridge", "category": ""}, headers=HTMX)

    page = response.content.decode()
    assert response["HX-Push-Url"] == "/exercises/?q=bridge"
    assert response["HX-Trigger"] == '{"announce": {"value": "1 exercise"}}'
    assert "<html" not in page
    assert 'id="found"' in page
    assert 'id="options-category" hx-swap-oob="innerHTML"' in page


def test_more_exercises_are_appended(client):
    load_catalogue()

    first = client.get("/exercises/").content.decode()
    second = client.get("/exercises/?page=2", headers=HTMX).content.decode()

    assert 'hx-get="?page=2"' in first
    assert second.count('class="ex-card"') == 24
    assert second.count("autofocus") == 1
    assert 'hx-get="?page=3"' in second
    assert "<form" not in second


def test_nothing_found_says_what_to_try(bridge, client):
    assert "Nothing fits all of that." in client.get("/exercises/?q=qqqqqq").content.decode()


def test_search_is_escaped(bridge, client):
    page = client.get("/exercises/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>alert" not in page


def test_clinician_only_exercise_is_hidden_from_everybody_but_staff(
    inversion, client, patient_client, nobody_client, clinician_client, admin_client
):
    for outsider in (client, patient_client, nobody_client):
        assert titles(outsider.get("/exercises/")) == []
        assert outsider.get("/exercises/inversion-table/").status_code == 404
    for member in (clinician_client, admin_client):
        assert titles(member.get("/exercises/")) == ["inversion-table"]
        assert "Needs your clearance each time" in member.get("/exercises/inversion-table/").content.decode()


def test_retired_exercise_is_gone_from_the_catalogue(bridge, client, clinician_client):
    Exercise.objects.update(retired_at=timezone.now())

    assert titles(clinician_client.get("/exercises/")) == []
    assert client.get("/exercises/bridge/").status_code == 404


def test_unknown_exercise_does_not_exist(client):
    assert client.get("/exercises/nothing/").status_code == 404


def test_exercise_page_shows_patients_their_words_and_not_the_clinicians(bridge, patient_client):
    page = patient_client.get("/exercises/bridge/").content.decode()

    for text in ["Hips up", bridge.purpose, bridge.setup, *bridge.steps, *bridge.cues, *bridge.mistakes, bridge.feel]:
        assert text in page
    assert "Do it 10 times. Hold each one for 5 seconds." in page
    assert "Not after fusion" not in page
    assert "For clinicians" not in page


def test_exercise_page_shows_clinicians_cautions_but_no_way_to_edit(bridge, clinician_client, admin_client):
    edit = f"/admin/exercises/exercise/{bridge.pk}/change/"

    page = clinician_client.get("/exercises/bridge/").content.decode()

    assert "Not after fusion" in page
    assert edit not in page
    assert edit in admin_client.get("/exercises/bridge/").content.decode()


def test_ladder_leads_to_what_the_reader_may_see(bridge, inversion, client, clinician_client):
    easier = catalogue.exercise("tilt", level=1)
    bridge.regression, bridge.progression = easier, inversion
    bridge.save()

    page = client.get("/exercises/bridge/").content.decode()

    assert "/exercises/tilt/" in page
    assert "/exercises/inversion-table/" not in page
    assert "/exercises/inversion-table/" in clinician_client.get("/exercises/bridge/").content.decode()


@pytest.mark.parametrize("who", ["client", "patient_client", "clinician_client", "admin_client"])
def test_search_takes_at_most_eight_queries_from_a_cold_start(who, request, bridge, django_assert_max_num_queries):
    reader = request.getfixturevalue(who)
    reader.get("/exercises/")  # the first visit also writes the session
    index_of.cache_clear()

    with django_assert_max_num_queries(8):
        reader.get("/exercises/?q=bridge")


def test_search_takes_as_many_queries_for_the_whole_catalogue(bridge, client, django_assert_num_queries):
    client.get("/exercises/?q=bridge")
    with django_assert_num_queries(1):
        client.get("/exercises/?q=bridge", headers=HTMX)
    load_catalogue()
    client.get("/exercises/?q=bridge")
    with django_assert_num_queries(1):
        client.get("/exercises/?q=bridge", headers=HTMX)


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    default_storage.save("exercises/abc123.png", ContentFile(b"\x89PNG"))
    default_storage.save("secret.png", ContentFile(b"no"))
    (tmp_path / "exercises" / "page.html").write_text("<script>")


def test_uploaded_picture_is_served_as_a_picture(media, client):
    response = client.get("/media/exercises/abc123.png")

    assert response.getvalue() == b"\x89PNG"
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["page.html", "..%2Fsecret.png", "../secret.png", "%2e%2e/secret.png", "none.png", ".png", "abc123.png%00"],
)
def test_nothing_else_is_served_as_a_picture(media, client, name):
    assert client.get(f"/media/exercises/{name}").status_code == 404
