"""The progress page and its sheet: what they show, to whom, and at what cost."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from clinic.progress.pdf import pdf_of
from clinic.progress.reading import progress_of
from patients.audit.models import AuditEvent
from patients.models import Activity, Goal, Measurement
from patients.outcomes.measures import NPRS, PSFS
from tests.factories import catalogue, checks, history, plans

pytestmark = pytest.mark.django_db
URL, SHEET = "/today/progress/", "/today/progress/sheet.pdf"


def text(response):
    return response.content.decode()


def pdf_text(response):
    assert response["Content-Type"] == "application/pdf"
    return " ".join("\n".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages).split())


def answer(patient, measure, day, score, **items):
    Measurement.objects.create(
        patient=patient, measure=measure.slug, version="1+1", score=Decimal(score), items=items, day=day,
        answered_at=timezone.now(), answered_by=patient.user,
    )  # fmt: skip


def began(patient):
    patient.episodes.create(opened_on=date(2026, 5, 3), opened_at=timezone.now())


@pytest.fixture
def story(plan, patient, clinician):
    """Two weeks of a plan, answers that got better, a goal."""
    began(patient)
    history.done(plan, *[date(2026, 5, day) for day in (4, 5, 6, 8, 11, 12, 18, 19)])
    shoes = Activity.objects.create(
        patient=patient, text="Tie my shoes", named_at=timezone.now(), named_by=patient.user
    )
    for day, level, pain in ((date(2026, 5, 4), 2, 7), (date(2026, 5, 18), 7, 3)):
        answer(patient, PSFS, day, level, **{str(shoes.pk): level})
        answer(patient, NPRS, day, pain, week=pain, worst=pain + 1)
    Goal.objects.create(
        patient=patient, text="Dance at the wedding", due_on=date(2026, 7, 4), added_by=clinician.user
    )
    history.said(patient, date(2026, 5, 12), pain_before=4, pain_worst=6)
    return plan


def test_page_says_how_it_stands_and_what_changed(story, patient_client):
    page = text(patient_client.get(URL))

    assert "Better than when you began" in page
    assert "2 of 7 days so far" in page
    assert "Tie my shoes" in page and "2 of 10, very hard" in page and "7 of 10, fairly well" in page
    assert "Lately it was usually 3 of 10, mild, I notice it, and 4 at its worst." in page
    assert "8 days with exercises since 4 May." in page
    assert "Dance at the wedding" in page


def test_page_gives_no_grade_and_no_blame(story, patient_client):
    main = text(patient_client.get(URL)).split("<main")[1].split("</main>")[0].lower()

    assert not re.search(r"%|missed|streak|failed|adherence", main)


def test_chart_has_its_numbers_as_a_table(story, patient_client):
    page = text(patient_client.get(URL))

    assert '<th scope="row">11 May</th><td>4</td><td>6</td>' in page
    assert page.count('<svg class="chart course"') == 2


def test_version_of_the_plan_is_marked_in_the_charts(story, patient, clinician, patient_client):
    bridge = catalogue.exercise("bridge-2")
    plans.revised(story, by=clinician.user, lines=[plans.Line(bridge)], on=date(2026, 5, 11))

    page = text(patient_client.get(URL))

    assert page.count('class="version"') == 2
    assert "Version 2 of your plan: from 11 May" in page


def test_worse_asks_to_call_and_offers_how(plan, patient, patient_client):
    began(patient)
    history.done(plan, date(2026, 5, 18))
    for day, pain in ((date(2026, 5, 4), 3), (date(2026, 5, 18), 7)):
        answer(patient, NPRS, day, pain, week=pain)

    page = text(patient_client.get(URL))

    assert "Harder than when you began" in page and "Clearly harder. Please tell your clinic." in page
    assert f'href="{reverse("messages")}">Write to my clinic' in page


def test_newcomer_is_told_what_will_be_here(in_may, patient_client):
    page = text(patient_client.get(URL))

    assert "No plan yet" in page and "Nothing ticked yet." in page and "Nothing to compare yet." in page


def test_page_and_sheet_are_one_value(story, patient, patient_client):
    value = progress_of(patient, user=patient.user)
    page, sheet = text(patient_client.get(URL)), pdf_text(patient_client.post(SHEET))

    said = [value.told.title, value.told.text, value.total, value.pain.sentence, value.function.sentence]
    said += [word for each in value.changes for word in (each.name, each.then, each.now)]
    said += [week.words for week in value.weeks]
    for words in said:
        assert words in sheet
        assert words in page or words.capitalize() in page


def test_sheet_names_whose_it_is_and_carries_what_was_asked(story, patient, patient_client):
    response = patient_client.post(SHEET, {"questions": "May I dig again?\nΜπορώ;", "paper": "letter"})

    sheet = pdf_text(response)
    assert "Margaret Ellis, born 14 March 1962" in sheet
    assert "From 4 May 2026 to 20 May 2026." in sheet
    assert "What I want to ask May I dig again? Μπορώ;" in sheet
    assert "Dance at the wedding, by 4 July 2026" in sheet
    assert "Bridge: 10 times" in sheet
    page = PdfReader(BytesIO(response.content)).pages[0]
    assert (round(page.mediabox.width), round(page.mediabox.height)) == (612, 792)


def test_sheet_leaves_nothing_behind_but_an_audit_line(story, patient, patient_client):
    response = patient_client.post(SHEET, {"questions": "A secret worry"})

    assert response["Content-Disposition"] == 'attachment; filename="progress.pdf"'
    assert "no-store" in response["Cache-Control"]
    event = AuditEvent.objects.get(action="progress.printed")
    assert (event.patient, event.detail) == (str(patient.uuid), {})


def test_sheet_of_a_usual_plan_is_one_page_and_of_a_long_one_two(story, patient):
    value = progress_of(patient, user=patient.user, with_exercises=True)

    assert len(PdfReader(BytesIO(pdf_of(value, paper="a4"))).pages) == 1

    longest = replace(
        value,
        weeks=(value.weeks * 6)[:12],
        changes=(value.changes * 4)[:8],
        goals=value.goals * 5,
        questions="Why does it hurt in the evening? " * 18,
        plan=replace(value.plan, exercises=value.plan.exercises * 20),
    )
    assert len(PdfReader(BytesIO(pdf_of(longest, paper="letter"))).pages) <= 2


def test_sheet_without_any_history_is_a_sheet(in_may, patient, patient_client):
    assert "No plan yet" in pdf_text(patient_client.post(SHEET))


def test_too_long_a_question_is_refused_with_the_typing_kept(story, patient_client):
    response = patient_client.post(SHEET, {"questions": "long " * 121})

    assert response.status_code == 422
    assert "Please keep it to 600 letters" in text(response) and "long long long" in text(response)
    assert not AuditEvent.objects.filter(action="progress.printed").exists()


def test_letters_the_sheet_cannot_write_are_named_and_nothing_is_lost(story, patient_client):
    response = patient_client.post(SHEET, {"questions": "腰が痛い"})

    assert response.status_code == 422
    assert "The PDF cannot write these letters" in text(response) and "腰が痛い" in text(response)


def test_paper_that_does_not_exist_is_refused(story, patient_client):
    assert patient_client.post(SHEET, {"paper": "a0"}).status_code == 422


def test_sheet_is_no_page_to_get(story, patient_client):
    assert patient_client.get(SHEET).status_code == 405


def test_stopped_patient_sees_how_it_stands_and_gets_no_sheet(story, patient, patient_client):
    checks.flagged(patient, RF02="yes")

    page = text(patient_client.get(URL))

    assert "Your exercises are stopped for now" in page and "Make the PDF" not in page
    assert patient_client.post(SHEET).status_code == 403


def test_clinician_opens_the_same_sheet_from_the_record(story, patient, clinician_client):
    url = reverse("progress_pdf", args=[patient.uuid])
    assert url in text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))

    sheet = pdf_text(clinician_client.get(url))

    assert "Margaret Ellis, born 14 March 1962" in sheet and "Tie my shoes" in sheet
    assert AuditEvent.objects.filter(action="progress.printed", role="clinician", patient=str(patient.uuid)).exists()


def test_sheet_of_a_name_it_cannot_write_sends_back_to_the_record(story, patient, clinician_client):
    patient.last_name = "山田"
    patient.save()

    response = clinician_client.get(reverse("progress_pdf", args=[patient.uuid]), follow=True)

    assert "letters that the PDF cannot write" in text(response)


def test_page_of_one_patient_shows_nothing_of_another(story, other_patient_client):
    page = text(other_patient_client.get(URL))

    assert "shoes" not in page and "wedding" not in page and "Ellis" not in page


def make_long(patient, plan):
    past = [patient.local_day() - timedelta(days=n) for n in range(1, 400)]
    history.done(plan, *past)
    for n, day in enumerate(past):
        history.said(patient, day, pain_before=3, pain_worst=5)
        if not n % 7:
            answer(patient, NPRS, day, 3, week=3)


@pytest.mark.parametrize("is_long", [False, True])
def test_page_and_sheet_ask_a_fixed_number_of_queries(
    is_long, plan, patient, patient_client, clinician_client, django_assert_num_queries
):
    if is_long:
        make_long(patient, plan)
    Goal.objects.create(patient=patient, text="Dance at the wedding")
    patient_client.get(URL)
    with django_assert_num_queries(13):
        patient_client.get(URL)
    with django_assert_num_queries(15):
        patient_client.post(SHEET)
    clinician_client.get("/clinic/")
    with django_assert_num_queries(16):
        clinician_client.get(reverse("progress_pdf", args=[patient.uuid]))
