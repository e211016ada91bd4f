"""The 绩效评价报告 as .docx: a template that evaluators may edit, filled with computed numbers."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from analysis.reports.lines import display_width
from analysis.reports.report_combined import combined_evidence, combined_texts, tables_of
from analysis.reports.report_evidence import evidence
from analysis.reports.report_marks import show_marks
from analysis.reports.report_names import survey_names
from analysis.reports.report_sentences import texts
from analysis.reports.report_tables import find_places, put_evidence, put_tables
from analysis.reports.report_template import BODY, CAPTION, COVER, NOTE, default_template
from analysis.reports.report_values import EvaluationReport
from analysis.reports.template_check import (
    LONGEST_VALUE,
    RESERVED,
    TemplateFault,
    around,
    environment,
    template_faults,
)
from analysis.reports.template_parts import ReportTemplate, filled_paragraphs, words_of
from analysis.reports.template_tags import TABLES
from analysis.reports.word_styles import (
    CELL_STYLE,
    HEADING_STYLE,
    add_style,
    clean,
    remove_paragraph,
)

MARKERS = {tag: f"⟦⟦{tag}⟧⟧" for tag in TABLES}
TITLE_ENDS = "绩效评价报告"
COVER_LINE_WIDTH = 34
"""Half-width letters of 26 points between the margins."""
BREAK_BEHIND, NEAR = "年度省市州县区、，）》”", 0.35
NOTHING = "⟦⟧"
"""Stands for an empty text, so that its paragraph can be found and removed."""
STYLES = {CELL_STYLE: ("宋体", 10.5), HEADING_STYLE: ("宋体", 10.5)}
STYLES |= {BODY: ("仿宋", 14), CAPTION: ("黑体", 12), NOTE: ("宋体", 10.5)}


class TemplateError(ValueError):
    """A template that is refused; `faults` has every reason."""

    def __init__(self, faults: tuple[TemplateFault, ...]) -> None:
        super().__init__("\n".join(fault.text() for fault in faults))
        self.faults = faults


def render_report(report: EvaluationReport, template: bytes | None = None) -> bytes:
    """The whole file. `template` is one that evaluators edited. Raises TemplateError."""
    faults = template_faults(template) if template is not None else ()
    if faults:
        raise TemplateError(faults)
    filled = ReportTemplate(io.BytesIO(template if template is not None else default_template()))
    report = replace(report, survey_names=survey_names(report.tables))
    told = texts(report) | combined_texts(report)
    context = {tag: clean_text(text) or NOTHING for tag, text in told.items()}
    filled.render(context | MARKERS, environment(), autoescape=True)
    document = filled.docx
    _add_missing_styles(document)
    _remove_empty(document)
    _balance_title(document)
    _keep_announcements(document)
    places = find_places(document, MARKERS)
    _refuse_unplaced(document, places)
    put_tables(document, report, places, tables_of(report))
    _put_evidence(document, report, places.get("evidence_table"))
    _use_style_ids(document)
    _refuse_marks(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _put_evidence(document: Any, report: EvaluationReport, place: Paragraph | None) -> None:
    """The annex and the marks that lead to it; a template without the annex has no marks."""
    if place is None:
        show_marks(document, frozenset())
        return
    known = evidence(report) | combined_evidence(report)
    keys = show_marks(document, set(known))
    put_evidence(document, place, [known[key] for key in keys])


def clean_text(text: str) -> str:
    """XML has no control characters; docxtpl makes paragraphs of \\a."""
    return "\a".join(clean(part) for part in text.split("\a"))


def _remove_empty(document: Any) -> None:
    for paragraph in document.paragraphs:
        if paragraph.text.strip() == NOTHING:
            remove_paragraph(paragraph)


def _refuse_unplaced(document: Any, places: Mapping[str, Paragraph]) -> None:
    """The check of the template should leave none: better no report than one without a table."""
    placed = [paragraph._p for paragraph in places.values()]
    faults = [
        TemplateFault("table_not_alone", tag, place, _without(marker, tag, found))
        for place, found in filled_paragraphs(document)
        if found not in placed
        for tag, marker in MARKERS.items()
        if marker in words_of(found)
    ]
    if faults:
        raise TemplateError(tuple(faults))


def _without(marker: str, tag: str, paragraph: Any) -> str:
    return words_of(paragraph).replace(marker, f"{{{{ {tag} }}}}").strip()[:LONGEST_VALUE]


def _refuse_marks(document: Any) -> None:
    """No sign of how a report is made is left in a finished one."""
    faults = [
        TemplateFault("mark_left", around(text, mark.start()), place)
        for place, found in filled_paragraphs(document)
        if (mark := RESERVED.search(text := words_of(found)))
    ]
    if faults:
        raise TemplateError(tuple(faults))


def _keep_announcements(document: Any) -> None:
    """A line that announces the next ones is not the last of its page."""
    for paragraph in document.paragraphs:
        if paragraph.style.name == BODY and paragraph.text.rstrip().endswith("："):
            paragraph.paragraph_format.keep_with_next = True


def _balance_title(document: Any) -> None:
    """A title that is too long for a line of the cover is broken into lines of like length."""
    for paragraph in document.paragraphs:
        if paragraph.style.name == COVER and len(paragraph.runs) == 1:
            paragraph.runs[0].text = "\n".join(title_lines(paragraph.text))


def title_lines(title: str) -> list[str]:
    """What is evaluated, in lines of like length, and on the last one that this is its report."""
    if display_width(title) <= COVER_LINE_WIDTH or not title.endswith(TITLE_ENDS):
        return [title]
    name = title.removesuffix(TITLE_ENDS)
    lines = []
    for left in range(-(-display_width(name) // COVER_LINE_WIDTH), 1, -1):
        end = _break_of(name, display_width(name) / left)
        lines.append(name[:end])
        name = name[end:]
    return [*lines, name, TITLE_ENDS]


def _break_of(text: str, wanted: float) -> int:
    """How many letters make a line of about this width; behind a year or a place if one is near."""
    off = {end: abs(display_width(text[:end]) - wanted) for end in range(1, len(text))}
    near = [end for end, by in off.items() if by < NEAR * wanted and text[end - 1] in BREAK_BEHIND]
    return min(near or off, key=off.__getitem__)


def _add_missing_styles(document: Any) -> None:
    """A template of somebody else's has none of our styles."""
    known = {style.name for style in document.styles}
    for name, (font, size) in STYLES.items():
        if name not in known:
            heading = name in (HEADING_STYLE, CAPTION)
            add_style(document, name, font, size, bold=heading, centred=heading)


def _use_style_ids(document: Any) -> None:
    """Cells name their style by its id, which is its name until Word saves the template anew."""
    ids = {style.name: style.style_id for style in document.styles if style.name in STYLES}
    for named in document.element.body.iter(qn("w:pStyle")):
        value = named.get(qn("w:val"))
        named.set(qn("w:val"), ids.get(value, value))
