"""A case of the caseload: a patient with how it goes, and why they need a look."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from statistics import median
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case as Chosen
from django.db.models import (
    Count,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.caseload.adherence import (
    CaseFacts,
    Reason,
    Severity,
    WeekAdherence,
    attention,
    planned_days_without_log,
    week_adherence,
)
from clinic.caseload.asked import NOTHING_ASKED, PlanVersion, days_from, last_day, so_far
from clinic.caseload.stored import NONE_STORED, Stored, stored_tallies
from clinic.today.eased import FLARE, Spell
from clinic.today.models import DailyTally, Session, Skip, SkipReason
from clinic.today.plan import DayTally, week_start
from clinic.today.reading import earlier
from exercises.search import searchable
from exercises.words import in_a_sentence
from patients.accounts.thresholds import DEFAULTS, Thresholds
from patients.models import CareTeamMember, Clinic, Clinician, Invitation, Patient
from patients.records.models import PatientQuerySet, age_on
from patients.tasks.models import URGENT, Kind, Task

WEEKS = 12
PAIN_DAYS = 28
FULL_WEEKS = 2  # before this one, for the rules about the last weeks
SKIPS_IN_DAYS = 14  # ADH-10
# Which rule's reason comes first among equally severe ones. An open task comes before what is only counted.
RULE_ORDER = ("task", "PAIN-5", "PAIN-7", "ADH-10", "PROG-9", "")
A_SEVERITY = 10  # places of one severity: more than there are rules
ON_TRACK = A_SEVERITY * list(Severity).index(Severity.OK)  # the first place of those who need nobody
# A patient's plans and pauses, and the easings and flare-ups of some weeks (`_with_spells`), joined.
PLANNED = {
    "plan": F("prescriptions__pk"), "plan_uuid": F("prescriptions__uuid"), "title": F("prescriptions__title"),
    "version": F("prescriptions__version"), "published_at": F("prescriptions__published_at"),
    "starts_on": F("prescriptions__starts_on"), "ends_on": F("prescriptions__ends_on"),
    "ended_on": F("prescriptions__ended_on"), "week_plan": F("prescriptions__week_plan"),
    "paused_from": F("prescriptions__pauses__from_day"), "paused_until": F("prescriptions__pauses__until_day"),
    "eased_from": F("eased__from_day"), "eased_until": F("eased__until_day"), "eased_ended": F("eased__lifted_on"),
    "eased_kind": F("eased__kind"), "eased_because": F("eased__because"), "eased_thread": F("eased__thread"),
    "flared_from": F("flared__from_day"), "flared_until": F("flared__until_day"), "flared_ended": F("flared__ended_on"),
}  # fmt: skip
TASK = "task"
ASLEEP, AWAKE, PRESSING = range(3)  # put off or settled; to do; urgent or overdue
SETTLED_DAYS = 14  # what was resolved is not said again for so long


@dataclass(frozen=True, slots=True)
class Case:
    """One row of the caseload. `week` counts from 1; `pains` are the worst pains of the last 28 days, oldest first;
    `breaks` the micro-breaks of this week so far, done and planned."""

    pk: int
    uuid: UUID
    name: str
    sorts_as: str
    search_text: str
    age: int
    problem: str
    is_mine: bool
    lead: int | None
    zone: ZoneInfo
    today: date
    created_on: date
    facts: CaseFacts
    versions: tuple[PlanVersion, ...]
    draft: UUID | None
    reasons: tuple[Reason, ...]
    this_week: WeekAdherence
    breaks: tuple[int, int]
    pains: tuple[tuple[date, int], ...]
    last_session_on: date | None
    first_weekday: int

    @property
    def severity(self) -> Severity:
        return self.reasons[0].severity

    @property
    def needs_a_look(self) -> bool:
        return self.severity is not Severity.OK

    @property
    def has_plan(self) -> bool:
        return any(version.counts_on(self.today) for version in self.versions)

    @property
    def is_new(self) -> bool:
        return self.created_on >= week_start(self.today, self.first_weekday)

    @property
    def week(self) -> int | None:
        """Which week of treatment it is, counted from the first plan's first day."""
        first = min((version.starts for version in self.versions), default=None)
        return (self.today - first).days // 7 + 1 if first and first <= self.today else None

    @property
    def place(self) -> int:
        """The smaller, the sooner: by how severe the worst reason is, then by its rule."""
        reason = self.reasons[0]
        return A_SEVERITY * list(Severity).index(reason.severity) + RULE_ORDER.index(reason.rule)

    @property
    def name_key(self) -> bytes:
        """By surname, as a list on paper is sorted."""
        return self.sorts_as.encode()

    @property
    def key(self) -> tuple[int, bytes, int]:
        return self.place, self.name_key, self.pk

    def is_found_by(self, words: Iterable[str]) -> bool:
        return all(word in self.search_text for word in words)


def cases_of(clinician: Clinician, now: datetime, *, only: Collection[int] | None = None) -> list[Case]:
    """The caseload of a clinic as this clinician may see it, or those patients of it; who needs a look comes first."""
    patients = Patient.objects.visible_to(clinician.user)
    if only is not None:
        patients = patients.filter(pk__in=only)
    return cases_among(patients, clinician.clinic, now, mine=Patient.objects.of_care_team(clinician))


def cases_among(
    patients: PatientQuerySet, clinic: Clinic, now: datetime, *, mine: PatientQuerySet | None = None
) -> list[Case]:
    """Whose records are still open, of these patients of one clinic. Four queries, whatever their number."""
    first_weekday, thresholds = clinic.week_starts_on, clinic.thresholds
    newest = now.astimezone(ZoneInfo("Etc/GMT-14")).date()  # nobody's local day is later than this
    full_weeks = max(FULL_WEEKS, thresholds.low_weeks)
    window = week_start(newest, first_weekday) - timedelta(weeks=full_weeks + 1)
    tallies = stored_tallies(DailyTally.objects.filter(patient__in=patients, day__gte=window))
    pains = _pains(patients, newest - timedelta(days=PAIN_DAYS))
    skips, tasks = _signals(patients, newest - timedelta(days=SKIPS_IN_DAYS), thresholds.same_skips, now)
    cases = [
        _case(
            facts,
            now,
            tallies.get(facts["pk"], NONE_STORED),
            pains.get(facts["pk"], ()),
            skips.get(facts["pk"], ()),
            tasks.get(facts["pk"], ToDo()),
            first_weekday,
            thresholds,
        )
        for facts in _people(patients, mine, now, newest - timedelta(weeks=WEEKS + 1))
    ]
    return sorted(cases, key=lambda case: case.key)


def versions_of(
    patients: PatientQuerySet, first: date, last: date
) -> Iterable[tuple[int, ZoneInfo, tuple[PlanVersion, ...]]]:
    """Which of these patients had a plan on one of these days, where they live, and the versions that may ask for
    something on them. One query."""
    in_time = Q(prescriptions__published_at__isnull=False, prescriptions__starts_on__lte=last)
    in_time &= Q(prescriptions__ended_on=None) | Q(prescriptions__ended_on__gt=first)
    in_time &= Q(prescriptions__ends_on=None) | Q(prescriptions__ends_on__gte=first)
    rows = _with_spells(patients.filter(in_time), first).values("pk", "time_zone", **PLANNED)
    for person in _by_person(rows):
        yield person["pk"], ZoneInfo(person["time_zone"]), _versions(person)


def first_day_shown(today: date, first_weekday: int) -> date:
    return week_start(today, first_weekday) - timedelta(weeks=WEEKS - 1)


def weeks_of(
    days: Sequence[DayTally], today: date, thresholds: Thresholds = DEFAULTS
) -> list[tuple[date, WeekAdherence]]:
    """Whole weeks by their first day, and how they went; the last of them so far."""
    days = [*days[:-7], *so_far(days[-7:], today)]
    return [(days[n].day, week_adherence(days[n : n + 7], today, thresholds)) for n in range(0, len(days), 7)]


def _people(
    patients: PatientQuerySet, mine: PatientQuerySet | None, now: datetime, since: date
) -> Iterable[dict[str, Any]]:
    """Patients with what a case tells of them, and with their plans: one query, joined, because a caseload of hundreds
    has few of each."""
    leads = CareTeamMember.objects.leading().filter(patient=OuterRef("pk"))
    logged = DailyTally.objects.filter(patient=OuterRef("pk")).order_by("-day")
    done = logged.filter(Q(touched_slots__gt=0) | Q(flexible_touched__gt=0) | Q(breaks_done__gt=0))
    rows = (
        _with_spells(patients.active(), since)
        .annotate(
            is_mine=Value(False) if mine is None else Exists(mine.filter(pk=OuterRef("pk"))),
            led_by=Subquery(leads.values("clinician")[:1]),
            is_invited=Exists(Invitation.objects.open_at(now).filter(patient=OuterRef("pk"))),
            last_log=Subquery(logged.values("day")[:1]),
            last_done=Subquery(done.values("day")[:1]),
        )
        .values(
            "pk", "uuid", "first_name", "last_name", "search_text", "born_on", "problem", "time_zone", "created_at",
            "user_id", "is_mine", "led_by", "is_invited", "last_log", "last_done", **PLANNED,
        )
    )  # fmt: skip
    return _by_person(rows)


def _with_spells(patients: PatientQuerySet, since: date) -> PatientQuerySet:
    """With the easings and flare-ups that lasted until then or longer, and the newest plan first."""
    return patients.annotate(
        eased=FilteredRelation("easings", condition=Q(easings__until_day=None) | Q(easings__until_day__gte=since)),
        flared=FilteredRelation("flare_ups", condition=Q(flare_ups__until_day__gte=since)),
    ).order_by("pk", "-prescriptions__version")


def _by_person(rows: QuerySet[Any, Any]) -> Iterable[dict[str, Any]]:
    """One after the other: the plans of thousands need not be held at once."""
    for _pk, own in groupby(rows.iterator(chunk_size=2_000), key=itemgetter("pk")):
        person: dict[str, Any] = {}
        for row in own:
            person = person or row | {"plans": {}, "spells": set()}
            person["spells"].update(_spells(dict(row)))
            if row["plan"]:
                _, pauses = person["plans"].setdefault(row["plan"], (row, []))
                if row["paused_from"]:
                    pauses.append((row["paused_from"], row["paused_until"]))
        yield person


def _spells(row: dict[str, Any]) -> Iterable[Spell]:
    if row["eased_from"]:
        last = earlier(row["eased_until"], row["eased_ended"])
        yield Spell(row["eased_from"], last, row["eased_kind"], row["eased_because"], row["eased_thread"])
    if row["flared_from"]:
        yield Spell(row["flared_from"], earlier(row["flared_until"], row["flared_ended"]), FLARE, FLARE)


def _versions(person: dict[str, Any]) -> tuple[PlanVersion, ...]:
    spells = tuple(sorted(person["spells"], key=repr))
    return tuple(
        PlanVersion(
            title=plan["title"],
            version=plan["version"],
            starts=plan["starts_on"],
            last=last_day(plan["ends_on"], plan["ended_on"]),
            week=plan["week_plan"] or NOTHING_ASKED,
            pauses=tuple(pauses),
            spells=spells,
        )
        for plan, pauses in person["plans"].values()
        if plan["published_at"]
    )


def _case(
    person: dict[str, Any],
    now: datetime,
    stored: Stored,
    pains: Sequence[tuple[date, int]],
    skips: Sequence[tuple[str, str]],
    tasks: "ToDo",
    first_weekday: int,
    thresholds: Thresholds,
) -> Case:
    zone = ZoneInfo(person["time_zone"])
    today, created_on = now.astimezone(zone).date(), person["created_at"].astimezone(zone).date()
    versions = _versions(person)
    start = week_start(today, first_weekday)
    full_weeks = max(FULL_WEEKS, thresholds.low_weeks)
    days = days_from(start - timedelta(weeks=full_weeks), 7 * full_weeks + 7, stored, versions)
    draft = next((plan["plan_uuid"] for plan, _ in person["plans"].values() if not plan["published_at"]), None)
    current = next((version for version in versions if version.counts_on(today)), None)
    latest = current or max(versions, key=lambda version: version.starts, default=None)
    facts = CaseFacts(
        today=today,
        created_on=created_on,
        has_plan=latest is not None and (latest.last is None or latest.last >= today),
        has_draft=draft is not None,
        invited_not_joined=person["is_invited"] and person["user_id"] is None,
        plan_ends_on=latest.last if latest else None,
        last_session_on=person["last_done"],
        planned_days_without_log=planned_days_without_log(days, person["last_log"], today),
        week_doses=tuple(week_adherence(days[7 * n : 7 * n + 7], today).dose for n in range(full_weeks)),
        last_pain=pains[-1][1] if pains else None,
        last_pain_on=pains[-1][0] if pains else None,
        pain_week_median=_median(pains, today, 0),
        pain_prev_week_median=_median(pains, today, 7),
        repeated_skips=tuple(skips),
    )
    reasons = _with_tasks(attention(facts, thresholds), tasks)
    paused_since = current.paused_since(today) if current else None
    if paused_since and reasons[0].severity is Severity.OK:
        reasons = [Reason(Severity.OK, gettext("Paused since %(day)s") % {"day": date_format(paused_since, "j F")})]
    return Case(
        pk=person["pk"],
        uuid=person["uuid"],
        name=f"{person['first_name']} {person['last_name']}",
        sorts_as=searchable(f"{person['last_name']} {person['first_name']}"),
        search_text=person["search_text"],
        age=age_on(today, person["born_on"]),
        problem=person["problem"],
        is_mine=person["is_mine"],
        lead=person["led_by"],
        zone=zone,
        today=today,
        created_on=created_on,
        facts=facts,
        versions=versions,
        draft=draft,
        reasons=tuple(reasons),
        this_week=week_adherence(days[-7:], today, thresholds),
        breaks=_breaks(days[-7:], today),
        pains=tuple(pains),
        last_session_on=person["last_done"],
        first_weekday=first_weekday,
    )


@dataclass(slots=True)
class ToDo:
    """A patient's tasks: those awake as reasons, pressing first, and the kinds that were put off or settled lately."""

    awake: list[Reason] = field(default_factory=list)
    asleep: set[Kind] = field(default_factory=set)


def _with_tasks(reasons: list[Reason], to_do: ToDo) -> list[Reason]:
    """What is counted says more than the task it became, so its words stand for both; unless somebody put that off or
    settled it."""
    awake = {reason.kind for reason in to_do.awake}
    counted = [reason for reason in reasons if reason.kind in awake or reason.kind not in to_do.asleep]
    said = {reason.kind for reason in counted if reason.kind}
    tasks = [reason for reason in to_do.awake if reason.kind not in said]
    order = list(Severity)
    found = sorted([*tasks, *counted], key=lambda reason: order.index(reason.severity))
    needing = [reason for reason in found if reason.severity is not Severity.OK]
    return needing or found or [Reason(Severity.OK, gettext("On track"))]


def _breaks(days: Sequence[DayTally], today: date) -> tuple[int, int]:
    gone = [day for day in days if day.day <= today]
    return round(sum(day.breaks_done for day in gone)), sum(day.breaks_planned for day in gone)


def _pains(patients: PatientQuerySet, since: date) -> dict[int, list[tuple[date, int]]]:
    """The worst pain a patient gave on each day, oldest first."""
    answers = (
        Session.objects.filter(patient__in=patients, day__gt=since)
        .filter(Q(pain_before__isnull=False) | Q(pain_worst__isnull=False))
        .order_by("patient_id", "day", "occasion")
        .values_list("patient_id", "day", "pain_before", "pain_worst")
    )
    by_patient: dict[int, list[tuple[date, int]]] = defaultdict(list)
    for patient, day, before, after in answers:
        worst, pains = max(score for score in (before, after) if score is not None), by_patient[patient]
        if pains and pains[-1][0] == day:
            worst = max(worst, pains.pop()[1])
        pains.append((day, worst))
    return by_patient


def _median(pains: Sequence[tuple[date, int]], today: date, days_back: int) -> float | None:
    scores = [score for day, score in pains if days_back <= (today - day).days < days_back + 7]
    return median(scores) if scores else None


def _signals(
    patients: PatientQuerySet, since: date, times: int, now: datetime
) -> tuple[dict[int, list[tuple[str, str]]], dict[int, ToDo]]:
    """Exercises skipped again and again for one reason, and what is to do, pressing first: one query for both."""
    skips = (
        Skip.objects.filter(patient__in=patients, day__gt=since)
        .values("patient_id", "line__exercise__name", "reason")
        .annotate(times=Count("pk"))
        .filter(times__gte=times)
        .values_list("patient_id", "line__exercise__name", "reason", "times")
    )
    state = Chosen(
        When(Q(resolved_at__isnull=False) | Q(snoozed_until__gt=now), then=ASLEEP),
        When(Q(kind__in=URGENT) | Q(due_at__lt=now), then=PRESSING),
        default=AWAKE,
        output_field=IntegerField(),
    )
    tasks = (
        Task.objects.filter(patient__in=patients)
        .filter(Q(resolved_at=None) | Q(resolved_at__gt=now - timedelta(days=SETTLED_DAYS)))
        .order_by()
        .values_list("patient_id", "kind", Value(""), state)
    )
    skipped: dict[int, list[tuple[str, str]]] = defaultdict(list)
    to_do: dict[int, ToDo] = defaultdict(ToDo)
    for patient, what, reason, number in sorted(
        skips.union(tasks, all=True), key=lambda row: (row[0], -row[3], row[1])
    ):
        if reason:
            skipped[patient].append((what, in_a_sentence(SkipReason(reason).label)))
        elif number == ASLEEP:
            to_do[patient].asleep.add(Kind(what))
        else:
            severity = Severity.HOT if number == PRESSING else Severity.WATCH
            to_do[patient].awake.append(Reason(severity, str(Kind(what).label), TASK, Kind(what)))
    return skipped, to_do
