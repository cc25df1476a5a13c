from collections.abc import Iterable

from exercises.models import Exercise, Measure, Side

SIDES = {Side.NONE: "", Side.EACH: " on each side", Side.ALTERNATE: " on each side, taking turns"}


def usual_start(exercise: Exercise) -> str:
    """The catalogue's starting dosage in a patient's words: 3 sets of 10. Hold each one for 5 seconds. Once a day."""
    sides = SIDES[Side(exercise.side)]
    said = []
    if exercise.measure == Measure.MINUTES:
        times = f"{exercise.sets} times " if exercise.sets > 1 else ""
        said.append(f"{times}{counted(plain_number(exercise.minutes), 'minute')}{sides}")
    elif exercise.measure == Measure.HOLD:
        holds = counted(exercise.sets * (exercise.reps or 1), "hold")
        if exercise.sets > 1 and exercise.reps != 1:
            holds = f"{exercise.sets} sets of {exercise.reps} holds"
        said.append(f"{holds} of {counted(exercise.hold_s, 'second')}{sides}")
    else:
        said.append(f"{counted(exercise.sets, 'set')} of {exercise.reps}{sides}")
        if exercise.hold_s:
            said.append(f"Hold each one for {counted(exercise.hold_s, 'second')}")
    if exercise.rest_s:
        said.append(f"Rest {counted(exercise.rest_s, 'second')} in between")
    times_a_day = {1: "Once a day", 2: "Twice a day"}.get(
        exercise.times_per_day, f"{exercise.times_per_day} times a day"
    )
    days = "every day" if exercise.days_per_week == 7 else f"{counted(exercise.days_per_week, 'day')} a week"
    return ". ".join([*said, f"{times_a_day}, {days}."])


def in_words(names: Iterable[str]) -> str:
    """A, b and c; each once."""
    *first, last = dict.fromkeys(names) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def plain_number(value: object) -> str:
    return f"{value}".removesuffix(".0")


def counted(value: object, unit: str) -> str:
    return f"{value} {unit}" if str(value) == "1" else f"{value} {unit}s"
