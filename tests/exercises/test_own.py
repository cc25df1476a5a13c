"""Exercises of a clinic's own: made by its clinicians, seen there alone, safe like all others."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from clinic.prescriptions import own_views
from clinic.prescriptions.actions import NotReady, publish, start_draft
from clinic.prescriptions.drafting import add_exercise
from clinic.prescriptions.own_exercises import edit_of, keep_exercise
from exercises.models import Exercise, MovementTag
from exercises.videos import MOST_MB, kind_of
from patients.models import AuditEvent, PatientCondition
from patients.team.transfers import transfer
from tests.conftest import signed_in
from tests.factories import catalogue, people, plans

NEW = "/clinic/exercises/new/"
MP4 = b"\x00\x00\x00\x20ftypisom" + b"\x00" * 5000
WEBM = b"\x1a\x45\xdf\xa3\x93\x42\x82\x84webm" + b"\x00" * 500


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def typed(db):
    catalogue.muscle()
    return {
        "name": "Wall slide", "plain_name": "Slide down the wall", "category": "strength", "position": "standing",
        "level": "2", "phases": ["main"], "measure": "reps", "sets": "3", "reps": "10", "hold_s": "", "minutes": "",
        "rest_s": "30", "times_per_day": "1", "days_per_week": "7", "side": "none",
        "primary_muscles": [str(catalogue.muscle().pk)], "no_tags": "on", "purpose": "It may help your legs.",
        "setup": "Stand with your back to a wall.", "steps": "Slide down.\nWait.\nCome up.",
        "cues": "Keep breathing.\nMove slowly.", "mistakes": "Going too far. Slide a little less.",
        "ease_off": "Stop if it gets sharper.", "feel": "Work in your legs.",
    }  # fmt: skip


def image(kind="PNG", size=(40, 30)):
    file = BytesIO()
    Image.new("RGB", size, "red").save(file, kind)
    return SimpleUploadedFile("holiday.png", file.getvalue(), "image/png")


@pytest.fixture
def own(typed, clinician_client):
    answer = clinician_client.post(NEW, typed | {"picture": image(), "picture_alt": "A wall", "video": film()})
    made = Exercise.objects.get(name="Wall slide")
    assert answer["Location"] == made.get_absolute_url()
    return made


def film(content=MP4):
    return SimpleUploadedFile("film.mp4", content, "video/mp4")


def change(client, own, typed, **more):
    """From a form that was opened just now."""
    own.refresh_from_db()
    return client.post(reverse("own_exercise_edit", args=[own.slug]), typed | {"edit": edit_of(own)} | more)


def content(answer):
    return b"".join(answer.streaming_content)


def test_clinician_adds_one_for_their_clinic(own, clinician, clinician_client):
    page = clinician_client.get(own.get_absolute_url()).content.decode()

    assert own.clinic_key == clinician.clinic_id
    assert own.slug.startswith("wall-slide-")
    assert "Slide down the wall" in page and "Your clinic’s own" in page
    assert own.history.first().history_user == clinician.user
    assert AuditEvent.objects.filter(action="exercise.added", subject=f"exercise:{own.slug}").exists()
    assert own.get_absolute_url() in clinician_client.get("/exercises/?q=wall+slide").content.decode()


def test_who_saves_it_vouches_for_it_as_it_is_now(own, typed, clinician, colleague_client):
    assert own.is_vouched_for_now
    assert (own.author, own.reviewed_by) == ("Rita Voss", "Rita Voss")
    change(colleague_client, own, typed | {"steps": "Slide.\nStay.\nCome up."})
    own.refresh_from_db()
    assert own.is_vouched_for_now
    assert (own.author, own.reviewed_by) == ("Rita Voss", "Sam Achterberg")
    assert own.reviewed_as == own.fingerprint()


def test_it_does_not_exist_for_another_clinic(
    own, foreign_clinician, foreign_clinician_client, foreign_patient_client
):
    for client in (foreign_clinician_client, foreign_patient_client):
        assert client.get(own.get_absolute_url()).status_code == 404
        assert client.get(reverse("exercise_figure", args=[own.slug])).status_code == 404
        assert client.get(own.picture.url).status_code == 404
        assert client.get(own.video.url).status_code == 404
        assert own.get_absolute_url() not in client.get("/exercises/?q=wall+slide").content.decode()
    for name in ("own_exercise_edit", "own_exercise_retire", "favourite"):
        assert foreign_clinician_client.post(reverse(name, args=[own.slug])).status_code == 404
    assert "Wall slide" not in foreign_clinician_client.get("/clinic/exercises/").content.decode()
    assert "Wall slide" not in foreign_clinician_client.get("/clinic/prescriptions/change-many/").content.decode()


def test_it_does_not_exist_for_strangers(own, client):
    assert client.get(own.get_absolute_url()).status_code == 404
    assert client.get(own.picture.url).status_code == 404
    assert "Wall slide" not in client.get("/exercises/").content.decode()


def test_another_clinic_cannot_prescribe_it(own, foreign_patient, foreign_clinician, foreign_clinician_client):
    draft = start_draft(patient=foreign_patient, by=foreign_clinician.user)

    answer = foreign_clinician_client.post(
        reverse("line_add", args=[draft.uuid]), {"exercise": own.slug, "edit": draft.edit}
    )

    assert answer.status_code == 404
    assert (
        own.slug not in foreign_clinician_client.get(reverse("prescription_edit", args=[draft.uuid])).content.decode()
    )


def test_clinics_patients_and_who_helps_them_see_picture_and_film(
    own, patient, patient_client, clinician, admin_client
):
    helper = signed_in(people.helper(patient, "look", by=clinician.user).helper)

    for client in (patient_client, helper, admin_client):
        assert client.get(own.picture.url).status_code == 200
        assert client.get(own.video.url).status_code == 200
    assert "private" in patient_client.get(own.picture.url)["Cache-Control"]


def test_patient_is_told_where_the_film_is(own, patient, clinician):
    line = plans.published(patient, by=clinician.user, exercises=[own]).lines.get()

    assert line.told["video_url"] == own.video.url


def test_picture_is_drawn_anew_under_a_name_of_ours(own, clinician):
    assert own.picture.name.startswith(f"exercises/c{clinician.clinic_id}-")
    assert "holiday" not in own.picture.name


@pytest.mark.parametrize(
    ("field", "upload", "message"),
    [
        (
            "picture",
            SimpleUploadedFile("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "not a JPEG, PNG or WebP",
        ),
        ("picture", image(size=(4001, 10)), "larger than 4000 pixels"),
        ("video", film(b"<html>" + b" " * 5000), "not an MP4 or WebM"),
        ("video", film(MP4 + b"\x00" * MOST_MB * 1024 * 1024), "larger than 25 MB"),
    ],
)
def test_files_are_checked_by_what_is_in_them(field, upload, message, typed, clinician_client):
    upload.seek(0)
    answer = clinician_client.post(NEW, typed | {field: upload, "picture_alt": "A wall"})

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "Slide down the wall" in answer.content.decode()
    assert not Exercise.objects.exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"steps": "One."}, "3 to 6 lines"),
        ({"minutes": "5"}, "Leave this empty when repetitions are counted."),
        ({"no_tags": ""}, "Tick the movements in it"),
        ({"video_url": "http://films.example/a"}, "begins with https://"),
        ({"blocked_for": ["nonsense"]}, "Select a valid choice"),
    ],
)
def test_mistake_keeps_the_typing(changes, message, typed, clinician_client):
    answer = clinician_client.post(NEW, typed | changes)

    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert "Slide down the wall" in answer.content.decode()


def test_name_is_taken_by_what_one_sees_and_by_nothing_else(own, typed, clinician_client, foreign_clinician_client):
    again = clinician_client.post(NEW, typed)
    elsewhere = foreign_clinician_client.post(NEW, typed)

    assert again.status_code == 422 and "already exists" in again.content.decode()
    assert elsewhere.status_code == 302


def test_condition_it_is_not_for_blocks_it_like_any_rule(typed, patient, clinician, clinician_client):
    clinician_client.post(NEW, typed | {"blocked_for": ["stenosis"]})
    PatientCondition.objects.create(patient=patient, code="stenosis", added_by=clinician.user)
    draft = start_draft(patient=patient, by=clinician.user)
    add_exercise(draft=draft, exercise=Exercise.objects.get(), by=clinician.user)

    with pytest.raises(NotReady, match="Spinal stenosis"):
        publish(draft=draft, by=clinician.user)
    page = clinician_client.get(reverse("prescription_edit", args=[draft.uuid])).content.decode()
    assert "Blocked" in page


def test_change_puts_it_on_hold_where_it_is_blocked_now(own, typed, patient, clinician, clinician_client):
    PatientCondition.objects.create(patient=patient, code="stenosis", added_by=clinician.user)
    plans.published(patient, by=clinician.user, exercises=[own])

    change(clinician_client, own, typed | {"blocked_for": ["stenosis"]})

    assert patient.easings.get().words.startswith("Spinal stenosis")
    own.refresh_from_db()
    assert own.picture and own.video  # what was not chosen again stays


def test_colleagues_older_form_undoes_nothing_unseen(own, typed, clinician_client, colleague_client):
    opened = colleague_client.get(reverse("own_exercise_edit", args=[own.slug])).context["edit"]
    change(clinician_client, own, typed | {"blocked_for": ["osteoporosis"]})

    late = change(colleague_client, own, typed | {"feel": "Work in your thighs."}, edit=opened)
    own.refresh_from_db()

    assert late.status_code == 409
    assert "Rita Voss saved this exercise meanwhile." in late.content.decode()
    assert "Yours differs in: What to feel and Not to be given with." in late.content.decode()
    assert "Work in your thighs." in late.content.decode()
    assert own.blocked_for == ["osteoporosis"]

    # Pressed once more it is a decision.
    again = change(colleague_client, own, typed | {"feel": "Work in your thighs."}, edit=late.context["edit"])
    own.refresh_from_db()

    assert again["Location"] == own.get_absolute_url()
    assert (own.blocked_for, own.feel) == ([], "Work in your thighs.")


def test_mistake_in_an_older_form_is_put_right_before_the_colleagues_save_is_overwritten(
    own, typed, clinician_client, colleague_client
):
    opened = edit_of(own)
    change(clinician_client, own, typed | {"blocked_for": ["osteoporosis"]})

    wrong = change(colleague_client, own, typed | {"steps": "One."}, edit=opened)
    right = change(colleague_client, own, typed, edit=wrong.context["edit"])

    assert (wrong.status_code, right.status_code) == (422, 409)


def test_second_click_on_save_leads_where_the_first_did(own, typed, clinician_client):
    opened = edit_of(own)

    def click():
        files = {"picture": image(size=(50, 20)), "picture_alt": "Two walls", "video": film(WEBM)}
        return change(clinician_client, own, typed | files, edit=opened)

    first, saved = click(), own.history.count()
    second = click()

    assert first["Location"] == second["Location"] == own.get_absolute_url()
    assert own.history.count() == saved


def test_second_click_on_a_new_one_leads_where_the_first_did(own, typed, clinician_client, colleague_client):
    again = typed | {"picture": image(), "picture_alt": "A wall", "video": film()}
    second = clinician_client.post(NEW, again)
    for file in (again["picture"], again["video"]):
        file.seek(0)
    colleague = colleague_client.post(NEW, again)
    other = clinician_client.post(NEW, typed | {"picture": image("JPEG"), "picture_alt": "A wall", "video": film()})

    assert second["Location"] == own.get_absolute_url()
    assert Exercise.objects.count() == 1
    assert colleague.status_code == other.status_code == 422


def test_second_click_while_the_first_is_being_saved(typed, clinician_client, monkeypatch):
    def click():
        files = {"picture": image(), "picture_alt": "A wall", "video": film()}
        return clinician_client.post(NEW, typed | files)

    def too_late(**given):
        monkeypatch.undo()
        click()
        return keep_exercise(**given)

    monkeypatch.setattr(own_views, "keep_exercise", too_late)

    assert click()["Location"] == Exercise.objects.get().get_absolute_url()


def test_what_a_plan_shows_goes_with_its_patient_to_another_clinic(
    own, typed, patient, patient_client, clinician, clinician_client, other_clinic, foreign_clinician_client,
    foreign_patient_client, client,
):  # fmt: skip
    helper = signed_in(people.helper(patient, "look", by=clinician.user).helper)
    clinician_client.post(NEW, typed | {"name": "Another", "picture": image(), "picture_alt": "A wall"})
    another = Exercise.objects.get(name="Another")
    plans.published(patient, by=clinician.user, exercises=[own])
    transfer(patient=patient, by=clinician.user, to=other_clinic, agreed_how="spoken", agreed_on=patient.local_day())

    for who in (patient_client, helper, foreign_clinician_client):
        assert who.get(own.picture.url).status_code == 200
        assert content(who.get(own.video.url)) == MP4
        assert who.get(another.picture.url).status_code == 404
    for who in (foreign_patient_client, client):
        assert who.get(own.picture.url).status_code == 404
    assert clinician_client.get(own.picture.url).status_code == 200


def test_plans_are_asked_about_a_file_only_when_it_is_another_clinics(own, patient_client, monkeypatch):
    monkeypatch.setattr("exercises.views.SHOWN_BY", [lambda user, path: pytest.fail("asked")])

    assert patient_client.get(own.picture.url).status_code == 200


def test_what_is_taken_away_is_gone_and_leaves_no_hole_in_a_plan(
    own, typed, patient, patient_client, clinician, clinician_client, foreign_clinician_client,
    django_capture_on_commit_callbacks,
):  # fmt: skip
    line = plans.published(patient, by=clinician.user, exercises=[own]).lines.get()
    picture, video = own.picture, own.video
    with django_capture_on_commit_callbacks(execute=True):
        change(clinician_client, own, typed | {"no_picture": "on", "no_video": "on"})
    own.refresh_from_db()

    assert not own.picture and not own.video
    assert not picture.storage.exists(picture.name) and not video.storage.exists(video.name)
    shown = patient_client.get(line.told["picture"])
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/svg+xml")
    film_gone = patient_client.get(line.told["video_url"])
    assert film_gone.status_code == 404 and "This video is not here any more" in film_gone.content.decode()
    assert foreign_clinician_client.get(line.told["picture"]).status_code == 404
    page = clinician_client.get(reverse("own_exercise_edit", args=[own.slug])).content.decode()
    assert "Take the picture away" not in page and "Take the video away" not in page


def test_new_file_takes_the_place_of_the_old_one_in_plans_too(
    own, typed, patient, patient_client, clinician, clinician_client, django_capture_on_commit_callbacks
):
    line = plans.published(patient, by=clinician.user, exercises=[own]).lines.get()
    old = own.picture
    with django_capture_on_commit_callbacks(execute=True):
        # The box of the old one means nothing beside a new one.
        new = {"picture": image("JPEG"), "picture_alt": "A wall", "video": film(WEBM), "no_picture": "on"}
        change(clinician_client, own, typed | new)
    own.refresh_from_db()

    assert not old.storage.exists(old.name)
    shown = patient_client.get(line.told["picture"])
    assert shown["Content-Type"] == "image/jpeg"
    assert content(shown) == own.picture.read()
    own.picture.close()
    shown = patient_client.get(line.told["video_url"])
    assert (shown["Content-Type"], content(shown)) == ("video/webm", WEBM)


def test_file_is_deleted_only_when_that_is_certain(own, typed, clinician_client, django_capture_on_commit_callbacks):
    catalogue.exercise("bridge", picture=own.picture.name)
    with django_capture_on_commit_callbacks() as at_the_end:
        change(clinician_client, own, typed | {"no_picture": "on", "no_video": "on"})

    assert own.video.storage.exists(own.video.name)
    for callback in at_the_end:
        callback()
    assert own.picture.storage.exists(own.picture.name)  # another exercise has it
    assert not own.video.storage.exists(own.video.name)


def test_mistake_beside_a_new_picture_shows_the_one_that_is_there(own, typed, clinician_client):
    there = own.picture.url
    page = change(clinician_client, own, typed | {"picture": image(), "picture_alt": "A wall", "steps": "One."})

    assert page.status_code == 422
    assert f'src="{there}"' in page.content.decode()


def test_movements_are_kept_and_shown_again(typed, clinician_client):
    tag = MovementTag.objects.create(slug="overhead", name="arms overhead", meaning="has arms overhead")
    clinician_client.post(NEW, typed | {"tags": [str(tag.pk)], "no_tags": ""})
    made = Exercise.objects.get()

    page = clinician_client.get(reverse("own_exercise_edit", args=[made.slug])).content.decode()

    assert list(made.tags.all()) == [tag]
    assert "checked" in page.split("arms overhead")[0].rsplit("<input", 1)[1]


def test_retired_is_offered_to_nobody_and_comes_back(own, clinician_client):
    url = reverse("own_exercise_retire", args=[own.slug])
    for _ in range(2):
        clinician_client.post(url)
    gone = clinician_client.get(own.get_absolute_url()).status_code
    clinician_client.post(url, {"back": "1"})

    assert gone == 404
    assert clinician_client.get(own.get_absolute_url()).status_code == 200
    assert AuditEvent.objects.filter(action="exercise.retired").count() == 1


def test_shared_exercises_are_nobodys_to_edit(clinician_client):
    catalogue.exercise("bridge")

    assert clinician_client.get(reverse("own_exercise_edit", args=["bridge"])).status_code == 404


def test_film_comes_in_the_pieces_that_a_player_asks_for(own, clinician_client):
    whole = clinician_client.get(own.video.url)
    piece = clinician_client.get(own.video.url, headers={"Range": "bytes=4-11"})
    last = clinician_client.get(own.video.url, headers={"Range": "bytes=-4"})
    beyond = clinician_client.get(own.video.url, headers={"Range": "bytes=99999-"})

    assert b"".join(whole.streaming_content) == MP4
    assert (piece.status_code, piece.content) == (206, b"ftypisom")
    assert piece["Content-Range"] == f"bytes 4-11/{len(MP4)}"
    assert (last.status_code, len(last.content)) == (206, 4)
    assert beyond.status_code == 416
    assert whole["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("head", "kind"), [(MP4, "mp4"), (WEBM, "webm"), (b"GIF89a", ""), (b"", ""), (b"\x00" * 4 + b"ftypqt  ", "")]
)
def test_kind_is_read_from_the_content(head, kind):
    assert kind_of(head) == kind
