from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.utils import timezone

from patients.models import Activity, AuditEvent, Measurement, Patient, Task
from patients.outcomes import wording
from patients.outcomes.actions import (
    TooMany,
    current_activities,
    name_activities,
    raise_what_is_due,
    record_measurement,
    retire_activity,
)
from patients.outcomes.history import course_of, one_series
from patients.outcomes.measures import BY_SLUG, GROC, NPRS, ODI, PSFS, RMDQ, START
from patients.outcomes.scoring import OutOfRange
from patients.records.models import Episode
from patients.tasks.actions import resolve

pytestmark = pytest.mark.django_db


@pytest.fixture
def answer(patient):
    """Answers a measure some days ago, as a clinician enters it later or the patient did then."""

    def answer(measure, *, days_ago=0, by=None, **said):
        now = timezone.now() - timedelta(days=days_ago)
        return record_measurement(patient=patient, by=by or patient.user, measure=measure, now=now, **said)

    return answer


@pytest.fixture
def long_known(patient):
    began = timezone.now() - timedelta(days=84)
    Patient.objects.filter(pk=patient.pk).update(created_at=began)
    patient.refresh_from_db()
    return patient


def test_measurement_keeps_items_score_version_and_language(answer, patient):
    made = answer(NPRS, items={"now": 3, "worst": 6, "week": 4}, note="after a long drive")

    made.refresh_from_db()
    assert (made.items, made.score, made.version, made.language) == (
        {"now": 3, "worst": 6, "week": 4}, Decimal(4), "own-1+1", "en",
    )  # fmt: skip
    assert (made.day, made.answered_by, made.note) == (patient.local_day(), patient.user, "after a long drive")


def test_measurement_is_never_changed(answer):
    made = answer(ODI, score=Decimal(40))
    made.score = Decimal(10)

    with pytest.raises(TypeError):
        made.save()


def test_measurement_leaves_an_audit_line_without_values(answer, patient):
    made = answer(ODI, score=Decimal(40))

    line = AuditEvent.objects.get(action="measure.answered")
    assert line.subject == f"measurement:{made.uuid}"
    assert line.detail == {"measure": "odi", "complete": True}


def test_measurement_sent_twice_is_one(answer, patient):
    first = answer(NPRS, items={"week": 4})
    second = answer(NPRS, items={"week": 4})

    assert first == second
    assert Measurement.objects.count() == 1
    answer(NPRS, items={"week": 5})
    assert Measurement.objects.count() == 2


def test_incomplete_answer_is_kept_without_score_and_may_be_left_so_once_more(answer):
    for _ in range(2):
        answer(NPRS, items={"now": 4})
    assert Measurement.objects.count() == 1
    for _ in range(2):
        answer(NPRS, items={"now": 4}, again=True)

    assert list(Measurement.objects.values_list("score", "items")) == [(None, {"now": 4})] * 2


def test_score_outside_its_range_and_a_day_to_come_are_refused(answer, patient):
    with pytest.raises(OutOfRange):
        answer(ODI, score=Decimal(101))
    with pytest.raises(OutOfRange):
        answer(ODI, score=Decimal(10), day=patient.local_day() + timedelta(days=1))
    assert not Measurement.objects.exists()


def test_worse_by_as_much_as_matters_raises_a_task(answer, long_known):
    answer(ODI, score=Decimal(20), days_ago=50)
    answer(ODI, score=Decimal(32))

    task = Task.objects.get(kind="worse")
    day, now = [long_known.local_day() - timedelta(days=n) for n in (50, 0)]
    assert task.words == (
        f"ODI 2.1a is worse by as much as matters: from 20 % on {day.day} {day:%b %Y} to 32 % on {now.day} {now:%b %Y}."
    )
    assert task.raised_by is None


@pytest.mark.parametrize(
    ("measure", "scores"),
    [
        (ODI, (40, 45)),
        (ODI, (40, 28)),
        (NPRS, (5, 6)),
        (BY_SLUG["tug"], (10, 30)),
        (GROC, (-2,)),
        (GROC, (3,)),
    ],
)
def test_what_is_not_worse_enough_raises_none(answer, long_known, measure, scores):
    for n, score in enumerate(scores):
        answer(measure, score=Decimal(score), days_ago=50 - 20 * n)

    assert not Task.objects.exists()


def test_worse_than_the_last_time_counts_too(answer, long_known):
    for n, score in enumerate((8, 3, 5)):
        answer(NPRS, items={"week": score}, days_ago=40 - 10 * n)

    assert Task.objects.get().kind == "worse"


def test_change_rated_much_worse_raises_a_task_by_itself(answer, long_known):
    answer(GROC, items={"change": -3})

    assert "GROC is worse by as much as matters: -3, much worse" in Task.objects.get().words


def test_higher_risk_group_raises_a_task(answer, long_known):
    answer(START, items={"total": 5, "psych": 2}, days_ago=50)
    answer(START, items={"total": 6, "psych": 4})

    assert Task.objects.get().kind == "worse"


def test_function_is_compared_over_the_same_activities(answer, long_known):
    answer(PSFS, items={"1": 8, "2": 8, "3": 8}, days_ago=50)
    answer(PSFS, items={"4": 1, "2": 8, "3": 8})

    assert not Task.objects.exists()
    series = one_series(PSFS, list(Measurement.objects.all()), course_of(long_known))
    assert series.label == "No clear change"
    answer(PSFS, items={"4": 1, "2": 5, "3": 6})
    assert Task.objects.get().kind == "worse"


def test_late_entry_of_an_earlier_day_raises_none(answer, long_known, clinician):
    answer(ODI, score=Decimal(20), days_ago=50)
    answer(ODI, score=Decimal(24))
    day = long_known.local_day() - timedelta(days=30)
    answer(ODI, score=Decimal(60), day=day, by=clinician.user)

    assert not Task.objects.exists()


def test_a_new_episode_has_its_own_baseline(answer, long_known, clinician):
    answer(ODI, score=Decimal(10), days_ago=70)
    today = long_known.local_day()
    Episode.objects.create(
        patient=long_known, opened_on=today - timedelta(days=20), opened_at=timezone.now(), opened_by=clinician.user
    )
    answer(ODI, score=Decimal(50), days_ago=18)

    assert not Task.objects.exists()
    series = one_series(ODI, list(Measurement.objects.all()), course_of(long_known))
    assert (series.first.score, series.label) == (Decimal(50), "First score")


def test_activities_are_named_once_and_stay(patient):
    name_activities(patient=patient, by=patient.user, texts=["Put on  socks", "Garden", "garden ", ""])
    name_activities(patient=patient, by=patient.user, texts=["put on socks"])

    assert [each.text for each in current_activities(patient)] == ["Put on socks", "Garden"]
    assert AuditEvent.objects.get(action="activity.named").detail == {"activities": 2}


def test_there_are_five_activities_at_most(patient):
    with pytest.raises(TooMany):
        name_activities(patient=patient, by=patient.user, texts=[f"Thing {n}" for n in range(6)])

    assert not Activity.objects.exists()


def test_retired_activity_is_asked_no_more_and_twice_changes_nothing(patient, clinician):
    (garden,) = name_activities(patient=patient, by=patient.user, texts=["Garden"])
    for _ in range(2):
        retire_activity(activity=garden, by=clinician.user)

    assert list(current_activities(patient)) == []
    assert AuditEvent.objects.filter(action="activity.retired").count() == 1


def test_answering_notes_when_the_next_is_due(answer, patient):
    today = patient.local_day()
    answer(PSFS, items={"1": 2, "2": 5, "3": 8})
    patient.refresh_from_db()
    assert patient.measures_due_on == today
    answer(NPRS, items={"week": 4})
    answer(BY_SLUG["activity"], items={"days": 3, "minutes": 20})

    patient.refresh_from_db()
    assert patient.measures_due_on == today + timedelta(days=7)


def test_timer_notes_what_is_due_and_raises_one_task_where_it_is_long_overdue(long_known, other_patient):
    assert raise_what_is_due() == (2, 1)
    assert raise_what_is_due() == (2, 0)

    long_known.refresh_from_db()
    assert long_known.measures_due_on == course_of(long_known).start
    task = Task.objects.get()
    assert (task.patient, task.kind) == (long_known, "measure-due")
    assert task.words.startswith("Not answered: PSFS (due ")


def test_task_that_was_ended_is_not_raised_again_for_the_same(long_known, clinician):
    raise_what_is_due()
    resolve(task=Task.objects.get(), by=clinician.user, note="Will ask at the visit.")

    assert raise_what_is_due() == (1, 0)


def test_task_ends_when_everything_late_is_answered(long_known, answer):
    raise_what_is_due()
    answer(PSFS, items={"1": 2, "2": 5, "3": 8})
    answer(NPRS, items={"week": 4})
    answer(BY_SLUG["activity"], items={"days": 3, "minutes": 20})
    assert Task.objects.open().count() == 1
    answer(GROC, items={"change": 1})

    assert Task.objects.open().count() == 0


def test_timer_leaves_those_alone_who_were_discharged_long_ago(long_known, clinician):
    Patient.objects.filter(pk=long_known.pk).update(
        discharged_at=timezone.now() - timedelta(days=40), discharged_by=clinician.user,
        measures_due_on=long_known.local_day(),
    )  # fmt: skip

    assert raise_what_is_due() == (0, 0)
    long_known.refresh_from_db()
    assert long_known.measures_due_on is None


def test_timer_is_a_command(long_known, capsys):
    call_command("due_measures")

    assert capsys.readouterr().out == "1 patients, 1 tasks.\n"


@pytest.fixture
def items_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(wording, "FOLDER", tmp_path)
    wording._read.cache_clear()
    yield tmp_path
    wording._read.cache_clear()


def items_file(folder, count=24):
    statements = ", ".join(f'"Statement {n}"' for n in range(1, count + 1))
    (folder / "rmdq.toml").write_text(
        f'version = "24-en"\nlanguage = "en"\ncitation = "Whoever."\nlead = "Today?"\nstatements = [{statements}]\n'
    )


def test_no_text_of_a_questionnaire_is_shipped():
    assert wording.wording_of(RMDQ) is None
    assert wording.wording_of(ODI) is None


def test_text_that_a_clinic_adds_is_kept_by_its_version(items_folder, answer):
    items_file(items_folder)

    made = answer(RMDQ, items={str(n): int(n < 8) for n in range(1, 25)})

    assert (made.score, made.version) == (Decimal(7), "24-en+1")


def test_text_that_does_not_fit_is_refused_with_its_reason(items_folder):
    items_file(items_folder, 23)

    with pytest.raises(wording.UnusableItems, match=r"rmdq.toml: 24 statements are needed, and 23 are there"):
        wording.wording_of(RMDQ)
