"""Asking under an article, and what a moderator does about it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from clinic.discussion.models import ReaderQuestion, State
from exercises.models import Article
from patients.accounts.models import User
from patients.audit.actions import record
from patients.audit.context import without_address


@transaction.atomic
def ask(*, article: Article, key: UUID, name: str, text: str, now: datetime | None = None) -> None:
    """Sent twice, and asked by somebody else in the same words while it waits, it is one. The same form with other words
    puts it right while nobody has taken it up."""
    Article.objects.select_for_update().get(pk=article.pk)
    standing = ReaderQuestion.objects.filter(uuid=key).first()
    if standing and standing.article_id == article.pk:
        if standing.text == text and (standing.name == name or not standing.is_untouched):
            return
        if standing.is_untouched:
            standing.name, standing.text = name, text
            standing.save()
            _note(standing, "reader_question.corrected")
            return
    if ReaderQuestion.objects.filter(article=article, text=text, state=State.WAITING).exists():
        return
    made = ReaderQuestion.objects.create(
        uuid=uuid4() if standing else key, article=article, name=name, text=text, asked_at=now or timezone.now()
    )
    _note(made, "reader_question.asked")


def _note(question: ReaderQuestion, action: str) -> None:
    """Whoever asks has no account here."""
    with without_address():
        record(by=None, action=action, subject=f"reader_question:{question.pk}")


@transaction.atomic
def decide(*, questions: Iterable[ReaderQuestion], by: User, state: str) -> int:
    """How many changed. One at a time, so that each has its line in the history."""
    changed = 0
    for question in questions:
        if question.state != state:
            question.state = state
            question.decided_by, question.decided_at = by, timezone.now()
            question.save()
            record(by=by, action=f"reader_question.{state}", subject=f"reader_question:{question.pk}")
            changed += 1
    return changed


@transaction.atomic
def forget_rejected(*, now: datetime) -> int:
    """What was rejected is deleted after a while, with its history."""
    old = ReaderQuestion.objects.filter(
        state=State.REJECTED, decided_at__lt=now - timedelta(days=settings.REQUEST_DAYS)
    )
    keys = list(old.values_list("pk", flat=True))
    if keys:
        ReaderQuestion.objects.filter(pk__in=keys).delete()
        ReaderQuestion.history.filter(id__in=keys).delete()
        record(by=None, action="reader_questions.forgotten", count=len(keys))
    return len(keys)
