from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.caseload.alerts import raise_alerts


class Command(BaseCommand):
    help = (
        "Turns what the caseload counts (no log, little done, repeated skips, plans that end) into tasks. Once a day."
    )

    def handle(self, *args: object, **options: object) -> None:
        self.stdout.write(f"{raise_alerts(timezone.now())} alerts stand.")
