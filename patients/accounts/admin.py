from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from patients.accounts import actions
from patients.accounts.models import Clinic, Clinician, User
from patients.accounts.thresholds_form import THRESHOLD_GROUPS, ThresholdsForm
from patients.accounts.time_zones import time_zone_choices
from patients.audit.actions import record
from patients.audit.words import role_in_words


def signed_in(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class ClinicForm(ThresholdsForm):
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=time_zone_choices, help_text=_("New patients start with this time zone.")
    )


@admin.register(Clinic)
class ClinicAdmin(admin.ModelAdmin):
    form = ClinicForm
    list_display = ["name", "phone", "emergency_phone", "time_zone", "week_starts_on", "shares_records"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (None, {"fields": ["name", "slug", "address"]}),
        (_("How patients reach it"), {"fields": ["phone", "emergency_phone", "urgent_phone", "email"]}),
        (_("How it works"), {"fields": ["time_zone", "week_starts_on", "shares_records"]}),
        *(  # type: ignore[list-item]
            (
                format_lazy(_("Clinical thresholds: {topic}"), topic=title),
                {
                    "fields": names,
                    "classes": ["collapse"],
                    "description": _(
                        "Empty is the default. A change counts from now on, and what is past stays as it was."
                    ),
                },
            )
            for title, names in THRESHOLD_GROUPS
        ),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: Clinic | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Clinic, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if form.changed_data:
            record(
                by=signed_in(request), action="clinic.edited", subject=f"clinic:{obj.pk}", fields=form.changed_data
            )


class NewStaffForm(forms.ModelForm):
    """Makes a member of staff, who gets a mail with a link to choose a password."""

    ROLES = [
        ("clinician", _("Clinician: treats patients")),
        ("admin", _("Admin: edits content, people and settings")),
    ]

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=ROLES, widget=forms.RadioSelect, initial="clinician")
    clinic = forms.ModelChoiceField(
        Clinic.objects.all(), label=_("Clinic"), required=False, help_text=_("For clinicians.")
    )
    title = forms.CharField(
        label=_("Title"), max_length=80, required=False, initial=_("Physiotherapist"), help_text=_("For clinicians.")
    )

    class Meta:
        model = User
        fields = ["email", "first_name", "last_name"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if User.objects.filter(email=email).exists():
            raise forms.ValidationError(gettext("Somebody signs in with this address already."))
        return email

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("role") == "clinician" and not values.get("clinic"):
            self.add_error("clinic", gettext("A clinician belongs to a clinic."))
        return values


class ClinicianInline(admin.StackedInline):
    model = Clinician
    fields = ["clinic", "title"]
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


class UserAdmin(admin.ModelAdmin):
    """Who may sign in. Passwords are chosen by their owners only; accounts are stopped, never deleted. Registered by
    `patients.team.admin`, which knows what becomes of the patients of whoever is stopped."""

    list_display = ["email", "first_name", "last_name", "kind", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "clinician__clinic"]
    search_fields = ["email", "first_name", "last_name"]
    ordering = ["email"]
    readonly_fields = ["kind", "last_login", "date_joined"]
    actions = ["mail_password_link", "stop", "allow", "end_sessions", "remove_second_factors"]
    fieldsets = [
        (None, {"fields": ["email", "first_name", "last_name", "kind"]}),
        (_("Sign-in"), {"fields": ["is_active", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "first_name", "last_name", "role", "clinic", "title"]})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).select_related("clinician__clinic", "patient")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fieldsets if obj else self.add_fieldsets

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is None:
            kwargs["form"] = NewStaffForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and obj.is_staff_member:
            form.base_fields["email"].required = True
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        # Nobody locks the door behind themselves.
        return [*self.readonly_fields, "is_active"] if obj == request.user else self.readonly_fields

    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        return [ClinicianInline] if obj and obj.is_clinician else []

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False

    @admin.display(description=_("role"))
    def kind(self, user: User) -> str:
        return role_in_words(user.role)

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            if "email" in form.changed_data:
                actions.tell_of_new_address(user=obj, before=form.initial["email"], request=request)
            record(by=signed_in(request), action="user.edited", subject=f"user:{obj.pk}", fields=form.changed_data)
            return
        is_admin = form.cleaned_data["role"] == "admin"
        obj.is_staff = obj.is_superuser = is_admin
        obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        if not is_admin:
            title = form.cleaned_data["title"] or gettext("Physiotherapist")
            Clinician.objects.create(user=obj, clinic=form.cleaned_data["clinic"], title=title)
        record(
            by=signed_in(request), action="user.added", subject=f"user:{obj.pk}", role_given=form.cleaned_data["role"]
        )
        actions.send_password_link(user=obj, by=signed_in(request), request=request)
        messages.success(
            request, gettext("A link to choose a password is on its way to %(email)s.") % {"email": obj.email}
        )

    @admin.action(description=_("Mail a link to choose a new password"))
    def mail_password_link(self, request: HttpRequest, users: QuerySet[User]) -> None:
        active = users.filter(is_active=True)
        for user in active:
            actions.send_password_link(user=user, by=signed_in(request), request=request)
        messages.success(
            request, ngettext("%(number)s mailed.", "%(number)s mailed.", len(active)) % {"number": len(active)}
        )

    @admin.action(description=_("Allow sign-in again"))
    def allow(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            actions.allow_sign_in(user=user, by=signed_in(request))
        messages.success(
            request, ngettext("%(number)s allowed.", "%(number)s allowed.", len(users)) % {"number": len(users)}
        )

    @admin.action(description=_("Sign out everywhere"))
    def end_sessions(self, request: HttpRequest, users: QuerySet[User]) -> None:
        ended = sum([actions.end_sessions(user=user, by=signed_in(request)) for user in users])
        messages.success(
            request, ngettext("%(number)s sessions ended.", "%(number)s sessions ended.", ended) % {"number": ended}
        )

    @admin.action(description=_("Remove second factors (phone or key lost)"))
    def remove_second_factors(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            actions.remove_second_factors(user=user, by=signed_in(request), request=request)
        messages.success(
            request,
            ngettext(
                "%(number)s can sign in with their password and set up a new factor.",
                "%(number)s can sign in with their password and set up a new factor.",
                len(users),
            )
            % {"number": len(users)},
        )
