"""The outcome measures that the portal knows: how each is scored, when it is asked, what change in it matters.

Wording policy (PROM): the portal ships words only where they are its own, for generic scales and for tests that a
clinician times. Of every other instrument it keeps the score alone; the clinic asks it on its own licensed form. A
clinic that may use an instrument's text adds it as a data file (`items/README.md`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

PAIN_WORDS = (
    "No pain", "Hardly any", "Mild", "Mild, I notice it", "Nagging", "Medium", "Hard to ignore", "Strong", "Very strong",
    "Severe", "Worst I can imagine",
)  # fmt: skip
ABLE_WORDS = (
    "I can’t do it", "Hardly at all", "Very hard", "Hard", "Quite hard", "Half as well", "A bit more than half",
    "Fairly well", "Well", "Nearly as before", "As well as before",
)  # fmt: skip
CHANGE_WORDS = {
    5: "Fully recovered", 4: "Very much better", 3: "Much better", 2: "Better", 1: "A little better", 0: "No change",
    -1: "A little worse", -2: "Worse", -3: "Much worse", -4: "Very much worse", -5: "As bad as it could be",
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
    text: str
    low: int
    high: int
    words: tuple[str, ...] = ()
    ends: tuple[str, str] = ("", "")


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
    name: str
    plain_name: str
    kind: Kind
    low: Decimal
    high: Decimal
    higher_is_better: bool
    version: str
    source: str
    asked: Asked | None = None
    items: tuple[Item, ...] = ()
    points: Decimal | None = None
    share: Decimal | None = None
    possible_from: Decimal | None = None
    bands: tuple[tuple[Decimal | None, str], ...] = ()
    unit: str = ""
    places: int = 0
    from_zero: bool = False
    minutes: str = ""
    protocol: str = ""
    weak_outside: tuple[int, int] | None = None

    @property
    def is_own(self) -> bool:
        return self.kind == Kind.OWN

    @property
    def label(self) -> str:
        return f"{self.name} ({self.unit})" if self.unit else self.name


def number(text: str) -> Decimal:
    return Decimal(text)


ZERO_TO_TEN = ("0 none", "10 worst")
NOT_SHIPPED = "Items are not shipped: enter the score of your own licensed form."
WEEKLY, TWO_WEEKLY, MONTHLY = "measure_weekly", "measure_every", "measure_monthly"
REVIEWED = Asked(again=True, at_discharge=True)

NPRS = Measure(
    slug="nprs", name="NPRS", plain_name="Pain over the week", kind=Kind.OWN, low=number("0"), high=number("10"), higher_is_better=False,
    version="own-1", source="Generic 0 to 10 scale, own words. Change: Ostelo 2008, 2 points and 30 %.",
    asked=Asked(setting=WEEKLY), points=number("2"), share=SHARE, minutes="1 minute",
    items=(
        Item("now", "How is your pain right now?", 0, 10, PAIN_WORDS, ZERO_TO_TEN),
        Item("worst", "What was the worst in the last 24 hours?", 0, 10, PAIN_WORDS, ZERO_TO_TEN),
        Item("week", "And on average, over the last week?", 0, 10, PAIN_WORDS, ZERO_TO_TEN),
    ),
)  # fmt: skip
PSFS = Measure(
    slug="psfs", name="PSFS", plain_name="What you want to do again", kind=Kind.OWN, low=number("0"), high=number("10"),
    higher_is_better=True, version="own-1", places=1, minutes="1 minute", points=number("2"),
    asked=Asked(setting=TWO_WEEKLY, at_discharge=True),
    source="Patient-specific function, own words; mean of 3 to 5 activities. Change: mean 2, one activity 3 (MDC90).",
)  # fmt: skip
GROC = Measure(
    slug="groc", name="GROC", plain_name="Better or worse", kind=Kind.OWN, low=number("-5"), high=number("5"), higher_is_better=True,
    version="own-1", source="Global rating of change, own anchors (Kamper 2009). Change: 3 (MIC 2.5, Bobos 2020).",
    asked=Asked(first=14, setting=TWO_WEEKLY, at_discharge=True), points=number("3"), from_zero=True,
    minutes="half a minute",
    items=(Item("change", "Since you started here, how is your back?", -5, 5, ()),),
)  # fmt: skip
ACTIVITY = Measure(
    slug="activity", name="Activity vital sign", plain_name="How much you move", kind=Kind.OWN, unit="min/week",
    low=number("0"), high=number("3360"), higher_is_better=True, version="own-1", minutes="half a minute",
    source="Days a week times minutes a day of moderate activity, own words; compared with 150 minutes a week.",
    asked=Asked(setting=MONTHLY), bands=((number("149"), "under 150 minutes"), (None, "150 minutes or more")),
    items=(
        Item("days", "On how many days of a usual week do you move briskly, like a fast walk?", 0, 7),
        Item("minutes", "How many minutes on such a day?", 0, 480),
    ),
)  # fmt: skip
RMDQ = Measure(
    slug="rmdq", name="RMDQ-24", plain_name="Daily life with your back", kind=Kind.SCORE, low=number("0"), high=number("24"),
    higher_is_better=False, version="24", asked=REVIEWED, points=number("5"), share=SHARE, weak_outside=(4, 20),
    minutes="3 minutes", source=f"Count of ticked statements. Change: Ostelo 2008, 5 points and 30 %. {NOT_SHIPPED}",
)  # fmt: skip
ODI = Measure(
    slug="odi", name="ODI 2.1a", plain_name="Oswestry index", kind=Kind.SCORE, unit="%", low=number("0"), high=number("100"),
    higher_is_better=False, version="2.1a", places=1, asked=REVIEWED, points=number("10"), share=SHARE,
    items=tuple(Item(f"s{n}", f"Section {n}", 0, 5) for n in range(1, 11)),
    bands=(
        (number("20"), "minimal"), (number("40"), "moderate"), (number("60"), "severe"),
        (number("80"), "very severe"), (None, "bed-bound or exaggerated"),
    ),
    source=f"Sum over 5 times the answered sections; at least 8. Change: Ostelo 2008, 10 points and 30 %. {NOT_SHIPPED}",
)  # fmt: skip
START = Measure(
    slug="start-back", name="STarT Back 9", plain_name="STarT Back", kind=Kind.SCORE, low=number("0"), high=number("9"),
    higher_is_better=False, version="9",
    asked=Asked(), items=(Item("total", "Total", 0, 9), Item("psych", "Psychosocial subscale, items 5 to 9", 0, 5)),
    source=f"Total to 3: low risk; above, by the subscale: to 3 medium, from 4 high. Change: risk group. {NOT_SHIPPED}",
)  # fmt: skip


def score_only(slug: str, name: str, low: str, high: str, source: str, *, higher_is_better: bool = False,
               **more: object) -> Measure:  # fmt: skip
    return Measure(
        slug=slug, name=name, plain_name=name, kind=Kind.SCORE, higher_is_better=higher_is_better,
        source=f"{source} {NOT_SHIPPED}", **{"version": "score", "low": number(low), "high": number(high), **more},  # type: ignore[arg-type]
    )  # fmt: skip


SCORE_ONLY = (
    score_only("pseq-10", "PSEQ-10", "0", "60", "Change: 5.5 to 8.5 (Dube 2021).", higher_is_better=True, asked=REVIEWED,
               points=number("8.5"), possible_from=number("5.5"),
               bands=((number("19"), "very low"), (number("30"), "low"), (number("40"), "moderate"), (None, "high"))),
    score_only("pseq-2", "PSEQ-2", "0", "12", "No agreed change; cut-offs of low certainty.", higher_is_better=True,
               asked=REVIEWED, bands=((number("5"), "low"), (number("7"), "between"), (None, "good"))),
    score_only("peg", "PEG", "0", "10", "Mean of 3 items. Change: 30 %.", places=1, share=SHARE,
               asked=Asked(setting=MONTHLY)),
    score_only("promis-pf", "PROMIS physical function", "10", "90", "T-score. Change: 3 to 5.", unit="T", places=1,
               higher_is_better=True, points=number("5"), possible_from=number("3"), asked=Asked(at_discharge=True)),
    score_only("promis-pi", "PROMIS pain interference", "10", "90", "T-score. Change: 3 to 5.", unit="T", places=1,
               points=number("5"), possible_from=number("3"), asked=Asked(at_discharge=True)),
    score_only("vas", "Pain VAS", "0", "100", "Change: Ostelo 2008, 15 points and 30 %.", points=number("15"),
               share=SHARE),
    score_only("qbpds", "QBPDS", "0", "100", "Change: Ostelo 2008, 20 points and 30 %.", points=number("20"),
               share=SHARE),
    score_only("eq-vas", "EQ-5D VAS", "0", "100", "No change number kept.", higher_is_better=True),
    score_only("sf12-pcs", "SF-12 physical", "0", "100", "No change number kept.", higher_is_better=True, places=1),
    score_only("sf12-mcs", "SF-12 mental", "0", "100", "No change number kept.", higher_is_better=True, places=1),
    score_only("fabq-pa", "FABQ physical activity", "0", "24", "No change number kept."),
    score_only("fabq-w", "FABQ work", "0", "42", "No change number kept."),
    score_only("tsk-17", "TSK-17", "17", "68", "No change number kept."),
    score_only("hads-a", "HADS anxiety", "0", "21", "No change number kept."),
    score_only("hads-d", "HADS depression", "0", "21", "No change number kept."),
    score_only("pcs", "PCS", "0", "52", "No change number kept."),
    score_only("dash", "DASH", "0", "100", "No change number kept.", places=1),
    score_only("ears-6", "EARS-6", "0", "24", "6 items of 0 to 4. No agreed change.", higher_is_better=True),
)  # fmt: skip


def timed(slug: str, name: str, high: str, source: str, protocol: str, *, higher_is_better: bool, unit: str = "s",
          places: int = 1, bands: tuple[tuple[Decimal | None, str], ...] = ()) -> Measure:  # fmt: skip
    return Measure(
        slug=slug, name=name, plain_name=name, kind=Kind.TIMED, low=number("0"), high=number(high), higher_is_better=higher_is_better,
        version="own-1", source=source, protocol=protocol, unit=unit, places=places, bands=bands,
        asked=Asked(again=True),
    )  # fmt: skip


HOLD = "Stop the clock when the position is lost for the second time, or at 240 s."
TIMED = (
    timed("chair-stand", "30 s chair stand", "60", "Count of full stands; more is better.",
          "Chair 43 cm high against a wall, arms crossed on the chest. Count full stands in 30 s; more than half way up "
          "at the end counts.", higher_is_better=True, unit="stands", places=0),
    timed("sit-to-stand", "5 times sit-to-stand", "300", "Over 15 s is slow.",
          "Chair 43 cm high, arms crossed. From “go” until the patient sits again after the fifth stand, as fast as is "
          "safe.", higher_is_better=False, bands=((number("15"), "usual"), (None, "slow"))),
    timed("tug", "Timed up and go", "300", "From 13.5 s: risk of falls.",
          "From an armchair: stand up, walk 3 m at usual pace, turn, walk back, sit down. Usual shoes and aid.",
          higher_is_better=False, bands=((number("13.4"), "usual"), (None, "risk of falls"))),
    timed("hold-extensors", "Back extensor hold", "240", "Trunk endurance, seconds held.",
          f"Prone, hips at the edge, legs held, trunk level. {HOLD}", higher_is_better=True, places=0),
    timed("hold-flexors", "Trunk flexor hold", "240", "Trunk endurance, seconds held.",
          f"Sitting leant back at 60°, knees and hips at 90°, arms crossed. {HOLD}", higher_is_better=True, places=0),
    timed("hold-left", "Side bridge hold, left", "240", "Trunk endurance, seconds held.",
          f"On the left forearm and feet, body in one line. {HOLD}", higher_is_better=True, places=0),
    timed("hold-right", "Side bridge hold, right", "240", "Trunk endurance, seconds held.",
          f"On the right forearm and feet, body in one line. {HOLD}", higher_is_better=True, places=0),
)  # fmt: skip

OWN = (PSFS, NPRS, GROC, ACTIVITY)
ALL = (*OWN, RMDQ, ODI, START, *SCORE_ONLY, *TIMED)
BY_SLUG: Mapping[str, Measure] = {measure.slug: measure for measure in ALL}
GROUPS = (
    ("Own words, the patient may answer", OWN),
    ("Questionnaires", (ODI, RMDQ, START, *SCORE_ONLY)),
    ("Timed by you", TIMED),
)
