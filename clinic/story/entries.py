"""What happened, as entries of one timeline: its kinds, its pages and its groups. Pure.

Each source hands over its newest rows before a day, so many at most. A page ends where the first of them knows no more,
and always between two days, so that nothing is shown twice or left out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import groupby

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.today.plan import week_start

ROWS = 60  # of one source, read for a page
SHOWN = 60  # entries, and then the rest of that day
DAY = timedelta(days=1)
WEEKS, MONTHS = "w", "m"


class Kind(StrEnum):
    """The values go into addresses, so they say nothing about health."""

    DAY = "a"
    PAIN = "b"
    MEASURE = "c"
    PLAN = "d"
    MESSAGE = "e"
    FLARE = "f"
    CHECK = "g"
    EVENT = "h"
    NOTE = "i"
    GOAL = "j"
    TASK = "k"
    OFF = "l"
    PEOPLE = "m"

    @property
    def label(self) -> str:
        return str(LABELS[self])


LABELS = {
    Kind.DAY: _("Sessions"),
    Kind.PAIN: _("Pain zones"),
    Kind.MEASURE: _("Measures"),
    Kind.PLAN: _("Plan"),
    Kind.MESSAGE: _("Messages"),
    Kind.FLARE: _("Flare-ups and easings"),
    Kind.CHECK: _("Red-flag checks"),
    Kind.EVENT: _("Adverse events"),
    Kind.NOTE: _("Notes"),
    Kind.GOAL: _("Goals"),
    Kind.TASK: _("Tasks"),
    Kind.OFF: _("Days off and pauses"),
    Kind.PEOPLE: _("Record and people"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """day: the patient's own. at: the moment, where one is known. lines: what else is to be said, each short. quotes: what
    somebody wrote, in their words. url: where it lives. tone: as on tags."""

    kind: Kind
    day: date
    title: str
    lines: tuple[str, ...] = ()
    url: str = ""
    tone: str = ""
    who: str = ""
    at: datetime | None = None
    quotes: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[date, float]:
        """Newest last; what has no moment of its own comes before what has."""
        return self.day, self.at.timestamp() if self.at else 0.0

    @property
    def is_listed(self) -> bool:
        """Its lines stand below one another; those of other kinds are short and share one."""
        return self.kind in (Kind.PLAN, Kind.NOTE)

    @property
    def words(self) -> str:
        """In one line, for a text."""
        quoted = (f"“{quote}”" for quote in self.quotes)
        said = "; ".join(" ".join(line.split()).rstrip(".") for line in (*self.lines, *quoted) if line.strip())
        return f"{self.title}: {said}" if said else self.title


@dataclass(frozen=True, slots=True)
class Read:
    """What one source knows. reaches: the last day of which it may not know all; None where it knows everything."""

    entries: tuple[Entry, ...]
    reaches: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """entries: newest first. earlier: entries before that day make the next page. is_cut: so much happened on the one
    day of the page that some of it is not shown."""

    entries: tuple[Entry, ...]
    earlier: date | None = None
    is_cut: bool = False

    def groups(self, by: str, first_weekday: int) -> list[tuple[str, list[Entry]]]:
        """Under the name of their week, or month."""

        def name(entry: Entry) -> str:
            if by == MONTHS:
                return date_format(entry.day, "F Y")
            start = week_start(entry.day, first_weekday)
            return gettext("Week of %(day)s") % {"day": date_format(start, "j F Y")}

        return [(key, list(entries)) for key, entries in groupby(self.entries, name)]


def page_of(reads: Iterable[Read], before: date, *, shown: int = SHOWN) -> Page:
    """The newest entries before a day, as far back as all sources know everything."""
    reads = list(reads)
    found = sorted((entry for read in reads for entry in read.entries), key=lambda entry: entry.order, reverse=True)
    unsure = max((read.reaches for read in reads if read.reaches), default=None)
    if unsure is not None and unsure >= before - DAY:  # more of one day than a source reads
        day = before - DAY
        return Page(tuple(entry for entry in found if entry.day == day), day, is_cut=True)
    known = [entry for entry in found if unsure is None or entry.day > unsure]
    page = _whole_days(known, shown)
    if len(page) < len(known):
        return Page(tuple(page), page[-1].day)
    return Page(tuple(page), unsure + DAY if unsure else None)


def _whole_days(entries: Sequence[Entry], shown: int) -> Sequence[Entry]:
    if len(entries) <= shown:
        return entries
    last = entries[shown - 1].day
    return [entry for entry in entries if entry.day >= last]
