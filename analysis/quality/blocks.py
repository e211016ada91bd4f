"""Identical blocks: several in a row of one enumerator agree in a string of questions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.quality.findings import Flagged, PersonFinding, Told
from analysis.quality.interviews import UNKNOWN, Interviews, Ints
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError
from surveys.definition import Kind, Question
from surveys.records import BLANK, BLANK_BIT, NOT_ASKED, VALUE_TYPES, value_field

PAIRS = 20_000
SEED = 20_260_101
"""Fixed, so that the same responses always give the same limit."""
FEWEST = 30


@dataclass(frozen=True, eq=False)
class _Runs:
    """Rows of identical blocks: (m,) the row, the length of its block, the number of its run."""

    rows: Ints
    block: Ints
    run: Ints
    sizes: Ints


def identical_blocks(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Consecutive responses (order of arrival) of one enumerator that agree, each with the next,
    in a string of at least L questions, `run` of them or more.

    L is the shortest length, at least `items`, that is reached by no more than `chance` of 20,000
    pairs of responses of one audience by different enumerators, drawn at random (fixed seed):
    what the project's answers give by chance, with whatever hangs together in them. Questions that
    one of the two was not asked are passed over, a difference or a blank ends the string, texts
    are left out. A response in order has two neighbours, so it is flagged at most 2 × `chance`.
    Raises NotApplicableError with under 30 responses, one enumerator, or too few questions.
    """
    questions = [q for q in interviews.responses.questionnaire.questions if q.kind is not Kind.TEXT]
    known = np.flatnonzero(interviews.enumerator != UNKNOWN)
    people = interviews.enumerator[known]
    if len(known) < FEWEST or len(np.unique(people)) < 2:
        raise NotApplicableError("few_enumerators", needed=FEWEST)
    limit = _limit(interviews, questions, known, thresholds)
    order = known[np.argsort(people, kind="stable")]
    strings = longest_agreement(interviews, questions, order[:-1], order[1:])
    same = interviews.enumerator[order[1:]] == interviews.enumerator[order[:-1]]
    runs = _runs(order, np.where(same, strings, 0), limit, thresholds.run)

    def tell(place: int) -> Told:
        size = int(runs.sizes[runs.run[place]])
        numbers = {"together": size, "block": int(runs.block[place]), "limit": limit}
        return Told("identical_blocks", numbers)

    rule = Told(
        "identical_blocks_rule",
        {"limit": limit, "together": thresholds.run, "chance": thresholds.chance},
    )
    found = _people(interviews, runs, limit)
    return Flagged("identical_blocks", runs.rows, len(known), tell, rule, found)


def longest_agreement(
    interviews: Interviews, questions: list[Question], one: Ints, other: Ints
) -> Ints:
    """(m,) the longest string of questions with the same answer in rows one[i] and other[i]."""
    columns = interviews.responses.columns
    run, best = np.zeros(len(one), np.int16), np.zeros(len(one), np.int16)
    for question in questions:
        state = columns[question.code]
        first, second = state[one], state[other]
        equal = (first == second) & (first != _blank(question))
        if question.kind in VALUE_TYPES:
            values = columns[value_field(question)]
            equal &= values[one] == values[other]
        passed = (first == NOT_ASKED) | (second == NOT_ASKED)
        run = np.where(passed, run, np.where(equal, run + 1, 0)).astype(np.int16)
        np.maximum(best, run, out=best)
    return best


def _blank(question: Question) -> int:
    return BLANK_BIT if question.kind is Kind.MULTIPLE else BLANK


def _limit(
    interviews: Interviews, questions: list[Question], known: Ints, thresholds: Thresholds
) -> int:
    one, other = _pairs(interviews, known)
    if len(one) < FEWEST:
        raise NotApplicableError("few_enumerators", needed=FEWEST)
    strings = longest_agreement(interviews, questions, one, other)
    for length in range(thresholds.items, len(questions) + 1):
        if np.count_nonzero(strings >= length) <= thresholds.chance * len(strings):
            return length
    raise NotApplicableError("blocks_by_chance", chance=thresholds.chance)


def _pairs(interviews: Interviews, known: Ints) -> tuple[Ints, Ints]:
    """Random pairs of one audience by different enumerators."""
    draw = np.random.default_rng(SEED)
    labels = interviews.responses.groups.get("audience")
    groups = np.zeros(interviews.n, np.int64) if labels is None else labels.codes
    ordered = known[np.argsort(groups[known], kind="stable")]
    of_group = np.asarray(groups[ordered], np.int64)
    starts = np.searchsorted(of_group, of_group, side="left")
    ends = np.searchsorted(of_group, of_group, side="right")
    first = draw.integers(0, len(ordered), PAIRS)
    second = draw.integers(starts[first], ends[first])
    one, other = ordered[first], ordered[second]
    foreign = interviews.enumerator[one] != interviews.enumerator[other]
    return one[foreign], other[foreign]


def _runs(order: Ints, strings: Ints, limit: int, least: int) -> _Runs:
    """`strings` (n-1,) joins each of the ordered rows with the next."""
    linked = np.concatenate([[False], strings >= limit, [False]])
    begins = ~linked[:-1] & linked[1:]
    inside = linked[:-1] | linked[1:]
    number = np.cumsum(begins) - 1
    sizes = np.bincount(number[inside], minlength=1)
    keep = inside & (sizes[np.maximum(number, 0)] >= least)
    padded = np.concatenate([[0], strings, [0]])
    block = np.maximum(padded[:-1], padded[1:])
    rows, by = order[keep], np.argsort(order[keep])
    return _Runs(rows[by], block[keep][by], number[keep][by], sizes)


def _people(interviews: Interviews, runs: _Runs, limit: int) -> tuple[PersonFinding, ...]:
    people = interviews.enumerator[runs.rows]
    found = []
    for person in np.unique(people):
        own = people == person
        numbers = {
            "count": int(np.count_nonzero(own)),
            "runs": len(np.unique(runs.run[own])),
            "block": int(runs.block[own].max()),
            "limit": limit,
        }
        found.append(PersonFinding(int(person), Told("identical_blocks_person", numbers)))
    return tuple(found)
