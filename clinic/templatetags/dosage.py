from django import template
from django.template.defaultfilters import capfirst

from clinic.prescriptions.dosage_words import words, words_when
from clinic.prescriptions.drafting import default_dosage
from exercises.models import Exercise

register = template.Library()


@register.filter
def usual_start(exercise: Exercise) -> str:
    """The catalogue's starting dosage in the words of a plan; nothing while an admin's form does not make one."""
    try:
        dosage = default_dosage(exercise)
        return f"{words(dosage)} {capfirst(words_when(dosage))}."
    except ValueError:
        return ""
