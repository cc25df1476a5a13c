from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.prescriptions.models import Protocol
from clinic.prescriptions.starter import UnknownExercises, load_starters


class Command(BaseCommand):
    help = "Brings the starter protocols into the database. Run again, it adds what is missing and nothing else."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--overwrite", action="store_true", help="Also put back the starter protocols that were edited here."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load_starters(overwrite=options["overwrite"])
        except UnknownExercises as error:
            raise CommandError(f"Load the catalogue first: it has no {error}.") from error
        self.stdout.write(
            f"Protocols: {len(loaded.added)} added, {len(loaded.replaced)} put back, "
            f"{len(loaded.unchanged)} unchanged, {len(loaded.kept)} kept as edited here."
        )
        if waiting := Protocol.objects.current().filter(review_by=None).count():
            self.stdout.write(f"{waiting} wait for a review: they cannot be started until somebody vouches for them.")
        if loaded.kept:
            self.stdout.write(f"Kept: {', '.join(loaded.kept)}. Put back the shipped ones with --overwrite.")
