"""The prompt to get up, as Today shows it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clinic.today.breaks import Prompt
from clinic.today.breaks_reading import Desk
from clinic.today.marks import squeezed
from clinic.today.reading import Line
from clinic.today.sprite import listed
from exercises.kept import kept_in_language
from patients.accounts.thresholds import Thresholds


@dataclass(frozen=True, slots=True)
class Watch:
    """Which prompt the page's script asks for, and when: milliseconds since 1970."""

    number: int
    at: int


def prompt_html(
    desk: Desk | None, lines: Sequence[Line], now: datetime, limits: Thresholds, *, whole: bool = True
) -> SafeString:
    """desk: None where it was not read yet; the page's script asks for it, or a link does. whole: for a page. Not
    whole: to replace the one that stands there."""
    if desk is None:
        return _unread()
    coming = desk.coming(now, limits)
    line = desk.offered_at(coming, lines) if coming else None
    last = desk.shown[-1] if desk.shown else None
    html = render_to_string(
        "clinic/today/_prompt.html",
        {
            "rhythm": desk.rhythm,
            "prompt": coming,
            "line": line,
            "figure": listed(line.told) if line else "",
            "watch": _watch(desk, coming, limits),
            "moved": last.number if last and last.done_at else 0,
            "later": coming.snoozes + 1 if coming and coming.snoozes_left else 0,
            "minutes": limits.break_snooze,
            "oob": mark_safe("" if whole else ' hx-swap-oob="true"'),
        },
    )
    return mark_safe(squeezed(html))


@kept_in_language(maxsize=16)
def _unread() -> SafeString:
    """For the first look of a day, whose queries are spent on noting that it was one."""
    html = render_to_string("clinic/today/_prompt.html", {"unread": True, "watch": Watch(1, 0)})
    return mark_safe(squeezed(html))


def _watch(desk: Desk, coming: Prompt | None, limits: Thresholds) -> Watch | None:
    """The prompt to come; of one that stands there already, the one after it."""
    if coming is None or desk.rhythm is None:
        return None
    number, at = coming.number, coming.at
    if number <= desk.last_number and coming.is_due:
        number, at = number + 1, at + timedelta(minutes=desk.rhythm.every_minutes)
    if number > limits.breaks_a_day and number > desk.last_number:
        return None
    return Watch(number, int(at.timestamp() * 1000))
