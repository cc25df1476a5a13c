"""What a new version of a plan changes, in the patient's words. Pure."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from django.utils.translation import gettext

from clinic.prescriptions.dosage import Dosage
from clinic.prescriptions.dosage_words import words, words_short, words_when


class Line(Protocol):
    @property
    def thread(self) -> UUID: ...

    @property
    def note(self) -> str: ...

    @property
    def dosage(self) -> Dosage: ...

    @property
    def plain_name(self) -> str: ...


def what_changed(old_lines: Iterable[Line], new_lines: Iterable[Line]) -> list[str]:
    """Plain sentences, in the order of the new plan, what was removed last. Lines are matched by thread.

    `Bridge: now 3 sets of 12 (was 10).`, `New: Bird dog.`, `Removed: Plank.`
    """
    old = {line.thread: line for line in old_lines}
    new = list(new_lines)
    sentences = []
    for line in new:
        before = old.get(line.thread)
        sentences += (
            _changes(before, line) if before else [gettext("New: %(exercise)s.") % {"exercise": line.plain_name}]
        )
    kept = {line.thread for line in new}
    return sentences + [
        gettext("Removed: %(exercise)s.") % {"exercise": line.plain_name}
        for line in old.values()
        if line.thread not in kept
    ]


def _changes(before: Line, after: Line) -> list[str]:
    name, old, new = after.plain_name, before.dosage, after.dosage
    sentences = []
    if words_short(old) != words_short(new):
        sentences.append(
            gettext("%(exercise)s: now %(dose)s (was %(before)s).")
            % {"exercise": name, "dose": words_short(new), "before": _was(old, new)}
        )
    elif words(old) != words(new):
        sentences.append(f"{name}: {words(new)}")
    if words_when(old) != words_when(new):
        sentences.append(
            gettext("%(exercise)s: now %(dose)s (was %(before)s).")
            % {"exercise": name, "dose": words_when(new), "before": words_when(old)}
        )
    if after.note and after.note != before.note:
        sentences.append(gettext("%(exercise)s: a new tip for you.") % {"exercise": name})
    return sentences


def _was(old: Dosage, new: Dosage) -> str:
    """Only the number of repetitions where nothing else differs."""
    if old.reps and not new.rep_list and words_short(replace(old, reps=new.reps)) == words_short(new):
        return str(old.reps)
    return words_short(old)
