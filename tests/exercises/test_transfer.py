import csv
import io
import json
from datetime import date

import pytest
import tablib
from django.core.files.uploadedfile import SimpleUploadedFile

from exercises.content.load import load_catalogue
from exercises.governance import vouch_for
from exercises.models import Exercise
from exercises.transfer import ExerciseResource, SafeCSV
from tests.factories import catalogue

pytestmark = pytest.mark.django_db
LIST = "/admin/exercises/exercise/"
CSV, JSON = "0", "1"


def exported(client, form):
    return client.post(f"{LIST}export/", {"format": form, "resource": ""}).content.decode()


def look(client, text, form, name="a.csv"):
    """The page that shows what an import would change."""
    file = SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())
    return client.post(f"{LIST}import/", {"import_file": file, "format": form, "resource": ""})


def confirm(client, page):
    return client.post(f"{LIST}process_import/", page.context["confirm_form"].initial, follow=True)


@pytest.mark.parametrize("form", [CSV, JSON], ids=["csv", "json"])
def test_what_was_exported_changes_nothing_when_imported(admin_client, form):
    load_catalogue()

    text = exported(admin_client, form)
    result = look(admin_client, text, form).context["result"]

    assert result.totals == {"new": 0, "update": 0, "delete": 0, "skip": 134, "error": 0, "invalid": 0}


def test_import_shows_the_difference_first_and_saves_on_confirmation(admin_client, client):
    bridge = catalogue.exercise("bridge")
    rows = json.loads(exported(admin_client, JSON))
    rows[0]["feel"] = "Something flamingo."

    page = look(admin_client, json.dumps(rows), JSON, "a.json")

    assert page.context["result"].totals["update"] == 1
    assert page.context["result"].valid_rows()[0].diff == [("feel", "Work in your buttocks.", "Something flamingo.")]
    assert "Something flamingo." in page.content.decode()
    bridge.refresh_from_db()
    assert bridge.feel == "Work in your buttocks."
    confirm(admin_client, page)
    bridge.refresh_from_db()
    assert bridge.feel == "Something flamingo."
    assert bridge.history.count() > 1
    assert client.get("/exercises/?q=flamingo").context["found"].total == 1


def test_new_exercises_may_name_each_other_as_neighbours(admin_client):
    catalogue.exercise("bridge")
    (row,) = json.loads(exported(admin_client, JSON))
    easy = row | {"slug": "easy", "name": "Easy", "level": 1, "progression": "hard", "regression": ""}
    hard = row | {"slug": "hard", "name": "Hard", "level": 4, "progression": "", "regression": "easy"}

    page = look(admin_client, json.dumps([easy, hard]), JSON, "a.json")
    confirm(admin_client, page)

    assert Exercise.objects.get(slug="easy").progression.slug == "hard"
    assert Exercise.objects.get(slug="hard").regression.slug == "easy"


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("level", "9"),
        ("level", "x"),
        ("category", "nonsense"),
        ("tags", "no-such-tag"),
        ("regression", "no-such-exercise"),
        ("reps", ""),
        ("video_url", "javascript:alert(1)"),
        ("phases", "sideways"),
        ("steps", ""),
        ("minutes", "NaN"),
        ("purpose", "a\0b"),
        ("purpose", "\ud800"),
    ],
)
def test_import_of_a_wrong_value_is_refused_with_its_row(admin_client, column, value):
    catalogue.exercise("bridge")
    (row,) = json.loads(exported(admin_client, JSON))

    page = look(admin_client, json.dumps([row | {column: value}]), JSON, "a.json")

    result = page.context["result"]
    assert page.status_code == 200
    assert result.has_errors() or result.has_validation_errors()
    assert "confirm_form" not in page.context
    assert "Traceback" not in page.content.decode()


def test_unknown_neighbour_is_named_with_its_row(admin_client):
    catalogue.exercise("bridge")
    (row,) = json.loads(exported(admin_client, JSON))

    page = look(admin_client, json.dumps([row | {"regression": "brigde"}]), JSON, "a.json").content.decode()

    assert "<li>Row 1, bridge, regression: There is no exercise with the slug “brigde”.</li>" in page


def test_new_neighbours_that_make_no_ladder_are_refused_in_words(admin_client):
    catalogue.exercise("bridge")
    (row,) = json.loads(exported(admin_client, JSON))
    easy = row | {"slug": "easy", "name": "Easy", "level": 4, "progression": "hard", "regression": ""}
    hard = row | {"slug": "hard", "name": "Hard", "level": 1, "progression": "", "regression": ""}

    page = look(admin_client, json.dumps([easy, hard]), JSON, "a.json")

    assert "<li>easy: Hard has level 1, which is easier than this one.</li>" in page.content.decode()
    assert "confirm_form" not in page.context


@pytest.mark.parametrize("form", [CSV, JSON])
@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"{", b"a,b\n1,2", b'[{"slug": 1}]', b"[1]", b"null", b"\0"])
def test_file_that_is_no_catalogue_is_refused_without_a_fault(admin_client, form, text):
    catalogue.exercise("bridge")

    page = look(admin_client, text, form)

    assert page.status_code == 200
    assert "confirm_form" not in page.context
    assert "Traceback" not in page.content.decode()
    assert Exercise.objects.count() == 1


def test_large_file_is_refused(admin_client):
    assert "larger than 2 MB" in look(admin_client, b"x" * (2 * 1024 * 1024 + 1), CSV).content.decode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_that_a_spreadsheet_would_run_is_quoted_and_comes_back_as_it_was(admin_client, start):
    text = f"{start}cmd|' /C calc'!A0"
    catalogue.exercise("bridge", also_known_as=text)
    dataset = ExerciseResource().export()

    written = SafeCSV().export_data(dataset)

    (row,) = csv.DictReader(io.StringIO(written, newline=""))
    assert row["also_known_as"] == f"'{text}"
    assert SafeCSV().create_dataset(written)["also_known_as"] == [text]


def test_text_that_begins_with_a_quote_of_its_own_is_kept():
    dataset = tablib.Dataset(["'=1"], ["'tis"], headers=["a"])

    assert SafeCSV().create_dataset(SafeCSV().export_data(dataset))["a"] == ["'=1", "'tis"]


def test_import_that_changes_what_matters_takes_the_review_away(admin_client):
    bridge = catalogue.exercise("bridge")
    vouch_for([bridge], name="Rita Voss", day=date(2031, 5, 14))
    rows = json.loads(exported(admin_client, JSON))
    rows[0] |= {"cautions": "Not on Mondays.", "also_known_as": "Hip raise", "author": "Ada Writer"}

    done = confirm(admin_client, look(admin_client, json.dumps(rows), JSON, "a.json"))

    bridge.refresh_from_db()
    assert (bridge.changed_since, bridge.author) == (["cautions"], "Ada Writer")
    assert bridge.review_by is None
    assert "Bridge: the review is gone, because this changed: cautions" in done.content.decode()
