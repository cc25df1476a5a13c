"""What the caseload counts and a clinician has to look at becomes a task: run once a day by `manage.py raise_alerts`."""

from collections.abc import Iterator
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.caseload.adherence import attention
from clinic.caseload.cases import Case, cases_among
from patients.accounts.thresholds import Thresholds
from patients.models import Clinic, Patient
from patients.tasks.actions import TWO_DAYS, raise_task
from patients.tasks.models import Kind


def raise_alerts(now: datetime) -> int:
    """For every patient of every clinic; how many tasks stand for what was found. Run again, it adds none."""
    return sum(
        _raise(case, clinic.thresholds, now)
        for clinic in Clinic.objects.all()
        for case in cases_among(clinic.patients.all(), clinic, now)
    )


def _raise(case: Case, thresholds: Thresholds, now: datetime) -> int:
    found = list(alerts(case, thresholds))
    for kind, words in found:
        raise_task(
            patient=Patient.objects.get(pk=case.pk), kind=kind, words=words, due_in=TWO_DAYS, now=now, once=True
        )
    return len(found)


def alerts(case: Case, thresholds: Thresholds) -> Iterator[tuple[Kind, str]]:
    """Kind and words of each alert (ADH-10, and plans that end). The words stay the same while nothing changes, so
    that the same thing is not raised anew every day."""
    facts = case.facts
    found = {reason.kind: reason.words for reason in attention(facts, thresholds)}
    if Kind.SILENT in found:
        last = (
            gettext("Last session on %(day)s.") % {"day": _day(facts.last_session_on)}
            if facts.last_session_on
            else gettext("No session yet.")
        )
        yield (
            Kind.SILENT,
            gettext("Nothing logged in %(days)s planned days. %(last)s")
            % {"days": thresholds.quiet_planned_days, "last": last},
        )
    if Kind.LOW in found:
        yield Kind.LOW, f"{found[Kind.LOW]}."
    if Kind.SKIPS in found:
        skipped = "; ".join(f"{exercise}: {reason}" for exercise, reason in facts.repeated_skips)
        yield (
            Kind.SKIPS,
            gettext("Skipped %(times)s times or more for the same reason. %(skipped)s.")
            % {"times": thresholds.same_skips, "skipped": skipped},
        )
    ends = facts.plan_ends_on
    if facts.has_plan and ends and Kind.REVIEW in found:
        yield Kind.REVIEW, gettext("The plan ends on %(day)s. Renew it, move on or discharge.") % {"day": _day(ends)}


def _day(day: date) -> str:
    return date_format(day, "j F Y")
