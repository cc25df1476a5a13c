"""How answers become a score, and a change between two scores a label (PROM). Pure: no database, no clock.

Scores are `Decimal`, rounded half up to the measure's places. `None` where too little was answered: then there is no
score, and the answers alone are kept (PROM-1).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from django.utils.translation import gettext

from patients.outcomes.measures import ACTIVITY, GROC, NPRS, ODI, PSFS, RMDQ, START, Measure

# With the version of a measure's words it is kept with every answer (PROM-4): raise it when a rule below changes.
SCORING = "1"

PSFS_LEAST, PSFS_MOST = 3, 5
ODI_LEAST = 8
PSFS_ITEM_POINTS = 3  # MDC90 of a single activity

Answers = Mapping[str, int]


class OutOfRange(ValueError):
    """An answer or score that the measure does not have."""


class Label(StrEnum):
    MEANINGFUL = "meaningful"
    POSSIBLE = "possible"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Change:
    """From the first score to the last. `gain` is positive when it is better."""

    first: Decimal
    last: Decimal
    gain: Decimal
    label: Label

    @property
    def is_worse(self) -> bool:
        return self.gain < 0

    @property
    def words(self) -> str:
        """In the field's terms: `Better, meaningful change`."""
        if self.label == Label.NONE:
            return gettext("No clear change")
        if self.label == Label.POSSIBLE:
            return gettext("Worse, possible change") if self.is_worse else gettext("Better, possible change")
        return gettext("Worse, meaningful change") if self.is_worse else gettext("Better, meaningful change")


def version_of(measure: Measure) -> str:
    return f"{measure.version}+{SCORING}"


def rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def mean(values: Sequence[int]) -> Decimal:
    return rounded(Decimal(sum(values)) / len(values), 1)


def score_of(measure: Measure, answers: Answers) -> Decimal | None:
    """The score of a measure from its items. OutOfRange where an answer is none of the measure's."""
    if measure is not PSFS and measure is not RMDQ:
        _check(measure, answers)
    if measure is NPRS:
        return None if "week" not in answers else Decimal(answers["week"])
    if measure is PSFS:
        return psfs(list(answers.values()))
    if measure is GROC:
        return None if "change" not in answers else Decimal(answers["change"])
    if measure is ACTIVITY:
        return active_minutes(answers.get("days"), answers.get("minutes"))
    if measure is ODI:
        return odi(list(answers.values()))
    if measure is START:
        total, psych = answers.get("total"), answers.get("psych")
        if total is None:
            return None
        if psych is not None and not fits_start(total, psych):
            raise OutOfRange("The subscale does not fit the total.")
        return Decimal(total)
    if measure is RMDQ:
        return rmdq(answers)
    raise OutOfRange(f"{measure.name} has no items here.")


def _check(measure: Measure, answers: Answers) -> None:
    known = {item.key: item for item in measure.items}
    for key, value in answers.items():
        if key not in known or not known[key].low <= value <= known[key].high:
            raise OutOfRange(f"{key}: {value}")


def checked(measure: Measure, score: Decimal) -> Decimal:
    """A score typed in, if the measure has it."""
    if not measure.low <= score <= measure.high or score != rounded(score, measure.places):
        raise OutOfRange(str(score))
    return score


def psfs(values: Sequence[int]) -> Decimal | None:
    """Mean of 3 to 5 activities of 0 (unable) to 10 (as before), one decimal."""
    if len(values) > PSFS_MOST or any(not 0 <= value <= 10 for value in values):
        raise OutOfRange("PSFS has 3 to 5 activities of 0 to 10.")
    return mean(values) if len(values) >= PSFS_LEAST else None


def odi(sections: Sequence[int]) -> Decimal | None:
    """Percent: sum over 5 times the answered sections, each 0 to 5; None with fewer than 8 of the 10."""
    if len(sections) > 10 or any(not 0 <= value <= 5 for value in sections):
        raise OutOfRange("ODI has 10 sections of 0 to 5.")
    if len(sections) < ODI_LEAST:
        return None
    return rounded(Decimal(100 * sum(sections)) / (5 * len(sections)), 1)


def higher_of(ticks: Iterable[int]) -> int:
    """ODI: of two ticks in one section the higher counts."""
    return max(ticks)


def fits_start(total: int, psych: int) -> bool:
    """The subscale is 5 of the 9 items: it is no more than the total, and at least the total less the other 4."""
    return total - 4 <= psych <= total


def start_back(agreed: Sequence[bool], bothersome: int) -> tuple[int, int]:
    """STarT Back: total and psychosocial subscale from 8 agree or disagree items and the last one, 0 not at all to 4
    extremely bothersome, which counts from 3 (very)."""
    if len(agreed) != 8 or not 0 <= bothersome <= 4:
        raise OutOfRange("STarT Back has 8 items to agree to, and one of 0 to 4.")
    last = int(bothersome >= 3)
    return sum(agreed) + last, sum(agreed[4:]) + last


def start_risk(total: int, psych: int | None) -> str:
    """Low to a total of 3; above, medium to a subscale of 3, and high from 4. Empty where the subscale is missing."""
    if total <= 3:
        return gettext("low risk")
    if psych is None:
        return ""
    return gettext("medium risk") if psych <= 3 else gettext("high risk")


def rmdq(answers: Answers) -> Decimal:
    """Statements ticked, 0 to 24. A blank is not ticked, so nothing is ever missing."""
    wrong = [
        key for key, value in answers.items() if not key.isdecimal() or not 1 <= int(key) <= 24 or value not in (0, 1)
    ]
    if wrong:
        raise OutOfRange("RMDQ has 24 statements to tick.")
    return Decimal(sum(answers.values()))


def active_minutes(days: int | None, minutes: int | None) -> Decimal | None:
    """Minutes a week of moderate activity. No day needs no minutes."""
    if days == 0:
        return Decimal(0)
    return None if days is None or minutes is None else Decimal(days * minutes)


def band_of(measure: Measure, score: Decimal, answers: Answers | None = None) -> str:
    """In words what such a score is called; empty where the measure has no bands."""
    if measure is START:
        return start_risk(int(score), (answers or {}).get("psych"))
    whole = rounded(score, 0) if measure is ODI else score
    return str(next((words for upper, words in measure.bands if upper is None or whole <= upper), ""))


def change(measure: Measure, first: Decimal, last: Decimal) -> Change:
    """How far `last` is from `first`, and whether that matters (Ostelo 2008; PSFS and GROC by their own number).

    Points and share both met: meaningful. One of them: possible. From 0 there is no share, and points alone decide.
    """
    gain = last - first if measure.higher_is_better else first - last
    return Change(first, last, gain, _label(measure, first, abs(gain)))


def _label(measure: Measure, first: Decimal, size: Decimal) -> Label:
    if not size:
        return Label.NONE
    tests = [] if measure.points is None else [size >= measure.points]
    if measure.share is not None and first > 0:
        tests.append(size >= measure.share * first)
    if tests and all(tests):
        return Label.MEANINGFUL
    is_possible = any(tests) or (measure.possible_from is not None and size >= measure.possible_from)
    return Label.POSSIBLE if is_possible else Label.NONE


def judges_change(measure: Measure) -> bool:
    """Whether there is a number for it; without one, no label is given."""
    return measure.points is not None or measure.share is not None


def matters_at(measure: Measure, first: Decimal) -> tuple[Decimal | None, Decimal | None]:
    """The scores from which a change since `first` is meaningful, for the better and for the worse; None where the
    scale ends before."""
    if not judges_change(measure):
        return None, None
    size = max(measure.points or Decimal(0), (measure.share or Decimal(0)) * max(first, Decimal(0)))
    if not size:
        return None, None
    up, down = first + size, first - size
    better, worse = (up, down) if measure.higher_is_better else (down, up)
    return tuple(at if measure.low <= at <= measure.high else None for at in (better, worse))  # type: ignore[return-value]


def is_deterioration(measure: Measure, first: Decimal, last: Decimal) -> bool:
    """Worse by at least the points that matter (PROM-3), whatever share of the score that is; where a measure has a
    share only, by that."""
    found = change(measure, first, last)
    if not found.is_worse:
        return False
    if measure.points is not None:
        return -found.gain >= measure.points
    return found.label == Label.MEANINGFUL


def shared_means(first: Answers, last: Answers) -> tuple[Decimal, Decimal] | None:
    """PSFS over the activities that both answered: a mean of others would not be a change. None without any."""
    both = [key for key in last if key in first]
    return (mean([first[key] for key in both]), mean([last[key] for key in both])) if both else None
