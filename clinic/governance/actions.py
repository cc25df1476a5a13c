"""Vouching for content, and taking it back when the content changed. Each leaves a line in the audit."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone

from clinic.governance.models import LetStand
from clinic.prescriptions.models import Protocol
from exercises import governance
from exercises.governance import Reviewed
from patients.audit.actions import record
from patients.models import User


def vouch(*, content: Iterable[Reviewed], name: str, months: int, day: date, by: User) -> int:
    """`name` has read these as they are now. How many they were."""
    read = list(content)
    with transaction.atomic():
        governance.vouch_for(read, name=name, day=day, months=months)
        for row in read:
            record(by=by, action="content.vouched", subject=subject_of(row), months=months)
    return len(read)


def vouch_as_typed(*, row: Reviewed, by: User) -> None:
    """Somebody wrote into its form who read it, when, and until when that holds."""
    if row.reviewed_on and row.review_by:
        with transaction.atomic():
            row.vouch(name=row.reviewed_by, day=row.reviewed_on, until=row.review_by)
            row.save()
            record(by=by, action="content.vouched", subject=subject_of(row))


def withdraw_as_typed(*, row: Reviewed, by: User) -> None:
    """Somebody emptied its form's review, or made its time of grace shorter."""
    with transaction.atomic():
        if row.review_by is None:
            row.reviewed_as = {}
            row.save()
        record(by=by, action="content.review_withdrawn", subject=subject_of(row))


def after_edit(*, rows: Iterable[Reviewed], by: User) -> dict[str, list[str]]:
    """Takes the review from what is another content by now. By name, which fields changed, in words."""
    found = {}
    with transaction.atomic():
        for row in rows:
            if changed := governance.look_again([row]).get(str(row)):
                record(by=by, action="content.review_lost", subject=subject_of(row), fields=changed)
                found[str(row)] = row.changed_in_words
    return found


def let_stand(*, key: str, text: str, reason: str, by: User) -> LetStand:
    """A contradiction was looked at and stands, for this text. Saying it again replaces the reason and the day."""
    with transaction.atomic():
        kept, _ = LetStand.objects.update_or_create(
            key=key, defaults={"text": text, "reason": reason, "looked_at": timezone.now(), "looked_at_by": by}
        )
        record(by=by, action="content.let_stand", subject=f"finding:{key}"[:80])
    return kept


def subject_of(row: Reviewed) -> str:
    """As other lines of the audit name it."""
    return f"protocol:{row.pk}" if isinstance(row, Protocol) else f"{row._meta.model_name}:{row.slug}"  # type: ignore[attr-defined]
