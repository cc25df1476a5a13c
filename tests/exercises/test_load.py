import time

import pytest
from django.core.management import call_command
from django.utils import timezone

from exercises.content import load
from exercises.content.load import load_catalogue
from exercises.models import Exercise, Muscle

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(db):
    load_catalogue()


@pytest.fixture
def changed_file(monkeypatch):
    """Changes one exercise as its file has it."""

    def change(slug, **values):
        rows = load.read_exercises()
        rows[slug] |= values
        monkeypatch.setattr(load, "read_exercises", lambda: rows)

    return change


def snapshot():
    return list(Exercise.objects.order_by("pk").values()) + list(
        Exercise.tags.through.objects.order_by("pk").values()
    )


def test_catalogue_loads_into_an_empty_database():
    outcomes = load_catalogue()

    assert len(outcomes["exercises"].created) == Exercise.objects.count() == 134
    bridge = Exercise.objects.get(slug="bridge")
    bridge.full_clean()
    assert bridge.progression is not None
    assert {m.slug for m in bridge.primary_muscles.all()} == {"gluteus-maximus"}
    assert "big buttock muscle" in bridge.search_text
    entry = bridge.history.get()
    assert entry.history_type == "+"
    assert {link.muscle.slug for link in entry.primary_muscles.all()} == {"gluteus-maximus"}


def test_loading_takes_less_than_three_seconds():
    start = time.perf_counter()
    load_catalogue()

    assert time.perf_counter() - start < 3


def test_loading_again_changes_nothing(loaded):
    before = snapshot()

    outcomes = load_catalogue()

    assert len(outcomes["exercises"].unchanged) == 134
    assert snapshot() == before
    assert Exercise.objects.get(slug="bridge").history.count() == 1


def test_untouched_row_follows_its_file(loaded, changed_file):
    changed_file("bridge", feel="Your buttocks work.", tags=["supine"])

    outcome = load_catalogue()["exercises"]

    assert outcome.updated == ["bridge"]
    bridge = Exercise.objects.get(slug="bridge")
    assert bridge.feel == "Your buttocks work."
    assert [tag.slug for tag in bridge.tags.all()] == ["supine"]
    assert [entry.history_type for entry in bridge.history.all()] == ["~", "+"]


def test_edited_row_is_kept_without_a_word_while_its_file_says_nothing_new(loaded):
    Exercise.objects.filter(slug="bridge").update(feel="Mine.")

    outcome = load_catalogue()["exercises"]

    assert outcome.edited_here == ["bridge"]
    assert outcome.left_alone == []
    assert Exercise.objects.get(slug="bridge").feel == "Mine."


def test_edited_links_count_as_an_edit(loaded, changed_file):
    Exercise.objects.get(slug="bridge").tags.clear()
    changed_file("bridge", feel="New.")

    assert load_catalogue()["exercises"].left_alone == ["bridge"]


def test_edited_row_is_left_alone_and_named_when_its_file_changed_too(loaded, changed_file, capsys):
    Exercise.objects.filter(slug="bridge").update(feel="Mine.")
    changed_file("bridge", feel="Theirs.")

    call_command("load_catalogue")

    assert Exercise.objects.get(slug="bridge").feel == "Mine."
    assert "load_catalogue --overwrite bridge" in capsys.readouterr().out


@pytest.mark.parametrize("overwrite", ["bridge", "all"])
def test_overwrite_takes_the_files_version(loaded, changed_file, overwrite):
    Exercise.objects.filter(slug="bridge").update(feel="Mine.")
    changed_file("bridge", feel="Theirs.")

    call_command("load_catalogue", overwrite=[overwrite])

    assert Exercise.objects.get(slug="bridge").feel == "Theirs."


def test_overwrite_of_one_row_leaves_the_others(loaded):
    Exercise.objects.filter(slug__in=["bridge", "plank"]).update(feel="Mine.")

    load_catalogue(overwrite=["bridge"])

    assert Exercise.objects.get(slug="plank").feel == "Mine."


def test_retired_row_stays_retired(loaded, changed_file):
    Exercise.objects.filter(slug="bridge").update(retired_at=timezone.now())
    changed_file("bridge", feel="New.")

    load_catalogue()

    bridge = Exercise.objects.get(slug="bridge")
    assert bridge.feel == "New."
    assert bridge.retired_at is not None


def test_new_row_whose_name_is_taken_is_left_out_and_named(loaded):
    Exercise.objects.filter(slug="general-warm-up").delete()
    Exercise.objects.filter(slug="walking").update(name="General warm-up")

    outcome = load_catalogue()["exercises"]

    assert outcome.left_alone == ["general-warm-up"]


def test_edited_muscle_is_kept(loaded):
    Muscle.objects.filter(slug="calf").update(plain_name="lower leg")

    outcome = load_catalogue()["muscles"]

    assert outcome.edited_here == ["calf"]
    assert Muscle.objects.get(slug="calf").plain_name == "lower leg"


def test_every_exercise_has_its_pose_and_follows_its_file(loaded, changed_file):
    assert not Exercise.objects.filter(pose="").exists()
    assert {file.stem for file in (load.HERE / "poses").glob("*.pose")} == set(load.read_exercises())
    changed_file("bridge", pose="pose")

    assert load_catalogue()["exercises"].updated == ["bridge"]
    bridge = Exercise.objects.get(slug="bridge")
    assert (bridge.pose, bridge.history.latest().pose) == ("pose", "pose")


def test_command_names_what_was_edited_and_kept(loaded, capsys):
    Muscle.objects.filter(slug="calf").update(plain_name="lower leg")

    call_command("load_catalogue")

    assert "  calf was edited here: kept.\n" in capsys.readouterr().out
