"""What a row of the caseload shows: the charts of one page of patients, in one query for all of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.caseload import charts
from clinic.caseload.adherence import Severity, program_adherence
from clinic.caseload.asked import days_from
from clinic.caseload.cases import PAIN_DAYS, WEEKS, Case, first_day_shown, weeks_of
from clinic.caseload.stored import NONE_STORED, stored_tallies
from clinic.today.models import DailyTally
from exercises.templatetags.look import icon
from patients.models import Patient, User

GROUP = {Severity.HOT: _("Need you now"), Severity.WATCH: _("Need you now"), Severity.OK: _("On track")}
TONE = {Severity.HOT: ("danger", "warn"), Severity.WATCH: ("warn", "clock"), Severity.OK: ("good", "")}
CHARTED = timedelta(weeks=WEEKS + 1)


@dataclass(frozen=True, slots=True)
class Row:
    case: Case
    url: str
    why: str
    more: tuple[str, ...]
    tone: str
    icon: SafeString | str
    heat: SafeString
    percent: int | None
    spark: SafeString
    last_pain: int | None
    last_session: str
    action: str
    action_url: str
    opens_group: str
    attend_url: str


def rows_of(cases: Sequence[Case], user: User) -> list[Row]:
    since = min((case.today for case in cases), default=date.max) - CHARTED
    # One question for both who is shown and who may be seen: with two, SQLite reads the days of the whole clinic.
    shown = Patient.objects.visible_to(user).filter(pk__in=[case.pk for case in cases])
    tallies = DailyTally.objects.filter(patient__in=shown, day__gt=since)
    stored, rows = stored_tallies(tallies), list[Row]()
    thresholds = user.clinician.clinic.thresholds
    for case in cases:
        group = GROUP[case.severity]
        opens = not rows or GROUP[rows[-1].case.severity] != group
        start = first_day_shown(case.today, case.first_weekday)
        days = days_from(start, 7 * WEEKS, stored.get(case.pk, NONE_STORED), case.versions)
        weeks = [week for _, week in weeks_of(days, case.today, thresholds)]
        share = program_adherence([week.frequency for week in weeks[:-1]])
        if share is None:
            share = weeks[-1].frequency
        tone, drawing = TONE[case.severity]
        first, *others = case.reasons
        action, action_url = _action(case)
        is_plain = case.severity is Severity.OK and first.words != gettext("On track")
        rows.append(
            Row(
                case=case,
                url=reverse("patient_record", args=[case.uuid]),
                why=first.words,
                more=tuple(reason.words for reason in others if not reason.rule or reason.rule != first.rule),
                tone="" if is_plain else tone,
                icon=icon(drawing) if drawing else "",
                heat=charts.heat(weeks, thresholds),
                percent=None if share is None else round(100 * share),
                spark=charts.spark(case.pains, case.today, PAIN_DAYS),
                last_pain=case.pains[-1][1] if case.pains else None,
                last_session=days_ago(case.last_session_on, case.today),
                action=action,
                action_url=action_url,
                opens_group=str(group) if opens else "",
                attend_url=reverse("attend", args=[case.uuid]) if case.needs_a_look else "",
            )
        )
    return rows


def _action(case: Case) -> tuple[str, str]:
    """The one thing to do for them, and where."""
    record = reverse("patient_record", args=[case.uuid])
    if case.severity is Severity.OK:
        return gettext("Open"), record
    if case.reasons[0].rule:
        return gettext("Review"), record
    if case.draft:
        return gettext("Open draft"), reverse("prescription_edit", args=[case.draft])
    if case.has_plan:
        return gettext("Renew plan"), record
    return gettext("Write plan"), reverse("prescription_new", args=[case.uuid])


def days_ago(day: date | None, today: date) -> str:
    if day is None:
        return gettext("Never")
    days = (today - day).days
    if days < 7:
        return (gettext("Today"), gettext("Yesterday"))[days] if days < 2 else date_format(day, "l")
    return charts.short_date(day) if day.year == today.year else f"{charts.short_date(day)} {day.year}"
