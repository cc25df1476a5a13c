import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse

from patients.accounts.models import User
from patients.audit.actions import record

logger = logging.getLogger(__name__)


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up: patients come by invitation, staff are made by an admin. Writes sign-ins to the audit log."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "That did not match. Check your e-mail address and your password, and try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        record(by=user, action="sign_in.succeeded", patient=user.own_record)
        return response

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        user = User.objects.filter(email=credentials.get("email", "").lower()).first()
        record(by=None, action="sign_in.failed", subject=f"user:{user.pk}" if user else "")

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            record(by=request.user, action="sign_out", patient=request.user.own_record)
        super().logout(request)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A mail server that is down must not look different for known and unknown addresses, nor break the page."""
        try:
            super().send_mail(template_prefix, email, context)
        except OSError:
            logger.exception("A mail of the kind %s was not sent", template_prefix)
