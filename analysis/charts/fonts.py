"""The Chinese font of the charts: its file, how wide a text is in it, and what it cannot write."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.ft2font import FT2Font

CM_PER_PT = 2.54 / 72
PLACEHOLDER = "〓"
"""The printers' mark for a character that is not at hand; an empty box would look like a fault."""
ELLIPSIS = "…"
NO_LINE_BEGINS_WITH = frozenset("，。、；：！？）》」』】〕”’％…—·,.;:!?)]}%/")
NO_LINE_ENDS_WITH = frozenset("（《「『【〔“‘([{")
FREETYPE = threading.RLock()
"""To be held by whoever measures or draws text. FreeType reads the font's file through Python,
which may let another thread in half-way through a glyph: what follows is an "invalid outline" at
best, else a killed process (matplotlib#19560)."""


@cache
def font_file() -> Path:
    """Noto Sans SC (OFL), found without importing the package, which would change rcParams."""
    package = find_spec("zhplot")
    if package is None or package.origin is None:
        raise RuntimeError("zhplot, whose Chinese font the charts are written in, is missing")
    return Path(package.origin).parent / "fonts" / "NotoSansSC-Regular.ttf"


def drawable(text: str) -> str:
    """One line that the font can write: what it lacks is 〓, what has no shape is left out."""
    spaced = " ".join(text.split())
    shown = (c for c in spaced if unicodedata.category(c) not in SHAPELESS and c not in SELECTORS)
    return "".join(c if has_glyph(c) else PLACEHOLDER for c in shown)


SHAPELESS = frozenset({"Cc", "Cf", "Cs"})
SELECTORS = frozenset(chr(code) for code in range(0xFE00, 0xFE10))


@cache
def has_glyph(character: str) -> bool:
    with FREETYPE:
        return _font().get_char_index(ord(character)) != 0


def width_cm(text: str, size_pt: float) -> float:
    """How wide a drawable text is, without kerning."""
    return sum(_advance(character) for character in text) * size_pt * CM_PER_PT


def wrapped(text: str, width: float, size_pt: float, most: int = 3) -> tuple[str, ...]:
    """Lines of at most `width` cm; what does not fit in `most` lines ends in ….

    Chinese breaks anywhere but before closing and after opening punctuation, a Latin word or
    number only where it is wider than a line.
    """
    lines = [""]
    for piece in _pieces(drawable(text)):
        for part in _fitting(piece, width, size_pt):
            if width_cm(lines[-1] + part.rstrip(), size_pt) > width and lines[-1]:
                lines.append("")
            lines[-1] += part if lines[-1] else part.lstrip()
    lines = [line.rstrip() for line in lines]
    if len(lines) <= most:
        return tuple(lines)
    return (*lines[: most - 1], _shortened(lines[most - 1], width, size_pt))


def told_apart(
    texts: Sequence[str], width: float, size_pt: float, most: int = 3
) -> list[tuple[str, ...]]:
    """Each text as `wrapped`, but no two that differ look the same: those that begin alike keep
    their ends and lose their middles, and those whose ends are alike, too, end in their place."""
    shown = [wrapped(text, width, size_pt, most) for text in texts]
    for place in _alike(texts, shown):
        end = drawable(texts[place])[-max(sum(map(len, shown[place])) // 3, 1) :]
        shown[place] = _with_ending(texts[place], end, width, size_pt, most)
    for place in _alike(texts, shown):
        shown[place] = _with_ending(texts[place], f"（{place + 1}）", width, size_pt, most)
    return shown


def _alike(texts: Sequence[str], shown: Sequence[tuple[str, ...]]) -> list[int]:
    """Places of different texts that are shown alike."""
    found: dict[tuple[str, ...], set[str]] = {}
    for text, lines in zip(texts, shown, strict=True):
        found.setdefault(lines, set()).add(text)
    return [place for place, lines in enumerate(shown) if len(found[lines]) > 1]


def _with_ending(
    text: str, ending: str, width: float, size_pt: float, most: int
) -> tuple[str, ...]:
    """As much of the beginning as goes with … and this ending into `most` lines."""
    head = "".join(wrapped(text, width, size_pt, most))
    while head:
        lines = wrapped(head + ELLIPSIS + ending, width, size_pt, most + 1)
        if len(lines) <= most:
            return lines
        head = head[:-1]
    return wrapped(ending, width, size_pt, most)


def _shortened(line: str, width: float, size_pt: float) -> str:
    while line and width_cm(line + ELLIPSIS, size_pt) > width:
        line = line[:-1]
    return line + ELLIPSIS


def _pieces(text: str) -> list[str]:
    """What is never torn: a word with the space behind it, a Chinese character with its marks."""
    pieces: list[str] = []
    for character in text:
        before = pieces[-1][-1] if pieces else " "
        glued = (
            character in NO_LINE_BEGINS_WITH
            or before in NO_LINE_ENDS_WITH
            or (_is_latin(character) and _is_latin(before))
            or character == " "
        )
        if pieces and glued:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_latin(character: str) -> bool:
    return character != " " and ord(character) < 0x2E80


def _fitting(piece: str, width: float, size_pt: float) -> list[str]:
    if width_cm(piece.rstrip(), size_pt) <= width:
        return [piece]
    return list(piece)


@cache
def _advance(character: str) -> float:
    """In ems."""
    from matplotlib.ft2font import LoadFlags

    with FREETYPE:
        font = _font()
        glyph = font.load_char(ord(character), LoadFlags.NO_SCALE)
        return float(glyph.horiAdvance) / font.units_per_EM


@cache
def _font() -> FT2Font:
    from matplotlib.ft2font import FT2Font  # late, as in `rendering`

    return FT2Font(str(font_file()))
