"""Styles, fonts and cells that all Word files share, for Chinese text on A4."""

from __future__ import annotations

from typing import Any

import docx
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from analysis.reports.words import word

BODY_FONT, TABLE_FONT = "仿宋", "宋体"
TITLE_STYLE, CELL_STYLE, HEADING_STYLE = "汇总表标题", "汇总表单元格", "汇总表表头"
GREY, BLUE = "F2F2F2", "D9E2F3"
SMALL = Pt(10.5)


def set_up_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    set_font(normal, BODY_FONT, 12)
    normal.paragraph_format.space_after = Pt(3)
    add_style(document, TITLE_STYLE, TABLE_FONT, 18, bold=True, centred=True)
    add_style(document, CELL_STYLE, TABLE_FONT, 10.5)
    add_style(document, HEADING_STYLE, TABLE_FONT, 10.5, bold=True, centred=True)
    document.styles[TITLE_STYLE].paragraph_format.keep_with_next = True


def add_style(
    document: Any, name: str, font: str, size: float, *, bold: bool = False, centred: bool = False
) -> None:
    style = document.styles.add_style(name, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.paragraph_format.space_before = Pt(1.5)
    style.paragraph_format.space_after = Pt(6 if name == TITLE_STYLE else 1.5)
    set_font(style, font, size)
    style.font.bold = bold
    if centred:
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def set_font(style: Any, name: str, size: float) -> None:
    """python-docx names the Latin font only; Chinese text follows w:eastAsia."""
    style.font.name, style.font.size = name, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), name)


def small(paragraph: Any) -> None:
    paragraph.paragraph_format.space_after = Pt(0)
    for run in paragraph.runs:
        run.font.size = SMALL


def write(cell: Any, text: str, *, centred: bool = False, style: str = CELL_STYLE) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    # By id, which is the name: `paragraph.style` searches all styles for each of the cells.
    paragraph._p.style = style
    paragraph.text = clean(text)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def shade(cell: Any, colour: str) -> None:
    shading = element("w:shd", val="clear", color="auto", fill=colour)
    properties = cell._tc.get_or_add_tcPr()
    before = properties.find(qn("w:vAlign"))
    properties.append(shading) if before is None else before.addprevious(shading)


def page_numbers(paragraph: Any, language: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in word("page", language, page="\0PAGE\0", pages="\0NUMPAGES\0").split("\0"):
        if part in ("PAGE", "NUMPAGES"):
            field = element("w:fldSimple", instr=part)
            paragraph._p.append(field)
            paragraph.add_run("1")
            run = paragraph.runs[-1]
            run.font.size = SMALL  # `small` sees no runs of a field
            field.append(run._r)
        else:
            paragraph.add_run(part)
    small(paragraph)


def remove_paragraph(paragraph: Any) -> None:
    """One that ends a section stays, empty: with it the section's orientation would go."""
    properties = paragraph._p.pPr
    if properties is None or properties.find(qn("w:sectPr")) is None:
        paragraph._p.getparent().remove(paragraph._p)
        return
    for run in paragraph.runs:
        run._r.getparent().remove(run._r)


def clean(text: str) -> str:
    """XML has no control characters."""
    return "".join(character for character in text if character >= " " or character in "\n\t")


def element(name: str, /, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
