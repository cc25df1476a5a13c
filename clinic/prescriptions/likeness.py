"""What patients like this one were given, from the clinic's own plans. Pure, but for the reading at the end.

Nobody is to be guessed from it: an exercise is named only when at least FEWEST patients like this one were given it, and
nothing but its name is.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.utils.translation import gettext

from clinic.prescriptions.favourites import Group
from clinic.prescriptions.models import PrescribedExercise, Prescription
from exercises.search import searchable
from patients.models import Episode, Patient, PatientCondition

ALIKE = "alike"
FEWEST = 5  # patients: FIXED
MOST = 12  # exercises
ACUTE, SUBACUTE = timedelta(weeks=6), timedelta(weeks=12)
REGIONS = (
    ("neck", r"neck|cervical|whiplash"),
    ("leg", r"sciatic\w*|radicul\w*|leg|stenosis"),
    ("upper back", r"thoracic|upper back|rib\w*"),
    ("low back", r"back|lumbar|spine|disc|lifting"),
)


class Stage(StrEnum):
    ACUTE = "acute"
    SUBACUTE = "subacute"
    CHRONIC = "chronic"


@dataclass(frozen=True)
class Case:
    """A patient as far as likeness goes, on the day that their last plan was sent, and its exercises. region and stage
    may be unknown."""

    region: str
    stage: Stage | None
    conditions: frozenset[str]
    exercises: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Given:
    """Exercises by how many were given them, most first. in_all: conditions were the same too."""

    exercises: tuple[int, ...]
    in_all: bool


def region_of(problem: str) -> str:
    """The part of the body that the words of a problem name first in this list."""
    words = searchable(problem)
    return next((region for region, named in REGIONS if re.search(rf"\b({named})\b", words)), "")


def stage_of(onset: date | None, day: date) -> Stage | None:
    """Acute under 6 weeks, subacute to 12, then chronic."""
    if onset is None or onset > day:
        return None
    if day - onset < ACUTE:
        return Stage.ACUTE
    return Stage.SUBACUTE if day - onset <= SUBACUTE else Stage.CHRONIC


def given_to_others_like(case: Case, others: Iterable[Case]) -> Given:
    """Like is who has the same problem, at the same stage where this one's is known, and with the same conditions where
    enough have those too."""
    alike = [
        other for other in others if other.region == case.region and (case.stage is None or other.stage == case.stage)
    ]
    same = [other for other in alike if other.conditions == case.conditions]
    if not case.region:
        return Given((), in_all=False)
    if named := _enough(same):
        return Given(named, in_all=True)
    return Given(_enough(alike), in_all=False)


def _enough(cases: Iterable[Case]) -> tuple[int, ...]:
    counted = Counter(exercise for case in cases for exercise in case.exercises)
    often = sorted((-number, exercise) for exercise, number in counted.items() if number >= FEWEST)
    return tuple(exercise for _, exercise in often[:MOST])


def alike_group(patient: Patient) -> Group:
    """Part of the builder's catalogue; read only when it is asked for. As many queries for any number of patients."""
    case = _case(_with_facts(patient.clinic_id).get(pk=patient.pk))
    given = given_to_others_like(case, _others(patient))
    about = _about(case, given) % {"number": FEWEST} if given.exercises else ""
    return Group(
        ALIKE,
        gettext("Patients like this"),
        given.exercises,
        gettext("Fewer than %(number)s patients like this were given the same, so nothing is named.")
        % {"number": FEWEST},
        about,
    )


def _about(case: Case, given: Given) -> str:
    if case.stage and given.in_all:
        return gettext(
            "Given to at least %(number)s patients of your clinic with the same problem, stage and conditions."
        )
    if case.stage:
        return gettext(
            "Given to at least %(number)s patients of your clinic with the same problem at the same stage."
        )
    if given.in_all:
        return gettext("Given to at least %(number)s patients of your clinic with the same problem and conditions.")
    return gettext("Given to at least %(number)s patients of your clinic with the same problem.")


def _with_facts(clinic: int) -> QuerySet[Patient]:
    return Patient.objects.filter(clinic=clinic).prefetch_related(
        Prefetch("conditions", PatientCondition.objects.filter(ended_at=None), to_attr="current"),
        Prefetch("episodes", Episode.objects.order_by("opened_on", "pk"), to_attr="all_episodes"),
    )


def _others(patient: Patient) -> list[Case]:
    sent = Prescription.objects.published().filter(patient__clinic=patient.clinic_id).exclude(patient=patient)
    newest = sent.filter(patient=OuterRef("patient")).order_by("-published_at", "-pk").values("pk")[:1]
    lines = PrescribedExercise.objects.filter(prescription__in=sent.filter(pk=Subquery(newest))).order_by()
    given: dict[tuple[int, datetime | None], set[int]] = {}
    for other, at, exercise in lines.values_list("prescription__patient", "prescription__published_at", "exercise"):
        given.setdefault((other, at), set()).add(exercise)
    people = {other.pk: other for other in _with_facts(patient.clinic_id).exclude(pk=patient.pk)}
    return [_case(people[other], at, frozenset(exercises)) for (other, at), exercises in given.items()]


def _case(patient: Patient, at: datetime | None = None, exercises: frozenset[int] = frozenset()) -> Case:
    """As it stood at that moment, or stands now: a plan of the first weeks says nothing of the stage that came after."""
    day = patient.local_day(at)
    episodes = [each for each in patient.all_episodes if each.opened_on <= day <= (each.closed_on or day)]  # type: ignore[attr-defined]
    episode = episodes[-1] if episodes else None
    return Case(
        region_of((episode.problem if episode else "") or patient.problem),
        stage_of(episode.onset_on if episode else None, day),
        frozenset(each.code for each in patient.current),  # type: ignore[attr-defined]
        exercises,
    )
