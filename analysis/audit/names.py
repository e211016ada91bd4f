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
    r"|\(?[IVX]+(?:[.、):]|(?=\s))"
    r"|[A-Z]\d*(?:[.、)]|(?=\s)))\s*"
)
SIGN_NUMBER = re.compile(
    r"^\s*(?:[(（]?[\u2160-\u217f]+[)）]?|[\u2460-\u249b\u2776-\u2793\u3220-\u3229\u3280-\u3289])"
    r"[、.．。:：)）\s]*"
)
"""①, ⑴, ⒈, ❶, ㈠ and Ⅱ, which normalizing would glue to the name as a number or letters."""
KIND = re.compile("(?<=.)指标$")
"""产出指标 are the indicators of 产出."""
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


def unnumbered(name: str) -> str:
    """Without the number that a list puts before it: ①, Ⅱ、, 1.1, （二）."""
    text = unicodedata.normalize("NFKC", SIGN_NUMBER.sub("", name, count=1)).strip()
    return ENUMERATION.sub("", text, count=1)


def heads_the_row(printed: str, name: str, points: Collection[Decimal]) -> bool:
    """Whether `printed` is how the row of a sub-total names `name`: 一、决策（20分）小计.

    小计 alone names nothing. Points in brackets must be those of the row.
    """
    bare = _bare(printed, points)
    return bare in ("", plain(name), _bare(name, points))


def _bare(name: str, points: Collection[Decimal]) -> str:
    text = SUM_BEFORE.sub("", unnumbered(name), count=1)
    while (shorter := _without_tail(text, points)) != text:
        text = shorter
    is_bracketed = text.startswith("(") and text.find(")") == len(text) - 1
    return plain(text.strip("()") if is_bracketed else text)


def _without_tail(text: str, points: Collection[Decimal]) -> str:
    found = POINTS_BEHIND.search(text)
    if found and Decimal(found.group(1)) in points:
        return text[: found.start()]
    return KIND.sub("", SUM_BEHIND.sub("", text))
