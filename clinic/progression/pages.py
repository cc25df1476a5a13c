"""What the pages show of proposals. Two queries, however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext

from clinic.prescriptions.dosage import Dosage
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.models import PrescribedExercise
from clinic.progression.actions import asks
from clinic.progression.forms import DeclineForm
from clinic.progression.models import Proposal, ProposalQuerySet
from clinic.progression.words import percent
from patients.models import Patient


@dataclass(frozen=True)
class Row:
    uuid: UUID
    rule: str
    title: str
    before: str
    after: str
    evidence: str
    asks: list[str]
    form: DeclineForm
    is_confirmed: bool = False
    not_confirmed: bool = False


@dataclass(frozen=True)
class Group:
    """One patient's open proposals. `chosen`: ticked, in a form that was refused."""

    patient: Patient
    rows: list[Row]
    chosen: frozenset[UUID] = frozenset()
    error: str = ""

    @property
    def has_several(self) -> bool:
        return len(self.rows) > 1


@dataclass(frozen=True)
class Typed:
    """What was typed into a form that was refused."""

    declining: UUID | None = None
    form: DeclineForm | None = None
    chosen: frozenset[UUID] = frozenset()
    confirmed: frozenset[UUID] = frozenset()
    not_confirmed: frozenset[UUID] = frozenset()
    error: str = ""


NOTHING_TYPED = Typed()


def group_of(patient: Patient, typed: Typed = NOTHING_TYPED) -> Group:
    found = groups_of(Proposal.objects.filter(patient=patient), typed)
    return found[0] if found else Group(patient, [], error=typed.error)


def groups_of(proposals: ProposalQuerySet, typed: Typed = NOTHING_TYPED) -> list[Group]:
    """By patient, in the order of their names."""
    found = proposals.open().select_related("patient__clinic", "prescription")
    rows: dict[Patient, list[Proposal]] = {}
    for each in found.order_by("patient__last_name", "patient__first_name", "patient", "made_at", "pk"):
        rows.setdefault(each.patient, []).append(each)
    lines = _lines(each for of_one in rows.values() for each in of_one)
    return [
        Group(
            patient=patient,
            rows=[_row(each, lines, typed) for each in of_one],
            chosen=typed.chosen,
            error=typed.error,
        )
        for patient, of_one in rows.items()
    ]


Lines = dict[tuple[int, UUID], PrescribedExercise]


def _lines(proposals: Iterable[Proposal]) -> Lines:
    wanted = list(proposals)
    found = PrescribedExercise.objects.filter(
        prescription__in={each.prescription_id for each in wanted},
        thread__in={each.thread for each in wanted if each.thread},
    )
    return {(line.prescription_id, line.thread): line for line in found.select_related("exercise").defer("told")}


def _row(proposal: Proposal, lines: Lines, typed: Typed) -> Row:
    title, before, after = _words(proposal, lines)
    form = typed.form if typed.form and typed.declining == proposal.uuid else DeclineForm()
    return Row(
        uuid=proposal.uuid,
        rule=proposal.rule,
        title=title,
        before=before,
        after=after,
        evidence=proposal.evidence,
        asks=asks(proposal),
        form=form,
        is_confirmed=proposal.uuid in typed.confirmed,
        not_confirmed=proposal.uuid in typed.not_confirmed,
    )


def _words(proposal: Proposal, lines: Lines) -> tuple[str, str, str]:
    """What it is about, how it is now and how it would be."""
    change = proposal.change
    if proposal.thread is None:
        now, parts = gettext("the whole plan"), []
        if "stage" in change:
            now = gettext("stage %(number)s") % {"number": proposal.prescription.stage}
            parts.append(gettext("stage %(number)s") % {"number": change["stage"]})
        if "volume" in change:
            parts.append(gettext("%(share)s of the volume") % {"share": percent(change["volume"])})
        return (gettext("Whole plan") if proposal.rule == "PROG-9" else gettext("Next stage")), now, ", ".join(parts)
    line = lines.get((proposal.prescription_id, proposal.thread))
    title, before = (line.exercise.name, display(line.dosage)) if line else (gettext("Exercise"), "")
    if "remove" in change:
        return title, before, gettext("taken out")
    after = display(Dosage.from_dict(change["dosage"]))
    if "exercise" in change:
        after = f"{change['exercise'].replace('-', ' ').capitalize()}, {after}"
    return title, before, after
