"""The catalogue's words carried to a translator and back."""

import pytest
from babel.messages.pofile import read_po, write_po
from django.core.management import CommandError, call_command

from exercises.models import Article, Translation
from tests.factories import catalogue

pytestmark = pytest.mark.django_db


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def file(tmp_path):
    return tmp_path / "content.po"


def carry_out(file, language="de"):
    call_command("translate_content", language, str(file))
    return read_po(file.open("rb"))


def carry_in(file, catalogue):
    with file.open("wb") as opened:
        write_po(opened, catalogue)
    call_command("translate_content", "de", str(file), "--read")


def fill(catalogue, **texts):
    for message in catalogue:
        for place, text in texts.items():
            if str(message.context).endswith(place.replace("__", "/")):
                message.string = text


def test_each_line_of_an_exercise_is_a_text_of_its_own(bridge, file):
    places = {message.context: message.id for message in carry_out(file) if message.id}

    assert places["exercise/bridge/steps/1"] == bridge.steps[0]
    assert places["exercise/bridge/purpose"] == bridge.purpose


def test_what_was_translated_comes_back_and_is_not_asked_for_again(bridge, file):
    words = carry_out(file)
    fill(words, bridge__purpose="Stärkt den Rücken.")
    carry_in(file, words)

    assert Translation.objects.get().texts == {"purpose": "Stärkt den Rücken."}
    again = {message.context: message.string for message in carry_out(file)}
    assert again["exercise/bridge/purpose"] == "Stärkt den Rücken."


def test_half_a_list_of_steps_is_not_taken(bridge, file):
    words = carry_out(file)
    fill(words, bridge__steps__1="Legen Sie sich hin.")
    carry_in(file, words)

    assert not Translation.objects.exists()


def test_a_text_whose_original_has_changed_is_named(bridge, file, capsys):
    words = carry_out(file)
    fill(words, bridge__purpose="Stärkt den Rücken.")
    bridge.purpose = "It may help your back to carry you."
    bridge.save()
    carry_in(file, words)

    assert "the original has changed: exercise/bridge/purpose" in capsys.readouterr().out
    assert not Translation.objects.exists()


def test_a_text_too_long_for_its_place_is_named(bridge, file, capsys):
    words = carry_out(file)
    fill(words, bridge__plain_name="B" * 200)
    carry_in(file, words)

    assert "exercise/bridge/plain_name" in capsys.readouterr().err
    assert not Translation.objects.exists()


def test_an_admins_own_translation_of_another_field_stays(bridge, file):
    Translation.objects.create(kind="exercise", slug="bridge", language="de", texts={"plain_name": "Brücke"})
    words = carry_out(file)
    fill(words, bridge__purpose="Stärkt den Rücken.")
    carry_in(file, words)

    assert Translation.objects.get().texts == {"plain_name": "Brücke", "purpose": "Stärkt den Rücken."}


def test_articles_are_carried_too(file):
    Article.objects.create(slug="move", title="Move", summary="It helps.", body="Walk.\n\nEvery day.")
    words = carry_out(file)
    fill(words, move__body="Gehen.\n\nJeden Tag.")
    carry_in(file, words)

    assert Translation.objects.get().texts == {"body": "Gehen.\n\nJeden Tag."}


def test_a_file_that_is_not_there_is_said_in_words(file):
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("translate_content", "de", str(file), "--read")
