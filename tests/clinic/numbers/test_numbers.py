import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clinic.numbers.figures import Figure, Period, figures_of
from clinic.numbers.monitoring import band_of, counted
from clinic.numbers.parts import parts_of
from clinic.numbers.small import part_shown, shown, told, visible
from clinic.today.actions import say
from patients.audit.models import AuditEvent
from patients.models import Measurement
from patients.outcomes.measures import ODI
from patients.tasks.actions import TWO_DAYS, raise_task, resolve_kind
from patients.tasks.models import Kind
from tests.factories import catalogue, history, people, plans

TODAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def more(clinic, number):
    return [people.patient(clinic, last_name=uuid4().hex) for _ in range(number)]


def period():
    return Period(TODAY - timedelta(days=27), TODAY, NOON)


def figure(clinician, label):
    return next(each for each in figures_of(clinician, period(), mine=False) if each.label == label)


@pytest.mark.parametrize(
    ("groups", "is_shown"), [([5, 5], True), ([4, 20], False), ([20, 0], False), ([5], True), ([4], False)]
)
def test_a_small_group_hides_all_that_make_up_the_whole(groups, is_shown):
    assert shown(groups) is is_shown


def test_a_part_is_hidden_where_the_rest_is_small():
    assert part_shown(5, 10)
    assert not part_shown(8, 10)


@pytest.mark.parametrize(
    ("groups", "seen"),
    [
        ([5, 5, 5], [True, True, True]),
        ([20, 12, 2], [True, False, False]),
        ([2, 12, 20], [False, False, False]),
        ([20, 2, 2], [False, False, False]),
    ],
)
def test_beside_a_small_part_only_the_first_stands_against_the_rest(groups, seen):
    assert visible(groups) == seen


@pytest.mark.parametrize(
    ("people", "beside", "is_told"),
    [
        (12, [], True),
        (12, [11], False),
        (11, [20, 12], False),
        (12, [12, 17], True),
        (12, [7], True),
        (4, [4], False),
    ],
)
def test_numbers_of_people_that_differ_by_a_small_group_do_not_stand_beside_each_other(people, beside, is_told):
    assert told(people, beside) is is_told


def test_parts_do_not_add_up_to_a_whole_that_must_not_be_known():
    assert visible([20, 12, 16], beside=[50]) == [True, False, False]
    assert visible([20, 12, 16], beside=[53]) == [True, True, True]


def test_four_patients_are_too_few_and_five_are_shown(clinician):
    more(clinician.clinic, 4)
    assert figure(clinician, "Active").value is None
    more(clinician.clinic, 1)
    assert figure(clinician, "Active").value == "5"


def test_adherence_is_split_only_where_every_band_is_large(clinician):
    bridge = catalogue.exercise("bridge")
    everybody = more(clinician.clinic, 15)
    for n, patient in enumerate(everybody):
        plan = plans.published(patient, by=clinician.user, exercises=[bridge], starts_on=TODAY - timedelta(days=40))
        share = (28, 18, 3)[n % 3]
        history.done(plan, *[TODAY - timedelta(days=day) for day in range(share)])
    assert [figure(clinician, band).value for band in ("High", "Partial", "Low")] == ["5", "5", "5"]
    everybody[0].discharged_at, everybody[0].discharged_by = NOON, clinician.user
    everybody[0].save(update_fields=["discharged_at", "discharged_by"])
    assert [figure(clinician, band).value for band in ("High", "Partial", "Low")] == [None, None, None]


def test_the_few_who_are_not_counted_in_adherence_cannot_be_worked_out(clinician):
    bridge = catalogue.exercise("bridge")
    for n, patient in enumerate(more(clinician.clinic, 16)):
        if n:
            plan = plans.published(
                patient, by=clinician.user, exercises=[bridge], starts_on=TODAY - timedelta(days=40)
            )
            history.done(plan, *[TODAY - timedelta(days=day) for day in range((28, 18, 3)[n % 3])])

    bands = [figure(clinician, band) for band in ("High", "Partial", "Low")]

    assert figure(clinician, "Active").n == 16
    assert [(band.value, band.n) for band in bands] == [("5", None), (None, None), (None, None)]


def test_who_was_there_goes_by_the_patients_own_days(clinician):
    """It is the 19th already where these five are: they come after the period."""
    more(clinician.clinic, 5)
    for patient in more(clinician.clinic, 5):
        patient.time_zone = "Pacific/Auckland"
        patient.save(update_fields=["time_zone"])

    assert figure(clinician, "Active").value == "5"


def test_those_who_came_and_went_are_counted_among_those_who_were_there(clinician):
    days = [60] * 20 + [20] * 10
    for n, (patient, ago) in enumerate(zip(more(clinician.clinic, 30), days, strict=True)):
        left = {2: 10, 3: 40}.get(n % 4)
        patient.created_at = NOON - timedelta(days=ago)
        if left and ago == 60:
            patient.discharged_at, patient.discharged_by = NOON - timedelta(days=left), clinician.user
        patient.save(update_fields=["created_at", "discharged_at", "discharged_by"])

    assert [figure(clinician, label).value for label in ("Active", "New", "Discharged")] == ["25", "10", "5"]


def test_times_of_a_day_are_counted_once_each_and_for_those_who_were_there(clinician, other_clinic):
    bridge = catalogue.exercise("bridge")
    lines = [plans.Line(bridge, "3 x 10, 2x/day"), plans.Line(catalogue.exercise("plank"), "1 x 10")]
    for clinic in [clinician.clinic] * 5 + [other_clinic]:
        plan = plans.published(
            more(clinic, 1)[0], by=clinician.user, lines=lines, starts_on=TODAY - timedelta(days=40)
        )
        history.done(plan, TODAY, TODAY - timedelta(days=27), TODAY - timedelta(days=28))

    assert figure(clinician, "Sessions done").value == "20"  # two times on two days each
    assert figure(clinician, "Days with a session").value == "10"


def test_another_clinics_patients_are_not_counted(clinician, other_clinic):
    more(other_clinic, 9)
    assert figure(clinician, "Active").value is None


def test_the_table_holds_back_what_the_page_does(clinician_client, clinician):
    more(clinician.clinic, 3)
    answer = clinician_client.get(reverse("numbers_csv"))
    assert "not shown: a group is fewer than 5" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.filter(action="numbers.exported").count() == 1


@pytest.mark.parametrize(
    "asked", ["period=own", "period=own&first=2020-01-01&last=2026-11-18", "first=yesterday", "who=x"]
)
def test_wrong_dates_come_back_with_the_typing(clinician_client, asked):
    page = clinician_client.get(f"{reverse('numbers')}?{asked}")
    assert page.status_code == 422
    for part in ("2020-01-01", "yesterday"):
        assert (part in page.content.decode()) is (part in asked)


def test_thirty_patients_ask_no_more_of_the_database_than_three(clinician_client, clinician):
    counts = []
    bridge = catalogue.exercise("bridge")
    for number in (3, 27):
        for patient in more(clinician.clinic, number):
            plans.published(patient, by=clinician.user, exercises=[bridge])
            for score in (60, 20):
                Measurement.objects.create(
                    patient=patient, measure=ODI.slug, version="1", score=score, day=TODAY, answered_at=NOON,
                    answered_by=patient.user,
                )  # fmt: skip
        clinician_client.get(reverse("numbers"))
        with CaptureQueriesContext(
            connection,
        ) as asked:
            clinician_client.get(reverse("numbers"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(
    ("days", "band"), [(0, None), (1, None), (2, (2, 15)), (15, (2, 15)), (16, (16, 30)), (31, (16, 30))]
)
def test_bands_of_monitoring(days, band):
    assert band_of(days) == band


def test_a_day_counts_once_with_all_its_kinds():
    found = counted([(TODAY, "sets"), (TODAY, "pain"), (TODAY, "sets")])
    assert [(each.day, each.kinds) for each in found] == [(TODAY, ("sets", "pain"))]


def test_the_sheet_lists_kinds_and_no_contents_and_says_who_opened_the_record(clinician_client, clinician, patient):
    plan = plans.published(
        patient, by=clinician.user, exercises=[catalogue.exercise("bridge")], starts_on=TODAY - timedelta(days=9)
    )
    history.done(plan, TODAY - timedelta(days=1), TODAY - timedelta(days=2))
    history.said(patient, TODAY - timedelta(days=1), pain_worst=7, comment="It stabbed.")
    clinician_client.get(reverse("patient_record", args=[patient.uuid]))
    page = clinician_client.get(reverse("monitoring", args=[patient.uuid])).content.decode()
    assert "2 days with data" in page
    assert "sets ticked, pain or effort" in page
    assert "It stabbed" not in page
    assert f"<bdi>{clinician}</bdi>" in page
    assert AuditEvent.objects.filter(action="monitoring.viewed", patient=str(patient.uuid)).count() == 1


def test_what_the_clinic_entered_is_not_the_patients_sending(clinician_client, clinician, patient):
    session = history.said(patient, TODAY, pain_worst=2)
    session.said_by = clinician.user
    session.save()
    page = clinician_client.get(reverse("monitoring", args=[patient.uuid])).content.decode()
    assert "0 days with data" in page


def test_day_the_patient_answered_stays_theirs_when_a_helper_adds_to_it(clinician_client, clinician, patient):
    helper = people.helper(patient, by=patient.user).helper
    plans.published(
        patient, by=clinician.user, exercises=[catalogue.exercise("bridge")], starts_on=TODAY - timedelta(days=9)
    )
    say(patient=patient, by=patient.user, day=TODAY, pain_worst=3)
    for day in (TODAY, TODAY - timedelta(days=1)):
        say(patient=patient, by=helper, day=day, comment="She slept.")

    page = clinician_client.get(reverse("monitoring", args=[patient.uuid])).content.decode()

    assert "1 day with data" in page


def test_a_month_shows_the_calendar_month_and_its_table_is_noted(clinician_client, patient):
    url = reverse("monitoring", args=[patient.uuid])
    assert (
        "1 October 2026 to 31 October 2026"
        in clinician_client.get(f"{url}?start=2026-10-09&view=month").content.decode()
    )
    assert clinician_client.get(f"{url}?start=2099-01-01").status_code == 422
    table = clinician_client.get(f"{reverse('monitoring_csv', args=[patient.uuid])}?view=30")
    assert "no-store" in table["Cache-Control"]
    assert AuditEvent.objects.filter(action="monitoring.exported").count() == 1


def test_a_strangers_sheet_does_not_exist(foreign_clinician_client, patient):
    for name in ("monitoring", "monitoring_csv"):
        assert foreign_clinician_client.get(reverse(name, args=[patient.uuid])).status_code == 404


def raised(patient, *, kind=Kind.MESSAGE, days_ago=10, answered_after=None):
    """A task due within two days, settled after so many hours."""
    at = NOON - timedelta(days=days_ago)
    raise_task(patient=patient, kind=kind, words="Waits.", due_in=TWO_DAYS, now=at)
    if answered_after is not None:
        by = patient.care_team.first().clinician.user if patient.care_team.exists() else None
        after = at + timedelta(hours=answered_after)
        resolve_kind(patient=patient, kind=kind, by=by, note="Answered.", now=after)


def test_answers_are_timed_from_the_first_message_to_the_answer(clinician):
    for n, patient in enumerate(more(clinician.clinic, 5)):
        patient.care_team.create(clinician=clinician, leads=True)
        raised(patient, answered_after=10 + n)

    assert figure(clinician, "Median time to an answer").value == "12.0 hours"
    assert figure(clinician, "Answered in the promised time").value == "100%"


def test_what_was_answered_late_or_never_was_not_answered_in_time(clinician):
    for n, patient in enumerate(more(clinician.clinic, 10)):
        patient.care_team.create(clinician=clinician, leads=True)
        raised(patient, answered_after=5 if n < 5 else 90 if n < 8 else None)

    assert figure(clinician, "Answered in the promised time").value == "50%"


def test_a_message_that_is_not_due_yet_is_not_judged(clinician):
    for patient in more(clinician.clinic, 5):
        patient.care_team.create(clinician=clinician, leads=True)
        raised(patient, days_ago=1)

    assert not figure(clinician, "Answered in the promised time").value
    assert figure(clinician, "Open now").value == "5"


def test_the_one_who_waits_cannot_be_worked_out_from_those_who_wrote_and_those_who_were_answered(clinician):
    for n, patient in enumerate(more(clinician.clinic, 12)):
        patient.care_team.create(clinician=clinician, leads=True)
        raised(patient, answered_after=5 if n < 11 else None)

    told_of = {each.label: each for each in figures_of(clinician, period(), mine=False)}

    assert told_of["Median time to an answer"].n == 11
    for label in ("Answered in the promised time", "Open now", "Settled in time"):
        assert (told_of[label].value, told_of[label].n) == (None, None), label


def test_a_share_stands_without_its_n_where_that_would_tell_of_the_few_who_wait(clinician):
    for n, patient in enumerate(more(clinician.clinic, 12)):
        patient.care_team.create(clinician=clinician, leads=True)
        raised(patient, answered_after=5 if n < 6 else 90 if n < 11 else None)

    told_of = {each.label: each for each in figures_of(clinician, period(), mine=False)}

    assert told_of["Median time to an answer"].n == 11
    for label in ("Answered in the promised time", "Settled in time"):
        assert (told_of[label].value, told_of[label].n) == ("50%", None), label
    assert told_of["Open now"].value is None


def test_a_split_is_drawn_with_what_is_held_back_as_one_rest():
    figures = [
        Figure("Adherence", "High", "Weeks.", "24", 34, 24),
        Figure("Adherence", "Partial", "Weeks.", None, None),
        Figure("Adherence", "Low", "Weeks.", None, None),
    ]
    (part,) = parts_of(figures)
    assert [(line.value, line.of) for line in part.lines] == [("24", "of 34, 71 %"), ("", ""), ("", "")]
    assert re.findall(r'class="(\w+)"', part.bar) == ["split", "good", "held"]
    assert part.means == [("", "Weeks.")]


def test_no_bar_tells_of_a_whole_that_is_held_back():
    hidden = [Figure("Adherence", band, "Weeks.", None, None) for band in ("Partial", "Low")]
    (part,) = parts_of([Figure("Adherence", "High", "Weeks.", "24", None, 24), *hidden])
    assert not part.bar
    assert [(line.value, line.of) for line in part.lines] == [("24", ""), ("", ""), ("", "")]


def test_parts_without_a_split_have_no_bar():
    (part,) = parts_of([Figure("Sessions", "Done", "Times.", "9", 5), Figure("Sessions", "Days", "Days.", "7", 5)])
    assert not part.bar
    assert part.means == [("Done", "Times."), ("Days", "Days.")]
