"""Reliability and validity (信度效度) of the scale items of a questionnaire, in one value.

Coefficients are of the responses that answered every item; weights and clusters are ignored, as
everywhere in this literature. What cannot be computed says why.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from analysis.association import Test
from analysis.coding import scale_items, scale_questions
from analysis.refusals import CannotComputeError
from analysis.reliability import Alpha, cronbach_alpha, items_of
from analysis.responses import Responses
from analysis.validity import Adequacy, Omega, bartlett, kmo, omega
from surveys.definition import Kind

T = TypeVar("T")
MOST_ITEMS = 60


@dataclass(frozen=True)
class Item:
    """One question of the scale. answered: responses with a substantive answer. mean: 1 for
    the least favourable option to `levels` for the most (turned if `reversed`), None without an
    answer.
    is_scale: else a single choice, of which nobody has said that its options are in order."""

    code: str
    text: str
    reversed: bool
    levels: int
    answered: int
    mean: float | None
    is_scale: bool = True


@dataclass(frozen=True, eq=False)
class ScaleReport:
    """n: responses that answered all items, of n_given. refusals: part (alpha, omega, kmo,
    bartlett; all of them: items) and why it is missing."""

    items: tuple[Item, ...]
    n: int
    n_given: int
    alpha: Alpha | None = None
    omega: Omega | None = None
    kmo: Adequacy | None = None
    bartlett: Test | None = None
    refusals: tuple[tuple[str, CannotComputeError], ...] = ()


def scale_report(
    responses: Responses,
    items: Sequence[str] | None = None,
    reverse: Sequence[str] = (),
    inside: Any = None,
) -> ScaleReport:
    """All coefficients of these items, by default of every question of kind scale.

    items: codes of scale or single-choice questions whose options are in order; reverse: those to
    be counted the other way round. inside: (n,) of bool, the responses to use.
    Raises CannotComputeError for unknown codes, too many items, and reversed ones that are none.
    """
    codes = tuple(dict.fromkeys(scale_questions(responses) if items is None else items))
    _check(responses, codes, reverse)
    values = scale_items(responses, codes)
    values = values if inside is None else values[np.asarray(inside, dtype=bool)]
    listed = tuple(
        _item(responses, code, code in reverse, values[:, place])
        for place, code in enumerate(codes)
    )
    complete = int(np.isfinite(values).all(axis=1).sum()) if codes else 0
    empty = ScaleReport(listed, complete, len(values))
    turned = [place for place, code in enumerate(codes) if code in reverse]
    try:
        read = items_of(values, codes, turned)
    except CannotComputeError as why:
        return ScaleReport(listed, complete, len(values), refusals=(("items", why),))
    parts: dict[str, Callable[[], Any]] = {
        "alpha": lambda: cronbach_alpha(read),
        "omega": lambda: omega(read),
        "kmo": lambda: kmo(read),
        "bartlett": lambda: bartlett(read),
    }
    return _with_parts(empty, parts)


def _check(responses: Responses, codes: Sequence[str], reverse: Sequence[str]) -> None:
    possible = possible_items(responses)
    for code in (*codes, *reverse):
        if code not in possible:
            raise CannotComputeError("unknown_choice", given=code, allowed=", ".join(possible))
    if len(codes) > MOST_ITEMS:
        raise CannotComputeError("too_many_items", count=len(codes), limit=MOST_ITEMS)
    strange = [code for code in dict.fromkeys(reverse) if code not in codes]
    if strange:
        raise CannotComputeError("reversed_not_chosen", items=", ".join(strange))


def possible_items(responses: Responses) -> tuple[str, ...]:
    """Scale questions first, then single choices, whose options may be in order, too."""
    questions = responses.questionnaire.questions
    singles = (q.code for q in questions if q.kind is Kind.SINGLE)
    return (*scale_questions(responses), *singles)


def _item(responses: Responses, code: str, is_reversed: bool, values: Any) -> Item:
    question = responses.questionnaire.by_code[code]
    given = values[np.isfinite(values)]
    levels = len(question.levels)
    mean = float(given.mean()) if len(given) else None
    if mean is not None and is_reversed:
        mean = levels + 1 - mean
    scale = question.kind is Kind.SCALE
    return Item(code, question.text, is_reversed, levels, len(given), mean, scale)


def _with_parts(report: ScaleReport, parts: dict[str, Callable[[], Any]]) -> ScaleReport:
    found: dict[str, Any] = {}
    refusals: list[tuple[str, CannotComputeError]] = []
    for name, compute in parts.items():
        try:
            found[name] = compute()
        except CannotComputeError as why:
            refusals.append((name, why))
    return ScaleReport(report.items, report.n, report.n_given, **found, refusals=tuple(refusals))
