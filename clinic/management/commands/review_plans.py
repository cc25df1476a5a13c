from django.core.management.base import BaseCommand

from clinic.progression.review import review
from patients.models import Patient


class Command(BaseCommand):
    help = "Looks at every active patient's plan and proposes what comes next. Run again, it changes nothing."

    def handle(self, *args: object, **options: object) -> None:
        proposals = 0
        for patient in Patient.objects.active().select_related("clinic").order_by("pk").iterator():
            proposals += len(review(patient))
        self.stdout.write(f"{proposals} proposals open.")
