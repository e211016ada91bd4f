"""A chart in a Word document: 300 dpi, its text alternative where screen readers look for it."""

from __future__ import annotations

import io
from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.shared import Cm, Pt

from analysis.charts import Chart, render
from analysis.reports.word_styles import clean

WIDTH_CM = 15.0
UPRIGHT_CM, LANDSCAPE_CM = 21.0, 13.5
"""How tall a picture may be on either page, with its caption below."""


def put_picture(
    document: Any, chart: Chart, tallest_cm: float = UPRIGHT_CM, *, png: bytes = b""
) -> Any:
    """A paragraph at the end of the document, kept with the next one, which is its caption.

    What would be taller than a page is made smaller as a whole. `png`: if it is painted already.
    """
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(12)
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    content = io.BytesIO(png or render(chart, "png"))
    picture = paragraph.add_run().add_picture(content, width=Cm(WIDTH_CM))
    tallest = Cm(tallest_cm)
    if picture.height > tallest:
        picture.width, picture.height = round(picture.width * tallest / picture.height), tallest
    properties = picture._inline.docPr
    properties.set("descr", clean(chart.alt))
    properties.set("title", clean(chart.title))
    return paragraph
