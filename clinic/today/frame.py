"""Today's page around its cards, rendered once per kind of page and kept.

A page without what is personal on it is a value as well: which sections there are, for which day, in whose clinic and
look. Its HTML is kept with marks where the personal parts go; the page that is sent is joined from the two.
"""

from dataclasses import dataclass, replace
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.translation import get_language

from clinic.today.answers import Answers, Morning
from clinic.today.marks import fill, mark, pieces
from clinic.today.models import SkipReason
from clinic.today.pages import TodayPage
from patients.access import PatientRequest
from patients.accounts.look import Look
from patients.models import User

TEMPLATE = "clinic/today/today.html"
MOST_FRAMES = 512

PAGE = ("heading", "eyebrow", "rounds", "progress", "break_dots", "breaks", "as_needed", "prompt", "read")
ANSWERS = (
    "before_words", "pain_before", "pain_worst", "effort", "where", "comment", "before_advice", "advice",
)  # fmt: skip
MORNING = ("words", "scale", "advice")


@dataclass(frozen=True, slots=True)
class Frame:
    """What the kept HTML depends on: the page with marks in its personal parts, the look, the language, every field
    of the clinic."""

    page: TodayPage
    answers: Answers | None
    morning: Morning | None
    look: Look
    language: str | None
    clinic: tuple[str, ...]


ANYONE = User(first_name=mark("name"), email=mark("email"))

_frames: dict[Frame, tuple[str, ...]] = {}


def today_response(
    request: PatientRequest, page: TodayPage, answers: Answers | None, morning: Morning | None = None
) -> HttpResponse:
    # A passing remark belongs to nobody else's page, and neither does who helps whom.
    if get_messages(request) or request.user.helping:
        return render(request, TEMPLATE, context(page, answers, morning))
    clinic = request.patient.clinic
    frame = Frame(
        page=_with_marks(page),
        answers=answers and replace(answers, **_marks(ANSWERS, answers)),
        morning=morning and replace(morning, **_marks(MORNING, morning, "morning-")),
        look=Look.of(request.COOKIES),
        language=get_language(),
        clinic=tuple([str(getattr(clinic, field.attname)) for field in clinic._meta.concrete_fields]),
    )
    kept = _frames.get(frame) or _keep(frame, request)
    user = request.user
    values: dict[str, str] = {
        "token": get_token(request),
        "nonce": str(getattr(request, "csp_nonce", "")),
        "owner": request.patient.device_key,
        "name": user.get_full_name() or user.email,
        "email": user.email,
    }
    values |= {name: getattr(page, name) for name in PAGE}
    values |= {name: getattr(answers, name) for name in ANSWERS} if answers else {}
    values |= {f"morning-{name}": getattr(morning, name) for name in MORNING} if morning else {}
    for phase in page.phases:
        values |= {f"count-{phase.key}": phase.count, f"cards-{phase.key}": phase.cards}
    return HttpResponse(fill(kept, {name: conditional_escape(value) for name, value in values.items()}))


def context(page: TodayPage, answers: Answers | None, morning: Morning | None = None) -> dict[str, object]:
    return {
        "page": page,
        "answers": answers,
        "morning": morning,
        "reasons": SkipReason.choices,
        "day": page.day.isoformat(),
        "round": page.round_number,
    }


def _keep(frame: Frame, request: PatientRequest) -> tuple[str, ...]:
    blank = context(frame.page, frame.answers, frame.morning) | {
        "user": ANYONE,
        "owner": mark("owner"),
        "csrf_token": mark("token"),
        "csp_nonce": mark("nonce"),
    }
    if len(_frames) >= MOST_FRAMES:
        _frames.clear()
    _frames[frame] = kept = pieces(render_to_string(TEMPLATE, blank, request))
    return kept


def _with_marks(page: TodayPage) -> TodayPage:
    phases = tuple(
        replace(phase, count=mark(f"count-{phase.key}"), cards=mark(f"cards-{phase.key}")) for phase in page.phases
    )
    return replace(page, phases=phases, **_marks(PAGE, page))


def _marks(names: tuple[str, ...], of: object, prefix: str = "") -> dict[str, Any]:
    """A mark for each part that has something in it; what is empty stays empty."""
    return {name: mark(f"{prefix}{name}") for name in names if getattr(of, name)}
