"""What patients read to understand their back: articles and the questions they ask most. Written in Markdown by the
clinic; where each one matters is data, and `exercises.offers` decides from it what is offered where."""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic
from typing import Any, Self

from django.db import models
from django.db.models import Value
from django.urls import get_script_prefix, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exercises.checks import known_moments
from exercises.governance import Reviewed, is_readable, readable_on
from exercises.lists import Moment
from exercises.offers import Read, fitting
from exercises.publishing import PublicQuerySet, Publishable


class TeachingQuerySet(PublicQuerySet[Any]):
    def published(self, at: datetime | None = None) -> Self:
        """Public, and somebody vouches for it, or did until lately; see DECISIONS."""
        at = at or timezone.now()
        return super().published(at).filter(readable_on(timezone.localdate(at)))


class Teaching(Reviewed, Publishable):
    """What every teaching text has, whatever its form."""

    slug = models.SlugField(unique=True)
    order = models.PositiveSmallIntegerField(default=100)
    is_published = models.BooleanField(default=True)
    moments = models.JSONField(
        _("where it matters"),
        default=list,
        blank=True,
        validators=[known_moments],
    )
    added_at = models.DateTimeField(null=True, editable=False, default=timezone.now)
    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        super().save(*args, **kwargs)  # type: ignore[arg-type]
        forget_reads()

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        gone = super().delete(*args, **kwargs)  # type: ignore[arg-type]
        forget_reads()
        return gone

    def state_at(self, moment: datetime) -> str:
        if self.is_published and not is_readable(self.review_by, timezone.localdate(moment)):
            return gettext("Not shown: nobody vouches for it")
        return super().state_at(moment)

    @property
    def words(self) -> tuple[str, str, str]:
        """What a search goes through: the title, what stands in lists, the text."""
        raise NotImplementedError


class Article(Teaching):
    """A teaching page for patients."""

    SUBSTANCE = ("summary", "body")

    title = models.CharField(max_length=120)
    summary = models.CharField(max_length=240, help_text=_("One or two sentences for the list."))
    body = models.TextField(help_text=_("Markdown."))

    history = HistoricalRecords()
    objects = TeachingQuerySet.as_manager()

    class Meta:
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])

    @property
    def minutes_to_read(self) -> int:
        return minutes_to_read(self.body)

    @property
    def words(self) -> tuple[str, str, str]:
        return self.title, self.summary, self.body


class Question(Teaching):
    """What patients often ask, and the clinic's answer."""

    SUBSTANCE = ("question", "answer")

    question = models.CharField(max_length=160, help_text=_("As a patient would ask it: May I lift my grandchild?"))
    answer = models.TextField(help_text=_("Markdown. The first sentence answers; the rest says why and how."))

    history = HistoricalRecords()
    objects = TeachingQuerySet.as_manager()

    class Meta:
        ordering = ["order", "question"]

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        """The list of questions with this one open, whether or not the page's scripts run."""
        return f"{reverse('learn')}?open={self.slug}#{self.slug}"

    @property
    def words(self) -> tuple[str, str, str]:
        return self.question, "", self.answer


def minutes_to_read(text: str) -> int:
    """At 160 words a minute: slow readers should not feel slow."""
    return max(1, round(len(text.split()) / 160))


# --- what pages offer, kept for a while by this process ---

# An edit is seen at once by the process that saved it, and by the others when theirs is as old as this.
KEPT_SECONDS = 60
_kept: dict[tuple[str | None, str], tuple[float, tuple[Read, ...]]] = {}  # by language and where the site begins


def reads() -> tuple[Read, ...]:
    """Every published text that matters somewhere, in the clinic's order; one query at most once a minute."""
    now, key = monotonic(), (get_language(), get_script_prefix())
    if key not in _kept or now - _kept[key][0] > KEPT_SECONDS:
        _kept[key] = now, _read()
    return _kept[key][1]


def forget_reads() -> None:
    _kept.clear()


def read_at(*moments: Moment) -> Read | None:
    """The one text to offer where these moments hold, the most pressing first."""
    return next(iter(fitting(reads(), moments)), None)


def _read() -> tuple[Read, ...]:
    from exercises.translations import texts_of_kinds  # that module imports this one

    translated = texts_of_kinds({"article", "question"})
    articles = Article.objects.published().order_by().annotate(kind=Value("article"))
    questions = Question.objects.published().order_by().annotate(kind=Value("question"))
    rows: Sequence[tuple[str, str, str, str, int, list[str]]] = sorted(
        articles.values_list("kind", "slug", "title", "body", "order", "moments").union(
            questions.values_list("kind", "slug", "question", "answer", "order", "moments"), all=True
        ),
        key=lambda row: (row[0], row[4], row[2]),
    )
    return tuple(
        Read(
            title=translated.get((kind, slug), {}).get("title" if kind == "article" else "question") or title,
            url=(Article if kind == "article" else Question)(slug=slug).get_absolute_url(),
            minutes=minutes_to_read(body) if kind == "article" else 0,
            moments=frozenset(moments),
        )
        for kind, slug, title, body, _order, moments in rows
        if moments
    )
