"""Bare Django views for comparison: the least a page or a write could do in this server."""

from itertools import count

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

from tests.bench.models import BareRow

KEYS = count(1_000_000)


def bare_page(request: HttpRequest, template: str) -> HttpResponse:
    """One indexed SELECT and a flat template as large as the real page."""
    row = BareRow.objects.get(key=500)
    return render(request, f"bare-{template}.html", {"row": row})


@csrf_exempt
def bare_insert(request: HttpRequest) -> HttpResponse:
    BareRow.objects.create(key=next(KEYS), text="done")
    return HttpResponse("done")
