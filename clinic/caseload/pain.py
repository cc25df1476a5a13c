"""What the record says of pain: the patient's own limits, and what went wrong."""

from dataclasses import dataclass, field

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.caseload.forms import PainLimitsForm
from clinic.today.follow_ups import said_of
from clinic.today.models import AdverseEvent, Moved, Place, Session
from clinic.today.pain import Course, Decision, Zone
from exercises.words import in_a_sentence
from patients.accounts.thresholds import Thresholds
from patients.models import PainLimits, Patient
from patients.records.pain_limits import Limits, limits_from

ZONES = {Zone.GREEN: _("green zone"), Zone.AMBER: _("amber zone"), Zone.RED: _("red zone")}
DECISIONS = {
    Decision.GO: _("may progress"),
    Decision.HOLD: _("hold"),
    Decision.STEP_BACK: _("step back"),
    Decision.STOP: _("stop"),
}
MOVES = {
    Moved.TOWARD: _("toward the spine"),
    Moved.NOT: _("no change of place"),
    Moved.AWAY: _("away from the spine"),
}
TONES = {Decision.GO: "good", Decision.HOLD: "", Decision.STEP_BACK: "warn", Decision.STOP: "danger"}


@dataclass(frozen=True)
class PainPart:
    patient: Patient
    limits: Limits
    history: list[PainLimits]
    events: list[AdverseEvent]
    form: PainLimitsForm = field(default_factory=PainLimitsForm)

    @property
    def own(self) -> PainLimits | None:
        """What a clinician set for this patient, while it differs from the clinic's."""
        newest = self.history[0] if self.history else None
        return newest if newest and (newest.green_to is not None or newest.amber_to is not None) else None


def pain_part(patient: Patient, **forms_in_use: PainLimitsForm) -> PainPart:
    """Two queries."""
    history = list(patient.pain_limits.select_related("set_by"))
    own = (history[0].green_to, history[0].amber_to) if history else (None, None)
    return PainPart(
        patient=patient,
        limits=limits_from(patient.clinic.thresholds, *own),
        history=history,
        events=list(patient.adverse_events.select_related("line__exercise")),
        **forms_in_use,
    )


@dataclass(frozen=True, slots=True)
class SessionPain:
    """A session's answers in the field's words. decision: empty where nothing was said that it could follow from.
    entered_by: who answered, where that was not the patient, and how."""

    session: Session
    zone: str
    decision: str
    tone: str
    places: str
    moved: str
    is_numb: bool
    entered_by: str = ""


def session_pain(session: Session, limits: Limits, thresholds: Thresholds) -> SessionPain:
    said = said_of(session)
    zone = said.zone(limits)
    has_pain = said.worst is not None or said.morning is not None or said.course is not Course.CARRY_ON
    decision = said.decision(limits, thresholds)
    lasted = gettext(", for more than %(minutes)s min") % {"minutes": thresholds.away_minutes} if said.lasted else ""
    return SessionPain(
        session=session,
        zone=str(ZONES[zone]) if zone else "",
        decision=str(DECISIONS[decision]) if has_pain else "",
        tone=TONES[decision],
        places=", ".join(in_a_sentence(Place(place).label) for place in session.places if place in Place.values),
        moved=f"{MOVES[Moved(session.moved)]}{lasted}" if session.moved else "",
        is_numb=bool(said.is_numb),
    )
