"""Nobody prescribes what nobody vouches for.

`refuse_unvouched` is the one place that keeps an exercise or a protocol out of a draft, however it would get in; what a
patient's plan has already stays, with a hint that its review is overdue.
"""

from collections.abc import Collection, Iterable
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.prescriptions.models import PrescribedExercise, Prescription, Protocol, ProtocolLine
from exercises.governance import is_vouched_for, vouched_on, why_not
from exercises.models import Exercise


class NotVouchedFor(Exception):
    """It would be newly prescribed, and nobody vouches for it today. `reasons`: in words, one for each."""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__(" ".join(reasons))


def refuse_unvouched(
    exercises: Iterable[Exercise],
    *,
    into: Prescription,
    in_draft: Collection[int] = (),
    protocol: Protocol | None = None,
) -> None:
    """NotVouchedFor where one of `exercises` would be new in the draft `into`, or `protocol` is, and its review is
    missing or ran out. in_draft: keys of the exercises that the draft has already. No query where all is well."""
    today = timezone.localdate()
    reasons = [why] if protocol and (why := _reason(protocol.name, protocol.review_by, today)) else []
    coming = [exercise for exercise in exercises if exercise.pk not in in_draft]
    if reasons := reasons + _reasons(coming, into, today):
        raise NotVouchedFor(list(dict.fromkeys(reasons)))


def unvouched(lines: Collection[PrescribedExercise], draft: Prescription, day: date | None = None) -> list[str]:
    """What stands in the way of sending: lines that are new in this version, and nobody vouches for them."""
    return list(dict.fromkeys(_reasons([line.exercise for line in lines], draft, day or timezone.localdate())))


def overdue(exercise: Exercise, day: date) -> str:
    """The hint at a line that a plan has already; empty while somebody vouches for it."""
    if exercise.review_by is None:
        return gettext("Review overdue: nobody vouches for it.")
    if is_vouched_for(exercise.review_by, day):
        return ""
    return gettext("Review overdue since %(day)s.") % {"day": date_format(exercise.review_by, "j F Y")}


def lines_unvouched(protocols: Iterable[Protocol], day: date) -> dict[int, list[tuple[int, str]]]:
    """By protocol, the stage and name of each exercise that nobody vouches for. One query."""
    lines = ProtocolLine.objects.filter(protocol__in=protocols).exclude(vouched_on(day, "exercise__"))
    found: dict[int, list[tuple[int, str]]] = {}
    for protocol, stage, name in lines.order_by("position").values_list("protocol", "stage", "exercise__name"):
        found.setdefault(protocol, []).append((stage, name))
    return found


def _reasons(exercises: Iterable[Exercise], draft: Prescription, day: date) -> list[str]:
    refused = [(exercise, why) for exercise in exercises if (why := _reason(exercise.name, exercise.review_by, day))]
    if not refused or draft.replaces_id is None:
        return [why for _, why in refused]
    had = set(PrescribedExercise.objects.filter(prescription=draft.replaces_id).values_list("exercise", flat=True))
    return [why for exercise, why in refused if exercise.pk not in had]


def _reason(name: str, review_by: date | None, day: date) -> str:
    why = why_not(review_by, day)
    return gettext("%(name)s cannot be prescribed. %(why)s") % {"name": name, "why": why} if why else ""
