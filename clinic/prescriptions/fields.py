from typing import Any

from django.db import models

from clinic.prescriptions.dosage import Dosage


class DosageField(models.JSONField):
    """A `Dosage` in a JSON column: models carry the value object itself, never a dict of it."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        stored = super().from_db_value(value, expression, connection)
        return Dosage.from_dict(stored) if isinstance(stored, dict) else stored

    def to_python(self, value: Any) -> Any:
        value = super().to_python(value)
        return Dosage.from_dict(value) if isinstance(value, dict) else value

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(value.to_dict() if isinstance(value, Dosage) else value)

    def value_to_string(self, obj: models.Model) -> Any:
        value = self.value_from_object(obj)
        return value.to_dict() if isinstance(value, Dosage) else value
