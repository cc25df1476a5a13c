"""What the demo's clinicians reach for, and an exercise that the clinic made for itself."""

from clinic.prescriptions.favourites import Favourite
from exercises.models import Exercise, MovementTag, Muscle
from patients.models import Clinician

FAVOURITES = {
    "clinician@demo.example": ("bird-dog", "bridge", "walking", "cat-cow", "hip-hinge-dowel"),
    "clinician2@demo.example": ("goblet-squat", "side-plank", "farmer-carry"),
}
WORKTOP_SQUAT = {
    "name": "Worktop-supported squat",
    "plain_name": "Squat at the worktop",
    "category": "strength",
    "position": "standing",
    "phases": ["main"],
    "level": 2,
    "measure": "reps",
    "sets": 2,
    "reps": 8,
    "rest_s": 45,
    "days_per_week": 3,
    "purpose": "It may help you get up from low chairs without fear.",
    "setup": "Stand in front of your kitchen worktop and hold on with both hands. Feet as wide as your hips.",
    "steps": [
        "Sit back as if there were a chair behind you.",
        "Go only as low as feels safe.",
        "Press your feet down and come up slowly.",
    ],
    "cues": ["Keep your heels down.", "Breathe out on the way up."],
    "mistakes": ["Pulling yourself up with your arms. Let your legs do the work, and go less low."],
    "ease_off": "Stop if your knee or back hurts more than before.",
    "feel": "Work in your thighs and buttocks.",
    "blocked_for": ["hip-replacement-recent"],
}


def add_prescribing() -> None:
    clinicians = {each.user.email: each for each in Clinician.objects.select_related("user")}
    catalogue = Exercise.objects.in_bulk(field_name="slug")
    Favourite.objects.bulk_create(
        Favourite(clinician=clinicians[email], exercise=catalogue[slug])
        for email, slugs in FAVOURITES.items()
        for slug in reversed(slugs)
    )
    clinic = clinicians["clinician@demo.example"].clinic_id
    own = Exercise.objects.create(slug="worktop-supported-squat", clinic_key=clinic, **WORKTOP_SQUAT)
    own.primary_muscles.set(Muscle.objects.filter(slug__in=("quadriceps", "gluteus-maximus")))
    own.tags.set(MovementTag.objects.filter(slug="knee-flex"))
    own.refresh_search()
