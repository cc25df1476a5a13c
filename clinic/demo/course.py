"""How a demo patient's weeks went: which sets were ticked, what was skipped and what was said. Pure, and the same for
the same seed and dates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from clinic.demo import voices
from clinic.today.plan import PlannedLine, Slot, Thread, Tick, is_due, offered, week_start

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """`keen`: the chance of doing a day, and `pain`, 0 to 10, at the first and at the last day. `spell`: how many of
    the last days differ, and the pain on them."""

    keen: tuple[float, float]
    pain: tuple[float, float]
    says: tuple[str, ...] = voices.SO_SO
    spell: tuple[int, float] | None = None
    wobbles: bool = True


GOOD = voices.GETTING_THERE
COURSES = {
    "steady": Course((0.88, 0.88), (5.0, 3.2), voices.SO_SO + GOOD),
    "improving": Course((0.82, 0.95), (6.2, 1.8), GOOD),
    "declining": Course((1.0, -0.1), (4.6, 5.4), voices.HARD_GOING + voices.SO_SO, wobbles=False),
    "sporadic": Course((0.56, 0.5), (5.0, 4.2)),
    "silent": Course((0.88, 0.72), (4.8, 4.0)),
    "skipper": Course((0.88, 0.86), (5.2, 3.4)),
    "flared": Course((0.88, 0.92), (5.4, 2.8), voices.SO_SO + GOOD, spell=(3, 8.4)),
    "worse": Course((0.9, 0.86), (3.4, 2.8), spell=(5, 6.2)),
    "fresh": Course((1.0, 1.0), (6.0, 5.4), voices.NEW_HERE, wobbles=False),
    "paused": Course((0.86, 0.86), (5.0, 3.4), voices.SO_SO + GOOD),
    "ending": Course((0.88, 0.97), (5.2, 1.2), GOOD),
    "ended": Course((0.85, 0.9), (5.0, 2.6), voices.SO_SO + GOOD),
    "discharged": Course((0.86, 0.94), (5.6, 0.6), GOOD),
}


@dataclass(frozen=True)
class DayLog:
    """One day as the patient left it. `minute` of the local day is when they began."""

    day: date
    minute: int
    ticks: tuple[tuple[Slot, Tick], ...]
    skips: tuple[tuple[Slot, str], ...]
    pain_before: int | None = None
    pain_worst: int | None = None
    effort: int | None = None
    comment: str = ""


class Life:
    """One patient's habits, drawn once, and the diary that comes of them."""

    def __init__(self, rng: Random, course: Course, *, always_skips: tuple[Thread, str] | None = None) -> None:
        self.rng = rng
        self.course = course
        self.always_skips = always_skips
        self.usual_minute = rng.choice((430, 460, 495, 560, 1050, 1140, 1215))
        self.comments = list(course.says)
        rng.shuffle(self.comments)
        self.wobble = rng.uniform(0.25, 0.6) if course.wobbles and rng.random() < 0.6 else None

    def diary(self, lines: Sequence[PlannedLine], first: date, last: date) -> Iterator[DayLog]:
        length = max(1, (last - first).days)
        used: dict[Thread, set[date]] = {}
        day = first
        while day <= last:
            log = self._day(lines, day, (day - first).days / length, (last - day).days, used)
            for (thread, _), _ in log.ticks if log else ():
                used.setdefault(thread, set()).add(day)
            if log and (log.ticks or log.skips):
                yield log
            day += ONE_DAY

    def _day(
        self, lines: Sequence[PlannedLine], day: date, gone: float, left: int, used: dict[Thread, set[date]]
    ) -> DayLog | None:
        rng = self.rng
        due = [line for line in lines if self._chosen(line, day, used)]
        if not due:
            return None
        in_spell = self.course.spell is not None and left < self.course.spell[0]
        wobbly = self.wobble is not None and self.wobble < gone < self.wobble + 0.09
        minute = self.usual_minute + rng.randint(-25, 40)
        keen = _between(self.course.keen, gone) * (0.45 if wobbly else 1)
        surely = day == lines[0].starts or (not left and keen > 0.6)
        if not surely and rng.random() > keen:
            if rng.random() > 0.1:
                return None
            reason = rng.choice(("time", "unwell", "forgot", "time"))
            return DayLog(day, minute, (), tuple(((line.thread, 1), reason) for line in due if not line.is_apart))
        ticks, skips = self._work(due, thorough=0.6 if in_spell else 0.95)
        if not ticks and not skips:
            return None
        pain = self.course.spell[1] if in_spell and self.course.spell else _between(self.course.pain, gone)
        before = _pain(rng.gauss(pain + (2 if wobbly else 0), 0.35 if in_spell else 0.7))
        after = _pain(before + rng.choice((-1, -1, 0, 0, 0, 1)))
        answered = rng.random() < 0.9 or in_spell
        return DayLog(
            day, minute, tuple(ticks), tuple(skips),
            pain_before=before if answered else None,
            pain_worst=after if answered and rng.random() < 0.85 else None,
            effort=rng.choice((2, 3, 3, 4, 4, 5, 6)) if answered and rng.random() < 0.7 else None,
            comment=self._comment(in_spell, left),
        )  # fmt: skip

    def _chosen(self, line: PlannedLine, day: date, used: dict[Thread, set[date]]) -> bool:
        if not line.is_flexible:
            return is_due(line, day)
        this_week = week_start(day)
        done = sum(1 for d in used.get(line.thread, ()) if week_start(d) == this_week)
        days_left = 7 - (day - this_week).days
        return offered(line, day, done) and self.rng.random() < (line.days_per_week - done) / days_left + 0.1

    def _work(
        self, due: Sequence[PlannedLine], *, thorough: float
    ) -> tuple[list[tuple[Slot, Tick]], list[tuple[Slot, str]]]:
        rng, ticks, skips = self.rng, list[tuple[Slot, Tick]](), list[tuple[Slot, str]]()
        for line in due:
            for occasion in range(1, line.times_per_day + 1):
                slot = (line.thread, occasion)
                if self.always_skips and line.thread == self.always_skips[0] and rng.random() < 0.6:
                    skips.append((slot, self.always_skips[1]))
                elif line.as_needed and rng.random() > 0.4:
                    break
                elif rng.random() > (0.7 if line.is_break else thorough - 0.12 * min(occasion - 1, 2)):
                    if not line.is_apart and rng.random() < 0.3:
                        skips.append((slot, rng.choice(("time", "pain", "unwell", "forgot", "unclear"))))
                else:
                    whole = len(line.ticks) == 1 or rng.random() < 0.93
                    done = line.ticks if whole else line.ticks[: rng.randint(1, len(line.ticks) - 1)]
                    ticks += [(slot, tick) for tick in done]
        return ticks, skips

    def _comment(self, in_spell: bool, left: int) -> str:
        if self.course is COURSES["flared"] and in_spell:
            return voices.FLARED[min(2 - left, 2)]
        if self.comments and self.rng.random() < (0.9 if self.course is COURSES["fresh"] else 0.25):
            return self.comments.pop()
        return ""


def _between(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _pain(value: float) -> int:
    return max(0, min(10, round(value)))
