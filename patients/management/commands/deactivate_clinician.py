from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from patients.accounts.models import Clinician
from patients.team.leaving import deactivate, led_by


class Command(BaseCommand):
    help = "Stops a clinician's sign-in. Says where the patients go: to a colleague, or to nobody yet."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email")
        where = parser.add_mutually_exclusive_group()
        where.add_argument("--to", metavar="EMAIL", help="the colleague who leads from now on")
        where.add_argument("--nobody", action="store_true", help="the clinic's team page lists them")

    def handle(self, *args: object, email: str, to: str | None, nobody: bool, **options: object) -> None:
        clinician = self._clinician(email)
        number = len(led_by(clinician))
        if number and not to and not nobody:
            raise CommandError(f"{clinician} leads {number} active patients. Say --to EMAIL, or --nobody.")
        colleague = self._clinician(to) if to else None
        if colleague and (
            colleague == clinician or colleague.clinic_id != clinician.clinic_id or not colleague.user.is_active
        ):
            raise CommandError(f"{to} is no colleague of {clinician} who signs in.")
        # What the machine does is done in the name of whoever leaves: an audit line of a hand-over needs a person.
        deactivate(clinician=clinician, by=clinician.user, to=colleague)
        self.stdout.write(f"{clinician} is signed out and cannot sign in. Patients: {number}.")

    def _clinician(self, email: str) -> Clinician:
        found = Clinician.objects.filter(user__email__iexact=email).select_related("user", "clinic").first()
        if found is None:
            raise CommandError(f"No clinician signs in with {email}.")
        return found
