"""Whether somebody signed in has shown again, a moment ago, that it is they."""

import time

from allauth.account import app_settings
from allauth.account.internal.flows.login import get_authentication_records
from django.http import HttpRequest


def was_shown(request: HttpRequest) -> bool:
    user = request.user
    shown = [each for each in get_authentication_records(request, user) if each.get("reauthenticated")]
    return bool(shown) and time.time() - shown[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT
