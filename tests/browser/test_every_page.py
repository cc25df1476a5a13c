"""Every page of every role, at 390 and 1440, in light and in dark: nothing for axe to find, nothing in the console,
nothing beside the screen. A new named address that is not in the list fails."""

import time
from datetime import timedelta
from uuid import uuid4

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.mail import EmailMessage, get_connection
from django.test import Client

from clinic.discussion.models import ReaderQuestion
from clinic.enquiries.models import VisitRequest
from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from clinic.newsletter.models import Issue, Subscriber
from clinic.prescriptions.actions import publish, revise, save_as_protocol, start_draft
from clinic.prescriptions.dosage_parse import parse
from clinic.prescriptions.drafting import change_line
from clinic.prescriptions.models import Prescription
from clinic.reminders.models import Reminder
from clinic.today.models import DailyTally
from config.urls import admin
from exercises.models import Article, Exercise, Question, Translation
from patients.family.actions import Agreed, give
from patients.family.rules import Channel, Level
from patients.models import Clinic, FamilyAccess, Patient, Task, User
from patients.records.invitations import invite
from patients.team.emergencies import open_record
from patients.team.handing_over import give as give_over
from patients.team.transfers import transfer
from tests.browser.conftest import COLOURS, DESK, PHONE, RULES, Complaints, axe, device
from tests.browser.every_page import DJANGOS_OWN, ERRORS, NOT_PAGES, PAGES, named_routes
from tests.factories import checks, people
from tests.factories.passkeys import passkey

WITHOUT_DJANGOS_OWN = {"rules": RULES["rules"] | {rule: {"enabled": False} for rule in DJANGOS_OWN}}
BEYOND = """[...document.querySelectorAll("body *")].filter(each => each.getBoundingClientRect().right > innerWidth)
  .map(each => `${each.tagName}#${each.id}.${each.className}`).slice(0, 4).join(", ")"""
GROUPS = {
    "newcomer": "patient",
    "revised": "patient",
    "paused": "patient",
    "desk worker": "patient",
    "nobody": "patient",
    "helper": "patient",
    **dict.fromkeys(["unchecked", "short check", "emergency", "call today", "uncleared"], "patient"),
}


def test_every_named_address_is_in_the_list():
    listed = {page.route for page in PAGES} - ERRORS

    assert set(named_routes()) - listed == NOT_PAGES
    assert listed & NOT_PAGES == set()


@pytest.fixture(autouse=True)
def db(demo):
    """Instead of pytest-django's, which would take the data away after each test."""


@pytest.fixture(scope="module")
def world(demo, django_db_blocker):
    """The accounts that look, and the ids of what they look at, in the demo clinic."""

    def of(surname: str) -> Patient:
        return Patient.objects.get(last_name=surname)

    def account(name: str) -> User:
        return User.objects.get(email=f"{name}@demo.example")

    clinician, careful, patient = account("clinician"), account("clinician2"), of("Ellismoor")
    plan = Prescription.objects.live().get(patient=patient)
    TOTP.activate(careful, generate_totp_secret())
    RecoveryCodes.activate(careful)
    key = passkey(careful)
    changed = revise(prescription=Prescription.objects.live().get(patient=of("Delmarine")), by=clinician)
    change_line(line=changed.lines.first(), dosage=parse("2x6"), by=clinician)
    publish(draft=changed, by=clinician, note="A little less of the first one.")
    token = invite(patient=of("Ivorstone"), by=clinician, address_of=lambda token: token)
    today = patient.local_day()
    asked = {
        name: people.patient(patient.clinic, name.title(), "Asked", screened=False)
        for name in ("unchecked", "short check", "emergency", "call today", "uncleared")
    }
    for person in asked.values():
        if person != asked["unchecked"]:
            checks.clear(person, days_ago=27)
    day_ago = [
        DailyTally(patient=asked["short check"], day=today - timedelta(days=1), planned_slots=1, touched_slots=1)
    ]
    DailyTally.objects.bulk_create(day_ago)
    Patient.objects.filter(pk=asked["short check"].pk).update(checked_on=today - timedelta(days=28))
    checks.flagged(asked["emergency"], RF02="yes")
    checks.flagged(asked["call today"], RF13="yes")
    checks.flagged(asked["uncleared"], RF20="yes", RF19="unsure")
    daughter = account("helper")
    family = {
        "access": FamilyAccess.objects.get(patient=patient, helper=daughter),
        "looks": FamilyAccess.objects.get(patient=of("Whitfern"), helper=daughter),
        "held": people.helper(asked["call today"], by=clinician, account=daughter),
        "over": people.helper(asked["short check"], by=clinician, account=daughter, days=-1),
    }
    agreed = Agreed(Level.HELP, today + timedelta(days=30), Channel.SPOKEN, today)
    _, family_token = give(patient=asked["uncleared"], by=clinician, name="Ines", relation="sister", agreed=agreed)
    bridge, article = Exercise.objects.get(slug="bridge"), Article.objects.first()
    question = Question.objects.first()
    sheet = uuid4()
    give_over(
        patient=of("Marblebrook"), by=clinician, giver=clinician.clinician, to=careful.clinician, sheet=sheet,
        giver_stays=True,
    )  # fmt: skip
    private = account("other")
    Clinic.objects.filter(pk=private.clinician.clinic_id).update(shares_records=False)
    hidden = people.patient(private.clinician.clinic, "Hildegard", "Hidden")
    open_record(patient=hidden, by=private.clinician, reason="Fell in our waiting room.")
    moving = people.patient(private.clinician.clinic, "Mona", "Moving", lead=private.clinician)
    transfer(patient=moving, by=private, to=patient.clinic, agreed_how="spoken", agreed_on=today)
    users = {
        "patient": patient.user,
        "newcomer": account("newpatient"),
        "revised": of("Delmarine").user,
        "paused": of("Nightingrove").user,
        "desk worker": of("Rahmoor").user,
        "nobody": account("norole"),
        "helper": daughter,
        **{name: person.user for name, person in asked.items()},
        "clinician": clinician,
        "careful": careful,
        "private": private,
        "admin": account("admin"),
    }
    ids = {
        "patient": patient.uuid,
        "new": of("Newharrow").uuid,
        "discharged": of("Kestrelby").uuid,
        "uninvited": people.patient(patient.clinic, "Una", "Vited", signs_in=False).uuid,
        "uncleared": asked["uncleared"].uuid,
        "blocked": start_draft(patient=asked["uncleared"], by=clinician).uuid,
        "sheet": sheet,
        "plan": plan.uuid,
        "line": plan.lines.first().uuid,
        "task": Task.objects.visible_to(clinician).first().uuid,
        "draft": Prescription.objects.drafts().get(patient=of("Jaspermoor")).uuid,
        "protocol": save_as_protocol(prescription=plan, name="Own", by=clinician).slug,
        "token": token,
        "family": family_token,
        **{name: access.uuid for name, access in family.items()},
        "stop": Reminder.objects.get(patient=patient).stop_token,
        "reset": f"{user_pk_to_url_str(patient.user)}-{default_token_generator.make_token(patient.user)}",
        "confirm": EmailConfirmationHMAC(EmailAddress.objects.get(user=patient.user)).key,
        "key": key.pk,
        "visit_request": VisitRequest.objects.filter(state="new").first().uuid,
        "newsletter_stop": Subscriber.objects.filter(confirmed_at__isnull=False).first().stop_token,
        "spent_link": "x" * 32,
        "yesterday": today - timedelta(days=1),
        "next_week": today + timedelta(days=7),
        "article": article.slug,
        "article_version": article.history.first().history_id,
        "question_version": question.history.first().history_id,
        "exercise_version": bridge.history.first().history_id,
    }
    translation = Translation.objects.create(
        kind="exercise", slug="bridge", language="en-xa", texts={"plain_name": "X"}
    )
    ids["translation_version"] = translation.history.first().history_id
    for model in (Issue, ReaderQuestion, Service, SiteTexts, TeamMember):
        first = model._default_manager.first()
        ids[f"{model._meta.model_name}_version"] = first.history.first().history_id
    ids |= {f"pk_{model._meta.model_name}": model._default_manager.first().pk for model in admin.site._registry}
    return users, ids | {"pk_exercise": bridge.pk, "pk_article": article.pk}


def cookies_of(user, url):
    """Signed in just now, by a password: pages about the own account ask for it otherwise."""
    client = Client()
    client.force_login(user)
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [
        {"method": "password", "at": time.time() + 600, "email": user.email}
    ]
    session.save()
    return [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": url}]


@pytest.fixture(scope="module")
def devices(chromium, demo, world):
    """One browser for each role."""
    users, _ = world
    opened = {}

    def device_of(role):
        if role not in opened:
            complaints = Complaints()
            context = device(chromium, demo.url, viewport=PHONE)
            complaints.listen(context)
            cookies = cookies_of(users[role], demo.url) if role in users else []
            opened[role] = context.new_page(), complaints, cookies
        page, complaints, cookies = opened[role]
        page.context.clear_cookies()
        page.context.add_cookies(cookies)
        complaints.clear()
        return page, complaints

    yield device_of
    for page, *_ in opened.values():
        page.context.close()


@pytest.fixture
def as_in_the_demo(settings, tmp_path):
    settings.MODE = "demo"
    settings.EMAIL_FILE_PATH = tmp_path
    outbox = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=tmp_path)
    outbox.send_messages([EmailMessage("Your code to sign in", "ABCD-1234", to=["patient@demo.example"])])


def broken(*args, **kwargs):
    raise RuntimeError("Broken for a test")


def name_of(shown):
    return f"{shown.role}: {shown.path[:60]}{' then' if shown.then else ''}"


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(
            each, id=name_of(each), marks=pytest.mark.xdist_group(f"pages of {GROUPS.get(each.role, each.role)}")
        )
        for each in PAGES
    ],
)
def test_page_is_accessible_and_fits(shown, devices, world, as_in_the_demo, monkeypatch):
    page, complaints = devices(shown.role)
    if shown.route == "server_error":
        monkeypatch.setattr("clinic.frontdoor.views.render", broken)
    response = page.goto(shown.path.format(**world[1]))
    assert response.status == shown.status
    if shown.then:
        with page.expect_navigation():
            shown.then(page)

    faults = faults_of(page, RULES | WITHOUT_DJANGOS_OWN if shown.route.startswith("admin:") else RULES)
    complaints.forgive("status of 4", "status of 5")
    if shown.route.endswith("history"):
        complaints.forgive("Applying inline style")  # one in simple_history's own template, and no harm done
    assert not faults + complaints, "\n".join(faults + complaints)


def test_faults_are_found(devices):
    page, complaints = devices("stranger")
    page.goto("/help-me/")
    page.evaluate("""document.querySelector("main").innerHTML =
      '<h1>One</h1><h1>Two</h1><p id="pale">Pale</p><img src="/icon.svg"><pre>' + "wide".repeat(200)
      document.documentElement.lang = document.title = ""
      document.getElementById("pale").style.color = "#999"
      document.querySelector("pre").style.width = "2000px" """)

    found = " ".join(faults_of(page, RULES))

    assert complaints != []
    for fault in ("no title", "no lang", "2 h1", "390 light: color-contrast", "390 light: image-alt", "wide at 320"):
        assert fault in found


def faults_of(page, rules):
    faults = [] if page.title().strip(" ·") else ["no title"]
    faults += [] if page.locator("html").get_attribute("lang") else ["no lang"]
    if page.locator("h1:visible").count() != 1:
        faults.append(f"{page.locator('h1:visible').count()} h1")
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme, asked in (("light", rules), ("dark", COLOURS)):
            page.emulate_media(color_scheme=scheme)
            faults += [f"{size['width']} {scheme}: {each}" for each in axe(page, asked)]
    for width in (320, PHONE["width"], DESK["width"]):
        page.set_viewport_size({"width": width, "height": 800})
        wide = page.evaluate("document.documentElement.scrollWidth")
        faults += [f"{wide} wide at {width}: {page.evaluate(BEYOND)}"] if wide > width else []
    return faults
