"""What the public pages show, of the rows that are public now. A preview puts its own row among them."""

from collections.abc import Iterable
from typing import Any, NamedTuple, TypeVar

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from exercises.models import Article
from exercises.translations import in_language

Row = TypeVar("Row", Service, TeamMember)

KEPT = 60  # seconds
ON_HOME = 4


class Sample(NamedTuple):
    """An exercise as the home page shows what a day looks like."""

    plain_name: str | Promise
    position: str
    category: str
    dose: str | Promise


SAMPLES = [
    Sample(_("Bridge"), "supine", "stability", _("Lift 8 times. Hold each lift for 5 seconds.")),
    Sample(_("Easy walk"), "standing", "aerobic", _("10 minutes, at your own pace.")),
]
SAMPLE_DAY = ["done", "done", "done", "now", "todo", "todo", "todo"]


def public_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A browser may keep it for a moment, unless it says something to one person."""
    response = render(request, template, context)
    if not request.user.is_authenticated and not len(get_messages(request)):
        # Not in caches between: the policy's nonce is one answer's.
        response["Cache-Control"] = f"private, max-age={KEPT}"
    return response


def home_context(texts: SiteTexts) -> dict[str, Any]:
    return {
        "texts": texts,
        "articles": in_language(Article.objects.published()[:3]),
        "services": Service.objects.published()[:ON_HOME],
        "team": TeamMember.objects.published()[:ON_HOME],
        "day": SAMPLE_DAY,
        "samples": SAMPLES,
    }


def with_row(rows: Iterable[Row], row: Row) -> list[Row]:
    """The rows as they would stand if this one was saved and public."""
    shown = [other for other in rows if other.pk != row.pk]
    shown.append(row)
    return sorted(shown, key=lambda each: each.order)
