from django.core.management.base import BaseCommand
from django.db import transaction

from clinic.today.tallies import rebuild
from patients.models import Patient


class Command(BaseCommand):
    help = "Makes every patient's daily tallies anew from the ticks and skips."

    def handle(self, *args: object, **options: object) -> None:
        days = 0
        for patient in Patient.objects.order_by("pk").iterator():
            # One patient at a time, locked like a tick locks: nobody's check-off waits for the whole clinic.
            with transaction.atomic():
                days += rebuild([patient])
        self.stdout.write(f"{days} days counted.")
