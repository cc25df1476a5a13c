"""What staff do to somebody's way of signing in. Nobody but its owner ever sees or chooses a password."""

from collections.abc import Callable

from allauth.account.adapter import get_adapter
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest

from patients.accounts.models import User
from patients.audit.actions import record


@transaction.atomic
def send_password_link(*, user: User, by: User, request: HttpRequest) -> None:
    """Mails a link to choose a password. It works once, and a second factor is still asked for."""
    record(by=by, action="password_link.sent", patient=user.own_record, subject=f"user:{user.pk}")
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    adapter = get_adapter(request)
    context = {"user": user, "password_reset_url": adapter.get_reset_password_from_key_url(key), "request": request}
    _on_commit(request, lambda: adapter.send_mail("account/email/password_reset_key", user.email, context))


@transaction.atomic
def stop_sign_in(*, user: User, by: User) -> None:
    """From the very next request on the person is signed out everywhere and cannot sign in again."""
    if user.is_active:
        user.is_active = False
        user.save(update_fields=["is_active"])
        record(by=by, action="sign_in.stopped", patient=user.own_record, subject=f"user:{user.pk}")
    _end_sessions_of(user)


@transaction.atomic
def allow_sign_in(*, user: User, by: User) -> None:
    if not user.is_active:
        user.is_active = True
        user.save(update_fields=["is_active"])
        record(by=by, action="sign_in.allowed", patient=user.own_record, subject=f"user:{user.pk}")


@transaction.atomic
def end_sessions(*, user: User, by: User) -> int:
    ended = _end_sessions_of(user)
    record(by=by, action="sessions.ended", patient=user.own_record, subject=f"user:{user.pk}", sessions=ended)
    return ended


@transaction.atomic
def remove_second_factors(*, user: User, by: User, request: HttpRequest) -> None:
    """For somebody who lost the phone or the key. Their sessions end too, and they are told by mail."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    _end_sessions_of(user)
    record(by=by, action="second_factors.removed", subject=f"user:{user.pk}", factors=removed)
    if removed:
        adapter = get_adapter(request)
        _on_commit(request, lambda: adapter.send_notification_mail("mfa/email/totp_deactivated", user))


@transaction.atomic
def tell_of_new_address(*, user: User, before: str, request: HttpRequest) -> None:
    """The mail goes to the address until now: its owner may know nothing of the change."""
    EmailAddress.objects.filter(user=user).delete()
    adapter = get_adapter(request)
    context = {"from_email": before, "to_email": user.email}
    _on_commit(
        request,
        lambda: adapter.send_notification_mail("account/email/email_changed", user, context, email=before),
    )


def _on_commit(request: HttpRequest, send: Callable[[], None]) -> None:
    def later() -> None:
        with request_context(request):
            send()

    transaction.on_commit(later, robust=True)


def _end_sessions_of(user: User) -> int:
    sessions = UserSession.objects.filter(user=user)
    for session in sessions:
        session.end()
    return len(sessions)
