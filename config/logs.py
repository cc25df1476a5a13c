import json
import logging
import re
from datetime import UTC, datetime

from patients.audit.context import current

# One-time links carry their secret in the address.
SECRET_LINK = re.compile(r"(/welcome/|/password/reset/key/|/confirm-email/)[^/\s\"]+")


class JsonLine(logging.Formatter):
    """One line of JSON a record: a value cannot forge a second line. No bodies, cookies, names or addresses."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": SECRET_LINK.sub(r"\1…", record.getMessage()),
            "request": current().request_id,
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return json.dumps(entry)
