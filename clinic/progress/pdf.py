"""The sheet for the next appointment as a PDF: the page's value set in type, charts as lines, text as text."""

from collections.abc import Iterable
from io import BytesIO
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, KeepTogether, PageTemplate, Spacer, Table, TableStyle

from clinic.paper.pdf import BARE, FOOT, INK, LINE, MARGIN, REGULAR, SIZES, Look, foot_line, load_fonts
from clinic.paper.pdf import day as long_day
from clinic.progress.changes import Changed
from clinic.progress.charts import Chart, Line, Place, Strip, short, strip_at
from clinic.progress.sheet import SHOWN, Progress
from clinic.progress.weeks import Mark, Week

MOST_EXERCISES = 12
TEXT = 9.0
SMALL = 8.0
FIRST, SECOND, SOFT = HexColor("#0d5257"), HexColor("#6a4fc4"), HexColor("#c9d4d0")
HEAD = 1.25


def pdf_of(sheet: Progress, *, paper: str) -> bytes:
    load_fonts()
    size = SIZES[paper]
    width = size[0] - 2 * MARGIN
    look = Look(width, TEXT, width / 2, 4 * mm)
    out = BytesIO()

    def on_page(canvas: Canvas, document: BaseDocTemplate) -> None:
        page = _("Page %(n)s") % {"n": document.page}
        foot_line(canvas, f"{sheet.name} · {sheet.clinic}", page, size[0], 9)

    frame = Frame(MARGIN, MARGIN + FOOT / 2, width, size[1] - 2 * MARGIN - FOOT / 2, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out, pagesize=size, title=_("For your appointment"), author=sheet.clinic, creator="Backwell", lang=get_language()
    )  # fmt: skip
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=on_page))
    document.build([*_head(sheet, look), *_questions(sheet, look), *_changes(sheet, look), *_charts(sheet, look),
                    *_weeks(sheet, look), *_goals(sheet, look), *_plan(sheet, look)])  # fmt: skip
    return out.getvalue()


def _title(look: Look, text: str) -> Flowable:
    return look.says(text, size=HEAD, bold=True, after=0.3, spaceBefore=TEXT * 0.9, keepWithNext=True)


def _head(sheet: Progress, look: Look) -> Iterable[Flowable]:
    yield look.says(_("How it goes"), size=1.8, bold=True, after=0.3)
    yield look.says(
        _("%(name)s, born %(day)s") % {"name": sheet.name, "day": long_day(sheet.born_on)}, size=1.2, bold=True
    )
    period = {"first": long_day(sheet.weeks[-1].start), "last": long_day(sheet.made_on), "clinic": sheet.clinic}
    yield look.says(_("For %(clinic)s. From %(first)s to %(last)s.") % period)
    yield look.says(sheet.told.text, sheet.told.title + ".")
    yield look.says(_("From the patient’s own ticks and answers. A clinician reads it beside the record."), size=0.9)


def _questions(sheet: Progress, look: Look) -> Iterable[Flowable]:
    if sheet.questions.strip():
        asked = [[look.says(sheet.questions, after=0)]]
        box = TableStyle([("BOX", (0, 0), (-1, -1), 1, FIRST), ("LEFTPADDING", (0, 0), (-1, -1), 8),
                          ("TOPPADDING", (0, 0), (-1, -1), 6), ("BOTTOMPADDING", (0, 0), (-1, -1), 8)])  # fmt: skip
        yield _title(look, _("What I want to ask"))
        yield Table(asked, colWidths=[look.width], style=box)


RULED = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, SOFT),
        *((f"{side}PADDING", (0, 0), (-1, -1), 2) for side in ("TOP", "BOTTOM")),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 6),
    ]
)


def _changes(sheet: Progress, look: Look) -> Iterable[Flowable]:
    if not sheet.changes or sheet.since is None:
        return
    yield _title(look, _("What changed since %(day)s") % {"day": long_day(sheet.since)})
    widths = [look.width * share for share in (0.28, 0.2, 0.2, 0.15, 0.17)]
    head = [
        look.says(word, bold=True, size=0.9, after=0) for word in ("", _("Then"), _("Now"), _("0 to 10"), _("Change"))
    ]
    yield Table([head, *(_change(each, look) for each in sheet.changes)], colWidths=widths, style=RULED, repeatRows=1)


def _change(each: Changed, look: Look) -> list[Flowable]:
    strip: Flowable = StripDrawn(each.strip, look.width * 0.13) if each.strip else Spacer(0, 0)
    said = (each.name, each.then or "–", each.now)
    return [*(look.says(word, after=0) for word in said), strip, look.says(each.verdict.short, after=0)]


class StripDrawn(Flowable):
    def __init__(self, strip: Strip, width: float) -> None:
        super().__init__()
        self.strip, self.width, self.height = strip, width, 10

    def wrap(self, *_args: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, middle = self.canv, self.height / 2
        then, now = (strip_at(value, self.width, 4) for value in (self.strip.then, self.strip.now))
        canvas.setLineWidth(1)
        canvas.setStrokeColor(SOFT)
        canvas.line(4, middle, self.width - 4, middle)
        canvas.setStrokeColor(FIRST)
        canvas.setLineWidth(2)
        canvas.line(then, middle, now, middle)
        canvas.setLineWidth(1.2)
        canvas.setFillColor(HexColor("#ffffff"))
        canvas.circle(then, middle, 3, fill=1)
        canvas.setFillColor(FIRST)
        canvas.circle(now, middle, 3.4, fill=1)


def _charts(sheet: Progress, look: Look) -> Iterable[Flowable]:
    """Side by side, each with its sentence: who cannot see it reads it."""
    drawn = [chart for chart in (sheet.pain, sheet.function) if chart]
    room = look.width / 2 - 6 * mm
    cells = [
        [look.says(each.title, size=1.1, bold=True, after=0.2), look.says(each.sentence), ChartDrawn(each, room)]
        if len(each.days) > 1
        else [look.says(each.title, size=1.1, bold=True, after=0.2), look.says(each.sentence)]
        for each in drawn
    ]
    if cells:
        yield Spacer(1, TEXT)
        cells += [[]] * (2 - len(cells))
        yield KeepTogether([Table([cells], colWidths=[look.width / 2] * 2, style=BARE_LEFT)])


BARE_LEFT = TableStyle(
    [*BARE.getCommands()[:-1], ("ALIGN", (0, 0), (-1, -1), "LEFT"), ("RIGHTPADDING", (0, 0), (0, -1), 6 * mm)]
)


class ChartDrawn(Flowable):
    """The same layout as on the page, with y from the bottom up."""

    def __init__(self, chart: Chart, width: float) -> None:
        super().__init__()
        self.chart, self.width, self.height = chart, width, width * 0.45

    def wrap(self, *_args: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, place = self.canv, Place(self.chart, self.width, self.height, left=18, top=30, bottom=20)
        canvas.setFont(REGULAR, SMALL)
        for y, word in place.grid:
            canvas.setStrokeColor(SOFT)
            canvas.setLineWidth(0.5)
            canvas.line(place.left, self.height - y, self.width - place.right, self.height - y)
            canvas.setFillColor(INK)
            canvas.drawRightString(place.left - 4, self.height - y - 3, word)
        for x, word, is_left in place.marks:
            canvas.setStrokeColor(LINE)
            canvas.setDash(1, 2)
            canvas.line(x, place.bottom, x, self.height - place.top + 4)
            canvas.setDash()
            (canvas.drawRightString if is_left else canvas.drawString)(
                x + (-3 if is_left else 3), self.height - 28, word
            )
        for line in self.chart.lines:
            self._line(place, line)
        first, last = place.span
        canvas.setFillColor(INK)
        canvas.drawString(place.left, 6, short(first))
        canvas.drawRightString(self.width - place.right, 6, short(last))
        self._key()

    def _line(self, place: Place, line: Line) -> None:
        canvas = self.canv
        colour = SECOND if line.is_second else FIRST
        canvas.setStrokeColor(colour)
        canvas.setFillColor(colour)
        canvas.setLineWidth(1.3)
        canvas.setDash(*((3, 2) if line.is_second else ()))
        for run in place.runs(line):
            for (x, y), (to_x, to_y) in pairwise(run):
                canvas.line(x, self.height - y, to_x, self.height - to_y)
        canvas.setDash()
        for run in place.runs(line):
            for x, y in run:
                self._dot(x, self.height - y, is_second=line.is_second)

    def _dot(self, x: float, y: float, *, is_second: bool) -> None:
        if is_second:
            self.canv.rect(x - 1.7, y - 1.7, 3.4, 3.4, stroke=0, fill=1)
        else:
            self.canv.circle(x, y, 2, stroke=0, fill=1)

    def _key(self) -> None:
        if len(self.chart.lines) < 2:
            return
        canvas, x, y = self.canv, 22.0, self.height - 12
        for line in self.chart.lines:
            canvas.setFillColor(SECOND if line.is_second else FIRST)
            self._dot(x, y + 3, is_second=line.is_second)
            canvas.setFillColor(INK)
            canvas.drawString(x + 6, y, line.name)
            x += canvas.stringWidth(line.name) + 24


def _weeks(sheet: Progress, look: Look) -> Iterable[Flowable]:
    if not sheet.has_weeks:
        return
    yield _title(look, _("Week by week"))
    if sheet.total:
        yield look.says(sheet.total)
    head = [look.says(word, bold=True, size=0.9, after=0) for word in (_("Week of"), _("Days"), _("Done"), _("Also"))]
    rows = [_week(each, look) for each in sheet.weeks[:SHOWN]]
    widths = [look.width * share for share in (0.18, 0.22, 0.22, 0.38)]
    yield Table([head, *rows], colWidths=widths, style=RULED, repeatRows=1)
    yield look.says(_("Filled: done. Half: a little. Ring: asked for. Line: a day off. Dot: free."), size=0.9)


def _week(week: Week, look: Look) -> list[Flowable]:
    return [
        look.says(date_format(week.start, "j F"), after=0),
        Days(week, look.width * 0.2),
        look.says(week.words, after=0),
        look.says(", ".join(week.notes), after=0),
    ]


class Days(Flowable):
    """Seven marks, one a day."""

    def __init__(self, week: Week, width: float) -> None:
        super().__init__()
        self.week, self.width, self.height = week, width, 10

    def wrap(self, *_args: float) -> tuple[float, float]:
        return self.width, self.height

    def draw(self) -> None:
        canvas, step = self.canv, min(14, self.width / 7)
        canvas.setLineWidth(1)
        canvas.setStrokeColor(FIRST)
        canvas.setFillColor(FIRST)
        for n, each in enumerate(self.week.days):
            x, y = step * (n + 0.5), self.height / 2
            if each.mark is Mark.FREE:
                canvas.circle(x, y, 0.9, stroke=0, fill=1)
            elif each.mark is Mark.OFF:
                canvas.line(x - 3, y, x + 3, y)
            else:
                canvas.circle(x, y, 3.4, stroke=1, fill=int(each.mark is Mark.DONE))
                if each.mark is Mark.PART:
                    canvas.wedge(x - 3.4, y - 3.4, x + 3.4, y + 3.4, 180, 180, stroke=0, fill=1)


def _goals(sheet: Progress, look: Look) -> Iterable[Flowable]:
    if not sheet.goals:
        return
    yield _title(look, _("My goals"))
    for goal in sheet.goals:
        if goal.is_reached:
            yield look.says(_("%(goal)s (reached)") % {"goal": goal.text})
        elif goal.due_on:
            yield look.says(_("%(goal)s, by %(day)s") % {"goal": goal.text, "day": long_day(goal.due_on)})
        else:
            yield look.says(goal.text)
        if goal.closeness.said:
            yield look.says(_("How close: %(said)s") % {"said": goal.closeness.sentence}, leftIndent=TEXT)


def _plan(sheet: Progress, look: Look) -> Iterable[Flowable]:
    plan = sheet.plan
    if plan is None:
        return
    said = {"title": plan.title, "version": plan.version, "first": long_day(plan.since)}
    yield _title(look, _("My plan"))
    if plan.last:
        yield look.says(
            _("%(title)s, version %(version)s, from %(first)s to %(last)s.") % (said | {"last": long_day(plan.last)})
        )
    else:
        yield look.says(_("%(title)s, version %(version)s, since %(first)s.") % said)
    listed = [_("%(exercise)s: %(dose)s") % {"exercise": name, "dose": dose} for name, dose in plan.exercises]
    if len(listed) > MOST_EXERCISES:
        listed[MOST_EXERCISES:] = [_("and %(n)s more") % {"n": len(listed) - MOST_EXERCISES}]
    yield look.says("; ".join(listed))
