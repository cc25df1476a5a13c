from allauth.account.auth_backends import AuthenticationBackend

from patients.accounts.models import User


class EmailBackend(AuthenticationBackend):
    """Signs in by e-mail address, and fetches the person with their role and clinic in one query a request."""

    def get_user(self, user_id: int) -> User | None:
        return (
            User.objects.filter(pk=user_id, is_active=True)
            .select_related("clinician__clinic", "patient__clinic")
            .first()
        )
