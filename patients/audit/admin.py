from django.contrib import admin
from django.http import HttpRequest

from patients.audit.models import AuditEvent


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """To be read only. Its lines hold ids, never names or health data."""

    list_display = ["at", "actor", "role", "action", "patient", "subject", "address", "request_id"]
    list_filter = ["at", "role", "action"]
    search_fields = ["actor", "patient", "subject", "request_id"]
    search_help_text = "The exact id of a user, patient, row or request."
    date_hierarchy = "at"
    show_full_result_count = False
    ordering = ["-at", "-pk"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [f"{name}__exact" for name in self.search_fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
