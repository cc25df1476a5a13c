"""What somebody who helps a patient may do, and for how long. The one place that says so. Pure."""

from calendar import monthrange
from datetime import date, timedelta
from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _

# Until this age a parent who helps may answer the health questions in the child's place.
CHILD_UNDER = 16
# Days that the link for a helper works, at most; a clinic's own limit for links may be shorter.
LINK_DAYS = 3
# From so many days before its end on, the patient is reminded on the page about it.
SOON_DAYS = 7


class Level(models.TextChoices):
    """What the patient or the clinic gave."""

    LOOK = "look", _("Look")
    HELP = "help", _("Look and help")


class Doing(StrEnum):
    """What a view lets its visitor do. A view that names none of these is the patient's alone: messages, sign-in,
    reminders, the phone's own copy, giving and ending access."""

    LOOK = "look"  # today, exercises, week, plan, progress, the phone numbers
    HELP = "help"  # tick, say how it went, stop what hurts, report that something went wrong
    ANSWER = "answer"  # the health questions: what is safe to do follows from them


def may(level: str, doing: Doing, *, age: int) -> bool:
    """age: the patient's, in years."""
    if doing == Doing.LOOK:
        return True
    if level != Level.HELP:
        return False
    return doing == Doing.HELP or age < CHILD_UNDER


class Channel(models.TextChoices):
    """How it was agreed to."""

    SELF = "self", _("By the patient, in their own pages")
    SPOKEN = "spoken", _("Spoken")
    WRITTEN = "written", _("In writing")
    PARENT = "parent", _("By the parent or guardian of a child")


class Term(models.TextChoices):
    """For how long. Nothing is given without an end."""

    MONTH = "1", _("1 month")
    QUARTER = "3", _("3 months")
    HALF = "6", _("6 months")
    YEAR = "12", _("1 year")


def last_day(first: date, term: str) -> date:
    """So many months from `first` on, the last day included; a month that is too short gives its last date."""
    years, month = divmod(first.month - 1 + int(term), 12)
    year = first.year + years
    return date(year, month + 1, min(first.day, monthrange(year, month + 1)[1])) - timedelta(days=1)
