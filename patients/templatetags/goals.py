"""How close a goal is, on pages of clinicians and of patients."""

from django import template

from patients.records.closeness import Closeness, line
from patients.records.models import Goal

register = template.Library()


@register.inclusion_tag("patients/records/_closeness.html")
def closeness(goal: Goal) -> dict[str, object]:
    """Reads `goal.steps`, which the page fetched beforehand."""
    return closeness_line(Closeness.of(goal.steps.all()))


@register.inclusion_tag("patients/records/_closeness.html")
def closeness_line(said: Closeness) -> dict[str, object]:
    return {"said": said, "line": line(said)}
