from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from clinic.newsletter.sending import send_newsletters
from clinic.reminders.rules import State


class Command(BaseCommand):
    help = (
        "Sends the newsletters whose time has come, to each address at most once. A timer runs it every few minutes; "
        "running it twice, or on two machines, changes nothing. Bounces are not handled."
    )

    def handle(self, *, verbosity: int = 1, **options: object) -> None:
        if not settings.SITE_ADDRESS:
            raise CommandError("Set SITE_ADDRESS to where the site is, as https://portal.example.org")
        done = send_newsletters(timezone.now())
        if verbosity:
            failed = done[State.DROPPED] + done[State.UNKNOWN] + done["failed"]
            self.stdout.write(f"{done[State.SENT]} sent, {done[State.WAITING]} wait, {failed} failed.")
