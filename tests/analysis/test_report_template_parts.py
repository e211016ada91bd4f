"""Tags in footnotes and properties of a template: told to whoever uploads it, and never run."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.ns import nsdecls

from analysis.reports.evaluation_report import TemplateError, render_report
from analysis.reports.report_values import EvaluationReport
from analysis.reports.template_check import environment
from analysis.reports.template_parts import ReportTemplate, unfilled_texts

EMPTY = EvaluationReport("城乡低保补助资金", 2026, date(2026, 11, 21))
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_property(name: str, text: str) -> bytes:
    document = docx.Document()
    document.add_paragraph("{{ title }}")
    setattr(document.core_properties, name, text)
    return saved(document)


def with_note(*runs: str, kind: str = "footnote") -> bytes:
    """The part is made by hand: python-docx writes no notes."""
    document = docx.Document()
    document.add_paragraph("{{ title }}")
    written = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    note = f'<w:{kind} w:id="2"><w:p>{written}</w:p></w:{kind}>'
    blob = f"<w:{kind}s {nsdecls('w')}>{note}</w:{kind}s>".encode()
    name = PackURI(f"/word/{kind}s.xml")
    part = Part(name, f"{WORD}.{kind}s+xml", blob, document.part.package)
    document.part.relate_to(part, f"{RELATED}/{kind}s")
    return saved(document)


def saved(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code", "shown"),
    [
        (with_property("title", "{% if"), "tag_in_property", "{% if"),
        (with_property("title", "报告 {{ background }}"), "tag_in_property", "{{ background }}"),
        (with_property("comments", "{{ a.b.c }}"), "tag_in_property", "{{ a.b.c }}"),
        (with_property("keywords", "{{ title }}"), "tag_in_property", "{{ title }}"),
        (with_note("{{ oops"), "tag_in_note", "{{ oops"),
        (with_note("见 {", "{ 7*7 }}"), "tag_in_note", "{{ 7*7 }}"),
        (with_note("{{ title }}", kind="endnote"), "tag_in_note", "{{ title }}"),
    ],
)
def test_tag_where_none_is_filled_is_refused_and_shown(
    content: bytes, code: str, shown: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        render_report(EMPTY, content)
    (fault,) = refused.value.faults
    assert fault.code == code
    assert fault.text("zh").endswith(shown) and fault.text("en").endswith(shown)


@pytest.mark.parametrize(
    "content", [with_property("title", "{{ 1 + 1 }}"), with_note("{{ 1 + 1 }}")]
)
def test_nothing_runs_in_properties_and_notes(content: bytes) -> None:
    """Even if the check of tags should let it through."""
    filled = ReportTemplate(io.BytesIO(content))
    filled.render({"title": "报告"}, environment(), autoescape=True)
    assert filled.docx.paragraphs[0].text == "报告"
    texts = [text for _, text in unfilled_texts(saved(filled.docx))]
    assert [text for text in texts if "1" in text and "{" in text] == ["{{ 1 + 1 }}"]


def test_note_without_a_tag_is_kept() -> None:
    content = render_report(EMPTY, with_note("数据由民政局提供 {a}"))
    assert ("note", "数据由民政局提供 {a}") in list(unfilled_texts(content))


def test_notes_that_are_no_xml_make_it_no_word_file() -> None:
    with pytest.raises(TemplateError) as refused:
        render_report(EMPTY, with_note("<"))
    assert [fault.code for fault in refused.value.faults] == ["not_docx"]
