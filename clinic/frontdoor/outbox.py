"""The demo's letter box: what `config.mail.ConsoleAndOutbox` wrote, read back for a page."""

from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

# The file-based backend ends every message of a file with this line.
BETWEEN = b"\n" + b"-" * 79 + b"\n"
NEWEST = 50


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    sent_at: datetime | None
    text: str


def _read(raw: bytes) -> Mail:
    message = message_from_bytes(raw.strip(), _class=EmailMessage, policy=policy.default)
    body = message.get_body(("plain",))
    date = message.get("Date")
    return Mail(
        to=message.get("To", ""),
        subject=message.get("Subject", ""),
        sent_at=parsedate_to_datetime(date) if date else None,
        text=body.get_content() if body else "",
    )


def newest_mails(folder: Path) -> list[Mail]:
    """The newest mails of the outbox, newest first."""
    files = sorted(folder.glob("*.log"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    mails: list[Mail] = []
    for path in files:
        parts = [part for part in path.read_bytes().split(BETWEEN) if part.strip()]
        mails += [_read(part) for part in reversed(parts)]
        if len(mails) >= NEWEST:
            break
    return mails[:NEWEST]
