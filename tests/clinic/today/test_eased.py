"""What rests and what is done at half: the rule, Today's pages, and the counts."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.caseload.asked import PlanVersion, asked_on
from clinic.caseload.overview import overview_of
from clinic.flare.models import FlareUp
from clinic.flare.rules import Movement
from clinic.models import DailyTally, Easing
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.week_plan import week_plan
from clinic.today import flare_days
from clinic.today.actions import NotToday, skip
from clinic.today.eased import FLARE, Ease, Eased, Spell, eased
from clinic.today.models import CheckOff, SkipReason
from clinic.today.plan import tally
from clinic.today.reading import dose, ease_planned, lines_on, planned_line
from clinic.today.tallies import rebuild
from exercises.models import MovementTag
from patients.models import Screening
from patients.records.pain_limits import limits_of
from patients.screening.models import Occasion
from tests.factories import catalogue, plans

MONDAY = date(2026, 11, 16)
THREAD, OTHER = UUID(int=1), UUID(int=2)
GENTLE, HARD = Movement(2, frozenset({"supine"})), Movement(2, frozenset({"rotation"}))


def how(*spells, movement=GENTLE, day=MONDAY):
    return eased(spells, day, thread=THREAD, movement=movement)


def test_nothing_eases_on_a_day_without_a_spell():
    assert how(Spell(MONDAY, MONDAY, "withheld", "stop", OTHER)) is None
    assert how(Spell(MONDAY + timedelta(days=1), None, "withheld", "stop", THREAD)) is None
    assert how(Spell(MONDAY - timedelta(days=2), MONDAY - timedelta(days=1), FLARE, FLARE)) is None


def test_flare3_in_a_flare_up_the_gentle_part_is_at_half_and_the_rest_rests():
    flare = Spell(MONDAY, MONDAY, FLARE, FLARE)
    assert how(flare) == Eased(Ease.HALF, FLARE, MONDAY)
    assert how(flare, movement=HARD) == Eased(Ease.WITHHELD, FLARE, MONDAY)
    assert how(flare, movement=Movement(3)) == Eased(Ease.WITHHELD, FLARE, MONDAY)


def test_rest_beats_half_and_of_two_the_longer_counts():
    half = Spell(MONDAY, None, "half", "step-back", THREAD)
    rest = Spell(MONDAY, MONDAY, "withheld", "stop", THREAD)
    longer = Spell(MONDAY, None, "withheld", "safety", THREAD)
    assert how(half, rest) == Eased(Ease.WITHHELD, "stop", MONDAY)
    assert how(rest, longer, half) == Eased(Ease.WITHHELD, "safety", None)


DOSES = st.sampled_from(
    ["3 x 10", "2 x 8, Mo-Fr", "10 min, 4 days/week", "3 x 30 s, each side, 2x/day", "1 x 5, 3x/day"]
)
LINES = st.lists(st.tuples(DOSES, st.sampled_from(["warm", "main", "cool", "desk"]), st.integers(1, 4)), max_size=6)


@given(LINES, st.integers(0, 6), st.booleans(), st.lists(st.tuples(st.integers(0, 5), st.sampled_from(list(Ease)))))
def test_an_unlogged_day_of_a_flare_up_asks_for_what_its_eased_lines_ask_for(lines, on, flared, eases):
    made = [
        SimpleNamespace(thread=UUID(int=n), dosage=parse(text), phase=phase, told={"level": level, "tags": []})
        for n, (text, phase, level) in enumerate(lines)
    ]
    day = MONDAY + timedelta(days=on)
    spells = [Spell(day, None, kind.value, "stop", UUID(int=n)) for n, kind in eases]
    spells += [Spell(day, day, FLARE, FLARE)] if flared else []
    planned = []
    for line in made:
        whole = planned_line(
            thread=line.thread, phase=line.phase, dose=dose(line.dosage), starts=MONDAY, ends=None, ended=None,
            paused=False,
        )  # fmt: skip
        of_day = eased(spells, day, thread=line.thread, movement=Movement(line.told["level"]))
        planned.append(ease_planned(whole, line.dosage, of_day, day))
    version = PlanVersion("Plan", 1, MONDAY, None, week_plan(made), spells=tuple(spells))

    assert asked_on(day, [version]) == tally(planned, (), day)


# Today


@pytest.fixture
def plan(patient, clinician, db):
    """A gentle exercise, one that twists, one too hard, one whose days the patient chooses, and a desk break."""
    rotation = MovementTag.objects.create(slug="rotation", name="Rotation", meaning="it twists")
    rolls = catalogue.exercise("knee-rolls")
    rolls.tags.add(rotation)
    made = plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(catalogue.exercise("bridge"), "4 x 10"),
            plans.Line(rolls, "2 x 10"),
            plans.Line(catalogue.exercise("plank", level=4), "3 x 20 s"),
            plans.Line(catalogue.exercise("squat", level=3), "2 x 10, 3 days/week"),
            plans.Line(catalogue.exercise("shrug", level=3), "1 x 5, 3x/day", phase="desk"),
        ],
    )
    return SimpleNamespace(
        prescription=made, **{line.exercise.slug.replace("-", "_"): line for line in made.lines.all()}
    )


@pytest.fixture
def flare(patient, plan):
    return begun(patient)


def begun(patient):
    screening = Screening.objects.create(
        patient=patient, occasion=Occasion.FLARE, answers={}, rules="test", answered_on=patient.local_day(),
        answered_at=datetime.now(UTC), answered_by=patient.user,
    )  # fmt: skip
    from clinic.flare.actions import start_flare

    made = start_flare(patient=patient, by=patient.user, screening=screening)
    flare_days.recount(patient, {made.from_day})
    return made


def text(response):
    return response.content.decode()


def tap(client, patient, value, **headers):
    return client.post("/today/check/", {"day": patient.local_day(), "tick": value}, headers=headers)


def test_todays_page_shows_the_gentle_part_at_half_and_says_until_when(flare, patient, patient_client):
    page = text(patient_client.get("/today/"))

    assert "Gentle days until" in page
    assert "Half for now." in page
    assert [name for name in ("Bridge", "Knee rolls", "Plank", "Squat", "Shrug") if name in page] == ["Bridge"]
    assert page.count('name="tick"') == 3  # two of four sets, and all of them


def test_a_resting_exercise_says_why_and_has_no_buttons(flare, plan, patient_client):
    page = text(patient_client.get(f"/today/exercise/{plan.knee_rolls.uuid}/"))

    assert "Your back flared up, so this one rests until it is calmer." in page
    assert 'name="tick"' not in page
    assert "Lift your hips." not in page


def test_a_tick_for_a_resting_exercise_is_refused_in_plain_words(flare, plan, patient, patient_client):
    response = tap(patient_client, patient, f"{plan.plank.uuid}.1.1.both.1")

    assert response.status_code == 422
    assert "You need not do it." in text(response)
    assert not CheckOff.objects.exists()
    with pytest.raises(NotToday):
        skip(patient=patient, by=patient.user, day=patient.local_day(), line=plan.plank.uuid, occasion=1,
             reason=SkipReason.TIME)  # fmt: skip


def test_a_set_that_the_half_dose_does_not_have_is_refused(flare, plan, patient, patient_client):
    response = tap(patient_client, patient, f"{plan.bridge.uuid}.1.4.both.1", **{"HX-Request": "true"})

    assert response.status_code == 422
    assert "at half for now" in text(response)


def test_the_plan_and_the_week_say_what_rests(flare, patient_client):
    assert text(patient_client.get("/today/plan/")).count("Resting") == 4
    assert "0 of 1 done" in text(patient_client.get("/today/week/"))


def test_sets_done_before_the_flare_up_keep_their_worth(plan, patient, patient_client):
    for number in (3, 4):
        tap(patient_client, patient, f"{plan.bridge.uuid}.1.{number}.both.1")
    tap(patient_client, patient, f"{plan.plank.uuid}.1.1.both.1")

    begun(patient)

    figures = DailyTally.objects.get().figures()
    assert (figures.planned_slots, figures.excused_slots) == (3, 1)
    assert figures.done == pytest.approx(1 + 1 / 3)
    assert figures.excused_part == pytest.approx(2 / 3)
    assert figures.flexible_slots == 0


def test_an_easing_withholds_or_halves_one_exercise_until_it_is_lifted(plan, patient, clinician, patient_client):
    today = patient.local_day()
    rest = Easing.objects.create(
        patient=patient, thread=plan.bridge.thread, kind="withheld", because="safety", from_day=today
    )
    Easing.objects.create(
        patient=patient, thread=plan.plank.thread, kind="half", because="step-back", from_day=today, until_day=today
    )
    page = text(patient_client.get("/today/"))
    assert "Bridge" not in page
    assert page.count("Half for now.") == 1
    assert "Your clinic wants to check" in text(patient_client.get(f"/today/exercise/{plan.bridge.uuid}/"))

    flare_days.lift(easing=rest, by=clinician.user)

    assert "Bridge" in text(patient_client.get("/today/"))


def test_kept_tallies_equal_rebuilt_ones_and_the_clinicians_charts_agree(flare, plan, patient, patient_client):
    tap(patient_client, patient, f"{plan.bridge.uuid}.1.all.1")
    kept = DailyTally.objects.get().figures()
    rebuild([patient])

    assert DailyTally.objects.get().figures() == kept
    assert (kept.planned_slots, kept.excused_slots, kept.done) == (3, 2, 1)
    view = overview_of(patient, limits_of(patient))
    assert (view.sessions[0].done_slots, view.sessions[0].asked) == (1, 1)
    assert view.this_week.session_days_done == 1


def test_days_without_a_log_ask_for_the_gentle_part_only(plan, patient):
    today = patient.local_day()
    FlareUp.objects.create(
        patient=patient, because="pressed", from_day=today - timedelta(days=3), until_day=today - timedelta(days=2),
        began_at=datetime.now(UTC), began_by=patient.user,
        screening=Screening.objects.create(
            patient=patient, occasion="flare", answers={}, rules="t", answered_on=today, answered_at=datetime.now(UTC),
            answered_by=patient.user,
        ),
    )  # fmt: skip
    rows = {row.name: row.asked for row in overview_of(patient, limits_of(patient)).exercises}
    assert rows["Bridge"] - rows["Plank"] == 2


def test_next_day_waits_for_what_rests(plan, patient, patient_client):
    today = patient.local_day()
    for line in (plan.bridge, plan.knee_rolls, plan.plank, plan.squat):
        Easing.objects.create(
            patient=patient, thread=line.thread, kind="withheld", because="stop", from_day=today,
            until_day=today + timedelta(days=1),
        )  # fmt: skip
    day = today + timedelta(days=2)
    assert f"You carry on {day:%A}." in text(patient_client.get("/today/"))


def test_an_easing_of_another_patient_changes_nothing(plan, patient, other_patient):
    Easing.objects.create(
        patient=other_patient,
        thread=plan.bridge.thread,
        kind="withheld",
        because="stop",
        from_day=patient.local_day(),
    )
    assert [line.eased for line in lines_on(patient.local_day(), user=patient.user)] == [None] * 5


def test_today_and_a_tick_of_a_flare_up_ask_no_more_queries(
    flare, plan, patient, patient_client, django_assert_max_num_queries
):
    Easing.objects.create(patient=patient, thread=uuid4(), kind="half", because="stop", from_day=patient.local_day())
    with django_assert_max_num_queries(7):
        patient_client.get("/today/")
    with django_assert_max_num_queries(8):
        tap(patient_client, patient, f"{plan.bridge.uuid}.1.1.both.1", **{"HX-Request": "true"})
