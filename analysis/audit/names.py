"""Names as several places print them: what tells them apart, and what only the layout adds."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal

PLACEHOLDERS = "—-–―/无"
"""What a cell holds that names nothing."""
DASHES = re.compile("[-‐‑‒–—―−─－~〜～]+")
QUOTES = re.compile("[\"'“”‘’„‟″′`´「」『』《》〈〉]")
ENUMERATION = re.compile(
    r"^\s*(?:第[一二三四五六七八九十\d]+(?:部分|[章节类项])[:、]?"
    r"|[(\[]?[一二三四五六七八九十]+[)\]、.:]"
    r"|\(?\d+(?:(?:\.\d+)+[.、)]?|[.、):]|(?=\s))"
    r"|[A-Z]\d*(?:[.、)]|(?=\s)))\s*"
)
SUMS = r"(?:小计|合计|总计|共计|总分|得分|分值|sub-?\s?total|total)"
SUM_BEHIND = re.compile(rf"[\s,:·—-]*{SUMS}$", re.IGNORECASE)
SUM_BEFORE = re.compile(rf"^{SUMS}(?:\s*[:—-]|\s+(?:of|for)\s|(?=\())\s*", re.IGNORECASE)
POINTS_BEHIND = re.compile(
    r"\s*[(\[【]\s*(?:共|满分|分值|权重)?[:\s]*(\d{1,9}(?:\.\d{1,9})?)\s*(?:分|%|points?|marks?)?\s*[)\]】]$",
    re.IGNORECASE,
)


def plain(name: str) -> str:
    """Without what does not tell names apart: spaces, quotes, the kind of dash, a full stop."""
    text = "".join(unicodedata.normalize("NFKC", name).split())
    if not text.strip(PLACEHOLDERS):
        return ""
    return QUOTES.sub("", DASHES.sub("-", text)).rstrip("。.;,、")


def heads_the_row(printed: str, name: str, points: Collection[Decimal]) -> bool:
    """Whether `printed` is how the row of a sub-total names `name`: 一、决策（20分）小计.

    小计 alone names nothing. Points in brackets must be those of the row.
    """
    bare = _bare(printed, points)
    return bare in ("", plain(name), _bare(name, points))


def _bare(name: str, points: Collection[Decimal]) -> str:
    text = unicodedata.normalize("NFKC", name).strip()
    text = SUM_BEFORE.sub("", ENUMERATION.sub("", text, count=1), count=1)
    while (shorter := _without_tail(text, points)) != text:
        text = shorter
    is_bracketed = text.startswith("(") and text.find(")") == len(text) - 1
    return plain(text.strip("()") if is_bracketed else text)


def _without_tail(text: str, points: Collection[Decimal]) -> str:
    found = POINTS_BEHIND.search(text)
    if found and Decimal(found.group(1)) in points:
        return text[: found.start()]
    return SUM_BEHIND.sub("", text)
