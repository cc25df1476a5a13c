from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from clinic.governance.checking import check_content
from clinic.governance.contradictions import Finding


class Command(BaseCommand):
    help = (
        "Holds articles, questions, exercises and protocols against the clinical rules and lists where they do not agree. "
        "Ends with an error while one of them is open."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remarks", action="store_true", help="Also list unusual doses, which are no error.")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = check_content()
        for finding in checked.open:
            self._say(finding)
        if options["remarks"]:
            for finding in checked.remarks:
                self._say(finding)
        self.stdout.write(
            f"{len(checked.open)} contradictions, {len(checked.remarks)} remarks, "
            f"{len(checked.standing)} looked at and left standing."
        )
        if checked.open:
            raise CommandError("The content does not agree with the rules.")

    def _say(self, finding: Finding) -> None:
        it = finding.passage
        self.stdout.write(
            f"{finding.rule}  {it.kind} {it.slug}, {it.field}\n  said: {finding.said}\n  rule: {finding.says}"
        )
