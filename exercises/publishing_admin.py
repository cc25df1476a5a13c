"""What the admin of content shares: whether a row is public now, and a preview of what would be seen."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from exercises.publishing import Publishable

# For `formfield_overrides`: one field with a label, where Django has two without.
MOMENTS: dict[type[models.Field], dict[str, Any]] = {
    models.DateTimeField: {
        "form_class": forms.DateTimeField,
        "widget": forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    }
}


class SaysWhetherPublic(admin.ModelAdmin):
    """`state` for `list_display`: a tick alone does not say whether the time has come."""

    @admin.display(description=gettext_lazy("now"))
    def state(self, row: Publishable) -> str:
        return row.state_at(timezone.now())


class WithPreview(admin.ModelAdmin):
    """A button beside the form that shows its page as the public would see it, of what is typed now. Saves nothing."""

    change_form_template = "admin/with_preview.html"

    def preview_of(self, request: HttpRequest, row: Any, bar: dict[str, Any]) -> HttpResponse:
        """The page. `bar` goes into its context, and says above it that this is a preview."""
        raise NotImplementedError

    @property
    def _preview_name(self) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_preview"

    def get_urls(self) -> list[Any]:
        preview = self.admin_site.admin_view(require_POST(self.preview))
        return [path("preview/", preview, name=self._preview_name), *super().get_urls()]

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        context["preview_url"] = reverse(f"admin:{self._preview_name}")
        return super().render_change_form(request, context, *args, **kwargs)

    def preview(self, request: HttpRequest) -> HttpResponse:
        pk = request.POST.get("preview_of", "")
        row: Model | None = None
        if pk.isascii() and pk.isdigit() and len(pk) < 19:
            row = get_object_or_404(self.get_queryset(request), pk=pk)
        form = self.get_form(request, row, change=row is not None)(request.POST, request.FILES, instance=row)
        form.is_valid()
        errors = [(form[name].label, said) for name, said in form.errors.items() if name in form.fields]
        return self.preview_of(request, form.instance, {"is_preview": True, "preview_errors": errors})
