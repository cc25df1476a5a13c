"""The closed list of conditions and precautions that exercises are matched against.

The codes are stable keys: safety rules and records name them. `applies_when` is what a clinician reads when choosing.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True)
class Condition:
    code: str
    name: "StrOrPromise"
    applies_when: "StrOrPromise"


CONDITIONS = (
    Condition(
        "acute-phase", _("Acute phase"), _("new episode up to day 7 (clinician may extend to 14) or flare mode on")
    ),
    Condition(
        "osteoporosis", _("Osteoporosis"), _("known osteoporosis or osteopenia with risk, no vertebral fracture")
    ),
    Condition(
        "vertebral-fracture",
        _("Vertebral fracture"),
        _("vertebral fracture ever (fragility) or any spinal fracture under 12 weeks"),
    ),
    Condition("pregnancy-early", _("Pregnancy, before 16 weeks"), _("pregnant, before 16 weeks")),
    Condition("pregnancy-late", _("Pregnancy, 16 weeks on"), _("pregnant, 16 weeks on")),
    Condition("postpartum", _("Postpartum, under 12 weeks"), _("under 12 weeks after birth")),
    Condition(
        "hypertension-uncontrolled",
        _("Hypertension, uncontrolled"),
        _("known 160/100 or more, or treated but unstable, or unsure"),
    ),
    Condition("hypertension-controlled", _("Hypertension, controlled"), _("treated and stable")),
    Condition("glaucoma", _("Glaucoma"), _("glaucoma or raised eye pressure")),
    Condition("retinal-disease", _("Retinal disease"), _("retinal tear, detachment or eye surgery under 12 weeks")),
    Condition("cardiac-stroke", _("Cardiac disease or stroke"), _("heart disease, heart failure, stroke or TIA")),
    Condition("anticoagulant", _("Anticoagulant"), _("blood thinner or bleeding disorder")),
    Condition("hernia-reflux", _("Hernia or reflux"), _("hiatus, inguinal or abdominal-wall hernia; bad reflux")),
    Condition("spine-surgery-recent", _("Spine surgery, under 12 weeks"), _("any spine surgery under 12 weeks")),
    Condition("spinal-fusion", _("Spinal fusion"), _("fused segment, 12 weeks on")),
    Condition("stenosis", _("Spinal stenosis"), _("lumbar spinal stenosis")),
    Condition("spondylolisthesis", _("Spondylolisthesis"), _("symptomatic spondylolysis or spondylolisthesis")),
    Condition("radiculopathy-acute", _("Acute radiculopathy"), _("leg pain with nerve signs, under 6 weeks")),
    Condition("flexion-intolerant", _("Flexion-intolerant"), _("clinician-set direction flag")),
    Condition("extension-intolerant", _("Extension-intolerant"), _("clinician-set direction flag")),
    Condition(
        "hip-replacement-recent",
        _("Hip replacement, under 12 weeks"),
        _("under 12 weeks, or surgeon limits still on"),
    ),
    Condition("hip-replacement", _("Hip replacement"), _("12 weeks on, limits lifted")),
    Condition("knee-replacement", _("Knee replacement"), _("any; under 12 weeks kneeling becomes block")),
    Condition("knee-problem", _("Knee problem"), _("painful knee or knee osteoarthritis")),
    Condition("falls-risk", _("Falls risk"), _("2 or more falls in 12 months, 1 with injury, or clinician flag")),
    Condition("dizziness-vertigo", _("Dizziness or vertigo"), _("vertigo, fainting or postural drop")),
    Condition("neck-problem", _("Neck problem"), _("neck pain or arm nerve signs")),
    Condition("shoulder-problem", _("Shoulder problem"), _("painful or unstable shoulder")),
    Condition("wrist-problem", _("Wrist problem"), _("painful wrist or hand")),
    Condition(
        "abdominal-surgery-recent",
        _("Abdominal surgery, under 12 weeks"),
        _("abdominal or pelvic surgery under 12 weeks"),
    ),
    Condition("pelvic-floor", _("Pelvic floor"), _("leakage, prolapse or heaviness")),
    Condition("spinal-malignancy", _("Spinal malignancy"), _("known bone metastasis or myeloma")),
    Condition("severe-obesity", _("Severe obesity"), _("BMI 40 or more")),
    Condition("hypermobility", _("Hypermobility"), _("generalised joint hypermobility")),
    Condition(
        "pool-exclusion",
        _("Pool exclusion"),
        _("open wound, skin infection, uncontrolled epilepsy or incontinence"),
    ),
)
BY_CODE = {condition.code: condition for condition in CONDITIONS}
CONDITION_CHOICES = [(condition.code, condition.name) for condition in CONDITIONS]

# How a clinician looks for them: every code stands in one group.
GROUPS = {
    _("Spine"): (
        "acute-phase", "radiculopathy-acute", "stenosis", "spondylolisthesis", "spine-surgery-recent", "spinal-fusion",
        "flexion-intolerant", "extension-intolerant", "neck-problem",
    ),
    _("Bones and joints"): (
        "osteoporosis", "vertebral-fracture", "hip-replacement-recent", "hip-replacement", "knee-replacement",
        "knee-problem", "shoulder-problem", "wrist-problem", "hypermobility",
    ),
    _("Heart, vessels and eyes"): (
        "cardiac-stroke", "hypertension-uncontrolled", "hypertension-controlled", "anticoagulant", "glaucoma",
        "retinal-disease",
    ),
    _("Pregnancy, abdomen and pelvis"): (
        "pregnancy-early", "pregnancy-late", "postpartum", "pelvic-floor", "hernia-reflux", "abdominal-surgery-recent",
    ),
    _("Balance and general health"): (
        "falls-risk", "dizziness-vertigo", "severe-obesity", "spinal-malignancy", "pool-exclusion",
    ),
}  # fmt: skip
