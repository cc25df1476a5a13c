"""What the public pages say of the clinic. Edited in the admin, with drafts, a schedule and a history."""

from base64 import b64encode
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exercises.content.articles import article_html
from exercises.publishing import PublicQuerySet, Publishable
from patients.accounts.models import Clinician


class SiteTextsQuerySet(PublicQuerySet["SiteTexts"]):
    def now(self) -> "SiteTexts":
        """Of those that are public, the one that became so last. Without one, the house's own words."""
        newest_first = self.published().order_by(F("publish_from").desc(nulls_last=True), "-pk")
        return newest_first.first() or SiteTexts()


class SiteTexts(Publishable):
    """The words of the home page and the opening hours. A second row, with its own time, is how holidays are told."""

    name = models.CharField(_("name"), max_length=60, help_text=_("For you, as: Christmas hours."))
    headline = models.CharField(_("headline"), max_length=80, blank=True)
    intro = models.TextField(
        _("introduction"), max_length=400, blank=True, help_text=_("What you do, in 2 sentences.")
    )
    notice = models.CharField(
        _("notice"), max_length=200, blank=True, help_text=_("Above everything else, as: Closed from 24 December.")
    )
    opening_hours = models.TextField(
        _("opening hours"),
        max_length=400,
        blank=True,
        help_text=_("One line for each, as: Monday to Friday: 8 to 18."),
    )
    getting_here = models.TextField(
        _("how to get here"), max_length=400, blank=True, help_text=_("Bus, parking, steps and lift.")
    )
    closing = models.TextField(
        _("last words"), max_length=400, blank=True, help_text=_("Beside the request for a visit.")
    )

    history = HistoricalRecords()
    objects = SiteTextsQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = _("home page texts")

    def __str__(self) -> str:
        return self.name


class Service(Publishable):
    title = models.CharField(_("title"), max_length=80)
    summary = models.CharField(_("summary"), max_length=200, help_text=_("One or two sentences for the home page."))
    body = models.TextField(_("text"), max_length=6000, blank=True, help_text=_("Markdown."))
    how_long = models.CharField(_("how long"), max_length=60, blank=True, help_text=_("As: 45 minutes."))
    cost = models.CharField(
        _("what it costs"), max_length=120, blank=True, help_text=_("As: 60 pounds, or your insurance.")
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    history = HistoricalRecords()
    objects = PublicQuerySet["Service"].as_manager()

    class Meta:
        ordering = ["order", "title", "pk"]
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def __str__(self) -> str:
        return self.title

    @property
    def anchor(self) -> str:
        return f"service-{self.pk or 'new'}"

    @property
    def html(self) -> SafeString:
        return article_html(self.body)

    def get_absolute_url(self) -> str:
        return f"{reverse('services')}#{self.anchor}"


class TeamMemberQuerySet(PublicQuerySet["TeamMember"]):
    def published(self, at: datetime | None = None) -> Self:
        """Nobody whose account was closed: they no longer work here."""
        return super().published(at).filter(Q(clinician=None) | Q(clinician__user__is_active=True))


class TeamMember(Publishable):
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=80, help_text=_("As: Physiotherapist."))
    qualifications = models.CharField(_("qualifications"), max_length=200, blank=True)
    languages = models.CharField(_("languages"), max_length=120, blank=True, help_text=_("As: English, Polish."))
    photo = models.ImageField(_("photo"), upload_to="team/", blank=True)
    text = models.TextField(_("a few words"), max_length=500, blank=True)
    clinician = models.OneToOneField(
        Clinician,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="team_member",
        verbose_name=_("account"),
        help_text=_("Whoever’s account is closed leaves this page by themselves."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)

    history = HistoricalRecords()
    objects = TeamMemberQuerySet.as_manager()

    class Meta:
        ordering = ["order", "name", "pk"]
        verbose_name = _("team member")
        verbose_name_plural = _("team")

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        words = self.name.split()
        return "".join(word[0] for word in (words[:1] + words[1:][-1:]))

    @property
    def photo_source(self) -> str:
        """The photo's address. One that a preview shows is not stored yet, so it stands in the page itself."""
        if not self.photo:
            return ""
        if self.photo._committed:  # type: ignore[attr-defined]
            return str(self.photo.url)
        self.photo.file.seek(0)
        return f"data:image/jpeg;base64,{b64encode(self.photo.file.read()).decode()}"

    def get_absolute_url(self) -> str:
        return reverse("team")
