"""Marks in a finished document: ⟦key⟧ becomes a raised number that leads to the evidence annex,
and 【待补充：…】 is highlighted, so that nobody overlooks it."""

from __future__ import annotations

import copy
import re
from typing import Any

from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from analysis.reports.template_parts import filled_paragraphs, own_parts, words_of
from analysis.reports.word_styles import element

PIECES = re.compile(r"(⟦[^⟦⟧]*⟧|【(?:待补充|模拟数据)[^【】]*】|[⟦⟧])")
LONE = {"⟦": "[", "⟧": "]"}
"""Half a mark is none: somebody typed it, in a question or a name."""
BOOKMARK = "evidence_{number}"


def show_marks(document: Any, known: frozenset[str] | set[str]) -> list[str]:
    """Draws all marks; returns the keys in the order of their numbers, from 1.

    A mark of an unknown key (somebody's template may hold anything) disappears.
    """
    numbers: dict[str, int] = {}
    for _, found in filled_paragraphs(document):
        if PIECES.search(words_of(found)):
            for run in own_parts(found, "w:r"):
                _split(Run(run, Paragraph(found, document._body)), numbers, known)
    return list(numbers)


def bookmark(paragraph: Any, number: int) -> None:
    """Where the mark of this number leads."""
    id_ = str(1000 + number)
    start = element("w:bookmarkStart", id=id_, name=BOOKMARK.format(number=number))
    paragraph._p.insert(1 if paragraph._p.pPr is not None else 0, start)
    paragraph._p.append(element("w:bookmarkEnd", id=id_))


def _split(run: Any, numbers: dict[str, int], known: frozenset[str] | set[str]) -> None:
    pieces = [piece for piece in PIECES.split(run.text) if piece]
    if not any(PIECES.fullmatch(piece) for piece in pieces):
        return
    for piece in pieces:
        new = copy.deepcopy(run._r)
        run._r.addprevious(new)
        if piece.startswith("⟦") and piece not in LONE:
            _number(Run(new, run._parent), piece[1:-1], numbers, known)
            continue
        made = Run(new, run._parent)
        made.text = LONE.get(piece, piece)
        if piece.startswith("【"):
            made.font.highlight_color = WD_COLOR_INDEX.YELLOW
    run._r.getparent().remove(run._r)


def _number(run: Any, key: str, numbers: dict[str, int], known: frozenset[str] | set[str]) -> None:
    if key not in known:
        run._r.getparent().remove(run._r)
        return
    number = numbers.setdefault(key, len(numbers) + 1)
    run.text = f"[{number}]"
    run.font.superscript = True
    link = element("w:hyperlink", anchor=BOOKMARK.format(number=number), history="1")
    run._r.addprevious(link)
    link.append(run._r)
