"""`manage.py backup FOLDER`: a consistent copy of the database and the uploaded files, while the portal is running."""

import os
import shutil
import subprocess
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone


class Command(BaseCommand):
    help = "Copies the database and the uploaded files into a new dated folder, while the portal is running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="Where the dated folder is made. Keep it on another disk.")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["folder"] / timezone.now().strftime("backwell-%Y%m%d-%H%M%S")
        try:
            target.mkdir(parents=True, mode=0o700)
        except OSError as error:
            raise CommandError(f"{target} cannot be made: {error.strerror}.") from error
        if connection.vendor == "sqlite":
            copy = target / "backwell.sqlite3"
            with connection.cursor() as cursor:
                cursor.execute("VACUUM INTO %s", [str(copy)])
        else:
            copy = target / "backwell.dump"
            self._pg_dump(copy)
        copy.chmod(0o600)
        media = Path(settings.MEDIA_ROOT)
        if media.exists():
            shutil.copytree(media, target / "media")
        key = Path(settings.DATA_DIR) / "vapid_key"  # without it every phone has to ask for its reminders again
        if key.exists():
            shutil.copy(key, target)
        self.stdout.write(f"{target}\n")

    def _pg_dump(self, copy: Path) -> None:
        given = connection.settings_dict
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        environment = os.environ | {name: str(given[key]) for name, key in names.items() if given[key]}
        # The dump of a newer server needs its own pg_dump: both are PostgreSQL's client package of that major version.
        command = ["pg_dump", "--format=custom", f"--file={copy}", given["NAME"]]
        result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if result.returncode:
            raise CommandError(f"pg_dump failed: {result.stderr.strip()}")
