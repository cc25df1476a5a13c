from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PatientsConfig(AppConfig):
    name = "patients"
    verbose_name = _("People")

    def ready(self) -> None:
        # Models are there only now.
        from patients.records.actions import LEAD_CHANGED
        from patients.tasks.actions import go_with_lead

        if go_with_lead not in LEAD_CHANGED:
            LEAD_CHANGED.append(go_with_lead)
