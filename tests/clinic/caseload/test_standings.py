"""Kept standings: the list they sort is the one that counting everybody anew would give, at any moment."""

from contextlib import suppress
from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from random import Random

import pytest
import time_machine
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.urls import reverse

from clinic.caseload.cases import cases_of
from clinic.caseload.listing import ALL, BY_KEY, GROUPS, MINE, NEED_FIRST, NOBODYS, PAGE, Asked, listing_of
from clinic.caseload.models import Standing, StandingsKept
from clinic.caseload.standings import changed_since, keep_standings, kept_of, standing_of
from clinic.caseload.topics import OF_KIND, Topic, bits_of
from clinic.flare.models import FlareUp
from clinic.prescriptions.actions import DraftExists, NotReady, end, pause, publish, start_draft
from clinic.today.actions import DayClosed, NotInPlan, NotToday, say, set_done, skip
from clinic.today.flare_days import begin
from clinic.today.models import SkipReason, TickSide
from patients.models import Patient
from patients.records.actions import LooksLikeAnother, add_patient, discharge, edit_patient
from patients.tasks.actions import resolve, snooze
from patients.tasks.models import Kind
from patients.team.transfers import transfer
from tests.factories import catalogue, checks, history, people, plans, tasks

BOTH = TickSide.BOTH
TODAY = date(2026, 11, 18)  # a Wednesday
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
QUERIES = 16  # the session, the user and the clinic, the views, the colleagues, the list, and that it was read


def ago(days):
    return TODAY - timedelta(days=days)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def bridge(db):
    return catalogue.exercise("bridge")


@pytest.fixture
def crowd(spine_ina, clinician, bridge):
    """Ten people: some in pain, some silent, some without a plan, one led by nobody."""
    crowd = []
    for n in range(10):
        someone = people.patient(spine_ina, "Pat", f"Nr{n}", lead=None if n == 3 else clinician)
        if n % 4:
            made = plans.published(someone, by=clinician.user, exercises=[bridge], starts_on=ago(20))
            history.done(made, *[ago(days) for days in range(n, 20)])
            history.said(someone, ago(n % 3), pain_worst=n)
        crowd.append(someone)
    return crowd


def names(clinician, now=NOON, number=None, **asked):
    return [case.name for case in listing_of(clinician, now, Asked(**asked), number).cases]


def counted(clinician, now=NOON):
    return [case.name for case in cases_of(clinician, now)]


def test_the_kept_list_is_the_counted_one(clinician, crowd):
    expected = counted(clinician)
    assert names(clinician) == expected
    assert keep_standings(NOON) == 10
    assert changed_since(kept_of(clinician.clinic), NOON) == []
    assert names(clinician) == expected


def test_a_page_writes_nothing(clinician_client, crowd, django_assert_max_num_queries):
    keep_standings(NOON)
    before = list(Standing.objects.values()), list(StandingsKept.objects.values())
    clinician_client.get(reverse("caseload"))
    assert (list(Standing.objects.values()), list(StandingsKept.objects.values())) == before


def ticked(patient, by, day):
    line = patient.prescriptions.live().get().lines.get()
    for number in range(1, 4):
        set_done(
            patient=patient,
            by=patient.user,
            day=day,
            line=line.uuid,
            occasion=1,
            set_number=number,
            side=BOTH,
            done=True,
        )


def skips(patient, by, day):
    line = patient.prescriptions.live().get().lines.get()
    skip(patient=patient, by=patient.user, day=day, line=line.uuid, occasion=1, reason=SkipReason.PAIN, pain=4)


def flares(patient, by, day):
    begin(patient=patient, by=patient.user, answers=checks.answers(patient), because=FlareUp.Because.PRESSED)


def drafts(patient, by, day):
    start_draft(patient=patient, by=by.user, from_last=bool(patient.prescriptions.live()))


def publishes(patient, by, day):
    publish(draft=patient.prescriptions.drafts().get(), by=by.user)


def puts_off(patient, by, day):
    task = tasks.task(patient, Kind.MESSAGE, words=f"Asked on {day}.")
    snooze(task=task, by=by.user, until=datetime.combine(day + timedelta(days=1), time(6), UTC))


def settles(patient, by, day):
    resolve(task=tasks.task(patient, Kind.PAIN_UP, words=f"Up on {day}."), by=by.user, note="Called.")


def renamed(patient, by, day):
    values = {"last_name": f"Aa{day:%d}", "first_name": "Ann"}
    edit_patient(patient=patient, by=by.user, values=values, based_on=patient.edit)


def added(patient, by, day):
    values = {"first_name": "New", "last_name": f"Person{day:%d}", "born_on": date(1970, 1, 1), "time_zone": "UTC"}
    add_patient(clinician=by, by=by.user, values=values, somebody_else_than=[patient.uuid])


CHANGES = [
    ticked,
    skips,
    flares,
    drafts,
    publishes,
    puts_off,
    settles,
    renamed,
    added,
    lambda patient, by, day: say(patient=patient, by=patient.user, day=day, pain_worst=9),
    lambda patient, by, day: tasks.task(patient, Kind.FLAG_A),
    lambda patient, by, day: discharge(patient=patient, by=by.user),
    lambda patient, by, day: end(prescription=patient.prescriptions.live().get(), by=by.user, reason="Done."),
    lambda patient, by, day: pause(prescription=patient.prescriptions.live().get(), by=by.user, reason="Away."),
]
IMPOSSIBLE = (ObjectDoesNotExist, NotInPlan, NotToday, DayClosed, DraftExists, NotReady, LooksLikeAnother)


@pytest.mark.parametrize("seed", range(6))
def test_after_anything_that_happens_it_is_still_the_counted_list(clinician, crowd, clock, seed):
    """Days go by, people do things, and the timer runs or does not: the list is always the true one."""
    random = Random(seed)
    keep_standings(NOON)
    for _ in range(25):
        clock.shift(random.choice([timedelta(minutes=2), timedelta(hours=3), timedelta(hours=13)]))
        now = datetime.now(UTC)
        patient = random.choice([*clinician.clinic.patients.exclude(user=None)])
        with suppress(*IMPOSSIBLE), transaction.atomic():
            random.choice(CHANGES)(patient, clinician, patient.local_day())
        assert names(clinician, now, who=ALL) == counted(clinician, now)
        if random.random() < 0.4:
            keep_standings(now)
            assert names(clinician, now) == counted(clinician, now)


def test_timer_writes_only_what_changed(clinician, crowd, clock):
    keep_standings(NOON)
    clock.shift(timedelta(minutes=5))
    keep_standings(datetime.now(UTC))  # lines of the last minute are looked at twice
    clock.shift(timedelta(minutes=5))
    tasks.task(crowd[1], Kind.FLAG_A)
    clock.shift(timedelta(minutes=5))
    assert keep_standings(datetime.now(UTC)) == 1
    assert keep_standings(datetime.now(UTC)) == 0


def test_second_timer_leaves_the_first_alone_until_it_must_have_died(clinician, crowd):
    StandingsKept.objects.create(clinic=clinician.clinic, busy_until=NOON + timedelta(minutes=1))
    assert keep_standings(NOON) == 0
    assert keep_standings(NOON + timedelta(minutes=2)) == 10


def test_who_only_looks_changes_nobodys_standing(clinician, clinician_client, crowd, clock):
    keep_standings(NOON)
    clock.shift(timedelta(minutes=5))
    keep_standings(datetime.now(UTC))
    clinician_client.get(reverse("patient_record", args=[crowd[1].uuid]))
    assert changed_since(kept_of(clinician.clinic), datetime.now(UTC)) == []


def test_new_limits_of_the_clinic_count_at_once(clinician, crowd):
    keep_standings(NOON)
    clinician.clinic.thresholds_set = {"severe_from": 6}
    clinician.clinic.save()
    clinician.clinic.refresh_from_db()
    assert names(clinician) == counted(clinician)


@pytest.mark.parametrize("kept", [True, False])
def test_filters_hold_the_same_whether_standings_are_kept_or_counted(clinician, crowd, kept):
    tasks.task(crowd[2], Kind.FLARE)
    if kept:
        keep_standings(NOON)
    cases = [(case, standing_of(case, clinician.clinic, NOON)) for case in cases_of(clinician, NOON)]
    whose = {ALL: None, MINE: None, NOBODYS: None, str(clinician.pk): clinician.pk}
    for who, group, about in product(whose, ["", *BY_KEY], ["", *Topic]):
        of_topic = bits_of(kind for kind in OF_KIND if not about or OF_KIND[kind] == about)
        expected = [
            case.name
            for case, standing in cases
            if (not group or BY_KEY[group].holds(standing))
            and (not about or standing.topics & of_topic)
            and (who == ALL or (case.is_mine if who == MINE else case.lead == whose[who]))
        ]
        assert names(clinician, who=who, group=group, about=about) == expected, (who, group, about)


def test_counts_are_of_everybody_and_of_ones_own(clinician, colleague, crowd):
    for _ in range(2):
        shown = listing_of(colleague, NOON, Asked(who=MINE), None)
        assert (shown.everybody, shown.mine) == (10, 0)
        shown = listing_of(clinician, NOON, Asked(), None)
        cases = cases_of(clinician, NOON)
        assert (shown.everybody, shown.mine) == (10, 9)
        assert {group.key: number for group, number in shown.groups} == {
            "need": sum(case.needs_a_look for case in cases),
            "track": sum(not case.needs_a_look for case in cases),
            "new": 10,
            "unplanned": 3,
        }
        keep_standings(NOON)


def silent_crowd(clinic, clinician, number):
    for n in range(number):
        people.patient(clinic, "Pat", f"Nr{n:03}", lead=clinician, signs_in=False, screened=False)


@pytest.mark.parametrize("kept", [True, False])
def test_morning_page_stops_after_what_a_morning_has_room_for(clinician_client, clinician, spine_ina, bridge, kept):
    silent_crowd(spine_ina, clinician, 40)
    calm = [people.patient(spine_ina, "Zoe", f"Calm{n}", lead=clinician) for n in range(3)]
    for patient in calm:
        made = plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=ago(9))
        history.done(made, *[ago(days) for days in range(1, 9)])
    if kept:
        keep_standings(NOON)
    page = clinician_client.get(reverse("caseload"))
    shown = [row.case.name for row in page.context["rows"]]
    assert shown == [f"Pat Nr{n:03}" for n in range(NEED_FIRST)] + [f"Zoe Calm{n}" for n in range(3)]
    assert "<strong>15</strong> more</a> need a look" in page.content.decode()
    everyone = clinician_client.get(reverse("caseload"), {"group": "need"})
    assert len(everyone.context["rows"]) == 40
    assert "need a look. Finish" not in everyone.content.decode()


def test_pages_of_kept_and_changed_standings_leave_nobody_out_and_show_nobody_twice(clinician, spine_ina, clock):
    silent_crowd(spine_ina, clinician, 130)
    keep_standings(NOON)
    clock.shift(timedelta(minutes=5))
    keep_standings(datetime.now(UTC))
    now = datetime.now(UTC)
    for patient in spine_ina.patients.all()[::9]:
        tasks.task(patient, Kind.FLAG_A)
    for number, patient in enumerate(spine_ina.patients.all()[5::20]):
        edit_patient(patient=patient, by=clinician.user, values={"last_name": f"Zz{number}"}, based_on=patient.edit)
    seen = [name for number in "123" for name in names(clinician, now, number, group="need")]
    assert seen == counted(clinician, now)
    assert len(set(seen)) == 130
    assert len(names(clinician, now, "1", group="need")) == PAGE


@pytest.mark.parametrize("number", [5, 60])
@pytest.mark.parametrize("changed", [0, 4])
def test_the_number_of_queries_is_fixed(
    clinician_client, clinician, spine_ina, bridge, clock, number, changed, django_assert_num_queries
):
    silent_crowd(spine_ina, clinician, number)
    keep_standings(NOON)
    clock.shift(timedelta(minutes=5))
    keep_standings(datetime.now(UTC))
    clinician_client.get(reverse("start"))
    for patient in spine_ina.patients.all()[:changed]:
        tasks.task(patient)
    with django_assert_num_queries(QUERIES + (4 if changed else 0)):
        clinician_client.get(reverse("caseload"))


def test_of_records_that_are_not_shared_only_the_own_are_listed_and_counted(colleague, crowd):
    colleague.clinic.shares_records = False
    colleague.clinic.save()
    crowd[4].care_team.create(clinician=colleague)
    keep_standings(NOON)
    shown = listing_of(colleague, NOON, Asked(), None)
    assert [case.name for case in shown.cases] == ["Pat Nr4"]
    assert shown.everybody == shown.mine == 1
    assert sum(number for _, number in shown.groups[:2]) == 1


def test_who_moved_to_another_clinic_stands_on_its_caseload_whichever_of_the_two_is_kept_first(crowd, clock):
    """The clinic that comes first in the timer's round writes the standing, and the other has to leave it alone."""
    (here,), there = {patient.clinic for patient in crowd}, people.clinic("Harbour Backs")
    doctors = {clinic.pk: people.clinician(clinic, "Ola", clinic.name.split()[0]) for clinic in (here, there)}
    moving = people.patient(there, "Moira", "Moves", lead=doctors[there.pk])
    for origin, to in ((there, here), (here, there)):
        keep_standings(datetime.now(UTC))
        patient = Patient.objects.get(pk=moving.pk)
        transfer(patient=patient, by=doctors[origin.pk].user, to=to, agreed_how="spoken", agreed_on=TODAY)
        clock.shift(timedelta(minutes=2))
        keep_standings(datetime.now(UTC))
        assert "Moira Moves" in names(doctors[to.pk], datetime.now(UTC))
        assert "Moira Moves" not in names(doctors[origin.pk], datetime.now(UTC))


def test_another_clinics_standings_are_not_listed(crowd, other_clinic):
    stranger = people.clinician(other_clinic)
    keep_standings(NOON)
    assert listing_of(stranger, NOON, Asked(), None).everybody == 0


def test_every_kind_of_task_has_a_topic():
    assert set(OF_KIND) == set(Kind)
    assert {OF_KIND[kind] for kind in Kind} == set(Topic)


def test_groups_have_keys_of_their_own():
    assert len(BY_KEY) == len(GROUPS)
