import json
import logging
import re
import traceback
from datetime import UTC, datetime

from django.utils.safestring import SafeString
from django.views.debug import ExceptionReporter

from patients.audit.context import current

# One-time links carry their secret in the address; mail servers and databases name people in what they complain of.
SECRET_LINK = re.compile(
    r"(/welcome/|/password/reset/key/|/confirm-email/|/reminders/stop/|/calendar/|/newsletter/(?:confirm|stop)/)[^/\s\"]+"
)
MAIL_ADDRESS = re.compile(r"[^\s\"'<>(){}\[\]=,;:]+@[^\s\"'<>(){}\[\]=,;:]+")


def discreet(text: str) -> str:
    return MAIL_ADDRESS.sub("…@…", SECRET_LINK.sub(r"\1…", text))


class JsonLine(logging.Formatter):
    """One line of JSON a record: a value cannot forge a second line. No bodies, cookies, names or addresses."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
            "request": current().request_id,
        }
        if record.exc_info:
            entry["trace"] = discreet(self.formatException(record.exc_info))
        return json.dumps(entry)


class WhereItBroke(ExceptionReporter):
    """What the admins' mail says of an error. Django's own report holds the form that was sent: health data."""

    def get_traceback_text(self) -> SafeString:
        trace = traceback.format_exception(self.exc_type, self.exc_value, self.tb)
        return SafeString(discreet(f"Request {current().request_id}\n\n{''.join(trace)}"))


class Discreet(logging.Filter):
    """For a handler that words its line itself, as the subject of a mail."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = discreet(record.getMessage()), ()
        return True
