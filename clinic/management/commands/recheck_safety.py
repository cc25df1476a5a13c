from typing import Any

from django.core.management.base import BaseCommand

from clinic.prescriptions.recheck import recheck_all


class Command(BaseCommand):
    help = (
        "Checks every plan that patients have against their conditions: after an upgrade or a load of the catalogue."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{recheck_all(by=None)} exercises put on hold.")
