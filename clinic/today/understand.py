"""Why an exercise stands in this plan, and the texts that Today and its pages offer beside it. The words of an exercise
are the catalogue's and the clinician's; nothing is made up here."""

from datetime import date, timedelta

from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from clinic.prescriptions.models import Importance
from clinic.today.advice import Advice, html
from clinic.today.marks import squeezed
from clinic.today.reading import Line, Version
from exercises.lists import Moment, Phase
from exercises.offers import Read, fitting, moments_of
from exercises.teaching import read_at, reads

PART_OF: dict[str, Promise] = {
    Phase.WARM: _("It is a part of your warm-up. It gets your back ready for the rest."),
    Phase.MAIN: _("It is a part of your main exercises."),
    Phase.COOL: _("It is a part of your cool-down. It lets your body come to rest."),
    Phase.DESK: _("It is a small break. It gives your back a change from sitting."),
}
# Of what is said after an answer about pain. With numbness, or pain that moves away, a check comes first and no read.
PAIN_IS_UP = {"red", "before", "step-back", "stop", "stopped"}


def why_here(line: Line) -> list[Promise]:
    """What the plan says beside the exercise's own purpose: its part of the session, and what it is worth."""
    said = [_("Do it when your back asks for it.") if line.as_needed else PART_OF[line.phase]]
    if line.importance == Importance.MUST and not line.is_apart:
        said.append(_("When time is short, your clinician wants you to do this one first."))
    return said


def is_first_week(version: Version, day: date) -> bool:
    return version.replaces_id is None and day - version.starts_on < timedelta(days=7)


def reads_for(line: Line, day: date) -> list[Read]:
    about = moments_of(category=line.told.category, phase=line.phase, tags=line.told.tags)
    if is_first_week(line.version, day):
        about.insert(1, Moment.FIRST_WEEK)
    return fitting(reads(), about, most=2)


def reads_in_flare() -> list[Read]:
    return fitting(reads(), [Moment.FLARE, Moment.PAIN_UP, Moment.EASE], most=2)


def advised(advice: Advice | None) -> SafeString:
    """The kind words after an answer about pain, with a read where the pain is up."""
    is_up = advice is not None and advice.kind in PAIN_IS_UP
    return html(advice, read_at(Moment.PAIN_UP) if is_up else None)


def read_html(*moments: Moment) -> SafeString:
    """A link for Today, on the days that have nothing else to do."""
    read = read_at(*moments)
    return mark_safe(squeezed(render_to_string("clinic/today/_read.html", {"read": read})) if read else "")
