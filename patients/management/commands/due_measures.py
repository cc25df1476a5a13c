from django.core.management.base import BaseCommand

from patients.outcomes.actions import raise_what_is_due


class Command(BaseCommand):
    help = "Notes which questions are due for whom, and raises a task where they stay unanswered. Run it once a day."

    def handle(self, *args: object, **options: object) -> None:
        looked, raised = raise_what_is_due()
        self.stdout.write(f"{looked} patients, {raised} tasks.")
