"""What the demo's clinicians decided about the exercises that their patients' conditions speak against."""

from datetime import timedelta

from clinic.demo import cast
from clinic.prescriptions.models import Prescription, SafetyDecision
from clinic.prescriptions.safety_reading import lines_safety, precautions_of


def decide() -> None:
    """Every live plan of the demo as publishing asks for it: cautions seen, and each block kept with its reason."""
    reasons = {
        (person.last_name, slug): why
        for people in cast.PEOPLE.values()
        for person in people
        for slug, why in person.kept
    }
    live = Prescription.objects.live().filter(patient__clinic__is_demo=True, patient__conditions__ended_at=None)
    for plan in live.exclude(patient__conditions=None).select_related("patient").distinct():
        assert plan.published_at
        assert plan.published_by
        lines = list(plan.lines.select_related("exercise"))
        for line, safety in zip(lines, lines_safety(lines, precautions_of(plan.patient)), strict=True):
            if not safety.decidable:
                continue
            reason = reasons[plan.patient.last_name, line.exercise.slug] if safety.asks_override else ""
            decision = SafetyDecision.objects.create(
                patient=plan.patient,
                exercise=line.exercise,
                kind=SafetyDecision.OVERRIDE if reason else SafetyDecision.ACKNOWLEDGED,
                because=list(safety.codes),
                reason=reason,
                decided_by=plan.published_by,
            )
            decided_at = plan.published_at - timedelta(minutes=5)
            SafetyDecision.objects.filter(pk=decision.pk).update(decided_at=decided_at)
