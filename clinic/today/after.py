"""What happens once a patient said how a session went. Slices above this one add theirs when the app starts
(`clinic.apps`), so that Today need not know them."""

from collections.abc import Callable
from functools import partial

from django.db import transaction

from patients.models import Patient

SESSION_SAID: list[Callable[[Patient], None]] = []


def session_said(patient: Patient) -> None:
    """Runs them once the answers are committed. One that fails is logged, and takes no answer from the patient."""
    for follow in SESSION_SAID:
        transaction.on_commit(partial(follow, patient), robust=True)
