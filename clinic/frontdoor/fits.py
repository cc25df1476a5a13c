"""What fits a patient now, from their plan alone. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from clinic.today.reading import Line
from clinic.today.understand import is_first_week
from exercises.lists import Moment
from exercises.offers import moments_of
from exercises.teaching import Teaching

NEW_FOR = timedelta(days=30)


def moments_now(lines: Sequence[Line], today: date, *, must_wait: bool) -> list[Moment]:
    """The most pressing first. must_wait: a red-flag check says that a clinician looks first."""
    if must_wait:
        return [Moment.FIRST_VISIT]
    if not lines:
        return [Moment.FIRST_VISIT, Moment.FIRST_WEEK]
    version = lines[0].version
    found = []
    if version.gentle_until and version.gentle_until >= today:
        found = [Moment.FLARE, Moment.PAIN_UP, Moment.EASE]
    if is_first_week(version, today):
        found.append(Moment.FIRST_WEEK)
    kinds = (moments_of(category=x.told.category, phase=x.phase, tags=x.told.tags) for x in lines if not x.rests)
    # What most of the plan is about comes first.
    of_plan = Counter(moment for kind in kinds for moment in kind)
    return [*found, *(moment for moment, _ in of_plan.most_common())]


@dataclass(frozen=True, slots=True)
class Newcomers:
    """Texts that came after a patient did, and not long ago."""

    since: datetime
    now: datetime

    def among(self, texts: Iterable[Teaching]) -> set[str]:
        """Their slugs."""
        after = max(self.since, self.now - NEW_FOR)
        return {text.slug for text in texts if text.added_at and text.added_at > after}
