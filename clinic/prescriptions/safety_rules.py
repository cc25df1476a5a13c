"""Which movements a condition blocks or asks caution for: the table of COND-1 to COND-6 as data.

Sources (COND-4): osteoporosis from Giangregorio 2015 (PMC5101068); inversion from manufacturers' and clinics' lists of
contraindications; hips from surgeons' usual limits of 6 to 12 weeks; spine surgery from limits of 4 to 6 weeks, of which
the longer 12 are used; pregnancy from ACOG 804; stenosis from Matsuwaka 2018; the rest is common practice. Whoever
changes a row raises `VERSION` and writes the snapshot anew: `manage.py safety_table`.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VERSION = 1

# The code of what holds for everybody, whatever their conditions.
EVERYONE = "everyone"
# FIXED: turning upside down is blocked for everybody until a dated clearance stands on the line.
EVERYONE_BLOCKS = frozenset({"inversion"})


@dataclass(frozen=True)
class Rule:
    """What one condition blocks and what it asks caution for, by movement tag.

    highest_level: exercises of a higher level are blocked. young_weeks and young_blocks: what is blocked in addition
    for so many weeks from the condition's date. suggests: exercises that stand in well.
    """

    code: str
    block: frozenset[str]
    caution: frozenset[str]
    extra: "StrOrPromise" = ""
    suggests: tuple[str, ...] = ()
    highest_level: int = 5
    cautions_all_other: bool = False
    young_weeks: int = 0
    young_blocks: frozenset[str] = frozenset()


def _rule(code: str, block: str, caution: str, extra: "StrOrPromise" = "", **more: object) -> Rule:
    return Rule(code, frozenset(block.split()), frozenset(caution.split()), extra, **more)  # type: ignore[arg-type]


RULES = (
    _rule(
        "acute-phase",
        "heavy-lift loaded-flexion axial-load rotation impact inversion",
        "breath-hold neck-load head-down",
        highest_level=2,
    ),
    _rule(
        "osteoporosis",
        "loaded-flexion impact inversion",
        "flexion rotation lateral-flexion heavy-lift balance head-down",
        suggests=("hip-hinge-dowel", "wall-side-plank", "counter-decompression-stretch", "prone-hip-extension"),
    ),
    _rule(
        "vertebral-fracture",
        "flexion loaded-flexion rotation heavy-lift impact inversion",
        "lateral-flexion extension axial-load overhead floor balance",
        _("Needs clearance, and a plan that a physiotherapist makes."),
    ),
    _rule(
        "pregnancy-early",
        "inversion",
        "heavy-lift breath-hold impact prone cardio",
        _("Needs clearance."),
    ),
    _rule(
        "pregnancy-late",
        "inversion prone impact",
        "supine loaded-flexion heavy-lift breath-hold rotation balance head-down floor",
        _(
            "Avoid long lying on the back. Stop signs: bleeding, fluid loss, contractions, chest pain, dizziness, calf pain, "
            "headache, breathless before effort."
        ),
    ),
    _rule(
        "postpartum",
        "inversion impact",
        "loaded-flexion heavy-lift breath-hold",
        _("Watch for doming, leakage and heaviness."),
    ),
    _rule(
        "hypertension-uncontrolled",
        "inversion heavy-lift",
        "breath-hold head-down cardio",
        _("Needs clearance. No training at 180/110 or more that day."),
    ),
    _rule(
        "hypertension-controlled",
        "inversion",
        "breath-hold heavy-lift head-down",
        _("Cue breathing on every hold."),
    ),
    _rule("glaucoma", "inversion head-down", "breath-hold heavy-lift"),
    _rule("retinal-disease", "inversion head-down impact heavy-lift", "breath-hold", _("Needs clearance.")),
    _rule("cardiac-stroke", "inversion heavy-lift", "breath-hold cardio head-down overhead", _("Needs clearance.")),
    _rule("anticoagulant", "inversion", "impact balance"),
    _rule("hernia-reflux", "inversion", "heavy-lift breath-hold loaded-flexion head-down prone"),
    _rule(
        "spine-surgery-recent",
        "flexion loaded-flexion rotation lateral-flexion heavy-lift axial-load impact inversion",
        "extension prone neural-tension floor kneeling",
        _("Needs clearance. The surgeon’s limits win. Log-roll first."),
    ),
    _rule("spinal-fusion", "inversion", "flexion loaded-flexion rotation extension heavy-lift impact"),
    _rule(
        "stenosis",
        "inversion",
        "extension axial-load impact overhead",
        _("Prefer flexion exercises and cycling."),
    ),
    _rule("spondylolisthesis", "extension impact inversion", "heavy-lift axial-load rotation loaded-flexion"),
    _rule(
        "radiculopathy-acute",
        "loaded-flexion heavy-lift impact inversion",
        "flexion rotation axial-load neural-tension",
        _("Ask about strength and numbness every week."),
    ),
    _rule("flexion-intolerant", "loaded-flexion", "flexion"),
    _rule("extension-intolerant", "", "extension prone"),
    _rule(
        "hip-replacement-recent",
        "hip-flex90 hip-cross impact inversion",
        "rotation kneeling knee-flex floor balance",
        _("Needs clearance. Record the approach; posterior: no flexion past 90°, no crossing, no inward turn."),
    ),
    _rule("hip-replacement", "", "hip-cross hip-flex90 impact"),
    _rule(
        "knee-replacement",
        "impact",
        "kneeling knee-flex floor",
        young_weeks=12,
        young_blocks=frozenset({"kneeling"}),
    ),
    _rule("knee-problem", "", "kneeling knee-flex impact"),
    _rule(
        "falls-risk",
        "impact",
        "balance floor kneeling head-down",
        _("Balance exercises only with the support named in the plan."),
    ),
    _rule(
        "dizziness-vertigo",
        "inversion",
        "head-down neck-load balance rotation",
        _("A faint in the last 4 weeks is a red flag."),
    ),
    _rule("neck-problem", "", "neck-load overhead axial-load"),
    _rule("shoulder-problem", "", "overhead wrist-load"),
    _rule("wrist-problem", "", "wrist-load", _("Fists, handles or forearms.")),
    _rule(
        "abdominal-surgery-recent",
        "loaded-flexion heavy-lift inversion prone",
        "breath-hold extension",
        _("Needs clearance."),
    ),
    _rule("pelvic-floor", "", "impact breath-hold heavy-lift loaded-flexion"),
    _rule(
        "spinal-malignancy",
        "flexion loaded-flexion rotation heavy-lift axial-load impact inversion",
        "",
        _("Needs clearance."),
        cautions_all_other=True,
    ),
    _rule("severe-obesity", "inversion", "floor impact prone", _("Mind the equipment’s weight limits.")),
    _rule("hypermobility", "", "flexion extension neural-tension", _("Mid-range, control first.")),
    _rule("pool-exclusion", "water", ""),
)
RULE_OF = {rule.code: rule for rule in RULES}

# Where tags alone are too weak: exercise, conditions it is blocked for, conditions it asks caution for (COND-6).
_OVERRIDES = (
    ("thoracic-extension-roller", "osteoporosis vertebral-fracture", ""),
    ("legs-up-the-wall", "", "hypertension-uncontrolled glaucoma cardiac-stroke"),
    ("clamshell", "", "hip-replacement-recent"),
    ("butterfly-stretch", "hip-replacement", ""),
    ("figure-four-supine", "", "hip-replacement"),
    ("figure-four-seated", "", "hip-replacement"),
    ("cable-chop", "osteoporosis spinal-fusion", ""),
    ("lower-trunk-rotation", "spinal-fusion", ""),
    ("prone-back-extension", "stenosis", ""),
    ("prone-arm-leg-raise", "stenosis", ""),
    ("roman-chair-extension", "stenosis", ""),
    ("jog-walk", "pelvic-floor", ""),
    ("supported-bar-hang", "shoulder-problem spine-surgery-recent", ""),
    ("sciatic-tensioner-seated", "radiculopathy-acute", ""),
    ("seated-forward-bend", "osteoporosis flexion-intolerant dizziness-vertigo", ""),
    ("double-knee-to-chest", "flexion-intolerant", ""),
    ("supine-hamstring-strap-stretch", "", "radiculopathy-acute"),
    ("seated-hamstring-stretch", "", "radiculopathy-acute"),
    ("standing-hamstring-stretch", "", "radiculopathy-acute"),
    ("crocodile-breathing", "pregnancy-early", ""),
    ("mcgill-curl-up", "neck-problem", ""),
    ("barbell-deadlift", "osteoporosis pregnancy-late spondylolisthesis", ""),
    ("romanian-deadlift", "pregnancy-late", ""),
    ("ball-glute-massage", "", "anticoagulant"),
    ("progressive-relaxation", "", "hypertension-uncontrolled"),
)
NAMED_BLOCKS = {slug: frozenset(blocked.split()) for slug, blocked, _ in _OVERRIDES}
NAMED_CAUTIONS = {slug: frozenset(cautioned.split()) for slug, _, cautioned in _OVERRIDES}

# The clinician's words for the movement tags. A clinic's own tags speak for themselves.
TAG_WORDS = {
    "flexion": _("flexion"),
    "loaded-flexion": _("loaded flexion"),
    "extension": _("extension"),
    "rotation": _("rotation"),
    "lateral-flexion": _("lateral flexion"),
    "heavy-lift": _("heavy lifting"),
    "axial-load": _("axial load"),
    "inversion": _("inversion"),
    "head-down": _("head below heart"),
    "impact": _("impact"),
    "overhead": _("arms overhead"),
    "kneeling": _("kneeling"),
    "floor": _("down to the floor and up"),
    "balance": _("balance"),
    "breath-hold": _("breath-holding"),
    "supine": _("lying supine"),
    "prone": _("lying prone"),
    "hip-flex90": _("hip flexion to 90°"),
    "hip-cross": _("hip past the midline"),
    "knee-flex": _("loaded knee flexion"),
    "wrist-load": _("weight on the wrists"),
    "neck-load": _("neck load"),
    "neural-tension": _("neural tension"),
    "cardio": _("raised heart rate"),
    "water": _("pool"),
}
