from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy, ngettext
from simple_history.admin import SimpleHistoryAdmin

from clinic.discussion.actions import decide
from clinic.discussion.models import ReaderQuestion, State
from exercises.admin import ChosenRows
from exercises.forms import TextField
from patients.accounts.admin import signed_in
from patients.audit.actions import record


class StateFilter(admin.SimpleListFilter):
    """What waits, unless something else is asked for."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [*State.choices, ("all", gettext_lazy("All"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[ReaderQuestion]) -> QuerySet[ReaderQuestion]:
        wanted = self.value() or State.WAITING
        return queryset.filter(state=wanted) if wanted in State.values else queryset

    def choices(self, changelist: Any) -> Any:
        for value, label in self.lookup_choices:
            is_chosen = (self.value() or State.WAITING) == value
            yield {
                "selected": is_chosen,
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": label,
            }


@admin.register(ReaderQuestion)
class ReaderQuestionAdmin(ChosenRows, SimpleHistoryAdmin):
    """The moderators' queue. A question is answered in its form; its own words are not changed, only shown or not."""

    list_display = ["text", "article", "name", "asked_at", "state", "is_answered"]
    list_filter = [StateFilter, "article"]
    list_select_related = ["article"]
    search_fields = ["text", "answer", "name"]
    actions = ["show", "reject"]
    fields = ["article", "name", "text", "asked_at", "answer", "state"]
    readonly_fields = ["article", "name", "text", "asked_at"]
    radio_fields = {"state": admin.HORIZONTAL}
    formfield_overrides = {models.TextField: {"form_class": TextField, "widget": forms.Textarea({"rows": 6})}}

    @admin.display(description=gettext_lazy("answered"), boolean=True)
    def is_answered(self, question: ReaderQuestion) -> bool:
        return bool(question.answer)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: ReaderQuestion, form: Any, change: bool) -> None:
        state, obj.state = obj.state, form.initial["state"]
        if "answer" in form.changed_data:
            super().save_model(request, obj, form, change)
            record(by=signed_in(request), action="reader_question.answered", subject=f"reader_question:{obj.pk}")
        decide(questions=[obj], by=signed_in(request), state=state)

    @admin.action(description=gettext_lazy("Show under the article"))
    def show(self, request: HttpRequest, queryset: QuerySet[ReaderQuestion]) -> None:
        self._decide(request, queryset, State.SHOWN)

    @admin.action(description=gettext_lazy("Reject: never shown"))
    def reject(self, request: HttpRequest, queryset: QuerySet[ReaderQuestion]) -> None:
        self._decide(request, queryset, State.REJECTED)

    def _decide(self, request: HttpRequest, queryset: QuerySet[ReaderQuestion], state: State) -> None:
        count = decide(questions=queryset, by=signed_in(request), state=state)
        said = ngettext("%(count)d question changed.", "%(count)d questions changed.", count) % {"count": count}
        self.message_user(request, said, messages.SUCCESS)
