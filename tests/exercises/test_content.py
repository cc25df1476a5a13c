"""The starter catalogue as it lies in the files: facts that must fit together, and words that must be plain."""

import re

import pytest
import textstat

from exercises.content.load import VOCABULARIES, read, read_exercises
from exercises.models import BodyRegion, Equipment, Measure, MovementTag, Muscle, Phase, Position, Side

ROWS = read_exercises()
MUSCLES, EQUIPMENT, TAGS = (read(VOCABULARIES[model][0]) for model in (Muscle, Equipment, MovementTag))
SLUGS = pytest.mark.parametrize("slug", ROWS)

# The 23 exercises that the clinic's own teaching texts name.
NAMED_IN_TEACHING = [
    "sitting-break",
    "seated-cat-cow",
    "cat-cow",
    "standing-backbend",
    "seated-backbend",
    "double-knee-to-chest",
    "single-knee-to-chest",
    "gentle-yoga-session",
    "barbell-deadlift",
    "hip-hinge-dowel",
    "kettlebell-deadlift-raised",
    "romanian-deadlift",
    "plank",
    "plank-wall",
    "plank-incline",
    "plank-knees",
    "bird-dog",
    "bridge",
    "squat-bodyweight",
    "pilates-mat-session",
    "seated-forward-bend",
    "supine-glute-stretch",
    "supine-hamstring-strap-stretch",
    "seated-hamstring-stretch",
    "standing-hamstring-stretch",
    "general-warm-up",
    "general-cool-down",
    "inversion-table",
    "walking",
    "water-aerobics",
    "stationary-cycling",
    "ball-glute-massage",
]
JARGON = [
    "lumbar",
    "thoracic",
    "gluteal",
    "gluteals",
    "gluteus",
    "cervical",
    "flexion",
    "extension",
    "engage",
    "perform",
    "abdominals",
    "scapula",
    "scapular",
    "supine",
    "prone",
    "quadriceps",
    "hamstring",
    "hamstrings",
    "contralateral",
    "isometric",
    "activate",
]
FALSE_PROMISES = r"\b(cures?|heals?|prevents?|decompress\w*|guarantee\w*|fix(es)? your)\b"


def words_of(row):
    return [row["purpose"], row["setup"], *row["steps"], *row["cues"], *row["mistakes"], row["ease_off"], row["feel"]]


def sentences(row):
    return [s for text in words_of(row) for s in re.split(r"(?<=[.!?])\s+", text)]


def test_catalogue_has_every_exercise_of_every_category():
    counts = {}
    for row in ROWS.values():
        counts[row["category"]] = counts.get(row["category"], 0) + 1

    assert counts == {
        "breathing": 5, "decompression": 5, "mobility": 30, "stretch": 20,
        "stability": 31, "strength": 25, "aerobic": 10, "education": 8,
    }  # fmt: skip


def test_slugs_are_unique_over_all_files_and_well_formed():
    assert len(ROWS) == 134
    assert [slug for slug in ROWS if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)] == []


def test_names_are_unique():
    assert len({row["name"] for row in ROWS.values()}) == len(ROWS)
    assert len({row["plain_name"] for row in ROWS.values()}) == len(ROWS)


@SLUGS
def test_every_value_is_in_its_closed_list(slug):
    row = ROWS[slug]

    assert row["position"] in Position.values
    assert row["measure"] in Measure.values
    assert row["side"] in Side.values
    assert row["phases"]
    assert set(row["phases"]) <= set(Phase.values)
    assert row["level"] in {1, 2, 3, 4, 5}
    assert set(row["tags"]) <= set(TAGS)
    assert set(row["equipment"]) <= set(EQUIPMENT)
    assert set(row["primary_muscles"]) | set(row["secondary_muscles"]) <= set(MUSCLES)
    assert set(row["primary_muscles"]) & set(row["secondary_muscles"]) == set()


@SLUGS
def test_dosage_fits_the_measure(slug):
    row = ROWS[slug]

    assert row["sets"] >= 1
    if row["measure"] == "reps":
        assert row["reps"]
        assert row["minutes"] is None
    elif row["measure"] == "hold":
        assert row["reps"]
        assert row["hold_s"]
        assert row["minutes"] is None
    else:
        assert row["minutes"]
        assert row["reps"] is None
        assert row["hold_s"] is None


@SLUGS
def test_ladder_leads_to_known_exercises_and_never_turns_back(slug):
    row = ROWS[slug]
    easier, harder = row["regression"], row["progression"]

    assert {easier, harder} - {None} <= set(ROWS)
    if easier:
        assert ROWS[easier]["level"] <= row["level"]
    if harder:
        assert ROWS[harder]["level"] >= row["level"]


@SLUGS
@pytest.mark.parametrize("way", ["regression", "progression"])
def test_ladder_has_no_cycle(slug, way):
    seen = [slug]
    while (slug := ROWS[slug][way]) is not None:
        assert slug not in seen
        seen.append(slug)


@SLUGS
def test_position_brings_its_tags(slug):
    row = ROWS[slug]
    upright = {"hip-thrust", "plank", "plank-knees", "plank-stir-the-pot", "roman-chair-extension"}
    needed = {
        "quadruped": {"kneeling", "wrist-load"},
        "half-kneeling": {"kneeling"},
        "supine": {"supine"},
        "prone": {"prone"},
    }.get(row["position"], set())

    assert slug in upright or needed <= set(row["tags"])


@pytest.mark.parametrize("slug", NAMED_IN_TEACHING)
def test_exercise_that_the_teaching_names_exists(slug):
    assert slug in ROWS


def test_only_the_inversion_table_turns_people_upside_down_and_needs_clearance():
    assert [slug for slug, row in ROWS.items() if "inversion" in row["tags"]] == ["inversion-table"]
    assert [slug for slug, row in ROWS.items() if row["clinician_only"]] == ["inversion-table"]


@pytest.mark.parametrize("slug", [slug for slug, row in ROWS.items() if "desk" in row["phases"]])
def test_desk_break_can_be_done_at_a_desk(slug):
    row = ROWS[slug]

    assert set(row["tags"]) & {"floor", "supine", "prone", "kneeling", "heavy-lift", "inversion"} == set()
    assert "mat" not in row["equipment"] or "chair" in row["equipment"]


@SLUGS
def test_words_are_complete_and_in_the_right_number(slug):
    row = ROWS[slug]

    assert len(row["plain_name"]) <= 40
    assert 3 <= len(row["steps"]) <= 6
    assert 2 <= len(row["cues"]) <= 4
    assert row["mistakes"]
    assert len(re.split(r"(?<=[.!?])\s+", row["purpose"])) == 1
    assert [text for text in words_of(row) if text[-1:] not in {".", "!", "?"}] == []


@SLUGS
def test_words_can_be_read_at_eleven(slug):
    assert textstat.flesch_kincaid_grade(" ".join(words_of(ROWS[slug]))) <= 6


@SLUGS
def test_sentences_are_short(slug):
    assert [s for s in sentences(ROWS[slug]) if len(s.split()) > 18] == []


@SLUGS
def test_words_hold_no_jargon_and_no_promise(slug):
    text = " ".join([ROWS[slug]["plain_name"], *words_of(ROWS[slug])]).lower()

    assert [word for word in JARGON if re.search(rf"\b{word}\b", text)] == []
    assert re.findall(FALSE_PROMISES, text) == []


def test_no_step_list_is_shared_by_two_exercises():
    steps = [tuple(row["steps"]) for row in ROWS.values()]

    assert len(set(steps)) == len(steps)


@pytest.mark.parametrize("slug", MUSCLES)
def test_muscle_has_a_region_and_a_plain_name_and_is_used(slug):
    used = {m for row in ROWS.values() for m in row["primary_muscles"] + row["secondary_muscles"]}

    assert MUSCLES[slug]["region"] in BodyRegion.values
    assert MUSCLES[slug]["plain_name"]
    assert slug in used


def test_equipment_and_tags_are_all_used():
    assert set(EQUIPMENT) == {e for row in ROWS.values() for e in row["equipment"]}
    assert set(TAGS) >= {t for row in ROWS.values() for t in row["tags"]}
    assert len(TAGS) == 25
