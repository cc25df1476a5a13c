from django.db import models


class BareRow(models.Model):
    """What the bare view reads and writes: one small row behind one index."""

    key = models.PositiveIntegerField(db_index=True)
    text = models.CharField(max_length=80)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.text
