"""Charts as SVG without a script. Each says in a sentence what it shows; its numbers stand beside or below it."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from clinic.caseload.adherence import Band, WeekAdherence, band
from patients.accounts.thresholds import DEFAULTS, Thresholds


def levels(thresholds: Thresholds = DEFAULTS) -> dict[str, str]:
    """What the beads of a week stand for."""
    partial, high = round(100 * thresholds.partial_from), round(100 * thresholds.high_from)
    return {
        "off": "no plan or paused",
        "h0": "none",
        "h1": f"under {partial} %",
        "h3": f"{partial} to {high - 1} %",
        "h4": f"{high} % or more",
    }


def day_levels(thresholds: Thresholds = DEFAULTS) -> dict[str, str]:
    partial, high = round(100 * thresholds.partial_from), round(100 * thresholds.high_from)
    under, over = ("under half", "half or more") if partial == 50 else (f"under {partial} %", f"{partial} % or more")
    return {"off": "nothing asked", "none": "nothing done", "low": under, "part": over, "high": f"{high} % or more"}


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
    label = f"Sessions done by week, last {len(shown)} weeks: " + ", ".join(words[each] for each in shown)
    # Nothing a person typed goes into it, and fifty rows of format_html would cost more than the page's queries.
    return mark_safe(f'<svg class="heat" viewBox="0 0 206 20" role="img" aria-label="{label}">{beads}</svg>')


def spark(pains: Sequence[tuple[date, int]], today: date, days: int) -> SafeString:
    """The worst pain of each day with an answer; a lone answer is a dot."""
    if not pains:
        return mark_safe("")
    points = [(round(104 - 100 * (today - day).days / days, 1), round(26 - 2.2 * score, 1)) for day, score in pains]
    line = "M" + "L".join(f"{x} {y}" for x, y in points) if len(points) > 1 else ""
    x, y = points[-1]
    first, last = pains[0][1], pains[-1][1]
    label = f"Pain over {days // 7} weeks, from {first} to {last}" if len(points) > 1 else f"Pain {last}, one answer"
    return mark_safe(
        f'<svg class="spark" viewBox="0 0 110 30" role="img" aria-label="{label}">'
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
            '<text class="strong" x="{}" y="{}" text-anchor="{}">Worst pain {}</text>',
            min(x + 12, right), y, "end" if x > left + 90 else "start", score,
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


def pain_sentence(scores: Sequence[int]) -> str:
    if not scores:
        return "No pain answers yet."
    if len(scores) == 1:
        return f"Worst pain {scores[0]} of 10 in the one week with an answer."
    first, last, most = scores[0], scores[-1], max(scores)
    verb = "fell" if last < first else "rose" if last > first else "stayed"
    moved = f"{verb} at {last}" if first == last else f"{verb} from {first} to {last}"
    peak = f", with a peak of {most}" if most > max(first, last) else ""
    return f"Worst pain of the week {moved} of 10 over {len(scores)} weeks with an answer{peak}."


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
        return "Nothing was planned in these weeks."
    met = sum(week.session_days_done >= week.session_days_planned for week in planned)
    return f"Days with a session, each week against the plan: all of them done in {met} of {len(planned)} weeks with a plan."


def short_date(day: date) -> str:
    return f"{day.day} {day:%b}"
