import os
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, close_old_connections, connections
from django.utils import timezone

from clinic.caseload.standings import keep_standings
from clinic.newsletter.sending import send_newsletters
from clinic.reminders.rules import State
from clinic.reminders.sending import failures, send_due

EVERY = 60  # seconds between two rounds of --loop


class Command(BaseCommand):
    help = (
        "Sends the reminders that are due now, each at most once. A timer runs it every few minutes, on one machine or "
        "on several: whoever comes second finds nothing to do. What was due while nothing ran is sent on the same day or "
        "not at all."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--loop",
            type=int,
            metavar="PID",
            help="go on, once a minute, until the process that started this has ended",
        )

    def handle(self, *, loop: int | None = None, verbosity: int = 1, **options: object) -> None:
        if not settings.SITE_ADDRESS:
            raise CommandError("Set SITE_ADDRESS to where patients open the portal, as https://portal.example.org")
        if loop is None:
            self._round(verbosity)
            return
        for _ in _while_child_of(loop):
            close_old_connections()
            try:
                self._round(0)
                # The demo has one timer; elsewhere a long newsletter must not hold up reminders.
                send_newsletters(timezone.now())
                keep_standings(timezone.now())
            except DatabaseError as error:  # locked, or restarting: the next round tries again
                self.stderr.write(f"Reminders have to wait: {type(error).__name__}")
                connections.close_all()

    def _round(self, verbosity: int) -> None:
        done = send_due(timezone.now())
        if verbosity:
            self.stdout.write(f"{done[State.SENT]} sent, {done[State.WAITING]} wait. {failures(timezone.now())}")


def _while_child_of(parent: int) -> Iterator[None]:
    """A sender that outlives its demo would write into data that somebody deletes."""
    try:
        while True:
            yield
            for _ in range(EVERY):
                time.sleep(1)
                if os.getppid() != parent:
                    return
    except KeyboardInterrupt:
        return
