import re

import pytest
from django.urls import reverse

from clinic.prescriptions import drafting
from clinic.prescriptions.actions import discard_draft, publish, revise, start_draft
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import add_exercise, change_line, move_line, remove_line
from clinic.prescriptions.models import Prescription, Protocol
from patients.models import AuditEvent
from tests.clinic.prescriptions.conftest import names
from tests.factories import catalogue
from tests.factories.catalogue import VOUCHED_FOR

HTMX = {"HX-Request": "true"}


def address(name, draft, line=None):
    return reverse(name, args=[draft.uuid, line.uuid] if line else [draft.uuid])


def line_of(draft, slug):
    return draft.lines.select_related("exercise").get(exercise__slug=slug)


def post(client, name, draft, data=None, *, line=None, edit=None, htmx=False):
    data = {"edit": draft.edit if edit is None else edit} | (data or {})
    return client.post(address(name, draft, line), data, headers=HTMX if htmx else {})


def test_builder_shows_the_plan_in_the_clinicians_and_the_patients_words(draft, clinician_client):
    page = clinician_client.get(address("prescription_edit", draft)).content.decode()

    assert 'value="3 x 10, 5 s hold, 30 s rest"' in page
    assert "Do it 10 times. Hold each one for 5 seconds. Rest for 30 seconds, then repeat. Do 3 sets in all." in page


def test_what_matters_most_is_one_choice_in_the_row(draft, clinician_client):
    bridge = line_of(draft, "bridge")

    answer = post(clinician_client, "line_change", draft, {"importance": "1"}, line=bridge, htmx=True)

    assert '<option value="1" selected>Must do</option>' in answer.content.decode()
    assert line_of(draft, "bridge").importance == 1


def test_importance_that_is_none_is_refused_in_its_row(draft, clinician_client):
    bridge = line_of(draft, "bridge")

    answer = post(clinician_client, "line_change", draft, {"importance": "9"}, line=bridge, htmx=True)

    assert answer.status_code == 422
    assert "One of the three." in answer.content.decode()
    assert line_of(draft, "bridge").importance == 2


def test_change_of_the_dose_alone_leaves_the_importance(draft, clinician, clinician_client):
    change_line(line=line_of(draft, "bridge"), by=clinician.user, importance=1)
    draft.refresh_from_db()

    post(clinician_client, "line_change", draft, {"text": "2 x 12"}, line=line_of(draft, "bridge"))

    assert line_of(draft, "bridge").importance == 1


def test_breaks_and_what_is_done_as_needed_compete_with_nothing(draft, clinician, clinician_client):
    change_line(line=line_of(draft, "bridge"), by=clinician.user, dosage=parse("1x10, 4x/day, as needed"))
    move_line(line=line_of(draft, "walking"), phase="desk", by=clinician.user)

    page = clinician_client.get(address("prescription_edit", draft)).content.decode()

    assert page.count('name="importance"') == 1


def test_builder_belongs_to_the_patients_in_the_rail(draft, clinician_client):
    page = clinician_client.get(address("prescription_edit", draft)).content.decode()

    assert re.findall(r'href="([^"]+)" aria-current="page"', page) == [reverse("patients")]


def test_days_of_the_plan_show_on_how_many_lines_they_are(draft, clinician, clinician_client):
    change_line(line=line_of(draft, "bridge"), by=clinician.user, dosage=parse("3x10, Mo-Fr"))

    page = clinician_client.get(address("prescription_edit", draft)).content.decode()

    assert 'title="Monday: 3 of 3 exercises"' in page
    assert 'title="Sunday: 2 of 3 exercises" class="mixed"' in page
    assert ">Mo–Fr</option>" in page


def test_builder_names_the_protocol_and_leaves_the_title_to_the_patients_words(clinician_client, patient, clinician):
    protocol = Protocol.objects.create(review_by=VOUCHED_FOR, slug="stenosis", name="Flexion bias")
    draft = start_draft(patient=patient, by=clinician.user, protocol=protocol, stage=2)

    page = clinician_client.get(address("prescription_edit", draft)).content.decode()

    assert re.search(r"from <a [^>]+>Flexion bias.*?</a>, stage 2", page)
    assert 'value="Exercise plan"' in page


def test_opening_the_builder_leaves_an_audit_line(draft, clinician_client):
    clinician_client.get(address("prescription_edit", draft))

    assert AuditEvent.objects.filter(action="record.viewed", patient=str(draft.patient.uuid)).count() == 1


def test_colleague_of_a_sharing_clinic_edits_too(draft, colleague_client, bridge):
    response = post(colleague_client, "line_add", draft, {"exercise": "bridge"})

    assert response.status_code == 302
    assert names(draft) == ["walking", "bridge", "bird-dog", "bridge"]


def test_another_clinic_a_patient_and_an_admin_reach_nothing(
    draft, foreign_clinician_client, patient_client, admin_client
):
    line = line_of(draft, "bridge")
    for name in ("line_change", "line_move", "line_duplicate", "line_remove"):
        assert post(foreign_clinician_client, name, draft, line=line).status_code == 404
        assert post(patient_client, name, draft, line=line).status_code == 403
    for name in ("line_add", "draft_change", "draft_days", "draft_undo", "draft_discard", "prescription_publish"):
        assert post(foreign_clinician_client, name, draft).status_code == 404
        assert post(patient_client, name, draft).status_code == 403
        assert post(admin_client, name, draft).status_code == 403
    assert names(draft) == ["walking", "bridge", "bird-dog"]


def test_line_of_another_plan_is_not_found(draft, clinician_client, foreign_patient, foreign_clinician, bridge):
    other = Prescription.objects.create(
        patient=foreign_patient, starts_on=draft.starts_on, created_by=foreign_clinician.user
    )
    line = add_exercise(draft=other, exercise=bridge, by=foreign_clinician.user)

    assert post(clinician_client, "line_remove", draft, line=line).status_code == 404
    assert other.lines.count() == 1


@pytest.mark.parametrize("name", ["line_add", "draft_change", "draft_days", "draft_undo"])
def test_steps_are_posted(name, draft, clinician_client):
    assert clinician_client.get(address(name, draft)).status_code == 405


def test_builder_takes_as_many_queries_for_one_line_as_for_thirty(
    draft, clinician, clinician_client, django_assert_max_num_queries, django_assert_num_queries, bridge
):
    url = address("prescription_edit", draft)
    clinician_client.get(url)
    with django_assert_max_num_queries(12) as few:
        clinician_client.get(url)
    spent = len(few)
    for number in range(30):
        add_exercise(
            draft=draft,
            exercise=catalogue.exercise(f"exercise-{number}", name=f"Exercise {number}"),
            by=clinician.user,
        )
    clinician_client.get(url)

    with django_assert_num_queries(spent):
        clinician_client.get(url)


def test_adding_takes_as_many_queries_with_one_line_as_with_thirty(
    draft, clinician, clinician_client, django_assert_num_queries, django_assert_max_num_queries, bridge
):
    clinician_client.get(address("prescription_edit", draft))
    with django_assert_max_num_queries(18) as few:
        post(clinician_client, "line_add", draft, {"exercise": "bridge"}, htmx=True)
    spent = len(few)
    draft.refresh_from_db()
    for _ in range(30):
        add_exercise(draft=draft, exercise=bridge, by=clinician.user)

    with django_assert_num_queries(spent):
        post(clinician_client, "line_add", draft, {"exercise": "bridge"}, htmx=True)


def test_added_exercise_comes_back_with_the_plan_and_all_that_hangs_on_it(draft, clinician_client):
    response = post(clinician_client, "line_add", draft, {"exercise": "bridge"}, htmx=True)

    body = response.content.decode()
    assert [f'id="{part}" ' in body for part in ("saved", "load", "undo-form", "preview", "plan-days")]
    assert "<html" not in body
    assert '"announce": {"value": "Bridge added."}' in response["HX-Trigger"]
    assert '"drafted": {"edit": 4}' in response["HX-Trigger"]


def test_unknown_exercise_is_not_found(draft, clinician_client):
    assert post(clinician_client, "line_add", draft, {"exercise": "no\0such"}).status_code == 404


def row(**changes):
    """What the row of bridge posts, as it is shown."""
    return {
        "was": "3 x 10, 5 s hold, 30 s rest",
        "text": "3 x 10, 5 s hold, 30 s rest",
        "sets": "3",
        "reps": "10",
        "hold_s": "5",
        "rest_s": "30",
        "side": "none",
        "times_per_day": "1",
        "days": "7",
        "note": "",
    } | changes


@pytest.mark.parametrize(
    ("changes", "dose"),
    [
        ({"reps": "12"}, "3x12 5s hold 30s rest"),
        ({"reps": "6-4-2"}, "6-4-2 5s hold 30s rest"),
        ({"side": "each"}, "3x10 5s hold each side 30s rest"),
        ({"times_per_day": "2"}, "3x10 5s hold 30s rest 2x/day"),
        ({"days": "3"}, "3x10 5s hold 30s rest 3 days/week"),
        ({"weekdays": ["0", "2", "4"]}, "3x10 5s hold 30s rest Mo We Fr"),
        ({"days": "as-needed"}, "3x10 5s hold 30s rest 6x/day as needed"),
        ({"days": "as-needed", "times_per_day": "3"}, "3x10 5s hold 30s rest 3x/day as needed"),
        ({"text": "3x10 5s 30s rest prn"}, "3x10 5s hold 30s rest 6x/day as needed"),
        ({"text": "3x10 5s each side 2x/day Mo-Fr"}, "3x10 5s hold each side 30s rest 2x/day Mo-Fr"),
        ({"text": "2x8", "hold_s": "10"}, "2x8 10s hold 30s rest"),
        ({"text": ""}, "3x10 5s hold 30s rest"),
    ],
)
def test_numbers_and_shorthand_edit_the_same_dosage(changes, dose, draft, clinician_client):
    line = line_of(draft, "bridge")

    response = post(clinician_client, "line_change", draft, row(**changes), line=line, htmx=True)

    assert response.status_code == 200
    assert line_of(draft, "bridge").dosage == parse(dose)


@pytest.mark.parametrize(
    ("changes", "dose"), [({"days": "7"}, "3x10"), ({"days": "3", "times_per_day": "2"}, "3x10 2x/day 3 days/week")]
)
def test_as_needed_becomes_a_plan_again_without_its_times_a_day(changes, dose, draft, clinician, clinician_client):
    line = line_of(draft, "bridge")
    line.prescription = draft
    change_line(line=line, dosage=parse("3x10 as needed"), by=clinician.user)
    was = "3 x 10, 6x/day, as needed"
    typed = row(was=was, text=was, hold_s="0", rest_s="0", times_per_day="6") | changes

    assert '<option value="as-needed" selected>As needed</option>' in (
        clinician_client.get(address("prescription_edit", draft)).content.decode()
    )
    post(clinician_client, "line_change", draft, typed, line=line)

    assert line_of(draft, "bridge").dosage == parse(dose)


def test_days_that_were_set_can_be_taken_away(draft, clinician, clinician_client):
    line = line_of(draft, "bridge")
    line.prescription = draft
    change_line(line=line, dosage=parse("3x10 5s hold 30s rest Mo We"), by=clinician.user)

    post(
        clinician_client,
        "line_change",
        draft,
        row(was="3x10 5s hold 30s rest Mo We", text="3 x 10, 5 s hold, 30 s rest, Mo, We", days="fixed"),
        line=line,
    )

    assert line_of(draft, "bridge").dosage.weekdays == ()


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("sets", "99", "Sets: a whole number from 1 to 10."),
        ("sets", "", "Sets: a whole number from 1 to 10."),
        ("sets", "9" * 20, "Sets: a whole number from 1 to 10."),
        ("reps", "NaN", "Repetitions: a whole number from 1 to 100."),
        ("hold_s", "-5", "Hold in seconds: a whole number from 0 to 600."),
        ("side", "middle", "Side: none, left, right, each or alternate."),
        ("text", "3x10 somehow", "&quot;somehow&quot; was not understood."),
        ("note", "x" * 501, "Ensure this value has at most 500 characters"),
        ("note", "a\0b", "Null characters are not allowed."),
        ("weekdays", "8", "Select a valid choice."),
    ],
)
@pytest.mark.parametrize("htmx", [True, False])
def test_mistake_keeps_the_typing_and_saves_nothing(field, typed, message, htmx, draft, clinician_client):
    line = line_of(draft, "bridge")

    response = post(clinician_client, "line_change", draft, row(**{field: typed}), line=line, htmx=htmx)

    body = response.content.decode()
    assert response.status_code == 422
    assert message in body
    if typed and field not in ("weekdays", "side") and "\0" not in typed:
        assert typed in body
    stored = line_of(draft, "bridge")
    assert (stored.dosage, stored.note) == (line.dosage, "")


def test_emoji_and_right_to_left_notes_are_kept(draft, clinician_client):
    post(clinician_client, "line_change", draft, row(note="Slowly 🐢 לאט"), line=line_of(draft, "bridge"))

    assert line_of(draft, "bridge").note == "Slowly 🐢 לאט"


def test_stale_change_answers_409_with_both_versions(draft, clinician_client, colleague):
    line = line_of(draft, "bridge")
    line.prescription = draft
    seen = draft.edit
    change_line(line=line, dosage=parse("4x8"), by=colleague.user)

    response = post(clinician_client, "line_change", draft, row(text="2x12"), line=line, edit=seen, htmx=True)

    body = response.content.decode()
    assert response.status_code == 409
    assert response["HX-Retarget"] == "#lines"
    assert "Sam Achterberg changed this draft" in body
    assert "Bridge: 4 × 8" in body
    assert "Bridge: 2 × 12" in body
    assert line_of(draft, "bridge").dosage == parse("4x8")


def test_mine_as_well_is_the_same_form_from_the_step_there_is_now(draft, clinician_client, colleague):
    line = line_of(draft, "bridge")
    line.prescription = draft
    seen = draft.edit
    change_line(line=line, note="Theirs", by=colleague.user)
    page = post(clinician_client, "line_change", draft, row(note="Mine"), line=line, edit=seen)

    post(clinician_client, "line_change", draft, row(note="Mine"), line=line, edit=draft.edit)

    assert page.status_code == 409
    assert '<input type="hidden" name="note" value="Mine">' in page.content.decode()
    assert line_of(draft, "bridge").note == "Mine"


def test_change_of_a_line_that_a_colleague_removed_is_a_conflict(draft, clinician_client, colleague):
    line = line_of(draft, "bridge")
    line.prescription = draft
    seen = draft.edit
    remove_line(line=line, by=colleague.user)

    response = post(clinician_client, "line_change", draft, row(reps="12"), line=line, edit=seen, htmx=True)

    assert response.status_code == 409
    assert "Bridge removed" in response.content.decode()


@pytest.mark.parametrize("edit", ["", "x", "-1", "9" * 30, "²"])
def test_form_without_a_usable_step_is_a_conflict_and_no_error(edit, draft, clinician_client):
    assert post(clinician_client, "draft_undo", draft, {"edit": edit}).status_code == 409


def test_lines_are_moved_duplicated_and_removed(draft, clinician_client):
    post(clinician_client, "line_move", draft, {"to": "up"}, line=line_of(draft, "bird-dog"))
    draft.refresh_from_db()
    assert names(draft) == ["walking", "bird-dog", "bridge"]

    post(clinician_client, "line_move", draft, {"phase": "cool", "position": "0"}, line=line_of(draft, "walking"))
    draft.refresh_from_db()
    assert names(draft) == ["bird-dog", "bridge", "walking"]

    post(clinician_client, "line_duplicate", draft, line=line_of(draft, "bridge"))
    draft.refresh_from_db()
    assert names(draft) == ["bird-dog", "bridge", "bridge", "walking"]

    post(clinician_client, "line_remove", draft, line=line_of(draft, "bird-dog"))
    assert names(draft) == ["bridge", "bridge", "walking"]


@pytest.mark.parametrize("data", [{}, {"to": "sideways"}, {"phase": "night"}, {"phase": "main", "position": "-3"}])
def test_impossible_places_are_refused(data, draft, clinician_client):
    response = post(clinician_client, "line_move", draft, data, line=line_of(draft, "bridge"), htmx=True)

    assert response.status_code == 422
    assert names(draft) == ["walking", "bridge", "bird-dog"]


def test_days_of_all_exercises_are_set(draft, clinician_client):
    post(clinician_client, "draft_days", draft, {"days": ["0", "2"]})

    assert {line.dosage.weekdays for line in draft.lines.all()} == {(0, 2)}


def test_days_of_all_exercises_leave_alone_what_is_done_as_needed(draft, clinician, clinician_client):
    line = line_of(draft, "bridge")
    line.prescription = draft
    change_line(line=line, dosage=parse("3x10 as needed"), by=clinician.user)

    post(clinician_client, "draft_days", draft, {"days": ["0", "2"]})

    assert line_of(draft, "bridge").dosage == parse("3x10 as needed")
    assert 'title="Monday: 2 of 2 exercises"' in (
        clinician_client.get(address("prescription_edit", draft)).content.decode()
    )


def test_last_day_before_the_first_is_refused_at_the_field(draft, clinician_client):
    data = {"title": "Plan", "starts_on": "2031-05-06", "ends_on": "2031-05-01"}

    response = post(clinician_client, "draft_change", draft, data, htmx=True)

    assert response.status_code == 422
    assert "The last day cannot be before the first." in response.content.decode()
    assert 'value="2031-05-01"' in response.content.decode()
    assert Prescription.objects.get(pk=draft.pk).ends_on is None


def test_undo_says_what_it_took_back(draft, clinician_client):
    response = post(clinician_client, "draft_undo", draft, htmx=True)

    assert "Taken back: Walking added." in response["HX-Trigger"]
    assert names(draft) == ["bridge", "bird-dog"]


def test_search_answers_with_its_results_alone(draft, clinician_client):
    response = clinician_client.get(address("prescription_edit", draft), {"q": "bird"}, headers=HTMX)

    body = response.content.decode()
    assert 'id="add-bird-dog"' in body
    assert 'id="add-walking"' not in body
    assert "<html" not in body


def test_plan_that_needs_no_second_look_is_sent_with_one_click(draft, clinician_client):
    response = post(clinician_client, "prescription_publish", draft, htmx=True)

    assert response["HX-Redirect"] == address("prescription", draft)
    assert not Prescription.objects.get(pk=draft.pk).is_draft


def test_second_click_on_send_changes_nothing(draft, clinician_client):
    post(clinician_client, "prescription_publish", draft)

    response = post(clinician_client, "prescription_publish", draft)

    assert response["Location"] == address("prescription", draft)
    assert AuditEvent.objects.filter(action="prescription.published").count() == 1


def test_revision_asks_for_a_note_and_shows_what_the_patient_will_read(draft, clinician, clinician_client):
    live = publish(draft=draft, by=clinician.user)
    new = revise(prescription=live, by=clinician.user)
    remove_line(line=new.lines.get(exercise__slug="bridge"), by=clinician.user)
    new.refresh_from_db()

    asked = post(clinician_client, "prescription_publish", new)
    page = clinician_client.get(address("prescription_publish", new)).content.decode()
    data = {"confirmed": "1", "note_to_patient": "Your hips are strong now."}
    post(clinician_client, "prescription_publish", new, data)

    new.refresh_from_db()
    assert asked["Location"] == address("prescription_publish", new)
    assert "Removed: Bridge." in page
    assert (new.is_draft, new.note_to_patient) == (False, "Your hips are strong now.")


def test_draft_that_is_not_ready_is_not_sent_even_when_confirmed(draft, clinician, clinician_client):
    table = catalogue.exercise("inversion-table", clinician_only=True)
    add_exercise(draft=draft, exercise=table, by=clinician.user)

    response = post(clinician_client, "prescription_publish", draft, {"confirmed": "1", "note_to_patient": ""})
    page = clinician_client.get(response["Location"]).content.decode()

    assert Prescription.objects.get(pk=draft.pk).is_draft
    assert "Inversion table needs clearance: write who cleared it and when." in page


def test_what_was_sent_meanwhile_leads_to_its_page(draft, clinician, clinician_client):
    publish(draft=draft, by=clinician.user)

    plain = clinician_client.get(address("prescription_edit", draft))
    htmx = post(clinician_client, "draft_undo", draft, htmx=True)

    assert plain["Location"] == address("prescription", draft)
    assert htmx["HX-Redirect"] == address("prescription", draft)


def test_draft_that_a_colleague_discards_in_that_very_moment_is_gone(draft, clinician_client, clinician, monkeypatch):
    waits_its_turn = drafting.lock_draft

    def discarded_meanwhile(locked, **asked):
        discard_draft(draft=Prescription.objects.get(pk=draft.pk), by=clinician.user)
        waits_its_turn(locked, **asked)

    monkeypatch.setattr(drafting, "lock_draft", discarded_meanwhile)

    response = post(clinician_client, "line_remove", draft, line=line_of(draft, "bridge"), htmx=True)

    assert response.status_code == 404


def test_discarding_asks_first(draft, clinician_client, patient):
    page = clinician_client.get(address("draft_discard", draft))
    assert Prescription.objects.filter(pk=draft.pk).exists()

    response = post(clinician_client, "draft_discard", draft)

    assert page.status_code == 200
    assert response["Location"] == reverse("prescription_new", args=[patient.uuid])
    assert not Prescription.objects.filter(pk=draft.pk).exists()
