from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.utils import timezone

from clinic.today.breaks_actions import move, put_off, set_rhythm, show_prompt
from clinic.today.breaks_reading import breaks_kept, desk_of
from clinic.today.models import BreakPrompt, BreakRhythm
from clinic.today.reading import lines_on
from patients.models import AuditEvent
from tests.factories import plans

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}
# Wednesday 10:05 in London.
NOW = datetime(2026, 3, 4, 10, 5, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch):
    """What time it is for everybody; `clock(minutes)` moves it on."""
    time_is = [NOW]
    monkeypatch.setattr("django.utils.timezone.now", lambda: time_is[0])

    def on(minutes):
        time_is[0] += timedelta(minutes=minutes)

    return on


@pytest.fixture
def desk_plan(clock, patient, clinician, exercises):
    return plans.published(
        patient,
        by=clinician.user,
        lines=[
            plans.Line(exercises["bridge"], "3 x 10"),
            plans.Line(exercises["shrug"], "1 x 5, 3x/day", phase="desk"),
            plans.Line(exercises["plank"], "1 x 20 s, 3x/day", phase="desk"),
        ],
    )


@pytest.fixture
def rhythm(desk_plan, patient):
    return set_rhythm(
        patient=patient, by=patient.user, every_minutes=60, from_time=time(9), until_time=time(17),
        weekdays=[0, 1, 2, 3, 4], is_on=True,
    )  # fmt: skip


def text(response):
    return " ".join(response.content.decode().split())


def say(client, what, htmx=True):
    return client.post("/today/breaks/prompt/", {"prompt": what}, headers=HTMX if htmx else {})


def local(patient):
    return timezone.now().astimezone(patient.zone)


@pytest.fixture
def looked(patient_client):
    """The page was opened before on that day."""
    patient_client.get("/today/week/")


def test_first_look_of_a_day_leaves_the_prompt_to_the_script_or_a_link(rhythm, patient_client):
    page = text(patient_client.get("/today/"))

    assert 'data-due="0" data-number="1" data-post="/today/breaks/prompt/"' in page
    assert '<a class="prompt-set" href="/today/#prompt">When is my next break?</a>' in page


def test_today_without_a_rhythm_offers_to_set_one(desk_plan, looked, patient_client):
    page = text(patient_client.get("/today/"))

    assert '<a class="prompt-set" href="/today/breaks/">Tell me when to get up</a>' in page
    assert "Time to get up" not in page and "data-due" not in page


def test_today_without_desk_lines_says_nothing_of_breaks(clock, patient, clinician, exercises, patient_client):
    plans.published(patient, by=clinician.user, exercises=[exercises["bridge"]])

    assert 'id="prompt"' not in text(patient_client.get("/today/"))


def test_today_shows_the_prompt_that_is_due_with_its_figure_and_buttons(rhythm, looked, patient_client):
    page = text(patient_client.get("/today/"))

    assert "<strong>Time to get up.</strong> Any movement counts, for example:" in page
    assert 'value="1.moved.1"' in page and 'value="1.later.1"' in page and "In 10 minutes" in page
    assert 'data-number="1"' in page
    assert not BreakPrompt.objects.exists()


def test_today_shows_when_the_next_one_comes(rhythm, looked, patient_client, clock):
    clock(-30)
    page = text(patient_client.get("/today/"))

    assert "Next at <strong>10:00</strong>: " in page
    assert f'data-due="{int(datetime(2026, 3, 4, 10, tzinfo=UTC).timestamp() * 1000)}"' in page
    assert "I moved" not in page


def test_prompt_counts_as_shown_when_it_was_on_the_screen(rhythm, patient, patient_client):
    for _ in range(2):
        answer = text(say(patient_client, "1.shown"))

    prompt = BreakPrompt.objects.get()
    assert (prompt.number, prompt.shown_at, prompt.done_at) == (1, NOW, None)
    assert prompt.thread in [line.thread for line in lines_on(NOW.date(), user=patient.user) if line.is_break]
    assert 'hx-swap-oob="true"' in answer and 'data-number="2"' in answer
    assert AuditEvent.objects.filter(action="break.shown").count() == 1


@pytest.mark.parametrize("what", ["2.shown", "0.shown", "99.moved.1", "1.later.2", "1.moved.2", "nonsense", ""])
def test_what_is_not_due_changes_nothing(rhythm, patient_client, what):
    assert say(patient_client, what).status_code == 200
    assert not BreakPrompt.objects.filter(number__gt=1).exists()
    assert not BreakPrompt.objects.exclude(done_at=None).exists()
    assert not BreakPrompt.objects.filter(snoozes__gt=0).exists()


def test_prompt_before_its_time_is_not_shown(rhythm, patient_client, clock):
    clock(-10)
    say(patient_client, "1.shown")

    assert not BreakPrompt.objects.exists()


def test_moving_answers_the_prompt_and_may_be_taken_back(rhythm, patient_client):
    answer = say(patient_client, "1.moved.1")
    assert "Well done. Next at <strong>11:05</strong>" in text(answer)
    assert answer["HX-Trigger-After-Settle"] == '{"focus-on":"prompt-h"}'
    say(patient_client, "1.moved.1")
    assert BreakPrompt.objects.get().done_at == NOW

    assert 'value="1.moved.1"' in text(say(patient_client, "1.moved.0"))
    assert BreakPrompt.objects.get().done_at is None


def test_without_script_the_answer_leads_back_to_today(rhythm, patient_client):
    response = say(patient_client, "1.moved.1", htmx=False)

    assert (response.status_code, response["Location"]) == (302, "/today/#prompt")


def test_prompt_can_be_put_off_twice_and_a_double_tap_is_one(rhythm, looked, patient_client, clock):
    for _ in range(2):
        answer = text(say(patient_client, "1.later.1"))
    assert BreakPrompt.objects.get().snoozes == 1
    assert "Next at <strong>10:15</strong>" in answer
    clock(10)
    assert 'value="1.later.2"' in text(patient_client.get("/today/"))
    say(patient_client, "1.later.2")
    clock(10)
    page = text(patient_client.get("/today/"))
    assert "Time to get up" in page and "In 10 minutes" not in page
    say(patient_client, "1.later.3")

    assert BreakPrompt.objects.get().snoozes == 2


def test_the_exercises_take_turns_over_days_too(rhythm, patient, patient_client, clock):
    for minutes in (60, 60, 23 * 60, 60):
        number = len(BreakPrompt.objects.filter(day=local(patient).date())) + 1
        say(patient_client, f"{number}.moved.1")
        clock(minutes)
    threads = list(BreakPrompt.objects.values_list("thread", flat=True))

    assert len(threads) == 4
    assert all(one != other for one, other in pairwise(threads))


def test_a_tick_of_a_break_answers_the_prompt_that_stands_there(rhythm, desk_plan, patient, patient_client):
    say(patient_client, "1.shown")
    shrug = desk_plan.lines.get(exercise__slug="shrug")

    patient_client.post(
        "/today/check/", {"day": NOW.date().isoformat(), "tick": f"{shrug.uuid}.1.all.1", "round": "1"}, headers=HTMX
    )

    assert BreakPrompt.objects.get().done_at == NOW


def test_rhythm_is_set_changed_and_turned_off(desk_plan, patient, patient_client):
    form = text(patient_client.get("/today/breaks/"))
    assert 'value="09:00"' in form and 'value="17:00"' in form and '<option value="60" selected>' in form
    sent = {"is_on": "1", "from_time": "08:30", "until_time": "16:00", "every_minutes": "45", "weekdays": ["0", "2"]}

    response = patient_client.post("/today/breaks/", sent)

    assert (response.status_code, response["Location"]) == (302, "/today/")
    known = BreakRhythm.objects.get()
    assert (known.every_minutes, known.from_time, known.weekdays, known.is_on) == (45, time(8, 30), [0, 2], True)
    patient_client.post("/today/breaks/", sent | {"is_on": ""})
    known.refresh_from_db()
    assert known.is_on is False
    patient_client.post("/today/breaks/", sent | {"is_on": ""})
    assert [line.detail for line in AuditEvent.objects.filter(action="breaks.set").order_by("pk")] == [
        {"fields": ["every_minutes", "from_time", "until_time", "weekdays", "is_on"]}, {"fields": ["is_on"]},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"until_time": "07:00"}, "This has to be later than the start."),
        ({"from_time": "early"}, "A time, like 09:00."),
        ({"weekdays": []}, "Choose at least one day."),
        ({"every_minutes": "5"}, "Select a valid choice."),
    ],
)
def test_rhythm_that_cannot_be_is_refused_and_typing_kept(desk_plan, patient_client, wrong, said):
    sent = {"from_time": "08:30", "until_time": "16:00", "every_minutes": "45", "weekdays": ["0", "2"]} | wrong

    response = patient_client.post("/today/breaks/", sent)

    assert response.status_code == 422
    assert said in text(response)
    assert not BreakRhythm.objects.exists()


def test_clinician_sees_breaks_apart(rhythm, patient, patient_client, clinician_client, clock):
    assert "No prompt was shown" in text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))
    say(patient_client, "1.moved.1")
    clock(60)
    say(patient_client, "2.shown")

    assert "Breaks: 1 of 2 shown" in text(clinician_client.get(f"/clinic/patients/{patient.uuid}/"))
    assert (breaks_kept(patient).done, breaks_kept(patient).shown) == (1, 2)


def test_another_patients_prompts_are_not_seen(rhythm, other_patient, other_patient_client):
    say(other_patient_client, "1.moved.1")

    assert not BreakPrompt.objects.exists()
    assert desk_of(other_patient, other_patient.user, local(other_patient)).rhythm is None


def test_compiled_reading_and_queryset_say_the_same(rhythm, patient, clinician):
    now = local(patient)
    lines = lines_on(now.date(), user=patient.user)
    show_prompt(patient=patient, by=patient.user, number=1, lines=lines, now=now)
    put_off(patient=patient, by=patient.user, number=1, times=1, lines=lines, now=now)
    move(patient=patient, by=patient.user, number=1, moved=True, lines=lines, now=now)

    # Not compiled: asked for by somebody who is no patient.
    assert desk_of(patient, patient.user, now) == desk_of(patient, clinician.user, now)
    assert desk_of(patient, patient.user, now).shown[0].done_at == now


@pytest.mark.parametrize("prompts", [0, 8])
def test_today_at_the_desk_asks_seven_queries_at_most(
    rhythm, patient, patient_client, prompts, django_assert_num_queries
):
    patient_client.get("/today/week/")
    BreakPrompt.objects.bulk_create(
        BreakPrompt(patient=patient, day=NOW.date() - timedelta(days=back), number=n, shown_at=NOW, done_at=NOW)
        for back in range(3)
        for n in range(1, prompts + 1)
    )
    with django_assert_num_queries(6):
        patient_client.get("/today/")


def test_first_look_of_the_day_at_the_desk_asks_seven_queries(rhythm, patient_client, django_assert_num_queries):
    with django_assert_num_queries(7):
        patient_client.get("/today/")
