"""The pages that a clinician goes to by name. Pure."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from exercises.search import searchable

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Place:
    """A page by its address's name. also: other words that people look for it with."""

    name: str
    icon: str
    label: "StrOrPromise"
    also: "StrOrPromise" = ""


PLACES = (
    Place("caseload", "caseload", _("Caseload"), _("overview alerts adherence")),
    Place("patients", "patients", _("Patients"), _("find list")),
    Place("patient_new", "plus", _("Add a patient"), _("new record invite")),
    Place("tasks", "tasks", _("Tasks"), _("to do due")),
    Place("inbox", "chat", _("Messages"), _("inbox questions answer")),
    Place("visit_requests", "inbox", _("Requests for a first visit"), _("new enquiries")),
    Place("proposals", "progress", _("Suggested changes"), _("progression proposals")),
    Place("exercises", "exercises", _("Exercise catalogue"), _("search library")),
    Place("own_exercises", "exercises", _("Your clinic’s exercises"), _("own add picture video")),
    Place("protocols", "protocols", _("Protocols"), _("programs templates")),
    Place("clinic_team", "people", _("Team and holidays"), _("away cover hand over colleagues")),
    Place("change_many", "swap", _("Change several plans"), _("bulk replace remove dose")),
    Place("numbers", "chart", _("Clinic’s numbers"), _("report statistics outcomes")),
)


def places_like(typed: str) -> list[Place]:
    """Every word begins a word of the label, or of what else it is looked for with; all of them where nothing is typed."""
    asked = searchable(typed).split()
    return [place for place in PLACES if all(_begins(word, place) for word in asked)]


def _begins(word: str, place: Place) -> bool:
    return any(known.startswith(word) for known in searchable(f"{place.label} {place.also}").split())
