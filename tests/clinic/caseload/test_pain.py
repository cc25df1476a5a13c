"""What clinicians see of pain, and the limits they set."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from clinic.prescriptions.easings import ease
from clinic.prescriptions.models import Easing
from clinic.today.hurts import report_event, stop_on_pain
from patients.audit.models import AuditEvent
from patients.models import PainLimits
from patients.records.pain_limits import Limits, limits_of, set_pain_limits
from tests.factories import catalogue, history, people, plans

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def plan(patient, clinician):
    return plans.published(
        patient, by=clinician.user, exercises=[catalogue.exercise("bridge"), catalogue.exercise("plank")]
    )


def text(response):
    return " ".join(response.content.decode().split())


def url(patient, name="patient_pain"):
    return reverse(name, args=[patient.uuid])


def set_limits(client, patient, htmx=False, **values):
    data = {f"limits-{name}": value for name, value in values.items()}
    return client.post(url(patient), data, headers=HTMX if htmx else {})


def test_limits_are_set_shown_and_kept_in_a_history(clinician_client, clinician, patient):
    set_limits(clinician_client, patient, amber_to="7", green_to="4", note="Usual pain 5.")
    set_limits(clinician_client, patient, amber_to="6", green_to="", note="Better now.")

    assert limits_of(patient) == Limits(2, 6)
    page = text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))
    assert "Green to <strong>2</strong>, amber to <strong>6</strong>" in page
    assert "Own limits" in page and "Better now." in page
    assert "Green to 4, ceiling 7" in page and "Usual pain 5." in page
    assert "Rita Voss" in page
    assert PainLimits.objects.count() == 2
    audited = AuditEvent.objects.filter(action="pain_limits.set").order_by("pk")
    assert [line.detail for line in audited] == [{"fields": ["green_limit", "ceiling"]}, {"fields": ["ceiling"]}]


def test_no_numbers_are_the_clinics_again(clinician_client, patient, clinician):
    set_pain_limits(patient=patient, by=clinician.user, green_to=None, amber_to=3, note="Fresh.")
    set_limits(clinician_client, patient, amber_to="", green_to="", note="Over it.")

    assert limits_of(patient) == Limits(2, 5)
    assert "Own limits" not in text(clinician_client.get(url(patient)))


def test_same_limits_sent_twice_are_one_line(clinician_client, patient):
    for _ in range(2):
        set_limits(clinician_client, patient, htmx=True, amber_to="4", green_to="", note="Careful.")

    assert PainLimits.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"amber_to": "8", "note": "x"}, "From 3 to 7, or the clinic’s."),
        ({"green_to": "1", "note": "x"}, "From 2 to 4, or the clinic’s."),
        ({"amber_to": "5", "note": ""}, "Say why, for your colleagues."),
        ({"amber_to": "3", "green_to": "4", "note": "x"}, "Green ends at the ceiling or below."),
        ({"amber_to": "3", "note": "x" * 301}, "300"),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_limits_out_of_range_or_without_a_reason_are_refused(clinician_client, patient, values, words, htmx):
    response = set_limits(clinician_client, patient, htmx, **values)

    assert response.status_code == 422
    assert words in text(response)
    assert not PainLimits.objects.exists()


def test_limits_of_another_clinics_patient_do_not_exist(foreign_clinician_client, patient):
    assert set_limits(foreign_clinician_client, patient, amber_to="7", note="x").status_code == 404
    assert not PainLimits.objects.exists()


def test_patient_sets_no_limits(patient_client, patient):
    assert set_limits(patient_client, patient, amber_to="7", note="x").status_code == 403


def test_record_lists_adverse_events_and_what_is_eased(clinician_client, plan, patient):
    line = plan.lines.first()
    me = {"patient": patient, "by": patient.user}
    report_event(
        **me, key=uuid4(), kind="fall", severity="severe", happened_on=TODAY, line=line, text="<b>Slipped</b>"
    )
    stop_on_pain(**me, day=TODAY, line=line.uuid, occasion=1, pain=6)

    page = text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))

    assert "I fell" in page and "“It is bad”, Bridge" in page and "&lt;b&gt;Slipped" in page
    assert "half of it from 19 Nov" in page
    assert "Stopped on pain 6 of 10 on 18 November" in page


def lift_url(patient, easing):
    return reverse("easing_lift", args=[patient.uuid, easing])


def test_easing_is_lifted_from_today(clinician_client, clinician, plan, patient):
    made = ease(
        patient=patient, by=None, threads=[plan.lines.first().thread], kind=Easing.Kind.WITHHELD,
        because=Easing.Because.AWAY, from_day=TODAY,
    )[0]  # fmt: skip

    clinician_client.post(lift_url(patient, made.pk))

    made.refresh_from_db()
    assert (made.lifted_on, made.lifted_by) == (TODAY, clinician.user)
    assert "exercises on hold" not in text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))


def test_easing_of_another_patient_or_for_safety_is_not_lifted_here(
    clinician_client, plan, patient, spine_ina, clinician
):
    other = people.patient(spine_ina, "Ann", "Other", lead=clinician)
    common = {"by": None, "threads": [uuid4()], "kind": Easing.Kind.WITHHELD, "from_day": TODAY}
    theirs = ease(patient=other, because=Easing.Because.AWAY, **common)[0]
    safety = ease(patient=patient, because=Easing.Because.SAFETY, **common)[0]

    for each in (theirs.pk, safety.pk, 0, 99999):
        assert clinician_client.post(lift_url(patient, each)).status_code == 404


def test_day_shows_zone_place_morning_and_stop(clinician_client, plan, patient):
    day = TODAY - timedelta(days=1)
    history.said(
        patient, day, pain_before=3, pain_worst=4, pain_morning=5, places=["back", "thigh"], moved="away",
        away_lasted=False, is_numb=True,
    )  # fmt: skip
    stop_on_pain(patient=patient, by=patient.user, day=day, line=plan.lines.first().uuid, occasion=1, pain=6)

    page = text(clinician_client.get(reverse("patient_day", args=[patient.uuid, day])))

    assert "Pain before <strong>3</strong>. Worst pain <strong>4</strong>. Next morning <strong>5</strong>." in page
    assert '<span class="tag danger">Amber zone, stop</span>' in page
    assert "Felt in: back, thigh." in page
    assert "Moved: away from the spine." in page
    assert "New numbness or weakness" in page
    assert "Stopped on pain, 6 of 10" in page


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"pain_before": 2, "pain_worst": 2, "pain_morning": 2}, "Green zone, may progress"),
        ({"pain_before": 2, "pain_worst": 4}, "Amber zone, hold"),
        ({"pain_before": 2, "pain_worst": 2, "pain_morning": 4}, "Green zone, step back"),
        ({"pain_worst": 6}, "Red zone, stop"),
    ],
)
def test_last_sessions_say_zone_and_decision(clinician_client, plan, patient, said, words):
    history.said(patient, TODAY - timedelta(days=1), **said)

    assert words in text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))


def test_session_with_pain_before_only_has_no_decision(clinician_client, plan, patient):
    history.said(patient, TODAY - timedelta(days=1), pain_before=3)

    page = text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))
    assert "hold</span>" not in page


def test_personal_limits_move_the_zones_of_the_record(clinician_client, clinician, plan, patient):
    history.said(patient, TODAY - timedelta(days=1), pain_worst=6)
    set_pain_limits(patient=patient, by=clinician.user, green_to=None, amber_to=7, note="Usual pain 5.")

    assert "Amber zone, hold" in text(clinician_client.get(reverse("patient_record", args=[patient.uuid])))
