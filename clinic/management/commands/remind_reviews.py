from django.core.management.base import BaseCommand

from clinic.governance.reminding import remind


class Command(BaseCommand):
    help = (
        "Mails the admins when reviews of content run out within 30 days, at most once a week. A timer runs it once a "
        "day; running it twice changes nothing."
    )

    def handle(self, *, verbosity: int = 1, **options: object) -> None:
        count = remind()
        if verbosity:
            self.stdout.write(f"Reminded of {count} reviews." if count else "No reminder of reviews.")
