from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exercises.models import Article

LONGEST = 600


class State(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SHOWN = "shown", _("Shown")
    REJECTED = "rejected", _("Rejected")


class ReaderQuestionQuerySet(models.QuerySet["ReaderQuestion"]):
    def shown_under(self, article: Article) -> "ReaderQuestionQuerySet":
        return self.filter(article=article, state=State.SHOWN).order_by("asked_at", "pk")


class ReaderQuestion(models.Model):
    """What a reader asks under an article. Nobody sees it before a moderator has; the clinic's answer stands with it.

    `uuid` is made with the form, so that sending it twice asks once.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        Article, on_delete=models.CASCADE, related_name="reader_questions", verbose_name=_("article")
    )
    name = models.CharField(_("name"), max_length=60, blank=True)
    text = models.TextField(_("question"), max_length=LONGEST)
    asked_at = models.DateTimeField(_("asked"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    answer = models.TextField(
        _("the clinic’s answer"), max_length=1500, blank=True, help_text=_("Plain text, shown with the question.")
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    history = HistoricalRecords()
    objects = ReaderQuestionQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("question under an article")
        verbose_name_plural = _("questions under articles")
        indexes = [
            models.Index(fields=["article", "asked_at"], condition=Q(state="shown"), name="questions_that_are_shown")
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_untouched(self) -> bool:
        """No moderator has decided about it or begun an answer."""
        return self.state == State.WAITING and not self.answer
