from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditEvent(models.Model):
    """Who did what to whose record, when and from where. Appended only; holds ids, never names or health data.

    No foreign keys: the line outlives what it speaks of.
    """

    at = models.DateTimeField(auto_now_add=True)
    actor = models.CharField(max_length=40, help_text=_("id of the user who acted, or `system`"))
    role = models.CharField(max_length=20)
    action = models.CharField(max_length=60, help_text=_("what was done, as `record.viewed`"))
    patient = models.CharField(max_length=40, blank=True, help_text=_("id of the patient whose record it is"))
    clinic = models.CharField(max_length=40, blank=True)
    subject = models.CharField(max_length=80, blank=True, help_text=_("kind and id of the row, as `prescription:…`"))
    detail = models.JSONField(
        default=dict, blank=True, help_text=_("names of changed fields, counts and reasons; no values")
    )
    request_id = models.CharField(max_length=12, blank=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        verbose_name = _("audit event")
        indexes = [
            models.Index(fields=["patient", "-at"], name="audit_by_patient"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor} {self.action}"

    def save(self, *args: object, **kwargs: object) -> None:
        if self.pk:
            raise TypeError("An audit line is never changed.")
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("An audit line is never deleted.")
