"""汇总表 as .docx: the form that goes into a report as 附件2, a page (or more) per group."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import docx
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analysis import wording
from analysis.reports.lines import Line, lines
from analysis.reports.words import (
    foot_notes,
    group_line,
    headline,
    page_header,
    subtitle,
    word,
)
from analysis.table import Group, QuestionTable, SummaryTable

BODY_FONT, TABLE_FONT = "仿宋", "宋体"
WIDTHS_CM = {
    "number": 1.3,
    "question": 3.4,
    "kind": 1.9,
    "base": 2.0,
    "option": 4.6,
    "count": 1.8,
    "share": 2.2,
}
NUMBER, QUESTION, KIND, BASE, OPTION, COUNT, SHARE = range(7)
TITLE_STYLE, CELL_STYLE, HEADING_STYLE = "汇总表标题", "汇总表单元格", "汇总表表头"
GREY = "F2F2F2"


def render_docx(table: SummaryTable, language: str = "zh") -> bytes:
    document = docx.Document()
    _set_up_styles(document)
    _set_up_page(document.sections[0], table, language)
    _set_properties(document, table, language)
    for place, group in enumerate(table.groups):
        if place:
            document.add_page_break()
        _group(document, table, group, language)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _group(document: Any, table: SummaryTable, group: Group, language: str) -> None:
    document.add_paragraph(_clean(headline(table, language)), TITLE_STYLE)
    for text in (subtitle(table), *table.remarks, group_line(table, group, language)):
        paragraph = document.add_paragraph(_clean(text))
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.paragraph_format.keep_with_next = True
    _table(document, group, language)
    opening = document.add_paragraph(word("notes", language))
    opening.paragraph_format.space_before = Pt(6)
    notes = [document.add_paragraph(_clean(note)) for note in _notes(table, group, language)]
    for paragraph in (opening, *notes):
        _small(paragraph)
    blanks = ("prepared_by", "checked_by", "date_line")
    signatures = document.add_paragraph(
        "　　　".join(f"{word(key, language)}____________" for key in blanks)
    )
    signatures.paragraph_format.space_before = Pt(18)


def _table(document: Any, group: Group, language: str) -> None:
    printed = [lines(question, group.n, language) for question in group.questions]
    table = document.add_table(1 + sum(map(len, printed)), len(WIDTHS_CM))
    table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
    for column, width in zip(table.columns, WIDTHS_CM.values(), strict=True):
        column.width = Cm(width)
    rows = list(table.rows)
    cells = [row.cells for row in rows]
    for row in rows:
        _set_up_row(row)
    _heading_row(rows[0], cells[0], language)
    top = 1
    for question, of_question in zip(group.questions, printed, strict=True):
        _question(cells[top : top + len(of_question)], question, of_question, language)
        top += len(of_question)


def _heading_row(row: Any, cells: Sequence[Any], language: str) -> None:
    row._tr.get_or_add_trPr().append(_element("w:tblHeader"))
    for cell, key in zip(cells, WIDTHS_CM, strict=True):
        _write(cell, word(key, language), style=HEADING_STYLE)
        _shade(cell, "D9E2F3")


def _question(
    cells: Sequence[Sequence[Any]], question: QuestionTable, printed: Sequence[Line], language: str
) -> None:
    shared = {
        NUMBER: wording.count(question.number),
        QUESTION: question.text,
        KIND: word(question.kind, language),
        BASE: wording.count(question.base),
    }
    for column, text in shared.items():
        merged = cells[0][column].merge(cells[-1][column])
        _write(merged, text, centred=column != QUESTION)
    for row, line in zip(cells, printed, strict=True):
        _line(row, line)
    for row in cells[:-1]:
        for cell in row:
            cell.paragraphs[0].paragraph_format.keep_with_next = True


def _line(row: Sequence[Any], line: Line) -> None:
    _write(row[OPTION], line.label)
    if line.role == "statistic":
        _write(row[COUNT].merge(row[SHARE]), wording.number(line.value), centred=True)
        return
    _write(row[COUNT], wording.count(line.count), centred=True)
    _write(row[SHARE], wording.percent(line.share), centred=True)
    if line.role == "total":
        for column in (OPTION, COUNT, SHARE):
            _shade(row[column], GREY)


def _write(cell: Any, text: str, *, centred: bool = False, style: str = CELL_STYLE) -> None:
    cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    paragraph = cell.paragraphs[0]
    # By id, which is the name: `paragraph.style` searches all styles for each of the cells.
    paragraph._p.style = style
    paragraph.text = _clean(text)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _set_up_row(row: Any) -> None:
    """No row is split over two pages."""
    row._tr.get_or_add_trPr().append(_element("w:cantSplit"))
    for cell, width in zip(row.cells, WIDTHS_CM.values(), strict=True):
        cell.width = Cm(width)


def _shade(cell: Any, colour: str) -> None:
    shading = _element("w:shd", val="clear", color="auto", fill=colour)
    properties = cell._tc.get_or_add_tcPr()
    before = properties.find(qn("w:vAlign"))
    properties.append(shading) if before is None else before.addprevious(shading)


def _set_up_styles(document: Any) -> None:
    normal = document.styles["Normal"]
    _set_font(normal, BODY_FONT, 12)
    normal.paragraph_format.space_after = Pt(3)
    _add_style(document, TITLE_STYLE, TABLE_FONT, 18, bold=True, centred=True)
    _add_style(document, CELL_STYLE, TABLE_FONT, 10.5)
    _add_style(document, HEADING_STYLE, TABLE_FONT, 10.5, bold=True, centred=True)
    document.styles[TITLE_STYLE].paragraph_format.keep_with_next = True


def _add_style(
    document: Any, name: str, font: str, size: float, *, bold: bool = False, centred: bool = False
) -> None:
    style = document.styles.add_style(name, docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    style.base_style = document.styles["Normal"]
    style.paragraph_format.space_before = Pt(1.5)
    style.paragraph_format.space_after = Pt(6 if name == TITLE_STYLE else 1.5)
    _set_font(style, font, size)
    style.font.bold = bold
    if centred:
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _set_font(style: Any, name: str, size: float) -> None:
    """python-docx names the Latin font only; Chinese text follows w:eastAsia."""
    style.font.name, style.font.size = name, Pt(size)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), name)


def _small(paragraph: Any) -> None:
    paragraph.paragraph_format.space_after = Pt(0)
    for run in paragraph.runs:
        run.font.size = Pt(10.5)


def _set_up_page(section: Any, table: SummaryTable, language: str) -> None:
    section.orientation = WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(1.9)
    section.top_margin = section.bottom_margin = Cm(2.2)
    header = section.header.paragraphs[0]
    header.text = _clean(page_header(table, language))
    header.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _small(header)
    _page_numbers(section.footer.paragraphs[0], language)


def _page_numbers(paragraph: Any, language: str) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for part in word("page", language, page="\0PAGE\0", pages="\0NUMPAGES\0").split("\0"):
        if part in ("PAGE", "NUMPAGES"):
            field = _element("w:fldSimple", instr=part)
            paragraph._p.append(field)
            paragraph.add_run("1")
            field.append(paragraph.runs[-1]._r)
        else:
            paragraph.add_run(part)
    _small(paragraph)


def _set_properties(document: Any, table: SummaryTable, language: str) -> None:
    document.core_properties.title = _clean(page_header(table, language))[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.core_properties.language = "zh-CN" if language.startswith("zh") else "en"


def _notes(table: SummaryTable, group: Group, language: str) -> list[str]:
    notes = foot_notes(table, group, language)
    return [f"{number}. {note}" for number, note in enumerate(notes, start=1)]


def _clean(text: str) -> str:
    """XML has no control characters."""
    return "".join(character for character in text if character >= " " or character in "\n\t")


def _element(name: str, **attributes: str) -> Any:
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element
