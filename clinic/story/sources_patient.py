"""What the patient did and said, for a timeline."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from clinic.caseload.overview import Day
from clinic.caseload.pain import session_pain
from clinic.messaging.models import Message
from clinic.story.asked import Asked, newest
from clinic.story.entries import ROWS, Entry, Kind, Read
from clinic.today.follow_ups import said_of
from clinic.today.models import CAPPED_REASONS, AdverseEvent, DailyTally, Session, Skip, SkipReason
from clinic.today.pain import Zone
from clinic.today.plan import DayTally
from patients.outcomes.history import Answer, between, said
from patients.outcomes.measures import START
from patients.outcomes.scoring import band_of

FIRST_WORDS = 14  # of a message
ENTERED = {
    Zone.GREEN: lambda: _("Pain back in the green zone"),
    Zone.AMBER: lambda: _("Pain in the amber zone"),
    Zone.RED: lambda: _("Pain in the red zone"),
}
ZONE_TONES = {Zone.GREEN: "good", Zone.AMBER: "warn", Zone.RED: "danger"}


def days(asked: Asked) -> Iterable[Read]:
    """A day an entry. Two queries."""
    patient = asked.patient
    tallies = newest(DailyTally.objects.visible_to(asked.user).filter(patient=patient, day__lt=asked.before), "-day")
    sessions = _sessions(asked)
    figures = {row.day: row.figures() for row in tallies}
    told: dict[date, list[Session]] = defaultdict(list)
    for session in reversed(sessions[:ROWS]):
        if session.is_answered:
            told[session.day].append(session)
    known = sorted({*list(figures)[:ROWS], *told}, reverse=True)
    reaches = [
        days_known[ROWS - 1]
        for days_known in (list(figures), [each.day for each in sessions])
        if len(days_known) > ROWS
    ]
    entries = [_day(asked, day, figures.get(day) or DayTally(day), told[day]) for day in known]
    yield Read(tuple(entries), max(reaches, default=None))


def _sessions(asked: Asked) -> list[Session]:
    rows = Session.objects.visible_to(asked.user).filter(patient=asked.patient, day__lt=asked.before)
    return list(newest(rows, "-day", "-occasion"))


def _day(asked: Asked, day: date, tally: DayTally, sessions: Sequence[Session]) -> Entry:
    shown = Day(day, tally, is_logged=True, is_future=False, is_today=False)
    lines, tone = list[str](), ""
    if shown.asked:
        title = _("%(done)s of %(asked)s done") % {"done": shown.done_slots, "asked": shown.asked}
    elif tally.breaks_planned:
        breaks = {"done": round(tally.breaks_done), "asked": tally.breaks_planned}
        title = _("%(done)s of %(asked)s breaks") % breaks
    else:
        title = _("Nothing asked")
    for session in sessions:
        seen = session_pain(session, asked.limits, asked.patient.clinic.thresholds)
        lines += _session_lines(session)
        if seen.decision and seen.tone in ("warn", "danger"):
            tone = seen.tone if tone != "danger" else tone
            lines.append(seen.decision)
    url = asked.url("patient_day", day)
    quotes = tuple(session.comment for session in sessions if session.comment)
    return Entry(Kind.DAY, day, title, tuple(lines), url, tone, quotes=quotes)


def _session_lines(session: Session) -> Iterable[str]:
    pain = {"before": session.pain_before, "worst": session.pain_worst, "morning": session.pain_morning}
    if session.pain_before is not None and session.pain_worst is not None:
        yield _("Pain %(before)s before, %(worst)s at worst") % pain
    elif session.pain_before is not None:
        yield _("Pain %(before)s before") % pain
    elif session.pain_worst is not None:
        yield _("Pain %(worst)s at worst") % pain
    if session.pain_morning is not None:
        yield _("Pain %(morning)s next morning") % pain
    if session.effort is not None:
        yield _("Effort %(effort)s") % {"effort": session.effort}


def zones(asked: Asked) -> Iterable[Read]:
    """Where the worst pain of a session lies in another zone than that of the session before. One query."""
    sessions = _sessions(asked)
    entries, last = [], None
    for session in reversed(sessions):
        zone = said_of(session).zone(asked.limits)
        if zone is None:
            continue
        if zone is not last and (last is not None or zone is Zone.RED):
            entries.append(
                Entry(
                    Kind.PAIN, session.day, ENTERED[zone](),
                    (_("Worst pain %(score)s of 10") % {"score": session.pain_worst},),
                    asked.url("patient_day", session.day), ZONE_TONES[zone],
                )
            )  # fmt: skip
        last = zone
    yield Read(tuple(entries), sessions[ROWS - 1].day if len(sessions) > ROWS else None)


def skipped_days(asked: Asked) -> Iterable[Read]:
    """One query: a day and a reason is one row, whatever the number of exercises."""
    rows = Skip.objects.visible_to(asked.user).filter(
        patient=asked.patient, day__lt=asked.before, reason__in=CAPPED_REASONS
    )

    def entries(row: tuple[date, str]) -> Iterable[Entry]:
        day, reason = row
        yield Entry(
            Kind.OFF, day, _("Day off"), (str(SkipReason(reason).label),), asked.url("patient_day", day)
        )  # fmt: skip

    yield asked.read(newest(rows.values_list("day", "reason").distinct(), "-day"), lambda row: row[0], entries)


def messages(asked: Asked) -> Iterable[Read]:
    rows = Message.objects.visible_to(asked.user).filter(patient=asked.patient, written_at__lt=asked.moment)

    def entries(row: Message) -> Iterable[Entry]:
        title = _("Message from the patient") if row.from_patient else _("Answer of the clinic")
        words = Truncator(row.text).words(FIRST_WORDS)
        yield Entry(
            Kind.MESSAGE, asked.day(row.written_at), title, (), asked.url("patient_messages"), who=str(row.written_by),
            at=row.written_at, quotes=(words,),
        )  # fmt: skip

    yield asked.told(rows.select_related("written_by"), entries, "written_at")


def adverse_events(asked: Asked) -> Iterable[Read]:
    rows = AdverseEvent.objects.visible_to(asked.user).filter(patient=asked.patient, reported_at__lt=asked.moment)

    def entries(row: AdverseEvent) -> Iterable[Entry]:
        about = row.line.exercise.name if row.line else ""
        when = (
            _("Happened on %(day)s") % {"day": date_format(row.happened_on, "j F")}
            if row.happened_on != asked.day(row.reported_at)
            else ""
        )
        yield Entry(
            Kind.EVENT, asked.day(row.reported_at), _("Adverse event: %(kind)s") % {"kind": row.get_kind_display()},
            tuple(filter(None, (row.get_severity_display(), about, when))), asked.url("patient_pain"), "danger",
            str(row.reported_by), row.reported_at, (row.text,) if row.text else (),
        )  # fmt: skip

    rows = rows.select_related("line__exercise", "reported_by")
    yield asked.told(rows, entries, "reported_at")


def measures(asked: Asked) -> Iterable[Read]:
    """Each beside its baseline."""
    entries = [
        Entry(
            Kind.MEASURE, answer.day,
            _("%(measure)s: %(score)s") % {"measure": series.measure.name, "score": said(series.measure, answer.score)},
            tuple(filter(None, (_band(series.measure, answer), _compared(series, answer), answer.note))),
            asked.url("patient_measures"), _measure_tone(series, answer),
        )
        for series in asked.known.series
        for answer in series.scored
        if answer.day < asked.before
    ]  # fmt: skip
    entries.sort(key=lambda entry: entry.day, reverse=True)
    yield Read(tuple(entries[:ROWS]), entries[ROWS - 1].day if len(entries) > ROWS else None)


def _band(measure: Any, answer: Answer) -> str:
    return band_of(measure, answer.score, answer.items) if answer.score is not None else ""


def _compared(series: Any, answer: Answer) -> str:
    if answer is series.first:
        return _("Baseline")
    if series.measure is START or series.first is None or answer.day < series.first.day:
        return ""
    found = between(series.measure, series.first, answer)
    return found.words if found else ""


def _measure_tone(series: Any, answer: Answer) -> str:
    first = series.first
    found = (
        between(series.measure, first, answer) if first and answer is not first and answer.day >= first.day else None
    )
    if found is None or found.label != "meaningful":
        return ""
    return "warn" if found.is_worse else "good"
