"""What must fit together within an exercise, and along its ladder. Errors come by field, in words for an admin."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext

from exercises.figures import check
from exercises.lists import Measure, Moment, Phase

if TYPE_CHECKING:
    from exercises.models import Exercise


@deconstructible
@dataclass
class Lines:
    """A list of so many texts."""

    at_least: int
    at_most: int

    def __call__(self, value: Any) -> None:
        if not isinstance(value, list) or not all(isinstance(line, str) and line for line in value):
            raise ValidationError(gettext("A list of texts, please."))
        if not self.at_least <= len(value) <= self.at_most:
            raise ValidationError(
                gettext("%(least)s to %(most)s lines, please. This has %(number)s.")
                % {"least": self.at_least, "most": self.at_most, "number": len(value)}
            )


def can_be_drawn(pose: str) -> None:
    if problems := check(pose):
        raise ValidationError([str(problem) for problem in problems])


def known_phases(value: Any) -> None:
    if not isinstance(value, list) or not all(isinstance(phase, str) and phase in Phase.values for phase in value):
        raise ValidationError(gettext("Only these, please: %(phases)s.") % {"phases": ", ".join(Phase.values)})


def known_moments(value: Any) -> None:
    if not isinstance(value, list) or not all(
        isinstance(moment, str) and moment in Moment.values for moment in value
    ):
        raise ValidationError(gettext("Only these, please: %(known)s.") % {"known": ", ".join(Moment.values)})


def dosage_errors(exercise: "Exercise") -> dict[str, str]:
    """What the measure needs and what it has no use for."""
    errors: dict[str, str] = {}
    needed = {Measure.REPS: ["reps"], Measure.HOLD: ["reps", "hold_s"], Measure.MINUTES: ["minutes"]}
    unused = {Measure.REPS: ["minutes"], Measure.HOLD: ["minutes"], Measure.MINUTES: ["reps", "hold_s"]}
    if exercise.measure in needed:
        measure = Measure(exercise.measure)
        errors |= {
            n: gettext("Needed when %(measure)s are counted.") % {"measure": measure.label}
            for n in needed[measure]
            if not getattr(exercise, n)
        }
        errors |= {
            n: gettext("Leave this empty when %(measure)s are counted.") % {"measure": measure.label}
            for n in unused[measure]
            if getattr(exercise, n) is not None
        }
    return errors


def name_errors(exercise: "Exercise") -> dict[str, str]:
    """One name means one exercise to whoever sees it. What other clinics call theirs is not told."""
    seen = type(exercise).objects.of_clinic(exercise.clinic_key).exclude(pk=exercise.pk)
    if exercise.name and seen.filter(name=exercise.name).exists():
        return {"name": gettext("Exercise with this Name already exists.")}
    return {}


def ladder_errors(exercise: "Exercise") -> dict[str, str]:
    """An easier exercise is not a harder one, and following either way never leads back to where it began."""
    if exercise.level is None:
        return {}
    others = type(exercise).objects
    errors: dict[str, str] = {}
    for step, easier in (("regression", True), ("progression", False)):
        neighbour = getattr(exercise, step)
        if neighbour is None:
            continue
        if (neighbour.level > exercise.level) if easier else (neighbour.level < exercise.level):
            words = (
                gettext("%(exercise)s has level %(level)s, which is harder than this one.")
                if easier
                else gettext("%(exercise)s has level %(level)s, which is easier than this one.")
            )
            errors[step] = words % {"exercise": neighbour, "level": neighbour.level}
        elif exercise.pk and leads_back(exercise, step, neighbour):
            errors[step] = gettext("%(exercise)s leads back to this exercise, so the ladder would be a circle.") % {
                "exercise": neighbour
            }
    if exercise.pk:
        too_hard = others.filter(progression=exercise.pk, level__gt=exercise.level).first()
        too_easy = others.filter(regression=exercise.pk, level__lt=exercise.level).first()
        if too_hard:
            errors["level"] = gettext("%(exercise)s names this as its harder exercise, and has level %(level)s.") % {
                "exercise": too_hard,
                "level": too_hard.level,
            }
        elif too_easy:
            errors["level"] = gettext("%(exercise)s names this as its easier exercise, and has level %(level)s.") % {
                "exercise": too_easy,
                "level": too_easy.level,
            }
    return errors


def leads_back(exercise: "Exercise", step: str, neighbour: "Exercise") -> bool:
    next_of = dict(type(exercise).objects.exclude(pk=exercise.pk).values_list("pk", f"{step}_id"))
    seen: set[int] = set()
    place: int | None = neighbour.pk
    while place is not None and place not in seen:
        if place == exercise.pk:
            return True
        seen.add(place)
        place = next_of.get(place)
    return False
