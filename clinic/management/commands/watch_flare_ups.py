from django.core.management.base import BaseCommand

from clinic.flare.actions import note_long
from patients.models import Patient


class Command(BaseCommand):
    help = "Asks a clinician to look at flare-ups that nobody ended on day 8 or later. Run it once a day."

    def handle(self, *args: object, **options: object) -> None:
        sore = Patient.objects.active().filter(flare_ups__ended_on=None, flare_ups__isnull=False)
        raised = [note_long(patient=patient) for patient in sore.select_related("clinic").distinct()]
        self.stdout.write(f"{len([task for task in raised if task])} tasks raised.")
