"""Looks at a patient's plan and keeps the proposals and tasks that come of it. Run by `manage.py review_plans` and after
a patient said how a session went; running it again changes nothing."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from clinic.progression.evidence import Evidence, evidence_of
from clinic.progression.models import Proposal
from clinic.progression.rules import Proposed, is_plateau, is_up, propose
from clinic.progression.stages import come_back, next_stage, stage_before
from patients.audit.actions import record
from patients.models import Patient
from patients.tasks.actions import WEEK, raise_task
from patients.tasks.models import Kind


def review(patient: Patient, now: datetime | None = None) -> list[Proposal]:
    """The proposals that are open afterwards. A fixed number of queries where nothing changes.

    Where a patient has no plan in force, what was open is overtaken.
    """
    now = now or timezone.now()
    found = evidence_of(patient, now)
    with transaction.atomic():
        # Two reviews at once, or a review beside a decision: the second waits, and finds what the first left.
        Patient.objects.hold(patient.pk)
        declined_from = now - timedelta(days=patient.clinic.thresholds.declined_days)
        rows = list(
            Proposal.objects.filter(patient=patient).filter(
                Q(state=Proposal.OPEN)
                | Q(state=Proposal.DECLINED, decided_at__gt=declined_from)
                | Q(state=Proposal.ACCEPTED, became__published_at=None, became__isnull=False)
            )
        )
        standing = [each for each in rows if each.state == Proposal.OPEN]
        wanted = _wanted(found, [each for each in rows if each.state != Proposal.OPEN]) if found else []
        changed = _keep(patient, found, standing, wanted, now) if found or standing else []
        if found:
            _raise_tasks(patient, found, wanted, standing, now)
    return changed


def after_session(patient: Patient) -> None:
    """What `clinic.today.after` calls once a patient's answers are stored."""
    review(patient)


def _wanted(found: Evidence, decided: list[Proposal]) -> list[Proposed]:
    """A move of the whole plan stands alone, so that an exercise is not changed twice at one time."""
    silenced = {(each.thread, is_up(each.rule)) for each in decided}
    moves = (
        come_back(found.case, found.away),
        stage_before(found.case, found.stage, found.stage_rule),
        next_stage(found.case, found.stage, found.stage_rule),
    )
    whole = next((move for move in moves if move), None)
    if whole and (None, whole.is_up) not in silenced:
        return [whole]
    return propose(found.case, silenced=silenced)


def _keep(
    patient: Patient, found: Evidence | None, standing: list[Proposal], wanted: list[Proposed], now: datetime
) -> list[Proposal]:
    """Writes what differs: the same change keeps its row, another one overtakes it."""
    new = {each.thread: each for each in wanted}
    kept, overtaken = [], []
    for row in standing:
        same = new.get(row.thread)
        is_same = same and found and (row.rule, row.change) == (same.rule, same.change)
        if not (same and is_same) or row.prescription_id != found.plan.pk:  # type: ignore[union-attr]
            overtaken.append(row)
            continue
        del new[row.thread]
        if row.evidence != same.evidence:
            row.evidence = same.evidence
            row.save(update_fields=["evidence"])
        kept.append(row)
    for row in overtaken:
        row.state, row.decided_at = Proposal.OVERTAKEN, now
        row.save(update_fields=["state", "decided_at"])
    assert found or not new
    made = [
        Proposal(
            patient=patient, prescription=found.plan, thread=each.thread, rule=each.rule, change=each.change,
            evidence=each.evidence, made_at=now,
        )
        for each in new.values() if found
    ]  # fmt: skip
    Proposal.objects.bulk_create(made)
    if made or overtaken:
        record(by=None, action="proposals.reviewed", patient=patient, made=len(made), overtaken=len(overtaken))
    return kept + made


def _raise_tasks(
    patient: Patient, found: Evidence, wanted: list[Proposed], standing: list[Proposal], now: datetime
) -> None:
    """One task of a kind; the same words again add nothing, so they name no number that moves by itself."""
    names = {it.thread: it.name for it in found.case.exercises}
    removed = [names[each.thread] for each in wanted if "remove" in each.change and each.thread]
    if removed:
        raise_task(
            patient=patient, kind=Kind.STEP_BACK, words=gettext("Not tolerated, even made easier: %(exercises)s.") % {"exercises": ', '.join(removed)}, now=now
        )  # fmt: skip
    gap = next((each for each in wanted if each.rule == "PROG-9"), None)
    if gap and found.away:
        words = gettext("No session after %(day)s: restart proposed.") % {
            "day": date_format(found.away.last_on, "j F")
        }
        raise_task(patient=patient, kind=Kind.GAP, words=words, now=now)
    others = sorted(
        names[each.thread] if each.thread else gettext("next stage") for each in wanted if each is not gap
    )
    if others:
        words = gettext("Change proposed: %(changes)s.") % {"changes": ", ".join(others)}
        raise_task(patient=patient, kind=Kind.PROPOSAL, words=words, due_in=WEEK, now=now)
    elif standing and not wanted and Kind.PROPOSAL in found.tasks:
        # Only a person ends a task; this one says why there is nothing left to decide.
        words = gettext("What was proposed no longer holds. There is nothing to decide.")
        raise_task(patient=patient, kind=Kind.PROPOSAL, words=words, due_in=WEEK, now=now)
    elif not wanted and not standing and is_plateau(found.case, progressed_on=found.progressed_on, share=found.share):
        words = gettext("Nothing made harder since %(day)s, with at least 80 %% done: review the plan.") % {
            "day": date_format(found.progressed_on, "j F")
        }
        raise_task(patient=patient, kind=Kind.PLATEAU, words=words, due_in=WEEK, now=now)
