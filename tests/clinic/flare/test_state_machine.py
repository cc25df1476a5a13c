"""Whatever a patient does in whatever order: what rests is never before them, gentle days never pass the longest, and
what is excused never lowers adherence."""

from datetime import UTC, datetime, timedelta
from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers, sampled_from

from clinic.caseload.adherence import week_adherence
from clinic.flare.actions import NotClear, note_long, start_flare
from clinic.flare.models import FlareUp
from clinic.flare.rules import gentle
from clinic.models import DailyTally
from clinic.today import flare_days
from clinic.today.actions import NotInPlan, NotToday, set_done
from clinic.today.day import day_of
from clinic.today.plan import DayTally, tally
from clinic.today.reading import lines_on, log_on, spells_of
from clinic.today.tallies import _lines, on, rebuild
from patients.models import Screening, Task
from tests.factories import catalogue, plans

START = datetime(2026, 11, 16, 12, tzinfo=UTC)


@pytest.fixture
def plan(patient, clinician, db):
    return plans.published(
        patient,
        by=clinician.user,
        starts_on=START.date() - timedelta(days=7),
        lines=[
            plans.Line(catalogue.exercise("bridge"), "4 x 10"),
            plans.Line(catalogue.exercise("plank", level=4), "3 x 20 s, 2x/day"),
            plans.Line(catalogue.exercise("walking", level=1), "10 min, 3 days/week"),
            plans.Line(catalogue.exercise("squat", level=3), "2 x 10, 4 days/week"),
        ],
    )


def test_any_order_of_events(plan, patient):
    lines = list(plan.lines.select_related("exercise"))

    class Days(RuleBasedStateMachine):
        @initialize()
        def begin(self):
            self.now = START
            self.block = transaction.atomic()
            self.block.__enter__()
            self.clock = patch("django.utils.timezone.now", side_effect=lambda: self.now)
            self.clock.start()
            self.client = Client()
            self.client.force_login(patient.user)

        def teardown(self):
            if hasattr(self, "block"):
                self.clock.stop()
                transaction.set_rollback(True)
                self.block.__exit__(None, None, None)

        @property
        def today(self):
            return patient.local_day(self.now)

        @property
        def standing(self):
            return patient.flare_ups.open().first()

        @rule(days=integers(1, 4))
        def days_pass(self, days):
            self.now += timedelta(days=days)

        @rule(level=sampled_from(["", "", "", "D", "B"]))
        def flares_up(self, level):
            screening = Screening.objects.create(
                patient=patient, occasion="flare", answers={}, level=level, rules="t", answered_on=self.today,
                answered_at=self.now, answered_by=patient.user,
            )  # fmt: skip
            try:
                flare = start_flare(patient=patient, by=patient.user, screening=screening)
            except NotClear:
                assert level == "B"
                return
            flare_days.recount(patient, {self.today - timedelta(days=n) for n in range(8)})
            assert flare.from_day <= self.today

        @rule()
        def needs_more_days(self):
            if self.standing:
                flare_days.go_on(flare=self.standing, by=patient.user)

        @rule()
        def is_better(self):
            if self.standing:
                flare_days.finish(flare=self.standing, by=patient.user)

        @rule()
        def a_day_is_watched(self):
            note_long(patient=patient)

        @rule(which=integers(0, 3), number=integers(1, 4), back=integers(0, 2))
        def ticks(self, which, number, back):
            line, day = lines[which], self.today - timedelta(days=back)
            try:
                set_done(patient=patient, by=patient.user, day=day, line=line.uuid, occasion=1, set_number=number,
                         side="both", done=True)  # fmt: skip
            except NotInPlan:
                return
            except NotToday:
                assert FlareUp.objects.on(day).exists()
                return
            if FlareUp.objects.on(day).exists():
                assert line.exercise.level <= 2

        @invariant()
        def what_rests_is_nowhere_to_be_done(self):
            if not hasattr(self, "now") or not FlareUp.objects.on(self.today).exists():
                return
            found = lines_on(self.today, user=patient.user)
            log = log_on(self.today, user=patient.user, lines=found, first_weekday=0)
            shown = day_of(found, log, first_weekday=0)
            assert all(gentle(turn.line.told.movement) for turns in shown.rounds for turn in turns)
            page = self.client.get("/today/").content.decode()
            for line in lines:
                if line.exercise.level > 2:
                    assert str(line.uuid) not in page
                    sheet = self.client.get(f"/today/exercise/{line.uuid}/").content.decode()
                    assert 'name="tick"' not in sheet

        @invariant()
        def days_never_pass_the_longest(self):
            for flare in FlareUp.objects.all():
                assert (flare.until_day - flare.from_day).days < 7
                assert flare.ended_on is None or flare.from_day <= flare.ended_on <= flare.until_day + timedelta(
                    days=1
                )
            kinds = list(Task.objects.open().values_list("kind", flat=True))
            assert len(kinds) == len(set(kinds))

        @invariant()
        def what_is_excused_never_lowers_adherence(self):
            if not hasattr(self, "now"):
                return
            published = _lines(patient)
            for row in DailyTally.objects.all():
                log = log_on(row.day, user=patient.user, lines=lines_on(row.day, user=patient.user), first_weekday=0)
                spells = spells_of([patient], row.day, row.day)
                eased = tally([on(line, row.day, spells) for line in published], log.marks(), row.day)
                whole = tally([on(line, row.day, []) for line in published], log.marks(), row.day)
                with_it, without = dose(eased), dose(whole)
                assert with_it is None or without is None or with_it >= without - 1e-9

        @invariant()
        def kept_tallies_are_those_made_anew(self):
            if not hasattr(self, "now"):
                return
            kept = {row.day: row.figures() for row in DailyTally.objects.all() if self.is_open(row.day)}
            rebuild([patient])
            assert {row.day: row.figures() for row in DailyTally.objects.all() if self.is_open(row.day)} == kept

        def is_open(self, day):
            return (self.today - day).days <= 7

    def dose(day):
        week = [DayTally(day.day + timedelta(days=n)) if n else day for n in range(7)]
        return week_adherence(week, day.day + timedelta(days=30)).dose

    run_state_machine_as_test(
        Days,
        settings=settings(
            max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
