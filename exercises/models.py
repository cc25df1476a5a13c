"""The exercise catalogue and the teaching content. This app knows no patients and no clinicians."""

import re
from collections.abc import Callable, Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from exercises.checks import Lines, can_be_drawn, dosage_errors, known_phases, ladder_errors, name_errors
from exercises.governance import Reviewed, full_https_link
from exercises.lists import BodyRegion, Category, Level, Measure, Phase, Position, Side
from exercises.search import searchable
from exercises.teaching import Article, Question

__all__ = [
    "Article", "BodyRegion", "Category", "Equipment", "Exercise", "Level", "Measure", "MovementTag", "Muscle", "Phase",
    "Position", "Question", "Side", "Translation",
]  # fmt: skip


def between(low: float, high: float) -> list[Callable[[Any], None]]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class Muscle(models.Model):
    """A muscle, joint or region that an exercise works, as a clinician names it."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60, unique=True)
    plain_name = models.CharField(max_length=60, help_text=_("The patient's word for it, as: buttocks."))
    region = models.CharField(max_length=20, choices=BodyRegion.choices)
    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=models.Q(region__in=BodyRegion.values), name="muscle_region_is_known")
        ]

    def __str__(self) -> str:
        return self.name


class Equipment(models.Model):
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=60, unique=True)
    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = _("equipment")

    def __str__(self) -> str:
        return self.name


class MovementTag(models.Model):
    """What a movement does to the body, for matching against a patient's conditions."""

    slug = models.CharField(max_length=40, unique=True, validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$")])
    name = models.CharField(max_length=60)
    meaning = models.CharField(max_length=200, help_text=_("Completes: present when the exercise …"))
    loaded_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.name


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def current(self) -> "ExerciseQuerySet":
        return self.filter(retired_at=None)

    def of_clinic(self, key: int | None) -> "ExerciseQuerySet":
        """The shared ones, and those that this clinic made for itself."""
        shared = models.Q(clinic_key=None)
        return self.filter(shared | models.Q(clinic_key=key) if key else shared)

    def visible_to(self, user: Any) -> "ExerciseQuerySet":
        """Of the shared ones and their clinic's own, staff see every current one, others not the rows that a clinician
        has to clear first. An admin sees those of all clinics.

        The exercise that a patient was prescribed is shown to them from the prescription, not from here.
        """
        current = self.current()
        if not user.is_authenticated:
            return current.of_clinic(None).filter(clinician_only=False)
        if user.is_staff_member:
            return current if user.is_staff else current.of_clinic(user.clinic_key)
        return current.of_clinic(user.clinic_key).filter(clinician_only=False)

    def with_parts(self) -> "ExerciseQuerySet":
        return self.prefetch_related("primary_muscles", "secondary_muscles", "equipment", "tags")


class Exercise(Reviewed):
    """One exercise of the catalogue: the facts a clinician filters by and the words a patient reads.

    Retired, never deleted: prescriptions keep pointing at it, and carry their own copy of what the patient was told.
    """

    SUBSTANCE = (
        "level", "measure", "side", "sets", "reps", "hold_s", "minutes", "rest_s", "times_per_day", "days_per_week",
        "tags", "cautions", "clinician_only", "purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel",
        "pose", "picture", "video_url", "video", "blocked_for",
    )  # fmt: skip

    slug = models.CharField(
        max_length=60,
        unique=True,
        validators=[RegexValidator(r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Small letters, digits and single hyphens only."))],
        help_text=_("Stable key, also the address. Never reused."),
    )
    # The clinic that made it for itself; empty is everybody's. A number, because this app knows no clinics.
    clinic_key = models.PositiveBigIntegerField(null=True, blank=True, editable=False, db_index=True)
    name = models.CharField(max_length=80, help_text=_("The clinician's name."))
    plain_name = models.CharField(_("patient's name"), max_length=60, help_text=_("Plain words, as: Knees to chest."))
    also_known_as = models.CharField(max_length=200, blank=True, help_text=_("Other names, separated by semicolons."))
    category = models.CharField(max_length=20, choices=Category.choices)
    position = models.CharField(max_length=20, choices=Position.choices)
    primary_muscles = models.ManyToManyField(Muscle, related_name="primary_in", blank=True)
    secondary_muscles = models.ManyToManyField(Muscle, related_name="secondary_in", blank=True)
    equipment = models.ManyToManyField(Equipment, related_name="exercises", blank=True)
    equipment_note = models.CharField(
        max_length=120, blank=True, help_text=_("As: step 10 to 20 cm; band is optional.")
    )
    phases = models.JSONField(
        default=list, validators=[known_phases], help_text=_("Where it fits in a session: warm, main, cool, desk.")
    )
    level = models.PositiveSmallIntegerField(
        choices=Level.choices,
        help_text=_("1 very easy (acute, frail), 2 easy, 3 moderate, 4 hard, 5 advanced, supervised first."),
    )
    measure = models.CharField(max_length=10, choices=Measure.choices)
    side = models.CharField(max_length=10, choices=Side.choices, default=Side.NONE)
    sets = models.PositiveSmallIntegerField(default=1, validators=between(1, 10))
    reps = models.PositiveSmallIntegerField(
        _("repetitions"),
        null=True,
        blank=True,
        validators=between(1, 100),
        help_text=_("How many in a set, holds as well. Per side where sides are worked in turn."),
    )
    hold_s = models.PositiveSmallIntegerField(
        _("hold, seconds"),
        null=True,
        blank=True,
        validators=between(1, 600),
        help_text=_("How long each hold is, or the pause in each repetition."),
    )
    minutes = models.DecimalField(
        max_digits=4, decimal_places=1, null=True, blank=True, validators=between(0.5, 120), help_text=_("Per set.")
    )
    rest_s = models.PositiveSmallIntegerField(
        _("rest, seconds"),
        default=0,
        validators=[MaxValueValidator(600)],
        help_text=_("Between sets, or between holds where there is one set."),
    )
    times_per_day = models.PositiveSmallIntegerField(default=1, validators=between(1, 12))
    days_per_week = models.PositiveSmallIntegerField(default=7, validators=between(1, 7))
    tags = models.ManyToManyField(MovementTag, related_name="exercises", blank=True)
    blocked_for: Any = models.JSONField(
        default=list,
        blank=True,
        editable=False,
        help_text=_("Codes of the conditions that it is not given with, beside what its tags say."),
    )
    cautions = models.TextField(blank=True, help_text=_("Short precautions for the clinician."))
    regression = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="harder_versions",
        verbose_name=_("easier exercise"),
    )
    progression = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="easier_versions",
        verbose_name=_("harder exercise"),
    )
    clinician_only = models.BooleanField(
        default=False,
        help_text=_("Needs a clinician's clearance each time; hidden from patients unless prescribed."),
    )
    purpose = models.TextField(help_text=_("One sentence: why it helps."))
    setup = models.TextField(_("how to set up"))
    steps = models.JSONField(default=list, validators=[Lines(3, 6)], help_text=_("3 to 6 steps, one a line."))
    cues = models.JSONField(default=list, validators=[Lines(2, 4)], help_text=_("2 to 4 cues, one a line."))
    mistakes = models.JSONField(
        _("common mistakes"),
        default=list,
        validators=[Lines(1, 4)],
        help_text=_("One a line, with what to do instead."),
    )
    ease_off = models.TextField(_("when to stop or ease off"))
    feel = models.TextField(_("what to feel"))
    pose = models.TextField(
        blank=True,
        validators=[can_be_drawn],
        help_text=_(
            "The movement in the pose language, about ten lines, from which the figure is drawn. The preview shows it."
        ),
    )
    picture = models.ImageField(upload_to="exercises/", blank=True, help_text=_("JPEG, PNG or WebP, at most 2 MB."))
    picture_alt = models.CharField(_("picture in words"), max_length=200, blank=True)
    video = models.FileField(upload_to="exercises/video/", blank=True, editable=False)
    video_url = models.URLField(
        _("video link"),
        blank=True,
        validators=[full_https_link()],
        help_text=_("A full link that begins with https://. It opens in a new tab; the server never opens it."),
    )
    loaded_hash = models.CharField(
        max_length=64, blank=True, editable=False, help_text=_("What the starter data last wrote.")
    )
    retired_at = models.DateTimeField(null=True, blank=True, editable=False)
    retired_by = models.CharField(max_length=40, blank=True, editable=False)
    search_text = models.TextField(editable=False, default="")
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords(
        excluded_fields=["search_text"], m2m_fields=["primary_muscles", "secondary_muscles", "equipment", "tags"]
    )
    objects = ExerciseQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(clinic_key=None), name="exercise_name_unique_in_the_catalogue"
            ),
            models.UniqueConstraint(fields=["clinic_key", "name"], name="exercise_name_unique_in_its_clinic"),
            models.CheckConstraint(condition=models.Q(level__range=(1, 5)), name="exercise_level_1_to_5"),
            models.CheckConstraint(condition=models.Q(sets__range=(1, 10)), name="exercise_sets_1_to_10"),
            models.CheckConstraint(
                condition=models.Q(times_per_day__range=(1, 12)), name="exercise_times_a_day_1_to_12"
            ),
            models.CheckConstraint(
                condition=models.Q(days_per_week__range=(1, 7)), name="exercise_days_a_week_1_to_7"
            ),
            models.CheckConstraint(condition=models.Q(rest_s__lte=600), name="exercise_rest_at_most_600_s"),
            models.CheckConstraint(
                condition=models.Q(measure="reps", reps__range=(1, 100), minutes=None)
                | models.Q(measure="hold", reps__range=(1, 100), hold_s__range=(1, 600), minutes=None)
                | models.Q(measure="minutes", minutes__gte=0.5, minutes__lte=120, reps=None, hold_s=None),
                name="exercise_dosage_fits_its_measure",
            ),
            models.CheckConstraint(
                condition=models.Q(category__in=Category.values), name="exercise_category_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(position__in=Position.values), name="exercise_position_is_known"
            ),
            models.CheckConstraint(condition=models.Q(side__in=Side.values), name="exercise_side_is_known"),
            models.CheckConstraint(
                condition=~models.Q(regression=models.F("id")) & ~models.Q(progression=models.F("id")),
                name="exercise_is_not_its_own_neighbour",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        self.search_text = self.words_to_search()
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def get_absolute_url(self) -> str:
        return reverse("exercise", args=[self.slug])

    def substance(self) -> dict[str, Any]:
        tags = sorted(tag.slug for tag in self.tags.all())
        values = {name: getattr(self, name) for name in self.SUBSTANCE if name != "tags"}
        # A number that was typed, and the same one as the database keeps it.
        minutes = None if self.minutes is None else float(self.minutes)
        return values | {
            "tags": tags,
            "minutes": minutes,
            "picture": self.picture.name or "",
            "video": self.video.name or "",
        }

    def clean(self) -> None:
        super().clean()
        errors = dosage_errors(self) | ladder_errors(self) | name_errors(self)
        if errors:
            raise ValidationError(errors)

    def words_to_search(self, muscles: Iterable[Muscle] | None = None) -> str:
        """Names, muscles and text. A new row gets its muscles only after its first save: see `refresh_search`."""
        if muscles is None:
            muscles = (*self.primary_muscles.all(), *self.secondary_muscles.all()) if self.pk else ()
        parts = [
            self.name,
            self.plain_name,
            self.also_known_as,
            *(f"{muscle.name} {muscle.plain_name}" for muscle in muscles),
            self.purpose,
            self.setup,
            *self.steps,
            *self.cues,
            self.feel,
        ]
        return searchable(" ".join(re.sub(r"[-/;,.]", " ", part) for part in parts))

    def refresh_search(self) -> None:
        """For whoever changed the muscles: brings the search words up to date, and the row's date with them."""
        self.search_text = self.words_to_search()
        type(self).objects.filter(pk=self.pk).update(search_text=self.search_text, updated_at=timezone.now())

    @property
    def watch_url(self) -> str:
        """Where it is shown in motion: the clinic's own file, else a page elsewhere."""
        return self.video.url if self.video else self.video_url

    @property
    def phase_labels(self) -> list[str]:
        return [str(Phase(phase).label) for phase in self.phases]


class TranslationQuerySet(models.QuerySet["Translation"]):
    def of_these(self, rows: Iterable[models.Model]) -> "TranslationQuerySet":
        """Those of rows of one or several kinds, each known by its slug."""
        wanted: dict[str, list[str]] = {}
        for row in rows:
            wanted.setdefault(row._meta.model_name or "", []).append(row.slug)  # type: ignore[attr-defined]
        any_of = [models.Q(kind=kind, slug__in=slugs) for kind, slugs in wanted.items()]
        return self.filter(reduce(or_, any_of)) if any_of else self.none()


class Translation(models.Model):
    """What one exercise, article or part says in another language. What it lacks is read in the clinic's own."""

    kind = models.CharField(max_length=20, editable=False)
    slug = models.CharField(max_length=60, editable=False)
    language = models.CharField(max_length=12, editable=False)
    texts = models.JSONField(default=dict)
    # The texts as they were when they were translated: what has changed since is to be looked at again.
    based_on = models.JSONField(default=dict, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    history = HistoricalRecords()
    objects = TranslationQuerySet.as_manager()

    class Meta:
        ordering = ["language", "kind", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "slug", "language"], name="one_translation_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.slug} in {self.language}"
