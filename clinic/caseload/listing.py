"""The caseload as a page asks for it: filtered, counted and cut into pages, whatever the number of patients.

Kept standings sort and count everybody; the cases of the page, and of those whose record changed since, are read anew.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from clinic.caseload.cases import ON_TRACK, Case, cases_of
from clinic.caseload.models import Standing
from clinic.caseload.standings import changed_since, kept_of, standing_of
from clinic.caseload.topics import BIT, Topic
from patients.models import Clinician, Patient

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

PAGE = 50
NEED_FIRST = 25  # of those who need a look before the rest of the page; a morning has room for no more
Key = tuple[int, bytes, int]


class Marks(NamedTuple):
    """What groups and topics of a standing are counted by."""

    place: int
    topics: int
    is_new: bool
    has_plan: bool


class Group(NamedTuple):
    """Said twice, for the database and for a standing at hand; a test holds both equal."""

    key: str
    label: "StrOrPromise"
    where: Q
    holds: Callable[[Standing | Marks], bool]


NEED = Group("need", _("need you now"), Q(place__lt=ON_TRACK), lambda each: each.place < ON_TRACK)
TRACK = Group("track", _("on track"), Q(place__gte=ON_TRACK), lambda each: each.place >= ON_TRACK)
NEW = Group("new", _("new this week"), Q(is_new=True), lambda each: each.is_new)
UNPLANNED = Group("unplanned", _("without a plan"), Q(has_plan=False), lambda each: not each.has_plan)
GROUPS = (NEED, TRACK, NEW, UNPLANNED)
BY_KEY = {group.key: group for group in GROUPS}
ALL, MINE, NOBODYS = "all", "mine", "nobodys"


@dataclass(frozen=True, slots=True)
class Asked:
    """who: ALL, MINE, NOBODYS (nobody leads them), or the key of the clinician who leads. group, about: empty for any."""

    who: str = ALL
    group: str = ""
    about: str = ""
    words: Sequence[str] = ()

    @property
    def is_plain(self) -> bool:
        return not (self.group or self.about or self.words)


@dataclass(frozen=True, slots=True)
class Listing:
    """behind: how many need a look and are left out of the plain page."""

    page: Page[int]
    cases: list[Case]
    everybody: int
    mine: int
    groups: list[tuple[Group, int]]
    topics: list[tuple[Topic, int]]
    behind: int

    @property
    def ends_in_need(self) -> bool:
        return bool(self.cases) and self.cases[-1].needs_a_look


def listing_of(clinician: Clinician, now: datetime, asked: Asked, number: str | None) -> Listing:
    caseload = _Caseload(clinician, now)
    everybody, mine = caseload.counted(ALL), caseload.counted(MINE)
    counted = {ALL: everybody, MINE: mine}.get(asked.who) or caseload.counted(asked.who)
    parts = [caseload.part(asked, counted)]
    if asked.is_plain:
        parts = [caseload.part(replace(asked, group=each.key), counted) for each in (NEED, TRACK)]
    behind = max(0, parts[0].length - NEED_FIRST) if asked.is_plain else 0
    parts[0] = replace(parts[0], length=parts[0].length - behind)
    lines: Any = Lines(parts)  # of a sequence's ways it has the two that a paginator uses
    page: Page[int] = Paginator(lines, PAGE).get_page(number)
    return Listing(
        page=page,
        cases=caseload.cases(list(page)),
        everybody=everybody.total(),
        mine=mine.total(),
        groups=[(group, sum(counted[marks] for marks in counted if group.holds(marks))) for group in GROUPS],
        topics=[(topic, sum(counted[marks] for marks in counted if marks.topics & BIT[topic])) for topic in Topic],
        behind=behind,
    )


@dataclass(frozen=True, slots=True)
class Part:
    """Kept standings, with the keys of those at hand that belong among them, and how many of all are shown."""

    kept: "QuerySet[Standing]"
    at_hand: list[Key]
    length: int

    def cut(self, start: int, stop: int) -> list[int]:
        """Those at hand may come before or after any of the kept, so as many more are read before the first."""
        first = max(0, start - len(self.at_hand))
        rows = self.kept.order_by("place", "name_key", "patient_id")[first:stop]
        kept = [(place, bytes(name), pk) for place, name, pk in rows.values_list("place", "name_key", "patient_id")]
        both = sorted([*kept, *self.at_hand])
        return [pk for *_, pk in both[start - first : stop - first]]


class Lines:
    """Parts one after the other, as a paginator wants them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = parts

    def __len__(self) -> int:
        return sum(part.length for part in self.parts)

    def __getitem__(self, wanted: slice) -> list[int]:
        found, passed = list[int](), 0
        for part in self.parts:
            start, stop = max(0, wanted.start - passed), min(part.length, wanted.stop - passed)
            if start < stop:
                found += part.cut(start, stop)
            passed += part.length
        return found


class _Caseload:
    """Everybody this clinician may see: kept standings, and the cases of those that are out of date."""

    def __init__(self, clinician: Clinician, now: datetime) -> None:
        self.clinician, self.now = clinician, now
        kept = kept_of(clinician.clinic)
        changed = changed_since(kept, now) if kept else None
        self.kept = Standing.objects.visible_to(clinician.user)
        self.kept = self.kept.none() if changed is None else self.kept.exclude(pk__in=changed)
        read = cases_of(clinician, now, only=changed) if changed != [] else []
        self.at_hand = {case.pk: (standing_of(case, clinician.clinic, now), case) for case in read}

    def counted(self, who: str) -> "Counter[Marks]":
        """How many are alike, so that a few dozen rows count thousands of patients."""
        rows = self._kept_of(who).order_by().values_list(*Marks._fields).annotate(number=Count("pk"))
        counted = Counter({Marks(*marks): number for *marks, number in rows})
        counted.update(
            Marks(each.place, each.topics, each.is_new, each.has_plan) for each, _ in self._at_hand_of(who)
        )
        return counted

    def part(self, asked: Asked, counted: "Counter[Marks]") -> Part:
        """counted: everybody of `asked.who`, so that only what is searched for has to be counted anew."""
        kept, at_hand = self._kept_of(asked.who), self._at_hand_of(asked.who)
        if group := BY_KEY.get(asked.group):
            kept, at_hand = kept.filter(group.where), [both for both in at_hand if group.holds(both[0])]
            counted = Counter({marks: number for marks, number in counted.items() if group.holds(marks)})
        if asked.about:
            bit = BIT[asked.about]
            kept = kept.alias(about=F("topics").bitand(bit)).filter(about__gt=0)
            at_hand = [both for both in at_hand if both[0].topics & bit]
            counted = Counter({marks: number for marks, number in counted.items() if marks.topics & bit})
        for word in asked.words:
            kept = kept.filter(patient__search_text__contains=word)
        at_hand = [both for both in at_hand if both[1].is_found_by(asked.words)]
        length = kept.count() + len(at_hand) if asked.words else counted.total()
        return Part(kept, [standing.key for standing, _ in at_hand], length)

    def cases(self, patients: Collection[int]) -> list[Case]:
        others = [pk for pk in patients if pk not in self.at_hand]
        read = cases_of(self.clinician, self.now, only=others) if others else []
        at_hand = [self.at_hand[pk][1] for pk in patients if pk in self.at_hand]
        return sorted([*read, *at_hand], key=lambda case: case.key)

    def _kept_of(self, who: str) -> "QuerySet[Standing]":
        if who == ALL:
            return self.kept
        if who == MINE:
            return self.kept.filter(patient__in=Patient.objects.of_care_team(self.clinician))
        return self.kept.filter(lead=None if who == NOBODYS else int(who))

    def _at_hand_of(self, who: str) -> list[tuple[Standing, Case]]:
        lead = None if who in (ALL, MINE, NOBODYS) else int(who)
        return [
            (standing, case)
            for standing, case in self.at_hand.values()
            if who == ALL or (case.is_mine if who == MINE else case.lead == lead)
        ]
