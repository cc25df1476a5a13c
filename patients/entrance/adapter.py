from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext

from patients.accounts.adapter import ClosedSignUp
from patients.accounts.models import User
from patients.records.invitations import untold


class Entrance(ClosedSignUp):
    """Tells a patient, at the next sign-in that is not the link's own, that the clinic made a link to their account."""

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        by_link = request.resolver_match is not None and request.resolver_match.view_name == "welcome"
        if user.helps.exists():  # who has pages of their own as well finds the way to the others in the menu
            request.session["helps"] = True
        if user.is_patient and not by_link and (invitation := untold(user)):
            day = date_format(invitation.made_at.astimezone(user.patient.zone), "j F")
            words = gettext(
                "Your clinic made a new link for you on %(day)s. Was that not you who asked? Please call us."
            )
            messages.warning(request, words % {"day": day})
            invitation.told_at = timezone.now()
            invitation.save(update_fields=["told_at"])
        return response
