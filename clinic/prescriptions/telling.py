"""What a patient is told about an exercise: copied from the catalogue when a prescription is published, and kept."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language

from exercises.models import Exercise

Record = dict[str, Any]

TOLD = (
    "plain_name", "name", "purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel",
    "position", "category", "side", "pose", "picture_alt", "video_url", "level",
)  # fmt: skip


def told(exercise: Exercise, translated: Mapping[str, Record] | None = None) -> Record:
    """translated: its texts by language, kept along so that a patient may change theirs."""
    others = {
        language: {name: text for name, text in texts.items() if name in TOLD}
        for language, texts in (translated or {}).items()
    }
    return {field: getattr(exercise, field) for field in TOLD} | {
        "slug": exercise.slug,
        "tags": sorted(tag.slug for tag in exercise.tags.all()),
        "picture": exercise.picture.url if exercise.picture else "",
        "video_url": exercise.watch_url,
        **({"in": others} if others else {}),
    }


def told_now(record: Record) -> Record:
    """The record in the language of the moment, as far as it was translated when it was told."""
    return record | record["in"].get(get_language(), {}) if "in" in record else record
