import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from patients.accounts import still_you
from patients.accounts.models import User
from patients.accounts.pins import KEPT_SECONDS, cookie_rules, secret_on
from patients.accounts.ways import is_last_way, way_of
from patients.audit.actions import record

logger = logging.getLogger(__name__)


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up: patients come by invitation, staff are made by an admin. Writes sign-ins to the audit log."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _(
            "That did not match. Check your e-mail address and your password, and try again."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        way = way_of(get_authentication_records(request, user))
        record(by=user, action="sign_in.succeeded", patient=user.own_record, way=way or "unknown")
        if way and user.chooses_ways_in:
            # Only the kind of way, for the next visit to this device: no name, no address.
            response.set_cookie(settings.WAY_COOKIE, way, max_age=KEPT_SECONDS, **cookie_rules())
        return response

    def get_login_stages(self) -> list[str]:
        ours = {"allauth.mfa.stages.AuthenticateStage": "patients.accounts.stages.SecondStep"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def is_reauthentication_required(self, *, app: str) -> bool:
        """allauth asks nothing of somebody who has neither password nor passkey. They have a PIN, or a mailbox."""
        user = self.request.user
        only_ours = isinstance(user, User) and user.chooses_ways_in and not super().get_reauthentication_methods(user)
        if only_ours and not still_you.was_shown(self.request):
            raise ReauthenticationRequired
        return super().is_reauthentication_required(app=app)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        methods = super().get_reauthentication_methods(user)
        if isinstance(user, User) and user.chooses_ways_in:
            ours = {
                "id": "still_you",
                "description": gettext("Use your PIN or an e-mailed code"),
                "url": reverse("still_you"),
            }
            # The first one is asked for: the PIN, where this device has one.
            methods.insert(0 if secret_on(self.request) else len(methods), ours)
        return methods

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


class Passkeys(DefaultMFAAdapter):
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Nobody locks themselves out."""
        return not is_last_way(authenticator.user, passkey=authenticator.pk)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Passkey") if number == 1 else gettext("Passkey %(number)s") % {"number": number}
