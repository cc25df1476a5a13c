"""The pages of a story: what they show and to whom, and at what cost."""

import re
from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from clinic.messaging.models import Message
from clinic.prescriptions.models import Easing
from clinic.story.summary import MOST
from clinic.today.models import Session, Skip
from patients.models import AuditEvent, Goal, GoalStep, Measurement, Note, TaskStep
from patients.outcomes.measures import NPRS
from patients.records.actions import write_note
from tests.clinic.story.conftest import measured
from tests.factories import history, plans

pytestmark = pytest.mark.django_db
PAGES = ["", "two-days/", "summary/", "summary.pdf", "note/"]
HTMX = {"HX-Request": "true", "HX-Target": "timeline"}


def url(patient, page=""):
    return f"/clinic/patients/{patient.uuid}/story/{page}"


def text(response):
    """What is read, without markup."""
    main = re.sub(r"(?s)<(svg|style|script).*?</\1>", "", response.content.decode().split("<main")[-1])
    main = re.sub(r"<q[^>]*><bdi>", " “", main).replace("</bdi></q>", "” ")
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def timeline(response):
    return text(response).split("What happened")[-1]


@pytest.mark.parametrize("page", PAGES)
def test_page_opens_for_a_record_with_nothing_in_it(page, in_may, clinician_client, patient):
    assert clinician_client.get(url(patient, page)).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_record_of_another_clinic_does_not_exist(page, foreign_clinician_client, clinician_client, patient):
    assert foreign_clinician_client.get(url(patient, page)).status_code == 404
    assert clinician_client.get(f"/clinic/patients/{uuid4()}/story/{page}").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_every_look_leaves_an_audit_line(page, in_may, clinician_client, patient):
    clinician_client.get(url(patient, page))

    line = AuditEvent.objects.get(patient=str(patient.uuid), action__in=["record.viewed", "summary.printed"])
    assert (line.action == "summary.printed") == (page == "summary.pdf")


# --- the timeline ---


def test_timeline_tells_what_happened_of_every_kind(told, patient, clinician_client):
    page = timeline(clinician_client.get(url(patient)))

    for said in (
        "2 of 2 done Sessions Pain 5 before, 8 at worst · stop",
        "Pain 1 before, 2 at worst · Effort 4 “Walked to the pond.”",
        "Pain in the red zone", "Pain in the amber zone", "Pain back in the green zone",
        "ODI 2.1a: 60 % Measures", "ODI 2.1a: 20 % Measures", "Better, meaningful change", "Baseline",
        "New plan: Exercise plan", "2 exercises",
        "Version 2 of the plan", "Removed: Plank.",
        "“Easier now.”",
        "Message from the patient Messages “May I swim? May I swim?", "Answer of the clinic Messages “Yes, slowly.”",
        "Flare-up Flare-ups and easings The patient said so", "Flare-up ended", "Bridge at half", "Stopped on pain 7",
        "Red-flag check Red-flag checks C: clearance needed before a plan", "Clear",
        "Adverse event: I fell", "Happened on 16 May", "“On the stairs.”",
        "Visit note Notes Subjective: Sleeps better. Plan: Walk daily. Back in May.",
        "Goal set Goals Dance at the wedding", "Goal: 3 of 10", "Goal: 6 of 10",
        "Task: Pain is rising Tasks Median worst pain up 2 points",
        "Day off Days off and pauses Tired or unwell", "Plan paused Days off and pauses Settling a flare-up",
        "Joined the care team Record and people Sam Achterberg", "Family access given Record and people Dora Ellis, daughter",
        "Episode began Record and people Low back pain", "Condition noted",
    ):  # fmt: skip
        assert said in page, said


def test_entries_lead_to_where_they_live(told, patient, clinician_client):
    page = clinician_client.get(url(patient)).content.decode()

    links = re.findall(r'class="story-what">\s*<p><a href="([^"]+)"', page)
    assert len(links) > 30
    for link in set(links):
        assert clinician_client.get(link).status_code == 200, link


def test_only_the_kinds_asked_for_are_shown(told, patient, clinician_client):
    page = timeline(clinician_client.get(url(patient), {"k": ["j", "i"], "g": "m"}))

    assert "May 2026" in page and "Goal set" in page and "Visit note" in page
    assert "of 2 done" not in page and "Message from" not in page


def test_what_the_address_cannot_ask_for_is_said_and_breaks_nothing(told, patient, clinician_client):
    for asked in ({"k": "zebra"}, {"g": "year"}, {"p": "9"}, {"e": "soon"}, {"e": "0001-01-01"}):
        response = clinician_client.get(url(patient), asked)

        assert response.status_code == 422
        assert "2 of 2 done" in timeline(response)


def test_htmx_brings_the_timeline_alone(told, patient, clinician_client):
    response = clinician_client.get(url(patient), {"k": "j"}, headers=HTMX)

    assert response.content.decode().lstrip().startswith('<section class="card-x" id="timeline"')
    assert "announce" in response["HX-Trigger"]


def test_earlier_page_goes_on_where_the_first_ended(told, patient, clinician_client):
    history.done(told, *[date(2026, 5, 3) - timedelta(days=n) for n in range(150)])
    seen, address, pages = [], "?k=a", 0
    while address:
        page = clinician_client.get(url(patient) + address).content.decode()
        seen += re.findall(r'<time datetime="([^"]+)"', page)
        found = re.search(r'rel="next" href="([^"#]+)', page)
        address, pages = found and found[1].replace("&amp;", "&"), pages + 1

    assert pages > 2
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 161  # and a day off


def test_address_of_an_earlier_page_names_days_and_letters_only(told, patient, clinician_client):
    history.done(told, *[date(2026, 5, 3) - timedelta(days=n) for n in range(90)])

    page = clinician_client.get(url(patient), {"k": "a"}).content.decode()

    assert re.search(r'rel="next" href="\?k=a&amp;g=w&amp;p=12&amp;e=2026-\d\d-\d\d#timeline"', page)


def make_long(patient, clinician, plan):
    """More of each kind than a page reads."""
    now, today = timezone.now(), patient.local_day()
    days = [today - timedelta(days=n) for n in range(1, 90)]
    history.done(plan, *days[20:])
    known = set(Session.objects.filter(patient=patient).values_list("day", flat=True))
    for n, day in enumerate(days):
        if day not in known:
            history.said(patient, day, pain_before=2 + n % 7, pain_worst=3 + n % 7)
        measured(patient, NPRS, day, n % 10, week=n % 10)
        Goal.objects.create(patient=patient, text=f"Goal {n}")
        Note.objects.create(patient=patient, written_by=clinician.user, text=f"Note {n}")
        patient.conditions.create(code="osteoporosis", added_by=clinician.user, ended_at=now, ended_by=clinician.user)
    task, by = patient.tasks.first(), clinician.user
    TaskStep.objects.bulk_create(
        TaskStep(task=task, at=now - timedelta(days=n), by=by, said=f"{n}") for n in range(90)
    )
    Message.objects.bulk_create(
        Message(
            patient=patient, from_patient=True, text="x", written_at=now - timedelta(days=n), written_by=patient.user
        )
        for n in range(90)
    )


def test_pages_ask_a_fixed_number_of_queries_however_long_the_story(
    told, patient, clinician, clinician_client, django_assert_max_num_queries, django_assert_num_queries
):
    asked = [url(patient), url(patient, "two-days/"), url(patient, "summary/"), url(patient, "note/")]
    counts = []
    clinician_client.get(asked[0])
    for each in asked:
        with django_assert_max_num_queries(40) as few:
            clinician_client.get(each)
        counts.append(len(few))
    make_long(patient, clinician, told)
    for each, number in zip(asked, counts, strict=True):
        with django_assert_num_queries(number):
            clinician_client.get(each)


def test_top_of_the_page_says_what_was_agreed_and_how_close_the_goals_are(told, patient, clinician_client):
    page = text(clinician_client.get(url(patient))).split("What happened")[0]

    assert "Agreed on 11 May 2026 Walk daily. Back in May. Summary since then" in page
    assert "Dance at the wedding How close: from 3 on 11 May to 6 of 10 on 18 May" in page


# --- the charts ---


def test_charts_say_in_a_sentence_what_they_draw_and_have_their_numbers(told, patient, clinician_client):
    page = clinician_client.get(url(patient)).content.decode()

    said = "Median pain of the week from 6.5 to 2 of 10. PSFS 4. Flare-ups from: 15 May."
    assert said in text(clinician_client.get(url(patient)))
    assert page.count(said) == 3  # for eyes, and as the name of the wide and of the narrow drawing
    assert '<th scope="row">18 May 2026</th>' in page
    assert "Version 2" in page and 'class="spell"' in page


def test_flare_up_that_was_ended_on_its_first_day_is_told_as_that_day(told, patient, clinician_client):
    flare = patient.flare_ups.get()
    flare.ended_on = flare.from_day
    flare.save()

    page = clinician_client.get(url(patient)).content.decode()

    assert "<li>15 May 2026: flare-up</li>" in page
    assert "Flare-ups from: 15 May." in page and page.count('class="spell"') == 2  # the wide and the narrow drawing


def test_worst_session_of_a_day_counts_wherever_the_worst_pain_is_told(told, patient, clinician_client):
    for occasion, worst in ((2, 9), (3, 3)):
        history.said(patient, date(2026, 5, 19), occasion=occasion, pain_worst=worst)

    page = clinician_client.get(url(patient)).content.decode()
    assert (
        '<th scope="row">18 May 2026</th><td class="num">2 of 2</td><td class="num">9</td><td class="num">9</td>'
        in page
    )
    assert re.search(r'<span class="tag danger">Sessions</span>|class="tag danger">Sessions', page)
    assert "Median worst pain, 7 days to that day no answer 9 of 10" in text(
        clinician_client.get(url(patient, "two-days/"), {"a": "2026-05-13", "b": "2026-05-20"})
    )
    assert "worst pain 9 of 10" in summary_text(clinician_client.get(url(patient, "summary/")))


def test_week_of_long_ago_reads_no_day_after_it(told, patient, clinician_client):
    with CaptureQueriesContext(connection) as asked:
        clinician_client.get(url(patient, "two-days/"), {"a": "2023-05-08", "b": "2023-05-14"})

    of_days = [each["sql"] for each in asked if re.search(r'FROM "clinic_(session|dailytally)"', each["sql"])]
    assert len(of_days) == 4
    assert all("BETWEEN" in sql for sql in of_days)


@pytest.mark.parametrize(("period", "weeks"), [("6", 6), ("12", 12), ("all", 4)])
def test_charts_cover_the_period_asked_for(period, weeks, told, patient, clinician_client):
    page = clinician_client.get(url(patient), {"p": period}).content.decode()

    assert (
        len(re.findall(r'<tr><th scope="row">\d+ \w+ 2026</th><td class="num">', page.split("Day</th>")[0])) == weeks
    )


# --- two days side by side ---


def test_last_visit_stands_beside_today(told, patient, clinician_client):
    page = text(clinician_client.get(url(patient, "two-days/")))

    assert "11 May 2026 beside 20 May 2026" in page
    assert "ODI 2.1a 60 % 20 % Better, meaningful change" in page
    assert "PSFS 4.0 4.0 Not answered since" in page
    assert "Dance at the wedding 3 of 10 6 of 10 Closer by 3" in page
    assert "The same plan" in page


def test_any_two_days_tell_what_changed_in_words(told, patient, clinician_client):
    page = text(clinician_client.get(url(patient, "two-days/"), {"a": "2026-05-08", "b": "2026-05-14"}))
    assert "Exercise plan, version 1 Exercise plan, version 2 Another version" in page
    assert "Bridge: now 2 sets of 10 (was 10 times)." in page and "Removed: Plank." in page
    assert "4 of 5 days, dose 80 % 5 of 7 days, dose 60 % Down 9 percentage points" in page
    assert "6.5 of 10 no answer" in page
    assert "Dance at the wedding not rated 3 of 10" in page


def test_days_that_rested_before_the_first_day_were_not_missed(plan, patient, clinician, clinician_client):
    """Of the seven days up to the 10th three rested, and that was over before it."""
    history.done(plan, *[date(2026, 5, day) for day in (7, 8, 9, 10)])
    for line in plan.lines.all():
        Easing.objects.create(
            patient=patient, thread=line.thread, kind=Easing.Kind.WITHHELD, because=Easing.Because.STOP,
            from_day=date(2026, 5, 4), until_day=date(2026, 5, 6), made_by=clinician.user,
        )  # fmt: skip

    page = text(clinician_client.get(url(patient, "two-days/"), {"a": "2026-05-10", "b": "2026-05-20"}))

    assert "Adherence, 7 days to that day 4 of 4 days, dose 100 %" in page


@pytest.mark.parametrize("asked", [{"a": "soon"}, {"b": "2027-01-01"}, {"a": "2026-05-10", "b": "2026-05-09"}])
def test_days_that_cannot_be_compared_are_refused_at_their_field(asked, told, patient, clinician_client):
    response = clinician_client.get(url(patient, "two-days/"), asked)

    assert response.status_code == 422
    assert 'class="invalid-feedback"' in response.content.decode()
    assert list(asked.values())[-1] in response.content.decode()


# --- the visit summary ---


def summary_text(response):
    return re.search(r"<textarea[^>]*>(.*?)</textarea>", response.content.decode(), re.S)[1]


def test_summary_tells_since_the_last_visit_what_a_note_needs(told, patient, clinician_client):
    said = summary_text(clinician_client.get(url(patient, "summary/")))

    assert said.strip().startswith("Visit summary, 11 May 2026 to 20 May 2026\nMargaret Ellis, born 14 March 1962.")
    for line in (
        "PLAN\n- Exercise plan, version 2, paused",
        "- 6 of 8 planned days done",
        "- 19 May, patient: “Walked to the pond.”",
        "- ODI 2.1a: 60 %, now 20 %. Better, meaningful change.",
        "- 18 May: Adverse event: I fell: It passed by itself; Happened on 16 May; “On the stairs.”",
        "- Dance at the wedding: 3 of 10, now 6 of 10. Closer by 3.",
        "AGREED AT THE LAST VISIT\n- 11 May 2026: Walk daily.\n- 11 May 2026: Back in May.",
        "- 2 messages, the last on 20 May.",
        "- Open task, Pain is rising: Median worst pain up 2 points",
    ):
        assert line in said, line


def test_summary_begins_at_the_last_version_where_no_visit_was_noted_and_else_four_weeks_ago(
    in_may, patient, clinician, bridge, clinician_client
):
    assert "Visit summary, 22 April 2026 to" in summary_text(clinician_client.get(url(patient, "summary/")))

    sent = plans.published(patient, by=clinician.user, exercises=[bridge])
    sent.published_at = timezone.now() - timedelta(days=6)
    sent.save()
    assert "Visit summary, 14 May 2026 to" in summary_text(clinician_client.get(url(patient, "summary/")))

    write_note(patient=patient, by=clinician.user, visit_on=date(2026, 5, 2), plan="Go on.")
    write_note(
        patient=patient, by=clinician.user, visit_on=date(2026, 5, 20), plan="Go on."
    )  # today's does not count
    assert "Visit summary, 2 May 2026 to" in summary_text(clinician_client.get(url(patient, "summary/")))


def test_summary_since_a_day_of_ones_own(told, patient, clinician_client):
    said = summary_text(clinician_client.get(url(patient, "summary/"), {"since": "2026-05-18"}))

    assert "Visit summary, 18 May 2026 to" in said
    assert "- 2 of 2 planned days done" in said


@pytest.mark.parametrize("since", ["soon", "2026-05-21", "1066-10-14"])
@pytest.mark.parametrize("page", ["summary/", "summary.pdf"])
def test_day_that_no_summary_can_begin_at_is_refused(page, since, in_may, patient, clinician_client):
    response = clinician_client.get(url(patient, page), {"since": since})

    assert response.status_code == 422
    assert since in response.content.decode()


def test_summary_is_never_too_long_for_a_note(told, patient, clinician, clinician_client):
    for n in range(30):
        goal = Goal.objects.create(patient=patient, text=f"{n} " + "Dance " * 45)
        Goal.objects.filter(pk=goal.pk).update(added_at=timezone.now() - timedelta(days=12))
    write_note(patient=patient, by=clinician.user, visit_on=date(2026, 5, 12), plan="\n".join(["x" * 400] * 18))

    said = summary_text(clinician_client.get(url(patient, "summary/"))).strip()

    assert len(said) <= MOST
    assert "and 21 more" in said


def test_summary_counts_what_it_does_not_read(told, patient, clinician_client):
    now, line = timezone.now(), told.lines.get()
    by = {"patient": patient, "written_by": patient.user}
    Message.objects.bulk_create(
        Message(**by, from_patient=True, text="x", written_at=now - timedelta(hours=n)) for n in range(140)
    )
    Skip.objects.bulk_create(
        Skip(
            patient=patient, day=date(2026, 5, 10) - timedelta(days=n), thread=line.thread, line=line, reason="travel",
            said_at=now, said_by=patient.user,
        )
        for n in range(90)
    )  # fmt: skip

    said = summary_text(clinician_client.get(url(patient, "summary/"), {"since": "2026-01-01"}))

    assert "- 142 messages, the last on 20 May." in said
    assert re.search(r"- and at least \d+ more\n\nPAIN", said)


def test_summary_as_a_pdf_says_the_same(told, patient, clinician_client):
    response = clinician_client.get(url(patient, "summary.pdf"))

    assert (response["Content-Type"], response["Cache-Control"]) == ("application/pdf", "no-store, private")
    assert patient.last_name not in response["Content-Disposition"]
    pdf = " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())
    assert "Visit summary, 11 May 2026 to 20 May 2026" in pdf
    assert "Closer by 3." in pdf and "Walked to the pond." in pdf


def test_pdf_that_would_lose_letters_leads_to_the_text(told, patient, clinician_client):
    Goal.objects.update(text="להתכופף")

    response = clinician_client.get(url(patient, "summary.pdf"), {"since": "2026-05-18"}, follow=True)

    assert "letters that the PDF cannot write" in text(response)
    assert "Visit summary, 18 May 2026 to" in summary_text(response)
    assert "להתכופף" in summary_text(response)


# --- the visit note ---


def written(**fields):
    return {f"visit-{name}": value for name, value in {"visit_on": "2026-05-20", **fields}.items()}


def test_visit_note_is_kept_in_its_parts_and_read_in_the_record(in_may, patient, clinician, clinician_client):
    parts = {"subjective": "Sleeps.", "objective": "SLR 70°", "assessment": "Settling", "plan": "Walk.\nRing."}

    response = clinician_client.post(url(patient, "note/"), written(**parts), follow=True)

    note = Note.objects.get()
    assert {name: getattr(note, name) for name in parts} == parts
    assert (note.visit_on, note.written_by, note.text) == (date(2026, 5, 20), clinician.user, "")
    assert "Visit of 20 May 2026 Subjective Sleeps. Objective SLR 70° Assessment Settling Plan Walk. Ring." in text(
        response
    )
    assert "Settling" in text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))
    assert AuditEvent.objects.get(action="note.written").detail == {}


def test_visit_note_sent_twice_is_one(in_may, patient, clinician_client):
    for _ in range(2):
        clinician_client.post(url(patient, "note/"), written(plan="Walk."))

    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [{}, {"plan": "  \n "}, {"plan": "x" * 8001}, {"plan": "Walk.", "visit_on": "2026-06-20"}, {"plan": "Walk.", "visit_on": ""}],
)  # fmt: skip
def test_visit_note_that_cannot_be_kept_loses_no_word(wrong, in_may, patient, clinician_client):
    for headers in ({}, {"HX-Request": "true"}):
        response = clinician_client.post(
            url(patient, "note/"), written(**{"assessment": "", **wrong}), headers=headers
        )

        assert response.status_code == 422
        assert wrong.get("plan", "").strip() in response.content.decode()
        assert "is-invalid" in response.content.decode()
    assert Note.objects.count() == 0


def test_offer_fills_two_parts_when_asked_and_keeps_what_was_typed(told, patient, clinician_client):
    before = Note.objects.count()
    empty = clinician_client.get(url(patient, "note/")).content.decode()
    assert "Walked to the pond" not in empty

    sent = written(subjective="Told me of her dog.", assessment="Settling") | {"offer": "1"}
    page = clinician_client.post(url(patient, "note/"), sent).content.decode()

    parts = dict(re.findall(r'<textarea name="visit-(\w+)"[^>]*>\s*(.*?)</textarea>', page, re.S))
    assert parts["subjective"].startswith("Told me of her dog.\n\nPain\n- Answers on")
    assert "Walked to the pond." in parts["subjective"] and "ODI 2.1a: 60 %, now 20 %" in parts["objective"]
    assert (parts["assessment"], parts["plan"]) == ("Settling", "")
    assert Note.objects.count() == before
    assert AuditEvent.objects.filter(action="record.viewed", detail={"part": "visit summary"}).count() == 1


def test_last_visit_stands_beside_the_form(told, patient, clinician_client):
    page = text(clinician_client.get(url(patient, "note/")))

    assert "The last visit Visit of 11 May 2026 Subjective Sleeps better. Plan Walk daily. Back in May." in page


def test_offer_taken_twice_says_it_once(told, patient, clinician_client):
    page = clinician_client.post(url(patient, "note/"), written() | {"offer": "1"}).content.decode()
    said = re.search(r'name="visit-subjective"[^>]*>\s*(.*?)</textarea>', page, re.S)[1]

    again = clinician_client.post(url(patient, "note/"), written(subjective=said) | {"offer": "1"}).content.decode()

    assert again.count("Answers on") == 1


def test_addendum_stands_beside_its_note_which_stays(in_may, patient, clinician, clinician_client):
    note = write_note(patient=patient, by=clinician.user, text="As it was.")

    page = text(clinician_client.get(url(patient, "note/"), {"to": note.pk}))
    assert "As it was." in page and "Subjective" not in page

    response = clinician_client.post(url(patient, f"note/?to={note.pk}"), {"visit-text": "Put right."}, follow=True)

    added = Note.objects.exclude(pk=note.pk).get()
    assert (added.adds_to, added.text, Note.objects.get(pk=note.pk).text) == (note, "Put right.", "As it was.")
    assert "Addendum to the note of 20 May 2026, 09:00" in text(response)


def test_addendum_to_what_is_no_note_of_this_patient_is_not_found(
    in_may, patient, other_patient, clinician, clinician_client
):
    theirs = write_note(patient=other_patient, by=clinician.user, text="Theirs.")
    own = write_note(patient=patient, by=clinician.user, text="Own.")
    added = write_note(patient=patient, by=clinician.user, text="Added.", adds_to=own)

    for number in (theirs.pk, added.pk, 999999, "x", "9" * 40):
        assert clinician_client.get(url(patient, f"note/?to={number}")).status_code == 404
        assert clinician_client.post(url(patient, f"note/?to={number}"), {"visit-text": "x"}).status_code == 404


def test_patient_never_sees_a_note(told, patient, patient_client):
    for path in ("/today/", "/today/progress/", "/today/plan/", "/messages/"):
        assert "Sleeps better." not in patient_client.get(path).content.decode()


# --- goals ---


def goal_of(patient):
    return Goal.objects.create(patient=patient, text="Dance at the wedding")


def test_patient_says_how_close_a_goal_is_and_everybody_sees_it(in_may, patient, patient_client, clinician_client):
    goal = goal_of(patient)
    GoalStep.objects.create(
        goal=goal, close=2, day=date(2026, 5, 4), said_at=timezone.now(), said_by=patient.user
    )  # fmt: skip

    for _ in range(2):
        patient_client.post("/today/progress/goal/", {"goal": goal.pk, "close": "6"})

    assert list(goal.steps.values_list("close", "day")) == [(2, date(2026, 5, 4)), (6, date(2026, 5, 20))]
    assert AuditEvent.objects.filter(action="goal.step").count() == 1
    said = "How close: from 2 on 4 May to 6 of 10 on 20 May"
    sheet = PdfReader(BytesIO(patient_client.post("/today/progress/sheet.pdf").content))
    assert said in " ".join("".join(page.extract_text() for page in sheet.pages).split())
    assert said in text(patient_client.get("/today/progress/"))
    assert said in text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))


def test_last_number_of_a_day_counts(in_may, patient, patient_client):
    goal = goal_of(patient)
    for close in ("6", "4"):
        patient_client.post("/today/progress/goal/", {"goal": goal.pk, "close": close})

    assert [step.close for step in goal.steps.all()] == [4]


@pytest.mark.parametrize("close", ["", "11", "-1", "x"])
def test_number_that_is_none_is_refused_at_its_goal(close, in_may, patient, patient_client, clinician_client):
    goal = goal_of(patient)
    paths = ((patient_client, "/today/progress/goal/"), (clinician_client, f"/clinic/patients/{patient.uuid}/goals/"))
    for client, path in paths:
        response = client.post(path, {"goal": goal.pk, "close": close})

        assert response.status_code == 422
        assert "Choose a number from 0 to 10." in text(response)
    assert GoalStep.objects.count() == 0


def test_goal_of_somebody_else_or_reached_takes_no_number(in_may, patient, other_patient, patient_client):
    reached = goal_of(patient)
    Goal.objects.filter(pk=reached.pk).update(reached_at=timezone.now())
    for goal in (goal_of(other_patient), reached):
        assert patient_client.post("/today/progress/goal/", {"goal": goal.pk, "close": "3"}).status_code == 404
    assert GoalStep.objects.count() == 0


def test_clinician_notes_a_number_for_an_earlier_day_but_not_for_one_to_come(in_may, patient, clinician_client):
    goal, path = goal_of(patient), f"/clinic/patients/{patient.uuid}/goals/"

    clinician_client.post(path, {"goal": goal.pk, "close": "5", "day": "2026-05-11"})
    late = clinician_client.post(path, {"goal": goal.pk, "close": "9", "day": "2026-05-21"})

    assert late.status_code == 422 and "This day is still to come" in text(late)
    assert list(goal.steps.values_list("close", "day")) == [(5, date(2026, 5, 11))]


def test_measures_are_compared_with_their_baseline_on_the_timeline(told, patient, clinician_client):
    assert Measurement.objects.filter(patient=patient, measure="odi").count() == 2
    page = timeline(clinician_client.get(url(patient), {"k": "c"}))

    assert re.search(r"ODI 2.1a: 20 % Measures .*Better, meaningful change", page)
