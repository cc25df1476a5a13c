"""Every address of the site, asked for by every role: the access matrix, proved over the URL table."""

import re
from datetime import date
from itertools import product
from uuid import uuid4

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from config.helping import ALSO
from patients.team import away
from patients.team.emergencies import close, open_record
from patients.team.leaving import deactivate
from tests.conftest import signed_in
from tests.factories import catalogue, enquiries, people, plans, team

# Read without signing in, each for a reason.
PUBLIC = {
    "healthz",  # for the machine that watches
    "home", "learn", "article", "services", "team", "team_photo",  # the clinic's front door
    "ask_for_visit", "visit_asked", "article_ask",  # what strangers write: see clinic/strangers
    "newsletter", "newsletter_asked", "newsletter_confirm", "newsletter_stop",  # the last two by a token of 192 random bits or more
    "exercises", "exercise", "exercise_picture", "exercise_video", "exercise_figure",  # unless PUBLIC_CATALOGUE closes them
    "outbox",  # exists in the demo only
    "favicon",
    "look",  # how pages look on this device; before signing in too
    "manifest", "service_worker", "script", "spoken_script", "apple_touch_icon",  # how the app is installed and what it keeps: files of the site, the same for everybody
    "offline",  # what a phone keeps for the moment without a network, whoever holds it
    "welcome", "welcome_helper",  # guarded by its one-time token and the birth date
    "reminders_stop", "calendar_feed",  # each by a token of 192 random bits, for mail and calendar programs
    "pin_sign_in",  # guarded by the device's secret and the PIN
}  # fmt: skip
GUARDS = {"patient", "patient_or_helper", "chooses_ways_in", "clinician", "signed_in", "admin"}
# What a patient's own views let somebody do who helps them; every other one is closed to helpers.
LETS_HELPERS = {
    "look": {
        "today", "today_on", "today_exercise", "today_figures", "week", "plan", "plan_version", "progress", "help",
    },
    "help": {
        "check", "sets_counted", "skip", "session_say", "morning_say", "hurts", "adverse_event", "adverse_event_told",
        "guided", "guided_exercise", "guided_minutes",
    },
    "answer": {
        "red_flag_check", "red_flag_result", "measures", "measure", "flare", "flare_extend", "flare_better",
    },
}  # fmt: skip
# Everybody's pages that go along below `/helping/…/`: the bar that says whose pages these are stays.
GO_ALONG = {
    "start", "learn", "article", "exercises", "exercise", "exercise_picture", "exercise_video", "exercise_figure",
    "spoken_script",
}  # fmt: skip
# What only the lead does with a patient.
LEADS_ALONE = {"patient_transfer"}
THIRD_PARTY = ("allauth.", "django.contrib.admin", "django.views", "import_export.", "simple_history.")
METHODS = ["get", "head", "post", "put", "patch", "delete", "options", "trace"]


def routes(patterns=None, prefix=""):
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.app_name != "admin":
                yield from routes(pattern.url_patterns, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern) and not pattern.callback.__module__.startswith(THIRD_PARTY):
            yield prefix + str(pattern.pattern), pattern


ROUTES = list(routes())


def guard_of(pattern):
    if getattr(pattern.callback, "login_required", True) is False:
        return "public"
    return getattr(pattern.callback, "guard", None)


def guarded(*guards):
    return [pytest.param(route, id=route) for route, pattern in ROUTES if guard_of(pattern) in guards]


@pytest.fixture
def world(patient, clinician):
    """A record of which every kind of object exists, at the addresses' own ids."""
    exercise = catalogue.exercise("bridge")
    live = plans.published(patient, by=clinician.user, exercises=[exercise])
    helper = people.helper(patient, "help", by=clinician.user)
    return {
        "patient": patient,
        "prescription": live,
        "line": live.lines.get(),
        "exercise": exercise,
        "helper": helper,
        "visit request": enquiries.visit_request(patient.clinic, assigned_to=clinician),
    }


def address(route, world):
    """The route with ids that exist: those of `world`'s patient."""
    path = "/" + route
    uuids = {
        "clinic/patients/": world["patient"].uuid,
        "prescriptions/": world["prescription"].uuid,
        "clinic/requests/": world["visit request"].uuid if "visit request" in world else uuid4(),
    }
    for pattern_part in re.findall("<[^>]+>", route):
        kind, _, name = pattern_part.strip("<>").rpartition(":")
        if kind == "uuid":
            nearest = max((k for k in uuids if k in route.split(pattern_part)[0]), key=route.find, default=None)
            named = {
                "line": world["line"].uuid,
                "thread": world["line"].thread,
                "prescription": world["prescription"].uuid,
                "access": world["helper"].uuid if "helper" in world else uuid4(),
            }
            value = named.get(name) or (uuids[nearest] if nearest else world["line"].uuid)
        elif "slug" in (kind, name):
            value = world["exercise"].slug
        elif kind == "int":
            value = 1
        elif "day" in (kind, name) or kind == "date":
            value = date.today().isoformat()
        else:
            value = "x" * 20
        path = path.replace(pattern_part, str(value), 1)
    return path


def test_every_view_carries_one_guard_or_is_named_public():
    bare = [f"{route} ({pattern.name})" for route, pattern in ROUTES if guard_of(pattern) not in GUARDS | {"public"}]
    opened = {pattern.name for _, pattern in ROUTES if guard_of(pattern) == "public"}

    assert bare == []
    assert opened - PUBLIC == set()


def test_every_route_is_named_like_its_view():
    wrong = [f"{pattern.name} is {pattern.callback.__name__}" for _, pattern in ROUTES
             if pattern.name != pattern.callback.__name__]  # fmt: skip

    assert wrong == []


@pytest.mark.parametrize("route", guarded(*GUARDS))
def test_stranger_is_sent_to_sign_in(route, world, client):
    response = client.get(address(route, world))

    assert response.status_code in (302, 405)
    if response.status_code == 302:
        assert response["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("route", guarded("clinician"))
def test_clinicians_functions_are_closed_to_everybody_else(
    route, world, patient_client, foreign_patient_client, nobody_client, admin_client
):
    path = address(route, world)
    for client, method in product((patient_client, foreign_patient_client, nobody_client, admin_client), METHODS):
        assert getattr(client, method)(path).status_code in (403, 405), f"{method} {path}"


@pytest.mark.parametrize("route", guarded("patient", "patient_or_helper"))
def test_patients_functions_are_closed_to_everybody_else(
    route, world, clinician_client, foreign_clinician_client, nobody_client, admin_client
):
    path = address(route, world)
    helper_client = signed_in(world["helper"].helper)  # who has no such pages in their own name
    clients = (clinician_client, foreign_clinician_client, nobody_client, admin_client, helper_client)
    for client, method in product(clients, METHODS):
        assert getattr(client, method)(path).status_code in (403, 405), f"{method} {path}"


@pytest.mark.parametrize("route", guarded("chooses_ways_in"))
def test_ways_in_are_chosen_by_patients_and_helpers_alone(
    route, world, clinician_client, nobody_client, admin_client
):
    path = address(route, world)
    for client, method in product((clinician_client, nobody_client, admin_client), METHODS):
        assert getattr(client, method)(path).status_code in (403, 405), f"{method} {path}"
    assert signed_in(world["helper"].helper).get(path).status_code != 403


def lets(pattern):
    return getattr(pattern.callback, "lets_helpers", None)


def test_what_helpers_may_do_is_named_for_every_view():
    found = {doing: {pattern.name for _, pattern in ROUTES if lets(pattern) == doing} for doing in LETS_HELPERS}

    assert found == LETS_HELPERS
    assert ALSO == GO_ALONG


def below(access, route, world):
    return f"/helping/{access.uuid}{address(route, world)}"


def opened(response):
    """Let in: shown, or led on; or there is nothing under that id."""
    return response.status_code in (200, 302, 404, 405, 422)


@pytest.mark.parametrize("route", guarded(*GUARDS, "public"))
def test_helpers_reach_what_their_level_lets_them(route, world, clinician):
    pattern = dict(ROUTES)[route]
    looks = people.helper(world["patient"], "look", by=clinician.user)
    for access, method in product((looks, world["helper"]), ("get", "post")):
        response = getattr(signed_in(access.helper), method)(below(access, route, world))

        if lets(pattern) in ("look", access.level) or pattern.name in GO_ALONG:
            assert opened(response), response.status_code
        elif lets(pattern) or guard_of(pattern) == "patient":
            assert response.status_code in (403, 405)
            if response.status_code == 403:
                assert "Margaret" in response.content.decode()  # a kind word, and no wall
        elif pattern.name == "home":
            assert response.status_code in (302, 405)
        else:  # staff's pages, one's own, files of the site: there are none here
            assert response.status_code == 404


@pytest.mark.parametrize("route", guarded("patient_or_helper"))
def test_parent_who_helps_a_child_answers_for_it(route, world):
    born_on = date.today().replace(day=1, year=date.today().year - 13)
    type(world["patient"]).objects.filter(pk=world["patient"].pk).update(born_on=born_on)

    parent, path = signed_in(world["helper"].helper), below(world["helper"], route, world)

    assert opened(parent.get(path)) and opened(parent.post(path))


@pytest.mark.parametrize("route", guarded(*GUARDS, "public"))
def test_nothing_opens_with_an_access_that_is_over(route, world, clinician):
    late = people.helper(world["patient"], "help", by=clinician.user, days=-1)
    ended = people.helper(world["patient"], "help", by=clinician.user, ended=True)
    for access, method in product((late, ended), ("get", "post")):
        response = getattr(signed_in(access.helper), method)(below(access, route, world))

        assert response.status_code == 410
        assert "Your access has ended" in response.content.decode()


@pytest.mark.parametrize("route", guarded(*GUARDS, "public"))
def test_anothers_access_does_not_exist(
    route, world, other_patient, clinician, clinician_client, patient_client, nobody_client
):
    elsewhere = people.helper(other_patient, "help", by=clinician.user)
    other_helper = signed_in(elsewhere.helper)
    path = below(world["helper"], route, world)
    for client in (other_helper, clinician_client, patient_client, nobody_client):
        assert client.get(path).status_code == client.post(path).status_code == 404
    if has_an_object(route):  # their own access, with the plan of the other patient
        mixed = below(elsewhere, route, world)
        assert {other_helper.get(mixed).status_code, other_helper.post(mixed).status_code} <= {403, 404, 405}


@pytest.mark.parametrize("route", guarded(*GUARDS))
def test_stranger_below_helping_is_sent_to_sign_in(route, world, client):
    response = client.get(below(world["helper"], route, world))

    assert response.status_code in (302, 405)
    if response.status_code == 302:
        assert response["Location"].startswith("/accounts/login/?next=/helping/")


def has_an_object(route):
    return "<uuid" in route


WITH_AN_OBJECT = [p for p in guarded("clinician") if has_an_object(p.values[0])]


@pytest.mark.parametrize("route", WITH_AN_OBJECT)
def test_another_clinics_record_does_not_exist(route, world, foreign_clinician_client):
    for method, headers in product(("get", "post"), ({}, {"HX-Request": "true"})):
        response = getattr(foreign_clinician_client, method)(address(route, world), headers=headers)

        assert response.status_code in (404, 405), (method, headers)
        assert world["patient"].last_name not in response.content.decode()


@pytest.mark.parametrize("route", WITH_AN_OBJECT)
def test_colleague_of_a_clinic_that_does_not_share_sees_nothing(route, world, spine_ina, colleague_client):
    spine_ina.shares_records = False
    spine_ina.save()

    assert colleague_client.get(address(route, world)).status_code in (404, 405)
    assert colleague_client.post(address(route, world)).status_code in (404, 405)


@pytest.mark.parametrize("route", WITH_AN_OBJECT)
@pytest.mark.parametrize("by", ["cover", "emergency"])
def test_colleague_who_covers_or_opened_it_in_an_emergency_sees_what_the_lead_sees(
    route, by, world, spine_ina, clinician, colleague, clinician_client, colleague_client
):
    spine_ina.shares_records = False
    spine_ina.save()
    if by == "cover":
        absence = team.absence(clinician, colleague)
    else:
        access = open_record(patient=world["patient"], by=colleague, reason="She fell in the waiting room.")
    path, name = address(route, world), dict(ROUTES)[route].name

    theirs, lead = colleague_client.get(path), clinician_client.get(path)

    if name not in LEADS_ALONE and not name.startswith("visit_request"):
        assert theirs.status_code == lead.status_code
    if by == "cover":
        away.end(absence=absence, by=clinician.user)
    else:
        close(access=access)
    assert colleague_client.get(path).status_code in (404, 405)


@pytest.mark.parametrize("route", guarded("clinician", "signed_in"))
def test_deactivated_clinicians_live_session_opens_nothing(route, world, clinician, admin):
    clients = signed_in(clinician.user), signed_in(clinician.user)
    deactivate(clinician=clinician, by=admin, to=None)

    for client, method in zip(clients, ("get", "post"), strict=True):
        response = getattr(client, method)(address(route, world))

        assert response.status_code in (302, 401, 403, 405)
        if response.status_code == 302:
            assert response["Location"].startswith("/accounts/login/")
        assert world["patient"].last_name not in response.content.decode()


@pytest.mark.parametrize("route", [p for p in guarded("patient", "patient_or_helper") if has_an_object(p.values[0])])
def test_another_patients_plan_does_not_exist(route, world, other_patient_client):
    for method in ("get", "post"):
        response = getattr(other_patient_client, method)(address(route, world))

        assert response.status_code in (404, 405)
        assert world["patient"].last_name not in response.content.decode()


@pytest.mark.parametrize(
    "route", [p for p in guarded("clinician", "patient", "patient_or_helper") if has_an_object(p.values[0])]
)
def test_unknown_id_and_anothers_id_answer_alike(
    route, world, foreign_clinician_client, other_patient_client, request
):
    client = foreign_clinician_client if guard_of(dict(ROUTES)[route]) == "clinician" else other_patient_client
    anothers = address(route, world)
    unknown = anothers
    for name in ("patient", "prescription", "line", "helper", "visit request"):
        unknown = unknown.replace(str(world[name].uuid), str(uuid4()))

    first, second = client.get(anothers), client.get(unknown)

    assert first.status_code == second.status_code


@pytest.mark.parametrize("route", guarded(*GUARDS, "public"))
def test_no_get_changes_anything(route, world, clinician_client, patient_client):
    """Audit and session tables aside, and the day on which a patient or who helps them last looked."""
    from django.apps import apps
    from django.core import serializers

    def dump():
        models = [m for app in ("exercises", "patients", "clinic") for m in apps.get_app_config(app).get_models()]
        rows = [o for m in models if m.__name__ != "AuditEvent" for o in m._base_manager.order_by("pk")]
        return serializers.serialize("json", rows).replace('"last_login"', "")

    helper_client = signed_in(world["helper"].helper)
    patient_client.get("/today/")
    helper_client.get(below(world["helper"], "today/", world))
    before = dump()
    path = address(route, world)

    clinician_client.get(path)
    patient_client.get(path)
    helper_client.get(below(world["helper"], route, world))

    assert dump() == before
