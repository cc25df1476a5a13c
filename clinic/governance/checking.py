"""Holds the clinic's content against its rules: what `contradictions` needs is read here, in a fixed number of queries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext

from clinic.governance.contradictions import (
    SIGNS_ARTICLE,
    Finding,
    Passage,
    Program,
    dead_links,
    missing_signs,
    own_conditions,
    program_findings,
    words_against,
    wrong_holds,
    wrong_numbers,
)
from clinic.governance.models import LetStand
from clinic.governance.overview import current, edit_url
from clinic.prescriptions.dosage import Dosage, DosageError, soft_warnings
from clinic.prescriptions.dosage_words import display
from clinic.prescriptions.drafting import default_dosage
from clinic.prescriptions.models import Protocol
from clinic.prescriptions.safety import BLOCK, Standing, match
from clinic.prescriptions.safety_reading import facts_of
from clinic.prescriptions.safety_rules import EVERYONE
from clinic.prescriptions.safety_table import ANY_DAY
from exercises.governance import Reviewed
from exercises.models import Article, Exercise, Phase, Question, Translation
from exercises.translations import KINDS, other_languages, outdated
from exercises.words import listed
from patients.accounts.thresholds import DEFAULTS
from patients.models import Clinic
from patients.screening.red_flags import GROUPS

TEXTS: dict[type[Reviewed], tuple[str, ...]] = {
    Article: ("title", "summary", "body"),
    Question: ("question", "answer"),
    Exercise: ("purpose", "setup", "steps", "cues", "mistakes", "ease_off", "feel", "cautions"),
    Protocol: ("summary", "suits", "not_for", "schedule", "progress", "stop", "basis"),
}
# Here a text names what should not be.
SAYS_WHAT_NOT_TO = {"mistakes", "not_for"}


@dataclass(frozen=True)
class Checked:
    """open: contradictions nobody looked at. remarks: unusual. standing: looked at, with the word that was kept."""

    open: list[Finding]
    remarks: list[Finding]
    standing: list[tuple[Finding, LetStand]]

    def finding(self, key: str) -> Finding | None:
        return next((each for each in (*self.open, *self.remarks) if each.key == key), None)


def check_content() -> Checked:
    kept = {each.key: each for each in LetStand.objects.select_related("looked_at_by")}
    waiting, standing = [], []
    for finding in {each.key: each for each in _findings()}.values():
        word = kept.get(finding.key)
        # A word that was given for another text counts no more.
        if word and word.text == finding.text:
            standing.append((finding, word))
        else:
            waiting.append(finding)
    return Checked(
        open=[each for each in waiting if not each.is_remark],
        remarks=[each for each in waiting if each.is_remark],
        standing=standing,
    )


def _findings() -> Iterator[Finding]:
    content = {model: list(current(model)) for model in TEXTS}
    protocols = list(Protocol.objects.current().prefetch_related("lines__exercise"))
    passages = [passage for rows in content.values() for row in rows for passage in passages_of(row)]
    thresholds = list(dict.fromkeys(clinic.thresholds for clinic in Clinic.objects.all())) or [DEFAULTS]
    yield from wrong_numbers(passages, thresholds)
    yield from words_against([each for each in passages if each.field not in SAYS_WHAT_NOT_TO])
    yield from _signs(passages)
    yield from wrong_holds(_holds(content[Exercise], passages))
    yield from _programs(protocols)
    yield from _unusual_doses(content[Exercise], protocols)
    yield from dead_links(passages, _Addresses(content).leads_to)
    yield from _old_translations(content)


def passages_of(row: Any) -> list[Passage]:
    return [
        passage_of(row, field, "\n".join(text) if isinstance(text, list) else text)
        for field in TEXTS[type(row)]
        if (text := getattr(row, field))
    ]


def passage_of(row: Any, field: str, text: str) -> Passage:
    place = str(row._meta.get_field(field).verbose_name) if field in TEXTS[type(row)] else field
    return Passage(
        kind=str(row._meta.model_name), slug=row.slug, title=str(row), field=field, place=place, text=text,
        edit_url=edit_url(row),
    )  # fmt: skip


def _signs(passages: Sequence[Passage]) -> Iterator[Finding]:
    labels = {each.id: str(each.label) for group in GROUPS for each in group.questions if each.level == "A"}
    article = next(
        (it for it in passages if (it.kind, it.slug, it.field) == ("article", SIGNS_ARTICLE, "body")), None
    )
    nowhere = Passage(
        "article",
        SIGNS_ARTICLE,
        SIGNS_ARTICLE,
        "body",
        gettext("article"),
        "",
        reverse("admin:exercises_article_add"),
    )
    yield from missing_signs(article, labels, nowhere)


def _holds(exercises: Sequence[Any], passages: Sequence[Passage]) -> Iterator[tuple[Passage, int]]:
    holds = {exercise.slug: exercise.hold_s for exercise in exercises if exercise.hold_s}
    for passage in passages:
        if passage.kind == "exercise" and passage.field in {"steps", "cues"} and passage.slug in holds:
            yield passage, holds[passage.slug]


def _programs(protocols: Sequence[Protocol]) -> Iterator[Finding]:
    facts = facts_of({line.exercise_id for protocol in protocols for line in protocol.lines.all()})
    for protocol in protocols:
        lines = list(protocol.lines.all())
        standing = [Standing(code) for code in own_conditions(protocol.suits)]
        blocked = {}
        for line in lines:
            found = match(standing, facts[line.exercise_id], ANY_DAY)
            why = [each.why for each in found.because if each.strength == BLOCK and each.code != EVERYONE]
            if why:
                blocked[line.exercise.name] = " ".join(why)
        program = Program(
            passage=passage_of(protocol, "summary", protocol.summary),
            weeks=protocol.weeks,
            labels=tuple(dict.fromkeys(line.stage_label for line in lines)),
            rules=tuple(protocol.stage_rules.values()),
            blocked=blocked,
        )
        yield from program_findings(program, passage_of(protocol, "progress", protocol.progress))


def _unusual_doses(exercises: Sequence[Any], protocols: Sequence[Protocol]) -> Iterator[Finding]:
    """Outside the usual range of their kind: a remark, as in the builder."""
    for exercise in exercises:
        yield from _unusual(passage_of(exercise, "usual start", ""), default_dosage(exercise), exercise.category, "")
    for protocol in protocols:
        for line in protocol.lines.all():
            kind = "desk" if line.phase == Phase.DESK else line.exercise.category
            yield from _unusual(passage_of(protocol, "lines", ""), line.dosage, kind, f"{line.exercise.name}: ")


def _unusual(passage: Passage, dosage: Dosage, category: str, before: str) -> Iterator[Finding]:
    try:
        remarks = soft_warnings(dosage, category=category, age=None)
    except DosageError as wrong:
        yield Finding("DOS-5", passage, f"{before}{display(dosage)}", str(wrong))
        return
    for remark in remarks:
        yield Finding("DOS-10", passage, f"{before}{display(dosage)}", remark, is_remark=True)


def _old_translations(content: dict[type[Reviewed], list[Any]]) -> Iterator[Finding]:
    rows = {(row._meta.model_name, row.slug): row for kind in content.values() for row in kind}
    for each in Translation.objects.filter(language__in=other_languages(), kind__in=KINDS):
        row = rows.get((each.kind, each.slug))
        if row is not None and (changed := outdated(row, each)):
            names = listed([str(row._meta.get_field(name).verbose_name) for name in changed])
            said = gettext("%(language)s: %(fields)s") % {
                "language": other_languages()[each.language],
                "fields": names,
            }
            passage = passage_of(row, "translation", "".join(str(getattr(row, name)) for name in changed))
            yield Finding("LANGUAGE", passage, said, gettext("The original says something else by now."))


class _Addresses:
    """Where a link inside the content leads."""

    def __init__(self, content: dict[type[Reviewed], list[Any]]) -> None:
        self.articles = {row.slug for row in content[Article] if row.is_published}
        self.exercises = {row.slug for row in content[Exercise]}
        self.retired = set(Exercise.objects.exclude(retired_at=None).values_list("slug", flat=True))

    def leads_to(self, address: str) -> str:
        try:
            found = resolve(address.split("#")[0].split("?")[0])
        except Resolver404:
            return gettext("There is no such page.")
        slug = found.kwargs.get("slug", "")
        if found.url_name == "article" and slug not in self.articles:
            return gettext("There is no such article, or it is a draft.")
        if found.url_name == "exercise" and slug in self.retired:
            return gettext("This exercise was retired from the catalogue.")
        if found.url_name == "exercise" and slug not in self.exercises:
            return gettext("There is no such exercise.")
        return ""
