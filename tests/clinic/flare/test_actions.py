from datetime import UTC, date, datetime, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.management import call_command

from clinic.flare.actions import NotClear, end, extend, note_long, start_flare
from clinic.flare.models import FlareUp
from clinic.flare.rules import Because
from patients.models import AuditEvent, Task
from patients.screening.models import Level, Occasion
from patients.tasks.models import Kind
from tests.factories import catalogue, plans

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = date(2026, 11, 20)


def later(days):
    return NOON + timedelta(days=days)


@pytest.fixture
def flare(patient, screened):
    return start_flare(patient=patient, by=patient.user, screening=screened(now=NOON), now=NOON)


def open_tasks():
    return dict(Task.objects.open().values_list("kind", "words"))


def test_starting_makes_three_gentle_days_and_tells_the_clinician(patient, flare):
    assert (flare.from_day, flare.until_day, flare.ended_on) == (TODAY, TODAY + timedelta(days=2), None)
    assert open_tasks() == {
        Kind.FLARE: "Flare-up since 20 November: the patient said so. Gentle plan until 22 November."
    }
    assert AuditEvent.objects.filter(action="flare.started").get().detail == {}


def test_starting_twice_is_starting_once(patient, flare, screened):
    again = start_flare(patient=patient, by=patient.user, screening=screened(now=NOON), now=NOON)

    assert again == flare
    assert FlareUp.objects.count() == 1


@pytest.mark.parametrize("level", [Level.A, Level.B, Level.C])
def test_a_check_that_is_not_clear_starts_nothing(patient, screened, level):
    with pytest.raises(NotClear):
        start_flare(patient=patient, by=patient.user, screening=screened(level, now=NOON), now=NOON)
    assert not FlareUp.objects.exists()


def test_what_is_only_for_information_starts_it(patient, screened):
    assert start_flare(patient=patient, by=patient.user, screening=screened(Level.D, now=NOON), now=NOON).pk


def test_yesterdays_check_anothers_check_and_another_occasions_check_start_nothing(patient, other_patient, screened):
    wrong = [screened(now=later(-1)), screened(now=NOON, of=other_patient), screened(now=NOON, occasion=Occasion.GAP)]
    for screening in wrong:
        with pytest.raises(NotClear):
            start_flare(patient=patient, by=patient.user, screening=screening, now=NOON)


def test_an_older_flag_that_waits_for_clearance_starts_nothing(patient, screened):
    patient.flag_level = Level.B
    with pytest.raises(NotClear):
        start_flare(patient=patient, by=patient.user, screening=screened(now=NOON), now=NOON)


def test_more_days_reach_seven_and_then_a_clinician_is_asked(patient, flare):
    assert extend(flare=flare, by=patient.user, now=later(1))
    assert flare.until_day == TODAY + timedelta(days=5)
    assert extend(flare=flare, by=patient.user, now=later(4))
    assert flare.until_day == TODAY + timedelta(days=6)
    assert Kind.FLARE_LONG not in open_tasks()

    assert not extend(flare=flare, by=patient.user, now=later(5))

    assert flare.until_day == TODAY + timedelta(days=6)
    assert "more gentle days" in open_tasks()[Kind.FLARE_LONG]


def test_pressing_it_again_after_the_days_goes_on_with_the_same_one(patient, flare, screened):
    again = start_flare(patient=patient, by=patient.user, screening=screened(now=later(4)), now=later(4))

    assert again == flare
    assert again.until_day == TODAY + timedelta(days=6)


def test_better_ends_it_today_and_names_the_way_back(patient, flare):
    end(flare=flare, by=patient.user, now=later(1))

    flare.refresh_from_db()
    assert flare.ended_on == TODAY + timedelta(days=1)
    assert not FlareUp.objects.on(flare.ended_on).exists()
    assert FlareUp.objects.on(TODAY).exists()
    assert open_tasks()[Kind.FLARE].endswith("Plan the way back: protocol post-flare-return.")
    end(flare=flare, by=patient.user, now=later(2))
    flare.refresh_from_db()
    assert flare.ended_on == TODAY + timedelta(days=1)


def test_ended_late_it_ends_after_its_last_gentle_day(patient, flare):
    end(flare=flare, by=patient.user, now=later(9))

    flare.refresh_from_db()
    assert flare.ended_on == TODAY + timedelta(days=3)


def test_a_clinician_who_ends_it_settles_its_tasks(patient, clinician, flare):
    end(flare=flare, by=clinician.user, now=later(1))

    assert open_tasks() == {}


def test_day_eight_asks_a_clinician_once(patient, flare):
    assert note_long(patient=patient, now=later(6)) is None
    task = note_long(patient=patient, now=later(7))
    assert task and task.kind == Kind.FLARE_LONG
    assert note_long(patient=patient, now=later(8)) is None


def test_a_second_flare_up_in_28_days_is_reviewed(patient, flare, screened):
    end(flare=flare, by=patient.user, now=later(2))
    start_flare(
        patient=patient, by=patient.user, screening=screened(now=later(20)), because=Because.RISE, now=later(20)
    )

    assert open_tasks()[Kind.FLARE_AGAIN] == "Flare-ups began on 20 November and on 10 December. Review the plan."


def test_the_clinics_own_days_count(patient, screened):
    patient.clinic.thresholds_set = {"flare_days": 2}
    made = start_flare(patient=patient, by=patient.user, screening=screened(now=NOON), now=NOON)

    assert made.until_day == TODAY + timedelta(days=1)


def test_the_daily_watch_finds_those_that_nobody_ended(patient, other_patient, screened, capsys):
    early = datetime.now(UTC) - timedelta(days=8)
    start_flare(patient=patient, by=patient.user, screening=screened(now=early), now=early)
    start_flare(patient=other_patient, by=other_patient.user, screening=screened(of=other_patient))

    call_command("watch_flare_ups")
    call_command("watch_flare_ups")

    assert capsys.readouterr().out == "1 tasks raised.\n0 tasks raised.\n"
    assert Task.objects.get(kind=Kind.FLARE_LONG).patient == patient


def test_plans_sent_before_learn_their_level_and_movements(patient, clinician):
    sent = plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge", level=3)])
    now = (sent.lines.get().told, sent.week_plan)
    told = {name: value for name, value in now[0].items() if name not in ("level", "tags")}
    sent.lines.update(told=told)
    sent.week_plan = {name: value for name, value in now[1].items() if name != "lines"}
    sent.save()

    import_module("clinic.migrations.0005_told_knows_level_and_movements").fill(apps, None)

    sent.refresh_from_db()
    assert (sent.lines.get().told, sent.week_plan) == now
