"""What happened since a day, for the clinician's notes in another system: as plain text, and as what a visit note may
start from. Only facts of the record. Pure but for `summary_of`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.caseload.adherence import WeekAdherence, program_adherence, week_adherence
from clinic.caseload.asked import so_far
from clinic.caseload.overview import Day
from clinic.messaging.models import Message
from clinic.story.asked import Asked
from clinic.story.charts import number
from clinic.story.course import Plans, default_since, worst_by_day
from clinic.story.entries import DAY, Entry, Kind, Read
from clinic.story.sources import reads_of
from clinic.story.standing import Compared, Row, standings_of
from clinic.today.plan import DayTally
from patients.models import Note, Patient, Task, User

MOST = 6000  # letters of the whole: a note takes 8000, and the clinician has something to add
LINE = 240  # letters of a line
LINES = 10  # of a part
COMMENTS = 5
MOST_DAYS = 364  # back: no day of a month comes twice, so that none needs its year


class Part(StrEnum):
    PLAN = "plan"
    ADHERENCE = "adherence"
    PAIN = "pain"
    MEASURES = "measures"
    EVENTS = "events"
    CHECKS = "checks"
    GOALS = "goals"
    AGREED = "agreed"
    OPEN = "open"

    @property
    def heading(self) -> str:
        return {
            Part.PLAN: _("Plan"),
            Part.ADHERENCE: _("Adherence"),
            Part.PAIN: _("Pain"),
            Part.MEASURES: _("Outcome measures"),
            Part.EVENTS: _("Flare-ups, easings and adverse events"),
            Part.CHECKS: _("Red-flag checks"),
            Part.GOALS: _("Goals"),
            Part.AGREED: _("Agreed at the last visit"),
            Part.OPEN: _("Messages and open tasks"),
        }[self]


# What the patient says, and what was counted or found: how a visit note divides it.
SUBJECTIVE = (Part.PAIN, Part.EVENTS, Part.GOALS)
OBJECTIVE = (Part.PLAN, Part.ADHERENCE, Part.MEASURES, Part.CHECKS)
# What parts tell of the timeline.
TOLD = {
    Part.PLAN: (Kind.PLAN,),
    Part.ADHERENCE: (Kind.OFF,),
    Part.EVENTS: (Kind.FLARE, Kind.EVENT),
    Part.CHECKS: (Kind.CHECK,),
}


@dataclass(frozen=True, slots=True)
class Section:
    part: Part
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return self.part.heading


@dataclass(frozen=True, slots=True)
class Summary:
    name: str
    born_on: date
    clinic: str
    since: date
    until: date
    sections: tuple[Section, ...]

    @property
    def head(self) -> tuple[str, str]:
        period = {"first": long(self.since), "last": long(self.until)}
        who = {"name": self.name, "day": long(self.born_on), "clinic": self.clinic}
        return (
            _("Visit summary, %(first)s to %(last)s") % period,
            _("%(name)s, born %(day)s. %(clinic)s.") % who,
        )

    @property
    def text(self) -> str:
        """To be copied; never longer than `MOST`."""
        blocks = ["\n".join(self.head), *(f"{each.title.upper()}\n{bulleted(each)}" for each in self.sections)]
        return fitted("\n\n".join(blocks), MOST)

    @property
    def typed(self) -> list[str]:
        """What people have written into it, in whatever script."""
        return [self.name, self.clinic, *(line for section in self.sections for line in section.lines)]

    def of(self, parts: Sequence[Part]) -> str:
        """These parts alone, for a field of a visit note."""
        wanted = [section for section in self.sections if section.part in parts]
        return fitted("\n".join(f"{each.title}\n{bulleted(each)}" for each in wanted), MOST)


def bulleted(section: Section) -> str:
    return "\n".join(f"- {line}" for line in section.lines)


def fitted(text: str, most: int) -> str:
    """Whole lines, as many as fit."""
    if len(text) <= most:
        return text
    said = _("(shortened: the record has more)")
    kept = text[: most - len(said) - 1]
    return f"{kept[: kept.rfind(chr(10))]}\n{said}"


def summary_of(patient: Patient, user: User, since: date | None = None) -> Summary:
    """A fixed number of queries, whatever happened."""
    today = patient.local_day()
    asked = Asked(patient, user, today + DAY)
    plans = Plans.of(asked)
    since = max(since or default_since(patient, plans, today), today - timedelta(days=MOST_DAYS))
    compared = Compared(*standings_of(asked, plans, [since, today]))
    days = plans.days(since, (today - since).days + 1, today)
    reads = {part: reads_of(asked, kinds) for part, kinds in TOLD.items()}
    told = {part: dated(since_day(each, since)) for part, each in reads.items()}
    cut = {part for part, each in reads.items() if any(read.reaches and read.reaches >= since for read in each)}
    found = {
        Part.PLAN: [compared.now.plan_words, *told[Part.PLAN]],
        Part.ADHERENCE: [*adherence_lines(days, today, patient), *told[Part.ADHERENCE]],
        Part.PAIN: pain_lines(days),
        Part.MEASURES: [row_words(row) for row in compared.score_rows],
        Part.EVENTS: told[Part.EVENTS],
        Part.CHECKS: told[Part.CHECKS],
        Part.GOALS: [row_words(row) for row in compared.goal_rows],
        Part.AGREED: agreed_lines(agreed_at(patient, today)),
        Part.OPEN: [*message_lines(asked, since), *task_lines(patient, user)],
    }
    return Summary(
        name=patient.full_name,
        born_on=patient.born_on,
        clinic=patient.clinic.name,
        since=since,
        until=today,
        sections=tuple(
            Section(part, short_lines(lines, is_cut=part in cut)) for part, lines in found.items() if lines
        ),
    )


def since_day(reads: Iterable[Read], since: date) -> list[Entry]:
    """Newest first. Of what a source has more of than it reads, the newest."""
    found = (entry for read in reads for entry in read.entries if entry.day >= since)
    return sorted(found, key=lambda entry: entry.order, reverse=True)


def dated(entries: Iterable[Entry]) -> list[str]:
    """Newest first, as on the timeline."""
    return [_("%(day)s: %(what)s") % {"day": short(entry.day), "what": entry.words} for entry in entries]


def short_lines(lines: Sequence[str], *, is_cut: bool = False) -> tuple[str, ...]:
    """is_cut: the record has more of them than were read."""
    kept = [Truncator(" ".join(line.split())).chars(LINE) for line in lines[:LINES]]
    if (more := len(lines) - LINES) > 0:
        said = ngettext("and %(n)s more", "and %(n)s more", more)
        if is_cut:
            said = ngettext("and at least %(n)s more", "and at least %(n)s more", more)
        kept.append(said % {"n": more})
    return tuple(kept)


def row_words(row: Row) -> str:
    values = {"name": row.name, "then": row.then, "now": row.now, "change": row.change}
    if row.then == "–" or row.then == row.now:
        said = _("%(name)s: %(now)s") % values
    else:
        said = _("%(name)s: %(then)s, now %(now)s") % values
    return f"{said}. {row.change}." if row.change else f"{said}."


def adherence_lines(days: Sequence[Day], today: date, patient: Patient) -> list[str]:
    weeks = period_weeks([day.tally for day in days], today, patient)
    planned = sum(week.session_days_planned for week in weeks)
    if not planned:
        return [_("Nothing was planned.")]
    counts = {"done": sum(week.session_days_done for week in weeks), "planned": planned}
    dose = program_adherence(week.dose for week in weeks)
    if dose is None:
        return [_("%(done)s of %(planned)s planned days done.") % counts]
    counts["dose"] = round(100 * dose)
    return [
        _("%(done)s of %(planned)s planned days done; mean dose %(dose)s %% of sets, holds and minutes.") % counts
    ]


def period_weeks(tallies: Sequence[DayTally], today: date, patient: Patient) -> list[WeekAdherence]:
    """Counted in sevens back from the last day; days before the first one asked for nothing."""
    days = so_far(tallies, today)
    missing = -len(days) % 7
    days = [DayTally(days[0].day - timedelta(days=n)) for n in range(missing, 0, -1)] + days
    return [week_adherence(days[n : n + 7], today, patient.clinic.thresholds) for n in range(0, len(days), 7)]


def pain_lines(days: Sequence[Day]) -> list[str]:
    worst = worst_by_day(days)
    if not worst:
        return [_("No pain answers.")]
    first, last = ([score for _day, score in part] for part in (worst[:7], worst[-7:]))
    values = {
        "first": number(median(first)), "last": number(median(last)), "most": max(score for _day, score in worst),
        "days": len(worst),
    }  # fmt: skip
    said = ngettext(
        "Answers on %(days)s day; worst pain %(most)s of 10.",
        "Answers on %(days)s days; worst pain %(most)s of 10.",
        len(worst),
    )
    lines = [said % values]
    if len(worst) > 7:
        lines.append(_("Median worst pain of the first 7 answers %(first)s, of the last 7 %(last)s.") % values)
    else:
        lines.append(_("Median worst pain %(last)s.") % values)
    quoted = [(day.day, comment) for day in reversed(days) for comment in day.comments][:COMMENTS]
    return lines + [
        _("%(day)s, patient: “%(comment)s”") % {"day": short(day), "comment": " ".join(comment.split())}
        for day, comment in quoted
    ]


def message_lines(asked: Asked, since: date) -> list[str]:
    """All of them, of which the timeline reads but the newest. One query."""
    rows = Message.objects.visible_to(asked.user).filter(patient=asked.patient)
    rows = rows.filter(written_at__gte=asked.start(since), written_at__lt=asked.moment)
    found = rows.aggregate(n=Count("pk"), last=Max("written_at"))
    if not found["n"]:
        return []
    said = ngettext("%(n)s message, the last on %(day)s.", "%(n)s messages, the last on %(day)s.", found["n"])
    return [said % {"n": found["n"], "day": short(asked.day(found["last"]))}]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed at the last visit that says so, however long ago, line by line."""

    day: date
    lines: tuple[str, ...]


def agreed_at(patient: Patient, today: date) -> Agreed | None:
    """One query."""
    notes = Note.objects.filter(patient=patient, visit_on__lte=today).exclude(plan="").order_by("-visit_on", "-pk")
    note = notes.first()
    if not note or not note.visit_on:
        return None
    lines = (line.strip("-• \t") for line in note.plan.splitlines())
    return Agreed(note.visit_on, tuple(line for line in lines if line))


def agreed_lines(agreed: Agreed | None) -> list[str]:
    if agreed is None:
        return []
    return [_("%(day)s: %(what)s") % {"day": long(agreed.day), "what": line} for line in agreed.lines]


def task_lines(patient: Patient, user: User) -> list[str]:
    """One query. A patient has one of a kind."""
    tasks = Task.objects.visible_to(user).open().filter(patient=patient)
    return [
        _("Open task, %(kind)s: %(words)s") % {"kind": task.get_kind_display(), "words": task.words} for task in tasks
    ]


def short(day: date) -> str:
    return date_format(day, "j M")


def long(day: date) -> str:
    return date_format(day, "j F Y")
