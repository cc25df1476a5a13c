"""A sheet as a PDF of its own: text as text in the portal's own typeface, figures as lines and areas.

Words that the portal's typeface cannot write, as Greek, Cyrillic and Vietnamese ones, are set in DejaVu Sans. What that
cannot write either, or what runs from right to left, is never left out or shown as a box: `lacks` says so beforehand,
and the page to print is there for every script.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any
from unicodedata import normalize

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext
from PIL import Image as Pixels
from reportlab.graphics.barcode import createBarcodeDrawing
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4, LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import getFont, registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from clinic.paper import drawn
from clinic.paper.sheet import Cell, PaperExercise, PaperPlan, Week
from exercises.own import standing_file

SIZES = {"a4": A4, "letter": LETTER}
MARGIN = 14 * mm
FOOT = 8 * mm
TALLEST = 200 * mm  # of what may stand beside a figure
INK, GREY, LINE = HexColor("#000000"), HexColor("#dddddd"), HexColor("#555555")
FONTS = {
    "Paper": "AtkinsonHyperlegibleNext-Regular.ttf",
    "Paper-Bold": "AtkinsonHyperlegibleNext-Bold.ttf",
    "Paper-Other": "DejaVuSans-Regular.ttf",
    "Paper-Other-Bold": "DejaVuSans-Bold.ttf",
}
REGULAR, BOLD, OTHER, OTHER_BOLD = FONTS


@cache
def load_fonts() -> None:
    for name, file in FONTS.items():
        registerFont(TTFont(name, Path(__file__).parent / "fonts" / file))


def lacks(texts: Iterable[str]) -> str:
    """Letters of these texts that no typeface of the PDF has, each once."""
    load_fonts()
    letters = dict.fromkeys(normalize("NFC", "".join(texts)))
    return "".join(each for each in letters if not (each.isspace() or _has(REGULAR, each) or _has(OTHER, each)))


def _has(font: str, text: str) -> bool:
    known = getFont(font).face.charToGlyph
    return all(ord(letter) in known for letter in text)


@dataclass(frozen=True, slots=True)
class Look:
    """Sizes in points: the smallest text, and what follows from it."""

    width: float
    text: float
    figure: float
    box: float
    is_large: bool = False

    def style(self, *, size: float = 1, bold: bool = False, after: float = 0.2, **more: Any) -> ParagraphStyle:
        points = self.text * size
        return ParagraphStyle(
            "", fontName=BOLD if bold else REGULAR, fontSize=points, leading=points * 1.3, textColor=INK,
            spaceAfter=points * after, **more,
        )  # fmt: skip

    def says(self, text: str, lead: str = "", **style: Any) -> Paragraph:
        """lead: said before it in bold."""
        before = f'<font name="{BOLD}">{_safe(lead, OTHER_BOLD)}</font> ' if lead else ""
        return Paragraph(before + _safe(text, OTHER_BOLD if style.get("bold") else OTHER), self.style(**style))


def _safe(text: str, other: str) -> str:
    """As markup. Line breaks stay; a letter and its accent become the one sign that typefaces have; words that the
    usual typeface cannot write are set in `other`."""
    lines = normalize("NFC", text.strip()).splitlines()
    return "<br/>".join(" ".join(_word(word, other) for word in line.split()) for line in lines)


def _word(word: str, other: str) -> str:
    return escape(word) if _has(REGULAR, word) else f'<font name="{other}">{escape(word)}</font>'


def _fitting(text: str, font: str, size: float, room: float) -> str:
    """As much of the text as fits on the line."""
    if stringWidth(text, font, size) <= room:
        return text
    while text and stringWidth(f"{text}…", font, size) > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


class Poses(Flowable):
    """The key poses of an exercise, numbered, or its uploaded picture."""

    def __init__(self, exercise: PaperExercise, width: float) -> None:
        super().__init__()
        self.exercise, self.width, self.height = exercise, width, drawn.height_for(width)
        told = exercise.told
        self.picture = _uploaded(told.picture.url) if told.picture else None

    @property
    def is_blank(self) -> bool:
        return not (self.picture or drawn.shapes(self.exercise.told.pose))

    def wrap(self, *_: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas = self.canv
        if self.picture:
            canvas.drawImage(self.picture, 0, 0, self.width, self.height, preserveAspectRatio=True, anchor="c")
        else:
            drawn.draw(canvas, self.exercise.told.pose, self.width, BOLD)


def _uploaded(url: str) -> ImageReader | None:
    """The picture at this address, as long as there is one."""
    file = standing_file(url.removeprefix(settings.MEDIA_URL))
    if file is None:
        return None
    with file:
        return ImageReader(Pixels.open(file).convert("RGB"))


class Boxes(Flowable):
    """Boxes to tick, or a line to write a number on."""

    def __init__(self, cell: Cell, side: float) -> None:
        super().__init__()
        self.cell, self.side = cell, side

    def wrap(self, width: float, height: float) -> tuple[float, float]:
        self.width, self.height = width, self.side
        return width, self.side

    def draw(self) -> None:
        canvas, side = self.canv, self.side
        canvas.setStrokeColor(INK)
        canvas.setLineWidth(0.9)
        if self.cell.most:
            canvas.line(self.width * 0.15, 0, self.width * 0.85, 0)
            return
        # Three boxes fit into a narrow column by getting smaller.
        side = min(side, self.width / (self.cell.boxes * 1.25 + 0.25))
        gap = side * 0.25
        left = (self.width - self.cell.boxes * side - gap * (self.cell.boxes - 1)) / 2
        for n in range(self.cell.boxes):
            canvas.rect(left + n * (side + gap), (self.side - side) / 2, side, side)


def pdf_of(plan: PaperPlan, *, paper: str, is_large: bool) -> bytes:
    load_fonts()
    size = SIZES[paper]
    width = size[0] - 2 * MARGIN
    look = (
        Look(width, 18, width * 0.42, 7 * mm, is_large=True) if is_large else Look(width, 11, width * 0.38, 5.2 * mm)
    )
    out = BytesIO()
    foot, foot_size = f"{plan.patient} · {_version(plan)}", look.text if is_large else 9

    def on_page(canvas: Canvas, document: BaseDocTemplate) -> None:
        foot_line(canvas, foot, gettext("Page %(n)d") % {"n": document.page}, size[0], foot_size)

    frame = Frame(MARGIN, MARGIN + FOOT / 2, width, size[1] - 2 * MARGIN - FOOT / 2, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out,
        pagesize=size,
        title=gettext("Exercise plan"),
        author=plan.clinic,
        creator="Backwell",
        lang=get_language(),
    )
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=on_page))
    document.build(
        [*_head(plan, look), *_exercises(plan, look), *_stops(plan, look), PageBreak(), *_ticks(plan, look)]
    )
    return out.getvalue()


def foot_line(canvas: Canvas, text: str, page: str, width: float, size: float) -> None:
    """The line at the foot of a page: whose it is, as much of it as fits, and which page."""
    text = normalize("NFC", text)
    font = REGULAR if _has(REGULAR, text) else OTHER
    canvas.setFont(font, size)
    canvas.setFillColor(INK)
    room = width - 2 * MARGIN - canvas.stringWidth(page) - size
    canvas.drawString(MARGIN, FOOT, _fitting(text, font, size, room))
    canvas.drawRightString(width - MARGIN, FOOT, page)


def _head(plan: PaperPlan, look: Look) -> Iterable[Flowable]:
    said = [
        look.says(plan.title, size=1.7, bold=True),
        look.says(gettext("For %(name)s") % {"name": plan.patient}, size=1.2, bold=True),
        look.says(
            gettext("From %(name)s, %(clinic)s, %(day)s. Version %(version)d.")
            % {"name": plan.by, "clinic": plan.clinic, "day": day(plan.sent_on), "version": plan.version}
        ),
        look.says(_runs(plan)),
    ]
    if plan.phone:
        said.append(look.says(plan.phone, gettext("Questions? Call us:")))
    if plan.pause:
        said.append(look.says(plan.pause, bold=True))
    if plan.ended_on:
        said.append(look.says(gettext("This version ended on %(day)s.") % {"day": day(plan.ended_on)}, bold=True))
    side = 34 * mm
    code = createBarcodeDrawing("QR", value=plan.address, width=side, height=side, barLevel="M", barBorder=2)
    beside = [
        code,
        look.says(
            gettext("On a phone: scan this to see the figures move."),
            size=0.9 if not look.is_large else 1,
            alignment=1,
        ),
    ]
    aside = 0.3 * look.width
    yield Table([[said, beside]], colWidths=[look.width - aside, aside], style=BARE)
    if plan.note:
        yield look.says(plan.note, gettext("%(name)s says:") % {"name": plan.by})
    yield Spacer(1, look.text)


BARE = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
        ("ALIGN", (1, 0), (1, -1), "CENTER"),
    ]
)


def _runs(plan: PaperPlan) -> str:
    if plan.last_on is None:
        return gettext("It runs from %(first)s.") % {"first": day(plan.starts_on)}
    words = gettext("It runs from %(first)s to %(last)s.")
    return words % {"first": day(plan.starts_on), "last": day(plan.last_on)}


def _version(plan: PaperPlan) -> str:
    return gettext("%(title)s, version %(version)d") % {"title": plan.title, "version": plan.version}


def _exercises(plan: PaperPlan, look: Look) -> Iterable[Flowable]:
    phase = ""
    for exercise in plan.exercises:
        head = []
        if exercise.phase != phase:
            phase = exercise.phase
            head = [look.says(phase, size=1.3, bold=True, keepWithNext=True)]
        yield KeepTogether([*head, *_exercise(exercise, look), Spacer(1, look.text)])


def _exercise(exercise: PaperExercise, look: Look) -> Iterable[Flowable]:
    """Its words beside the figure, or below it where they would be too tall for one page, or hard to read as a column."""
    dose = [
        look.says(f"{exercise.number}. {exercise.name}", size=1.25, bold=True),
        look.says(exercise.words, bold=True),
        look.says(exercise.when),
    ]
    how = list(_how(exercise, look))
    figure = Poses(exercise, look.figure)
    if figure.is_blank:
        return [*dose, *how]
    beside = _beside(figure, [*dose, *how], look)
    if not look.is_large and beside.wrap(look.width, 0)[1] < TALLEST:
        return [beside]
    return [_beside(figure, dose, look), *how]


def _beside(figure: Poses, words: list[Flowable], look: Look) -> Table:
    left = look.figure + 4 * mm
    return Table([[figure, words]], colWidths=[left, look.width - left], style=BARE)


def _how(exercise: PaperExercise, look: Look) -> Iterable[Flowable]:
    told = exercise.told
    if exercise.rests:
        yield look.says(exercise.rests, gettext("Resting."))
    if exercise.note:
        yield look.says(exercise.note, gettext("Tip:"))
    if told.purpose:
        yield look.says(told.purpose, gettext("Why:"))
    if told.setup:
        yield look.says(told.setup, gettext("Start:"))
    for n, step in enumerate(told.steps, 1):
        yield look.says(step, f"{n}.", leftIndent=look.text, firstLineIndent=-look.text)
    if told.ease_off:
        yield look.says(told.ease_off, gettext("When to ease off:"))


def _stops(plan: PaperPlan, look: Look) -> Iterable[Flowable]:
    yield KeepTogether(
        [
            look.says(gettext("When it hurts"), size=1.3, bold=True),
            *(look.says(then, f"{when}:") for when, then in plan.stops.pain),
        ]
    )
    signs = (
        look.says(sign, "•", leftIndent=look.text, firstLineIndent=-look.text * 0.7) for sign in plan.stops.signs
    )
    yield KeepTogether([look.says(plan.stops.emergency, bold=True), *signs])


def _ticks(plan: PaperPlan, look: Look) -> Iterable[Flowable]:
    yield look.says(gettext("%(name)s: what I did") % {"name": plan.patient}, size=1.5, bold=True)
    about = gettext(
        "%(title)s, version %(version)d. From %(first)s to %(last)s. "
        "Tick a box each time you did the exercise. Grey days are free."
    ) % {"title": plan.title, "version": plan.version, "first": day(plan.first), "last": day(plan.last)}
    numbers = gettext("On a line, write how many times.") if plan.counts else ""
    yield look.says(" ".join(filter(None, [about, numbers, gettext("Please bring this page to your next visit.")])))
    for week in plan.weeks:
        yield KeepTogether([Spacer(1, look.text * 0.6), _week(week, look)])


def _week(week: Week, look: Look) -> Table:
    name = look.width * 0.3
    column = (look.width - name) / len(week.days)
    small: dict[str, Any] = {"after": 0, "alignment": 1}
    days = [
        look.says(f"{date_format(each, 'D')}\n{date_format(each, 'j M')}", bold=True, size=_fit(look), **small)
        for each in week.days
    ]
    rows: list[list[Any]] = [["", *days]]
    paint: list[tuple[Any, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.6, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        *((f"{side}PADDING", (0, 0), (-1, -1), 3) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
    ]
    for n, (exercise, cells) in enumerate(week.rows, 1):
        rows.append(
            [look.says(f"{exercise.number}. {exercise.name}", after=0), *(Boxes(each, look.box) for each in cells)]
        )
        paint += [("BACKGROUND", (m, n), (m, n), GREY) for m, each in enumerate(cells, 1) if each.is_off]
    rows.append([look.says(gettext("Pain at its worst, 0 to 10"), after=0), *([""] * len(week.days))])
    return Table(rows, colWidths=[name, *([column] * len(week.days))], style=TableStyle(paint), repeatRows=1)


def _fit(look: Look) -> float:
    return 0.9 if not look.is_large else 1


def day(when: Any) -> str:
    return date_format(when, "j F Y")
