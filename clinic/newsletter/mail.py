"""The newsletter's mails. They come under a name of their own, so that nobody takes one for a word from their clinician,
and stopping them stops nothing else."""

import re
from email.utils import formataddr, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from clinic.newsletter.actions import LINK_DAYS
from clinic.newsletter.models import Issue, Subscriber
from exercises.content.articles import article_html
from patients.accounts.models import Clinic

LINK = re.compile(r"\[([^\]]+)\]\((\S+?)\)")


def sender(clinic: Clinic | None) -> str:
    if settings.NEWSLETTER_FROM_EMAIL:
        return str(settings.NEWSLETTER_FROM_EMAIL)
    name = _("%(clinic)s newsletter") % {"clinic": " ".join(clinic.name.split()) if clinic else "Backwell"}
    return formataddr((name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def confirmation(clinic: Clinic | None, subscriber: Subscriber, token: str, address: str) -> EmailMessage:
    """The link, or to somebody who has it already how to stop: whoever asks learns nothing from what is sent."""
    stop = address + reverse("newsletter_stop", args=[subscriber.stop_token])
    context = {
        "clinic": clinic,
        "link": address + reverse("newsletter_confirm", args=[token]) if token else "",
        "stop": stop,
        "days": LINK_DAYS,
    }
    return EmailMessage(
        subject=_("Please confirm: our newsletter") if token else _("You get our newsletter already"),
        body=render_to_string("emails/newsletter_confirm.txt", context),
        from_email=sender(clinic),
        to=[subscriber.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def letter(issue: Issue, subscriber: Subscriber, clinic: Clinic | None) -> EmailMultiAlternatives:
    stop = settings.SITE_ADDRESS + reverse("newsletter_stop", args=[subscriber.stop_token])
    message = EmailMultiAlternatives(
        subject=" ".join(issue.subject.split()),
        body=as_text(issue, stop, clinic),
        from_email=sender(clinic),
        to=[subscriber.email],
        headers={
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Precedence": "bulk",
        },
    )
    message.attach_alternative(as_html(issue, stop, clinic), "text/html")
    return message


def as_text(issue: Issue, stop: str, clinic: Clinic | None) -> str:
    body = LINK.sub(r"\1: \2", _with_whole_links(issue.body))
    context = {"body": body, "stop": stop, "clinic": clinic}
    return render_to_string("emails/newsletter.txt", context)


def as_html(issue: Issue, stop: str, clinic: Clinic | None) -> SafeString:
    body = article_html(_with_whole_links(issue.body))
    return render_to_string("emails/newsletter.html", {"issue": issue, "body": body, "stop": stop, "clinic": clinic})


def _with_whole_links(markdown: str) -> str:
    """A mail has no site that `/learn/` could be on."""
    return markdown.replace("](/", f"]({settings.SITE_ADDRESS}/")
