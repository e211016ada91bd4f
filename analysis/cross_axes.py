"""One side of a cross-tabulation: the options of a question, or the groups of a grouping."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from analysis.coding import categories, ticks
from analysis.designs import Floats
from analysis.grouping import groupings
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from surveys.definition import Kind, Question

AxisKind = Literal["group", "single", "scale", "multiple"]
MOST_CATEGORIES = 300
"""Of one side. A reader needs fewer by far; beyond, the page takes seconds."""


@dataclass(frozen=True, eq=False)
class Axis:
    """A classification of n responses into k categories.

    codes: (n,) pattern 0..P-1, or -1 where it does not apply (not asked, blank, left out).
    members: (P, k) 1 where the pattern belongs to the category; one 1 per row unless `multiple`.
    omitted: names of groups without a response.
    """

    key: str
    title: str
    kind: AxisKind
    names: tuple[str, ...]
    codes: npt.NDArray[np.signedinteger[Any]]
    members: Floats
    omitted: tuple[str, ...] = ()

    @property
    def multiple(self) -> bool:
        return self.kind == "multiple"

    @property
    def size(self) -> int:
        return len(self.names)


def axis_of(
    responses: Responses, key: str, inside: Any = None, *, substantive: bool = False
) -> Axis:
    """The axis of a grouping ("audience", "area" …) or a choice question.

    inside: (n,) of bool, who is in the table at all. `substantive` leaves out 不清楚 and 拒答.
    Raises CannotComputeError for an unknown key and for too many categories.
    """
    if key in responses.groups:
        found = _of_grouping(responses, key, inside)
    else:
        question = responses.questionnaire.by_code.get(key)
        if question is None or not question.is_choice:
            allowed = ", ".join(groupings(responses))
            raise CannotComputeError("unknown_choice", given=key, allowed=allowed)
        found = _of_question(responses, question, inside, substantive)
    if found.size > MOST_CATEGORIES:
        raise CannotComputeError(
            "too_many_categories", name=found.title or key, count=found.size, limit=MOST_CATEGORIES
        )
    return found


def _of_grouping(responses: Responses, key: str, inside: Any) -> Axis:
    """Without the groups that have no response; there may be hundreds of villages."""
    coded = categories(responses, key)
    codes = _within(coded.codes, inside)
    counts = np.bincount(codes[codes >= 0], minlength=coded.size)
    present = np.flatnonzero(counts)
    place = np.full(coded.size + 1, -1, dtype=np.int32)
    place[present] = np.arange(len(present))
    return Axis(
        key=key,
        title="",
        kind="group",
        names=tuple(coded.names[i] for i in present),
        codes=place[codes],
        members=np.eye(len(present)),
        omitted=tuple(name for name, count in zip(coded.names, counts, strict=True) if not count),
    )


def _of_question(responses: Responses, question: Question, inside: Any, substantive: bool) -> Axis:
    kept = [
        place
        for place, option in enumerate(question.options)
        if not (substantive and option.meaning is not None)
    ]
    names = tuple(f"{question.options[i].code}.{question.options[i].text}" for i in kept)
    of = _ticked if question.kind is Kind.MULTIPLE else _chosen
    codes, members = of(responses, question, kept)
    return Axis(
        key=question.code,
        title=question.text,
        kind=KINDS[question.kind],
        names=names,
        codes=_within(codes, inside),
        members=members,
    )


def _chosen(responses: Responses, question: Question, kept: list[int]) -> tuple[Any, Floats]:
    coded = categories(responses, question.code)
    place = np.full(coded.size + 1, -1, dtype=np.int16)
    place[kept] = np.arange(len(kept))
    return place[coded.codes], np.eye(len(kept))


def _ticked(responses: Responses, question: Question, kept: list[int]) -> tuple[Any, Floats]:
    """不清楚 and 拒答 stand alone, so that who ticked one of them ticked nothing else."""
    patterns = ticks(responses, question.code)
    left_out = np.ones(len(question.options), dtype=bool)
    left_out[kept] = False
    outside = np.append(patterns.ticks[:, left_out].any(axis=1), True)
    codes = np.where(outside[patterns.codes], -1, patterns.codes)
    return codes, patterns.ticks[:, kept]


def _within(codes: Any, inside: Any) -> npt.NDArray[np.signedinteger[Any]]:
    return np.asarray(codes if inside is None else np.where(inside, codes, -1))


KINDS: dict[Kind, AxisKind] = {
    Kind.SINGLE: "single",
    Kind.SCALE: "scale",
    Kind.MULTIPLE: "multiple",
}
