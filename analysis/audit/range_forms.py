"""Ranges as reports print them, written with x: `[80,90)`, `90分（含）以上`, `80≤S<90`."""

from __future__ import annotations

import re
import unicodedata

NUMBER = r"[+-]?\d{1,9}(?:\.\d{1,9})?%?"
UNIT = re.compile(r"(?<=\d)分")
SIGNS = str.maketrans({"≤": "<=", "≥": ">=", "≦": "<=", "≧": ">=", "−": "-"})
SIGN = r"(?:<=|>=|<|>)"
NAME = r"[^\W\d_][^<>=\d%,]{0,19}"
BETWEEN = re.compile(rf"({NUMBER}{SIGN}){NAME}({SIGN}{NUMBER})")
ONE_SIDED = re.compile(rf"(?:{NAME})?((?:{SIGN}|=){NUMBER})")
LESS, MORE = "低于|少于|小于", "高于|大于|超过|多于"
IN_WORDS = re.compile(rf"(?:{NAME}?)??(不)?(?:({LESS})|{MORE})({NUMBER})")
BRACKETS = re.compile(rf"([\[(])({NUMBER}|-∞|-?无穷),({NUMBER}|\+?∞|\+?无穷)([\])])")
MARK = rf"(\(不?包?含(?:本数|{NUMBER})?\))?"
FROM = re.compile(rf"({NUMBER}){MARK}(?:及|或)?以上{MARK}")
TO = re.compile(rf"({NUMBER}){MARK}(及|或)?以下{MARK}")
SPAN = re.compile(rf"({NUMBER}){MARK}(?:-|~|至|到|—|–)({NUMBER}){MARK}")
ALL = ("100", "100%")


def in_x(text: str) -> str:
    """The same range with x and signs; a text of no such form as it is."""
    plain = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)
    plain = UNIT.sub("", "".join(plain.split()))
    for form, written in (
        (BETWEEN, _named),
        (ONE_SIDED, _named),
        (IN_WORDS, _in_words),
        (BRACKETS, _bracketed),
        (FROM, _from),
        (TO, _to),
        (SPAN, _span),
    ):
        if found := form.fullmatch(plain):
            return written(found) or text
    return text


def _named(found: re.Match[str]) -> str:
    return "x".join(found.groups()) if len(found.groups()) > 1 else f"x{found.group(1)}"


def _in_words(found: re.Match[str]) -> str:
    """不低于90, 低于60."""
    negated, less, number = found.groups()
    sign = ("<", ">=") if less else (">", "<=")
    return f"x{sign[negated is not None]}{number}"


def _bracketed(found: re.Match[str]) -> str:
    opened, low, high, closed = found.groups()
    left = "" if low[-1] in "∞穷" else f"{low}{'<=' if opened == '[' else '<'}"
    right = "" if high[-1] in "∞穷" else f"{'<=' if closed == ']' else '<'}{high}"
    if left and right:
        return f"{left}x{right}"
    return f"x{right}" if right else f"x{'>=' if opened == '[' else '>'}{low}" if left else ""


def _from(found: re.Match[str]) -> str:
    """以上 takes the number in, as in law, unless it is said that it does not."""
    number, *marks = found.groups()
    return f"x{'>' if any(map(_leaves_out, marks)) else '>='}{number}"


def _to(found: re.Match[str]) -> str:
    """以下 leaves out the number, which the band above takes in, unless it is said to take it in:
    财预〔2020〕10号 has 60(含)–80 and 60以下."""
    number, mark, joined, last = found.groups()
    return f"x{'<=' if joined or any(map(_takes_in, (mark, last))) else '<'}{number}"


def _span(found: re.Match[str]) -> str:
    """80（含）-90: one marked end tells how the other is meant; of none nobody knows."""
    low, low_mark, high, high_mark = found.groups()
    if low_mark is None and high_mark is None:
        return ""
    low_in = _takes_in(low_mark) if low_mark else _leaves_out(high_mark)
    high_in = _takes_in(high_mark) if high_mark else _leaves_out(low_mark) or high in ALL
    return f"{low}{'<=' if low_in else '<'}x{'<=' if high_in else '<'}{high}"


def _takes_in(mark: str | None) -> bool:
    return mark is not None and not _leaves_out(mark)


def _leaves_out(mark: str | None) -> bool:
    return mark is not None and "不" in mark
