"""The page of all texts, put together: what comes first for whom, and what a search found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.frontdoor.fits import Newcomers, moments_now
from clinic.today.reading import lines_on
from exercises.content.articles import article_html
from exercises.lists import Moment
from exercises.models import Article, Question
from exercises.offers import fitting
from exercises.teaching_search import MOST_LETTERS, find_texts
from patients.models import Patient
from patients.screening.models import NEEDS_CLEARANCE

MOST_FIRST = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its answer, as HTML."""

    text: Question
    is_open: bool
    is_new: bool

    @property
    def title(self) -> str:
        return self.text.question

    @property
    def body(self) -> SafeString:
        return article_html(self.text.answer)


@dataclass(frozen=True, slots=True)
class LearnPage:
    """first: the articles that fit the reader now, or are new to them. new: the slugs of articles that are new.
    is_guess, is_part: of a search, how its words were understood."""

    articles: list[Article]
    questions: list[Asked]
    first: list[Article] = field(default_factory=list)
    new: Collection[str] = ()
    is_guess: bool = False
    is_part: bool = False

    @property
    def total(self) -> int:
        return len(self.articles) + len(self.questions)

    @property
    def in_words(self) -> str:
        if not self.total:
            return _("Nothing found")
        return ngettext("%(n)s text found", "%(n)s texts found", self.total) % {"n": self.total}


def clean_words(text: str) -> str:
    return " ".join(text.replace("\0", "")[:MOST_LETTERS].split())


def learn_page(request: HttpRequest, articles: list[Article], questions: list[Question]) -> LearnPage:
    """`?open=` names the question that a link is about."""
    opened = request.GET.get("open", "")
    user = request.user
    if not (user.is_authenticated and user.is_patient):
        return LearnPage(articles, _asked(questions, opened))
    moments = moments_of_patient(user.patient)
    newcomers = Newcomers(since=user.patient.created_at, now=timezone.now())
    new_articles, new_questions = newcomers.among(articles), newcomers.among(questions)
    news = [article for article in articles if article.slug in new_articles]
    first = list(dict.fromkeys([*news[:1], *fitting(articles, moments, most=MOST_FIRST)]))[:MOST_FIRST]
    asked_anew = [question for question in questions if question.slug in new_questions]
    in_order = dict.fromkeys([*asked_anew, *fitting(questions, moments, most=MOST_FIRST), *questions])
    return LearnPage(
        [article for article in articles if article not in first],
        _asked(in_order, opened, new_questions),
        first,
        new_articles,
    )


def found_page(articles: Sequence[Article], questions: Sequence[Question], asked: str) -> LearnPage:
    """The best find is open if it is a question."""
    texts = [*articles, *questions]
    found = find_texts(texts, asked)
    in_order = [texts[place] for place in found.places]
    opened = next((text.slug for text in in_order[:1] if isinstance(text, Question)), "")
    return LearnPage(
        [text for text in in_order if isinstance(text, Article)],
        _asked((text for text in in_order if isinstance(text, Question)), opened),
        is_guess=found.is_guess,
        is_part=found.is_part,
    )


def moments_of_patient(patient: Patient) -> list[Moment]:
    """One query for the lines, or two; none for somebody who has to wait for a clinician."""
    today, must_wait = patient.local_day(), patient.flag_level in NEEDS_CLEARANCE
    assert patient.user
    lines = [] if must_wait else lines_on(today, user=patient.user)
    return moments_now([line for line in lines if line.is_in_force(today)], today, must_wait=must_wait)


def _asked(questions: Iterable[Question], opened: str, new: Collection[str] = ()) -> list[Asked]:
    return [Asked(each, each.slug == opened, each.slug in new) for each in questions]
