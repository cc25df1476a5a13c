"""The visit summary as a PDF, set like the portal's other sheets: text as text."""

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate

from clinic.paper.pdf import FOOT, MARGIN, SIZES, Look, foot_line, load_fonts
from clinic.story.summary import Summary

TEXT = 9.5


def pdf_of(summary: Summary, *, paper: str = "a4") -> bytes:
    load_fonts()
    size = SIZES[paper]
    width = size[0] - 2 * MARGIN
    look = Look(width, TEXT, width / 2, 4 * mm)
    title, who = summary.head
    out = BytesIO()

    def on_page(canvas: Canvas, document: BaseDocTemplate) -> None:
        foot_line(canvas, who, _("Page %(n)s") % {"n": document.page}, size[0], 9)

    frame = Frame(MARGIN, MARGIN + FOOT / 2, width, size[1] - 2 * MARGIN - FOOT / 2, 0, 0, 0, 0)
    document = BaseDocTemplate(
        out, pagesize=size, title=title, author=summary.clinic, creator="Backwell", lang=get_language()
    )  # fmt: skip
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=on_page))
    document.build([look.says(title, size=1.7, bold=True, after=0.3), look.says(who), *_sections(summary, look)])
    return out.getvalue()


def _sections(summary: Summary, look: Look) -> Iterable[Flowable]:
    for section in summary.sections:
        yield look.says(section.title, size=1.25, bold=True, spaceBefore=TEXT * 0.9, keepWithNext=True)
        for line in section.lines:
            yield look.says(line, leftIndent=TEXT * 1.2, bulletIndent=0)
    yield look.says(
        _("From the record of the portal. A clinician reads it beside the patient."), size=0.9, spaceBefore=TEXT
    )
