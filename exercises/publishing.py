"""What the public sees now, of whatever the clinic writes: drafts, and a first and a last moment."""

from datetime import datetime
from typing import Self, TypeVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Row = TypeVar("Row", bound=models.Model, covariant=True)


def public_at(moment: datetime) -> Q:
    begun = Q(publish_from=None) | Q(publish_from__lte=moment)
    not_over = Q(publish_until=None) | Q(publish_until__gt=moment)
    return Q(is_published=True) & begun & not_over


class PublicQuerySet(models.QuerySet[Row]):
    def published(self, at: datetime | None = None) -> Self:
        """The one place that says what is public, now or at another moment."""
        return self.filter(public_at(at or timezone.now()))


class Publishable(models.Model):
    """A draft until it is published; then public between the two moments, where they are set."""

    is_published = models.BooleanField(
        gettext_lazy("published"), default=False, help_text=gettext_lazy("Off: a draft, seen here only.")
    )
    publish_from = models.DateTimeField(
        gettext_lazy("public from"), null=True, blank=True, help_text=gettext_lazy("Empty: at once.")
    )
    publish_until = models.DateTimeField(
        gettext_lazy("public until"), null=True, blank=True, help_text=gettext_lazy("Empty: until further notice.")
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if self.publish_from and self.publish_until and self.publish_until <= self.publish_from:
            raise ValidationError({"publish_until": _("This is not after the moment it becomes public.")})

    def state_at(self, moment: datetime) -> str:
        if not self.is_published:
            return _("Draft")
        if self.publish_from and moment < self.publish_from:
            return _("Scheduled")
        if self.publish_until and moment >= self.publish_until:
            return _("No longer public")
        return _("Public")
