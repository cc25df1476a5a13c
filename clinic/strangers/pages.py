from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from clinic.strangers.guard import Trip
from patients.accounts.limits import RETRY_AFTER


def not_taken(request: HttpRequest, template: str, context: dict[str, Any], trip: Trip | None) -> HttpResponse:
    """The form again with what was typed, because a field is wrong or because it was held off."""
    is_too_much = trip is Trip.OFTEN
    response = render(request, template, context | {"trip": trip}, status=429 if is_too_much else 422)
    if is_too_much:
        response["Retry-After"] = str(RETRY_AFTER)
    return response
