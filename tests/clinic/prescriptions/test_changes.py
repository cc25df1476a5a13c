from dataclasses import dataclass, field
from uuid import UUID, uuid4

from clinic.prescriptions.changes import what_changed
from clinic.prescriptions.dosage import Dosage
from clinic.prescriptions.dosage_parse import parse


@dataclass
class Line:
    plain_name: str
    dosage: Dosage
    note: str = ""
    thread: UUID = field(default_factory=uuid4)

    def now(self, dose: str = "", note: str = "") -> "Line":
        return Line(self.plain_name, parse(dose) if dose else self.dosage, note or self.note, self.thread)


BRIDGE = Line("Bridge", parse("3x10 5s hold"))
WALK = Line("Walking", parse("10 min"))


def test_same_plan_has_no_changes():
    assert what_changed([BRIDGE, WALK], [BRIDGE, WALK]) == []


def test_more_repetitions_name_the_old_number():
    assert what_changed([BRIDGE], [BRIDGE.now("3x12 5s hold")]) == [
        "Bridge: now 3 sets of 12, hold 5 seconds (was 10)."
    ]


def test_other_changes_name_the_whole_old_dose():
    assert what_changed([WALK], [WALK.now("15 min")]) == ["Walking: now 15 minutes (was 10 minutes)."]


def test_other_days_are_told_apart_from_the_dose():
    assert what_changed([WALK], [WALK.now("10 min 2x/day Mo We")]) == [
        "Walking: now 2 times a day, Monday and Wednesday (was every day)."
    ]


def test_rest_is_told_in_a_sentence():
    assert what_changed([BRIDGE], [BRIDGE.now("3x10 5s hold 60s rest")]) == [
        "Bridge: Do it 10 times. Hold each one for 5 seconds. Rest for 1 minute, then repeat. Do 3 sets in all."
    ]


def test_new_note_is_a_tip():
    assert what_changed([BRIDGE], [BRIDGE.now(note="Slowly.")]) == ["Bridge: a new tip for you."]


def test_new_and_removed_exercises_are_named():
    assert what_changed([BRIDGE], [WALK]) == ["New: Walking.", "Removed: Bridge."]
