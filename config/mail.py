from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.console import EmailBackend as Console
from django.core.mail.backends.filebased import EmailBackend as Files


class ConsoleAndOutbox(Files):
    """The demo's mail: printed, and kept as files that the outbox page shows."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.console = Console()

    def send_messages(self, email_messages: list[EmailMessage]) -> int:  # type: ignore[override]
        self.console.send_messages(email_messages)
        return super().send_messages(email_messages) or 0
