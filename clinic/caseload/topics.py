"""What a reason is about, in a clinician's few words: the filters of the caseload."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from patients.tasks.models import Kind


class Topic(TextChoices):
    FLAG = "flag", _("Safety")
    FLARE = "flare", _("Flare-up")
    PAIN = "pain", _("Pain")
    QUIET = "quiet", _("Not exercising")
    PLAN = "plan", _("Plan")
    PROPOSAL = "proposal", _("Proposal")
    MEASURE = "measure", _("Measures")
    MESSAGE = "message", _("Message")
    TEAM = "team", _("Team")
    OTHER = "other", _("Other")


_KINDS = {
    Topic.FLAG: (Kind.FLAG_A, Kind.FLAG_B, Kind.FLAG_C, Kind.ADVERSE, Kind.SAFETY),
    Topic.FLARE: (Kind.FLARE, Kind.FLARE_LONG, Kind.FLARE_AGAIN),
    Topic.PAIN: (Kind.STOPS, Kind.AWAY, Kind.PAIN_UP),
    Topic.QUIET: (Kind.GAP, Kind.LOW, Kind.SILENT, Kind.SKIPS, Kind.UNWELL, Kind.NOT_JOINED),
    Topic.PLAN: (Kind.REVIEW, Kind.NO_PLAN),
    Topic.PROPOSAL: (Kind.PROPOSAL, Kind.PLATEAU, Kind.STEP_BACK, Kind.OVERDOING),
    Topic.MEASURE: (Kind.WORSE, Kind.MEASURE_DUE),
    Topic.MESSAGE: (Kind.MESSAGE,),
    Topic.TEAM: (Kind.HANDED_OVER, Kind.NO_LEAD, Kind.EMERGENCY),
    Topic.OTHER: (Kind.OTHER,),
}
OF_KIND: Mapping[Kind, Topic] = MappingProxyType({kind: topic for topic, kinds in _KINDS.items() for kind in kinds})
BIT: Mapping[str, int] = MappingProxyType({topic.value: 1 << n for n, topic in enumerate(Topic)})


def bits_of(kinds: Iterable[Kind | None]) -> int:
    """The topics of these kinds as one number, so that a database filters by them."""
    found = 0
    for kind in kinds:
        if kind:
            found |= BIT[OF_KIND[kind]]
    return found
