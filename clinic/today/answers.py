"""The questions around a session: pain before and at its worst, effort, a comment; with what was answered."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from clinic.today.compiled import Compiled
from clinic.today.forms import EFFORT_WORDS, PAIN_WORDS, AfterForm, BeforeForm
from clinic.today.marks import squeezed
from clinic.today.models import Session
from patients.models import User

FORMS: dict[str, type[BeforeForm] | type[AfterForm]] = {"before": BeforeForm, "after": AfterForm}
SCALES = {
    "pain_before": ("How is your back right now?", "0 none", "10 worst", PAIN_WORDS),
    "pain_worst": ("How did your back feel at its worst?", "0 none", "10 worst", PAIN_WORDS),
    "effort": ("How hard was it?", "0 no effort", "10 my limit", EFFORT_WORDS),
}


@dataclass(frozen=True, slots=True)
class Answers:
    """pain_before, pain_worst, effort: the scales as HTML. before_words: the answer given before, in words.
    saved: the part just saved, `before` or `after`."""

    before_words: str
    before_open: bool
    pain_before: SafeString
    pain_worst: SafeString
    effort: SafeString
    comment: str
    comment_error: str = ""
    saved: str = ""


ANSWERS = ("pain_before", "pain_worst", "effort", "comment")


def _said(*, user: User, day: date, occasion: int) -> QuerySet[Any, tuple[Any, ...]]:
    return Session.objects.visible_to(user).filter(day=day, occasion=occasion).values_list(*ANSWERS)


_said_on = Compiled(_said, "day", "occasion")


def said_on(day: date, *, user: User, occasion: int) -> dict[str, Any]:
    rows = _said_on(user=user, day=day, occasion=occasion)
    return dict(zip(ANSWERS, rows[0], strict=True)) if rows else {}


def answers(said: dict[str, Any], *, saved: str = "") -> Answers:
    before = said.get("pain_before")
    return Answers(
        before_words="" if before is None else f"{before} · {PAIN_WORDS[before]}",
        before_open=False,
        pain_before=_scale("pain_before", before),
        pain_worst=_scale("pain_worst", said.get("pain_worst")),
        effort=_scale("effort", said.get("effort")),
        comment=said.get("comment", ""),
        saved=saved,
    )


def refused(said: dict[str, Any], form: BeforeForm | AfterForm) -> Answers:
    """The same, with what was typed and why it was not taken."""
    typed = {name: form[name].value() if name in form.fields else said.get(name) for name in (*SCALES, "comment")}
    error = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    scales = {
        name: _scale_html(name, "" if typed[name] is None else typed[name], error.get(name, "")) for name in SCALES
    }
    return Answers(
        before_words="",
        before_open=True,
        comment=typed["comment"] or "",
        comment_error=error.get("comment", ""),
        **scales,
    )


@lru_cache(maxsize=64)
def _scale(name: str, value: int | None) -> SafeString:
    """One of a dozen answers to one of three questions: the same HTML for everybody who gives it."""
    return mark_safe(squeezed(_scale_html(name, "" if value is None else value, "")))


def _scale_html(name: str, value: object, error: str) -> SafeString:
    label, low, high, words = SCALES[name]
    context = {"name": name, "value": value, "error": error, "label": label, "low": low, "high": high, "words": words}
    return mark_safe(render_to_string("clinic/today/_scale.html", context))
