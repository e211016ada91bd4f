"""What of a .docx is filled with a report's texts, and what is not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate

WORD_PART = "application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
NOTES = tuple(WORD_PART.format(kind=kind) for kind in ("footnotes", "endnotes"))
EDGES = {WORD_PART.format(kind=kind): kind for kind in ("header", "footer")}
BOXES = {qn("w:tc"): "table", qn("w:txbxContent"): "box", qn("w:sdtContent"): "control"}
PICTURES = tuple(qn(name) for name in ("w:drawing", "w:pict", "w:object"))
PROPERTIES = (
    *("title", "subject", "author", "keywords", "comments", "category"),
    *("identifier", "language", "content_status", "last_modified_by", "version"),
)


class ReportTemplate(DocxTemplate):  # type: ignore[misc]
    """Fills body, headers and footers, whose tags are checked, and nothing else.

    docxtpl would also run whatever stands in properties and footnotes.
    """

    def render_properties(self, *_: Any, **__: Any) -> None:
        """They stay as the evaluators wrote them."""

    def render_footnotes(self, *_: Any, **__: Any) -> None:
        """They stay as the evaluators wrote them."""


@dataclass(frozen=True)
class Line:
    """A paragraph that is filled; `deleted` is what tracked changes strike out.

    `place`: body, table, box (text box), control (content control), header or footer.
    `is_whole`: a table may be put in its place without losing anything.
    """

    place: str
    text: str
    deleted: str = ""
    is_whole: bool = False


def filled_sources(content: bytes) -> Iterator[str]:
    """What jinja reads of body, headers and footers."""
    template = ReportTemplate(io.BytesIO(content))
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))


def filled_lines(content: bytes) -> Iterator[Line]:
    """Body, headers and footers paragraph by paragraph, as somebody reads them in Word."""
    document = docx.Document(io.BytesIO(content))
    for place, found in filled_paragraphs(document):
        text = words_of(found)
        shown = Paragraph(found, document._body).text  # without tracked changes and controls
        pictures = next(found.iter(*PICTURES), None) is not None
        is_whole = found.getparent().tag == qn("w:body") and shown.strip() == text.strip()
        yield Line(place, text, words_of(found, "w:delText"), is_whole and not pictures)


def filled_paragraphs(document: Any) -> Iterator[tuple[str, Any]]:
    """(place, <w:p>) of the body in reading order, and then of headers and footers."""
    for found in document.element.body.iter(qn("w:p")):
        boxes = (BOXES.get(around.tag) for around in found.iterancestors())
        yield next(filter(None, boxes), "body"), found
    for part in document.part.package.iter_parts():
        if part.content_type in EDGES:
            for found in part.element.iter(qn("w:p")):
                yield EDGES[part.content_type], found


def own_parts(paragraph: Any, name: str) -> list[Any]:
    """The elements of this name in a <w:p>, but not in a text box that hangs on it."""
    return [
        found
        for found in paragraph.iter(qn(name))
        if next(found.iterancestors(qn("w:p"))) is paragraph
    ]


def words_of(paragraph: Any, name: str = "w:t") -> str:
    return "".join(found.text or "" for found in own_parts(paragraph, name))


def unfilled_texts(content: bytes) -> Iterator[tuple[str, str]]:
    """("note" or "property", text) of each paragraph of a note and each property."""
    document = docx.Document(io.BytesIO(content))
    for part in document.part.package.iter_parts():
        if part.content_type in NOTES:
            for paragraph in parse_xml(part.blob).iter(qn("w:p")):
                # Word splits a tag over several runs.
                yield "note", words_of(paragraph)
    for name in PROPERTIES:
        yield "property", getattr(document.core_properties, name)
