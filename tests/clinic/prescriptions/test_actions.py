from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from clinic.prescriptions.actions import (
    DraftExists,
    NotReady,
    discard_draft,
    end,
    pause,
    publish,
    resume,
    retire_protocol,
    revise,
    save_as_protocol,
    start_draft,
)
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import EditConflict, add_exercise, change_line, change_plan, remove_line
from clinic.prescriptions.models import Importance, Prescription, Protocol
from clinic.prescriptions.pages import protocol_page
from patients.models import AuditEvent
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue
from tests.factories.catalogue import VOUCHED_FOR


@pytest.fixture
def live(draft, clinician):
    return publish(draft=draft, by=clinician.user)


def threads(prescription):
    return {line.exercise.slug: line.thread for line in prescription.lines.select_related("exercise")}


def test_publishing_copies_what_the_patient_is_told(live, bridge):
    bridge.purpose = "Edited later."
    bridge.save()

    told = live.lines.get(exercise=bridge).told

    assert told["plain_name"] == "Bridge"
    assert told["purpose"] == "This may help your hips carry you."
    assert told["steps"] == ["Press your feet down.", "Lift your hips.", "Lower slowly."]
    assert told["picture"] == ""


def test_publishing_counts_the_week_and_forgets_the_steps(live):
    assert (live.week_plan["slots"], live.steps.count()) == ([3] * 7, 0)


def test_publishing_twice_changes_nothing(draft, clinician):
    first = publish(draft=draft, by=clinician.user)
    again = Prescription.objects.get(pk=draft.pk)

    second = publish(draft=again, by=clinician.user)

    assert second.published_at == first.published_at
    assert AuditEvent.objects.filter(action="prescription.published").count() == 1


def test_published_line_never_changes(live):
    line = live.lines.first()
    line.note = "Changed."

    with pytest.raises(TypeError):
        line.save()


def test_empty_draft_is_not_sent(patient, clinician):
    draft = start_draft(patient=patient, by=clinician.user)

    with pytest.raises(NotReady) as refused:
        publish(draft=draft, by=clinician.user)

    assert refused.value.obstacles == ["Add at least one exercise."]


def test_clinician_only_exercise_needs_words_of_clearance(draft, clinician):
    table = catalogue.exercise("inversion-table", clinician_only=True)
    line = add_exercise(draft=draft, exercise=table, by=clinician.user)

    with pytest.raises(NotReady) as refused:
        publish(draft=draft, by=clinician.user)
    change_line(line=line, clearance="Cleared by Dr Hale, 3 May", by=clinician.user)
    sent = publish(draft=line.prescription, by=clinician.user)

    assert refused.value.obstacles == ["Inversion table needs clearance: write who cleared it and when."]
    assert not sent.is_draft


def test_plan_that_is_over_is_not_sent(draft, clinician):
    yesterday = draft.starts_on - timedelta(days=1)
    draft.starts_on = draft.ends_on = yesterday
    draft.save()

    with pytest.raises(NotReady) as refused:
        publish(draft=draft, by=clinician.user)

    assert refused.value.obstacles == ["The last day is past."]


def test_draft_of_last_week_starts_on_the_day_it_is_sent(draft, clinician, patient):
    draft.starts_on -= timedelta(days=7)
    draft.save()

    assert publish(draft=draft, by=clinician.user).starts_on == patient.local_day()


def test_sending_what_somebody_else_edited_meanwhile_is_refused(draft, clinician, colleague, bridge):
    seen = draft.edit
    add_exercise(draft=draft, exercise=bridge, by=colleague.user)

    with pytest.raises(EditConflict):
        publish(draft=draft, by=clinician.user, edit=seen)


def test_first_day_is_the_patients_own(draft, clinician, patient):
    patient.time_zone, patient.checked_on = "Pacific/Auckland", date(2031, 5, 1)
    patient.save()
    draft.patient.refresh_from_db()
    evening_in_london = datetime(2031, 5, 6, 21, tzinfo=UTC)

    sent = publish(draft=draft, by=clinician.user, now=evening_in_london)

    assert sent.starts_on.isoformat() == "2031-05-07"


def test_revision_keeps_the_threads_and_takes_the_place_of_the_live_version(live, clinician, patient):
    before = threads(live)

    draft = revise(prescription=live, by=clinician.user)
    change_line(line=draft.lines.get(exercise__slug="bridge"), dosage=parse("3x12"), by=clinician.user)
    draft.refresh_from_db()
    sent = publish(draft=draft, by=clinician.user)

    live.refresh_from_db()
    assert (sent.version, sent.replaces, threads(sent)) == (2, live, before)
    assert (live.ended_on, live.ended_by) == (sent.starts_on, clinician.user)
    assert list(patient.prescriptions.active_on(patient.local_day())) == [sent]


def test_revision_that_starts_next_week_leaves_the_old_version_until_then(live, clinician, patient):
    today = patient.local_day()
    draft = revise(prescription=live, by=clinician.user)
    change_plan(draft=draft, starts_on=today + timedelta(days=7), by=clinician.user)

    sent = publish(draft=draft, by=clinician.user)

    assert list(patient.prescriptions.active_on(today + timedelta(days=6))) == [live]
    assert list(patient.prescriptions.active_on(today + timedelta(days=7))) == [sent]


def test_exercise_taken_out_and_put_back_in_a_revision_goes_on_in_its_thread(live, clinician, bridge):
    draft = revise(prescription=live, by=clinician.user)
    remove_line(line=draft.lines.get(exercise=bridge), by=clinician.user)
    draft.refresh_from_db()

    back = add_exercise(draft=draft, exercise=bridge, by=clinician.user)
    twice = add_exercise(draft=draft, exercise=bridge, by=clinician.user)

    assert back.thread == threads(live)["bridge"]
    assert twice.thread not in threads(live).values()


def test_patient_has_one_draft_at_a_time(draft, patient, clinician):
    with pytest.raises(DraftExists) as refused:
        start_draft(patient=patient, by=clinician.user)

    assert refused.value.draft == draft


def test_database_refuses_a_second_draft(draft, patient, clinician):
    with pytest.raises(IntegrityError), transaction.atomic():
        Prescription.objects.create(patient=patient, starts_on=draft.starts_on, created_by=clinician.user)


def test_draft_from_the_last_prescription_has_its_lines_after_it_ended(live, patient, clinician):
    end(prescription=live, by=clinician.user, reason="Discharged")

    draft = start_draft(patient=patient, by=clinician.user, from_last=True)

    assert (names(draft), threads(draft)) == (names(live), threads(live))
    assert (draft.replaces, draft.version) == (None, 1)


def test_discarded_draft_is_gone_and_the_live_version_stays(live, clinician, patient):
    discard_draft(draft=revise(prescription=live, by=clinician.user), by=clinician.user)

    assert list(patient.prescriptions.all()) == [live]


def test_ended_prescription_asks_for_nothing_today(live, clinician, patient):
    end(prescription=live, by=clinician.user, reason="Goals reached")
    end(prescription=live, by=clinician.user, reason="Again")

    assert (live.end_reason, live.is_live) == ("Goals reached", False)
    assert list(patient.prescriptions.active_on(patient.local_day())) == []


def test_pause_lasts_until_it_is_resumed(live, clinician, patient):
    today = patient.local_day()
    made = pause(prescription=live, by=clinician.user, reason="Holiday")
    again = pause(prescription=live, by=clinician.user, reason="Holiday, clicked twice")

    resume(prescription=live, by=clinician.user)
    resume(prescription=live, by=clinician.user)

    made.refresh_from_db()
    assert again == made
    assert (made.until_day, made.resumed_by) == (today - timedelta(days=1), clinician.user)
    assert not live.pauses.on(today).exists()


def test_clinics_own_protocol_has_the_lines_and_nothing_of_the_patient(live, clinician, spine_ina):
    first = save_as_protocol(prescription=live, name="My back class", by=clinician.user)
    second = save_as_protocol(prescription=live, name="My back class", by=clinician.user)

    assert (first.clinic, first.slug, second.slug) == (spine_ina, "my-back-class", "my-back-class-2")
    assert [line.exercise.slug for line in first.lines.all()] == names(live)


def test_what_matters_most_goes_with_its_line_from_plan_to_protocol_and_on(draft, clinician, patient):
    change_line(line=draft.lines.get(exercise__slug="bridge"), by=clinician.user, importance=Importance.MUST)
    live = publish(draft=draft, by=clinician.user)
    protocol = save_as_protocol(prescription=live, name="Ours", by=clinician.user)
    revised = revise(prescription=live, by=clinician.user)

    def ranks(of):
        return {line.exercise.slug: line.importance for line in of.lines.select_related("exercise")}

    expected = {"walking": 2, "bridge": 1, "bird-dog": 2}
    assert ranks(live) == ranks(protocol) == ranks(revised) == expected
    discard_draft(draft=revised, by=clinician.user)
    assert ranks(start_draft(patient=patient, by=clinician.user, protocol=protocol, stage=0)) == expected


def test_published_importance_never_changes(live):
    line = live.lines.get(exercise__slug="bridge")
    line.importance = Importance.MUST

    with pytest.raises(TypeError):
        line.save()


def test_draft_from_a_protocol_has_a_tick_for_each_hold(patient, clinician, bridge):
    bridge.measure, bridge.hold_s = "hold", 20
    bridge.save()
    protocol = Protocol.objects.create(review_by=VOUCHED_FOR, slug="holds", name="Holds")
    protocol.lines.create(exercise=bridge, phase="main", position=0, dosage=parse("1 x 3 x 20 s"))

    (line,) = start_draft(patient=patient, by=clinician.user, protocol=protocol, stage=0).lines.all()

    assert (line.dosage.sets, line.dosage.reps) == (3, 1)


def test_protocols_of_another_clinic_are_not_seen(live, clinician, foreign_clinician):
    made = save_as_protocol(prescription=live, name="Ours", by=clinician.user)

    assert made in Protocol.objects.visible_to(clinician.user)
    assert made not in Protocol.objects.visible_to(foreign_clinician.user)


def test_retired_protocol_is_no_longer_offered(live, clinician):
    made = save_as_protocol(prescription=live, name="Ours", by=clinician.user)

    retire_protocol(protocol=made, by=clinician.user)

    assert made not in Protocol.objects.current()


def test_last_day_before_the_first_is_no_prescription(draft):
    draft.ends_on = draft.starts_on - timedelta(days=1)

    with pytest.raises(ValidationError):
        draft.full_clean()


def test_ranks_go_along_into_a_protocol_and_out_of_it(draft, patient, clinician):
    line = draft.lines.select_related("exercise", "prescription").get(exercise__slug="bridge")
    change_line(line=line, by=clinician.user, importance=Importance.MUST)

    protocol = save_as_protocol(prescription=draft, name="Ours", by=clinician.user)
    discard_draft(draft=Prescription.objects.get(pk=draft.pk), by=clinician.user)
    again = start_draft(patient=patient, by=clinician.user, protocol=protocol, stage=0)

    assert protocol_page(protocol)[0].musts == ["Bridge"]
    assert again.lines.get(exercise__slug="bridge").importance == Importance.MUST
    assert again.lines.get(exercise__slug="walking").importance == Importance.SHOULD
