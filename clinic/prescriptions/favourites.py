"""What a clinician reaches for: the exercises with their star, and those they prescribed lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext

from clinic.prescriptions.models import PrescribedExercise
from exercises.models import Exercise
from patients.audit.actions import record
from patients.models import Clinician

FAVOURITES, RECENT = "favourites", "recent"
LATELY = timedelta(days=90)
MOST_RECENT = 24


class Favourite(models.Model):
    """An exercise with a clinician's star; nobody else sees it."""

    clinician = models.ForeignKey(Clinician, on_delete=models.CASCADE, related_name="favourites")
    exercise = models.ForeignKey(Exercise, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-added_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["clinician", "exercise"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.exercise} of {self.clinician}"


@dataclass(frozen=True)
class Group:
    """A part of the catalogue by who prescribes, in the order in which they reach for it."""

    name: str
    label: str
    ids: tuple[int, ...]
    when_empty: str
    about: str = ""


@dataclass(frozen=True)
class Groups:
    favourites: Group
    recent: Group

    @property
    def all(self) -> tuple[Group, Group]:
        return self.favourites, self.recent

    def named(self, name: str) -> Group | None:
        return next((group for group in self.all if group.name == name), None)

    @property
    def starred(self) -> frozenset[int]:
        return frozenset(self.favourites.ids)


def groups_of(clinician: Clinician, now: datetime | None = None) -> Groups:
    """Two queries."""
    mine = Q(exercise__prescribed__prescription__published_by=clinician.user_id)
    most_used = clinician.favourites.annotate(used=Count("exercise__prescribed", filter=mine)).order_by(
        "-used", "-added_at", "-pk"
    )
    lately = (
        PrescribedExercise.objects.filter(
            prescription__published_by=clinician.user_id,
            prescription__published_at__gte=(now or timezone.now()) - LATELY,
        )
        .order_by()
        .values("exercise")
        .annotate(last=Max("prescription__published_at"))
        .order_by("-last", "exercise")
    )
    return Groups(
        Group(
            FAVOURITES,
            gettext("Favourites"),
            tuple(most_used.values_list("exercise", flat=True)),
            gettext("The star on an exercise puts it here."),
        ),
        Group(
            RECENT,
            gettext("Recent"),
            tuple(lately.values_list("exercise", flat=True)[:MOST_RECENT]),
            gettext("What you send to patients appears here."),
        ),
    )


def is_favourite(clinician: Clinician, exercise: Exercise) -> bool:
    return clinician.favourites.filter(exercise=exercise).exists()


def set_favourite(*, exercise: Exercise, on: bool, by: Clinician) -> None:
    """Says how it is to be, so that a second click changes nothing."""
    with transaction.atomic():
        if on:
            _, changed = Favourite.objects.get_or_create(clinician=by, exercise=exercise)
        else:
            changed = bool(Favourite.objects.filter(clinician=by, exercise=exercise).delete()[0])
        if changed:
            record(
                by=by.user,
                action="favourite.added" if on else "favourite.removed",
                subject=f"exercise:{exercise.slug}",
            )
