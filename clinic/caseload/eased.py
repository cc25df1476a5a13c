"""What a clinician sees of a patient's flare-ups and of exercises that rest: on the record. Three queries at most."""

from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext

from clinic.flare.models import FlareUp
from clinic.flare.rules import gentle
from clinic.prescriptions.models import Easing, PrescribedExercise, Prescription
from clinic.today.reading import Told
from patients.models import Patient

HISTORY = 6


@dataclass(frozen=True, slots=True)
class Eases:
    """flare: the one that is not ended; is_over: its days have passed. rests: exercises of the plan that rest in it.
    earlier: those before. standing: easings of single exercises, with the exercise's name."""

    flare: FlareUp | None
    is_over: bool
    rests: tuple[str, ...]
    earlier: tuple[FlareUp, ...]
    standing: tuple[tuple[Easing, str], ...]

    @property
    def is_blank(self) -> bool:
        return not (self.flare or self.earlier or self.standing)


def eases_of(patient: Patient, plan: Prescription | None, today: date) -> Eases:
    flares = list(patient.flare_ups.select_related("began_by", "ended_by")[: HISTORY + 1])
    flare = next((each for each in flares if each.ended_on is None), None)
    rests: tuple[str, ...] = ()
    if flare and plan:
        lines = plan.lines.select_related("exercise")
        rests = tuple(line.exercise.name for line in lines if not gentle(Told.of(line.told).movement))
    newest = PrescribedExercise.objects.filter(
        thread=OuterRef("thread"), prescription__patient=patient, prescription__published_at__isnull=False
    )
    name = newest.order_by("-prescription__version").values("exercise__name")[:1]
    # Those that begin tomorrow as well: what was stopped today.
    standing = patient.easings.still(today).select_related("made_by").annotate(exercise=Subquery(name))
    return Eases(
        flare=flare,
        is_over=flare is not None and flare.until_day < today,
        rests=rests,
        earlier=tuple(each for each in flares if each != flare)[:HISTORY],
        standing=tuple((each, each.exercise or gettext("An exercise")) for each in standing),
    )
