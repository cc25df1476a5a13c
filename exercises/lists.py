"""The closed lists that exercises are sorted by."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Category(models.TextChoices):
    BREATHING = "breathing", _("Breathing")
    DECOMPRESSION = "decompression", _("Decompression")
    MOBILITY = "mobility", _("Mobility")
    STRETCH = "stretch", _("Stretch")
    STABILITY = "stability", _("Stability")
    STRENGTH = "strength", _("Strength")
    AEROBIC = "aerobic", _("Aerobic")
    EDUCATION = "education", _("Education")


class Position(models.TextChoices):
    SUPINE = "supine", _("lying on the back")
    PRONE = "prone", _("lying face down")
    SIDE_LYING = "side-lying", _("lying on the side")
    QUADRUPED = "quadruped", _("on hands and knees")
    KNEELING = "kneeling", _("kneeling")
    HALF_KNEELING = "half-kneeling", _("kneeling on one knee")
    LONG_SITTING = "long-sitting", _("sitting on the floor")
    SEATED = "seated", _("sitting on a chair")
    STANDING = "standing", _("standing")
    INVERTED = "inverted", _("head down")
    IN_WATER = "in water", _("in water")
    VARIES = "varies", _("several positions")


class Phase(models.TextChoices):
    WARM = "warm", _("Warm-up")
    MAIN = "main", _("Main part")
    COOL = "cool", _("Cool-down")
    DESK = "desk", _("Desk micro-breaks")


class Level(models.IntegerChoices):
    VERY_EASY = 1, _("Very easy")
    EASY = 2, _("Easy")
    MODERATE = 3, _("Moderate")
    HARD = 4, _("Hard")
    ADVANCED = 5, _("Advanced")


class Measure(models.TextChoices):
    REPS = "reps", _("repetitions")
    HOLD = "hold", _("holds")
    MINUTES = "minutes", _("minutes")


class Side(models.TextChoices):
    NONE = "none", _("no sides")
    EACH = "each", _("each side in turn")
    ALTERNATE = "alternate", _("alternating sides")


class BodyRegion(models.TextChoices):
    NECK_SHOULDERS = "neck-shoulders", _("Neck and shoulders")
    UPPER_BACK = "upper-back", _("Upper back and chest")
    LOW_BACK = "low-back", _("Low back")
    ABDOMEN = "abdomen", _("Abdomen")
    HIPS = "hips", _("Hips and buttocks")
    THIGHS = "thighs", _("Thighs")
    LOWER_LEGS = "lower-legs", _("Lower legs and feet")
    ARMS = "arms", _("Arms and hands")
    NERVES = "nerves", _("Nerves")
    WHOLE_BODY = "whole-body", _("Whole body")
    BREATHING = "breathing", _("Heart, lungs and breathing")


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
