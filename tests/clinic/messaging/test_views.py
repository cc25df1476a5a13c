import re
from uuid import uuid4

import pytest
from django.utils import timezone

from clinic.messaging.actions import MOST_AN_HOUR
from clinic.messaging.models import Message, Seen
from patients.models import AuditEvent, Patient, Task
from patients.tasks.models import Kind
from tests.conftest import signed_in
from tests.factories import catalogue, people, plans
from tests.factories.messages import answered, asked, thread
from tests.factories.photos import photo

HTMX = {"HX-Request": "true"}
URL = "/messages/"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


@pytest.fixture
def line(patient, clinician):
    return plans.published(patient, by=clinician.user, exercises=[catalogue.exercise("bridge")]).lines.get()


def record_url(patient):
    return f"/clinic/patients/{patient.uuid}/messages/"


def send(client, text="May I swim?", *, url=URL, htmx=False, **fields):
    data = {"key": uuid4(), "seen_to": 0, "text": text} | fields
    return client.post(url, data, headers=HTMX if htmx else {})


def html(response):
    return response.content.decode()


def test_page_says_when_an_answer_comes_and_whom_to_call(patient_client):
    page = html(patient_client.get(URL))

    assert "We usually answer within 2 working days." in page
    notice, box = page.index("Nobody watches this page day and night."), page.index("<textarea")
    assert notice < box
    assert 'href="tel:112"' in page[notice:box]
    assert 'href="tel:+442079460000"' in page[notice:box]


def test_plain_form_sends_and_comes_back_to_the_box(patient_client, patient):
    response = send(patient_client, "Line one\r\nLine two 🦵")

    assert response.url == "/messages/?sent=1#send"
    message = Message.objects.get()
    assert (message.text, message.patient, message.written_by) == ("Line one\nLine two 🦵", patient, patient.user)
    page = html(patient_client.get(response.url))
    assert "Sent." in page
    assert "If it gets worse, do not wait for our answer" in page


def test_sent_message_is_appended_with_what_came_meanwhile(patient_client, patient, clinician):
    seen = asked(patient, "First")
    answered(patient, by=clinician.user, text="Meanwhile")

    response = send(patient_client, "Second", htmx=True, seen_to=seen.pk)

    fragment = html(response)
    assert 'hx-swap-oob="beforeend:#thread"' in fragment
    assert "First" not in fragment
    assert fragment.index("Meanwhile") < fragment.index("Second")
    assert f'name="seen_to" value="{Message.objects.last().pk}"' in fragment
    assert "announce" in response["HX-Trigger"]
    assert "id_text" in response["HX-Trigger-After-Settle"]
    patient.refresh_from_db()
    assert patient.unread_messages == 0


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("text", "words"),
    [("", "Write a few words first."), ("   \n", "Write a few words first."), ("x" * 4001, "too long")],
)
def test_what_is_refused_comes_back_with_what_was_typed(patient_client, htmx, text, words):
    response = send(patient_client, text, htmx=htmx)

    assert response.status_code == 422
    assert words in html(response)
    assert 'aria-invalid="true"' in html(response)
    assert text.strip() in html(response)
    assert Message.objects.count() == 0


def test_4000_characters_with_line_breaks_fit(patient_client):
    send(patient_client, "\r\n".join(["x" * 7] * 500) + "y")

    assert len(Message.objects.get().text) == 4000


def test_chosen_photo_stays_while_the_words_are_refused(patient_client):
    refused_words = html(send(patient_client, "", htmx=True, photo=photo()))
    refused_photo = html(send(patient_client, "Look", htmx=True, photo=photo("GIF")))

    assert "hx-preserve" in refused_words
    assert "hx-preserve" not in refused_photo
    assert "not a JPEG" in refused_photo
    assert "Look" in refused_photo


@pytest.mark.parametrize("key", ["", "x", "\0"])
def test_form_without_its_key_is_sent_again(patient_client, key):
    response = send(patient_client, "May I swim?", key=key)

    assert response.status_code == 422
    assert "Please send it again." in html(response)
    assert "May I swim?" in html(response)


def test_double_click_says_it_once(patient_client):
    key = uuid4()
    for htmx in (True, False, True):
        send(patient_client, key=key, htmx=htmx)

    assert Message.objects.count() == 1


def test_too_many_messages_are_refused_with_the_typing_kept(patient_client, patient):
    for number in range(MOST_AN_HOUR):
        asked(patient, f"{number}")

    response = send(patient_client, "One more", photo=photo())

    assert response.status_code == 429
    assert "please wait a little" in html(response).lower()
    assert "One more" in html(response)
    assert Message.objects.count() == MOST_AN_HOUR


@pytest.mark.django_db
def test_typing_outlives_the_session(client):
    response = client.post(URL, {"key": uuid4(), "text": "Long and careful"}, headers={"Origin": "http://testserver"})

    assert response.status_code == 401
    assert "Long and careful" in html(response)


def test_question_about_an_exercise_names_it_on_both_sides(patient_client, clinician_client, patient, line):
    exercise_page = html(patient_client.get(f"/today/exercise/{line.uuid}/"))
    address = re.search(r'href="(/messages/\?about=[^"#]+)', exercise_page)[1]
    assert f"About: <strong>{line.plain_name}" in html(patient_client.get(address))

    send(patient_client, about=line.uuid)

    assert Message.objects.get().about == line
    for client, url in ((patient_client, URL), (clinician_client, record_url(patient))):
        assert f"About: <strong>{line.plain_name}" in html(client.get(url))


@pytest.mark.parametrize("about", ["x", "\0", "00000000-0000-4000-8000-000000000000", "anothers"])
def test_exercise_that_is_not_theirs_is_left_out(other_patient_client, line, about):
    about = line.uuid if about == "anothers" else about
    page = html(other_patient_client.get(URL, {"about": about}))
    send(other_patient_client, about=about)

    assert "About:" not in page
    assert not Message.objects.filter(about__isnull=False).exists()


def test_discharged_patient_reads_and_is_told_why_not_to_write(patient_client, patient, clinician):
    asked(patient, "Thank you for all")
    patient.discharged_at, patient.discharged_by = timezone.now(), clinician.user
    patient.save()

    page = html(patient_client.get(URL))
    assert "Thank you for all" in page
    assert "You are discharged" in page
    assert "<textarea" not in page
    for htmx in (False, True):
        refused = send(patient_client, "One more", htmx=htmx)
        assert refused.status_code == 409
        assert "One more" in html(refused)
    assert Message.objects.count() == 1


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>{{ 7 }} https://evil.example"


def test_hostile_text_is_text_on_every_page(patient_client, clinician_client, patient, clinician):
    send(patient_client, HOSTILE)
    page, record, inbox = (
        html(client.get(url))
        for client, url in (
            (patient_client, URL),
            (clinician_client, record_url(patient)),
            (clinician_client, "/clinic/messages/"),
        )
    )

    for shown in (page, record, inbox):
        assert "&lt;script&gt;alert(1)" in shown
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert 'href="https://evil.example' not in shown


def test_clinician_answers_in_their_own_name(clinician_client, patient_client, patient, clinician):
    question = asked(patient)

    response = send(clinician_client, "Yes, slowly.", url=record_url(patient), seen_to=question.pk)

    assert response.url == f"{record_url(patient)}?sent=1#send"
    page = html(patient_client.get(URL))
    assert "Yes, slowly." in page
    assert str(clinician) in page
    assert not Task.objects.open().filter(kind=Kind.MESSAGE).exists()


def test_colleague_of_the_clinic_may_answer(colleague_client, patient, colleague):
    asked(patient)

    send(colleague_client, url=record_url(patient))

    assert Message.objects.last().written_by == colleague.user


@pytest.mark.parametrize("htmx", [False, True])
def test_needs_no_answer_closes_the_question_and_keeps_the_typing(clinician_client, patient, htmx):
    thanks = asked(patient, "Thank you")

    response = send(
        clinician_client, "Half typed", url=record_url(patient), do="settle", seen_to=thanks.pk, htmx=htmx
    )

    assert not Task.objects.open().filter(kind=Kind.MESSAGE).exists()
    assert Message.objects.count() == 1
    if htmx:
        assert "Half typed" in html(response)
    else:
        assert response.url == "/clinic/messages/"


@pytest.mark.parametrize("htmx", [False, True])
def test_what_came_meanwhile_is_shown_before_it_is_settled(clinician_client, patient, htmx):
    thanks = asked(patient, "Thank you")
    later = asked(patient, "My leg is numb")

    response = send(clinician_client, "", url=record_url(patient), do="settle", seen_to=thanks.pk, htmx=htmx)

    assert response.status_code == 409
    assert "Another message came meanwhile" in html(response)
    assert "My leg is numb" in html(response)
    assert f'name="seen_to" value="{later.pk}"' in html(response)
    assert Task.objects.open().filter(kind=Kind.MESSAGE).exists()


@pytest.mark.parametrize("htmx", [False, True])
def test_empty_answer_is_refused(clinician_client, patient, htmx):
    response = send(clinician_client, "", url=record_url(patient), htmx=htmx)

    assert response.status_code == 422
    assert "Write a few words first." in html(response)


def test_patient_sees_that_the_clinic_has_seen_it(patient_client, clinician_client, patient):
    asked(patient)
    assert "Seen" not in html(patient_client.get(URL))

    clinician_client.head(record_url(patient))
    assert not Seen.objects.exists()
    clinician_client.get(record_url(patient))

    assert "Seen" in html(patient_client.get(URL))


def test_caseload_says_why_somebody_needs_a_look(clinician_client, patient):
    asked(patient)

    assert "Message unanswered" in html(clinician_client.get("/clinic/"))
    assert record_url(patient) in html(clinician_client.get("/clinic/tasks/"))
    assert record_url(patient) in html(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))


def test_inbox_has_who_waits_longest_first_and_nobody_elses(
    clinician_client, patient, other_patient, foreign_patient
):
    now = timezone.now()
    asked(other_patient, "I came first", now=now - timezone.timedelta(days=5))
    asked(patient, "I came second", now=now)
    asked(foreign_patient, "Not yours", now=now)

    page = html(clinician_client.get("/clinic/messages/"))

    assert page.index("I came first") < page.index("I came second")
    assert "days overdue" in page
    assert "Not yours" not in page


def test_unread_answers_are_said_until_they_are_opened(patient_client, patient, clinician):
    answered(patient, by=clinician.user)
    page = html(patient_client.get("/help/"))
    assert page.count("1 new") == 2  # in the menu and on the page

    patient_client.get(URL)

    assert "1 new" not in html(patient_client.get("/help/"))


def test_long_thread_is_paged_with_the_newest_at_the_end(patient_client, clinician, patient):
    thread(patient, by=clinician.user, length=120)
    page = html(patient_client.get(URL))
    assert "Message 70." in page
    assert "Message 69." not in page
    assert page.index("Message 118.") < page.index("Message 119.") < page.index("<textarea")

    earlier = re.search(r'href="(\?before=\d+)"', page)[1]
    page = html(patient_client.get(URL + earlier))

    assert "Message 69." in page
    assert "Message 70." not in page
    assert "<textarea" not in page
    assert "Newest messages" in page


@pytest.mark.parametrize("before", ["x", "-1", "9" * 5000, "\0"])
def test_page_that_does_not_exist_is_the_newest(patient_client, patient, before):
    asked(patient)

    assert "May I swim?" in html(patient_client.get(URL, {"before": before}))


@pytest.mark.parametrize("length", [1, 40, 200])
def test_pages_ask_the_same_whatever_the_length(
    patient_client, clinician_client, patient, clinician, length, django_assert_num_queries
):
    thread(patient, by=clinician.user, length=length)
    Message.objects.filter(pk=Message.objects.filter(from_patient=True).last().pk).update(photo="messages/a.jpg")
    clinician_client.get(record_url(patient))
    with django_assert_num_queries(PATIENT_PAGE):
        patient_client.get(URL)
    with django_assert_num_queries(RECORD_PAGE):
        clinician_client.get(record_url(patient))


@pytest.mark.parametrize("waiting", [1, 5])
def test_inbox_asks_the_same_whoever_waits(
    clinician_client, spine_ina, clinician, waiting, django_assert_num_queries
):
    for number in range(waiting):
        asked(people.patient(spine_ina, f"P{number}", "Waits", lead=clinician))
    with django_assert_num_queries(INBOX_PAGE):
        clinician_client.get("/clinic/messages/")


PATIENT_PAGE, RECORD_PAGE, INBOX_PAGE = 6, 6, 9


# --- who may ---


@pytest.fixture
def sent_photo(patient_client, patient):
    send(patient_client, "Look at this", photo=photo(size=(3000, 2000)))
    return Message.objects.get()


def test_photo_is_kept_small_and_under_a_name_of_ours(sent_photo, media):
    assert re.fullmatch(r"messages/[0-9a-f]{16}\.jpg", sent_photo.photo.name)
    assert len(list(media.rglob("*.*"))) == 1


def test_double_send_keeps_one_photo(patient_client, media):
    key = uuid4()
    for _ in range(2):
        send(patient_client, key=key, photo=photo())

    assert len(list(media.rglob("*.*"))) == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("patient", 200), ("other_patient", 404), ("foreign_patient", 404),
     ("clinician", 403), ("admin", 403), ("nobody", 403)],
)  # fmt: skip
def test_photo_on_the_patients_side(request, sent_photo, who, status):
    user = request.getfixturevalue(who)
    response = signed_in(getattr(user, "user", user)).get(f"/messages/photos/{sent_photo.uuid}/")

    assert response.status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("patient", 403),
        ("clinician", 200),
        ("colleague", 200),
        ("foreign_clinician", 404),
        ("admin", 403),
        ("nobody", 403),
    ],
)
@pytest.mark.parametrize("page", ["", "photo"])
def test_thread_and_photo_on_the_clinics_side(request, sent_photo, patient, who, status, page):
    user = request.getfixturevalue(who)
    url = record_url(patient) + (f"photos/{sent_photo.uuid}/" if page else "")

    assert signed_in(getattr(user, "user", user)).get(url).status_code == status
    if not page:
        answer = send(signed_in(getattr(user, "user", user)), "Yes.", url=url)
        assert answer.status_code == (302 if status == 200 else status)
        assert Message.objects.count() == (2 if status == 200 else 1)


def test_care_team_alone_sees_it_where_records_are_not_shared(
    colleague_client, clinician_client, sent_photo, spine_ina, patient
):
    spine_ina.shares_records = False
    spine_ina.save()

    assert colleague_client.get(record_url(patient)).status_code == 404
    assert colleague_client.get(f"{record_url(patient)}photos/{sent_photo.uuid}/").status_code == 404
    assert "Look at this" not in html(colleague_client.get("/clinic/messages/"))
    assert clinician_client.get(record_url(patient)).status_code == 200


def test_photo_of_one_record_is_not_reached_through_another(clinician_client, sent_photo, other_patient):
    assert clinician_client.get(f"{record_url(other_patient)}photos/{sent_photo.uuid}/").status_code == 404


def test_photo_goes_out_as_a_picture_that_nobody_keeps(patient_client, sent_photo):
    response = patient_client.get(f"/messages/photos/{sent_photo.uuid}/")

    assert response["Content-Type"] == "image/jpeg"
    assert response["Content-Disposition"] == 'inline; filename="photo.jpg"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response["Cache-Control"]
    assert patient_client.get(f"/media/{sent_photo.photo.name}").status_code == 404


def test_photo_that_is_lost_or_was_never_there_does_not_exist(patient_client, sent_photo, patient, media):
    wordy = asked(patient)
    next(media.rglob("*.jpg")).unlink()

    for message in (wordy, sent_photo):
        assert patient_client.get(f"/messages/photos/{message.uuid}/").status_code == 404


def test_reading_and_writing_leave_audit_lines_without_words(patient_client, clinician_client, patient):
    send(patient_client, "My secret knee")
    patient_client.get(URL)
    clinician_client.get(record_url(patient))
    clinician_client.get("/clinic/messages/")
    send(clinician_client, "A secret answer", url=record_url(patient))

    lines = list(AuditEvent.objects.values_list("action", flat=True))
    for action in ("message.written", "messages.read", "record.viewed", "messages.listed", "message.answered"):
        assert action in lines
    assert "secret" not in str(list(AuditEvent.objects.values()))


def test_messages_stay_in_the_red_flag_stop(patient_client, patient):
    Patient.objects.filter(pk=patient.pk).update(flag_level="A")

    assert patient_client.get(URL).status_code == 200
