from django import template

from clinic.prescriptions.favourites import is_favourite
from exercises.models import Exercise
from patients.models import User

register = template.Library()


@register.simple_tag
def starred_by(user: User, exercise: Exercise) -> bool:
    """Whether the exercise has this clinician's star."""
    return is_favourite(user.clinician, exercise)
