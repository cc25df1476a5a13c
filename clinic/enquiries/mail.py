"""The two mails that a request causes. Neither holds a word that somebody typed: one goes to whatever address a stranger
wrote, and who else reads either mailbox is unknown."""

from collections.abc import Mapping

from django.core.mail import EmailMessage
from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from clinic.enquiries.models import VisitRequest
from clinic.strangers.forms import may_be_mailed
from patients.accounts.models import Clinic


def tell_of(request: HttpRequest, asked: VisitRequest) -> None:
    """That it arrived, to whoever asked; that one waits, to the clinic. Neither more often than limits allow."""
    clinic = asked.clinic
    name = " ".join(clinic.name.split())
    if asked.email and may_be_mailed(request, asked.email):
        subject = _("We got your request: %(clinic)s") % {"clinic": name}
        _send(asked.email, subject, "emails/visit_request.txt", {"clinic": clinic}, clinic)
    if clinic.email and may_be_mailed(request, f"staff {clinic.email}"):
        link = request.build_absolute_uri(reverse("visit_requests"))
        subject = _("A request for a first visit waits")
        _send(clinic.email, subject, "emails/visit_request_waits.txt", {"clinic": clinic, "link": link}, clinic)


def _send(to: str, subject: str, template: str, context: Mapping[str, object], clinic: Clinic) -> None:
    message = EmailMessage(
        subject=subject,
        body=render_to_string(template, dict(context)),
        to=[to],
        reply_to=[clinic.email] if clinic.email else None,
        headers={"Auto-Submitted": "auto-generated"},
    )
    transaction.on_commit(message.send, robust=True)
