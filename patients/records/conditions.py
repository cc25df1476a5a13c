"""The closed list of conditions and precautions that exercises are matched against.

The codes are stable keys: safety rules and records name them. `applies_when` is what a clinician reads when choosing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Condition:
    code: str
    name: str
    applies_when: str


CONDITIONS = (
    Condition("acute-phase", "Acute phase", "new episode up to day 7 (clinician may extend to 14) or flare mode on"),
    Condition("osteoporosis", "Osteoporosis", "known osteoporosis or osteopenia with risk, no vertebral fracture"),
    Condition(
        "vertebral-fracture",
        "Vertebral fracture",
        "vertebral fracture ever (fragility) or any spinal fracture under 12 weeks",
    ),
    Condition("pregnancy-early", "Pregnancy, before 16 weeks", "pregnant, before 16 weeks"),
    Condition("pregnancy-late", "Pregnancy, 16 weeks on", "pregnant, 16 weeks on"),
    Condition("postpartum", "Postpartum, under 12 weeks", "under 12 weeks after birth"),
    Condition(
        "hypertension-uncontrolled",
        "Hypertension, uncontrolled",
        "known 160/100 or more, or treated but unstable, or unsure",
    ),
    Condition("hypertension-controlled", "Hypertension, controlled", "treated and stable"),
    Condition("glaucoma", "Glaucoma", "glaucoma or raised eye pressure"),
    Condition("retinal-disease", "Retinal disease", "retinal tear, detachment or eye surgery under 12 weeks"),
    Condition("cardiac-stroke", "Cardiac disease or stroke", "heart disease, heart failure, stroke or TIA"),
    Condition("anticoagulant", "Anticoagulant", "blood thinner or bleeding disorder"),
    Condition("hernia-reflux", "Hernia or reflux", "hiatus, inguinal or abdominal-wall hernia; bad reflux"),
    Condition("spine-surgery-recent", "Spine surgery, under 12 weeks", "any spine surgery under 12 weeks"),
    Condition("spinal-fusion", "Spinal fusion", "fused segment, 12 weeks on"),
    Condition("stenosis", "Spinal stenosis", "lumbar spinal stenosis"),
    Condition("spondylolisthesis", "Spondylolisthesis", "symptomatic spondylolysis or spondylolisthesis"),
    Condition("radiculopathy-acute", "Acute radiculopathy", "leg pain with nerve signs, under 6 weeks"),
    Condition("flexion-intolerant", "Flexion-intolerant", "clinician-set direction flag"),
    Condition("extension-intolerant", "Extension-intolerant", "clinician-set direction flag"),
    Condition(
        "hip-replacement-recent",
        "Hip replacement, under 12 weeks",
        "under 12 weeks, or surgeon limits still on",
    ),
    Condition("hip-replacement", "Hip replacement", "12 weeks on, limits lifted"),
    Condition("knee-replacement", "Knee replacement", "any; under 12 weeks kneeling becomes block"),
    Condition("knee-problem", "Knee problem", "painful knee or knee osteoarthritis"),
    Condition("falls-risk", "Falls risk", "2 or more falls in 12 months, 1 with injury, or clinician flag"),
    Condition("dizziness-vertigo", "Dizziness or vertigo", "vertigo, fainting or postural drop"),
    Condition("neck-problem", "Neck problem", "neck pain or arm nerve signs"),
    Condition("shoulder-problem", "Shoulder problem", "painful or unstable shoulder"),
    Condition("wrist-problem", "Wrist problem", "painful wrist or hand"),
    Condition(
        "abdominal-surgery-recent",
        "Abdominal surgery, under 12 weeks",
        "abdominal or pelvic surgery under 12 weeks",
    ),
    Condition("pelvic-floor", "Pelvic floor", "leakage, prolapse or heaviness"),
    Condition("spinal-malignancy", "Spinal malignancy", "known bone metastasis or myeloma"),
    Condition("severe-obesity", "Severe obesity", "BMI 40 or more"),
    Condition("hypermobility", "Hypermobility", "generalised joint hypermobility"),
    Condition(
        "pool-exclusion",
        "Pool exclusion",
        "open wound, skin infection, uncontrolled epilepsy or incontinence",
    ),
)
BY_CODE = {condition.code: condition for condition in CONDITIONS}
CONDITION_CHOICES = [(condition.code, condition.name) for condition in CONDITIONS]

# How a clinician looks for them: every code stands in one group.
GROUPS = {
    "Spine": (
        "acute-phase", "radiculopathy-acute", "stenosis", "spondylolisthesis", "spine-surgery-recent", "spinal-fusion",
        "flexion-intolerant", "extension-intolerant", "neck-problem",
    ),
    "Bones and joints": (
        "osteoporosis", "vertebral-fracture", "hip-replacement-recent", "hip-replacement", "knee-replacement",
        "knee-problem", "shoulder-problem", "wrist-problem", "hypermobility",
    ),
    "Heart, vessels and eyes": (
        "cardiac-stroke", "hypertension-uncontrolled", "hypertension-controlled", "anticoagulant", "glaucoma",
        "retinal-disease",
    ),
    "Pregnancy, abdomen and pelvis": (
        "pregnancy-early", "pregnancy-late", "postpartum", "pelvic-floor", "hernia-reflux", "abdominal-surgery-recent",
    ),
    "Balance and general health": (
        "falls-risk", "dizziness-vertigo", "severe-obesity", "spinal-malignancy", "pool-exclusion",
    ),
}  # fmt: skip
