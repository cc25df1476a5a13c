import os
import subprocess
import sys
from datetime import datetime
from hashlib import sha256
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

ACCOUNTS = (
    ("admin@demo.example", "edits exercises, people and settings"),
    ("clinician@demo.example", "clinician at Spine INA"),
    ("clinician2@demo.example", "a colleague there"),
    ("patient@demo.example", "patient, twelve weeks in, a session due today"),
    ("helper@demo.example", "her daughter, who helps her, and looks in on a neighbour"),
    ("newpatient@demo.example", "patient with nothing prescribed yet"),
    ("other@demo.example", "clinician at a second clinic, Harbour Backs"),
    ("otherpatient@demo.example", "patient there"),
    ("norole@demo.example", "signed in, belongs nowhere"),
)


class Command(BaseCommand):
    help = "Bring up a living demo clinic on this machine. Run again, it keeps what is there."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="prepare the data, then stop")

    def handle(self, *, no_serve: bool = False, verbosity: int = 1, **options: object) -> None:
        port = os.environ.get("PORT", "8000")
        prepare()
        if verbosity:
            self.stdout.write(welcome(f"http://127.0.0.1:{port}"))
        if not no_serve:
            serve(port)


def prepare() -> None:
    # Imported late: on a new machine their tables come with the first command.
    from clinic.demo import seed

    if settings.PRODUCTION:
        raise CommandError("The demo's password is public: it does not run with BACKWELL_MODE=production.")
    for command in ("migrate", "createcachetable", "load_catalogue", "load_protocols"):
        call_command(command, verbosity=0, stdout=StringIO())
    if not seed.is_seeded():
        try:
            seed.seed(datetime.now(ZoneInfo(seed.ZONE)).date())
        except seed.RealClinicHere:
            raise CommandError(
                "This database already holds a real clinic, so no demo accounts were added: their password is public. "
                "Point BACKWELL_DATA or DATABASE_URL at an empty place to try the demo."
            ) from None
    collect_static()


def collect_static() -> None:
    """Builds the static files when one of them is newer than the last build."""
    found = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    state = "\n".join(f"{path} {Path(path).stat().st_mtime_ns}" for path in sorted(found))
    stamp = Path(settings.STATIC_ROOT) / ".built-from"
    digest = sha256(state.encode()).hexdigest()
    if settings.STATIC_BUILT and not (stamp.exists() and stamp.read_text() == digest):
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest)


def welcome(address: str) -> str:
    from clinic.demo.cast import PASSWORD

    width = max(len(email) for email, _ in ACCOUNTS)
    rows = "\n".join(f"  {email:<{width}}   {what}" for email, what in ACCOUNTS)
    return f"\nBackwell demo at {address}\n\n{rows}\n\n  Password for all: {PASSWORD}\n  Ctrl-C stops it.\n"


def serve(port: str) -> None:
    """Turns this process into the production server. What a timer does elsewhere runs beside it and ends with it."""
    os.environ["BACKWELL_MODE"] = settings.MODE
    sys.stdout.flush()
    subprocess.Popen([sys.executable, settings.BASE_DIR / "manage.py", "send_due", "--loop", str(os.getpid())])  # noqa: S603  as below
    os.execv(  # noqa: S606  no shell, and nothing a stranger typed
        sys.executable,
        [
            sys.executable, "-m", "granian", "config.wsgi:application",
            "--interface", "wsgi", "--host", "127.0.0.1", "--port", port,
            "--workers", "2", "--blocking-threads", "1", "--no-ws", "--log-level", "warning",
        ],
    )  # fmt: skip
