from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from clinic.reminders.models import Sending


@admin.register(Sending)
class SendingAdmin(admin.ModelAdmin):
    """What became of the reminders, to be read only: when and how, and not whose."""

    list_display = ["day", "kind", "way", "state", "tries", "fault", "claimed_at"]
    list_filter = ["state", "way", "kind", "day"]
    fields = ["day", "kind", "number", "way", "state", "tries", "begun_at", "claimed_at", "again_at", "fault"]
    ordering = ["-pk"]
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
