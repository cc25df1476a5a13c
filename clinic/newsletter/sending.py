"""Newsletters whose time has come, to each address at most once: by one sender or by several, killed or not.

As with reminders, a row is claimed, and committed, before the mail leaves, and its unique key lets one sender have it.
A sender that is killed in between leaves a claim that nobody takes up: one address may miss an issue, and none gets two.
What bounces later is not noticed: nothing reads the sender's mailbox.
"""

import logging
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from time import monotonic

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from clinic.newsletter.mail import letter
from clinic.newsletter.models import Delivery, Issue, Subscriber
from clinic.reminders.mail import Postman
from clinic.reminders.rules import LOST_AFTER, RETRIED_FOR, State, again_at
from patients.accounts.models import Clinic

log = logging.getLogger(__name__)

CHUNK = 200
# Seconds: no claim of a sender at work looks like that of a killed one.
RUNS_FOR = 5 * 60


def send_newsletters(now: datetime, *, runs_for: float = RUNS_FOR) -> Counter[str]:
    """How many mails came to which state in this run. What is left comes with the next one."""
    _settle(now)
    done: Counter[str] = Counter()
    latest, clinic = monotonic() + runs_for, Clinic.objects.speaking_in_public()
    with Postman() as postman:
        for issue in Issue.objects.due(now).order_by("send_at", "pk"):
            Issue.objects.filter(pk=issue.pk, begun_at=None).update(begun_at=now)
            issue.refresh_from_db()
            for subscriber, waiting in _to_send(issue, now):
                if monotonic() > latest:
                    return done
                # Somebody may have taken it back since the last mail.
                if not Issue.objects.due(now).filter(pk=issue.pk).exists():
                    break
                done[_once(issue, subscriber, waiting, clinic, now, postman)] += 1
            else:
                _finish(issue, now)
    return done


def _settle(now: datetime) -> None:
    """What a killed sender left is closed, and what was refused for a day; addresses that never confirmed are deleted."""
    claimed = Delivery.objects.filter(state=State.CLAIMED, claimed_at__lte=now - LOST_AFTER)
    claimed.update(state=State.UNKNOWN, fault="sender killed")
    Delivery.objects.filter(state=State.WAITING, begun_at__lte=now - RETRIED_FOR).update(state=State.DROPPED)
    Subscriber.objects.never_confirmed(now).delete()


def _not_yet(issue: Issue) -> QuerySet[Subscriber]:
    assert issue.begun_at
    known = Delivery.objects.filter(issue=issue, subscriber=OuterRef("pk"))
    return Subscriber.objects.confirmed(by=issue.begun_at).filter(~Exists(known)).order_by("pk")


def _to_send(issue: Issue, now: datetime) -> Iterator[tuple[Subscriber, Delivery | None]]:
    waiting = issue.deliveries.filter(state=State.WAITING, again_at__lte=now).select_related("subscriber")
    for delivery in waiting:
        yield delivery.subscriber, delivery
    last = 0
    while chunk := list(_not_yet(issue).filter(pk__gt=last)[:CHUNK]):
        last = chunk[-1].pk
        yield from ((subscriber, None) for subscriber in chunk)


def _once(
    issue: Issue, subscriber: Subscriber, row: Delivery | None, clinic: Clinic | None, now: datetime, postman: Postman
) -> str:
    """Claims, sends, notes. Whoever does not get the claim does nothing."""
    row = _claim(issue, subscriber, now) if row is None else _claim_again(row, now)
    if row is None:
        return "taken by another"
    try:
        outcome = postman.send(lambda: letter(issue, subscriber, clinic))
    except Exception as error:  # one address's trouble costs nobody else the issue; the claim is settled later
        log.error("A newsletter failed", exc_info=error)
        return "failed"
    row.state, row.fault = outcome.state, outcome.fault
    row.again_at = again_at(row.tries, now) if outcome.state == State.WAITING else None
    # Whoever stopped it meanwhile has no row any more.
    Delivery.objects.filter(pk=row.pk).update(state=row.state, fault=row.fault, again_at=row.again_at)
    return str(outcome.state)


def _claim(issue: Issue, subscriber: Subscriber, now: datetime) -> Delivery | None:
    try:
        with transaction.atomic():
            # It may have stopped since it was read.
            if not Subscriber.objects.select_for_update().filter(pk=subscriber.pk).exists():
                return None
            return Delivery.objects.create(
                issue=issue, subscriber=subscriber, state=State.CLAIMED, begun_at=now, claimed_at=now
            )
    except IntegrityError:
        return None


def _claim_again(row: Delivery, now: datetime) -> Delivery | None:
    """Compares and sets in one statement: of two senders, one finds the row as it knew it."""
    waiting = Delivery.objects.filter(pk=row.pk, state=State.WAITING, tries=row.tries)
    if not waiting.update(state=State.CLAIMED, tries=row.tries + 1, claimed_at=now, again_at=None):
        return None
    row.tries += 1
    return row


def _finish(issue: Issue, now: datetime) -> None:
    under_way = issue.deliveries.filter(state__in=[State.CLAIMED, State.WAITING])
    if not under_way.exists() and not _not_yet(issue).exists():
        Issue.objects.filter(pk=issue.pk, finished_at=None).update(finished_at=now)
