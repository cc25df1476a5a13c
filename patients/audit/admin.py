from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from patients.audit.models import AuditEvent
from patients.audit.words import ROLES


class RoleFilter(admin.SimpleListFilter):
    """A fixed list: to ask the table itself which roles it holds would read all of its millions of lines."""

    title = _("role")
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(role, str(words)) for role, words in ROLES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        return queryset.filter(role=self.value()) if self.value() else queryset


@admin.register(AuditEvent)
class AuditEventAdmin(admin.ModelAdmin):
    """To be read only. Its lines hold ids, never names or health data."""

    list_display = ["at", "actor", "role", "action", "patient", "subject", "address", "request_id"]
    list_filter = ["at", RoleFilter]
    search_fields = ["actor", "patient", "subject", "action", "request_id"]
    search_help_text = _("The exact id of a user, patient, row or request, or an action as record.viewed.")
    show_full_result_count = False
    ordering = ["-pk"]

    def get_search_fields(self, request: HttpRequest) -> list[str]:
        return [f"{name}__exact" for name in self.search_fields]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEvent | None = None) -> bool:
        return False
