from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignUp(DefaultAccountAdapter):
    """Nobody signs up: patients come by invitation, staff are made by an admin."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
