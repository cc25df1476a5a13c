"""The questions around a session: pain before, at its worst and the next morning, where it was felt, effort, a comment;
with what was answered, and the kind words that follow from it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from clinic.today.advice import after_advice, before_advice, morning_advice
from clinic.today.compiled import Compiled
from clinic.today.follow_ups import stops_until
from clinic.today.forms import MOVES, PAIN_WORDS, AfterForm, BeforeForm, MorningForm
from clinic.today.marks import squeezed
from clinic.today.models import Place, Session
from clinic.today.pain import Decision, Said, asks_morning, concerns
from clinic.today.understand import advised
from exercises.kept import kept_in_language
from patients.accounts.thresholds import Thresholds
from patients.models import PainLimits, Patient, User
from patients.records.pain_limits import Limits, limits_from

FORMS: dict[str, type[BeforeForm] | type[AfterForm]] = {"before": BeforeForm, "after": AfterForm}
# Label, and which words app.js says beside the numbers.
SCALES = {
    "pain_before": (_("How is your back right now?"), "pain"),
    "pain_worst": (_("How did your back feel at its worst?"), "pain"),
    "pain_morning": (_("Your back this morning"), "pain"),
    "effort": (_("How hard was it?"), "effort"),
    "pain": (_("How much does it hurt?"), "pain"),
}
WHERE = ("places", "moved", "away_lasted", "is_numb")
NOTHING = mark_safe("")
# Advice is about now: on a day that is filled in later it comes too late.
ADVICE_DAYS = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answers:
    """pain_before, pain_worst, effort, where: the questions as HTML. before_words: the answer given before, in words.
    before_advice, advice: what follows from the answers, as HTML. saved: the part just saved, `before` or `after`."""

    before_words: str
    before_open: bool
    pain_before: SafeString
    pain_worst: SafeString
    effort: SafeString
    where: SafeString
    comment: str
    comment_error: str = ""
    saved: str = ""
    before_advice: SafeString = NOTHING
    advice: SafeString = NOTHING


@dataclass(frozen=True, slots=True)
class Morning:
    """The question after the night. day, round: of the session that it is about. words: the answer, in words."""

    day: str
    round: int
    words: str
    is_open: bool
    scale: SafeString
    advice: SafeString = NOTHING


ANSWERS = (
    "pain_before", "pain_worst", "effort", "comment", *WHERE, "pain_morning", "day", "occasion", "said_at", "minutes",
    "picked",
)  # fmt: skip
LIMITS = ("own_green_to", "own_amber_to")


def _said(*, user: User, day: date, occasion: int, first_day: date) -> QuerySet[Any, tuple[Any, ...]]:
    """The session, and those of `first_day`, the day before: one query for both questions, with the patient's limits."""
    own = PainLimits.objects.filter(patient=OuterRef("patient"))
    limits = {f"own_{name}": Subquery(own.values(name)[:1]) for name in ("green_to", "amber_to")}
    wanted = Q(day=day, occasion=occasion) | Q(day=first_day)
    found = Session.objects.visible_to(user).filter(wanted).annotate(**limits)
    return found.order_by("day", "occasion").values_list(*ANSWERS, *LIMITS)


_said_on = Compiled(_said, "day", "occasion", "first_day")


def said_around(day: date, *, user: User, occasion: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """What was said of the session, and of the last one of the day before; empty where nothing was."""
    rows = _said_on(user=user, day=day, occasion=occasion, first_day=day - timedelta(days=1))
    said = [dict(zip((*ANSWERS, *LIMITS), row, strict=True)) for row in rows]
    of_day = [each for each in said if each["day"] == day]
    before = [each for each in said if each["day"] != day]
    return (of_day[-1] if of_day else {}), (before[-1] if before else {})


def said_on(day: date, *, user: User, occasion: int) -> dict[str, Any]:
    return said_around(day, user=user, occasion=occasion)[0]


def answers(said: dict[str, Any], *, patient: Patient, today: date, saved: str = "") -> Answers:
    before, rules = said.get("pain_before"), patient.clinic.thresholds
    heard = of(said)
    is_of_now = bool(said) and timedelta(0) <= today - said["day"] <= ADVICE_DAYS
    return Answers(
        before_words="" if before is None else f"{before} · {PAIN_WORDS[before]}",
        before_open=False,
        pain_before=_scale("pain_before", before),
        pain_worst=_scale("pain_worst", said.get("pain_worst")),
        effort=_scale("effort", said.get("effort")),
        where=_where(
            rules.green_to + 1, rules.away_minutes, tuple(said.get("places") or ()), said.get("moved") or "",
            said.get("away_lasted"), said.get("is_numb"),
        ),
        comment=said.get("comment", ""),
        saved=saved,
        before_advice=advised(before_advice(heard, _limits(said, rules), rules) if is_of_now else None),
        advice=advised(_after(said, heard, patient, counts=bool(saved)) if is_of_now else None),
    )  # fmt: skip


def of(said: dict[str, Any]) -> Said:
    return Said(
        before=said.get("pain_before"),
        worst=said.get("pain_worst"),
        morning=said.get("pain_morning"),
        moved=said.get("moved") or "",
        lasted=said.get("away_lasted"),
        is_numb=said.get("is_numb"),
    )


def _limits(said: dict[str, Any], rules: Thresholds) -> Limits:
    return limits_from(rules, said.get("own_green_to"), said.get("own_amber_to"))


def _after(said: dict[str, Any], heard: Said, patient: Patient, *, counts: bool) -> Any:
    rules = patient.clinic.thresholds
    limits = _limits(said, rules)
    return after_advice(heard, limits, rules, _found(said, heard, limits, patient, counts=counts))


def _found(said: dict[str, Any], heard: Said, limits: Limits, patient: Patient, *, counts: bool) -> Any:
    """Stops of other days are counted with the answer to a new one, and not on each later look at the page."""
    rules = patient.clinic.thresholds
    stopped = counts and heard.decision(limits, rules) is Decision.STOP
    stops = stops_until(patient, said["day"], limits) if stopped else 0
    return concerns(
        stops=stops, scores=(heard.before, heard.worst, heard.morning), before=heard.before, thresholds=rules
    )


def morning_of(last: dict[str, Any], *, patient: Patient, now: datetime, saved: bool = False) -> Morning | None:
    """The question about yesterday's session, while it is asked (PAIN-1); `now` is local. Folded once answered."""
    rules = patient.clinic.thresholds
    asked = last and (last["pain_before"] is not None or last["pain_worst"] is not None)
    if not asked or not asks_morning(last["day"], last["said_at"], now, rules):
        return None
    said, heard, limits = last["pain_morning"], of(last), _limits(last, rules)
    advice = None
    if said is not None:
        advice = morning_advice(heard, limits, rules, _found(last, heard, limits, patient, counts=saved))
    return Morning(
        day=last["day"].isoformat(),
        round=last["occasion"],
        words="" if said is None else f"{said} · {PAIN_WORDS[said]}",
        is_open=said is None,
        scale=_scale("pain_morning", said),
        advice=advised(advice),
    )


def morning_refused(day: date, occasion: int, form: MorningForm) -> Morning:
    error = " ".join(map(str, form.errors["pain_morning"]))
    typed = form["pain_morning"].value()
    scale = scale_html("pain_morning", "" if typed is None else typed, error)
    return Morning(day.isoformat(), occasion, "", True, scale)


def refused(said: dict[str, Any], form: BeforeForm | AfterForm, *, patient: Patient) -> Answers:
    """The same, with what was typed and why it was not taken."""
    typed = {name: form[name].value() if name in form.fields else said.get(name) for name in (*SCALES, "comment")}
    error = {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}
    scales = {
        name: scale_html(name, "" if typed[name] is None else typed[name], error.get(name, ""))
        for name in ("pain_before", "pain_worst", "effort")
    }
    rules = patient.clinic.thresholds
    where = {name: form[name].value() if name in form.fields else said.get(name) for name in WHERE}
    wrong = " ".join(error[name] for name in WHERE if name in error)
    return Answers(
        before_words="",
        before_open=True,
        comment=typed["comment"] or "",
        comment_error=error.get("comment", ""),
        where=_where_html(
            rules.green_to + 1, rules.away_minutes, tuple(where["places"] or ()), where["moved"] or "",
            _answered(where["away_lasted"]), _answered(where["is_numb"]), wrong,
        ),
        **scales,
    )  # fmt: skip


def _answered(said: object) -> bool | None:
    return {"yes": True, "no": False, True: True, False: False}.get(said)


@kept_in_language(maxsize=64)
def _scale(name: str, value: int | None) -> SafeString:
    """One of a dozen answers to one of three questions: the same HTML for everybody who gives it."""
    return mark_safe(squeezed(scale_html(name, "" if value is None else value, "")))


def scale_html(name: str, value: object, error: str) -> SafeString:
    label, kind = SCALES[name]
    context = {"name": name, "value": value, "error": error, "label": label, "kind": kind}
    return mark_safe(render_to_string("clinic/today/_scale.html", context))


@kept_in_language(maxsize=512)
def _where(
    asked_from: int, minutes: int, places: tuple[str, ...], moved: str, lasted: bool | None, is_numb: bool | None
) -> SafeString:
    return mark_safe(squeezed(_where_html(asked_from, minutes, places, moved, lasted, is_numb, "")))


def _where_html(
    asked_from: int, minutes: int, places: tuple[str, ...], moved: str, lasted: bool | None, is_numb: bool | None,
    error: str,
) -> SafeString:  # fmt: skip
    context = {
        "asked_from": asked_from,
        "minutes": minutes,
        "places": Place.choices,
        "felt": places,
        "moves": MOVES,
        "moved": moved,
        "lasted": lasted,
        "is_numb": is_numb,
        "error": error,
        "is_open": bool(error),
        "is_said": bool(places or moved or is_numb is not None),
    }
    return mark_safe(render_to_string("clinic/today/_where.html", context))
