from django.core.management.base import BaseCommand

from clinic.today.tallies import rebuild
from patients.models import Patient


class Command(BaseCommand):
    help = "Makes every patient's daily tallies anew from the ticks and skips."

    def handle(self, *args: object, **options: object) -> None:
        days = rebuild(Patient.objects.order_by("pk").iterator())
        self.stdout.write(f"{days} days counted.")
