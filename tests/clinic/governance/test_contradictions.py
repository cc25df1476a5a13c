"""What the texts say and what the rules say: found by plain patterns, and left standing by a word that a change ends."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone

from clinic.governance.actions import let_stand
from clinic.governance.checking import check_content
from clinic.governance.contradictions import (
    AGAINST,
    NUMBERS,
    SIGNS,
    Passage,
    Program,
    number_of,
    own_conditions,
    program_findings,
    words_against,
    wrong_holds,
    wrong_numbers,
)
from clinic.models import LetStand, Protocol, ProtocolLine
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.starter import load_starters
from exercises.content.articles import load_articles, load_questions
from exercises.content.load import load_catalogue
from exercises.models import Article, Exercise, Translation
from patients.accounts.thresholds import DEFAULTS
from patients.screening.red_flags import GROUPS
from tests.factories import articles, catalogue

PAGE = "/admin/clinic/letstand/contradictions/"


def passage(text, field="body"):
    return Passage("article", "walking", "Walking", field, field, text, "/edit/")


def starter_texts():
    """Everything that ships, in sentences."""
    from exercises.content.load import HERE

    folders = (HERE / "articles", HERE / "questions")
    texts = [path.read_text() for folder in folders for path in folder.glob("*.md")]
    from clinic.prescriptions.starter import FOLDER

    texts += [line for path in FOLDER.glob("*.toml") for line in path.read_text().splitlines()]
    return [passage(text) for text in texts]


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("While you exercise, up to 6 is fine for most people.", "PAIN-2"),
        ("If the number stays at four or below, that is all right.", "PAIN-2"),
        ("Is it 5 or more? Then stop that exercise for today.", "PAIN-2"),
        ("If it is up by 3 or more, do less.", "PAIN-3"),
        ("Rest for 30 minutes, then look again.", "PAIN-5"),
        ("It is not better after 7 days.", "FLARE-4"),
        ("A second flare within 8 weeks: review.", "FLARE-5"),
        ("After more than 6 weeks, please talk to us before you go on.", "PROG-9"),
        ("After three weeks, do a little less at first.", "PROG-9"),
        ("Cycling: at most 20% more minutes a week.", "PROG-5"),
        ("Steps of 10% load.", "PROG-1"),
        ("You are under 16, or over 65 and this is your first back pain.", "RF23"),
        ("You fainted, felt dizzy or fell in the last 8 weeks.", "RF20"),
        ("A new episode of up to 10 days.", "COND"),
        ("Stay in bed for three days.", "FLARE-3"),
        ("Stand up every 180 minutes.", "BRK-1"),
        ("Take a 10-minute break.", "BRK-2"),
    ],
)
def test_number_that_differs_from_the_rule_is_found(sentence, rule):
    found = list(wrong_numbers([passage(f"Before. {sentence} After.")], [DEFAULTS]))

    assert [(each.rule, each.said) for each in found] == [
        (rule, sentence.split("? ")[0] + ("?" if "? " in sentence else ""))
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Walk up to 20 minutes, that is fine.",
        "Is it 6 or more? Then stop.",
        "On a long trip, stop every 30 to 60 minutes and walk for a few steps.",
        "Up to 3 exercises are fine.",
    ],
)
def test_number_of_another_thing_is_not(sentence):
    assert list(wrong_numbers([passage(sentence)], [DEFAULTS])) == []


def test_a_shared_text_is_held_against_each_clinics_own_numbers():
    text = passage("While you exercise, up to 5 is fine for most people.")

    [found] = wrong_numbers([text], [DEFAULTS, replace(DEFAULTS, amber_to=4)])

    assert found.says == "Pain up to 4 of 10 is allowed during an exercise."


def test_every_number_that_is_looked_for_is_said_somewhere_in_what_ships():
    sentences = [sentence for text in starter_texts() for sentence in text.sentences]
    unused = [
        rule.pattern
        for rule in NUMBERS
        if rule.rule != "FLARE-3" and not any(re.search(rule.pattern, said, re.IGNORECASE) for said in sentences)
    ]

    assert unused == []


@pytest.mark.parametrize(
    "sentence",
    [
        "No pain, no gain!",
        "Push through the pain for the last set.",
        "Hold your breath at the top.",
        "Bed rest helps a sore back.",
        "Never bend your back.",
        "This cures back pain.",
    ],
)
def test_words_against_the_rules_are_found(sentence):
    assert [each.said for each in words_against([passage(sentence)])] == [sentence]


@pytest.mark.parametrize(
    "sentence",
    [
        "Do not push through the pain.",
        "If you hold your breath, it is too heavy.",
        "Years ago, people were told to stay in bed.",
        "Forget no pain, no gain: that is old advice.",
        "Bed rest?",
        "Push through the floor with your feet.",
    ],
)
def test_sentence_that_says_so_itself_is_not(sentence):
    assert list(words_against([passage(sentence)])) == []


def test_every_emergency_of_the_check_has_words_that_the_article_is_searched_for():
    assert {each.id for group in GROUPS for each in group.questions if each.level == "A"} == set(SIGNS)


def test_protocol_is_held_against_itself():
    program = Program(
        passage=passage("Eight weeks of walking.", "summary"),
        weeks=6,
        labels=("Weeks 1 to 2", "Weeks 3 to 8", "Days 1 to 4", "Every stage"),
        rules=({"sessions": 6, "share": 0.8}, {"settled_days": 3}),
        blocked={"Deadlift": "Spinal stenosis: blocks impact."},
    )
    progress = passage(
        "Stage 2 after 8 sessions with at least 70% of the dose. Then after 2 days in a row.", "progress"
    )

    found = [(each.rule, each.passage.field) for each in program_findings(program, progress)]

    assert found == [
        ("LENGTH", "summary"), ("LENGTH", "summary"), ("STAGE", "progress"), ("STAGE", "progress"),
        ("STAGE", "progress"), ("COND", "summary"),
    ]  # fmt: skip


def test_own_conditions_are_read_from_whom_it_suits():
    assert own_conditions("Lumbar spinal stenosis, and a new episode of up to 7 days.") == ["acute-phase", "stenosis"]
    assert own_conditions("Anyone who sits a lot.") == []


def test_hold_in_the_words_is_the_hold_of_the_usual_start():
    steps = passage("Lift your hips. Hold for 10 seconds. Hold the wall.", "steps")

    assert list(wrong_holds([(steps, 10)])) == []
    assert [each.said for each in wrong_holds([(steps, 5)])] == ["Hold for 10 seconds."]


@pytest.mark.parametrize(("word", "number"), [("3", 3), ("twelve", 12), ("Two", 2)])
def test_numbers_are_read_as_words_too(word, number):
    assert number_of(word) == number


def test_every_rule_of_words_has_an_answer():
    for _name, words, rule in AGAINST:
        assert rule in {"PAIN-4", "COND", "FLARE-3", "CONTENT"}, words


# --- on the database ---


@pytest.fixture
def starters(db):
    load_catalogue()
    load_articles()
    load_questions()
    load_starters()


def test_what_ships_does_not_contradict_the_rules(starters, capsys):
    call_command("check_content")

    assert capsys.readouterr().out.startswith("0 contradictions, ")


@pytest.mark.parametrize(
    ("edit", "rule"),
    [
        (lambda: Article.objects.filter(slug="see-a-doctor-first").update(body="You cannot pass water."), "RF"),
        (lambda: Article.objects.filter(slug="see-a-doctor-first").delete(), "LINK"),
        (lambda: Article.objects.filter(slug="sleep").update(body="See [this](/exercises/nothing/)."), "LINK"),
        (lambda: Article.objects.filter(slug="sleep").update(body="See [this](/no/such/page/)."), "LINK"),
        (
            lambda: (
                Article.objects.filter(slug="sleep").update(body="See [this](/exercises/bridge/)."),
                Exercise.objects.filter(slug="bridge").update(retired_at=timezone.now()),
            ),
            "LINK",
        ),
        (lambda: Protocol.objects.filter(slug="subacute-nslbp").update(weeks=4), "LENGTH"),
        (lambda: Exercise.objects.filter(slug="bridge").update(cues=["Hold your breath.", "Go."]), "COND"),
    ],
    ids=["sign missing", "article gone", "no exercise", "no page", "withdrawn", "too long", "words"],
)
def test_command_fails_on_what_does_not_fit(starters, capsys, edit, rule):
    edit()

    with pytest.raises(CommandError):
        call_command("check_content")

    assert f"{rule}  " in capsys.readouterr().out


def test_protocol_with_what_its_own_condition_forbids_is_found(db):
    jump = catalogue.exercise("jump")
    jump.tags.create(slug="impact", name="Impact", meaning="jolts")
    protocol = Protocol.objects.create(slug="narrow", name="Narrow", suits="Symptomatic spondylolisthesis.")
    ProtocolLine.objects.create(protocol=protocol, phase="main", position=0, exercise=jump, dosage=parse("3x10"))

    [found] = [each for each in check_content().open if each.rule == "COND"]

    assert (found.passage.slug, found.said) == ("narrow", "Jump")
    assert "Spondylolisthesis: blocks" in found.says


def test_translation_older_than_its_original_is_found(db, settings):
    settings.LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
    article = articles.article()
    Translation.objects.create(
        kind="article", slug=article.slug, language="de", texts={"title": "Gehen"}, based_on={"title": "Walking"}
    )

    [found] = [each for each in check_content().open if each.rule == "LANGUAGE"]

    assert found.said == "Deutsch: title"


def test_finding_stands_with_a_reason_until_its_text_changes(admin_client, admin):
    article = articles.article(body="Push through the pain.")
    [found] = [each for each in check_content().open if each.rule == "PAIN-4"]

    short = admin_client.post(PAGE, {"finding": found.key, "reason": "ok"})
    done = admin_client.post(PAGE, {"finding": found.key, "reason": "A quotation of what not to do."}, follow=True)

    assert short.status_code == 422
    assert "Say why, in 10 characters or more." in short.content.decode()
    assert "It stands, until its text changes." in done.content.decode()
    assert LetStand.objects.get().looked_at_by == admin
    assert [each.rule for each in check_content().open if each.rule == "PAIN-4"] == []

    article.body = "Push through the pain. Every day."
    article.save()
    assert [each.key for each in check_content().open if each.rule == "PAIN-4"] == [found.key]


def test_finding_that_is_looked_at_again_has_the_new_day(admin):
    said = {"key": "PAIN-4:article:walking:body:x", "text": "x", "by": admin}
    with time_machine.travel("2026-03-01T09:00:00Z", tick=False):
        let_stand(reason="A quotation of what not to do.", **said)
    with time_machine.travel("2026-05-01T09:00:00Z", tick=False):
        let_stand(reason="It still is one.", **said)

    kept = LetStand.objects.get()
    assert (kept.reason, kept.looked_at.date()) == ("It still is one.", date(2026, 5, 1))


@pytest.mark.parametrize("finding", ["", "nothing", "a\0b", "x" * 500])
def test_finding_that_is_gone_is_said_to_be(admin_client, finding):
    response = admin_client.post(PAGE, {"finding": finding, "reason": "It is fine as it is."}, follow=True)

    assert "That one is gone" in response.content.decode()
    assert not LetStand.objects.exists()


def test_check_reads_as_often_for_one_text_as_for_many(db, django_assert_num_queries):
    articles.article()
    with django_assert_num_queries(8):
        check_content()
    for number in range(20):
        articles.article(f"more-{number}", title=f"More {number} {date.today()}")

    with django_assert_num_queries(8):
        check_content()
