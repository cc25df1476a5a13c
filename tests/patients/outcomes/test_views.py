from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from patients.models import Activity, AuditEvent, Measurement, Patient
from patients.outcomes.actions import name_activities, record_measurement
from patients.outcomes.measures import GROC, NPRS, ODI, PSFS
from tests.patients.outcomes.test_actions import items_file, items_folder  # noqa: F401

pytestmark = pytest.mark.django_db


@pytest.fixture
def long_known(patient):
    Patient.objects.filter(pk=patient.pk).update(created_at=timezone.now() - timedelta(days=84))
    patient.refresh_from_db()
    return patient


@pytest.fixture
def activities(patient):
    return name_activities(patient=patient, by=patient.user, texts=["Put on socks", "Garden", "Lift my grandson"])


def text(response):
    return " ".join(response.content.decode().split())


def test_patient_sees_what_is_due_in_plain_words(patient_client, patient):
    page = text(patient_client.get("/measures/"))

    assert "To answer now" in page
    assert 'href="/measures/psfs/"' in page and "What you want to do again" in page
    assert "Better or worse" in page.split("Something changed?")[1]


def test_patient_with_everything_answered_is_told_when_it_goes_on(patient_client, patient, activities):
    for measure, items in ((PSFS, {"1": 2, "2": 5, "3": 8}), (NPRS, {"week": 4})):
        record_measurement(patient=patient, by=patient.user, measure=measure, items=items)
    patient_client.post("/measures/activity/", {"days": "2", "minutes": "20"})
    day = patient.local_day() + timedelta(days=7)

    page = text(patient_client.get("/measures/"))

    assert "Nothing to answer now" in page
    assert f"The next questions come on {day:%A} {day.day} {day:%B}." in page


def test_patient_names_three_activities_first(patient_client, patient):
    assert "Name 3." in text(patient_client.get("/measures/psfs/"))

    refused = patient_client.post("/measures/psfs/", {"activity_1": "Socks", "activity_2": "socks"})
    assert refused.status_code == 422
    assert 'value="Socks"' in text(refused) and "Name three different ones." in text(refused)

    named = patient_client.post(
        "/measures/psfs/", {"activity_1": "Socks", "activity_2": "Garden", "activity_3": "Stairs"}
    )
    assert (named.status_code, named["Location"]) == (302, "/measures/psfs/")
    assert list(Activity.objects.values_list("text", flat=True)) == ["Socks", "Garden", "Stairs"]
    assert "How well can you do these now?" in text(patient_client.get("/measures/psfs/"))


def test_patient_answers_how_well_the_same_activities_go(patient_client, patient, activities):
    sent = {f"a{each.pk}": str(value) for each, value in zip(activities, (2, 5, 8), strict=True)}

    response = patient_client.post("/measures/psfs/", sent)

    assert (response.status_code, response["Location"]) == (302, "/measures/")
    made = Measurement.objects.get()
    assert made.score == Decimal("5.0")
    assert made.items == {str(each.pk): value for each, value in zip(activities, (2, 5, 8), strict=True)}


def test_what_was_left_out_is_asked_once_more_and_then_left(patient_client, patient):
    first = patient_client.post("/measures/nprs/", {"now": "0", "worst": "6", "week": ""})
    assert first["Location"] == "/measures/nprs/"
    page = text(patient_client.get("/measures/nprs/"))
    assert "Something is still blank." in page and 'name="again" value="1"' in page
    assert 'id="id_worst" value="6"' in page and 'id="id_now" value="0"' in page

    second = patient_client.post("/measures/nprs/", {"now": "0", "worst": "6", "week": "", "again": "1"})

    assert second["Location"] == "/measures/"
    assert list(Measurement.objects.values_list("score", flat=True)) == [None, None]
    assert "One answer is still missing" not in text(patient_client.get("/measures/"))


def test_missing_answer_that_comes_later_makes_the_score(patient_client):
    patient_client.post("/measures/nprs/", {"now": "3", "week": ""})
    patient_client.post("/measures/nprs/", {"now": "3", "week": "5", "again": "1"})

    assert list(Measurement.objects.values_list("score", flat=True)) == [None, Decimal(5)]


@pytest.mark.parametrize(
    ("slug", "sent", "said"),
    [
        ("nprs", {"week": "11"}, "A whole number from 0 to 10, or leave it empty."),
        ("nprs", {"week": "x"}, "A whole number from 0 to 10, or leave it empty."),
        ("nprs", {}, "Nothing is answered yet. Answer at least one."),
        ("groc", {"change": "9"}, "A whole number from -5 to 5, or leave it empty."),
        ("activity", {"days": "8", "minutes": "10"}, "A whole number from 0 to 7, or leave it empty."),
    ],
)
def test_answer_that_cannot_be_is_refused_and_typing_kept(patient_client, slug, sent, said):
    response = patient_client.post(f"/measures/{slug}/", sent)

    assert response.status_code == 422
    assert said in text(response)
    assert all(f'value="{value}"' in text(response) for value in sent.values() if slug == "nprs")
    assert not Measurement.objects.exists()


def test_change_is_a_choice_of_eleven_answers(patient_client):
    page = text(patient_client.get("/measures/groc/"))
    assert page.count('type="radio"') == 11

    patient_client.post("/measures/groc/", {"change": "-2"})

    assert Measurement.objects.get().score == -2


@pytest.mark.parametrize("slug", ["odi", "rmdq", "tug", "nonsense"])
def test_patient_is_not_asked_what_the_clinic_enters(patient_client, slug):
    assert patient_client.get(f"/measures/{slug}/").status_code == 404
    assert patient_client.post(f"/measures/{slug}/", {"score": "1"}).status_code == 404


def test_patient_ticks_statements_where_the_clinic_added_their_text(items_folder, patient_client):  # noqa: F811
    items_file(items_folder)
    page = text(patient_client.get("/measures/rmdq/"))
    assert page.count('type="checkbox"') == 24 and "Statement 24" in page

    patient_client.post("/measures/rmdq/", {"1": "1", "24": "1"})

    assert Measurement.objects.get().score == 2


def test_patient_may_tick_no_statement(items_folder, patient_client):  # noqa: F811
    items_file(items_folder)
    patient_client.post("/measures/rmdq/", {})

    assert Measurement.objects.get().score == 0


def test_progress_shows_own_answers_without_grades(patient_client, long_known):
    for days, items in ((40, {"1": 2, "2": 3, "3": 3}), (20, {"1": 5, "2": 6, "3": 6})):
        record_measurement(
            patient=long_known, by=long_known.user, measure=PSFS, items=items,
            now=timezone.now() - timedelta(days=days),
        )  # fmt: skip

    page = text(patient_client.get("/today/progress/"))

    assert "About 6 of 10 now. At the start it was about 3." in page
    assert "meaningful" not in page and "from here" not in page
    assert 'href="/measures/"' in page


def test_clinician_enters_a_total_and_sees_label_and_mark(clinician_client, clinician, long_known):
    address = f"/clinic/patients/{long_known.uuid}/measures/"
    for days, score in ((50, "46"), (0, "30")):
        day = long_known.local_day() - timedelta(days=days)
        response = clinician_client.post(
            address, {"measure": "odi", "score": score, "day": day.isoformat(), "note": ""}
        )
        assert (response.status_code, response["Location"]) == (302, f"{address}?measure=odi#m-odi")

    page = text(clinician_client.get(f"{address}?measure=odi"))

    assert "Better, meaningful change" in page
    assert "better from here" in page and "worse from here" in page
    assert "ODI 2.1a went from 46 % on" in page
    record = text(clinician_client.get(f"/clinic/patients/{long_known.uuid}/"))
    assert "Better, meaningful change" in record and "30 %<span" in record and "moderate</span>" in record
    assert set(Measurement.objects.values_list("answered_by", flat=True)) == {clinician.user.pk}


def test_clinician_enters_sections_and_two_ticks_count_as_the_higher(clinician_client, patient):
    sent = {f"s{n}": "2" for n in range(1, 9)} | {
        "s1": "1/4",
        "measure": "odi",
        "day": patient.local_day().isoformat(),
    }

    clinician_client.post(f"/clinic/patients/{patient.uuid}/measures/", sent)

    made = Measurement.objects.get()
    assert (made.items["s1"], made.score) == (4, Decimal("45.0"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"measure": "odi", "score": "101"}, "From 0 to 100."),
        ({"measure": "odi"}, "Enter a score."),
        ({"measure": "odi", "score": "20", "s1": "2"}, "Enter the score or the sections, not both."),
        ({"measure": "odi", "s1": "7"}, "0 to 5, or two ticks as 2/3."),
        ({"measure": "odi", "s1": "3"}, "At least 8 sections are needed for a score."),
        ({"measure": "rmdq", "score": "7.5"}, "A whole number from 0 to 24."),
        ({"measure": "start-back", "total": "2", "psych": "4"}, "This does not fit the total"),
        ({"measure": "start-back", "psych": "4"}, "The total is needed."),
        ({"measure": "tug", "score": "9.5", "day": "2999-01-01"}, "This day is still to come."),
        ({"measure": "tug", "score": "9.5", "day": ""}, "This field is required."),
    ],
)
def test_entry_that_cannot_be_is_refused_and_typing_kept(clinician_client, patient, sent, said):
    response = clinician_client.post(
        f"/clinic/patients/{patient.uuid}/measures/", {"day": patient.local_day().isoformat()} | sent
    )

    assert response.status_code == 422
    assert said in text(response)
    assert not Measurement.objects.exists()


def test_too_few_sections_are_kept_without_a_score_when_sent_again(clinician_client, patient):
    sent = {"measure": "odi", "s1": "3", "s2": "2", "day": patient.local_day().isoformat()}
    address = f"/clinic/patients/{patient.uuid}/measures/"
    assert 'name="again" value="1"' in text(clinician_client.post(address, sent))

    clinician_client.post(address, sent | {"again": "1"})

    assert list(Measurement.objects.values_list("score", "items")) == [(None, {"s1": 3, "s2": 2})]
    assert "Incomplete" in text(clinician_client.get(address))


def test_unknown_measure_does_not_exist(clinician_client, patient):
    assert clinician_client.post(f"/clinic/patients/{patient.uuid}/measures/", {"measure": "x"}).status_code == 404


def test_page_names_what_is_due_and_leaves_an_audit_line(clinician_client, patient):
    page = text(clinician_client.get(f"/clinic/patients/{patient.uuid}/measures/"))

    assert "Due now" in page and "PSFS" in page
    assert AuditEvent.objects.get(action="record.viewed").detail == {"part": "measures"}


def test_clinician_adds_and_retires_an_activity(clinician_client, patient, activities):
    address = f"/clinic/patients/{patient.uuid}/activities/"
    clinician_client.post(address, {"text": "Climb stairs"})
    clinician_client.post(address, {"retire": str(activities[0].pk)})

    assert list(Activity.objects.filter(retired_at=None).values_list("text", flat=True)) == [
        "Garden", "Lift my grandson", "Climb stairs",
    ]  # fmt: skip
    for text_ in ("Swim", "Row"):
        clinician_client.post(address, {"text": text_})
    full = clinician_client.post(address, {"text": "Fly"})
    assert full.status_code == 422
    assert "At most 5 at a time. Retire one first." in text(full)


def test_activity_of_another_patient_does_not_exist(clinician_client, patient, other_patient):
    (theirs,) = name_activities(patient=other_patient, by=other_patient.user, texts=["Swim"])

    for typed in (str(theirs.pk), "x", "99999999999999999999999", ""):
        response = clinician_client.post(f"/clinic/patients/{patient.uuid}/activities/", {"retire": typed})
        assert response.status_code == 404


def measure_often(patient, times):
    for n in range(times):
        for measure, score in ((ODI, 40), (NPRS, 5), (GROC, 1)):
            Measurement.objects.create(
                patient=patient, measure=measure.slug, version="1", score=score, answered_at=timezone.now(),
                day=patient.local_day() - timedelta(days=n), answered_by=patient.user,
            )  # fmt: skip


@pytest.mark.parametrize("page", ["measures", "record"])
def test_pages_ask_as_many_queries_for_one_answer_as_for_thirty(
    clinician_client, patient, page, django_assert_num_queries, django_assert_max_num_queries
):
    address = f"/clinic/patients/{patient.uuid}/" + ("measures/" if page == "measures" else "")
    measure_often(patient, 1)
    clinician_client.get(address)
    with django_assert_max_num_queries(9 if page == "measures" else 30) as little:
        clinician_client.get(address)
    measure_often(patient, 30)

    with django_assert_num_queries(len(little)):
        clinician_client.get(address)


def test_patients_pages_ask_a_fixed_number_of_queries(patient_client, patient, activities, django_assert_num_queries):
    with django_assert_num_queries(4):
        patient_client.get("/measures/")
    measure_often(patient, 30)
    with django_assert_num_queries(4):
        patient_client.get("/measures/")
    with django_assert_num_queries(4):
        patient_client.get("/measures/psfs/")


@pytest.mark.parametrize(("due_in", "is_said"), [(None, False), (1, False), (0, True), (-3, True)])
def test_today_says_when_questions_are_due_at_no_cost(
    patient_client, patient, due_in, is_said, django_assert_num_queries
):
    day = None if due_in is None else patient.local_day() + timedelta(days=due_in)
    Patient.objects.filter(pk=patient.pk).update(measures_due_on=day, seen_on=patient.local_day())

    patient_client.get("/today/")
    with django_assert_num_queries(7):  # without a plan: who writes it, beside the usual ones
        page = text(patient_client.get("/today/"))

    assert ("A few short questions. About 2 minutes." in page) is is_said
