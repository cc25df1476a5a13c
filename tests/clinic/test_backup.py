import sqlite3
import subprocess

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from patients.models import Patient


@pytest.mark.django_db(transaction=True)
def test_backup_is_a_whole_database_with_every_row_and_the_uploads(patient, tmp_path, settings, capsys):
    settings.MEDIA_ROOT = tmp_path / "media"
    (settings.MEDIA_ROOT / "exercises").mkdir(parents=True)
    (settings.MEDIA_ROOT / "exercises" / "bridge.png").write_bytes(b"picture")

    settings.DATA_DIR = tmp_path
    (tmp_path / "vapid_key").write_text("key")

    call_command("backup", tmp_path / "kept")

    (folder,) = (tmp_path / "kept").iterdir()
    assert (folder / "media" / "exercises" / "bridge.png").read_bytes() == b"picture"
    assert (folder / "vapid_key").read_text() == "key"
    if connection.vendor == "sqlite":
        copy = sqlite3.connect(folder / "backwell.sqlite3")
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM patients_patient").fetchone() == (Patient.objects.count(),)
    else:
        listing = subprocess.run(["pg_restore", "--list", folder / "backwell.dump"], capture_output=True, text=True)
        assert "TABLE DATA public patients_patient" in listing.stdout


@pytest.mark.django_db
def test_backup_into_a_place_that_cannot_be_written_says_so(tmp_path):
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(CommandError, match="cannot be made"):
        call_command("backup", tmp_path / "file")
