from django import template

from clinic.discussion.models import ReaderQuestion, ReaderQuestionQuerySet
from exercises.models import Article

register = template.Library()


@register.simple_tag
def questions_under(article: Article) -> ReaderQuestionQuerySet:
    """What readers asked, as far as a moderator shows it."""
    return ReaderQuestion.objects.shown_under(article)
