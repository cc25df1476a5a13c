"""A page of boxes that came back: what staff enter, once or twice, beside what the patient ticked meanwhile."""

from datetime import timedelta

import pytest
from django.db import connection
from django.forms.models import model_to_dict
from django.test.utils import CaptureQueriesContext

from clinic.today.actions import set_done
from clinic.today.models import CheckOff, DailyTally, Session
from clinic.today.tallies import rebuild
from patients.models import AuditEvent
from patients.tasks.models import Kind, Task
from tests.factories import history, people, plans

pytestmark = pytest.mark.django_db


class Form:
    """The form as a browser would send it: what the page shows, with what is done to it."""

    def __init__(self, client, patient, start=""):
        self.client, self.url = client, f"/clinic/patients/{patient.uuid}/paper/"
        page = client.get(self.url, {"start": start} if start else {})
        self.grid, rows = page.context["grid"], page.context["rows"]
        self.data = {"start": self.grid.first.isoformat(), "had-pain": rows.had_pains}
        for row in rows.exercises:
            self.data[f"had-{row.thread}"] = row.had
            for each in row.fields:
                if each.most and each.value:
                    self.data[each.name] = each.value
                elif ticked := [str(n) for n, is_ticked, _ in each.boxes if is_ticked]:
                    self.data[each.name] = ticked
        self.data |= {each.name: each.value for each in rows.pains if each.value}

    def at(self, day):
        return (day - self.grid.first).days

    def tick(self, line, day, *occasions):
        self.data[f"t-{line.thread}-{self.at(day)}"] = [str(n) for n in occasions]

    def write(self, line, day, number):
        self.data[f"n-{line.thread}-{self.at(day)}"] = str(number)

    def pain(self, day, score):
        self.data[f"pain-{self.at(day)}"] = str(score)

    def send(self, **more):
        return self.client.post(self.url, self.data | more)


@pytest.fixture
def form(plan, patient, clinician_client):
    return lambda start="": Form(clinician_client, patient, start)


@pytest.fixture
def monday(today):
    """A Monday of the two weeks up to today, at least three days back."""
    return today - timedelta(days=7 + today.weekday() if today.weekday() < 3 else today.weekday())


def done_of(line):
    ticks = CheckOff.objects.filter(thread=line.thread).order_by("day", "occasion", "set_number", "side")
    return list(ticks.values_list("day", "occasion", "set_number", "side"))


def tallies(patient):
    return [
        model_to_dict(each, exclude=["id"]) for each in DailyTally.objects.filter(patient=patient).order_by("day")
    ]


def assert_tallies_stand(patient):
    kept = tallies(patient)
    rebuild([patient])
    assert kept == tallies(patient)


def test_sheet_is_entered_in_one_go(form, plan, patient, clinician, monday):
    bridge, bird_dog, plank, shrug = plan.lines.all()
    sheet = form()
    sheet.tick(bridge, monday, 1)
    sheet.tick(bird_dog, monday, 2)
    sheet.write(plank, monday, 2)
    sheet.write(shrug, monday, 5)
    sheet.pain(monday, 4)

    response = sheet.send()

    assert (response.status_code, response.url) == (302, f"/clinic/patients/{patient.uuid}/")
    assert done_of(bridge) == [(monday, 1, n, "both") for n in (1, 2, 3)]
    assert done_of(bird_dog) == [(monday, 2, n, side) for n in (1, 2) for side in ("left", "right")]
    assert {occasion for _, occasion, *_ in done_of(plank)} == {1, 2}
    assert {occasion for _, occasion, *_ in done_of(shrug)} == {1, 2, 3, 4, 5}
    assert set(CheckOff.objects.values_list("done_by", flat=True)) == {clinician.user.pk}
    assert Session.objects.get(day=monday).pain_worst == 4
    line = AuditEvent.objects.get(action="paper.entered")
    assert line.detail == {"first": sheet.grid.first.isoformat(), "days": 1, "done": 9, "undone": 0, "pains": 1}
    assert DailyTally.objects.get(day=monday).touched_slots == 2
    assert_tallies_stand(patient)


def test_sending_twice_changes_nothing_more(form, plan, patient, monday):
    bridge, _, plank, _ = plan.lines.all()
    sheet = form()
    sheet.tick(bridge, monday, 1)
    sheet.write(plank, monday, 2)
    sheet.pain(monday, 4)
    sheet.send()
    before = (list(CheckOff.objects.values()), list(Session.objects.values()), tallies(patient))

    sheet.send()

    assert before == (list(CheckOff.objects.values()), list(Session.objects.values()), tallies(patient))
    assert AuditEvent.objects.filter(action="paper.entered").count() == 1


def test_what_the_patient_ticked_meanwhile_stays(form, plan, patient, today):
    bridge = plan.lines.first()
    day = today - timedelta(days=1)
    sheet = form()
    set_done(
        patient=patient, by=patient.user, day=day, line=bridge.uuid, occasion=1, set_number=2, side="both", done=True
    )
    sheet.send()
    assert done_of(bridge) == [(day, 1, 2, "both")]

    sheet.tick(bridge, day, 1)
    sheet.send()

    assert done_of(bridge) == [(day, 1, n, "both") for n in (1, 2, 3)]
    assert CheckOff.objects.get(set_number=2).done_by == patient.user
    assert_tallies_stand(patient)


def test_only_what_was_shown_as_done_can_be_taken_back(form, plan, patient, today):
    bridge = plan.lines.first()
    day = today - timedelta(days=2)
    history.done(plan, day, lines=[0])
    sheet = form()
    sheet.tick(bridge, day)

    sheet.send()

    assert done_of(bridge) == []
    assert not DailyTally.objects.filter(day=day).exists()


def test_lower_number_takes_the_last_times_back(form, plan, today):
    shrug = plan.lines.last()
    day = today - timedelta(days=2)
    history.done(plan, day, lines=[3])
    sheet = form()
    sheet.write(shrug, day, 2)

    sheet.send()

    assert [occasion for _, occasion, *_ in done_of(shrug)] == [1, 2]


def test_old_paper_is_taken_as_far_back_as_the_clinic_says(form, plan, patient, spine_ina, today, clinician_client):
    bridge = plan.lines.first()
    sheet = form((today - timedelta(days=34)).isoformat())
    open_day, closed_day = today - timedelta(days=28), today - timedelta(days=29)
    sheet.tick(bridge, open_day, 1)
    sheet.tick(bridge, closed_day, 1)
    sheet.send()
    assert {day for day, *_ in done_of(bridge)} == {open_day}
    detail = clinician_client.get(f"/clinic/patients/{patient.uuid}/days/{open_day}/").content.decode()
    assert "From paper, entered by Rita Voss" in detail and f"entered {today:%a} {today.day} {today:%b}" in detail

    spine_ina.thresholds_set = {"paper_back_days": 0}
    spine_ina.save()
    page = clinician_client.get(sheet.url)
    assert sheet.url not in clinician_client.get(f"/clinic/patients/{patient.uuid}/").content.decode()
    assert "Your clinic takes no entries from paper." in page.content.decode()
    sheet.tick(bridge, today, 1)
    sheet.send()
    assert {day for day, *_ in done_of(bridge)} == {open_day}


def test_days_to_come_are_closed(form, plan, today):
    bridge = plan.lines.first()
    sheet = form(today.isoformat())
    sheet.tick(bridge, today + timedelta(days=1), 1)

    sheet.send()

    assert done_of(bridge) == []


@pytest.mark.parametrize("start", ["soon", "9999-12-31", "0001-01-01", "2020-01-01"])
def test_days_that_cannot_be_are_refused_in_words(start, plan, patient, clinician_client):
    url = f"/clinic/patients/{patient.uuid}/paper/"

    assert clinician_client.get(url, {"start": start}).status_code == 422
    assert clinician_client.post(url, {"start": start}).status_code == 422


def test_mistyped_numbers_come_back_with_everything_else_kept(form, plan, today):
    bridge, _, plank, _ = plan.lines.all()
    day = today - timedelta(days=1)
    sheet = form()
    sheet.tick(bridge, day, 1)
    sheet.write(plank, day, 40)
    sheet.pain(day, "bad")

    response = sheet.send()

    assert response.status_code == 422
    page = response.content.decode()
    assert 'value="40"' in page and 'value="bad"' in page
    assert "A whole number from 0 to 4" in page and "A whole number from 0 to 10" in page
    assert (bridge.thread, sheet.at(day), 1) in response.context["said"].ticks
    assert not CheckOff.objects.exists()


@pytest.mark.parametrize("which", ["row", "day"])
def test_all_fills_a_row_or_a_day_and_saves_nothing(which, form, plan, today):
    bridge = plan.lines.first()
    sheet = form()
    at = sheet.at(today - timedelta(days=1))

    response = sheet.send(all=f"row.{bridge.thread}" if which == "row" else f"day.{at}")

    said = response.context["said"]
    assert response.status_code == 200 and not CheckOff.objects.exists()
    filled = [box for box in said.ticks if box[0] == bridge.thread]
    assert len(filled) == (14 if which == "row" else 1)


def test_fields_that_nobody_offered_are_nobodys(form, plan, today, other_patient, clinician, lines):
    anothers = plans.published(other_patient, by=clinician.user, lines=[plans.Line(lines[0].exercise)]).lines.get()
    sheet = form()
    sheet.tick(anothers, today, 1)
    sheet.data |= {"t-x-1": "1", "had-x": "1.1", "had-pain": "x,,999", "pain-77": "3"}

    assert sheet.send().status_code == 302
    assert not CheckOff.objects.exists()


def test_pain_over_the_limit_makes_the_task_it_makes_elsewhere(form, plan, patient, today):
    sheet = form()
    sheet.pain(today - timedelta(days=1), 9)

    sheet.send()

    assert Task.objects.get(patient=patient, kind=Kind.STOPS).words.startswith("Pain 9 of 10")


def test_exercise_goes_on_in_its_row_when_the_plan_is_revised(
    plan, patient, clinician, clinician_client, lines, today
):
    changed = plans.Line(lines[0].exercise, "2 x 8", thread=lines[0].thread)
    new = plans.revised(plan, by=clinician.user, lines=[changed], on=today - timedelta(days=3))
    sheet = Form(clinician_client, patient)
    old_line, new_line = plan.lines.first(), new.lines.get()
    assert [row.thread for row in sheet.grid.rows].count(lines[0].thread) == 1
    sheet.tick(old_line, today - timedelta(days=5), 1)
    sheet.tick(new_line, today - timedelta(days=1), 1)

    sheet.send()

    assert set(CheckOff.objects.values_list("line", "set_number")) == {
        *((old_line.pk, n) for n in (1, 2, 3)), *((new_line.pk, n) for n in (1, 2)),
    }  # fmt: skip
    assert_tallies_stand(patient)


def test_patient_without_a_sign_in_can_bring_paper(spine_ina, clinician, clinician_client, lines, today):
    person = people.patient(spine_ina, "Ann", "Alogue", lead=clinician, signs_in=False)
    made = plans.published(person, by=clinician.user, lines=lines)
    sheet = Form(clinician_client, person)
    sheet.tick(made.lines.first(), today, 1)

    sheet.send()

    assert CheckOff.objects.filter(patient=person).count() == 3


def test_page_costs_the_same_for_a_full_sheet_and_an_empty_one(
    plan, patient, other_patient, clinician, clinician_client, lines, today, django_assert_num_queries
):
    plans.published(other_patient, by=clinician.user, lines=lines[:1])
    history.done(plan, *[today - timedelta(days=n) for n in range(14)])
    clinician_client.get("/clinic/patients/")  # the first page of a session asks for more
    for person in (patient, other_patient):
        with django_assert_num_queries(9):
            clinician_client.get(f"/clinic/patients/{person.uuid}/paper/")


def test_ticks_of_a_whole_sheet_cost_as_much_as_one(form, plan, today):
    bridge = plan.lines.first()
    costs = []
    for days in (range(1), range(1, 14)):
        sheet = form()
        for n in days:
            sheet.tick(bridge, today - timedelta(days=n), 1)
        with CaptureQueriesContext(connection) as asked:
            sheet.send()
        costs.append(len(asked))

    assert CheckOff.objects.count() == 14 * 3
    assert costs[0] == costs[1]
