from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clinic.translating.catalogues import CannotTranslate, bring_up_to_date

SHOWN = 10


class Command(BaseCommand):
    help = (
        "Writes the words of the portal into a language's .po file, keeping what is translated, and puts the file to "
        "work. en-xa is a pseudo-language that shows what is not translatable."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("language", help="as: de, fr, pt-br")

    def handle(self, *args: Any, language: str, **options: Any) -> None:
        try:
            found = bring_up_to_date(language.lower())
        except CannotTranslate as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(found.path))
        self.stdout.write(f"{found.texts} texts: {found.missing} not translated, {found.unsure} to look at again.")
        for line in found.wrong[:SHOWN]:
            self.stderr.write(f"Not used: {line}")
        if language.lower() not in dict(settings.LANGUAGES):
            self.stdout.write(f"To offer it: LANGUAGES={','.join([*dict(settings.LANGUAGES), language.lower()])}")
        if found.wrong:
            raise CommandError(f"{len(found.wrong)} translations do not fit their text.")
