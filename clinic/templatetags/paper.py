"""A figure as it is printed: its key poses side by side, numbered."""

from django import template
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from clinic.paper.sheet import PaperExercise
from exercises.drawings import drawing
from exercises.templatetags.look import figure

register = template.Library()


@register.simple_tag
def key_poses(exercise: PaperExercise) -> SafeString:
    told = exercise.told
    if told.picture:
        return figure(told)
    prefix = f"poses-{exercise.number}"
    return drawing(told.pose, "still", title=exercise.name, desc=gettext("Its key poses."), prefix=prefix) or figure(
        told
    )
