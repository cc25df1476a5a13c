"""The step after the first one of a sign-in, where there is one."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from patients.accounts.ways import Way, asks_second_step, way_of


class SecondStep(AuthenticateStage):
    def _should_handle(self, request: HttpRequest) -> bool:
        user = self.login.user
        if user is None or not user.chooses_ways_in:
            return bool(super()._should_handle(request))
        # The device is one factor of it, the PIN the other.
        if way_of(get_authentication_records(request, user)) == Way.PIN:
            return False
        return asks_second_step(user) and bool(super()._should_handle(request))
