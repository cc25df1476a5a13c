"""The red-flag questions and what the answers ask for (section 6 of the clinical rules, RF01 to RF28). Pure: no
database, no clock.

Single flags say little; their combination and a clinician's reasoning count (Finucane 2020, IFOMPT framework). So this
asks for a level of caution and names what led to it; it diagnoses nothing. Sources of the questions: GIRFT pathway for
cauda equina (RF01-05), Downie BMJ 2013 (RF08-10), IFOMPT 2020 and NICE NG59, NG234, NG65 (the others).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from exercises.words import in_a_sentence
from patients.accounts.thresholds import DEFAULTS, Thresholds

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RULES = "2026-11"
YES, NO, UNSURE = "yes", "no", "unsure"
ANSWERS = ((YES, _("Yes")), (NO, _("No")), (UNSURE, _("Not sure")))
LEVELS = ("", "D", "C", "B", "A")  # from clear to emergency
# FIXED: what "not sure" asks for, by what "yes" would.
WHEN_UNSURE = {"A": "B", "B": "C", "C": "D", "D": "D"}


@dataclass(frozen=True, slots=True)
class Question:
    """`words` and `help` are read by patients, `label` by clinicians. `level` is what a yes asks for by itself."""

    id: str
    level: str
    label: "StrOrPromise"
    words: "StrOrPromise"
    help: "StrOrPromise" = ""


@dataclass(frozen=True, slots=True)
class Group:
    key: str
    title: "StrOrPromise"
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """An answer other than no, or an age, with the level that it asks for."""

    id: str
    label: "StrOrPromise"
    answer: str
    level: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """`level` is one of LEVELS, the highest of the flags; empty is clear."""

    level: str
    flags: tuple[Flag, ...]


GROUPS = (
    Group(
        "nerves", _("Bladder, bowel and legs"),
        (
            Question(
                "RF01", "A", _("Bladder: retention, loss of sensation or leakage"),
                _("Is it harder to pass urine, to hold it or to feel it?"),
                _("New or worse in the last 2 weeks. For example: it is slow to start, you leak, or you cannot tell "
                "when your bladder is full."),
            ),
            Question(
                "RF02", "A", _("Saddle numbness"),
                _("Are you numb between your legs, or does it feel different there?"),
                _("Around your bottom, your private parts or your inner thighs. New or worse in the last 2 weeks. "
                "A small patch counts too."),
            ),
            Question(
                "RF03", "A", _("Bowel control or sensation lost"),
                _("Have you lost control of your bowels?"),
                _("Or can you no longer feel when you need to go? Only if this is new."),
            ),
            Question(
                "RF04", "B", _("Sexual function or genital sensation changed"),
                _("Is there less feeling in your private parts, or has sex changed?"),
                _("Only if this is new. We ask everybody."),
            ),
            Question(
                "RF05", "A", _("Symptoms in both legs"),
                _("Do you have new pain, tingling or weakness down both legs?"),
            ),
            Question(
                "RF06", "A", _("Severe or progressive leg weakness"),
                _("Is a leg very weak, getting weaker fast, or giving way?"),
            ),
            Question(
                "RF26", "B", _("New, stable weakness in one leg"),
                _("Is one leg newly weak, but not getting worse?"),
                _("For example, a foot that drags."),
            ),
            Question(
                "RF07", "B", _("Clumsy hands, unsteady gait or electric shocks"),
                _("Are your hands clumsy, or is your walking unsteady?"),
                _("Or do you feel electric shocks down your back?"),
            ),
        ),
    ),
    Group(
        "heart", _("Heart, chest and breathing"),
        (
            Question("RF16", "A", _("Chest pain now or today"), _("Do you have chest pain or pressure now, or did you today?")),
            Question(
                "RF17", "A", _("Breathless at rest, palpitations or calf swelling"),
                _("Are you out of breath at rest, or is your heart racing?"),
                _("Or is your calf swollen and sore?"),
            ),
            Question(
                "RF15", "A", _("Tearing pain with faintness, or pulsing mass"),
                _("Do you have a tearing pain in your belly or back, and feel faint?"),
                _("Or is there a lump in your belly that beats like a pulse?"),
            ),
            Question(
                "RF28", "C", _("Chest symptoms on exertion in 6 months"),
                _("In the last 6 months, did effort bring on chest pain or pressure?"),
                _("Or did it make you more out of breath than usual?"),
            ),
            Question(
                "RF18", "C", _("Cardiovascular disease, or advised against exercise"),
                _("Do you have a heart problem, or have you had a stroke?"),
                _("Say yes too if your blood pressure is not under control, or a doctor told you not to exercise."),
            ),
        ),
    ),
    Group(
        "unwell", _("Feeling ill"),
        (
            Question(
                "RF27", "A", _("Fever with signs of sepsis"),
                _("Do you have a fever, and are you confused or breathing fast?"),
                _("Or did you collapse, or is your skin blotchy?"),
            ),
            Question(
                "RF13", "B", _("Fever, chills or very unwell"),
                _("Do you have a fever, chills or feel very ill, with your back pain?"),
            ),
            Question(
                "RF14", "B", _("Infection risk with worse pain"),
                _("Is your back pain getting worse, and is one of these true?"),
                _("Weak defence against germs. Injected drugs. An infection lately. Dialysis. Contact with TB. "
                "An injection or operation on your spine lately. Diabetes that is hard to control."),
            ),
            Question(
                "RF10", "B", _("History of cancer with new or changing pain"),
                _("Have you ever had cancer, and is this pain new, different or growing?"),
            ),
            Question(
                "RF11", "B", _("Weight loss or night sweats"),
                _("Are you losing weight without trying, or sweating a lot at night?"),
            ),
        ),
    ),
    Group(
        "pain", _("Your pain"),
        (
            Question(
                "RF12", "B", _("Constant, progressive, nightly or band-like pain"),
                _("Is your pain always there and growing, however you sit or lie?"),
                _("Or does it wake you every night, or feel like a band around your chest or belly?"),
            ),
            Question(
                "RF08", "A", _("Major trauma with strong pain"),
                _("Did you have a bad accident or fall lately, with strong back pain?"),
                _("For example, a car crash or a fall from a height."),
            ),
            Question(
                "RF09", "B", _("Possible fragility fracture"),
                _("Did a small bump, cough or lift give you sudden, sharp back pain?"),
                _("Say yes if you also have weak bones, or took steroid tablets for a long time."),
            ),
            Question(
                "RF19", "C", _("Inflammatory pattern"),
                _("Is your back stiff for over 30 minutes every morning?"),
                _("Say yes if it has lasted over 3 months, began before age 45, and moving helps more than rest. "
                "You or your family may have psoriasis, sore red eyes or a bowel disease."),
            ),
            Question("RF23", "C", _("First back pain at a late age"), _("Is this the first back pain of your life?")),
        ),
    ),
    Group(
        "health", _("Your health"),
        (
            Question(
                "RF20", "C", _("Syncope, dizziness or fall in 4 weeks"),
                _("Did you faint, feel dizzy or fall in the last 4 weeks?"),
            ),
            Question(
                "RF21", "C", _("Surgery in 12 weeks"),
                _("Did you have an operation in the last 12 weeks?"),
                _("On your back, hip, knee, belly or eye."),
            ),
            Question(
                "RF22", "C", _("Known fracture, metastasis or instability of the spine"),
                _("Has a doctor found a broken bone or cancer in your spine?"),
                _("Or a spine that is not stable?"),
            ),
            Question(
                "RF24", "C", _("Pregnant or under 12 weeks postpartum"),
                _("Are you pregnant, or did you give birth in the last 12 weeks?"),
            ),
            Question(
                "RF25", "C", _("Long-term steroids or osteoporosis"),
                _("Have you taken steroid tablets for 3 months or more?"),
                _("Or do you have weak bones (osteoporosis)?"),
            ),
        ),
    ),
)  # fmt: skip
QUESTIONS = {question.id: question for group in GROUPS for question in group.questions}
SADDLE = Question(
    "RF01-05", "A", _("Cauda equina symptoms (RF01 to RF05)"),
    _("Is anything new or worse between your legs, or in both legs?"),
    _("Numbness around your bottom or private parts. Trouble with passing or holding urine or poo. A change in sex. "
    "Pain, tingling or weakness down both legs."),
)  # fmt: skip
SHORT = (Group("short", _("Since your last check"), (SADDLE, QUESTIONS["RF06"], QUESTIONS["RF10"])),)

# FIXED: a yes to the first becomes A together with a yes to one of the second.
TOGETHER = {
    "RF04": ("RF01", "RF02", "RF03", "RF05", "RF06"),
    "RF10": ("RF01", "RF02", "RF03", "RF04", "RF05", "RF06", "RF07", "RF01-05"),
}
# RF04 alone is B, yet belongs to the rows that can be A: not being sure of it stays B, on the safe side.
UNSURE_STAYS = {"RF04"}


class Unanswered(ValueError):
    """`questions`: the ids that have no answer. An assessment of half the questions would say too little."""

    def __init__(self, questions: list[str]) -> None:
        self.questions = questions
        super().__init__(f"Not answered: {', '.join(questions)}")


def asked(*, age: int, thresholds: Thresholds = DEFAULTS, short: bool = False) -> tuple[Group, ...]:
    """The questions for somebody of this age in years. Age alone answers RF23 below the late age, and the help of RF09
    names ages only to those whom they may concern."""
    if short:
        return SHORT
    leaves_out = set() if age > thresholds.first_pain_late_from else {"RF23"}
    aged = age > min(thresholds.fracture_age_men, thresholds.fracture_age_women)

    def fitted(question: Question) -> Question:
        if question.id != "RF09" or not aged:
            return question
        men, women = thresholds.fracture_age_men, thresholds.fracture_age_women
        aged_too = gettext("Say yes too if you are a man over %(men)s, or a woman over %(women)s.")
        return replace(question, help=f"{question.help} {aged_too % {'men': men, 'women': women}}")

    return tuple(
        replace(group, questions=tuple(fitted(each) for each in group.questions if each.id not in leaves_out))
        for group in GROUPS
    )


def assess(
    answers: Mapping[str, str], *, age: int, thresholds: Thresholds = DEFAULTS, short: bool = False
) -> Assessment:
    """What the answers ask for. `answers`: yes, no or unsure by the id of each question that `asked` names; `age` in
    years. Unanswered where one is missing; ValueError where an answer is none of the three. Rule RF: a yes asks for
    the question's level, not sure for one below, some ask for more together (TOGETHER); the highest wins.
    """
    questions = [
        question for group in asked(age=age, thresholds=thresholds, short=short) for question in group.questions
    ]
    if missing := [question.id for question in questions if not answers.get(question.id)]:
        raise Unanswered(missing)
    if wrong := [question.id for question in questions if answers[question.id] not in (YES, NO, UNSURE)]:
        raise ValueError(f"Not an answer: {', '.join(wrong)}")
    said_yes = {question.id for question in questions if answers[question.id] == YES}
    flags = [
        Flag(question.id, question.label, answers[question.id], _level(question, answers[question.id], said_yes))
        for question in questions
        if answers[question.id] != NO
    ]
    if age < thresholds.adult_from and not short:
        flags.append(Flag("RF23", gettext("Under %(number)s years") % {"number": thresholds.adult_from}, YES, "C"))
    flags.sort(key=lambda flag: (-LEVELS.index(flag.level), flag.id))
    return Assessment(highest(flag.level for flag in flags), tuple(flags))


def highest(levels: Iterable[str]) -> str:
    return max(levels, key=LEVELS.index, default="")


def said(answers: Mapping[str, str]) -> list[tuple[str, str]]:
    """Stored answers other than no, for clinicians: what was asked, and what was said. Any version of the rules."""
    labels = {id: question.label for id, question in QUESTIONS.items()} | {SADDLE.id: SADDLE.label}
    words = dict(ANSWERS)
    return [(str(labels.get(id, id)), in_a_sentence(words[answer])) for id, answer in answers.items() if answer != NO]


def _level(question: Question, answer: str, said_yes: set[str]) -> str:
    if answer == UNSURE:
        return question.level if question.id in UNSURE_STAYS else WHEN_UNSURE[question.level]
    return "A" if said_yes.intersection(TOGETHER.get(question.id, ())) else question.level
