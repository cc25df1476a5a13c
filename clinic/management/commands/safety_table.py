from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.prescriptions.safety_table import SNAPSHOT, computed, differences


class Command(BaseCommand):
    help = "Writes the table of conditions and exercises anew (clinic/prescriptions/safety_snapshot.csv)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="Write nothing; fail where the file says otherwise.")

    def handle(self, *args: Any, **options: Any) -> None:
        stored = SNAPSHOT.read_text(encoding="utf-8") if SNAPSHOT.exists() else ""
        found = differences(stored, computed())
        for line in found:
            self.stdout.write(line)
        if options["check"]:
            if found:
                raise CommandError(f"{len(found)} cells differ from the file. Write it anew: manage.py safety_table")
            self.stdout.write("The file says what the rules say.")
            return
        SNAPSHOT.write_text(computed(), encoding="utf-8")
        self.stdout.write(f"{len(found)} cells changed.")
