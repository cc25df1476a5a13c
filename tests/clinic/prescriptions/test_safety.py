"""The rules of conditions against exercises, on the starter catalogue as its files have it."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from clinic.prescriptions import safety_table
from clinic.prescriptions.safety import (
    BLOCK,
    CAUTION,
    FIRM_BED,
    NONE,
    Decided,
    Facts,
    Match,
    Standing,
    alternatives,
    is_dated,
    match,
    unsettled,
)
from clinic.prescriptions.safety_rules import EVERYONE, NAMED_BLOCKS, NAMED_CAUTIONS, RULE_OF, RULES, TAG_WORDS
from exercises.content.load import read
from patients.records.conditions import BY_CODE

CATALOGUE = {slug: replace(each, review_by=date.max) for slug, each in safety_table.starter_facts().items()}
TODAY = date(2031, 5, 14)
CODES = st.sampled_from([rule.code for rule in RULES])
SLUGS = st.sampled_from(sorted(CATALOGUE))


def having(*codes, since=None):
    return [Standing(code, since) for code in codes]


def level(slug, *codes, **fields):
    return match(having(*codes, **fields), CATALOGUE[slug], TODAY).level


@pytest.mark.parametrize(
    ("condition", "slug", "expected"),
    [
        ("osteoporosis", "plank", NONE),
        ("osteoporosis", "double-knee-to-chest", CAUTION),
        ("osteoporosis", "roman-chair-extension", BLOCK),
        ("osteoporosis", "wall-side-plank", NONE),
        ("osteoporosis", "mcgill-curl-up", BLOCK),
        ("osteoporosis", "thoracic-extension-roller", BLOCK),
        ("pregnancy-late", "bridge", CAUTION),
        ("pregnancy-late", "prone-press-up", BLOCK),
        ("glaucoma", "seated-forward-bend", BLOCK),
        ("hypertension-controlled", "wall-sit", CAUTION),
        ("hypertension-uncontrolled", "barbell-deadlift", BLOCK),
        ("stenosis", "prone-press-up", CAUTION),
        ("stenosis", "recumbent-cycling", NONE),
        ("spondylolisthesis", "standing-backbend", BLOCK),
        ("falls-risk", "tandem-stance", CAUTION),
        ("acute-phase", "lower-trunk-rotation", BLOCK),
        ("acute-phase", "single-knee-to-chest", NONE),
        ("hip-replacement-recent", "supine-glute-stretch", BLOCK),
        ("wrist-problem", "bird-dog", CAUTION),
        ("radiculopathy-acute", "sciatic-slider-supine", CAUTION),
        ("spine-surgery-recent", "cat-cow", BLOCK),
        (None, "inversion-table", BLOCK),
    ],
)
def test_vectors_of_the_rules(condition, slug, expected):
    assert level(slug, *filter(None, [condition])) == expected


def test_rules_and_records_know_the_same_conditions():
    assert [rule.code for rule in RULES] == list(BY_CODE)


def test_rules_name_only_tags_and_exercises_that_there_are():
    tags = set(read("tags.toml"))

    assert set(TAG_WORDS) == tags
    assert {tag for rule in RULES for tag in rule.block | rule.caution | rule.young_blocks} <= tags
    assert {slug for rule in RULES for slug in rule.suggests} | NAMED_BLOCKS.keys() <= CATALOGUE.keys()
    assert {code for codes in (*NAMED_BLOCKS.values(), *NAMED_CAUTIONS.values()) for code in codes} <= RULE_OF.keys()


def test_no_rule_blocks_and_cautions_the_same_tag():
    assert [rule.code for rule in RULES if rule.block & rule.caution] == []


@pytest.mark.parametrize(("slug", "codes"), NAMED_BLOCKS.items())
def test_exercise_blocked_by_name_is_blocked(slug, codes):
    assert {code: level(slug, code) for code in codes} == dict.fromkeys(codes, BLOCK)


@pytest.mark.parametrize(("slug", "codes"), NAMED_CAUTIONS.items())
def test_exercise_cautioned_by_name_is_at_least_cautioned(slug, codes):
    assert all(level(slug, code) >= CAUTION for code in codes)


def test_clamshell_is_cautioned_by_its_name_alone():
    found = match(having("hip-replacement-recent"), replace(CATALOGUE["clamshell"], tags=frozenset()), TODAY)

    assert found.level == CAUTION
    assert found.because[0].why == "Hip replacement, under 12 weeks: caution with this exercise as such."


def test_acute_phase_lets_levels_one_and_two_through_only():
    easy = Facts("x-walk", "Walk", "aerobic", 2, frozenset())

    assert match(having("acute-phase"), easy, TODAY).level == NONE
    harder = match(having("acute-phase"), replace(easy, level=3), TODAY)
    assert harder.level == BLOCK
    assert harder.because[0].why == "Acute phase: blocks level 3 (up to 2)."


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        (TODAY - timedelta(days=83), BLOCK),
        (TODAY - timedelta(days=84), CAUTION),
        (TODAY - timedelta(days=400), CAUTION),
        (None, CAUTION),
    ],
)
def test_kneeling_is_blocked_for_twelve_weeks_after_a_knee_replacement(since, expected):
    assert level("bird-dog", "knee-replacement", since=since) == expected


def test_knee_replacement_without_a_date_asks_for_one():
    assert (
        "Knee replacement: no date on record; kneeling is blocked for the first 12 weeks."
        in match(having("knee-replacement"), CATALOGUE["bird-dog"], TODAY).extras
    )


def test_spinal_malignancy_asks_caution_for_every_tag_it_does_not_block():
    for slug, facts in CATALOGUE.items():
        expected = BLOCK if facts.tags & RULE_OF["spinal-malignancy"].block else CAUTION if facts.tags else NONE
        assert level(slug, "spinal-malignancy") == expected, slug
    own = Facts("x-own", "Own", "mobility", 1, frozenset({"x-shaking"}))
    assert (
        match(having("spinal-malignancy"), own, TODAY).because[0].why == "Spinal malignancy: caution with x-shaking."
    )


def test_why_names_the_condition_and_the_movements():
    found = match(having("osteoporosis", "stenosis"), CATALOGUE["roman-chair-extension"], TODAY)

    assert (found.level, found.short) == (BLOCK, "Osteoporosis +1")
    assert [(each.code, each.strength) for each in found.because] == [("osteoporosis", BLOCK), ("stenosis", BLOCK)]
    assert found.because[0].why == "Osteoporosis: blocks loaded flexion."


def test_firm_bed_stands_in_for_the_floor_where_the_exercise_allows_it():
    def extras(slug):
        return FIRM_BED in match(having("falls-risk"), CATALOGUE[slug], TODAY).extras

    assert "firm-bed" in CATALOGUE["bridge"].equipment
    assert extras("bridge")
    assert not extras("bird-dog")


def test_remark_of_a_condition_comes_with_its_match_only():
    assert match(having("wrist-problem"), CATALOGUE["bird-dog"], TODAY).extras == (
        "Wrist problem: Fists, handles or forearms.",
    )
    assert match(having("wrist-problem"), CATALOGUE["bridge"], TODAY) == Match(NONE, (), ())


@given(codes=st.sets(CODES), more=CODES, slug=SLUGS)
def test_another_condition_never_lowers_a_match(codes, more, slug):
    assert level(slug, *codes, more) >= level(slug, *codes)


@given(codes=st.sets(CODES), slug=SLUGS, tag=st.sampled_from(sorted(TAG_WORDS)))
def test_another_tag_never_lowers_a_match(codes, slug, tag):
    more = replace(CATALOGUE[slug], tags=CATALOGUE[slug].tags | {tag})

    assert match(having(*codes), more, TODAY).level >= level(slug, *codes)


@given(codes=st.lists(CODES, unique=True), slug=SLUGS)
def test_order_of_the_conditions_does_not_matter(codes, slug):
    assert match(having(*codes), CATALOGUE[slug], TODAY).because == (
        match(having(*reversed(codes)), CATALOGUE[slug], TODAY).because
    )


# --- decisions ---


def decided(*codes, override=True):
    return Decided(override, frozenset(codes))


def open_of(slug, codes, *decisions, is_cleared=False):
    return unsettled(match(having(*codes), CATALOGUE[slug], TODAY), decisions, is_cleared=is_cleared)


def test_block_is_settled_by_an_override_for_all_its_conditions():
    both = ("osteoporosis", "acute-phase")

    assert open_of("mcgill-curl-up", both) == BLOCK
    assert open_of("mcgill-curl-up", both, decided("osteoporosis")) == BLOCK
    assert open_of("mcgill-curl-up", both, decided(*both, override=False)) == BLOCK
    assert open_of("mcgill-curl-up", both, decided(*both)) == NONE


def test_caution_is_settled_by_a_look_at_all_its_conditions():
    both = ("wrist-problem", "falls-risk")

    assert open_of("bird-dog", both, decided("wrist-problem", override=False)) == CAUTION
    assert open_of("bird-dog", both, decided(*both, override=False)) == NONE
    assert open_of("bird-dog", both, decided(*both)) == NONE


def test_override_of_a_block_leaves_a_caution_that_came_later_open():
    both = ("osteoporosis", "hypertension-controlled")

    assert open_of("barbell-deadlift", both, decided("osteoporosis")) == CAUTION
    assert open_of("barbell-deadlift", both, decided(*both)) == NONE


def test_inversion_is_settled_by_a_dated_clearance_and_by_nothing_else():
    assert open_of("inversion-table", (), decided(EVERYONE)) == BLOCK
    assert open_of("inversion-table", (), is_cleared=True) == NONE
    assert open_of("inversion-table", ("glaucoma",), is_cleared=True) == BLOCK
    assert open_of("inversion-table", ("glaucoma",), decided("glaucoma")) == BLOCK
    assert open_of("inversion-table", ("glaucoma",), decided("glaucoma"), is_cleared=True) == NONE
    assert (is_dated("Cleared by Dr Hale, 3 May"), is_dated("Dr Hale"), is_dated("")) == (True, False, False)


@given(codes=st.sets(CODES, min_size=1), more=CODES, slug=SLUGS)
def test_what_was_decided_for_fewer_conditions_settles_no_more(codes, more, slug):
    for_fewer = decided(*codes)
    before, after = open_of(slug, codes, for_fewer), open_of(slug, codes | {more}, for_fewer)

    assert after >= before


# --- alternatives ---


def instead(slug, *codes, **options):
    found = alternatives(CATALOGUE[slug], CATALOGUE, having(*codes), TODAY, **options)
    return [each.slug for each in found]


def test_alternatives_are_of_the_same_kind_for_the_same_muscle_no_harder_and_not_blocked():
    was = CATALOGUE["barbell-deadlift"]
    found = [CATALOGUE[slug] for slug in instead("barbell-deadlift", "spondylolisthesis", most=100)]

    assert found
    for other in found:
        assert other.category == was.category
        assert other.muscles & was.muscles
        assert other.level <= was.level
        assert level(other.slug, "spondylolisthesis") < BLOCK


def test_alternatives_without_a_caution_come_first_and_of_these_the_nearest_on_the_ladder():
    def rung(slug, muscles="back", tags="", easier="", level=3, category="strength"):
        sets = (frozenset(tags.split()), frozenset(), frozenset(muscles.split()))
        return Facts(slug, slug, category, level, *sets, easier, review_by=date.max)

    ladder = [
        rung("jump", tags="impact", easier="hop"),
        rung("hop", easier="step", tags="overhead", level=2),
        rung("step", easier="stand", level=2),
        rung("stand", level=1),
        rung("apart", level=3),
        rung("legs", muscles="legs"),
        rung("walk", category="aerobic"),
        rung("harder", level=4),
        rung("leap", tags="impact"),
    ]
    catalogue = {each.slug: each for each in ladder}

    found = alternatives(catalogue["jump"], catalogue, having("osteoporosis", "stenosis"), TODAY, most=10)

    assert [each.slug for each in found] == ["step", "stand", "apart", "hop"]


def test_rule_names_what_stands_in_well_for_osteoporosis():
    found = instead("roman-chair-extension", "osteoporosis", most=100)

    assert {"hip-hinge-dowel", "wall-side-plank", "counter-decompression-stretch", "prone-hip-extension"} <= set(
        found
    )


def test_alternatives_leave_out_what_is_in_the_plan_and_what_needs_clearance():
    first = instead("barbell-deadlift", "spondylolisthesis")[0]

    assert first not in instead("barbell-deadlift", "spondylolisthesis", without={first})
    assert all("inversion-table" not in instead(slug, most=200) for slug in CATALOGUE)


@given(codes=st.sets(CODES, min_size=1, max_size=4), slug=SLUGS)
def test_no_alternative_is_ever_blocked_or_harder(codes, slug):
    for other in instead(slug, *codes):
        assert level(other, *codes) < BLOCK
        assert CATALOGUE[other].level <= CATALOGUE[slug].level


# --- the whole table ---


def test_table_of_all_conditions_and_exercises_is_as_the_file_says():
    stored = safety_table.SNAPSHOT.read_text(encoding="utf-8")

    assert safety_table.differences(stored, safety_table.computed()) == []
    assert len(stored.splitlines()) == 1 + 134
    assert len(stored.splitlines()[0].split(",")) == 2 + len(BY_CODE)


def test_command_checks_and_writes_the_table(tmp_path, monkeypatch):
    copy = tmp_path / "table.csv"
    copy.write_text(safety_table.computed().replace("plank,n,", "plank,b,", 1))
    monkeypatch.setattr("clinic.management.commands.safety_table.SNAPSHOT", copy)
    said = StringIO()

    with pytest.raises(CommandError, match="1 cells differ"):
        call_command("safety_table", "--check", stdout=said)
    assert said.getvalue().endswith(", everyone: b, now n\n")
    call_command("safety_table", stdout=said)
    call_command("safety_table", "--check", stdout=said)
    assert said.getvalue().endswith("The file says what the rules say.\n")
