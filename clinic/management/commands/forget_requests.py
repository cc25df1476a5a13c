from django.core.management.base import BaseCommand
from django.utils import timezone

from clinic.discussion.actions import forget_rejected
from clinic.enquiries.actions import forget_settled


class Command(BaseCommand):
    help = (
        "Deletes requests for a first visit that were settled, and questions under articles that were rejected, more than "
        "REQUEST_DAYS ago. A timer runs it once a day; running it twice changes nothing."
    )

    def handle(self, *, verbosity: int = 1, **options: object) -> None:
        now = timezone.now()
        requests, questions = forget_settled(now=now), forget_rejected(now=now)
        if verbosity:
            self.stdout.write(f"{requests} requests and {questions} questions deleted.")
