"""What of a .docx is filled with a report's texts, and what is not."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docxtpl import DocxTemplate

NOTES = tuple(
    f"application/vnd.openxmlformats-officedocument.wordprocessingml.{kind}+xml"
    for kind in ("footnotes", "endnotes")
)
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


def filled_sources(content: bytes) -> Iterator[str]:
    """What jinja reads of body, headers and footers."""
    template = ReportTemplate(io.BytesIO(content))
    template.init_docx()
    yield template.patch_xml(template.get_xml())
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        for _, part in template.get_headers_footers(uri):
            yield template.patch_xml(template.get_part_xml(part))


def unfilled_texts(content: bytes) -> Iterator[tuple[str, str]]:
    """("note" or "property", text) of each paragraph of a note and each property."""
    document = docx.Document(io.BytesIO(content))
    for part in document.part.package.iter_parts():
        if part.content_type in NOTES:
            for paragraph in parse_xml(part.blob).iter(qn("w:p")):
                # Word splits a tag over several runs.
                yield "note", "".join(text.text or "" for text in paragraph.iter(qn("w:t")))
    for name in PROPERTIES:
        yield "property", getattr(document.core_properties, name)
