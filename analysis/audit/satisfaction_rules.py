"""Rules on satisfaction scores: which pᵢ could have given them.

With p1 = 1 >= p2 >= ... >= pm >= 0 the weights are the mixtures of the m step vectors (1), (1,1),
(1,1,1) ...: p = sum d_j v_j with d >= 0 and sum d = 1. A score Σnᵢpᵢ/Σnᵢ×points is then the same
mixture of points × (share of the first j options). Another point rule is undone first, so that all
rules speak of the index. Everything is exact, and a printed score stands for all numbers that round
half up to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from analysis.audit.exact import maximise
from analysis.audit.finding import Finding, Place
from analysis.audit.indices import Indices, indices_of, is_known, portion, target_of
from analysis.audit.model import Report, Satisfaction
from analysis.audit.sentences import Both
from analysis.plans import PRESETS, default_weights
from analysis.points import BANDS, POINT_RULES
from analysis.wording import exact, number, weight

NEEDED_PLACES = 3


@dataclass(frozen=True)
class Scored:
    """A satisfaction score with the counts of its options, the best first."""

    item: Satisfaction
    labels: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def shares(self) -> list[Fraction]:
        """The index under (1,0,0…), (1,1,0…), …: rising, the last is 1."""
        total = sum(self.counts)
        return [Fraction(reached, total) for reached in accumulate(self.counts)]

    @property
    def steps(self) -> list[Fraction]:
        """The score under (1,0,0…), (1,1,0…), …: rising, the last is the full points."""
        return [self.item.points.exact * portion(self.item, share) for share in self.shares]

    @property
    def indices(self) -> Indices | None:
        return indices_of(self.item)

    @property
    def is_possible(self) -> bool:
        indices, shares = self.indices, self.shares
        return indices is not None and indices.meets(shares[0], shares[-1])

    def index_with(self, weights: Sequence[Fraction]) -> Fraction:
        pairs = zip(self.counts, weights, strict=True)
        return sum((n * p for n, p in pairs), Fraction(0)) / sum(self.counts)

    @property
    def details(self) -> dict[str, object]:
        return {
            "name": self.item.name,
            "score": self.item.score.text,
            "points": self.item.points.text,
            "counts": "/".join(map(str, self.counts)),
            "best": self.labels[0],
        }

    def finding(self, code: str, column: str = "score", **details: object) -> Finding:
        place = Place(self.item.place, self.item.name, column)
        return Finding(code, place, self.details | details)


def impossible_score(report: Report) -> Iterator[Finding]:
    """Some monotone pᵢ with p1 = 1 gives the score."""
    for scored in _unweighted(report):
        if scored.is_possible:
            continue
        if scored.item.point_rule != "proportional":
            rule, possible = _rule(scored.item), _possible(scored)
            yield scored.finding("satisfaction_impossible.rule", rule=rule, possible=possible)
            continue
        places = max(2, scored.item.score.places)
        index = scored.item.score.exact / scored.item.points.exact
        first = scored.shares[0]
        yield scored.finding(
            "satisfaction_impossible",
            low=number(scored.steps[0], places),
            high=number(scored.steps[-1], places),
            need_low=number(index, NEEDED_PLACES),
            need_high=number(index / first, NEEDED_PLACES) if first else "—",
        )


def unusual_weights(report: Report) -> Iterator[Finding]:
    """A usual scale of as many levels gives the score; else it says which pᵢ would.

    A report that states its pᵢ somewhere may have any.
    """
    for scored in _unweighted(report):
        if scored.item.weights_stated_in:
            continue
        usual = any(_fits(scored, weights) for weights in _usual(len(scored.counts)))
        if scored.is_possible and not usual:
            needed = tuple(_needed(scored))
            yield scored.finding("satisfaction_unusual", needed=needed)


def no_common_weights(report: Report) -> Iterator[Finding]:
    """Scores on scales of as many levels, all with pᵢ unknown, can come from one set of pᵢ."""
    by_levels: dict[int, list[Scored]] = {}
    for scored in _unweighted(report):
        by_levels.setdefault(len(scored.counts), []).append(scored)
    for group in by_levels.values():
        if len(group) > 1 and not have_common_weights(group):
            scores = tuple(
                f"{s.item.name} {s.item.score.text}（{s.details['counts']}）" for s in group
            )
            place = Place(group[0].item.place, "、".join(s.item.name for s in group), "score")
            details = {"scores": scores, "best": group[0].labels[0]}
            yield Finding("satisfaction_no_common", place, details)


def wrong_formula(report: Report) -> Iterator[Finding]:
    """With stated pᵢ the score is what the formula gives."""
    for scored in _all(report):
        stated = {w.option: w.p.exact for w in scored.item.weights}
        if not stated:
            continue
        weights = [stated[letter] for letter in _letters(report, scored.item)]
        index = scored.index_with(weights)
        right = scored.item.points.exact * portion(scored.item, index)
        if not scored.item.score.is_rounded_from(right):
            terms = (f"{n}×{weight(p)}" for n, p in zip(scored.counts, weights, strict=True))
            mean = f"({'+'.join(terms)})/{sum(scored.counts)}"
            formula = POINT_RULES[scored.item.point_rule].formula(
                mean, index, target_of(scored.item), exact(scored.item.points.exact)
            )
            yield scored.finding("satisfaction_formula", formula=formula, right=exact(right))


def have_common_weights(group: Sequence[Scored]) -> bool:
    """Whether one monotone p with p1 = 1 gives all scores.

    Maximises the distance t to the upper ends, which do not belong to the ranges of rounding:
    they are met if and only if t > 0. Exact.
    """
    levels = len(group[0].counts)
    one, none = Fraction(1), Fraction(0)
    at_most = [([none] * levels + [one], one)]
    for scored in group:
        indices = scored.indices
        if indices is None:
            return False
        if indices.high is not None:
            at_most.append(([*scored.shares, one], indices.high))
        at_most.append(([*(-share for share in scored.shares), none], -indices.low))
    found = maximise([none] * levels + [one], at_most, [([one] * levels + [none], one)])
    return found is not None and found[0] > 0


def possible_weights(scored: Scored, level: int) -> tuple[Fraction, Fraction]:
    """The lowest and highest p of `level` (0 is the best) among the pᵢ that give the score.

    The score must be possible. The upper end may be out of reach by itself, as the score's is.
    """
    shares, one, indices = scored.shares, Fraction(1), scored.indices
    if indices is None:
        raise ValueError("the score is impossible")
    levels = len(shares)
    at_most = [([-share for share in shares], -indices.low)]
    if indices.high is not None:
        at_most.append((shares, indices.high))
    gain = [one if j >= level else Fraction(0) for j in range(levels)]
    ends = [maximise([s * g for g in gain], at_most, [([one] * levels, one)]) for s in (-one, one)]
    low, high = (end[0] if end is not None else Fraction(0) for end in ends)
    return -low, high


def _rule(item: Satisfaction) -> Both:
    rule = POINT_RULES[item.point_rule]
    if item.target is None:
        return Both(rule.zh, rule.en)
    return Both(f"{rule.zh}（{item.target.text}）", f"{rule.en} ({item.target.text})")


def _possible(scored: Scored) -> Both:
    places = max(2, scored.item.score.places)
    low, high = scored.steps[0], scored.steps[-1]
    if scored.item.point_rule != "bands":
        ends = number(low, places), number(high, places)
        return Both(f"在 {ends[0]} 至 {ends[1]} 之间", f"{ends[0]} to {ends[1]}")
    points = scored.item.points.exact
    earned = [Fraction(0), *(points * part for _, part in reversed(BANDS))]
    told = "、".join(exact(score) for score in earned if low <= score <= high)
    return Both(f"为 {told}", told)


def _needed(scored: Scored) -> Iterator[Both]:
    """The pᵢ of the levels below the best that somebody chose."""
    chosen = [level for level, n in enumerate(scored.counts) if n and level]
    for level in chosen:
        low, high = possible_weights(scored, level)
        label = scored.labels[level]
        around = f"{number(low, NEEDED_PLACES)}–{number(high, NEEDED_PLACES)}"
        if len(chosen) == 1 and scored.item.point_rule == "proportional":
            around = f"{number(_only(scored, level), NEEDED_PLACES)}（{around}）"
        yield Both(f"“{label}”的 pᵢ＝{around}", f"pᵢ = {around} for “{label}”")


def _only(scored: Scored, level: int) -> Fraction:
    """The p of the only level besides the best, from the score taken as exact."""
    index = scored.item.score.exact / scored.item.points.exact
    return (index * sum(scored.counts) - scored.counts[0]) / scored.counts[level]


def _usual(levels: int) -> Iterator[Sequence[Fraction]]:
    for preset in PRESETS.values():
        if len(preset.weights) == levels:
            yield [Fraction(p) for p in preset.weights]
    yield [Fraction(p) for p in default_weights(levels)[1]]


def _fits(scored: Scored, weights: Sequence[Fraction]) -> bool:
    indices = scored.indices
    return indices is not None and scored.index_with(weights) in indices


def _unweighted(report: Report) -> Iterator[Scored]:
    return (scored for scored in _all(report) if not scored.item.weights)


def _all(report: Report) -> Iterator[Scored]:
    """The scores whose options are all counted, with somebody in them."""
    for item in filter(is_known, report.satisfaction):
        question = report.survey(item.survey).question(item.question)
        options = [question.option(letter) for letter in _letters(report, item)]
        counts = tuple(option.count for option in options if option.count is not None)
        if len(counts) == len(options) and any(counts):
            labels = tuple(option.text or option.letter for option in options)
            yield Scored(item, labels, counts)


def _letters(report: Report, item: Satisfaction) -> tuple[str, ...]:
    question = report.survey(item.survey).question(item.question)
    return item.options or tuple(option.letter for option in question.options)
