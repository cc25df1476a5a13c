"""What the demo clinic says in public, and what strangers wrote to it. Deterministic given the date."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from clinic.demo.cast import SPINE_INA
from clinic.discussion.models import ReaderQuestion
from clinic.discussion.models import State as Shown
from clinic.enquiries.consent import VERSION
from clinic.enquiries.models import RequestStep, State, VisitRequest
from clinic.frontdoor.models import Service, SiteTexts, TeamMember
from clinic.newsletter.actions import hash_of
from clinic.newsletter.models import Issue, Subscriber
from exercises.models import Article
from patients.models import Clinic, Clinician, User

TEXTS = {
    "headline": "Your back gets better by moving.",
    "intro": "We are three physiotherapists who treat nothing but backs. We find out what is wrong, then build you a short "
    "plan that you follow at home, and we watch over it with you.",
    "opening_hours": "Monday to Thursday: 8:00 to 19:00\nFriday: 8:00 to 16:00\nSaturday and Sunday: closed",
    "getting_here": "Bus 63 stops at the door. No steps, and a lift. Two parking places for blue badges.",
    "closing": "Tell us how long your back has hurt, and what you would like to do again. You need no letter from a doctor. "
    "You get a first visit within 2 weeks as a rule.",
}
# Title, in short, the text, how long, what it costs.
SERVICES = (
    (
        "First visit",
        "We listen, examine you, and tell you in plain words what we found.",
        "We ask about your pain and your day, test how you move, and rule out what needs a doctor. You leave with:\n\n"
        "- an answer to what is wrong, as far as it can be known\n- two or three exercises for the first week\n"
        "- a way into your own page, for the phone\n\nPlease bring letters and pictures if you have them. You need none.",
        "60 minutes", "£72, or through your insurance",
    ),
    (
        "Your plan, and our eyes on it",
        "A short daily plan on your phone or on paper, changed as your back changes.",
        "You tick off what you did and say how it felt. We look at it between visits, and change the plan when it is time. "
        "Write to us whenever something is not clear.",
        "8 to 12 weeks", "£38 a month",
    ),
    (
        "Follow-up visit",
        "We look at how it goes, and take the next step.",
        "Every two to four weeks, as it suits you: here, or by telephone.",
        "30 minutes", "£42",
    ),
    (
        "After an operation on the back",
        "Back into daily life, step by step and with your surgeon.",
        "From the sixth week on, or as your surgeon says. We keep to the limits in your letter.",
        "45 minutes", "£56, or through your insurance",
    ),
)  # fmt: skip
# Account, role, qualifications, languages, a few words.
TEAM = (
    (
        "clinician2", "Senior physiotherapist, head of the clinic", "MSc, MCSP, manual therapy", "English, Dutch",
        "Twenty years with backs. Still surprised how much a walk can do.",
    ),
    ("clinician", "Physiotherapist", "BSc, MCSP, pain management", "English, Hindi", "Likes long stories and short plans."),
    (
        "clinician3", "Sports physiotherapist", "MSc, MCSP, strength training", "English, Portuguese",
        "For everybody who wants back to the wall, the boat or the pitch.",
    ),
)  # fmt: skip
RECEPTION = ("Wanda Merrifield", "Reception", "English, Polish", "The voice on the telephone. Finds you a time.")

# Days ago, the hour, name, birth date, phone, e-mail, problem, since, times, state, who took it, what was noted.
REQUESTS = (
    (
        1, 7, "Edwin", "Thornquist", date(1951, 8, 19), "+44 20 7946 0311", "",
        "My back is stiff each morning, and after ten minutes of standing I have to sit down.", "about a year",
        "mornings, I am retired", State.NEW, None, "",
    ),
    (
        2, 21, "Carla", "Bellwether", date(1988, 2, 11), "", "carla.bellwether@example.org",
        "Low back pain after lifting my son. It shoots into the left buttock.", "since last Sunday",
        "after 17:00", State.ARRANGED, "clinician3", "Thursday 17:15, told her to bring the letter.",
    ),
    (
        3, 12, "Mohan", "Starling", date(1975, 10, 30), "+44 7700 900418", "mohan.starling@example.org",
        "The old disc trouble is back, mostly when I drive.", "3 weeks", "Fridays", State.CALLED, "clinician",
        "No answer, left a message.",
    ),
    (
        6, 9, "Greta", "Ainsworth", date(1966, 5, 5), "+44 7700 900552", "",
        "Neck and shoulders, I work at a screen all day.", "on and off for years", "any day before 10",
        State.WAITING, "clinician2", "Offered Tuesday 8:15. She asks at work and calls back.",
    ),
    (
        12, 15, "Ruben", "Castlemoor", date(1993, 12, 1), "+44 7700 900677", "ruben.castlemoor@example.org",
        "Hurt my back in the gym.", "2 weeks", "weekends", State.DECLINED, "clinician2",
        "Wants weekends only. Told him who is open then.",
    ),
)  # fmt: skip

SUBSCRIBERS = ("ada.finch@example.org", "bo.larkin@example.org", "chen.moss@example.org", "dot.perry@example.org")
ISSUE = (
    "A walk is a treatment",
    "Dear reader,\n\nthe days are short, and backs get stiff. Three small things that help:\n\n"
    "1. Walk for ten minutes before it gets dark.\n2. Stand up each half hour.\n3. Sleep comes easier after a warm shower.\n\n"
    "More about it: [what helps on a bad day](/learn/flare-ups/).\n\nYour team of Spine INA",
)

# Article, days ago, name, question, answer.
QUESTIONS = (
    (
        "keep-moving", 20, "Jo", "Is swimming as good as walking?",
        "Yes. Choose what you like better: you will do it more often. Begin with ten minutes.",
    ),
    (
        "flare-ups", 9, "", "How do I know that it is a flare-up and not something new?",
        "If it feels like the last one, it most likely is. If it is a new place, a new kind of pain, or numb or weak, call us.",
    ),
    ("sleep", 2, "Marek", "Which mattress should I buy for my back?", ""),
    ("lifting", 1, "", "Should I wear a belt when I carry my shopping?", ""),
)  # fmt: skip


def add_public(today: date) -> None:
    clinic = Clinic.objects.get(slug=SPINE_INA.slug)
    staff = {
        clinician.user.email.partition("@")[0]: clinician
        for clinician in Clinician.objects.filter(clinic=clinic).select_related("user")
    }
    _add_pages(staff)
    _add_requests(today, clinic, staff)
    _add_newsletter(today)
    _add_questions(today)


def _add_pages(staff: dict[str, Clinician]) -> None:
    SiteTexts.objects.create(name="Usual texts", is_published=True, **TEXTS)
    for number, (title, summary, body, how_long, cost) in enumerate(SERVICES, start=1):
        Service.objects.create(
            title=title,
            summary=summary,
            body=body,
            how_long=how_long,
            cost=cost,
            order=number * 10,
            is_published=True,
        )
    for number, (account, role, qualifications, languages, text) in enumerate(TEAM, start=1):
        clinician = staff[account]
        TeamMember.objects.create(
            name=str(clinician), role=role, qualifications=qualifications, languages=languages, text=text,
            clinician=clinician, order=number * 10, is_published=True,
        )  # fmt: skip
    name, role, languages, text = RECEPTION
    TeamMember.objects.create(name=name, role=role, languages=languages, text=text, order=90, is_published=True)


def _add_requests(today: date, clinic: Clinic, staff: dict[str, Clinician]) -> None:
    rng = Random("backwell demo requests")  # noqa: S311  a story, not a secret
    for days, hour, first, last, born_on, phone, email, problem, since, times, state, taken_by, said in REQUESTS:
        asked_at = _at(today - timedelta(days=days), hour, rng.randint(2, 50))
        took = staff.get(taken_by or "")
        answered_at = asked_at + timedelta(hours=2)
        asked = VisitRequest.objects.create(
            uuid=UUID(int=rng.getrandbits(128), version=4), clinic=clinic, first_name=first, last_name=last,
            born_on=born_on, phone=phone, email=email, problem=problem, since=since, preferred_times=times,
            consent=VERSION, asked_at=asked_at, state=state, state_at=answered_at if took else asked_at,
            assigned_to=took,
        )  # fmt: skip
        if took:
            steps: tuple[dict[str, Any], ...] = ({"assigned_to": took}, {"state": state}, {"note": said})
            for minute, step in enumerate(steps):
                RequestStep.objects.create(
                    request=asked, by=took.user, at=answered_at + timedelta(minutes=minute), **step
                )


def _add_newsletter(today: date) -> None:
    for number, email in enumerate(SUBSCRIBERS):
        asked_at = _at(today - timedelta(days=40 - number), 18, number)
        is_last = number == len(SUBSCRIBERS) - 1
        Subscriber.objects.create(
            email=email, confirm_hash=hash_of(f"demo {email}"), stop_token=f"demo-of-{hash_of(email)[:24]}",
            asked_at=asked_at, confirm_until=_at(today + timedelta(days=7), 18, 0),
            confirmed_at=None if is_last else asked_at + timedelta(minutes=4),
        )  # fmt: skip
    subject, body = ISSUE
    Issue.objects.create(subject=subject, body=body)


def _add_questions(today: date) -> None:
    rng = Random("backwell demo questions")  # noqa: S311  a story, not a secret
    moderator = User.objects.get(email="admin@demo.example")
    for slug, days, name, text, answer in QUESTIONS:
        asked_at = _at(today - timedelta(days=days), 17, rng.randint(2, 50))
        decided = {"state": Shown.SHOWN, "decided_by": moderator, "decided_at": asked_at + timedelta(days=1)}
        ReaderQuestion.objects.create(
            uuid=UUID(int=rng.getrandbits(128), version=4), article=Article.objects.get(slug=slug), name=name, text=text,
            answer=answer, asked_at=asked_at, **(decided if answer else {}),
        )  # fmt: skip


def _at(day: date, hour: int, minute: int) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo("Europe/London")).astimezone(UTC)
