"""The rules of section 6, with the specification's own vectors and their properties."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patients.accounts.thresholds import DEFAULTS
from patients.screening.red_flags import (
    ANSWERS,
    LEVELS,
    NO,
    SHORT,
    UNSURE,
    YES,
    Unanswered,
    asked,
    assess,
    said,
)

AGE = 45
SPECIFIED = {
    "RF01": "A", "RF02": "A", "RF03": "A", "RF04": "B", "RF05": "A", "RF06": "A", "RF07": "B", "RF08": "A", "RF09": "B",
    "RF10": "B", "RF11": "B", "RF12": "B", "RF13": "B", "RF14": "B", "RF15": "A", "RF16": "A", "RF17": "A", "RF18": "C",
    "RF19": "C", "RF20": "C", "RF21": "C", "RF22": "C", "RF23": "C", "RF24": "C", "RF25": "C", "RF26": "B", "RF27": "A",
    "RF28": "C",
}  # fmt: skip


def ids(age=AGE, short=False, thresholds=DEFAULTS):
    return [q.id for group in asked(age=age, thresholds=thresholds, short=short) for q in group.questions]


def level(age=AGE, short=False, **answers):
    return assess(dict.fromkeys(ids(age, short), NO) | answers, age=age, short=short).level


def higher(one, other):
    return LEVELS.index(one) >= LEVELS.index(other)


# ---- the vectors of the specification ----


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"RF02": YES}, "A"),
        ({"RF04": YES}, "B"),
        ({"RF10": YES, "RF07": YES}, "A"),
        ({"RF12": YES}, "B"),
        ({"RF19": YES}, "C"),
        ({}, ""),
        ({"RF01": UNSURE}, "B"),
    ],
)
def test_vectors_of_the_specification(answers, expected):
    assert level(**answers) == expected


@pytest.mark.parametrize(("question", "expected"), SPECIFIED.items())
def test_a_single_yes_asks_for_its_rows_level(question, expected):
    assert level(age=70, **{question: YES}) == expected


@pytest.mark.parametrize(("question", "row"), SPECIFIED.items())
def test_not_sure_is_b_for_a_rows_c_for_b_rows_and_d_for_the_others(question, row):
    expected = "B" if question == "RF04" else {"A": "B", "B": "C", "C": "D"}[row]

    assert level(age=70, **{question: UNSURE}) == expected


@pytest.mark.parametrize("other", ["RF01", "RF02", "RF03", "RF05", "RF06"])
def test_sexual_change_with_another_nerve_sign_is_a(other):
    made = assess(dict.fromkeys(ids(), NO) | {"RF04": YES, other: YES}, age=AGE)

    assert {flag.id: flag.level for flag in made.flags} == {"RF04": "A", other: "A"}


@pytest.mark.parametrize("other", ["RF01", "RF02", "RF03", "RF04", "RF05", "RF06", "RF07"])
def test_cancer_with_a_nerve_sign_is_a(other):
    made = assess(dict.fromkeys(ids(), NO) | {"RF10": YES, other: YES}, age=AGE)

    assert made.level == "A"
    assert {flag.id: flag.level for flag in made.flags}["RF10"] == "A"


@pytest.mark.parametrize("other", ["RF08", "RF11", "RF26"])
def test_cancer_with_another_sign_stays_as_it_is(other):
    assert {flag.id: flag.level for flag in assess(
        dict.fromkeys(ids(), NO) | {"RF10": YES, other: YES}, age=AGE
    ).flags}["RF10"] == "B"  # fmt: skip


# ---- age ----


@pytest.mark.parametrize(("age", "expected"), [(15, "C"), (17, "C"), (18, ""), (65, "")])
def test_age_under_18_needs_clearance(age, expected):
    assert level(age=age) == expected


@pytest.mark.parametrize(("age", "is_asked"), [(65, False), (66, True)])
def test_first_back_pain_is_asked_over_65_only(age, is_asked):
    assert ("RF23" in ids(age)) is is_asked


def test_a_clinic_may_set_other_ages():
    own = replace(DEFAULTS, adult_from=16, first_pain_late_from=55)

    assert assess(dict.fromkeys(ids(17, thresholds=own), NO), age=17, thresholds=own).level == ""
    assert "RF23" in ids(56, thresholds=own)


def test_minor_injury_names_ages_to_those_whom_they_may_concern():
    def help_at(age):
        return next(q.help for g in asked(age=age) for q in g.questions if q.id == "RF09")

    assert "man over 65, or a woman over 75" in help_at(66)
    assert "65" not in help_at(40)


# ---- the short check ----


def test_short_check_merges_five_and_asks_three():
    assert ids(short=True) == ["RF01-05", "RF06", "RF10"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ""),
        ({"RF01-05": YES}, "A"),
        ({"RF01-05": UNSURE}, "B"),
        ({"RF06": YES}, "A"),
        ({"RF10": YES}, "B"),
        ({"RF10": UNSURE}, "C"),
        ({"RF10": YES, "RF01-05": YES}, "A"),
        ({"RF10": YES, "RF06": YES}, "A"),
    ],
)
def test_short_check_levels(answers, expected):
    assert level(short=True, **answers) == expected


def test_short_check_does_not_ask_for_clearance_of_age_each_time():
    assert level(age=16, short=True) == ""


# ---- what is asked ----


def test_all_28_questions_are_asked_once_of_an_older_person():
    assert sorted(ids(70)) == sorted(SPECIFIED)
    assert 5 <= len(asked(age=70)) <= 6


@pytest.mark.parametrize("question", [q for g in (*asked(age=70), *SHORT) for q in g.questions], ids=lambda q: q.id)
def test_questions_are_short_plain_and_labelled(question):
    for sentence in re.split(r"(?<=[.?])\s+", question.words + " " + question.help):
        assert len(sentence.split()) <= 23, sentence
    assert len(question.words.split()) <= 15
    assert question.words.endswith("?")
    assert question.label
    latin = "cauda|saddle|syncope|metastas|fracture|incontinen|genital|malignan|thorac|lumbar"
    assert not re.search(latin, question.words + question.help, re.IGNORECASE)


def test_half_of_the_answers_are_no_assessment():
    with pytest.raises(Unanswered) as refusal:
        assess({"RF01": NO}, age=AGE)
    assert "RF02" in refusal.value.questions


def test_another_word_is_no_answer():
    with pytest.raises(ValueError, match="RF01"):
        assess(dict.fromkeys(ids(), NO) | {"RF01": "maybe"}, age=AGE)


def test_stored_answers_of_other_rules_are_still_read():
    assert said({"RF01": YES, "RF99": UNSURE, "RF02": NO}) == [
        ("Bladder: retention, loss of sensation or leakage", "yes"), ("RF99", "not sure"),
    ]  # fmt: skip


# ---- properties ----

ages = st.integers(min_value=10, max_value=95)
values = st.sampled_from([value for value, _ in ANSWERS])


@st.composite
def answered(draw):
    age, short = draw(ages), draw(st.booleans())
    return age, short, {id: draw(values) for id in ids(age, short)}


@given(answered(), st.data())
def test_adding_a_yes_never_lowers_the_level(given_answers, data):
    age, short, answers = given_answers
    question = data.draw(st.sampled_from(sorted(answers)))

    before = assess(answers, age=age, short=short).level
    after = assess(answers | {question: YES}, age=age, short=short).level

    assert higher(after, before)


@given(answered(), st.data())
def test_not_sure_is_never_below_no_nor_above_yes(given_answers, data):
    age, short, answers = given_answers
    question = data.draw(st.sampled_from(sorted(answers)))
    by_answer = [assess(answers | {question: value}, age=age, short=short).level for value in (NO, UNSURE, YES)]

    assert by_answer == sorted(by_answer, key=LEVELS.index)


@given(answered())
def test_level_is_the_highest_of_the_flags_and_no_flag_is_silent(given_answers):
    age, short, answers = given_answers
    made = assess(answers, age=age, short=short)

    assert made.level == max((flag.level for flag in made.flags), key=LEVELS.index, default="")
    assert {id for id, value in answers.items() if value != NO} <= {flag.id for flag in made.flags}
    assert list(made.flags) == sorted(made.flags, key=lambda flag: (-LEVELS.index(flag.level), flag.id))


@given(answered())
def test_any_yes_or_doubt_about_a_nerve_sign_stops_the_program(given_answers):
    age, short, answers = given_answers
    nerve = {"RF01", "RF02", "RF03", "RF04", "RF05", "RF06", "RF01-05"}
    if any(value != NO for id, value in answers.items() if id in nerve):
        assert assess(answers, age=age, short=short).level in ("A", "B")
