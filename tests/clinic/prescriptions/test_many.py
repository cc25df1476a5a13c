import pytest
from django.urls import reverse

from clinic.prescriptions.actions import revise
from clinic.prescriptions.many import Change, Kind, Said, change_all, effects, plans_of
from clinic.prescriptions.models import Prescription
from exercises.models import MovementTag
from patients.models import AuditEvent, CareTeamMember, PatientCondition
from patients.records.actions import discharge
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue, people, plans

URL = "/clinic/prescriptions/change-many/"


@pytest.fixture
def lift(db):
    """What osteoporosis blocks."""
    bend = catalogue.exercise("loaded-bend")
    bend.tags.add(MovementTag.objects.create(slug="loaded-flexion", name="loaded flexion", meaning="loads a bend"))
    bend.save()
    return bend


@pytest.fixture
def three(clinician, bridge, bird_dog):
    """Ann, Bea and Cat, each with a bridge and a bird dog."""
    made = []
    for name in ("Ann", "Bea", "Cat"):
        patient = people.patient(clinician.clinic, name, "Lee", lead=clinician)
        made.append(plans.published(patient, by=clinician.user, exercises=[bridge, bird_dog]))
    return made


def send(clinician, of, change):
    return change_all(clinician=clinician, chosen=[plan.uuid for plan in of], change=change)


def live(patient):
    return patient.prescriptions.live().get()


def test_effect_is_told_in_the_patients_words_for_each(three, clinician, bridge, walking):
    found = effects(plans_of(clinician), Change(bridge, Kind.REPLACE, walking), by=clinician.user)

    assert [each.patient.first_name for each in found] == ["Ann", "Bea", "Cat"]
    assert found[0].becomes == ["New: Walking.", "Removed: Bridge."]
    assert found[0].refused == []


def test_each_ticked_patient_gets_a_version_of_their_own(three, clinician, bridge, walking):
    ann, bea, cat = (plan.patient for plan in three)

    outcomes = send(clinician, three[:2], Change(bridge, Kind.REPLACE, walking))

    assert [outcome.said for outcome in outcomes] == [Said.SENT, Said.SENT]
    assert set(names(live(ann))) == set(names(live(bea))) == {"walking", "bird-dog"}
    assert live(ann).version == 2 and live(ann).replaces == three[0]
    assert live(cat) == three[2]
    assert not Prescription.objects.drafts().exists()
    assert AuditEvent.objects.filter(action="prescription.published", patient=str(ann.uuid)).exists()
    assert AuditEvent.objects.get(action="prescriptions.changed").detail["patients"] == 2


def test_dose_changes_what_was_typed_alone(three, clinician, bridge):
    send(clinician, three[:1], Change(bridge, Kind.DOSE, dose="2x/day"))

    line = live(three[0].patient).lines.get(exercise=bridge)
    assert (line.dosage.sets, line.dosage.reps, line.dosage.times_per_day) == (3, 10, 2)
    assert line.thread == three[0].lines.get(exercise=bridge).thread


def test_removing_the_only_exercise_is_refused(clinician, bridge):
    patient = people.patient(clinician.clinic, "Dee", "Lee", lead=clinician)
    only = plans.published(patient, by=clinician.user, exercises=[bridge])

    outcome = send(clinician, [only], Change(bridge, Kind.REMOVE))[0]

    assert (outcome.said, outcome.why) == (Said.REFUSED, ["Add at least one exercise."])


def test_what_a_condition_blocks_is_refused_for_that_patient_and_the_others_go_through(
    three, clinician, bridge, lift
):
    PatientCondition.objects.create(patient=three[1].patient, code="osteoporosis", added_by=clinician.user)
    change = Change(bridge, Kind.REPLACE, lift)

    shown = effects(plans_of(clinician), change, by=clinician.user)
    outcomes = {outcome.patient.first_name: outcome for outcome in send(clinician, three, change)}

    assert [bool(each.refused) for each in shown] == [False, True, False]
    assert "Osteoporosis" in shown[1].refused[0]
    assert [outcomes[name].said for name in ("Ann", "Bea", "Cat")] == [Said.SENT, Said.REFUSED, Said.SENT]
    assert live(three[1].patient) == three[1]


def test_condition_that_comes_in_between_is_found_by_publishing(three, clinician, bridge, lift, monkeypatch):
    """The list says yes; the check that sends reads afresh."""
    change = Change(bridge, Kind.REPLACE, lift)
    shown = effects(plans_of(clinician), change, by=clinician.user)
    PatientCondition.objects.create(patient=three[0].patient, code="osteoporosis", added_by=clinician.user)
    monkeypatch.setattr("clinic.prescriptions.many.effects", lambda *args, **kwargs: shown)

    outcome = send(clinician, three[:1], change)[0]

    assert outcome.said == Said.REFUSED
    assert live(three[0].patient) == three[0]
    assert not Prescription.objects.drafts().exists()


def test_what_nobody_vouches_for_is_given_to_nobody(three, clinician, clinician_client, bridge, walking):
    walking.review_by = None
    walking.save()

    outcomes = send(clinician, three, Change(bridge, Kind.REPLACE, walking))

    assert {outcome.said for outcome in outcomes} == {Said.REFUSED}
    assert "Walking cannot be prescribed." in outcomes[0].why[0]
    assert not Prescription.objects.drafts().exists()
    assert '<option value="walking">' not in clinician_client.get(URL).content.decode()


def test_red_flag_that_waits_stops_it(three, clinician, bridge):
    type(three[0].patient).objects.filter(pk=three[0].patient.pk).update(checked_on=None)

    outcome = send(clinician, three[:1], Change(bridge, Kind.REMOVE))[0]

    assert outcome.why == ["The red-flag check comes first."]


def test_open_draft_is_left_to_whoever_writes_it(three, clinician, colleague, bridge):
    revise(prescription=three[0], by=colleague.user)

    outcome = send(clinician, three[:1], Change(bridge, Kind.REMOVE))[0]

    assert outcome.said == Said.REFUSED
    assert outcome.why == ["A draft is open. Change it there."]


def test_paused_plan_stays_paused(three, clinician, bridge):
    plans.paused(three[0], by=clinician.user, since=three[0].patient.local_day())

    assert send(clinician, three[:1], Change(bridge, Kind.REMOVE))[0].why == ["The plan is paused."]


def test_second_click_sends_nothing_twice(three, clinician, bridge):
    for _ in range(2):
        outcomes = send(clinician, three, Change(bridge, Kind.REMOVE))

    assert {outcome.said for outcome in outcomes} == {Said.SENT_BEFORE}
    assert three[0].patient.prescriptions.count() == 2


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"kind": Kind.REMOVE}, {"kind": Kind.DOSE, "dose": "2x8"}),
        ({"kind": Kind.DOSE, "dose": "2x8"}, {"kind": Kind.REMOVE}),
        ({"kind": Kind.DOSE, "dose": "2x8"}, {"kind": Kind.DOSE, "dose": "2x9"}),
        ({"kind": Kind.REMOVE}, {"kind": Kind.REPLACE}),
    ],
)
def test_another_change_from_another_tab_is_not_the_same_sent_twice(first, second, three, clinician, bridge, walking):
    def change(kind, dose=""):
        return Change(bridge, kind, walking if kind == Kind.REPLACE else None, dose)

    send(clinician, three[:1], change(**first))
    after_first = live(three[0].patient)

    outcome = send(clinician, three[:1], change(**second))[0]
    again = send(clinician, three[:1], change(**first))[0]

    assert outcome.said == Said.CHANGED
    assert "It stays as it is." in outcome.why[0]
    assert live(three[0].patient) == after_first
    assert again.said == Said.SENT_BEFORE


def test_change_of_another_exercise_in_another_tab_is_not_called_sent(three, clinician, bridge, bird_dog):
    send(clinician, three[:1], Change(bird_dog, Kind.REMOVE))

    assert send(clinician, three[:1], Change(bridge, Kind.DOSE, dose="2x8"))[0].said == Said.CHANGED


def test_second_click_knows_a_dose_and_a_swap_again(three, clinician, bridge, bird_dog, walking):
    for change in (Change(bridge, Kind.REPLACE, walking), Change(bird_dog, Kind.DOSE, dose="1 x 3, 10 s hold")):
        now = [live(plan.patient) for plan in three]
        sent = send(clinician, now, change)
        again = send(clinician, now, change)

        assert {outcome.said for outcome in sent} == {Said.SENT}
        assert {outcome.said for outcome in again} == {Said.SENT_BEFORE}


def test_version_that_a_colleague_sent_meanwhile_stays(three, clinician, colleague, bridge):
    plans.revised(three[0], by=colleague.user, lines=[plans.Line(bridge)], on=three[0].patient.local_day())

    outcome = send(clinician, three[:1], Change(bridge, Kind.REMOVE))[0]

    assert outcome.said == Said.CHANGED
    assert live(three[0].patient).published_by == colleague.user


def test_only_my_active_patients(three, clinician, colleague, foreign_clinician, bridge):
    CareTeamMember.objects.filter(patient=three[0].patient).delete()
    discharge(patient=three[1].patient, by=clinician.user)

    assert [plan.patient.first_name for plan in plans_of(clinician)] == ["Cat"]
    assert send(foreign_clinician, three, Change(bridge, Kind.REMOVE)) == []


def test_page_shows_ticks_and_sends(three, clinician_client, bridge, walking):
    asked = {"exercise": "bridge", "kind": "replace", "other": "walking"}
    first = clinician_client.get(URL)
    shown = clinician_client.post(URL, asked)
    again = clinician_client.post(URL, asked | {"send": "1"})
    sent = clinician_client.post(URL, asked | {"send": "1", "plan": [str(three[0].uuid), "nonsense"]})
    repeated = clinician_client.post(URL, asked | {"send": "1", "plan": [str(three[0].uuid)]})

    assert "Bridge · 3 patients" in first.content.decode()
    assert shown.content.decode().count("Nothing against it") == 3
    assert again.status_code == 422 and "Tick at least one patient." in again.content.decode()
    assert [outcome.said for outcome in sent.context["outcomes"]] == [Said.SENT]
    assert [outcome.said for outcome in repeated.context["outcomes"]] == [Said.SENT_BEFORE]


def test_whoever_reads_the_plans_leaves_a_line(three, clinician, clinician_client, bridge):
    asked = {"exercise": "bridge", "kind": "remove"}
    clinician_client.get(URL)
    clinician_client.post(URL, asked)
    clinician_client.post(URL, asked | {"send": "1", "plan": [str(three[0].uuid)]})

    lines = AuditEvent.objects.filter(action="plans.listed").order_by("pk")
    assert [(line.actor, line.detail) for line in lines] == [
        (str(clinician.user.pk), {"found": 3}),
        (str(clinician.user.pk), {"found": 1}),
    ]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"kind": "remove"}, "Choose an exercise."),
        ({"exercise": "bridge"}, "Choose what is to happen."),
        ({"exercise": "bridge", "kind": "replace"}, "Choose another exercise."),
        ({"exercise": "bridge", "kind": "replace", "other": "bridge"}, "Choose another exercise."),
        ({"exercise": "bridge", "kind": "dose"}, "Type the new dose."),
        ({"exercise": "bridge", "kind": "dose", "dose": "a little"}, "a little"),
        ({"exercise": "zebra", "kind": "remove"}, "Select a valid choice"),
    ],
)
def test_mistake_is_said_at_its_field(typed, message, three, clinician_client):
    page = clinician_client.post(URL, typed)

    assert page.status_code == 422
    assert message in page.content.decode()


def test_page_takes_as_many_queries_for_three_patients_as_for_ten(
    three, clinician, clinician_client, bridge, django_assert_max_num_queries
):
    asked = {"exercise": "bridge", "kind": "remove"}
    clinician_client.post(URL, asked)
    with django_assert_max_num_queries(25) as few:
        clinician_client.post(URL, asked)
    for number in range(7):
        patient = people.patient(clinician.clinic, f"Dee{number}", "Lee", lead=clinician)
        plans.published(patient, by=clinician.user, exercises=[bridge])

    with django_assert_max_num_queries(len(few)):
        clinician_client.post(URL, asked)


def test_exercises_own_page_leads_here_with_it_chosen(three, clinician_client, bridge):
    assert f"{URL}?exercise=bridge" in clinician_client.get(bridge.get_absolute_url()).content.decode()
    assert '<option value="bridge" selected>' in clinician_client.get(URL, {"exercise": "bridge"}).content.decode()


def test_address_is_reversed_as_it_is_written():
    assert reverse("change_many") == URL
