from django.core.management import call_command
from django.core.management.base import BaseCommand

# Safety first: what is proposed afterwards knows of it. Alerts late: they say what the others have not said.
RULES = (
    "recheck_safety",
    "review_plans",
    "due_measures",
    "watch_flare_ups",
    "raise_alerts",
    "forget_requests",
    "remind_reviews",
)


class Command(BaseCommand):
    help = "All that the clinical rules look at once a day. A timer runs it; running it twice changes nothing."

    def handle(self, *, verbosity: int = 1, **options: object) -> None:
        for name in RULES:
            call_command(name, verbosity=verbosity, stdout=self.stdout)
        # Once a day everybody's, so that nothing that left no audit line stays wrong.
        call_command("keep_standings", anew=True, verbosity=verbosity, stdout=self.stdout)
