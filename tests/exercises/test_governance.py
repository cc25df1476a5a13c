"""Who vouches for a content, until when, and what takes that away. The states are pure."""

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.utils import timezone

from exercises.content.articles import load_articles
from exercises.content.load import load_catalogue
from exercises.governance import (
    READABLE_DAYS,
    UPDATE_DAYS,
    State,
    in_state,
    is_vouched_for,
    look_again,
    months_after,
    state_on,
    vouch_for,
)
from exercises.models import Article, Exercise
from tests.factories import articles, catalogue

TODAY = date(2031, 5, 14)


@pytest.mark.parametrize(
    ("reviewed_on", "left", "expected"),
    [
        (None, None, State.UNREVIEWED),
        (TODAY, 365, State.REVIEWED),
        (TODAY, 61, State.REVIEWED),
        (TODAY, 60, State.DUE),
        (TODAY, 0, State.DUE),
        (TODAY, -1, State.EXPIRED),
        (None, 180, State.DUE),  # in use before reviews were kept
        (None, -1, State.EXPIRED),
    ],
)
def test_state_follows_from_two_days(reviewed_on, left, expected):
    until = None if left is None else TODAY + timedelta(days=left)

    assert state_on(TODAY, reviewed_on=reviewed_on, review_by=until) == expected
    assert is_vouched_for(until, TODAY) == (expected in {State.REVIEWED, State.DUE})


@pytest.mark.django_db
@pytest.mark.parametrize("left", [-1, 0, 60, 61, 400])
@pytest.mark.parametrize("reviewed_on", [None, TODAY])
def test_database_says_the_same(left, reviewed_on):
    bridge = catalogue.exercise(reviewed_on=reviewed_on, review_by=TODAY + timedelta(days=left))

    found = [state for state in State if Exercise.objects.filter(in_state(state, TODAY)).exists()]

    assert found == [bridge.state_of_review(TODAY)]


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2031, 5, 14), 12, date(2032, 5, 14)),
        (date(2031, 8, 31), 6, date(2032, 2, 29)),
        (date(2031, 12, 1), 1, date(2032, 1, 1)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day, months, expected):
    assert months_after(day, months) == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [{"steps": ["One.", "Two.", "Four."]}, {"hold_s": 20}, {"cautions": "Not on Mondays."}, {"pose": "x"}],
    ids=lambda changes: next(iter(changes)),
)
def test_change_of_what_matters_takes_the_review_away_and_says_what_changed(changes):
    bridge = catalogue.exercise()
    vouch_for([bridge], name="Rita Voss", day=TODAY)
    Exercise.objects.filter(pk=bridge.pk).update(**changes)

    lost = look_again(Exercise.objects.all())

    bridge.refresh_from_db()
    assert lost == {"Bridge": list(changes)}
    assert bridge.state_of_review(TODAY) == State.UNREVIEWED
    assert bridge.changed_since == list(changes)


@pytest.mark.django_db
def test_change_of_a_movement_tag_takes_the_review_away(db):
    from exercises.models import MovementTag

    bridge = catalogue.exercise()
    vouch_for([bridge], name="Rita Voss", day=TODAY)
    bridge.tags.add(MovementTag.objects.create(slug="impact", name="Impact", meaning="jolts"))

    assert look_again([bridge]) == {"Bridge": ["tags"]}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "changes",
    [
        {"plain_name": "Hip lift"},
        {"also_known_as": "Hip raise"},
        {"setup": "Lie  on your back with your knees bent."},
    ],
)
def test_change_of_a_name_or_a_space_takes_nothing_away(changes):
    bridge = catalogue.exercise()
    vouch_for([bridge], name="Rita Voss", day=TODAY)
    Exercise.objects.filter(pk=bridge.pk).update(**changes)

    assert look_again(Exercise.objects.all()) == {}


@pytest.mark.django_db
def test_starter_content_says_who_wrote_it_and_that_nobody_has_reviewed_it():
    load_catalogue()
    load_articles()

    for model in (Exercise, Article):
        assert set(model.objects.values_list("author", "licence", "reviewed_by", "reviewed_on", "review_by")) == {
            ("The Backwell authors", "mit", "", None, None)
        }
        assert not model.objects.filter(source="").exists()


@pytest.mark.django_db
def test_update_of_a_reviewed_exercise_leaves_a_running_clinic_time_to_read_it():
    load_catalogue()
    bridge = Exercise.objects.get(slug="bridge")
    today = date.today()
    vouch_for([bridge], name="Rita Voss", day=today)
    # As if the file had said so until now.
    bridge.steps = ["One.", "Two.", "Three."]
    bridge.vouch(name="Rita Voss", day=today, until=months_after(today, 12))
    bridge.save()

    load_catalogue(overwrite=["bridge"])

    bridge.refresh_from_db()
    assert bridge.changed_since == ["steps"]
    assert bridge.reviewed_on is None
    assert bridge.review_by == today + timedelta(days=UPDATE_DAYS)

    Exercise.objects.filter(slug="bridge").update(cautions="Not on Mondays.")
    look_again(Exercise.objects.filter(slug="bridge"))
    bridge.refresh_from_db()
    assert (bridge.review_by, bridge.changed_since) == (None, ["steps", "cautions"])


@pytest.mark.django_db
def test_what_an_admin_wrote_about_the_origin_stays():
    load_catalogue()
    Exercise.objects.filter(slug="bridge").update(author="Our own Sam", licence="own")

    load_catalogue()

    assert Exercise.objects.get(slug="bridge").author == "Our own Sam"


@pytest.mark.django_db
def test_text_that_nobody_vouches_for_is_not_public_and_one_that_ran_out_is_for_a_while():
    today = date.today()
    articles.article("reviewed", review_by=today)
    articles.article("lately", review_by=today - timedelta(days=READABLE_DAYS))
    articles.article("long-ago", review_by=today - timedelta(days=READABLE_DAYS + 1))
    articles.article("never", review_by=None)

    assert set(Article.objects.published().values_list("slug", flat=True)) == {"reviewed", "lately"}
    shown = {article.slug for article in Article.objects.all() if article.state_at(timezone.now()) == "Public"}
    assert shown == {"reviewed", "lately"}


@pytest.mark.django_db
def test_upgrade_gives_what_is_in_use_half_a_year_and_nobodys_name():
    migration = import_module("exercises.migrations.0007_governance")
    catalogue.exercise("bridge", review_by=None, reviewed_on=None, reviewed_by="")

    migration.begin(apps, None)

    bridge = Exercise.objects.get()
    assert bridge.review_by == date.today() + timedelta(days=183)
    assert bridge.state_of_review(date.today()) == State.DUE
    assert (bridge.reviewed_by, bridge.reviewed_on) == ("", None)
