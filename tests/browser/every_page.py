"""The list of every page, for test_every_page.py: who opens which address, and what they do there until it is shown."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import gettext
from playwright.sync_api import Page

from config.urls import admin  # and not Django's: the addresses take out of it what is not offered
from patients.models import User
from tests.factories.people import PASSWORD

Step = Callable[[Page], object]


@dataclass
class Shown:
    """A page: who opens which address, and what they do there until it is shown."""

    role: str
    route: str
    path: str
    then: Step | None = None
    status: int = 200


def press(name: str) -> Step:
    """The button of this name, in the language of the moment."""
    return lambda page: page.get_by_role("button", name=gettext(name), exact=True).first.click()


def fill(**fields: str) -> Step:
    """Fills the fields of these names and sends their form."""

    def send(page: Page) -> None:
        for name, value in fields.items():
            page.locator(f"[name={name}]").first.fill(value)
        page.locator(f"form:has([name={name}]) button:visible:not([type=button])").first.click()

    return send


def welcome_by(way: str) -> Step:
    """The birth date, then one of the ways in."""

    def send(page: Page) -> None:
        fill(day="1", month="7", year="1968")(page)
        page.locator(f"button[name=way][value={way}]").click()

    return send


def open_here(page: Page) -> None:
    """What would come in a new tab."""
    page.locator("[formtarget]").evaluate("button => { button.removeAttribute('formtarget'); button.click() }")


def send_without(cookie: str, **fields: str) -> Step:
    def send(page: Page) -> None:
        page.context.clear_cookies(name=cookie)
        fill(**fields)(page)

    return send


STRANGER: list[tuple[Any, ...]] = [
    ("home", "/"),
    ("learn", "/learn/"),
    ("learn", "/learn/?q=streching+in+bed"),
    ("learn", "/learn/?q=zebra"),
    ("article", "/learn/{article}/"),
    ("services", "/services/"),
    ("team", "/team/"),
    ("ask_for_visit", "/ask-for-a-visit/"),
    ("ask_for_visit", "/ask-for-a-visit/", press("Send")),
    ("visit_asked", "/ask-for-a-visit/thanks/"),
    ("article_ask", "/learn/{article}/ask/"),
    ("article_ask", "/learn/{article}/ask/", fill(text="Why?")),  # too quick for a person
    ("article_ask", "/learn/{article}/ask/?sent=1"),
    ("newsletter", "/newsletter/"),
    ("newsletter", "/newsletter/", fill(email="no address")),
    ("newsletter_asked", "/newsletter/thanks/"),
    ("newsletter_confirm", "/newsletter/confirm/{spent_link}/"),
    ("newsletter_confirm", "/newsletter/confirm/{spent_link}/", press("Yes, send it to me")),
    ("newsletter_stop", "/newsletter/stop/{newsletter_stop}/"),
    ("newsletter_stop", "/newsletter/stop/{spent_link}/", None, 404),
    ("exercises", "/exercises/"),
    ("exercises", "/exercises/?q=zebra+crossing"),
    ("exercises", "/exercises/?q=brigde&category=stability"),
    ("exercise", "/exercises/bridge/"),
    ("outbox", "/outbox/"),
    ("offline", "/offline/"),
    ("account_login", "/accounts/login/"),
    ("account_login", "/accounts/login/", fill(login="who@demo.example", password="guess")),
    ("account_request_login_code", "/accounts/login/code/"),
    ("account_confirm_login_code", "/accounts/login/code/", fill(email="patient@demo.example")),
    ("account_reset_password", "/accounts/password/reset/"),
    ("account_reset_password_done", "/accounts/password/reset/done/"),
    ("account_reset_password_from_key", "/accounts/password/reset/key/{reset}/"),
    ("account_reset_password_from_key", "/accounts/password/reset/key/1-spent/"),
    ("account_reset_password_from_key_done", "/accounts/password/reset/key/done/"),
    ("account_signup", "/accounts/signup/"),
    ("account_inactive", "/accounts/inactive/"),
    ("account_email_verification_sent", "/accounts/confirm-email/"),
    ("account_confirm_email", "/accounts/confirm-email/{confirm}/"),
    ("account_confirm_email", "/accounts/confirm-email/spent/"),
    ("mfa_authenticate", "/accounts/login/", fill(login="clinician2@demo.example", password=PASSWORD)),
    ("welcome", "/welcome/{token}/"),
    ("welcome", "/welcome/{token}/", fill(day="1", month="7", year="1968")),
    ("welcome", "/welcome/{token}/", welcome_by("pin")),
    ("welcome", "/welcome/{token}/", welcome_by("code")),
    ("welcome", "/welcome/{token}/", welcome_by("password")),
    ("welcome", "/welcome/spent/", None, 410),
    ("welcome_helper", "/helping/welcome/{family}/"),
    ("welcome_helper", "/helping/welcome/{family}/", fill(day="14", month="3", year="1962")),
    ("welcome_helper", "/helping/welcome/spent/", None, 410),
    ("reminders_stop", "/reminders/stop/{stop}/"),
    ("reminders_stop", "/reminders/stop/{stop}/", press("Stop the reminders")),
    ("reminders_stop", "/reminders/stop/spent/", None, 404),
    ("not_found", "/nowhere/", None, 404),
    ("bad_request", "/exercises/?" + "q=1&" * 1001, None, 400),
    ("server_error", "/learn/", None, 500),
]
PATIENT: list[tuple[Any, ...]] = [
    ("today", "/today/"),
    ("red_flag_check", "/checks/"),
    ("red_flag_check", "/checks/", press("Send my answers")),
    ("today_on", "/today/{yesterday}/"),
    ("today_on", "/today/{next_week}/", None, 422),
    ("today_exercise", "/today/exercise/{line}/"),
    ("today_exercise", "/today/exercise/{line}/?cant=1"),
    ("guided", "/today/go/"),
    ("guided_exercise", "/today/go/{line}/?cant=1"),
    ("guided_minutes", "/today/go/minutes/"),
    ("flare", "/today/flare/"),
    ("flare", "/today/flare/", press("Start gentle days"), 200),
    ("today_exercise", "/today/exercise/{line}/?hurts=1"),
    ("adverse_event", "/today/went-wrong/"),
    ("adverse_event", "/today/went-wrong/", press("Tell my clinic")),
    ("adverse_event_told", "/today/went-wrong/told/"),
    ("week", "/today/week/"),
    ("plan", "/today/plan/"),
    ("reminders", "/reminders/"),
    ("reminders", "/reminders/", press("Turn on my calendar")),
    ("reminders", "/reminders/", fill(at="23:00")),
    ("plan_version", "/today/plan/{plan}/"),
    ("own_paper", "/today/plan/{plan}/print/"),
    ("own_paper", "/today/plan/{plan}/print/?paper=letter&large=1"),
    ("progress", "/today/progress/"),
    ("rest", "/today/progress/rest/"),
    ("rest", "/today/progress/rest/", press("Note it")),
    ("look", "/look/"),
    ("measures", "/measures/"),
    ("measure", "/measures/psfs/"),
    ("measure", "/measures/nprs/"),
    ("measure", "/measures/groc/"),
    ("measure", "/measures/activity/"),
    ("measure", "/measures/nprs/", press("Send")),
    ("messages", "/messages/"),
    ("messages", "/messages/?about={line}"),
    ("help", "/help/"),
    ("article_ask", "/learn/{article}/ask/"),
    ("own_device", "/phone/"),
    ("unsent", "/today/unsent/"),
    ("home", "/"),
    ("learn", "/learn/"),
    ("learn", "/learn/?q=streching+in+bed"),
    ("learn", "/learn/?q=zebra"),
    ("article", "/learn/{article}/"),
    ("exercises", "/exercises/"),
    ("exercise", "/exercises/bridge/"),
    ("first_steps", "/today/first-steps/"),
    ("first_steps", "/today/first-steps/?step=2"),
    ("first_steps", "/today/first-steps/?step=3"),
    ("family", "/family/"),
    ("family_give", "/family/give/"),
    ("family_give", "/family/give/", press("Give access")),
    ("family_renew", "/family/{access}/renew/"),
    ("family_end", "/family/{access}/end/"),
    ("my_sign_in", "/my-sign-in/"),
    ("my_pin", "/my-sign-in/pin/"),
    ("still_you", "/my-sign-in/still-you/"),
    ("still_you", "/my-sign-in/still-you/", press("E-mail me a code")),
    ("mfa_index", "/accounts/2fa/"),
    ("mfa_activate_totp", "/accounts/2fa/totp/activate/"),
    ("mfa_add_webauthn", "/accounts/2fa/webauthn/add/"),
    ("usersessions_list", "/accounts/sessions/"),
    ("account_email", "/accounts/email/"),
    ("account_change_password", "/accounts/password/change/"),
    ("account_reauthenticate", "/accounts/reauthenticate/"),
    ("account_logout", "/accounts/logout/"),
    ("not_found", "/nowhere/", None, 404),
    ("forbidden", "/clinic/", None, 403),
    (
        "signed_out",
        "/accounts/password/change/",
        send_without("sessionid", oldpassword="x", password1="y", password2="y"),
    ),
    (
        "form_expired",
        "/accounts/password/change/",
        send_without("csrftoken", oldpassword="x", password1="y", password2="y"),
    ),
]
OTHER_PATIENTS: list[tuple[Any, ...]] = [
    ("newcomer", "today", "/today/"),
    ("newcomer", "week", "/today/week/"),
    ("newcomer", "plan", "/today/plan/"),
    ("newcomer", "progress", "/today/progress/"),
    ("newcomer", "measures", "/measures/"),
    ("newcomer", "measure", "/measures/psfs/"),  # names activities first
    ("newcomer", "measure", "/measures/psfs/", press("Go on")),
    ("newcomer", "help", "/help/"),
    ("newcomer", "first_steps", "/today/first-steps/"),
    ("unchecked", "today", "/today/"),  # the red-flag check comes first
    ("short check", "today", "/today/"),
    ("short check", "red_flag_check", "/checks/"),
    ("emergency", "today", "/today/", None, 403),
    ("call today", "today", "/today/", None, 403),
    ("uncleared", "red_flag_result", "/checks/thanks/"),
    ("revised", "today", "/today/"),  # with what changed in the plan
    ("paused", "today", "/today/"),
    ("desk worker", "today", "/today/"),  # with micro-breaks
    ("desk worker", "breaks", "/today/breaks/"),
    ("desk worker", "breaks", "/today/breaks/", fill(from_time="18:00", until_time="09:00")),
    ("desk worker", "account_set_password", "/accounts/password/set/"),
    ("helper", "helping", "/helping/"),
    ("helper", "today", "/helping/{access}/today/"),
    ("helper", "today_exercise", "/helping/{access}/today/exercise/{line}/"),
    ("helper", "guided", "/helping/{access}/today/go/"),
    ("helper", "progress", "/helping/{access}/today/progress/"),
    ("helper", "plan", "/helping/{access}/today/plan/"),
    ("helper", "help", "/helping/{access}/help/"),
    ("helper", "learn", "/helping/{access}/learn/"),
    ("helper", "messages", "/helping/{access}/messages/", None, 403),
    ("helper", "measures", "/helping/{access}/measures/", None, 403),
    ("helper", "today", "/helping/{looks}/today/"),
    ("helper", "today", "/helping/{held}/today/", None, 403),  # the red-flag check says stop
    ("helper", "today", "/helping/{over}/today/", None, 410),
    ("helper", "my_sign_in", "/my-sign-in/"),
    ("nobody", "no_role", "/no-role/"),
    ("nobody", "forbidden", "/clinic/", None, 403),
]
CLINICIAN: list[tuple[Any, ...]] = [
    ("caseload", "/clinic/"),
    ("caseload", "/clinic/?who=mine&group=need"),
    ("caseload", "/clinic/?q=zebra"),
    ("caseload", "/clinic/?who=all&about=quiet"),
    ("attend", "/clinic/patients/{new}/attend/"),
    ("attend", "/clinic/patients/{new}/attend/", press("Mark as done")),
    ("caseload_view_new", "/clinic/views/new/?who=mine"),
    ("caseload_view_new", "/clinic/views/new/?who=mine", press("Save")),
    ("numbers", "/clinic/numbers/"),
    ("numbers", "/clinic/numbers/?period=own", None, 422),
    ("monitoring", "/clinic/patients/{patient}/monitoring/"),
    ("tasks", "/clinic/tasks/"),
    ("tasks", "/clinic/tasks/?who=mine&show=done"),
    ("task", "/clinic/tasks/{task}/"),
    ("visit_requests", "/clinic/requests/"),
    ("visit_requests", "/clinic/requests/?show=closed"),
    ("visit_requests", "/clinic/requests/?show=arranged"),
    ("visit_request", "/clinic/requests/{visit_request}/"),
    ("visit_request", "/clinic/requests/{visit_request}/", press("Add the note")),
    ("visit_request_patient", "/clinic/requests/{visit_request}/patient/"),
    ("clinic_team", "/clinic/team/"),
    ("away", "/clinic/team/away/"),
    ("away", "/clinic/team/away/", press("Save")),
    ("hand_over", "/clinic/team/hand-over/"),
    ("hand_over", "/clinic/team/hand-over/", press("Hand over")),
    ("hand_over_sheet", "/clinic/team/hand-over/{sheet}/"),
    ("emergency", "/clinic/team/emergency/"),
    ("patient_transfer", "/clinic/patients/{patient}/transfer/"),
    ("patient_transfer", "/clinic/patients/{patient}/transfer/", press("Move to the other clinic")),
    ("inbox", "/clinic/messages/"),
    ("patient_messages", "/clinic/patients/{patient}/messages/"),
    ("patient_messages", "/clinic/patients/{new}/messages/"),
    ("patients", "/clinic/patients/"),
    ("patients", "/clinic/patients/?q=zebra"),
    ("patient_new", "/clinic/patients/new/"),
    ("patient_new", "/clinic/patients/new/", press("Add patient")),
    ("patient_edit", "/clinic/patients/{patient}/edit/"),
    ("patient_record", "/clinic/patients/{patient}/"),
    ("patient_record", "/clinic/patients/{new}/"),
    ("patient_record", "/clinic/patients/{discharged}/"),
    ("patient_invite", "/clinic/patients/{uninvited}/", press("Invite")),
    ("patient_days", "/clinic/patients/{patient}/days/"),
    ("patient_day", "/clinic/patients/{patient}/days/{yesterday}/"),
    ("patient_measures", "/clinic/patients/{patient}/measures/"),
    ("patient_measures", "/clinic/patients/{new}/measures/?measure=psfs"),
    ("patient_measures", "/clinic/patients/{patient}/measures/?measure=start-back"),
    ("patient_family", "/clinic/patients/{patient}/family/"),
    ("patient_family_give", "/clinic/patients/{patient}/family/give/"),
    ("patient_family_give", "/clinic/patients/{patient}/family/give/", press("Give access")),
    ("patient_family_renew", "/clinic/patients/{patient}/family/{access}/renew/"),
    ("patient_family_end", "/clinic/patients/{patient}/family/{access}/end/"),
    ("patient_audit", "/clinic/patients/{patient}/audit/"),
    ("patient_pain", "/clinic/patients/{patient}/pain/"),
    ("patient_conditions", "/clinic/patients/{patient}/conditions/"),
    ("patient_checks", "/clinic/patients/{patient}/checks/"),
    ("patient_checks", "/clinic/patients/{uncleared}/checks/"),
    ("patient_checks", "/clinic/patients/{uncleared}/checks/", press("Clear")),
    ("patient_record", "/clinic/patients/{uncleared}/"),
    ("patient_check_new", "/clinic/patients/{patient}/checks/new/"),
    ("patient_check_new", "/clinic/patients/{patient}/checks/new/?short=1", press("Save the answers")),
    ("patient_episode", "/clinic/patients/{patient}/episode/"),
    ("prescription_publish", "/clinic/prescriptions/{blocked}/publish/"),
    ("patient_goals", "/clinic/patients/{patient}/goals/"),
    ("patient_notes", "/clinic/patients/{patient}/notes/"),
    ("patient_care_team", "/clinic/patients/{patient}/care-team/"),
    ("story", "/clinic/patients/{patient}/story/"),
    ("story", "/clinic/patients/{patient}/story/?e={yesterday}"),
    ("story", "/clinic/patients/{new}/story/"),
    ("story", "/clinic/patients/{patient}/story/?k=zebra", None, 422),
    ("two_days", "/clinic/patients/{patient}/story/two-days/"),
    ("two_days", "/clinic/patients/{new}/story/two-days/"),
    ("two_days", "/clinic/patients/{patient}/story/two-days/?a=2200-01-01", None, 422),
    ("visit_summary", "/clinic/patients/{patient}/story/summary/"),
    ("visit_summary", "/clinic/patients/{patient}/story/summary/?since=2200-01-01", None, 422),
    ("visit_note", "/clinic/patients/{patient}/story/note/"),
    ("proposals", "/clinic/proposals/?who=all"),
    ("prescription_new", "/clinic/patients/{new}/prescribe/"),
    ("prescription", "/clinic/prescriptions/{plan}/"),
    ("paper", "/clinic/prescriptions/{plan}/print/"),
    ("paper", "/clinic/prescriptions/{plan}/print/?start=soon", None, 422),
    ("paper_entry", "/clinic/patients/{patient}/paper/"),
    ("paper_entry", "/clinic/patients/{patient}/paper/", fill(**{"pain-3": "11"})),
    ("prescription_edit", "/clinic/prescriptions/{draft}/edit/"),
    ("prescription_publish", "/clinic/prescriptions/{draft}/publish/"),
    ("draft_discard", "/clinic/prescriptions/{draft}/discard/"),
    ("protocol_save", "/clinic/prescriptions/{plan}/save-as-protocol/"),
    ("prescription_edit", "/clinic/prescriptions/{draft}/edit/?from=favourites"),
    ("prescription_edit", "/clinic/prescriptions/{draft}/edit/?from=alike"),
    ("change_many", "/clinic/prescriptions/change-many/"),
    ("change_many", "/clinic/prescriptions/change-many/", press("Show what it does")),
    ("own_exercises", "/clinic/exercises/"),
    ("own_exercise_new", "/clinic/exercises/new/"),
    ("own_exercise_new", "/clinic/exercises/new/", press("Save the exercise")),
    ("own_exercise_edit", "/clinic/exercises/worktop-supported-squat/edit/"),
    ("exercise", "/exercises/worktop-supported-squat/"),
    ("go", "/clinic/go/"),
    ("go", "/clinic/go/", fill(q="zebra")),
    ("protocols", "/clinic/protocols/"),
    ("protocol", "/clinic/protocols/older-adult/"),
    ("protocol", "/clinic/protocols/{protocol}/"),
    ("exercises", "/exercises/"),
    ("exercise", "/exercises/bridge/"),
    ("article", "/learn/{article}/"),
    ("account_change_password", "/accounts/password/change/"),
    ("mfa_index", "/accounts/2fa/"),
    ("not_found", "/nowhere/", None, 404),
    ("forbidden", "/today/", None, 403),
]
# A clinician of a clinic that does not share its records, who opened one in an emergency.
PRIVATE: list[tuple[Any, ...]] = [
    ("clinic_team", "/clinic/team/"),
    ("caseload", "/clinic/"),
    ("emergency", "/clinic/team/emergency/"),
    ("emergency", "/clinic/team/emergency/", press("Open the record")),
]
# A clinician with an authenticator app, a passkey and recovery codes.
CAREFUL: list[tuple[Any, ...]] = [
    ("mfa_index", "/accounts/2fa/"),
    ("mfa_list_webauthn", "/accounts/2fa/webauthn/"),
    ("mfa_edit_webauthn", "/accounts/2fa/webauthn/keys/{key}/edit/"),
    ("mfa_remove_webauthn", "/accounts/2fa/webauthn/keys/{key}/remove/"),
    ("mfa_view_recovery_codes", "/accounts/2fa/recovery-codes/"),
    ("mfa_generate_recovery_codes", "/accounts/2fa/recovery-codes/generate/"),
    ("mfa_deactivate_totp", "/accounts/2fa/totp/deactivate/"),
    ("mfa_reauthenticate", "/accounts/2fa/reauthenticate/"),
    ("mfa_reauthenticate_webauthn", "/accounts/2fa/webauthn/reauthenticate/"),
]
ADMIN: list[tuple[Any, ...]] = [
    ("admin:index", "/admin/"),
    ("admin:app_list", "/admin/exercises/"),
    ("admin:exercises_exercise_changelist", "/admin/exercises/exercise/?q=brigde"),
    ("admin:content_to_review", "/admin/clinic/letstand/review/"),
    ("admin:content_to_review", "/admin/clinic/letstand/review/?all"),
    ("admin:content_contradictions", "/admin/clinic/letstand/contradictions/"),
    ("admin:exercises_exercise_preview", "/admin/exercises/exercise/{pk_exercise}/change/", open_here),
    ("admin:exercises_exercise_import", "/admin/exercises/exercise/import/"),
    ("admin:exercises_exercise_export", "/admin/exercises/exercise/export/"),
    (
        "admin:exercises_exercise_simple_history",
        "/admin/exercises/exercise/{pk_exercise}/history/{exercise_version}/",
    ),
    ("admin:exercises_article_preview", "/admin/exercises/article/{pk_article}/change/", open_here),
    ("admin:exercises_question_preview", "/admin/exercises/question/{pk_question}/change/", open_here),
    (
        "admin:exercises_question_simple_history",
        "/admin/exercises/question/{pk_question}/history/{question_version}/",
    ),
    (
        "admin:exercises_translation_simple_history",
        "/admin/exercises/translation/{pk_translation}/history/{translation_version}/",
    ),
    ("admin:exercises_article_simple_history", "/admin/exercises/article/{pk_article}/history/{article_version}/"),
    ("admin:clinic_sitetexts_preview", "/admin/clinic/sitetexts/{pk_sitetexts}/change/", open_here),
    ("admin:clinic_service_preview", "/admin/clinic/service/{pk_service}/change/", open_here),
    ("admin:clinic_teammember_preview", "/admin/clinic/teammember/{pk_teammember}/change/", open_here),
    ("admin:clinic_issue_preview", "/admin/clinic/issue/{pk_issue}/change/", open_here),
    *[
        (f"admin:clinic_{name}_simple_history", f"/admin/clinic/{name}/{{pk_{name}}}/history/{{{name}_version}}/")
        for name in ("sitetexts", "service", "teammember", "issue", "readerquestion")
    ],
    ("exercise", "/exercises/bridge/"),
    ("home", "/"),
    ("not_found", "/nowhere/", None, 404),
    ("forbidden", "/clinic/", None, 403),
]
# Named addresses that show nothing of their own: they take a form, send on, or answer a program.
NOT_PAGES = {
    "away_end", "lead_take", "emergency_end",
    "family_link", "patient_family_link",
    "pin_sign_in", "my_pin_remove", "my_device_sign_out", "first_steps_done",
    "healthz", "start", "favicon", "team_photo", "exercise_picture", "exercise_video", "exercise_figure", "today_figures", "message_photo", "patient_message_photo", "mfa_download_recovery_codes", "mfa_login_webauthn",
    "patient_discharge", "patient_reopen", "patient_uninvite", "patient_sign_in", "patient_clearance",
    "check", "skip", "session_say", "morning_say", "hurts", "plan_seen", "break_prompt", "patient_activities",
    "device_remove", "calendar_change", "calendar_file", "calendar_feed",
    "own_paper_pdf", "own_progress_pdf", "progress_pdf", "visit_summary_pdf", "goal_say", "numbers_csv", "monitoring_csv", "paper_pdf", "sets_counted", "flare_extend", "flare_better", "flare_end", "easing_lift",
    "sync", "service_worker", "manifest", "script", "spoken_script", "reminder_words", "apple_touch_icon",
    "caseload_view_remove", "proposals_accept", "proposal_change", "proposal_decline",
    "prescription_revise", "prescription_pause", "prescription_resume", "prescription_end", "protocol_retire",
    "draft_change", "draft_days", "draft_undo", "line_add", "line_change", "line_move", "line_duplicate", "line_remove",
    "line_step", "line_swap", "line_keep", "lines_keep", "favourite", "own_exercise_retire",
    "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done", "admin:autocomplete",
    "admin:jsi18n", "admin:content_to_review_csv", "admin:view_on_site", "admin:exercises_exercise_process_import",
}  # fmt: skip
# What axe finds in Django's own admin: labels that are pictures with an alternative text, a tooltip's name, empty heads.
DJANGOS_OWN = ("label-title-only", "aria-prohibited-attr", "empty-table-header")
ERRORS = {"bad_request", "forbidden", "not_found", "server_error", "signed_out", "form_expired"}


def admin_pages() -> Iterator[Shown]:
    """Every page that Django makes for every kind of row."""
    for model, options in admin.site._registry.items():
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        yield Shown("admin", f"admin:{name}_changelist", path)
        request = HttpRequest()
        request.user = User(is_staff=True, is_superuser=True)
        row = f"{path}{{pk_{model._meta.model_name}}}/"
        yield Shown(
            "admin", f"admin:{name}_add", f"{path}add/", None, 200 if options.has_add_permission(request) else 403
        )
        yield Shown("admin", f"admin:{name}_change", f"{row}change/")
        yield Shown("admin", f"admin:{name}_history", f"{row}history/")
        may_delete = options.has_delete_permission(request)
        yield Shown("admin", f"admin:{name}_delete", f"{row}delete/", None, 200 if may_delete else 403)


PAGES = [
    *[Shown("stranger", *each) for each in STRANGER],
    *[Shown("patient", *each) for each in PATIENT],
    *[Shown(*each) for each in OTHER_PATIENTS],
    *[Shown("clinician", *each) for each in CLINICIAN],
    *[Shown("private", *each) for each in PRIVATE],
    *[Shown("careful", *each) for each in CAREFUL],
    *[Shown("admin", *each) for each in ADMIN],
    *admin_pages(),
]


def named_routes(patterns: Any = None, space: str = "") -> Iterator[str]:
    for pattern in patterns or get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            yield from named_routes(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else space)
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name
