"""The newsletter, apart from everything clinical: its addresses are tied to no account, no patient and no request."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from clinic.reminders.models import new_token
from clinic.reminders.rules import State


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def confirmed(self, by: datetime) -> "SubscriberQuerySet":
        return self.filter(confirmed_at__lte=by)

    def never_confirmed(self, now: datetime) -> "SubscriberQuerySet":
        return self.filter(confirmed_at=None, confirm_until__lt=now)


class Subscriber(models.Model):
    """An address that asked for the newsletter. It gets nothing before it confirmed, and is deleted when it stops."""

    email = models.EmailField(_("e-mail address"), unique=True)
    # Of the link in the newest mail: only its hash is kept.
    confirm_hash = models.CharField(max_length=64, unique=True, editable=False)
    confirm_until = models.DateTimeField(_("link works until"), editable=False)
    asked_at = models.DateTimeField(_("asked"), editable=False)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, editable=False)
    # In every issue, and good for one thing: to stop them. Kept as it is, so that an old mail stops them too.
    stop_token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = _("newsletter subscriber")
        verbose_name_plural = _("newsletter subscribers")
        indexes = [models.Index(fields=["confirmed_at"], name="subscribers_confirmed")]

    def __str__(self) -> str:
        return self.email


class IssueQuerySet(models.QuerySet["Issue"]):
    def due(self, now: datetime) -> "IssueQuerySet":
        return self.filter(is_ready=True, send_at__lte=now, finished_at=None)


class Issue(models.Model):
    """One newsletter. Written as a draft, it is sent to everybody at its time once it is said to be ready."""

    subject = models.CharField(_("subject"), max_length=120)
    body = models.TextField(
        _("text"), max_length=20_000, help_text=_("Markdown. Nothing about any patient: it goes to strangers.")
    )
    is_ready = models.BooleanField(_("ready to be sent"), default=False, help_text=_("Off: a draft."))
    send_at = models.DateTimeField(_("send at"), null=True, blank=True)
    # From then on the text stays as it is, and who subscribes later gets the next one.
    begun_at = models.DateTimeField(_("sending began"), null=True, editable=False)
    finished_at = models.DateTimeField(_("sent to all"), null=True, editable=False)

    history = HistoricalRecords()
    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")
        constraints = [
            models.CheckConstraint(
                condition=Q(is_ready=False) | Q(send_at__isnull=False),
                name="ready_newsletter_has_a_time",
                violation_error_message=_("Say when it is to be sent."),
            )
        ]

    def __str__(self) -> str:
        return self.subject


class Delivery(models.Model):
    """An issue to one address, claimed before it is sent: the unique key is what makes it one."""

    issue = models.ForeignKey(Issue, on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=[(state.value, state.value) for state in State])
    tries = models.PositiveSmallIntegerField(default=1)
    begun_at = models.DateTimeField()
    claimed_at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)
    fault = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "deliveries"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["issue", "subscriber"], name="one_newsletter_an_address")]

    def __str__(self) -> str:
        return self.state
