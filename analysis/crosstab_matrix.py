"""Every choice question by every other: counts, Pearson's test and Cramér's V of all pairs at once.

A million responses are passed over some twenty times, not once per pair: small questions are
packed into one code, two packs are counted together, and the tables of their questions are sums
of that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc

from analysis.answer_codes import AnswerCodes, answer_codes
from analysis.counting import Column, Counts, Part, joint_tables, packed
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from surveys.definition import Kind, Question

Floats = npt.NDArray[np.float64]
PACK = 2**9
"""Codes of a pack: two of them make a table of at most 2^18 cells."""


@dataclass(frozen=True)
class Variable:
    """A question with one answer, or one option of a multiple choice: ticked or not by those who
    answered. `option` is its code, "" for a whole question; `names` are those of the categories."""

    question: str
    option: str
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PairTable:
    """counts: (r, c) responses that answered both. The test leaves out empty rows and columns and
    is None where fewer than two of either are left; see `association.pearson` and `cramers_v`."""

    rows: Variable
    columns: Variable
    counts: Counts
    statistic: float | None
    df: int | None
    p: float | None
    cramers_v: float | None


@dataclass(frozen=True, eq=False)
class CrosstabMatrix:
    """All pairs of variables of different questions.

    pairs: (P, 2) places of the variables, the earlier one first. counts: (P, R, C), each table in
    the upper left corner with zeros around it. statistic, df, p, cramers_v: (P,), all nan (df 0)
    where a table cannot be tested.
    """

    variables: tuple[Variable, ...]
    pairs: npt.NDArray[np.intp]
    counts: Counts
    statistic: Floats
    df: npt.NDArray[np.int64]
    p: Floats
    cramers_v: Floats

    def tables(self) -> Iterator[PairTable]:
        """Every pair in the order of the variables."""
        return (self._table(place) for place in range(len(self.pairs)))

    def table(self, first: tuple[str, str], second: tuple[str, str]) -> PairTable:
        """The pair of (question, option) keys, in whichever order the matrix has it. Raises
        CannotComputeError for a pair that is not in it."""
        wanted = tuple(sorted(self._places.get(key, -1) for key in (first, second)))
        place = self._pair_places.get(wanted)
        if place is None:
            allowed = ", ".join(f"{v.question} {v.option}".strip() for v in self.variables)
            raise CannotComputeError("unknown_choice", given=f"{first} {second}", allowed=allowed)
        return self._table(place)

    @cached_property
    def _places(self) -> dict[tuple[str, str], int]:
        return {(v.question, v.option): place for place, v in enumerate(self.variables)}

    @cached_property
    def _pair_places(self) -> dict[tuple[int, ...], int]:
        return {tuple(pair): place for place, pair in enumerate(self.pairs.tolist())}

    def _table(self, place: int) -> PairTable:
        rows, columns = (self.variables[i] for i in self.pairs[place])
        tested = self.df[place] > 0
        return PairTable(
            rows,
            columns,
            self.counts[place, : len(rows.names), : len(columns.names)],
            float(self.statistic[place]) if tested else None,
            int(self.df[place]) if tested else None,
            float(self.p[place]) if tested else None,
            float(self.cramers_v[place]) if tested else None,
        )


def crosstab_matrix(responses: Responses, codes: Sequence[str] | None = None) -> CrosstabMatrix:
    """The matrix of these choice questions (default: all of them) for n simply drawn responses.

    Blank and not asked are left out pair by pair. Options of one multiple choice are not crossed
    with each other. Raises CannotComputeError for a code that is no choice question.
    """
    questions = _chosen(responses, codes)
    parts = [p for q in questions for p in answer_codes(q, responses.columns[q.code], PACK)]
    owners = [q for q in questions for _ in answer_codes(q, responses.columns[q.code][:0], PACK)]
    gram, features = _gram(parts)
    variables = _variables(list(zip(owners, parts, features, strict=True)))
    return _tested(gram, variables)


def _chosen(responses: Responses, codes: Sequence[str] | None) -> list[Question]:
    known = {q.code: q for q in responses.questionnaire.questions if q.is_choice}
    for code in codes or ():
        if code not in known:
            raise CannotComputeError("unknown_choice", given=code, allowed=", ".join(known))
    return [known[code] for code in (known if codes is None else dict.fromkeys(codes))]


@dataclass(frozen=True, eq=False)
class _Pack:
    """Parts as one code. says: (size, f) 1 where a code has a feature: per part "answered" and
    its options; places: (f,) where the features stand among those of all parts."""

    column: Column
    says: Floats
    places: npt.NDArray[np.intp]


def _gram(parts: Sequence[AnswerCodes]) -> tuple[Counts, list[int]]:
    """(F, F) responses that have both of two features, and where each part's begin: "answered"
    first, then its options."""
    starts = [0, *np.cumsum([1 + part.chosen.shape[1] for part in parts]).tolist()]
    packs = [_pack([(parts[i], starts[i]) for i in places]) for places in _together(parts)]
    gram = np.zeros((starts[-1], starts[-1]))
    for place, one in enumerate(packs):
        alone = np.bincount(one.column, minlength=len(one.says))
        gram[np.ix_(one.places, one.places)] = one.says.T @ (alone[:, None] * one.says)
        for other in packs[place + 1 :]:
            found = one.says.T @ _joint(one, other) @ other.says
            gram[np.ix_(one.places, other.places)] = found
            gram[np.ix_(other.places, one.places)] = found.T
    return gram.astype(np.int64), starts[:-1]


def _together(parts: Sequence[AnswerCodes]) -> list[list[int]]:
    """Places of the parts of each pack: each goes where it first fits, the largest first."""
    packs: list[list[int]] = []
    sizes: list[int] = []
    answered = [1 + int(part.answered.sum()) for part in parts]
    for place in sorted(range(len(parts)), key=lambda place: -answered[place]):
        fitting = (i for i, size in enumerate(sizes) if size * answered[place] <= PACK)
        chosen = next(fitting, len(packs))
        if chosen == len(packs):
            packs.append([])
            sizes.append(1)
        packs[chosen].append(place)
        sizes[chosen] *= answered[place]
    return packs


def _pack(parts: Sequence[tuple[AnswerCodes, int]]) -> _Pack:
    """One code of all parts, in which whoever did not answer a part has 0 there."""
    columns: list[Part] = []
    says, places = np.zeros((1, 0)), np.zeros(0, dtype=np.intp)
    for part, start in parts:
        answered = np.flatnonzero(part.answered)
        narrow = np.zeros(part.part.low + part.size, dtype=np.uint16)
        narrow[part.part.low + answered] = np.arange(1, len(answered) + 1)
        own = np.zeros((len(answered) + 1, 1 + part.chosen.shape[1]))
        own[1:, 0], own[1:, 1:] = 1, part.chosen[answered]
        columns.append(Part(narrow[part.part.column], len(own)))
        says = np.hstack([np.repeat(says, len(own), axis=0), np.tile(own, (len(says), 1))])
        places = np.append(places, start + np.arange(own.shape[1]))
    return _Pack(packed(columns), says, places)


def _joint(one: _Pack, other: _Pack) -> Floats:
    """(size, size) responses per pair of codes."""
    part = Part(other.column, len(other.says))
    (found,) = joint_tables(one.column, len(one.says), [part])
    return np.asarray(found, dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Placed:
    """A variable and its features: those of its categories, or of an option and "answered"."""

    variable: Variable
    options: list[int]
    answered: int | None


def _variables(parts: Sequence[tuple[Question, AnswerCodes, int]]) -> list[_Placed]:
    found = []
    for question, part, start in parts:
        labels = [f"{option.code}.{option.text}" for option in question.options]
        features = range(start + 1, start + 1 + part.chosen.shape[1])
        if question.kind is not Kind.MULTIPLE:
            variable = Variable(question.code, "", tuple(labels))
            found.append(_Placed(variable, list(features), None))
            continue
        for place, feature in enumerate(features, start=part.first):
            names = (labels[place], f"≠ {labels[place]}")
            option = Variable(question.code, question.options[place].code, names)
            found.append(_Placed(option, [feature], start))
    return found


def _tested(gram: Counts, placed: Sequence[_Placed]) -> CrosstabMatrix:
    pairs = np.array(
        [
            (i, j)
            for j, second in enumerate(placed)
            for i, first in enumerate(placed[:j])
            if first.variable.question != second.variable.question
        ],
        dtype=np.intp,
    ).reshape(-1, 2)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    sizes = [len(one.variable.names) for one in placed]
    widest = max(sizes, default=0)
    counts = np.zeros((len(pairs), widest, widest), dtype=np.int64)
    ready = [_weights(one, len(gram)) for one in placed]
    by_category = [rows @ gram for rows in ready]
    for place, (i, j) in enumerate(pairs.tolist()):
        counts[place, : sizes[i], : sizes[j]] = by_category[i] @ ready[j].T
    variables = tuple(one.variable for one in placed)
    return CrosstabMatrix(variables, pairs, counts, *_pearson(counts))


def _weights(placed: _Placed, size: int) -> npt.NDArray[np.int64]:
    """(k, F) how a variable's categories are made of features: not ticked = answered - ticked."""
    if placed.answered is None:
        return np.eye(size, dtype=np.int64)[placed.options]
    found = np.zeros((2, size), dtype=np.int64)
    found[:, placed.options[0]] = 1, -1
    found[1, placed.answered] = 1
    return found


def _pearson(counts: Counts) -> tuple[Floats, npt.NDArray[np.int64], Floats, Floats]:
    """(P,) X², degrees of freedom, p and V of (P, R, C) tables; nan and 0 for untestable ones."""
    table = counts.astype(np.float64)
    rows, columns = table.sum(axis=2), table.sum(axis=1)
    n = rows.sum(axis=1)
    smaller: Any = np.minimum((rows > 0).sum(axis=1), (columns > 0).sum(axis=1)) - 1
    df = ((rows > 0).sum(axis=1) - 1) * ((columns > 0).sum(axis=1) - 1)
    df = np.where(smaller > 0, df, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = rows[:, :, None] * columns[:, None, :] / n[:, None, None]
        gaps = np.where(wanted > 0, (table - wanted) ** 2 / wanted, 0.0)
        statistic = np.where(df > 0, gaps.sum(axis=(1, 2)), np.nan)
        strength = np.sqrt(statistic / (n * np.maximum(smaller, 1)))
    return statistic, df, np.where(df > 0, chdtrc(np.maximum(df, 1), statistic), np.nan), strength
