"""The outcome measures that the portal knows: how each is scored, when it is asked, what change in it matters.

Wording policy (PROM): the portal ships words only where they are its own, for generic scales and for tests that a
clinician times. Of every other instrument it keeps the score alone; the clinic asks it on its own licensed form. A
clinic that may use an instrument's text adds it as a data file (`items/README.md`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAIN_WORDS = (
    _("No pain"), _("Hardly any"), _("Mild"), _("Mild, I notice it"), _("Nagging"), _("Medium"), _("Hard to ignore"), _("Strong"), _("Very strong"),
    _("Severe"), _("Worst I can imagine"),
)  # fmt: skip
ABLE_WORDS = (
    _("I can’t do it"), _("Hardly at all"), _("Very hard"), _("Hard"), _("Quite hard"), _("Half as well"), _("A bit more than half"),
    _("Fairly well"), _("Well"), _("Nearly as before"), _("As well as before"),
)  # fmt: skip
CHANGE_WORDS = {
    5: _("Fully recovered"), 4: _("Very much better"), 3: _("Much better"), 2: _("Better"), 1: _("A little better"), 0: _("No change"),
    -1: _("A little worse"), -2: _("Worse"), -3: _("Much worse"), -4: _("Very much worse"), -5: _("As bad as it could be"),
}  # fmt: skip

# Both of a point number and this share of the starting score make a change meaningful (Ostelo 2008).
SHARE = Decimal("0.3")


class Kind(StrEnum):
    """Who answers it, and whose words it has."""

    OWN = "own"
    TIMED = "timed"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Item:
    """One answer: a whole number from `low` to `high`. `words` name the numbers where each has a name."""

    key: str
    text: "StrOrPromise"
    low: int
    high: int
    words: "tuple[StrOrPromise, ...]" = ()
    ends: "tuple[StrOrPromise, StrOrPromise]" = ("", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """When it is due: `first` days after the start of the episode, then every so many days as the clinic's threshold
    named by `setting` says; or once `again` at the review (threshold `measure_again`); and at discharge."""

    first: int = 0
    setting: str = ""
    again: bool = False
    at_discharge: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """low, high: the range of the score, both included. places: its decimals.

    points, share: change that matters, in points and as a share of the starting score. Both: both make it meaningful,
    one of them possible. possible_from: where the sources give a range, its lower end. bands: upper ends, included,
    with their words; None is the rest. from_zero: the score is itself a change, counted from 0.
    """

    slug: str
    name: "StrOrPromise"
    plain_name: "StrOrPromise"
    kind: Kind
    low: Decimal
    high: Decimal
    higher_is_better: bool
    version: str
    source: "StrOrPromise"
    asked: Asked | None = None
    items: tuple[Item, ...] = ()
    points: Decimal | None = None
    share: Decimal | None = None
    possible_from: Decimal | None = None
    bands: "tuple[tuple[Decimal | None, StrOrPromise], ...]" = ()
    unit: "StrOrPromise" = ""
    places: int = 0
    from_zero: bool = False
    minutes: "StrOrPromise" = ""
    protocol: "StrOrPromise" = ""
    weak_outside: tuple[int, int] | None = None

    @property
    def is_own(self) -> bool:
        return self.kind == Kind.OWN

    @property
    def label(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else str(self.name)


def number(text: str) -> Decimal:
    return Decimal(text)


ZERO_TO_TEN = (_("0 none"), _("10 worst"))
NOT_SHIPPED = _("Items are not shipped: enter the score of your own licensed form.")
WEEKLY, TWO_WEEKLY, MONTHLY = "measure_weekly", "measure_every", "measure_monthly"
REVIEWED = Asked(again=True, at_discharge=True)

NPRS = Measure(
    slug="nprs", name="NPRS", plain_name=_("Pain over the week"), kind=Kind.OWN, low=number("0"), high=number("10"), higher_is_better=False,
    version="own-1", source=_("Generic 0 to 10 scale, own words. Change: Ostelo 2008, 2 points and 30 %."),
    asked=Asked(setting=WEEKLY), points=number("2"), share=SHARE, minutes=_("1 minute"),
    items=(
        Item("now", _("How is your pain right now?"), 0, 10, PAIN_WORDS, ZERO_TO_TEN),
        Item("worst", _("What was the worst in the last 24 hours?"), 0, 10, PAIN_WORDS, ZERO_TO_TEN),
        Item("week", _("And on average, over the last week?"), 0, 10, PAIN_WORDS, ZERO_TO_TEN),
    ),
)  # fmt: skip
PSFS = Measure(
    slug="psfs", name="PSFS", plain_name=_("What you want to do again"), kind=Kind.OWN, low=number("0"), high=number("10"),
    higher_is_better=True, version="own-1", places=1, minutes=_("1 minute"), points=number("2"),
    asked=Asked(setting=TWO_WEEKLY, at_discharge=True),
    source=_("Patient-specific function, own words; mean of 3 to 5 activities. Change: mean 2, one activity 3 (MDC90)."),
)  # fmt: skip
GROC = Measure(
    slug="groc", name="GROC", plain_name=_("Better or worse"), kind=Kind.OWN, low=number("-5"), high=number("5"), higher_is_better=True,
    version="own-1", source=_("Global rating of change, own anchors (Kamper 2009). Change: 3 (MIC 2.5, Bobos 2020)."),
    asked=Asked(first=14, setting=TWO_WEEKLY, at_discharge=True), points=number("3"), from_zero=True,
    minutes=_("half a minute"),
    items=(Item("change", _("Since you started here, how is your back?"), -5, 5, ()),),
)  # fmt: skip
ACTIVITY = Measure(
    slug="activity", name=_("Activity vital sign"), plain_name=_("How much you move"), kind=Kind.OWN, unit=_("min/week"),
    low=number("0"), high=number("3360"), higher_is_better=True, version="own-1", minutes=_("half a minute"),
    source=_("Days a week times minutes a day of moderate activity, own words; compared with 150 minutes a week."),
    asked=Asked(setting=MONTHLY), bands=((number("149"), _("under 150 minutes")), (None, _("150 minutes or more"))),
    items=(
        Item("days", _("On how many days of a usual week do you move briskly, like a fast walk?"), 0, 7),
        Item("minutes", _("How many minutes on such a day?"), 0, 480),
    ),
)  # fmt: skip
RMDQ = Measure(
    slug="rmdq", name="RMDQ-24", plain_name=_("Daily life with your back"), kind=Kind.SCORE, low=number("0"), high=number("24"),
    higher_is_better=False, version="24", asked=REVIEWED, points=number("5"), share=SHARE, weak_outside=(4, 20),
    minutes=_("3 minutes"), source=format_lazy("{} {}", _("Count of ticked statements. Change: Ostelo 2008, 5 points and 30 %."), NOT_SHIPPED),
)  # fmt: skip
ODI = Measure(
    slug="odi", name="ODI 2.1a", plain_name=_("Oswestry index"), kind=Kind.SCORE, unit="%", low=number("0"), high=number("100"),
    higher_is_better=False, version="2.1a", places=1, asked=REVIEWED, points=number("10"), share=SHARE,
    items=tuple(Item(f"s{n}", format_lazy(_("Section {number}"), number=n), 0, 5) for n in range(1, 11)),
    bands=(
        (number("20"), _("minimal")), (number("40"), _("moderate")), (number("60"), _("severe")),
        (number("80"), _("very severe")), (None, _("bed-bound or exaggerated")),
    ),
    source=format_lazy("{} {}", _("Sum over 5 times the answered sections; at least 8. Change: Ostelo 2008, 10 points and 30 %."), NOT_SHIPPED),
)  # fmt: skip
START = Measure(
    slug="start-back", name="STarT Back 9", plain_name="STarT Back", kind=Kind.SCORE, low=number("0"), high=number("9"),
    higher_is_better=False, version="9",
    asked=Asked(), items=(Item("total", _("Total"), 0, 9), Item("psych", _("Psychosocial subscale, items 5 to 9"), 0, 5)),
    source=format_lazy("{} {}", _("Total to 3: low risk; above, by the subscale: to 3 medium, from 4 high. Change: risk group."), NOT_SHIPPED),
)  # fmt: skip


def score_only(slug: str, name: "StrOrPromise", low: str, high: str, source: "StrOrPromise", *, higher_is_better: bool = False,
               **more: object) -> Measure:  # fmt: skip
    return Measure(
        slug=slug, name=name, plain_name=name, kind=Kind.SCORE, higher_is_better=higher_is_better,
        source=format_lazy("{} {}", source, NOT_SHIPPED), **{"version": "score", "low": number(low), "high": number(high), **more},  # type: ignore[arg-type]
    )  # fmt: skip


SCORE_ONLY = (
    score_only("pseq-10", "PSEQ-10", "0", "60", _("Change: 5.5 to 8.5 (Dube 2021)."), higher_is_better=True, asked=REVIEWED,
               points=number("8.5"), possible_from=number("5.5"),
               bands=((number("19"), _("very low")), (number("30"), _("low")), (number("40"), _("moderate")), (None, _("high")))),
    score_only("pseq-2", "PSEQ-2", "0", "12", _("No agreed change; cut-offs of low certainty."), higher_is_better=True,
               asked=REVIEWED, bands=((number("5"), _("low")), (number("7"), _("between")), (None, _("good")))),
    score_only("peg", "PEG", "0", "10", _("Mean of 3 items. Change: 30 %."), places=1, share=SHARE,
               asked=Asked(setting=MONTHLY)),
    score_only("promis-pf", _("PROMIS physical function"), "10", "90", _("T-score. Change: 3 to 5."), unit="T", places=1,
               higher_is_better=True, points=number("5"), possible_from=number("3"), asked=Asked(at_discharge=True)),
    score_only("promis-pi", _("PROMIS pain interference"), "10", "90", _("T-score. Change: 3 to 5."), unit="T", places=1,
               points=number("5"), possible_from=number("3"), asked=Asked(at_discharge=True)),
    score_only("vas", _("Pain VAS"), "0", "100", _("Change: Ostelo 2008, 15 points and 30 %."), points=number("15"),
               share=SHARE),
    score_only("qbpds", "QBPDS", "0", "100", _("Change: Ostelo 2008, 20 points and 30 %."), points=number("20"),
               share=SHARE),
    score_only("eq-vas", "EQ-5D VAS", "0", "100", _("No change number kept."), higher_is_better=True),
    score_only("sf12-pcs", _("SF-12 physical"), "0", "100", _("No change number kept."), higher_is_better=True, places=1),
    score_only("sf12-mcs", _("SF-12 mental"), "0", "100", _("No change number kept."), higher_is_better=True, places=1),
    score_only("fabq-pa", _("FABQ physical activity"), "0", "24", _("No change number kept.")),
    score_only("fabq-w", _("FABQ work"), "0", "42", _("No change number kept.")),
    score_only("tsk-17", "TSK-17", "17", "68", _("No change number kept.")),
    score_only("hads-a", _("HADS anxiety"), "0", "21", _("No change number kept.")),
    score_only("hads-d", _("HADS depression"), "0", "21", _("No change number kept.")),
    score_only("pcs", "PCS", "0", "52", _("No change number kept.")),
    score_only("dash", "DASH", "0", "100", _("No change number kept."), places=1),
    score_only("ears-6", "EARS-6", "0", "24", _("6 items of 0 to 4. No agreed change."), higher_is_better=True),
)  # fmt: skip


def timed(slug: str, name: "StrOrPromise", high: str, source: "StrOrPromise", protocol: "StrOrPromise", *, higher_is_better: bool,
          unit: "StrOrPromise" = "s", places: int = 1, bands: "tuple[tuple[Decimal | None, StrOrPromise], ...]" = ()) -> Measure:  # fmt: skip
    return Measure(
        slug=slug, name=name, plain_name=name, kind=Kind.TIMED, low=number("0"), high=number(high), higher_is_better=higher_is_better,
        version="own-1", source=source, protocol=protocol, unit=unit, places=places, bands=bands,
        asked=Asked(again=True),
    )  # fmt: skip


HOLD = _("Stop the clock when the position is lost for the second time, or at 240 s.")
TIMED = (
    timed("chair-stand", _("30 s chair stand"), "60", _("Count of full stands; more is better."),
          _("Chair 43 cm high against a wall, arms crossed on the chest. Count full stands in 30 s; more than half way up "
          "at the end counts."), higher_is_better=True, unit=_("stands"), places=0),
    timed("sit-to-stand", _("5 times sit-to-stand"), "300", _("Over 15 s is slow."),
          _("Chair 43 cm high, arms crossed. From “go” until the patient sits again after the fifth stand, as fast as is "
          "safe."), higher_is_better=False, bands=((number("15"), _("usual")), (None, _("slow")))),
    timed("tug", _("Timed up and go"), "300", _("From 13.5 s: risk of falls."),
          _("From an armchair: stand up, walk 3 m at usual pace, turn, walk back, sit down. Usual shoes and aid."),
          higher_is_better=False, bands=((number("13.4"), _("usual")), (None, _("risk of falls")))),
    timed("hold-extensors", _("Back extensor hold"), "240", _("Trunk endurance, seconds held."),
          format_lazy("{} {}", _("Prone, hips at the edge, legs held, trunk level."), HOLD), higher_is_better=True, places=0),
    timed("hold-flexors", _("Trunk flexor hold"), "240", _("Trunk endurance, seconds held."),
          format_lazy("{} {}", _("Sitting leant back at 60°, knees and hips at 90°, arms crossed."), HOLD), higher_is_better=True, places=0),
    timed("hold-left", _("Side bridge hold, left"), "240", _("Trunk endurance, seconds held."),
          format_lazy("{} {}", _("On the left forearm and feet, body in one line."), HOLD), higher_is_better=True, places=0),
    timed("hold-right", _("Side bridge hold, right"), "240", _("Trunk endurance, seconds held."),
          format_lazy("{} {}", _("On the right forearm and feet, body in one line."), HOLD), higher_is_better=True, places=0),
)  # fmt: skip

OWN = (PSFS, NPRS, GROC, ACTIVITY)
ALL = (*OWN, RMDQ, ODI, START, *SCORE_ONLY, *TIMED)
BY_SLUG: Mapping[str, Measure] = {measure.slug: measure for measure in ALL}
GROUPS = (
    (_("Own words, the patient may answer"), OWN),
    (_("Questionnaires"), (ODI, RMDQ, START, *SCORE_ONLY)),
    (_("Timed by you"), TIMED),
)
