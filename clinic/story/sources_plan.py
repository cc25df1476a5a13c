"""What became of the plan, for a timeline: versions, pauses, flare-ups and easings."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clinic.flare.models import FlareUp
from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.models import Easing, Pause, PrescribedExercise, Prescription
from clinic.progression.models import Proposal
from clinic.story.asked import Asked
from clinic.story.entries import Entry, Kind, Read


def plans(asked: Asked) -> Iterable[Read]:
    """Versions with what they change, ends and proposals decided. Three queries."""
    versions = (
        Prescription.objects.visible_to(asked.user)
        .filter(patient=asked.patient, published_at__lt=asked.moment)
        .select_related("published_by", "ended_by")
        .annotate(is_replaced=Exists(Prescription.objects.published().filter(replaces=OuterRef("pk"))))
    )
    rows = asked.latest(versions, "ended_at", "published_at")
    lines = _lines_of(rows)

    def entries(row: Any) -> Iterable[Entry]:
        yield _published(row, lines, asked.day(row.published_at))
        if row.ended_at and not row.is_replaced:
            yield Entry(
                Kind.PLAN, asked.day(row.ended_at), _("Plan ended"), tuple(filter(None, (row.title, row.end_reason))),
                reverse("prescription", args=[row.uuid]), who=str(row.ended_by), at=row.ended_at,
            )  # fmt: skip

    yield asked.read(rows, lambda row: asked.day(row.last), entries)
    decided = (
        Proposal.objects.visible_to(asked.user)
        .filter(patient=asked.patient, decided_at__lt=asked.moment, state__in=[Proposal.ACCEPTED, Proposal.DECLINED])
        .select_related("decided_by")
    )
    yield asked.told(decided, lambda row: [_proposal(asked, row)], "decided_at")


def _lines_of(rows: Sequence[Prescription]) -> dict[int, list[PrescribedExercise]]:
    """Of these plans and of those they replaced."""
    wanted = {row.pk for row in rows} | {row.replaces_id for row in rows if row.replaces_id}
    found: dict[int, list[PrescribedExercise]] = defaultdict(list)
    for line in PrescribedExercise.objects.filter(prescription__in=wanted).select_related("exercise"):
        found[line.prescription_id].append(line)
    return found


def _published(row: Prescription, lines: dict[int, list[PrescribedExercise]], day: date) -> Entry:
    starts = (
        (_("From %(day)s") % {"day": date_format(row.starts_on, "j F")},)
        if row.starts_on != day
        else tuple[str, ...]()
    )
    if row.replaces_id:
        title = _("Version %(number)s of the plan") % {"number": row.version}
        told = tuple(what_changed(lines[row.replaces_id], lines[row.pk])) or (_("No exercise changed"),)
    else:
        title = _("New plan: %(title)s") % {"title": row.title}
        number = len(lines[row.pk])
        told = (ngettext("%(number)s exercise", "%(number)s exercises", number) % {"number": number},)
    return Entry(
        Kind.PLAN, day, title, (*starts, *told), reverse("prescription", args=[row.uuid]), "info", str(row.published_by),
        row.published_at, (row.note_to_patient,) if row.note_to_patient else (),
    )  # fmt: skip


def _proposal(asked: Asked, row: Proposal) -> Entry:
    title = _("Proposal accepted") if row.state == Proposal.ACCEPTED else _("Proposal declined")
    return Entry(
        Kind.PLAN, asked.day(row.decided_at), title, tuple(filter(None, (row.evidence, row.reason))),  # type: ignore[arg-type]
        asked.url("patient_record", at="#plan"), who=str(row.decided_by), at=row.decided_at,
    )  # fmt: skip


def pauses(asked: Asked) -> Iterable[Read]:
    rows = Pause.objects.filter(prescription__patient=asked.patient, paused_at__lt=asked.moment)
    rows = rows.select_related("prescription", "paused_by", "resumed_by")

    def entries(row: Any) -> Iterable[Entry]:
        url = reverse("prescription", args=[row.prescription.uuid])
        yield Entry(
            Kind.OFF, asked.day(row.paused_at), _("Plan paused"), (row.reason,), url, who=str(row.paused_by),
            at=row.paused_at,
        )  # fmt: skip
        if row.resumed_at:
            yield Entry(
                Kind.OFF, asked.day(row.resumed_at), _("Plan resumed"), (), url, who=str(row.resumed_by), at=row.resumed_at
            )  # fmt: skip

    yield asked.told(rows, entries, "resumed_at", "paused_at")


def flares(asked: Asked) -> Iterable[Read]:
    """Flare-ups, and exercises that rest or are halved. Two queries."""
    flares = FlareUp.objects.visible_to(asked.user).filter(patient=asked.patient, began_at__lt=asked.moment)
    flares = flares.select_related("began_by", "ended_by")
    yield asked.told(flares, lambda row: _flare(asked, row), "ended_at", "began_at")
    name = PrescribedExercise.objects.filter(thread=OuterRef("thread"), prescription__patient=asked.patient)
    name = name.filter(prescription__published_at__isnull=False).order_by("-prescription__version")
    easings = Easing.objects.filter(patient=asked.patient, made_at__lt=asked.moment)
    easings = easings.annotate(exercise=Subquery(name.values("exercise__name")[:1])).select_related("made_by")
    made = TruncDate("made_at", tzinfo=asked.patient.zone)
    yield asked.told(easings, lambda row: _easing(asked, row), "lifted_on", made)


def _flare(asked: Asked, row: FlareUp) -> Iterable[Entry]:
    url = asked.url("patient_record", at="#eased")
    yield Entry(
        Kind.FLARE, asked.day(row.began_at), _("Flare-up"),
        (row.get_because_display(), _("Gentle days to %(day)s") % {"day": date_format(row.until_day, "j F")}),
        url, "danger", str(row.began_by), row.began_at,
    )  # fmt: skip
    if row.ended_at:
        yield Entry(
            Kind.FLARE, asked.day(row.ended_at), _("Flare-up ended"), (), url, "good", str(row.ended_by), row.ended_at
        )  # fmt: skip


def _easing(asked: Asked, row: Any) -> Iterable[Entry]:
    exercise, url = row.exercise or _("An exercise"), asked.url("patient_record", at="#eased")
    title = (_("%(exercise)s rests") if row.kind == Easing.Kind.WITHHELD else _("%(exercise)s at half")) % {
        "exercise": exercise
    }
    who = str(row.made_by) if row.made_by else _("A rule")
    made = asked.day(row.made_at)
    later = (
        (_("From %(day)s") % {"day": date_format(row.from_day, "j F")},)
        if row.from_day != made
        else tuple[str, ...]()
    )
    told = (*later, row.words or row.get_because_display())
    yield Entry(Kind.FLARE, made, title, told, url, "warn", who, row.made_at)
    if row.lifted_on:
        yield Entry(
            Kind.FLARE, row.lifted_on, _("%(exercise)s as prescribed again") % {"exercise": exercise}, (), url
        )
