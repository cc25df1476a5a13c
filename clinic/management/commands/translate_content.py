from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from clinic.translating.catalogues import CannotTranslate
from clinic.translating.content import take_in_content, write_content


class Command(BaseCommand):
    help = "Writes the exercises' and articles' words into a .po file for a translator, or with --read takes it in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("language", help="as: de, fr, pt-br")
        parser.add_argument("file", type=Path)
        parser.add_argument("--read", action="store_true", help="take the file in")

    def handle(self, *args: Any, language: str, file: Path, read: bool, **options: Any) -> None:
        language = language.lower()
        try:
            if not read:
                self.stdout.write(f"{write_content(language, file)} texts in {file}")
                return
            taken = take_in_content(language, file)
        except CannotTranslate as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{taken.rows} rows speak {language}.")
        for place in taken.changed:
            self.stdout.write(f"Not taken, the original has changed: {place}")
        for line in taken.wrong:
            self.stderr.write(f"Not taken: {line}")
