"""What happens once a patient said how a session went. Slices above this one add theirs when the app starts
(`clinic.apps`), so that Today need not know them."""

from collections.abc import Callable

from django.db import transaction

from patients.models import Patient

SESSION_SAID: list[Callable[[Patient], None]] = []


def session_said(patient: Patient) -> None:
    """Runs them once the answers are committed. One that fails is logged, and takes no answer from the patient."""
    for follow in SESSION_SAID:
        _once_stored(follow, patient)


def _once_stored(follow: Callable[[Patient], None], patient: Patient) -> None:
    # Django names a robust callback in its log, and a `partial` has no name.
    def run() -> None:
        follow(patient)

    transaction.on_commit(run, robust=True)
