"""Shares that were adjusted by one last digit so that they print as 100% together."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analysis.audit.survey_model import Option, Question
from analysis.printed import as_printed

HUNDRED = Decimal(100)
MOST_OPTIONS = 100
"""Of more nobody adjusts the shares, and looking at all for each would take long."""


def is_adjusted(question: Question, base: int) -> bool:
    """Whether the printed shares of a single choice are the right ones, some of them a last digit
    higher (or all of those lower), because the right ones do not add up to 100%."""
    printed = [option.share for option in question.options if option.share is not None]
    if question.kind != "single" or len(printed) < len(question.options):
        return False
    if len(printed) > MOST_OPTIONS:
        return False
    if len({share.places for share in printed}) > 1 or base <= 0:
        return False
    counts = [_count(option, base) for option in question.options]
    right = list(_right(counts, base, printed[0].places))
    if sum(counts) != base or sum((share.value for share in printed), -HUNDRED):
        return False
    moved = [share.value - value for share, value in zip(printed, right, strict=True)]
    missing = HUNDRED - sum(right)
    unit = Decimal(1).scaleb(-printed[0].places)
    return sum(map(abs, moved)) == abs(missing) > 0 and max(map(abs, moved)) <= unit


def _count(option: Option, base: int) -> int:
    """As printed, else the number of people that is nearest to the share."""
    if option.count is not None or option.share is None:
        return option.count or 0
    return round(option.share.exact * base / 100)


def _right(counts: list[int], base: int, places: int) -> Iterator[Decimal]:
    return (as_printed(Fraction(100 * count, base), places, True).value for count in counts)
