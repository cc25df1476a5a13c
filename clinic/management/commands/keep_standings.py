from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from clinic.caseload.standings import keep_standings


class Command(BaseCommand):
    help = "Brings the caseloads' order up to date. A timer runs it every few minutes; pages are right without it, and slower."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--anew", action="store_true", help="everybody's, also where nothing changed")

    def handle(self, *, anew: bool = False, verbosity: int = 1, **options: object) -> None:
        written = keep_standings(timezone.now(), anew=anew)
        if verbosity:
            self.stdout.write(f"{written} standings brought up to date.")
