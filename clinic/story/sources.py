"""Where a timeline's entries come from: for each kind of them its newest rows before a day, in a fixed number of
bounded queries, however long the record is."""

from collections.abc import Callable, Iterable

from clinic.story.asked import Asked
from clinic.story.entries import Kind, Read
from clinic.story.sources_clinic import checks, conditions, episodes, family, goals, notes, people, tasks
from clinic.story.sources_patient import adverse_events, days, measures, messages, skipped_days, zones
from clinic.story.sources_plan import flares, pauses, plans

SOURCES: dict[Kind, tuple[Callable[[Asked], Iterable[Read]], ...]] = {
    Kind.DAY: (days,),
    Kind.PAIN: (zones,),
    Kind.MEASURE: (measures,),
    Kind.PLAN: (plans,),
    Kind.MESSAGE: (messages,),
    Kind.FLARE: (flares,),
    Kind.CHECK: (checks,),
    Kind.EVENT: (adverse_events,),
    Kind.NOTE: (notes,),
    Kind.GOAL: (goals,),
    Kind.TASK: (tasks,),
    Kind.OFF: (skipped_days, pauses),
    Kind.PEOPLE: (people, family, episodes, conditions),
}


def reads_of(asked: Asked, kinds: Iterable[Kind]) -> list[Read]:
    return [read for kind in kinds for source in SOURCES[kind] for read in source(asked)]
