"""Where what the clinic's texts say and what its rules say do not agree. Pure: plain patterns over sentences.

The patterns read English, the language the content is written in. Who reads a finding decides: a sentence may well stand.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts.thresholds import Thresholds

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

# What the article on the signs that need a doctor has to name: every question that asks for an ambulance by itself.
SIGNS_ARTICLE = "see-a-doctor-first"
SIGNS: Mapping[str, str] = {
    "RF01": r"pass water|urine|urinat|bladder|hold your water",
    "RF02": r"numb[^.]*(bottom|between your legs|private|saddle|groin)",
    "RF03": r"stool|bowel",
    "RF05": r"both legs",
    "RF06": r"weak fast|gives way|weaker fast|very weak",
    "RF08": r"crash|hard fall|accident",
    "RF15": r"tearing",
    "RF16": r"chest",
    "RF17": r"calf|out of breath|get your breath",
    "RF27": r"fever|shiver",
}
# Words that no text of a back clinic says of its own accord.
AGAINST: tuple[tuple[str, str, str], ...] = (
    ("no-pain-no-gain", r"no pain,? no gain", "PAIN-4"),
    (
        "through-pain",
        r"\b(?:push|work|train|go|move|exercise) (?:on )?through (?:the |your |it|any )?\s*pain",
        "PAIN-4",
    ),
    ("against-pain", r"\bpush against (?:the )?pain", "PAIN-4"),
    ("hold-breath", r"\bhold(?:ing)? your breath", "COND"),
    ("bed-rest", r"\b(?:bed rest|rest in bed|stay(?:ing)? in bed|lie in bed)\b", "FLARE-3"),
    ("never-bend", r"\bnever (?:bend|twist|lift)\b", "COND"),
    ("promise", r"\b(?:cures?|heals? your back|guaranteed?)\b", "CONTENT"),
)
UNSAID = re.compile(
    r"\b(?:not|no|never|cannot|avoid|without|if|instead|rather than|used to|years ago|old advice|myth|longer|only as far as|"
    r"stop|rest if|keep breathing|nobody|nothing)\b|n[’']t\b",
    re.IGNORECASE,
)
WORDS = dict(
    zip(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
        range(1, 13),
        strict=True,
    )
)
NUMBER = rf"(\d+|{'|'.join(WORDS)})"
UNITS = r"(?! ?(?:%|seconds?|minutes?|hours?|days?|weeks?|months?|times|reps|repetitions|sets|exercises|kg|lb|steps|holds))"
SUITS: Mapping[str, str] = {
    r"new episode of up to \d+ days": "acute-phase",
    r"stenosis": "stenosis",
    r"spondylolisthesis": "spondylolisthesis",
    r"osteoporosis|thin bones": "osteoporosis",
    r"falls risk|at risk of falls": "falls-risk",
    r"after a flare|flare-up": "acute-phase",
    r"pregnan": "pregnancy-late",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """A field of a content. kind, slug, field: its keys; title, place: what people call them."""

    kind: str
    slug: str
    title: str
    field: str
    place: str
    text: str
    edit_url: str

    @property
    def sentences(self) -> list[str]:
        return [part.strip(" -*>#|") for part in re.split(r"(?<=[.!?])\s+|\n+", self.text) if part.strip(" -*>#|")]


@dataclass(frozen=True, slots=True)
class Finding:
    """said: what stands there. says: what the rule says. is_remark: unusual, and no contradiction."""

    rule: str
    passage: Passage
    said: str
    says: str
    is_remark: bool = False

    @property
    def key(self) -> str:
        """The same one on every day, whatever else changes in the text around it."""
        it = self.passage
        return f"{self.rule}:{it.kind}:{it.slug}:{it.field}:{_digest(self.said)[:10]}"

    @property
    def text(self) -> str:
        """Digest of what somebody read who lets it stand."""
        return _digest(self.passage.text)


class Number(NamedTuple):
    """A number that a text names and a rule sets. expects: from the clinic's thresholds, what may stand there."""

    rule: str
    pattern: str
    expects: Callable[[Thresholds], Collection[int]]
    says: Callable[[Thresholds], str]


def exactly(
    rule: str, pattern: str, says: "StrPromise", number: Callable[[Thresholds], int], *, in_weeks: bool = False
) -> Number:
    """The very number that the rule says; in_weeks: a text names in weeks what the rule has in days."""
    return Number(
        rule,
        pattern,
        lambda t: {number(t) // 7 if in_weeks else number(t)},
        lambda t: str(says) % {"number": number(t)},
    )


NUMBERS: tuple[Number, ...] = (
    exactly(
        "PAIN-2",
        rf"\b(?:up to|at most|stays? at) {NUMBER}\b{UNITS}(?=[^.?!]*\b(?:fine|all right|okay|allowed)\b)",
        _("Pain up to %(number)s of 10 is allowed during an exercise."),
        lambda t: t.amber_to,
    ),
    exactly(
        "PAIN-2",
        rf"\bis it {NUMBER} or (?:more|higher)\b",
        _("From %(number)s of 10 on, the exercise stops."),
        lambda t: t.amber_to + 1,
    ),
    exactly(
        "PAIN-3",
        rf"\bis up by {NUMBER}\b",
        _("A rise of %(number)s points by the next morning is too much."),
        lambda t: t.raised_from,
    ),
    Number(
        "PAIN-5",
        rf"\brest for {NUMBER} minutes, then look again",
        lambda t: {t.settle_minutes, t.away_minutes},
        lambda t: gettext("Pain has %(number)s minutes to settle.") % {"number": t.settle_minutes},
    ),
    exactly(
        "FLARE-4",
        rf"\b(?:not|no) better after {NUMBER} days",
        _("Gentle days last %(number)s days, then somebody looks."),
        lambda t: t.flare_days,
    ),
    exactly(
        "FLARE-5",
        rf"\bsecond flare(?:-up)? within {NUMBER} weeks",
        _("A second flare-up within %(number)s days is reviewed."),
        lambda t: t.flare_again_days,
        in_weeks=True,
    ),
    exactly(
        "PROG-9",
        rf"\b(?:more than|over) {NUMBER} weeks,[^.?!]*(?:talk to us|ask us|call us)",
        _("After %(number)s days away, a new check comes first."),
        lambda t: t.gap_check_days,
        in_weeks=True,
    ),
    exactly(
        "PROG-9",
        rf"\bafter {NUMBER} (?:or \w+ )?weeks?,[^.?!]*\bless\b",
        _("After %(number)s days away, the dose is smaller."),
        lambda t: t.gap_short_days,
        in_weeks=True,
    ),
    exactly(
        "PROG-5",
        rf"\bat most {NUMBER}% more minutes a week",
        _("Weekly minutes grow by %(number)s %%."),
        lambda t: round(t.minutes_step * 100),
    ),
    exactly(
        "PROG-1",
        rf"\bsteps of {NUMBER}% load",
        _("The load grows by %(number)s %%."),
        lambda t: round(t.load_step * 100),
    ),
    exactly(
        "RF23",
        rf"\byou are under {NUMBER}\b{UNITS}",
        _("Under %(number)s years, a plan needs clearance."),
        lambda t: t.adult_from,
    ),
    exactly(
        "RF23",
        rf"\bover {NUMBER} and this is your first",
        _("A first back pain over %(number)s years needs clearance."),
        lambda t: t.first_pain_late_from,
    ),
    Number(
        "RF20",
        rf"\bfainted[^.?!]*last {NUMBER} weeks",
        lambda t: {4},
        lambda t: gettext("Fainting or falls in the last 4 weeks need clearance."),
    ),
    exactly(
        "COND",
        rf"\bnew episode of up to {NUMBER} days",
        _("A new episode counts as acute for %(number)s days."),
        lambda t: t.acute_days,
    ),
    Number(
        "FLARE-3",
        rf"\b(?:stay|rest|lie) in bed for (?:up to )?{NUMBER} (?:days|weeks)",
        lambda t: {1},
        lambda t: gettext("Rest in bed is for the first day, at most."),
    ),
    Number(
        "BRK-1",
        rf"^(?=.*\b(?:stand|walk|sitting|breaks?)\b).*?\b(?:every|each) (?:\d+ to )?{NUMBER} minutes",
        lambda t: range(30, 121),
        lambda t: gettext("A break is due after 30 to 120 minutes of sitting."),
    ),
    Number(
        "BRK-2",
        rf"\bbreak[^.?!]{{0,30}}never over {NUMBER} minutes",
        lambda t: range(1, 4),
        lambda t: gettext("A break takes 1 to 3 minutes."),
    ),
    Number(
        "BRK-2",
        rf"\b{NUMBER}[- ]minute break",
        lambda t: range(1, 4),
        lambda t: gettext("A break takes 1 to 3 minutes."),
    ),
)


def wrong_numbers(passages: Iterable[Passage], thresholds: Collection[Thresholds]) -> Iterator[Finding]:
    """Against each clinic's own numbers: a shared text has to agree with all of them."""
    known = [(rule, re.compile(rule.pattern, re.IGNORECASE)) for rule in NUMBERS]
    for passage in passages:
        for sentence in passage.sentences:
            for rule, pattern in known:
                for found in pattern.finditer(sentence):
                    named = number_of(found[1])
                    against = next((t for t in thresholds if named not in rule.expects(t)), None)
                    if against:
                        yield Finding(rule.rule, passage, sentence, rule.says(against))


def words_against(passages: Iterable[Passage]) -> Iterator[Finding]:
    """Words against the rules, unless the sentence says so itself."""
    known = [(name, re.compile(words, re.IGNORECASE), rule) for name, words, rule in AGAINST]
    for passage in passages:
        for sentence in passage.sentences:
            for _name, pattern, rule in known:
                rest = pattern.sub("", sentence)
                if rest != sentence and not UNSAID.search(rest) and not sentence.endswith("?"):
                    yield Finding(rule, passage, sentence, _against(rule))


def missing_signs(article: Passage | None, labels: Mapping[str, str], nowhere: Passage) -> Iterator[Finding]:
    """labels: by id, the emergency signs of the red-flag check. nowhere: stands in for an article that does not exist."""
    if article is None:
        yield Finding("RF", nowhere, "", gettext("No article says which signs need a doctor at once."))
        return
    for id, label in labels.items():
        if not re.search(SIGNS.get(id, r"(?!)"), article.text, re.IGNORECASE):
            said = gettext("%(id)s is not named") % {"id": id}
            yield Finding("RF", article, said, gettext("An emergency sign: %(sign)s.") % {"sign": label})


@dataclass(frozen=True, slots=True)
class Program:
    """What is compared of a protocol. labels: of its stages. blocked: by exercise, why its own conditions forbid it."""

    passage: Passage
    weeks: int | None
    labels: tuple[str, ...]
    rules: tuple[Mapping[str, object], ...]
    blocked: Mapping[str, str]


def own_conditions(suits: str) -> list[str]:
    """The conditions that a protocol says it is for."""
    return sorted({code for words, code in SUITS.items() if re.search(words, suits, re.IGNORECASE)})


def program_findings(program: Program, progress: Passage) -> Iterator[Finding]:
    """Stages against the length, what is written of a move against the rule that makes it, and what it forbids itself."""
    weeks = program.weeks
    for label in program.labels:
        last = re.search(rf"\b(weeks?|days?) {NUMBER}(?: to {NUMBER})?", label, re.IGNORECASE)
        if not (weeks and last):
            continue
        days = number_of(last[3] or last[2]) * (7 if last[1].lower().startswith("week") else 1)
        if days > weeks * 7:
            yield Finding("LENGTH", program.passage, label, _length(weeks))
    said = re.match(rf"{NUMBER} weeks\b", program.passage.text, re.IGNORECASE)
    if weeks and said and number_of(said[1]) != weeks:
        yield Finding("LENGTH", program.passage, said[0], _length(weeks))
    for pattern, name, factor in (
        (rf"\b{NUMBER} sessions\b", "sessions", 1.0),
        (rf"\b{NUMBER}% of the dose", "share", 100.0),
        (rf"\b{NUMBER} days in a row", "settled_days", 1.0),
    ):
        expected = {round(float(str(rule[name])) * factor) for rule in program.rules if name in rule}
        for sentence in progress.sentences:
            for found in re.finditer(pattern, sentence, re.IGNORECASE):
                if expected and "after" in sentence.lower() and number_of(found[1]) not in expected:
                    wanted = ", ".join(map(str, sorted(expected)))
                    says = gettext("The protocol’s rule for the next stage says %(number)s.") % {"number": wanted}
                    yield Finding("STAGE", progress, sentence, says)
    for exercise, why in program.blocked.items():
        yield Finding("COND", program.passage, exercise, why)


def wrong_holds(passages: Iterable[tuple[Passage, int]]) -> Iterator[Finding]:
    """Exercises whose words name another hold than their usual start."""
    for passage, hold in passages:
        for sentence in passage.sentences:
            for found in re.finditer(rf"\bhold\b[^.?!]{{0,20}}?\b{NUMBER} seconds", sentence, re.IGNORECASE):
                if number_of(found[1]) != hold:
                    says = gettext("The usual start holds for %(number)s seconds.") % {"number": hold}
                    yield Finding("DOS", passage, sentence, says)


def dead_links(passages: Iterable[Passage], leads_to: Callable[[str], str]) -> Iterator[Finding]:
    """`leads_to`: why an address of the site leads nowhere, in words; empty when it does lead somewhere."""
    for passage in passages:
        for address in re.findall(r"\]\((/[^)\s]*)\)", passage.text):
            if why := leads_to(address):
                yield Finding("LINK", passage, address, why)
        for name in re.findall(r"\b[\w-]+\.(?:txt|pdf|docx?|md)\b", passage.text):
            yield Finding("LINK", passage, name, gettext("Names a file that no reader has."))


def number_of(word: str) -> int:
    return int(word) if word.isdigit() else WORDS[word.lower()]


def _length(weeks: int) -> str:
    return gettext("The protocol’s length is %(weeks)s weeks.") % {"weeks": weeks}


def _against(rule: str) -> str:
    return {
        "PAIN-4": gettext("Pain that rises is a reason to do less."),
        "COND": gettext("Breathe on; bend, twist and lift as the conditions allow."),
        "FLARE-3": gettext("Moving a little is better than rest in bed, in a flare-up too."),
        "CONTENT": gettext("“May help”, never a promise."),
    }[rule]


def _digest(text: str) -> str:
    return sha256(" ".join(text.split()).encode()).hexdigest()
