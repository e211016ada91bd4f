"""The table of contents (目录) of a report: its headings, each with a field of its page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from docx.enum.text import WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from analysis.reports.report_template import BODY
from analysis.reports.word_styles import element

HEADINGS = ("Heading 1", "Heading 2")
BOOKMARK = "heading_{number}"
FIRST_ID = 500
INDENT_CM = 0.8
LINE_CM = 15.8


def put_contents(document: Any, report: object, put: Callable[[Any], None]) -> None:
    """One line per heading that the template has, whatever somebody made of it.

    A list of page fields and no TOC field: LibreOffice fills the former when it opens the file and
    leaves the latter as it was stored, with wrong pages.
    """
    found = [p for p in document.paragraphs if p.style.name in HEADINGS]
    for number, heading in enumerate(found, start=1):
        put(_line(document, number, heading)._p)


def _line(document: Any, number: int, heading: Any) -> Any:
    name = BOOKMARK.format(number=number)
    _bookmark(heading, number, name)
    line = contents_line(document, heading.text, name, style=BODY)
    form = line.paragraph_format
    form.left_indent = Cm(INDENT_CM if heading.style.name == HEADINGS[1] else 0)
    form.first_line_indent = Cm(0)
    return line


def contents_line(
    document: Any, text: str, bookmark: str, *, style: str | None = None, width_cm: float = LINE_CM
) -> Any:
    """A paragraph at the end: a link to the bookmark, dots, and the page that it is on."""
    line = document.add_paragraph("", style)
    form = line.paragraph_format
    form.space_after = Pt(0)
    form.tab_stops.add_tab_stop(Cm(width_cm), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.DOTS)
    link = element("w:hyperlink", anchor=bookmark, history="1")
    for part in (*_runs(line, f"{text}\t"), *_page_field(line, bookmark)):
        link.append(part)
    line._p.append(link)
    return line


def _bookmark(heading: Any, number: int, name: str) -> None:
    id_ = str(FIRST_ID + number)
    heading._p.insert(1, element("w:bookmarkStart", id=id_, name=name))
    heading._p.append(element("w:bookmarkEnd", id=id_))


def _page_field(line: Any, name: str) -> list[Any]:
    """Marked as out of date, so that Word fills it too."""
    begin = element("w:fldChar", fldCharType="begin", dirty="true")
    instruction = element("w:instrText")
    instruction.set(qn("xml:space"), "preserve")
    instruction.text = f" PAGEREF {name} \\h "
    separate, end = (element("w:fldChar", fldCharType=kind) for kind in ("separate", "end"))
    return [_run(begin), _run(instruction), _run(separate), *_runs(line, "…"), _run(end)]


def _runs(line: Any, text: str) -> list[Any]:
    return [line.add_run(text)._r]


def _run(content: Any) -> Any:
    run = element("w:r")
    run.append(content)
    return run
