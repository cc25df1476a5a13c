"""What changed since the patient began, from their own answers: first beside latest. Pure.

Whether a change matters is said by the one clinical source (`patients/outcomes/scoring.py`); here are only the words for
the person it is about.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from clinic.progress.sentences import Trend
from exercises.words import in_a_sentence
from patients.outcomes.history import Series, items_changed
from patients.outcomes.measures import ABLE_WORDS, ACTIVITY, CHANGE_WORDS, GROC, NPRS, PAIN_WORDS, PSFS
from patients.outcomes.scoring import Change, Label

JUDGED = (PSFS, NPRS, GROC)


class Verdict(StrEnum):
    FIRST = "first"
    BETTER = "better"
    MAYBE_BETTER = "maybe-better"
    SAME = "same"
    MAYBE_WORSE = "maybe-worse"
    WORSE = "worse"
    UNJUDGED = "unjudged"

    @property
    def short(self) -> str:
        """For the paper, which gives no advice."""
        return {
            Verdict.FIRST: _("first answer"),
            Verdict.BETTER: _("clearly better"),
            Verdict.MAYBE_BETTER: _("perhaps a little better"),
            Verdict.SAME: _("about the same"),
            Verdict.MAYBE_WORSE: _("perhaps a little harder"),
            Verdict.WORSE: _("clearly harder"),
            Verdict.UNJUDGED: "",
        }[self]

    @property
    def words(self) -> str:
        return {
            Verdict.FIRST: _("This is where you start. Your next answer will show what changes."),
            Verdict.BETTER: _("Clearly better."),
            Verdict.MAYBE_BETTER: _("Perhaps a little better."),
            Verdict.SAME: _("About the same."),
            Verdict.MAYBE_WORSE: _("Perhaps a little harder. Ups and downs are part of it."),
            Verdict.WORSE: _("Clearly harder. Please tell your clinic."),
            Verdict.UNJUDGED: "",
        }[self]


@dataclass(frozen=True, slots=True)
class Strip:
    """Two answers on a line from 0 to 10."""

    then: float
    now: float


@dataclass(frozen=True, slots=True)
class Changed:
    """One thing that was asked about, in the patient's words: then, now, and whether that is a change."""

    name: str
    then: str
    now: str
    verdict: Verdict
    since: date
    latest: date
    strip: Strip | None = None


def changes_of(series: Iterable[Series], activities: Mapping[str, str]) -> tuple[Changed, ...]:
    """In the order that matters to a person: what they want to do again, how it is on the whole, pain, moving about.
    activities: the patient's own words by key."""
    known = {each.measure.slug: each for each in series if each.first and each.last}
    found: list[Changed] = []
    if psfs := known.get(PSFS.slug):
        found += _activities(psfs, activities)
    for measure, build in ((NPRS, _pain), (GROC, _overall), (ACTIVITY, _moving)):
        if each := known.get(measure.slug):
            found.append(build(each))
    return tuple(found)


def trend_of(series: Iterable[Series]) -> Trend:
    """Better or worse only where an answer moved by as much as matters; both ways is mixed."""
    verdicts = [verdict_of(each) for each in series if each.measure in JUDGED and each.first]
    better, worse = Verdict.BETTER in verdicts, Verdict.WORSE in verdicts
    if better and worse:
        return Trend.MIXED
    if better or worse:
        return Trend.BETTER if better else Trend.WORSE
    return Trend.SAME if any(each is not Verdict.FIRST for each in verdicts) else Trend.UNKNOWN


def verdict_of(series: Series) -> Verdict:
    if series.first is series.last and not series.measure.from_zero:
        return Verdict.FIRST
    return Verdict.UNJUDGED if series.change is None else _judged(series.change)


def _judged(change: Change) -> Verdict:
    if change.label == Label.NONE:
        return Verdict.SAME
    if change.label == Label.MEANINGFUL:
        return Verdict.WORSE if change.is_worse else Verdict.BETTER
    return Verdict.MAYBE_WORSE if change.is_worse else Verdict.MAYBE_BETTER


def _activities(psfs: Series, names: Mapping[str, str]) -> Sequence[Changed]:
    first, last = psfs.first, psfs.last
    assert first and last
    moved = items_changed(first, last)
    rows = []
    for key, now in last.items.items():
        then = first.items.get(key)
        if key not in names:
            continue
        if then is None or first is last:
            verdict, then = Verdict.FIRST, now
        elif key in moved:
            verdict = Verdict.BETTER if moved[key] > 0 else Verdict.WORSE
        else:
            verdict = Verdict.SAME
        strip = Strip(then, now)
        rows.append(Changed(names[key], able(then), able(now), verdict, first.day, last.day, strip))
    return rows


def _pain(nprs: Series) -> Changed:
    first, last = nprs.first, nprs.last
    assert first and last and first.score is not None and last.score is not None
    strip = Strip(float(first.score), float(last.score))
    return Changed(
        _("Pain over the week"), pain(first.score), pain(last.score), verdict_of(nprs), first.day, last.day, strip
    )


def _overall(groc: Series) -> Changed:
    """The answer is itself a verdict: ours is added only where it is as clear."""
    first, last = groc.first, groc.last
    assert first and last and last.score is not None
    verdict = verdict_of(groc)
    if verdict not in (Verdict.BETTER, Verdict.WORSE):
        verdict = Verdict.UNJUDGED
    return Changed(_("All in all"), "", str(CHANGE_WORDS[int(last.score)]), verdict, first.day, last.day)


def _moving(activity: Series) -> Changed:
    first, last = activity.first, activity.last
    assert first and last and first.score is not None and last.score is not None
    return Changed(
        _("Walking and moving about"), minutes(first.score), minutes(last.score), verdict_of(activity), first.day,
        last.day,
    )  # fmt: skip


def able(value: Decimal | int) -> str:
    return _("%(n)s of 10, %(words)s") % {"n": int(value), "words": in_a_sentence(str(ABLE_WORDS[int(value)]))}


def pain(value: Decimal | int) -> str:
    return _("%(n)s of 10, %(words)s") % {"n": int(value), "words": in_a_sentence(str(PAIN_WORDS[int(value)]))}


def minutes(value: Decimal) -> str:
    return _("%(n)s minutes a week") % {"n": number_format(int(value))}
