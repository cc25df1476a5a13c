"""Literal exercises for tests."""

from datetime import date

from django.utils import timezone

from clinic.models import Protocol
from exercises.models import Article, Exercise, Muscle, Question

VOUCHED_FOR = date(2199, 1, 1)


def vouch_for_everything() -> None:
    """For tests with the starter content: somebody of the clinic has read all of it."""
    for model in (Exercise, Article, Question):
        model.objects.update(review_by=VOUCHED_FOR, updated_at=timezone.now())
    Protocol.objects.update(review_by=VOUCHED_FOR)


def muscle(slug: str = "gluteus-maximus", name: str = "gluteus maximus", region: str = "hips") -> Muscle:
    return Muscle.objects.get_or_create(
        slug=slug, defaults={"name": name, "plain_name": "buttocks", "region": region}
    )[0]


def exercise(slug: str = "bridge", **fields) -> Exercise:
    values = {
        "name": slug.replace("-", " ").capitalize(),
        "plain_name": slug.replace("-", " ").capitalize(),
        "category": "stability",
        "position": "supine",
        "phases": ["main"],
        "level": 2,
        "measure": "reps",
        "sets": 3,
        "reps": 10,
        "hold_s": 5,
        "rest_s": 30,
        "times_per_day": 1,
        "days_per_week": 7,
        "purpose": "This may help your hips carry you.",
        "setup": "Lie on your back with your knees bent.",
        "steps": ["Press your feet down.", "Lift your hips.", "Lower slowly."],
        "cues": ["Keep breathing.", "Move slowly."],
        "mistakes": ["Arching your back. Lift a little less high."],
        "ease_off": "Stop if the pain spreads down your leg.",
        "feel": "Work in your buttocks.",
        "reviewed_by": "Rita Voss",
        "reviewed_on": date(2026, 1, 5),
        "review_by": VOUCHED_FOR,
    } | fields
    made = Exercise.objects.create(slug=slug, **values)
    made.primary_muscles.add(muscle())
    return made
