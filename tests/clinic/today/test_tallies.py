from datetime import timedelta

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic.today.actions import skip, skip_day
from clinic.today.models import FIGURES, DailyTally, SkipReason
from clinic.today.tallies import rebuild
from tests.factories import plans

pytestmark = pytest.mark.django_db


def stored():
    return list(DailyTally.objects.order_by("patient", "day").values_list("patient", *FIGURES))


@pytest.fixture
def varied(plan, clinician, exercises):
    """Two versions of a plan: a flexible line, a line twice a day, a pause in the first."""
    day = plan.day
    plans.paused(plan.prescription, by=clinician.user, since=day - timedelta(days=6), until=day - timedelta(days=5))
    new = plans.revised(
        plan.prescription,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "3 x 10, 2x/day", thread=plan.bridge.thread),
            plans.Line(exercises["bird-dog"], "2 x 6 each side, 3 days/week", thread=plan.bird_dog.thread),
            plans.Line(exercises["shrug"], "1 x 5, 3x/day", phase="desk", thread=plan.shrug.thread),
        ],
        on=day - timedelta(days=3),
    )
    return plan, {True: list(new.lines.all()), False: [plan.bridge, plan.bird_dog, plan.plank, plan.shrug]}


taps = st.lists(
    st.tuples(
        st.integers(0, 7),  # days ago
        st.integers(0, 3),  # which line
        st.integers(1, 3),  # occasion
        st.integers(0, 5),  # which set; the rest are "all done", "couldn't" and "couldn't all day"
        st.booleans(),  # done, or taken back
        st.sampled_from(list(SkipReason)),
    ),
    max_size=25,
)


@given(taps=taps)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_tallies_kept_with_the_ticks_equal_those_made_anew(varied, taps):
    plan, lines_by_version = varied
    for ago, which, occasion, what, done, reason in taps:
        lines = lines_by_version[ago <= 3]
        line = lines[which % len(lines)]
        day, user = plan.day - timedelta(days=ago), plan.patient.user
        occasion = min(occasion, line.dosage.slots_per_day)
        sides = ("left", "right") if line.dosage.both_sides else ("both",)
        if what < 3:
            plan.done(
                line, what % line.dosage.sets + 1, sides[what % len(sides)], done=done, occasion=occasion, day=day
            )
        elif what == 3:
            plan.all_done(line, done=done, occasion=occasion, day=day)
        elif what == 4:
            skip(
                patient=plan.patient, by=user, day=day, line=line.uuid, occasion=occasion,
                reason=reason if done else None,
            )  # fmt: skip
        else:
            skip_day(patient=plan.patient, by=user, day=day, reason=reason if done else None)
    kept = stored()

    rebuild([plan.patient])

    assert stored() == [(patient, day, *map(pytest.approx, figures)) for patient, day, *figures in kept]


def test_command_makes_missing_tallies_and_removes_those_without_ticks(plan, other_patient, capsys):
    plan.all_done()
    kept = stored()
    DailyTally.objects.all().delete()
    DailyTally.objects.create(patient=plan.patient, day=plan.day - timedelta(days=1), planned_slots=9)
    DailyTally.objects.create(patient=other_patient, day=plan.day, planned_slots=9)

    call_command("rebuild_tallies")

    assert stored() == kept
    assert capsys.readouterr().out == "1 days counted.\n"


def test_row_gives_back_the_figures_it_was_made_from(plan):
    outcome = plan.all_done(plan.bird_dog)

    assert DailyTally.objects.get().figures() == outcome.after.tally(outcome.lines)
