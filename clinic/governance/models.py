from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class LetStand(models.Model):
    """A contradiction that somebody looked at and lets stand. It holds as long as the text is the one they read."""

    key = models.CharField(max_length=200, unique=True, help_text=_("Rule, kind, slug and field, as `Finding.key`."))
    text = models.CharField(max_length=64, help_text=_("Digest of what was read."))
    reason = models.CharField(max_length=300)
    looked_at = models.DateTimeField(default=timezone.now)
    looked_at_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["key"]
        verbose_name = _("contradiction left standing")
        verbose_name_plural = _("contradictions left standing")

    def __str__(self) -> str:
        return self.key
