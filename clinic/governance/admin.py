"""The admin of content, where somebody vouches for it: one action over what is chosen, one page of what is to do."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from clinic.governance import actions
from clinic.governance.checking import check_content
from clinic.governance.forms import LetStandForm, VouchForm
from clinic.governance.models import LetStand
from clinic.governance.overview import as_csv, edit_url, in_use, overview
from clinic.prescriptions.admin import CheckedExerciseAdmin, ProtocolAdmin
from clinic.prescriptions.models import Protocol
from exercises.admin import ArticleAdmin, ChosenRows, QuestionAdmin
from exercises.governance import Reviewed, State, fingerprint_of_all, in_state
from exercises.models import Article, Exercise, Question
from exercises.words import listed
from patients.accounts.admin import signed_in
from patients.models import Clinician

REVIEW = ["reviewed_by", "reviewed_on", "review_by"]


class ReviewFilter(admin.SimpleListFilter):
    title = _("review")
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = next((state for state in State if state.value == self.value()), None)
        return in_use(queryset).filter(in_state(chosen, timezone.localdate())) if chosen else queryset


class Governed(admin.ModelAdmin):
    """Who vouches for a row: shown in lists and forms, said in one action, lost when the row becomes another."""

    # What `Reviewed.substance` reads beside the row.
    parts: tuple[str, ...] = ()

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        return [*super().get_list_display(request), "review"]

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        return [ReviewFilter, *super().get_list_filter(request)]

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        origin = {"fields": ["author", "source", "source_url", "licence", "licence_note"]}
        review = {
            "fields": [*REVIEW, *(["review_lost"] if obj and obj.changed_since else [])],
            "description": _(
                "A change of what it says or asks for takes the review away. Then somebody reads it again."
            ),
        }
        return [
            *super().get_fieldsets(request, obj),
            (_("Where it comes from"), origin),
            (_("Who vouches for it"), review),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        return [*super().get_readonly_fields(request, obj), "review_lost"]

    @admin.display(description=_("review"), ordering="review_by")
    def review(self, row: Reviewed) -> str:
        state = row.state_of_review(timezone.localdate())
        return f"{state.label}, {date_format(row.review_by, 'j M Y')}" if row.review_by else str(state.label)

    @admin.display(description=_("lost by a change of"))
    def review_lost(self, row: Reviewed) -> str:
        return ", ".join(row.changed_in_words)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        row, by, is_typed = form.instance, signed_in(request), bool(set(REVIEW) & set(form.changed_data))
        # Another text with the day of the old one was read by nobody.
        is_read = "reviewed_on" in form.changed_data or row.fingerprint() == row.reviewed_as
        if is_typed and row.reviewed_on and is_read:
            actions.vouch_as_typed(row=row, by=by)
            return
        if is_typed and not row.reviewed_on:
            actions.withdraw_as_typed(row=row, by=by)
        self.say_lost(request, actions.after_edit(rows=[row], by=by))

    def say_lost(self, request: HttpRequest, lost: dict[str, list[str]]) -> None:
        for name, fields in lost.items():
            said = gettext(
                "%(name)s: the review is gone, because this changed: %(fields)s. Somebody has to read it again."
            )
            self.message_user(request, said % {"name": name, "fields": listed(fields)}, messages.WARNING)

    @admin.action(description=_("Vouch for: I have read these"), permissions=["change"])
    def vouch(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = list(queryset.prefetch_related(*self.parts))
        shown = fingerprint_of_all(rows)
        data = request.POST.copy() if "vouched" in request.POST else None
        is_other = data is not None and data.get("shown") != shown
        if data and is_other:
            data.pop("read", None)  # whoever ticked it had read something else
        form = VouchForm(data)
        if form.is_valid():
            said = form.cleaned_data
            count = actions.vouch(
                content=rows,
                name=said["name"],
                months=said["months"],
                day=timezone.localdate(),
                by=signed_in(request),
            )
            words = ngettext("%(count)s is vouched for.", "%(count)s are vouched for.", count) % {"count": count}
            self.message_user(request, words, messages.SUCCESS)
            return None
        context = self.admin_site.each_context(request) | {
            "title": gettext("Vouch for these"),
            "opts": self.opts,
            "form": form,
            "rows": [(row, edit_url(row)) for row in rows],
            "shown": shown,
            "is_other": is_other,
            "clinicians": Clinician.objects.filter(user__is_active=True).select_related("user"),
            "chosen": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        }
        return render(request, "admin/governance/vouch.html", context, status=422 if form.errors else 200)


class GovernedExerciseAdmin(Governed, CheckedExerciseAdmin):
    actions = ["vouch", *CheckedExerciseAdmin.actions]
    parts = ("tags", "primary_muscles", "secondary_muscles")

    def process_result(self, result: Any, request: HttpRequest) -> HttpResponse:
        changed = [row.object_id for row in result.rows if row.import_type == row.IMPORT_TYPE_UPDATE]
        rows = Exercise.objects.filter(pk__in=changed).with_parts()
        self.say_lost(request, actions.after_edit(rows=rows, by=signed_in(request)))
        return super().process_result(result, request)


class GovernedProtocolAdmin(Governed, ProtocolAdmin):
    actions = ["vouch", *ProtocolAdmin.actions]
    parts = ("lines",)


class GovernedArticleAdmin(Governed, ArticleAdmin):
    actions = ["vouch"]


class GovernedQuestionAdmin(Governed, QuestionAdmin):
    actions = ["vouch"]


for model, its_admin in (
    (Exercise, GovernedExerciseAdmin),
    (Protocol, GovernedProtocolAdmin),
    (Article, GovernedArticleAdmin),
    (Question, GovernedQuestionAdmin),
):
    admin.site.unregister(model)
    admin.site.register(model, its_admin)


@admin.register(LetStand)
class LetStandAdmin(ChosenRows):
    """What was left standing, to be read or taken back; and the addresses of the two pages on content, which the
    admin's index leads to."""

    list_display = ["key", "reason", "looked_at_by", "looked_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[Any]:
        pages = {
            "review/": ("content_to_review", require_safe(self.to_review)),
            "review/list.csv": ("content_to_review_csv", require_safe(self.to_review_csv)),
            "contradictions/": (
                "content_contradictions",
                require_http_methods(["GET", "HEAD", "POST"])(self.contradictions),
            ),
        }
        guarded = [path(at, self.admin_site.admin_view(page), name=name) for at, (name, page) in pages.items()]
        return [*guarded, *super().get_urls()]

    def to_review(self, request: HttpRequest) -> HttpResponse:
        shown = overview(timezone.localdate())
        everything = "all" in request.GET
        context = self.admin_site.each_context(request) | {
            "title": gettext("Content to review"),
            "overview": shown,
            "rows": shown.rows if everything else shown.to_do,
            "everything": everything,
        }
        return render(request, "admin/governance/to_review.html", context)

    def contradictions(self, request: HttpRequest) -> HttpResponse:
        """What the texts and the rules say differently. One can be left standing, with a reason, for its text."""
        checked = check_content()
        form = LetStandForm(request.POST or None)
        chosen = checked.finding(request.POST.get("finding", ""))
        if request.method == "POST" and chosen is None:
            self.message_user(
                request, gettext("That one is gone: the text changed, or somebody was faster."), messages.INFO
            )
            return redirect("admin:content_contradictions")
        if chosen and form.is_valid():
            reason = form.cleaned_data["reason"]
            actions.let_stand(key=chosen.key, text=chosen.text, reason=reason, by=signed_in(request))
            self.message_user(request, gettext("It stands, until its text changes."), messages.SUCCESS)
            return redirect("admin:content_contradictions")
        context = self.admin_site.each_context(request) | {
            "title": gettext("Contradictions"),
            "checked": checked,
            "lists": [
                (gettext("Against the rules"), checked.open),
                (gettext("Unusual doses: remarks, as in the builder"), checked.remarks),
            ],
            "form": form,
            "refused": chosen.key if chosen else "",
        }
        status = 422 if form.errors else 200
        return render(request, "admin/governance/contradictions.html", context, status=status)

    def to_review_csv(self, request: HttpRequest) -> HttpResponse:
        response = HttpResponse(as_csv(overview(timezone.localdate())), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="content.csv"'
        return response
