"""The closed lists that exercises are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    BREATHING = "breathing"
    DECOMPRESSION = "decompression"
    MOBILITY = "mobility"
    STRETCH = "stretch"
    STABILITY = "stability"
    STRENGTH = "strength"
    AEROBIC = "aerobic"
    EDUCATION = "education"


class Position(models.TextChoices):
    SUPINE = "supine", "lying on the back"
    PRONE = "prone", "lying face down"
    SIDE_LYING = "side-lying", "lying on the side"
    QUADRUPED = "quadruped", "on hands and knees"
    KNEELING = "kneeling", "kneeling"
    HALF_KNEELING = "half-kneeling", "kneeling on one knee"
    LONG_SITTING = "long-sitting", "sitting on the floor"
    SEATED = "seated", "sitting on a chair"
    STANDING = "standing", "standing"
    INVERTED = "inverted", "head down"
    IN_WATER = "in water", "in water"
    VARIES = "varies", "several positions"


class Phase(models.TextChoices):
    WARM = "warm", "Warm-up"
    MAIN = "main", "Main part"
    COOL = "cool", "Cool-down"
    DESK = "desk", "Desk micro-breaks"


class Level(models.IntegerChoices):
    VERY_EASY = 1, "Very easy"
    EASY = 2, "Easy"
    MODERATE = 3, "Moderate"
    HARD = 4, "Hard"
    ADVANCED = 5, "Advanced"


class Measure(models.TextChoices):
    REPS = "reps", "repetitions"
    HOLD = "hold", "holds"
    MINUTES = "minutes", "minutes"


class Side(models.TextChoices):
    NONE = "none", "no sides"
    EACH = "each", "each side in turn"
    ALTERNATE = "alternate", "alternating sides"


class BodyRegion(models.TextChoices):
    NECK_SHOULDERS = "neck-shoulders", "Neck and shoulders"
    UPPER_BACK = "upper-back", "Upper back and chest"
    LOW_BACK = "low-back", "Low back"
    ABDOMEN = "abdomen", "Abdomen"
    HIPS = "hips", "Hips and buttocks"
    THIGHS = "thighs", "Thighs"
    LOWER_LEGS = "lower-legs", "Lower legs and feet"
    ARMS = "arms", "Arms and hands"
    NERVES = "nerves", "Nerves"
    WHOLE_BODY = "whole-body", "Whole body"
    BREATHING = "breathing", "Heart, lungs and breathing"


class Moment(models.TextChoices):
    """Where a teaching text matters: a place of the portal or a moment of a patient's weeks."""

    FIRST_VISIT = "first-visit", _("Before the first session: is it safe to begin?")
    FIRST_WEEK = "first-week", _("The first week of a plan")
    PAIN_UP = "pain-up", _("Pain is up, or an exercise was stopped on pain")
    FLARE = "flare", _("A flare-up")
    REST_DAY = "rest-day", _("A day without exercises")
    BREAKS = "breaks", _("Small breaks from sitting")
    WARM = "warm-up", _("An exercise to warm up")
    COOL = "cool-down", _("An exercise to cool down")
    STRETCH = "stretch", _("An exercise that stretches or loosens")
    STRENGTH = "strength", _("An exercise for strength and control")
    LIFTING = "lifting", _("An exercise that lifts a load")
    AEROBIC = "aerobic", _("Walking and other exercise for heart and lungs")
    EASE = "ease", _("Breathing, and positions that ease")
    PROGRESS = "progress", _("Looking back over the weeks")
