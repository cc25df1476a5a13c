"""Days that were off: said for several at once, counted by the one rule, seen by the clinician, taken back."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from clinic.caseload.overview import overview_of
from clinic.progress.actions import rest, unrest
from clinic.progress.reading import progress_of
from clinic.progress.weeks import Mark, Off
from clinic.today.actions import DayClosed
from clinic.today.models import FIGURES, DailyTally, Skip, SkipReason
from clinic.today.tallies import rebuild
from patients.audit.models import AuditEvent
from patients.records.pain_limits import limits_from
from patients.tasks.models import Kind, Task
from tests.factories import history

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 20)
MONDAY = date(2026, 5, 18)
URL = "/today/progress/rest/"


def say(patient, first, last, reason=SkipReason.UNWELL):
    return rest(patient=patient, by=patient.user, first=first, last=last, reason=reason)


def stored():
    return list(DailyTally.objects.order_by("day").values_list(*FIGURES))


def weeks(patient):
    return progress_of(patient, user=patient.user).weeks


def of_clinician(patient):
    return [week for _, week in overview_of(patient, limits_from(patient.clinic.thresholds, None, None)).weeks][::-1]


def test_days_are_taken_out_of_the_week_for_patient_and_clinician_alike(plan, patient):
    history.done(plan, date(2026, 5, 11), date(2026, 5, 12))

    assert say(patient, date(2026, 5, 13), date(2026, 5, 17)) == 5

    own, clinicians = weeks(patient)[1], of_clinician(patient)[1]
    assert (own.words, own.notes) == ("2 of 2 days", ("unwell on 5 days",))
    assert (clinicians.session_days_done, clinicians.session_days_planned) == (2, 2)
    assert (clinicians.frequency, clinicians.missed_days) == (1.0, 0)


def test_week_of_free_days_asks_for_less_as_well(free_days, patient):
    history.done(free_days, date(2026, 5, 13))
    say(patient, date(2026, 5, 14), date(2026, 5, 17))

    own, clinicians = weeks(patient)[1], of_clinician(patient)[1]

    assert own.words == "1 of 1 day"
    assert (clinicians.frequency, clinicians.missed_days) == (1.0, 0)


def test_stored_tallies_equal_those_made_anew(plan, patient):
    history.done(plan, date(2026, 5, 14))
    say(patient, date(2026, 5, 13), TODAY)
    kept = stored()

    rebuild([patient])

    assert stored() == kept


def test_what_was_done_or_said_stays(plan, patient):
    bridge = plan.lines.first()
    history.done(plan, MONDAY, lines=[0])
    history.skipped(bridge, MONDAY + timedelta(days=1), "time")

    say(patient, MONDAY, TODAY)

    marks = [day.mark for day in weeks(patient)[0].days][:3]
    assert marks == [Mark.DONE, Mark.OFF, Mark.OFF]
    assert Skip.objects.get(day=MONDAY + timedelta(days=1), thread=bridge.thread).reason == SkipReason.TIME
    assert set(Skip.objects.filter(day=MONDAY).values_list("line__exercise__slug", flat=True)) == {"plank"}


def test_after_seven_days_in_a_row_the_clinician_hears_of_it(plan, patient):
    say(patient, date(2026, 5, 13), TODAY)

    assert Task.objects.get(kind=Kind.UNWELL).patient == patient
    assert progress_of(patient, user=patient.user).told.title == "Get well first"
    assert {each.off for week in weeks(patient) for each in week.days if each.off} == {Off.UNWELL}


def test_something_else_is_noted_and_stays_in_the_week(plan, patient):
    say(patient, MONDAY, MONDAY, SkipReason.OTHER)

    assert weeks(patient)[0].words == "0 of 7 days so far"


def test_saying_it_twice_says_it_once(plan, patient):
    assert [say(patient, MONDAY, TODAY), say(patient, MONDAY, TODAY)] == [3, 0]
    assert AuditEvent.objects.filter(action="rest.said").count() == 1


def test_audit_line_names_no_reason(plan, patient):
    say(patient, MONDAY, TODAY)

    event = AuditEvent.objects.get(action="rest.said")
    assert (event.patient, event.subject, event.detail) == (str(patient.uuid), "", {"days": 3})


def test_day_is_taken_back(plan, patient):
    say(patient, MONDAY, TODAY)

    assert unrest(patient=patient, by=patient.user, day=MONDAY) == 1

    assert not Skip.objects.filter(day=MONDAY).exists()
    assert AuditEvent.objects.filter(action="rest.unsaid").count() == 1


def test_day_that_is_closed_changes_nothing_of_the_others(plan, patient):
    with pytest.raises(DayClosed):
        say(patient, date(2026, 5, 12), TODAY)

    assert not Skip.objects.exists()


# The page


def form(first="2026-05-18", last="2026-05-19", reason="unwell"):
    return {"first": first, "last": last, "reason": reason}


def test_page_notes_the_days_and_says_how_many(plan, patient_client):
    response = patient_client.post(URL, form(), follow=True)

    assert response.redirect_chain == [("/today/progress/", 302)]
    page = response.content.decode()
    assert "Noted for 2 days." in page
    assert "Unwell on 2 days" in page


def test_page_offers_the_days_that_may_still_be_filled_in(plan, patient_client):
    page = patient_client.get(URL).content.decode()

    assert page.count('<option value="2026-05-13"') == 2
    assert "2026-05-12" not in page and "2026-05-21" not in page
    assert page.count("selected") == 2
    assert "Yesterday, Tuesday 19 May" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (form(last="2026-05-17"), "This is before the first day."),
        (form(reason=""), "Please choose one of these."),
        (form(reason="pain"), "Please choose one of these."),
        (form(first="2026-05-12"), "One of these days, please."),
        (form(first="2026-05-21", last="2026-05-22"), "One of these days, please."),
        (form(first="x\0"), "One of these days, please."),
    ],
)
def test_what_cannot_be_is_said_at_its_field(plan, patient_client, said, words):
    response = patient_client.post(URL, said)

    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Skip.objects.exists()


def test_what_was_chosen_is_kept_when_it_is_refused(plan, patient_client):
    page = patient_client.post(URL, form(first="2026-05-19", last="2026-05-18", reason="travel")).content.decode()

    assert '<option value="2026-05-19" selected>' in page and '<option value="2026-05-18" selected>' in page
    assert 'value="travel" checked' in page


def test_day_is_taken_back_on_the_page(plan, patient, patient_client):
    say(patient, MONDAY, MONDAY)
    assert "Monday 18 May" in patient_client.get(URL).content.decode()

    response = patient_client.post(URL, {"undo": "2026-05-18"}, follow=True)

    assert "Taken back." in response.content.decode()
    assert not Skip.objects.exists()


@pytest.mark.parametrize("day", ["", "yesterday", "2026-01-01", "2026-12-01"])
def test_nonsense_is_not_taken_back(plan, patient_client, day):
    assert patient_client.post(URL, {"undo": day}).status_code == 422


def test_days_without_a_plan_leave_nothing_to_note(in_may, patient, patient_client):
    page = patient_client.post(URL, form(), follow=True).content.decode()

    assert "there was nothing to note" in page


def test_days_of_others_are_untouched(plan, other_patient, other_patient_client, clinician):
    other_patient_client.post(URL, form())

    assert not Skip.objects.exists()
    assert (
        "Monday 18 May" not in other_patient_client.get(URL).content.decode().split("Noted in")[-1].split("<form")[0]
    )


def test_page_asks_a_fixed_number_of_queries(plan, patient_client, django_assert_num_queries):
    patient_client.get(URL)
    with django_assert_num_queries(3):
        patient_client.get(URL)


def test_clinician_has_no_such_page(clinician_client):
    assert clinician_client.get(reverse("rest")).status_code == 403
