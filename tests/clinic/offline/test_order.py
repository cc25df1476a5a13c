"""Whatever the order in which taps arrive, in whatever batches and how often: the same day comes of them."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DEFAULT_DB_ALIAS
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from clinic.offline.actions import take_in
from clinic.offline.models import LateTap
from clinic.offline.reading import Batch, SentTap
from clinic.prescriptions.models import Easing
from clinic.today.actions import say, set_all_done, set_amounts, set_done, skip, skip_day
from clinic.today.hurts import stop_on_pain
from clinic.today.models import CheckOff, DailyTally, Session, Skip, SkipReason
from patients.audit.models import AuditEvent
from patients.models import Task

pytestmark = pytest.mark.django_db
ANSWERS = ("pain_before", "pain_worst", "effort", "comment", "places", "moved", "away_lasted", "is_numb")


def day_of(patient):
    """Everything that the day consists of, and what rests from tomorrow on."""
    of = {"patient": patient}
    return {
        "ticks": sorted(map(str, CheckOff.objects.filter(**of).values_list("thread", "occasion", "set_number", "side", "amount"))),
        "skips": sorted(map(str, Skip.objects.filter(**of).values_list("thread", "occasion", "reason", "pain"))),
        "answers": list(Session.objects.filter(**of).order_by("occasion").values("occasion", *ANSWERS)),
        "tally": list(DailyTally.objects.filter(**of).values("planned_slots", "done", "touched_slots", "excused_slots")),
        "eased": sorted(map(str, Easing.objects.filter(**of, lifted_on=None).values_list("thread", "kind"))),
    }  # fmt: skip


def forget():
    for model in (LateTap, CheckOff, Skip, Session, DailyTally, Easing, Task, AuditEvent):
        model.objects.all()._raw_delete(DEFAULT_DB_ALIAS)


def taps_of(plan):
    """Strategies for all that can be tapped on the plan's day."""
    bridge, bird_dog = plan.bridge.uuid, plan.bird_dog.uuid
    ticks = [f"{bridge}.1.{what}" for what in ("1.both.1", "1.both.0", "2.both.1", "3.both.1", "all.1", "all.0")]
    ticks += [f"{bird_dog}.1.{what}" for what in ("1.left.1", "1.left.0", "all.1")]
    skips = [f"{bridge}.1.time", f"{bridge}.1.", f"{bird_dog}.1.unwell", "day.forgot", "day.travel", "day."]
    counts = [{"n.1.both": "8"}, {"n.1.both": "0"}, {"n.2.both": "10", "n.3.both": "12"}]
    befores, worsts = ["", "0", "3"], ["", "2", "6"]
    return st.one_of(
        st.sampled_from(ticks).map(lambda tick: ("check", {"tick": tick})),
        st.sampled_from(skips).map(lambda skip: ("skip", {"skip": skip})),
        st.sampled_from(counts).map(lambda n: ("sets_counted", {"line": str(bridge), "round": "1", **n})),
        st.sampled_from(befores).map(lambda pain: ("session_say", {"part": "before", "round": "1", "pain_before": pain})),
        st.tuples(st.sampled_from(worsts), st.sampled_from(["", "fine", "worse"])).map(
            lambda said: ("session_say", {"part": "after", "round": "1", "pain_worst": said[0], "comment": said[1]})
        ),
        st.sampled_from(["4", "6"]).map(
            lambda pain: ("hurts", {"line": str(bridge), "round": "1", "pain": pain, "moved": "not"})
        ),
    )  # fmt: skip


def tapped(plan, said, now):
    """The taps, a minute apart, in the order in which they were made."""
    day = [plan.day.isoformat()]
    return [
        SentTap(
            UUID(int=number + 1), kind, now - timedelta(minutes=60 - number),
            {"day": day} | {name: [value] for name, value in values.items()},
        )
        for number, (kind, values) in enumerate(said)
    ]  # fmt: skip


def arrive(plan, batches, now):
    for batch in batches:
        answers = take_in(patient=plan.patient, by=plan.patient.user, batch=Batch("", now, tuple(batch), ()))
        assert {answer.answer for answer in answers} <= {"done", "known"}


def batches_of(draw, taps):
    """All of them in any order, some twice, cut anywhere."""
    order = draw(st.permutations(taps)) + draw(st.lists(st.sampled_from(taps), max_size=3))
    cuts = sorted(draw(st.sets(st.integers(1, len(order)), max_size=3)))
    return [order[first:last] for first, last in zip([0, *cuts], [*cuts, len(order)], strict=True)]


def test_every_order_of_arrival_comes_to_the_same_day(plan):
    @settings(max_examples=200)
    @given(st.data())
    def check(data):
        now = timezone.now()
        taps = tapped(plan, data.draw(st.lists(taps_of(plan), min_size=2, max_size=6)), now)
        forget()
        arrive(plan, [taps], now)
        in_order = day_of(plan.patient)
        forget()
        arrive(plan, batches_of(data.draw, taps), now)

        assert day_of(plan.patient) == in_order
        assert LateTap.objects.count() == len(taps)

    check()


def tap_at_once(plan, kind, values):
    """The same as a tap with a network."""
    who = {"patient": plan.patient, "by": plan.patient.user, "day": plan.day}
    line = {"line": plan.bridge.uuid, "occasion": 1}
    match kind:
        case "check":
            uuid, occasion, *what, done = values["tick"].split(".")
            about = who | {"line": UUID(uuid), "occasion": int(occasion), "done": done == "1"}
            if what == ["all"]:
                set_all_done(**about)
            else:
                set_done(**about, set_number=int(what[0]), side=what[1])
        case "skip":
            *of, reason = values["skip"].split(".")
            reason = SkipReason(reason) if reason else None
            if of == ["day"]:
                skip_day(**who, reason=reason)
            else:
                skip(**who, line=UUID(of[0]), occasion=1, reason=reason)
        case "sets_counted":
            given_ = {(int(name[2]), "both"): int(n) for name, n in values.items() if name.startswith("n.")}
            set_amounts(**who, **line, amounts=given_)
        case "hurts":
            stop_on_pain(**who, **line, pain=int(values["pain"]), moved=values["moved"])
        case "session_say":
            name = "pain_before" if values["part"] == "before" else "pain_worst"
            say(**who, **{name: int(values[name]) if values[name] else None})


def is_like_today(tap, before):
    """Today's page offers no other reason for what was stopped on pain."""
    kind, values = tap
    if kind == "session_say":
        return values["part"] == "before"
    return not (kind == "skip" and values["skip"].endswith(".time") and any(each[0] == "hurts" for each in before))


def test_what_was_tapped_last_without_a_network_counts_as_in_one_go(plan):
    """Taps of one phone, of which each goes out at once: what Today itself makes of them is what the queue makes."""

    @settings(max_examples=60)
    @given(st.lists(taps_of(plan), min_size=1, max_size=6))
    def check(said):
        said = [each for n, each in enumerate(said) if is_like_today(each, said[:n])]
        now = timezone.now()
        forget()
        for kind, values in said:
            tap_at_once(plan, kind, values)
        at_once = day_of(plan.patient)
        forget()
        arrive(plan, [tapped(plan, said, now)], now)

        assert day_of(plan.patient) == at_once

    check()
