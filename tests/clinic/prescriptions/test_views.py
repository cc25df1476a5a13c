import pytest
from django.core.management import call_command
from django.urls import reverse

from clinic.prescriptions.actions import pause, publish, revise, save_as_protocol
from clinic.prescriptions.drafting import change_line, remove_line
from clinic.prescriptions.models import Importance, Prescription, Protocol
from patients.models import AuditEvent
from tests.clinic.prescriptions.conftest import names
from tests.factories.catalogue import VOUCHED_FOR, vouch_for_everything


@pytest.fixture
def live(draft, clinician):
    return publish(draft=draft, by=clinician.user)


def new_url(patient):
    return reverse("prescription_new", args=[patient.uuid])


def url(name, prescription):
    return reverse(name, args=[prescription.uuid])


POSTS = ["prescription_revise", "prescription_pause", "prescription_resume", "prescription_end"]


def test_chooser_offers_protocols_with_their_stages(clinician_client, patient):
    call_command("load_catalogue", verbosity=0)
    call_command("load_protocols", verbosity=0)

    page = clinician_client.get(new_url(patient)).content.decode()

    assert "Weeks 3 to 6 · 10 exercises" in page
    assert "Stenosis, symptomatic spondylolisthesis" in page
    assert "From the last plan" not in page


def test_chooser_takes_as_many_queries_for_one_protocol_as_for_twelve(
    clinician_client, patient, live, clinician, django_assert_num_queries
):
    save_as_protocol(prescription=live, name="First", by=clinician.user)
    clinician_client.get(new_url(patient))
    with django_assert_num_queries(8):
        clinician_client.get(new_url(patient))
    for number in range(11):
        save_as_protocol(prescription=live, name=f"Number {number}", by=clinician.user)

    with django_assert_num_queries(8):
        clinician_client.get(new_url(patient))


def test_draft_starts_from_a_stage_of_a_protocol(clinician_client, patient):
    call_command("load_catalogue", verbosity=0)
    call_command("load_protocols", verbosity=0)
    vouch_for_everything()
    protocol = Protocol.objects.get(slug="post-flare-return")

    response = clinician_client.post(new_url(patient), {"start": f"{protocol.pk}/1"})

    draft = Prescription.objects.get(patient=patient)
    assert response["Location"] == url("prescription_edit", draft)
    assert (draft.protocol, draft.stage) == (protocol, 1)
    assert names(draft) == ["diaphragmatic-breathing", "cat-cow", "walking", "abdominal-brace", "bridge"]


def test_draft_starts_from_the_last_plan(clinician_client, patient, live):
    clinician_client.post(new_url(patient), {"start": "last"})

    draft = Prescription.objects.get(patient=patient, published_at=None)
    assert (names(draft), draft.replaces) == (names(live), live)


@pytest.mark.parametrize("start", ["", "somewhere", "1/2", "999999999/1", "1/99999", "²/1", "a\0b", "9" * 60 + "/1"])
def test_start_that_does_not_exist_is_refused(start, clinician_client, patient):
    response = clinician_client.post(new_url(patient), {"start": start})

    assert response.status_code == 422
    assert not Prescription.objects.exists()


def test_protocol_of_another_clinic_is_no_start(foreign_clinician_client, foreign_patient, live, clinician):
    protocol = save_as_protocol(prescription=live, name="Ours", by=clinician.user)

    response = foreign_clinician_client.post(new_url(foreign_patient), {"start": f"{protocol.pk}/0"})

    assert response.status_code == 422


def test_open_draft_is_found_again_instead_of_a_second_one(clinician_client, patient, draft):
    page = clinician_client.get(new_url(patient)).content.decode()
    response = clinician_client.post(new_url(patient), {"start": "empty"})

    assert "A draft is open." in page
    assert response["Location"] == url("prescription_edit", draft)


def test_sent_prescription_shows_lines_note_and_history(live, clinician, clinician_client):
    new = revise(prescription=live, by=clinician.user)
    remove_line(line=new.lines.get(exercise__slug="bridge"), by=clinician.user)
    new.refresh_from_db()
    publish(draft=new, note="You have got stronger.", by=clinician.user)

    page = clinician_client.get(url("prescription", new)).content.decode()

    assert "You have got stronger." in page
    assert "Removed: Bridge." in page
    assert "Exercise plan, version 1" in page
    assert AuditEvent.objects.filter(action="record.viewed", subject=f"prescription:{new.uuid}").count() == 1


def test_old_version_keeps_its_own_lines(live, clinician, clinician_client):
    new = revise(prescription=live, by=clinician.user)
    remove_line(line=new.lines.get(exercise__slug="bridge"), by=clinician.user)
    new.refresh_from_db()
    publish(draft=new, by=clinician.user)

    page = clinician_client.get(url("prescription", live)).content.decode()

    assert "Bridge" in page
    assert "Ended" in page


def test_sent_prescription_and_protocol_show_what_was_ranked(draft, clinician, clinician_client):
    line = draft.lines.select_related("exercise").get(exercise__slug="bridge")
    change_line(line=line, by=clinician.user, importance=Importance.MUST)
    live = publish(draft=Prescription.objects.get(pk=draft.pk), by=clinician.user)
    protocol = save_as_protocol(prescription=live, name="Ours", by=clinician.user)

    for page in (url("prescription", live), reverse("protocol", args=[protocol.slug])):
        shown = clinician_client.get(page).content.decode()
        assert shown.count('<span class="tag">Must do</span>') == 1
        assert "Should do" not in shown


def test_prescription_takes_a_bounded_number_of_queries(live, clinician_client, django_assert_max_num_queries):
    clinician_client.get(url("prescription", live))

    with django_assert_max_num_queries(11):
        clinician_client.get(url("prescription", live))


def test_draft_has_the_builder_for_its_page(draft, clinician_client):
    assert clinician_client.get(url("prescription", draft))["Location"] == url("prescription_edit", draft)


@pytest.mark.parametrize("name", POSTS)
def test_changes_are_posted(name, live, clinician_client):
    assert clinician_client.get(url(name, live)).status_code == 405


@pytest.mark.parametrize("name", [*POSTS, "prescription", "protocol_save"])
def test_others_reach_nothing(name, live, foreign_clinician_client, patient_client, admin_client, client):
    method = "post" if name in POSTS else "get"

    assert getattr(foreign_clinician_client, method)(url(name, live)).status_code == 404
    assert getattr(patient_client, method)(url(name, live)).status_code == 403
    assert getattr(admin_client, method)(url(name, live)).status_code == 403
    assert client.get(url(name, live)).status_code == 302


def test_colleague_of_a_clinic_that_does_not_share_reaches_nothing(live, colleague_client, spine_ina):
    spine_ina.shares_records = False
    spine_ina.save()

    assert colleague_client.get(url("prescription", live)).status_code == 404


def test_revise_opens_a_draft_of_the_next_version(live, clinician_client):
    response = clinician_client.post(url("prescription_revise", live))
    again = clinician_client.post(url("prescription_revise", live))

    draft = Prescription.objects.get(replaces=live)
    assert (response["Location"], again["Location"]) == (url("prescription_edit", draft),) * 2


def test_pause_and_resume(live, clinician_client):
    clinician_client.post(url("prescription_pause", live), {"reason": "Holiday", "until": ""})
    page = clinician_client.get(url("prescription", live)).content.decode()
    clinician_client.post(url("prescription_resume", live))

    assert "Holiday" in page
    assert live.pauses.get().resumed_at is not None


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"reason": ""}, "Say why, in a few words."),
        ({"reason": "Holiday", "until": "2001-01-01"}, "Choose today or a later day, or leave it empty."),
        ({"reason": "x" * 201}, "at most 200 characters"),
        ({"reason": "Holiday", "until": "tomorrow"}, "Enter a valid date."),
    ],
)
def test_pause_with_a_mistake_is_refused_at_the_field(data, message, live, clinician_client):
    response = clinician_client.post(url("prescription_pause", live), data)

    assert response.status_code == 422
    assert message in response.content.decode()
    assert not live.pauses.exists()


def test_end_wants_a_reason_and_ends_today(live, clinician_client, patient):
    refused = clinician_client.post(url("prescription_end", live), {"reason": " "})
    clinician_client.post(url("prescription_end", live), {"reason": "Goals reached"})

    live.refresh_from_db()
    assert refused.status_code == 422
    assert (live.end_reason, live.ended_on) == ("Goals reached", patient.local_day())


@pytest.mark.parametrize("name", ["prescription_pause", "prescription_resume"])
def test_ended_prescription_cannot_be_paused(name, live, clinician, clinician_client):
    pause(prescription=live, by=clinician.user, reason="Holiday")
    clinician_client.post(url("prescription_end", live), {"reason": "Over"})

    assert clinician_client.post(url(name, live), {"reason": "x"}).status_code == 404


def test_plan_is_saved_as_the_clinics_own_protocol(live, clinician_client):
    refused = clinician_client.post(url("protocol_save", live), {"name": ""})
    response = clinician_client.post(url("protocol_save", live), {"name": "Back class", "summary": "For Tuesdays."})

    page = clinician_client.get(response["Location"]).content.decode()
    assert refused.status_code == 422
    assert "For Tuesdays." in page
    assert "Margaret" not in page


def test_own_protocol_is_renamed_and_retired(live, clinician, clinician_client):
    made = save_as_protocol(prescription=live, name="Back class", by=clinician.user)

    clinician_client.post(reverse("protocol", args=[made.slug]), {"name": "Class of Tuesday", "summary": ""})
    before = clinician_client.get(reverse("protocols")).content.decode()
    clinician_client.post(reverse("protocol_retire", args=[made.slug]))
    after = clinician_client.get(reverse("protocols")).content.decode()

    assert "Class of Tuesday" in before
    assert "None yet." in after


def test_shared_protocols_are_not_the_clinics_to_change(clinician_client):
    Protocol.objects.create(review_by=VOUCHED_FOR, slug="shared", name="Shared")

    renamed = clinician_client.post(reverse("protocol", args=["shared"]), {"name": "Mine"})
    retired = clinician_client.post(reverse("protocol_retire", args=["shared"]))

    assert (renamed.status_code, retired.status_code) == (404, 404)
    assert Protocol.objects.get().name == "Shared"


def test_another_clinics_protocol_is_not_found(live, clinician, foreign_clinician_client, patient_client):
    made = save_as_protocol(prescription=live, name="Back class", by=clinician.user)

    assert foreign_clinician_client.get(reverse("protocol", args=[made.slug])).status_code == 404
    assert foreign_clinician_client.post(reverse("protocol_retire", args=[made.slug])).status_code == 404
    assert patient_client.get(reverse("protocols")).status_code == 403


def test_own_protocol_stands_before_a_shared_one_of_the_same_address(live, clinician, clinician_client, spine_ina):
    own = save_as_protocol(prescription=live, name="Back class", by=clinician.user)
    Protocol.objects.create(review_by=VOUCHED_FOR, slug=own.slug, name="Shared class")

    page = clinician_client.get(reverse("protocol", args=[own.slug])).content.decode()

    assert "Your clinic’s own" in page
