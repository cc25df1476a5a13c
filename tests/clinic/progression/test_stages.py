from dataclasses import fields

import pytest

from clinic.prescriptions.starter import read_starters
from clinic.progression.rules import Decision
from clinic.progression.stages import Answered, Away, Stage, StageRule, come_back, next_stage, stage_before
from tests.clinic.progression.conftest import GO, HOLD, STEP_BACK, STOP, ago, case

STARTERS = {starter.slug: starter for starter in read_starters()}
# What stands in "always" instead of in a stage.
ALWAYS = {"reps_range", "effort_to", "effort_over"}
ZONES = {
    GO: (False, True, True),
    HOLD: (False, False, True),
    STEP_BACK: (False, True, False),
    STOP: (True, False, None),
}


def answers(*decisions: Decision | None, **more):
    """One a day up to yesterday, the newest first."""
    return tuple(
        Answered(ago(n), each, *(ZONES[each] if each else (None, None, None)), **more)
        for n, each in enumerate(decisions, 1)
    )


def stage(**values):
    return Stage(
        **{
            "number": 1,
            "next_stage": 2,
            "next_label": "Weeks 3 to 6",
            "began_on": ago(20),
            "sessions": 8,
            "share": 0.9,
            "answers": answers(GO, GO, GO, GO),
        }
        | values
    )


def moves(rule, at, **more):
    found = next_stage(case(**more), at, StageRule.of(rule))
    return found.change["stage"] if found else None


@pytest.mark.parametrize(
    ("rule", "values", "expected"),
    [
        ({"sessions": 8}, {}, 2),
        ({"sessions": 9}, {}, None),
        ({"share": 0.9}, {}, 2),
        ({"share": 0.91}, {}, None),
        ({"share": 0.8}, {"share": None}, None),
        ({"days": 20}, {}, 2),
        ({"days": 21}, {}, None),
        ({"calm": True}, {}, 2),
        ({"calm": True}, {"answers": answers(GO, GO, STOP, GO)}, None),
        ({"calm": True}, {"answers": answers(GO)}, None),
        ({"calm_days": 2}, {"answers": answers(GO, GO, STOP)}, 2),
        ({"calm_days": 3}, {"answers": answers(GO, GO, STOP)}, None),
        ({"settled_days": 2}, {"answers": answers(GO, HOLD)}, 2),
        ({"settled_days": 3}, {"answers": answers(GO, HOLD)}, None),
        ({"settled_days": 2}, {"answers": answers(GO, STEP_BACK)}, None),
        ({"settled_days": 2}, {"answers": (answers(GO)[0], Answered(ago(3), GO, False, True, True))}, None),
        ({"settled_days": 2}, {"answers": answers(GO, None)}, None),
        ({"central_days": 3}, {"answers": answers(GO, GO, GO, below=False)}, 2),
        ({"central_days": 3}, {"answers": answers(GO, GO, GO)}, None),
        ({"central_days": 3}, {"answers": (*answers(GO, GO, below=False), Answered(ago(3), GO, below=True))}, None),
        ({"effort_to": 7}, {"answers": answers(GO, GO, effort=7)}, 2),
        ({"effort_to": 7}, {"answers": answers(GO, GO, effort=8)}, None),
        ({}, {"answers": ()}, None),
        ({}, {"answers": answers(STEP_BACK, GO)}, None),
        ({}, {"next_stage": None}, None),
    ],
)
def test_a_stage_is_left_when_its_rule_holds(rule, values, expected):
    assert moves(rule, stage(**values)) == expected


@pytest.mark.parametrize("name", ["has_flag", "in_flare", "has_task", "is_paused"])
def test_no_stage_is_left_by_somebody_with(name):
    assert moves({}, stage(), **{name: True}) is None


def test_without_a_rule_the_stage_is_the_clinicians():
    assert next_stage(case(), stage(), None) is None
    assert next_stage(case(), None, StageRule()) is None


def test_what_the_clinician_confirms_stands_in_the_proposal():
    found = next_stage(
        case(), stage(), StageRule.of({"sessions": 6, "share": 0.8, "confirm": ["The hinge is clean"]})
    )

    assert found.change == {"stage": 2, "confirm": ["The hinge is clean"]}
    assert found.evidence == (
        "8 sessions of stage 1 done; 90 % of the dose: on to stage 2 (weeks 3 to 6). Confirm: the hinge is clean."
    )


@pytest.mark.parametrize(
    ("rule", "said", "expected"),
    [
        ({"back_red": 1}, (STOP, GO), 1),
        ({"back_red": 1}, (GO, STOP), None),
        ({"back_red": 1}, (STEP_BACK,), None),
        ({"back_raised": 2}, (STEP_BACK, STEP_BACK), 1),
        ({"back_raised": 2}, (STEP_BACK, GO), None),
        ({}, (STOP, STOP), None),
    ],
)
def test_one_stage_back(rule, said, expected):
    found = stage_before(case(), stage(number=2, answers=answers(*said)), StageRule.of(rule))

    assert (found.change["stage"] if found else None) == expected


def test_there_is_no_stage_before_the_first():
    assert stage_before(case(), stage(answers=answers(STOP)), StageRule(back_red=1)) is None


@pytest.mark.parametrize(
    ("days", "at", "change"),
    [
        (6, 2, None),
        (7, 2, {"volume": 0.8}),
        (13, 2, {"volume": 0.8}),
        (14, 2, {"stage": 1, "volume": 0.6}),
        (27, 3, {"stage": 2, "volume": 0.6}),
        (14, 1, {"volume": 0.6}),
        (14, 0, {"volume": 0.6}),
        (28, 3, {"stage": 1, "screen": True}),
        (28, 0, {"volume": 0.6, "screen": True}),
    ],
)
def test_coming_back_after_days_away(days, at, change):
    found = come_back(case(), Away(days, ago(days), at))

    assert (found.change if found else None) == change


def test_days_away_count_for_nothing_while_the_plan_stands_still():
    assert come_back(case(is_paused=True), Away(9, ago(9))) is None


@pytest.mark.parametrize(
    ("days", "change"), [(20, {"volume": 0.6}), (30, {"volume": 0.6, "screen": True})], ids=["one back", "the first"]
)
def test_after_days_away_no_stage_is_entered_that_nobody_vouches_for(days, change):
    assert come_back(case(), Away(days, ago(days), 2, frozenset({1}))).change == change
    assert come_back(case(), None) is None


def test_days_away_are_told():
    assert come_back(case(), Away(9, ago(9))).evidence == (
        "9 days without a session since 9 November: start again at 80 %."
    )


@pytest.mark.parametrize("slug", STARTERS)
def test_every_stage_of_a_protocol_says_what_leads_on(slug):
    starter = STARTERS[slug]
    stages = sorted({line.stage for line in starter.lines} - {0})
    known = {field.name for field in fields(StageRule)}

    assert {int(n) for n in starter.stage_rules if n != "0"} >= set(stages[:-1])
    for number, rule in starter.stage_rules.items():
        assert set(rule) <= (ALWAYS if number == "0" else known), number
        if number != "0" and int(number) in stages[:-1]:
            assert StageRule.of(rule) != StageRule(), number


@pytest.mark.parametrize(
    ("slug", "number", "rule"),
    [
        ("acute-first-week", "1", {"settled_days": 2, "confirm": ["Walking for 5 minutes is possible"]}),
        ("subacute-nslbp", "1", {"sessions": 6, "share": 0.8, "calm": True}),
        (
            "chronic-lbp-strength",
            "1",
            {"sessions": 8, "share": 0.8, "calm_days": 14, "confirm": ["The dowel hinge is clean"]},
        ),
        ("chronic-lbp-strength", "0", {"reps_range": [8, 12], "effort_over": 8}),
        ("extension-bias", "2", {"central_days": 3}),
        ("post-flare-return", "1", {"settled_days": 3}),
    ],
)
def test_rules_are_those_of_the_protocols(slug, number, rule):
    assert STARTERS[slug].stage_rules[number] == rule


def test_every_stage_of_lifting_asks_for_the_form():
    rules = STARTERS["return-to-lifting"].stage_rules

    assert [rules[n]["confirm"] for n in "123"] == [["I have seen the form, and it is good"]] * 3
