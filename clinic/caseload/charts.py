"""Charts as SVG without a script. Each says in a sentence what it shows; its numbers stand beside or below it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.caseload.adherence import Band, WeekAdherence, band
from patients.accounts.thresholds import DEFAULTS, Thresholds


def levels(thresholds: Thresholds = DEFAULTS) -> dict[str, str]:
    """What the beads of a week stand for."""
    partial, high = round(100 * thresholds.partial_from), round(100 * thresholds.high_from)
    return {
        "off": gettext("no plan or paused"),
        "h0": gettext("none"),
        "h1": gettext("under %(low)s %%") % {"low": partial},
        "h3": gettext("%(low)s to %(high)s %%") % {"low": partial, "high": high - 1},
        "h4": gettext("%(low)s %% or more") % {"low": high},
    }


def day_levels(thresholds: Thresholds = DEFAULTS) -> dict[str, str]:
    partial, high = round(100 * thresholds.partial_from), round(100 * thresholds.high_from)
    under, over = gettext("under half"), gettext("half or more")
    if partial != 50:
        under = gettext("under %(low)s %%") % {"low": partial}
        over = gettext("%(low)s %% or more") % {"low": partial}
    return {
        "off": gettext("nothing asked"),
        "none": gettext("nothing done"),
        "low": under,
        "part": over,
        "high": gettext("%(low)s %% or more") % {"low": high},
    }


_OF_BAND = {Band.LOW: "h1", Band.PARTIAL: "h3", Band.HIGH: "h4"}
LEVEL_OF = {Band.LOW: "low", Band.PARTIAL: "part", Band.HIGH: "high"}
_OFF = '<rect class="off" x="{}" y="3" width="11" height="14" rx="5"/>'
_BEAD = '<rect class="{}" x="{}" y="1" width="14" height="18" rx="5"/>'


def level(week: WeekAdherence, thresholds: Thresholds = DEFAULTS) -> str:
    if week.frequency is None:
        return "off"
    return _OF_BAND[band(week.frequency, thresholds)] if week.frequency else "h0"


def heat(weeks: Sequence[WeekAdherence], thresholds: Thresholds = DEFAULTS) -> SafeString:
    """One bead a week, the last one this week so far."""
    shown, words = [level(week, thresholds) for week in weeks], levels(thresholds)
    beads = "".join(
        _OFF.format(17 * n + 3) if each == "off" else _BEAD.format(each, 17 * n + 1) for n, each in enumerate(shown)
    )
    label = gettext("Sessions done by week, last %(number)s weeks: %(words)s") % {
        "number": len(shown),
        "words": ", ".join(words[each] for each in shown),
    }
    # Nothing a person typed goes into it, and fifty rows of format_html would cost more than the page's queries.
    return mark_safe(f'<svg class="heat" viewBox="0 0 206 20" role="img" aria-label="{escape(label)}">{beads}</svg>')


def spark(pains: Sequence[tuple[date, int]], today: date, days: int) -> SafeString:
    """The worst pain of each day with an answer; a lone answer is a dot."""
    if not pains:
        return mark_safe("")
    points = [(round(104 - 100 * (today - day).days / days, 1), round(26 - 2.2 * score, 1)) for day, score in pains]
    line = "M" + "L".join(f"{x} {y}" for x, y in points) if len(points) > 1 else ""
    x, y = points[-1]
    first, last = pains[0][1], pains[-1][1]
    values = {"weeks": days // 7, "first": first, "last": last}
    if len(points) > 1:
        label = gettext("Pain over %(weeks)s weeks, from %(first)s to %(last)s") % values
    else:
        label = gettext("Pain %(last)s, one answer") % values
    return mark_safe(
        f'<svg class="spark" viewBox="0 0 110 30" role="img" aria-label="{escape(label)}">'
        f'<path class="base" d="M0 26.5H110"/><path d="{line}"/><circle cx="{x}" cy="{y}" r="3.5"/></svg>'
    )


def pain_chart(
    weeks: Sequence[tuple[date, int | None]], events: Sequence[tuple[date, str]], *, width: int = 760
) -> SafeString:
    """The worst pain of each week, 0 to 10, with the days on which something changed. `weeks` go by their first day."""
    left, right, top, bottom = 34, width - 6, 46, 232
    step = (right - left) / len(weeks)
    points = [(round(left + (n + 0.5) * step), score) for n, (_, score) in enumerate(weeks)]
    known = [(x, score) for x, score in points if score is not None]

    def high(score: float) -> int:
        return round(bottom - (bottom - top) * score / 10)

    every = 2 if width > 500 else 4
    names = [
        (x, bottom + 22, short_date(day))
        for n, ((x, _), (day, _)) in enumerate(zip(points, weeks, strict=True))
        if (len(weeks) - 1 - n) % every == 0
    ]
    marks = []
    for n, (day, words) in enumerate(events):
        x = round(min(right, left + step * (day - weeks[0][0]) / timedelta(days=7)))
        is_late, y = x > right - 90, 14 + 16 * (n % 2)
        marks.append((x, y - 8, bottom, x - 7 if is_late else x + 7, y, "end" if is_late else "start", words))
    end = ""
    if known:
        x, score = known[-1]
        falls = len(known) > 1 and known[-2][1] > score
        # Beside a falling line there is room below the last point, unless that is where the axis is.
        y = high(score) + (22 if falls and score else -28 if falls else -12)
        end = format_html(
            '<text class="strong" x="{}" y="{}" text-anchor="{}">{}</text>',
            min(x + 12, right), y, "end" if x > left + 90 else "start",
            gettext("Worst pain %(score)s") % {"score": score},
        )  # fmt: skip
    return format_html(
        '<svg class="chart" viewBox="0 0 {} 262" role="img" aria-label="{}">{}{}{}<path class="l2" d="{}"/>{}{}</svg>',
        width,
        pain_sentence([score for _, score in known]),
        format_html_join(
            "",
            '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
            [(left, high(n), right, left - 10, high(n) + 4, n) for n in range(0, 11, 2)],
        ),
        format_html_join("", '<text x="{}" y="{}" text-anchor="middle">{}</text>', names),
        format_html_join("", '<path class="ev" d="M{} {}V{}"/><text x="{}" y="{}" text-anchor="{}">{}</text>', marks),
        _line([None if score is None else (x, high(score)) for x, score in points]),
        format_html_join(
            "",
            '<circle class="d2" cx="{}" cy="{}" r="{}"/>',
            [(x, high(score), 5 if (x, score) == known[-1] else 3) for x, score in known],
        ),
        end,
    )


def _line(points: Sequence[tuple[int, int] | None]) -> str:
    """A path through the points, broken where a week has no answer: nobody said what lies between."""
    path, is_open = "", False
    for point in points:
        if point:
            path += f"{'L' if is_open else 'M'}{point[0]} {point[1]}"
        is_open = point is not None
    return path


_FELL = _("Worst pain of the week fell from %(first)s to %(last)s of 10 over %(weeks)s weeks with an answer.")
_FELL_PEAK = _(
    "Worst pain of the week fell from %(first)s to %(last)s of 10 over %(weeks)s weeks with an answer, with a peak of %(most)s."
)
_ROSE = _("Worst pain of the week rose from %(first)s to %(last)s of 10 over %(weeks)s weeks with an answer.")
_ROSE_PEAK = _(
    "Worst pain of the week rose from %(first)s to %(last)s of 10 over %(weeks)s weeks with an answer, with a peak of %(most)s."
)
_STAYED = _("Worst pain of the week stayed at %(last)s of 10 over %(weeks)s weeks with an answer.")
_STAYED_PEAK = _(
    "Worst pain of the week stayed at %(last)s of 10 over %(weeks)s weeks with an answer, with a peak of %(most)s."
)


def pain_sentence(scores: Sequence[int]) -> str:
    if not scores:
        return gettext("No pain answers yet.")
    if len(scores) == 1:
        return gettext("Worst pain %(score)s of 10 in the one week with an answer.") % {"score": scores[0]}
    first, last, most = scores[0], scores[-1], max(scores)
    values = {"first": first, "last": last, "most": most, "weeks": len(scores)}
    has_peak = most > max(first, last)
    if first == last:
        said = _STAYED_PEAK if has_peak else _STAYED
    elif last < first:
        said = _FELL_PEAK if has_peak else _FELL
    else:
        said = _ROSE_PEAK if has_peak else _ROSE
    return str(said) % values


def sessions_chart(weeks: Sequence[tuple[date, WeekAdherence]], thresholds: Thresholds = DEFAULTS) -> SafeString:
    """Session-days done each week as bars, against the days that were planned as a line across each."""
    most = max([4, *(max(week.session_days_planned, week.session_days_done) for _, week in weeks)])
    left, right, top, bottom = 30, 360, 24, 170
    slot = (right - left) / len(weeks)

    def high(days: float) -> int:
        return round(bottom - (bottom - top) * days / most)

    every = 1 if most <= 4 else 2
    grid = format_html_join(
        "",
        '<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>',
        [(left, high(n), right, left - 8, high(n) + 4, n) for n in range(0, most + 1, every)],
    )
    bars, plans, names = [], [], []
    for n, (day, week) in enumerate(weeks):
        x = round(left + n * slot + 4, 1)
        wide = round(slot - 8, 1)
        if week.session_days_done:
            y = high(week.session_days_done)
            bars.append(("bar low" if level(week, thresholds) == "h1" else "bar", x, y, wide, bottom - y))
        if week.session_days_planned:
            plans.append((round(left + n * slot + 1, 1), high(week.session_days_planned), round(slot - 2, 1)))
        if (len(weeks) - 1 - n) % 4 == 0:
            is_last = n == len(weeks) - 1
            names.append(
                (
                    right if is_last else round(x + wide / 2),
                    bottom + 20,
                    "end" if is_last else "middle",
                    short_date(day),
                )
            )
    return format_html(
        '<svg class="chart" viewBox="0 0 370 200" role="img" aria-label="{}">{}{}{}{}</svg>',
        sessions_sentence([week for _, week in weeks]),
        grid,
        format_html_join("", '<rect class="{}" x="{}" y="{}" width="{}" height="{}" rx="4"/>', bars),
        format_html_join("", '<path class="plan" d="M{} {}h{}"/>', plans),
        format_html_join("", '<text x="{}" y="{}" text-anchor="{}">{}</text>', names),
    )


def sessions_sentence(weeks: Sequence[WeekAdherence]) -> str:
    planned = [week for week in weeks if week.session_days_planned]
    if not planned:
        return gettext("Nothing was planned in these weeks.")
    met = sum(week.session_days_done >= week.session_days_planned for week in planned)
    return gettext(
        "Days with a session, each week against the plan: all of them done in %(met)s of %(weeks)s weeks with a plan."
    ) % {"met": met, "weeks": len(planned)}


def short_date(day: date) -> str:
    return date_format(day, "j M")
