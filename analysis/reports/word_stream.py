"""A long Word file that is written piece by piece: what is finished leaves the memory."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from xml.sax.saxutils import escape

import docx
from docx.opc.oxml import serialize_part_xml
from docx.oxml.ns import qn

from analysis.reports.word_styles import BLUE, CELL_STYLE, HEADING_STYLE, clean

HERE = "\u2042manyi\u2042"
"""Stands in the saved file where the pieces go."""
KEPT_IN_MEMORY = 4 * 2**20
CHUNK = 2**20
BODY = "word/document.xml"
SHORT_TABLE = 20
"""Rows of a table that is not to be torn apart; half a page."""
TWIPS_PER_CM = 1440 / 2.54


class WordStream:
    """`document` takes paragraphs and tables as always; `flush` moves them out of the memory.

    Pictures stay in the package until the end. Used as a context: leaving it drops the draft.
    """

    def __init__(self) -> None:
        self.document = docx.Document()
        self._draft = tempfile.SpooledTemporaryFile(KEPT_IN_MEMORY)  # noqa: SIM115 - see __exit__
        self._drawings = 0

    def __enter__(self) -> WordStream:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._draft.close()

    def flush(self) -> None:
        body = self.document.element.body
        self._number_drawings(body)
        text: bytes = serialize_part_xml(body)
        # Without the body's own tags its children share the declarations of the whole file.
        first = text.index(b">", text.index(b"<w:body")) + 1
        self._draft.write(text[first : text.rindex(b"<w:sectPr")])
        for child in [child for child in body if child.tag != qn("w:sectPr")]:
            body.remove(child)

    def add_rows(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths_cm: Sequence[float],
        *,
        points: float | None = None,
    ) -> None:
        """A plain table of texts, the first column left-aligned; its first row repeats. `points`:
        size of the letters if not the usual one.

        A short table stays on one page with the line below it; a long one does not leave a
        single row behind.
        """
        self.flush()
        grid = "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths_cm)
        heading = _row(headings, widths_cm, Look(HEADING_STYLE, True, points, heading=True))
        body = "".join(
            _row(row, widths_cm, Look(CELL_STYLE, _stays(place, len(rows)), points))
            for place, row in enumerate(rows)
        )
        self._draft.write(f"{TABLE}<w:tblGrid>{grid}</w:tblGrid>{heading}{body}</w:tbl>".encode())

    def save(self, target: Path) -> None:
        self.flush()
        self.document.add_paragraph(HERE)
        frame = io.BytesIO()
        self.document.save(frame)
        with zipfile.ZipFile(frame) as made, zipfile.ZipFile(target, "w", DEFLATED) as whole:
            for name in made.namelist():
                if name != BODY:
                    whole.writestr(name, made.read(name), DEFLATED)
            self._write_body(whole, made.read(BODY).decode())

    def _write_body(self, whole: zipfile.ZipFile, frame: str) -> None:
        place = frame.index(HERE)
        before = frame[: frame.rindex("<w:p>", 0, place)]
        after = frame[frame.index("</w:p>", place) + len("</w:p>") :]
        entry = zipfile.ZipInfo(BODY)
        entry.compress_type = DEFLATED
        with whole.open(entry, "w", force_zip64=True) as body:
            body.write(before.encode())
            self._draft.seek(0)
            while chunk := self._draft.read(CHUNK):
                body.write(chunk)
            body.write(after.encode())

    def _number_drawings(self, body: Any) -> None:
        """python-docx numbers the drawings that it sees, so each piece would begin with 1."""
        for drawing in body.iter(qn("wp:docPr")):
            self._drawings += 1
            drawing.set("id", str(self._drawings))


@dataclass(frozen=True)
class Look:
    """How the cells of a row look; `keep` holds them on the page of what follows."""

    style: str
    keep: bool
    points: float | None = None
    heading: bool = False


def _stays(place: int, count: int) -> bool:
    """Whether this row has to stand on the page of the next one, or of the line below the table."""
    return count <= SHORT_TABLE or place == 0 or place >= count - 2


def _row(texts: Sequence[str], widths_cm: Sequence[float], look: Look) -> str:
    cells = "".join(
        _cell(text, width, look, centred=look.heading or place > 0)
        for place, (text, width) in enumerate(zip(texts, widths_cm, strict=True))
    )
    repeated = "<w:tblHeader/>" if look.heading else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{cells}</w:tr>"


def _cell(text: str, width_cm: float, look: Look, *, centred: bool) -> str:
    shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{BLUE}"/>' if look.heading else ""
    kept = "<w:keepNext/>" if look.keep else ""
    aligned = '<w:jc w:val="center"/>' if centred else ""
    size = f'<w:rPr><w:sz w:val="{round(2 * look.points)}"/></w:rPr>' if look.points else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{_twips(width_cm)}" w:type="dxa"/>{shade}'
        f'<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{look.style}"/>{kept}'
        f'{aligned}</w:pPr><w:r>{size}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'
        "</w:p></w:tc>"
    )


def _twips(width_cm: float) -> int:
    return round(width_cm * TWIPS_PER_CM)


DEFLATED = zipfile.ZIP_DEFLATED
TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:jc w:val="center"/>'
    '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="40" w:type="dxa"/>'
    '<w:right w:w="40" w:type="dxa"/></w:tblCellMar></w:tblPr>'
)
