"""Shares of a designed sample for every question and group of a summary table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from analysis.answer_codes import WIDEST, AnswerCodes, answer_codes
from analysis.coding import ticks
from analysis.counting import TABLE
from analysis.design_estimates import Estimates, ratios_of_cells
from analysis.design_intervals import share_intervals
from analysis.designs import Design, Floats
from analysis.grouping import Grouping
from analysis.interval_methods import DEFAULT, DESIGNED
from analysis.kinds import GroupedKinds, Kinds, Moments, grouped_kinds, tables_by_group
from analysis.multiple_response import TickPatterns, shares_of_mentions
from analysis.question_counts import QuestionCounts
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.table import Rules, Weighting
from analysis.tallies import tally
from analysis.weighting import summarise_weights
from surveys.definition import Question

NARROWEST = 6
"""Codes of a single option: not asked, blank, answered, each ticked or not."""


@dataclass(frozen=True)
class WeightedShares:
    """One question in one group: sums of weights in the base, of those who answered and per option,
    and the share of each option with its interval (0..1, None without weight in the base)."""

    base: float
    answered: float
    counts: tuple[float, ...]
    shares: tuple[float | None, ...]
    lows: tuple[float | None, ...]
    highs: tuple[float | None, ...]


def weighted_questions(
    responses: Responses, kinds: Kinds, grouping: Grouping, rules: Rules
) -> Iterator[tuple[QuestionCounts, list[WeightedShares]]]:
    """Every question of the questionnaire in its order: plain counts, and the shares per group.

    A share is the ratio of two sums of weights (Hájek) within the group and, with base "answered",
    among those who answered; its variance keeps the whole sample's design, and its interval is
    made from that (see `analysis.design_intervals`), of length 0 where the weights meet the
    population's own answers to the question.
    """
    grouped = grouped_kinds(kinds, grouping.codes, grouping.size)
    widest = min(max(TABLE // grouped.size, NARROWEST), WIDEST)
    parts = [
        answer_codes(question, responses.columns[question.code], widest)
        for question in responses.questionnaire.questions
    ]
    flat = [part for of_question in parts for part in of_question]
    moments = iter(tables_by_group(grouped, flat))
    everybody = grouping.codes is None and rules.base == "answered"
    for question, of_question in zip(responses.questionnaire.questions, parts, strict=True):
        plain, found = _question(grouped, of_question, [next(moments) for _ in of_question], rules)
        if everybody and kinds.design.meets(frozenset({question.code})):
            found = [replace(one, lows=one.shares, highs=one.shares) for one in found]
        yield plain, found


def _question(
    grouped: GroupedKinds, parts: Sequence[AnswerCodes], moments: Sequence[Moments], rules: Rules
) -> tuple[QuestionCounts, list[WeightedShares]]:
    counts = [_per_group(grouped, own.rows) for own in moments]
    options = np.hstack([own @ part.chosen for own, part in zip(counts, parts, strict=True)])
    groups = range(len(grouped.starts) - 1)
    first = parts[0]
    sizes, asked, answered = (
        counts[0] @ said for said in (np.ones(first.size, bool), first.asked, first.answered)
    )
    plain = QuestionCounts(sizes, asked, answered, options)
    return plain, [_shares(grouped, parts, moments, group, rules) for group in groups]


def _per_group(grouped: GroupedKinds, rows: Floats) -> npt.NDArray[np.int64]:
    """(G, K) responses per group and code."""
    ends = np.vstack([np.zeros(rows.shape[1]), np.cumsum(rows[: len(grouped.of_pair)], axis=0)])
    return np.diff(ends[grouped.starts], axis=0).astype(np.int64)


def _shares(
    grouped: GroupedKinds,
    parts: Sequence[AnswerCodes],
    moments: Sequence[Moments],
    group: int,
    rules: Rules,
) -> WeightedShares:
    found = []
    for part, own in zip(parts, moments, strict=True):
        found.append(_of_part(grouped, part, own, group, rules))
    first = found[0]
    return WeightedShares(
        base=first.base,
        answered=first.answered,
        counts=tuple(count for one in found for count in one.counts),
        shares=tuple(share for one in found for share in one.shares),
        lows=tuple(low for one in found for low in one.lows),
        highs=tuple(high for one in found for high in one.highs),
    )


def _of_part(
    grouped: GroupedKinds,
    part: AnswerCodes,
    moments: Moments,
    group: int,
    rules: Rules,
) -> WeightedShares:
    inside = part.answered if rules.base == "answered" else np.ones(part.size, dtype=bool)
    cells = tally(grouped, moments, group, inside)
    chosen = part.chosen[inside].astype(np.float64)
    estimates: Estimates | None = None
    if chosen.shape[1]:
        try:
            estimates = ratios_of_cells(cells, chosen, np.ones_like(chosen))
        except CannotComputeError:
            estimates = None
    answered = float(cells.totals[part.answered[inside]].sum())
    counts = (cells.totals @ chosen).tolist()
    return of_estimates(estimates, float(cells.totals.sum()), answered, counts, rules.interval)


def of_estimates(
    estimates: Estimates | None,
    base: float,
    answered: float,
    counts: Sequence[float],
    interval: str = DEFAULT,
) -> WeightedShares:
    """What a table shows of them; None for all shares where nothing could be estimated."""
    shares: list[float | None] = [None] * len(counts)
    lows, highs = shares.copy(), shares.copy()
    if estimates is not None:
        ends = share_intervals(estimates, DESIGNED[interval])
        for place, value, end in zip(estimates.places, estimates.values, ends, strict=True):
            shares[place] = min(max(float(value), 0.0), 1.0)  # 1 + 2e-16 is rounding
            lows[place], highs[place] = end.low, end.high
    return WeightedShares(base, answered, tuple(counts), tuple(shares), tuple(lows), tuple(highs))


def mentions(
    responses: Responses,
    question: Question,
    design: Design,
    inside: npt.NDArray[np.bool_],
    interval: str = DEFAULT,
) -> WeightedShares:
    """Shares of a multiple choice among all ticks of the group `inside` (n,); see
    `multiple_response.shares_of_mentions`. `base` is the weighted number of ticks."""
    patterns = ticks(responses, question.code)
    codes = np.where(inside, patterns.codes, -1)
    per_pattern = np.bincount(codes + 1, design.weights, len(patterns.ticks) + 1)[1:]
    counts = per_pattern @ patterns.ticks
    try:
        estimates = shares_of_mentions(design, TickPatterns(codes, patterns.ticks))
    except CannotComputeError:
        estimates = None
    base, answered = float(counts.sum()), float(per_pattern.sum())
    return of_estimates(estimates, base, answered, counts.tolist(), interval)


def described(design: Design) -> Weighting:
    """The figures for the sentence under a weighted table."""
    weights, first = summarise_weights(design.weights), design.stages[0]
    return Weighting(
        n=weights.n,
        total=weights.total,
        lowest=weights.lowest,
        highest=weights.highest,
        effective_n=weights.effective_n,
        strata=len(first.sampled),
        units=None if first.units is None else int(first.sampled.sum()),
        finite=_is_finite(design),
        calibrated=design.calibration is not None,
    )


def _is_finite(design: Design) -> bool:
    """Whether a factor of the first stage is below m/(m - 1)."""
    stage = design.stages[0]
    free = stage.sampled / np.maximum(stage.sampled - 1, 1)
    several = stage.sampled > 1
    return bool((stage.factors[several] < free[several] * (1 - 1e-12)).any())
