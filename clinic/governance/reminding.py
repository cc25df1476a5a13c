"""Tells the admins when reviews run out within a month: a mail with numbers and a link, at most one a week."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from clinic.governance.overview import KINDS, current
from patients.audit.actions import record
from patients.audit.models import AuditEvent
from patients.models import User

AHEAD = timedelta(days=30)
EVERY = timedelta(days=7)
REMINDED = "content.reminded"


def remind(*, now: datetime | None = None) -> int:
    """How many rows the mail was about; 0 where there is nothing to say, nobody to say it to, or it was said lately.

    What was never reviewed is listed in the admin and not mailed about: it never ran out.
    """
    now = now or timezone.now()
    today = timezone.localdate(now)
    ends = [
        day
        for model in KINDS
        for day in current(model).filter(review_by__lte=today + AHEAD).values_list("review_by", flat=True)
    ]
    admins = User.objects.filter(is_staff=True, is_active=True).exclude(email="").order_by("pk")
    with transaction.atomic(), override(settings.LANGUAGE_CODE):
        # Their rows are held: of two timers at once, the later one sees what the earlier one said.
        addresses = list(admins.select_for_update().values_list("email", flat=True))
        said_lately = AuditEvent.objects.filter(actor="system", at__gt=now - EVERY, action=REMINDED)
        if not ends or not addresses or said_lately.exists():
            return 0
        record(by=None, action=REMINDED, rows=len(ends))
        over = sum(day < today for day in ends)
        link = settings.SITE_ADDRESS + reverse("admin:content_to_review")
        body = render_to_string(
            "emails/content_review.txt", {"over": over, "soon": len(ends) - over, "days": AHEAD.days, "link": link}
        )
        for address in addresses:
            message = EmailMessage(
                subject=gettext("Content to review"),
                body=body,
                to=[address],
                headers={"Auto-Submitted": "auto-generated"},
            )
            transaction.on_commit(message.send, robust=True)
    return len(ends)
