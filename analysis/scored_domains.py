"""The answers of a question under a scoring plan, as a domain of a designed sample by group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from analysis.design_estimates import Bools, Estimates
from analysis.designs import Codes, Design, Floats
from analysis.group_estimates import means_of_memberships
from analysis.grouping import Memberships
from analysis.plans import ScoringPlan
from analysis.responses import Responses
from analysis.sampling_units import LEAST_UNITS, independent_sizes
from surveys.definition import Question
from surveys.records import BLANK, FIRST_OPTION

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class ScoredDomain:
    """Those whose answer counts under the plan, in G groups.

    states: (n,) column of the question (not asked, blank, options). weights: per state its pᵢ,
    None where the plan leaves it out of the base. tops: per state whether the 满意率 counts it.
    classes: the question and what the groups are by; None where a filter is at work.
    """

    design: Design
    grouping: Memberships
    states: npt.NDArray[np.integer[Any]]
    weights: tuple[Decimal | None, ...]
    tops: tuple[bool, ...]
    classes: frozenset[str] | None = None

    def grouped(self, grouping: Memberships, by: str) -> ScoredDomain:
        """The same answers in the groups of `by`."""
        classes = None if self.classes is None else self.classes | {by}
        return replace(self, grouping=grouping, classes=classes)

    @property
    def is_calibrated(self) -> bool:
        """The weights meet the answers that the population gave to this question in each group, so
        that index and rate are known. A blank that counts is in no margin."""
        if self.classes is None or not self.design.meets(self.classes):
            return False
        return self.weights[BLANK] is None or not self.tallies[:, BLANK].any()

    def counted(self, place: int) -> tuple[list[float], list[int]]:
        """pᵢ and responses of each answer that counts within one group."""
        pairs = zip(self.weights, self.tallies[place].tolist(), strict=True)
        kept = [(float(weight), count) for weight, count in pairs if weight is not None]
        return [weight for weight, _ in kept], [count for _, count in kept]

    @cached_property
    def codes(self) -> npt.NDArray[np.int16]:
        """(n,) state, or -1 outside of the domain."""
        counts = np.array([weight is not None for weight in self.weights])
        inside = counts[self.states] & (self.grouping.codes >= 0)
        return np.where(inside, self.states.astype(np.int16), np.int16(-1))

    @cached_property
    def tallies(self) -> Counts:
        """(G, S) responses per group and state, whatever their weight."""
        return np.rint(self._tallied(None)).astype(np.int64)

    def _tallied(self, weights: Floats | None) -> Floats:
        size, patterns = len(self.weights), len(self.grouping.members)
        inside = self.grouping.codes >= 0
        joint = (self.grouping.codes.astype(np.intp) * size + self.states)[inside]
        kept = None if weights is None else weights[inside]
        found = np.bincount(joint, kept, minlength=patterns * size).reshape(patterns, size)
        return np.asarray(self.grouping.members.T @ found, dtype=np.float64)

    def counting(self, place: int) -> int:
        """Responses of a group whose answer counts under the plan, whatever their weight."""
        return int(self.tallies[place][[weight is not None for weight in self.weights]].sum())

    @cached_property
    def weighted_tallies(self) -> Floats:
        """(G, S) sums of the weights."""
        return self._tallied(self.design.weights)

    def chosen(self, place: int) -> int:
        """Different answers that count within one group."""
        counting = [weight is not None for weight in self.weights]
        return int(np.count_nonzero(self.tallies[place][counting]))

    @property
    def bounds(self) -> tuple[float, float]:
        """The smallest and largest pᵢ, whether or not anybody chose them."""
        counting = [float(weight) for weight in self.weights if weight is not None]
        return min(counting), max(counting)

    @cached_property
    def index(self) -> Estimates | None:
        """Index of each group; None where nobody has an answer that counts."""
        return self._means(np.array([float(weight or 0) for weight in self.weights]))

    @cached_property
    def rate(self) -> Estimates | None:
        return self._means(np.array(self.tops, dtype=np.float64))

    def own(self, estimates: Estimates | None, place: int) -> Estimates | None:
        """The index or rate of one group with the degrees of freedom of its own sampling units and
        its `independent` observations; None for a group without a base."""
        if estimates is None or place not in estimates.places:
            return None
        own = replace(
            estimates.at(place),
            df=self.degrees_of_freedom(place, place),
            sizes=self.independent[[place]],
        )
        if not self.is_calibrated:
            return own
        # What raking's sweeps leave of the variance is no variance.
        return replace(own, whole=np.ones(1, dtype=bool), covariance=np.zeros((1, 1)))

    def is_plain_pair(self, first: int, second: int) -> bool:
        """Two groups of a simple sample that share no response."""
        return self.design.is_plain and not self.shared_units[first, second]

    def is_thin(self, place: int) -> bool:
        """Nothing varies within the group, of which only a part was drawn, and fewer than
        `sampling_units.LEAST_UNITS` independent observations speak for it: no order or difference
        is called certain from so little."""
        own = self.own(self.index, place)
        if own is None or own.known[0] or own.variances[0] > 0:
            return False
        return bool(own.independent[0] < LEAST_UNITS)

    def _means(self, scores: Floats) -> Estimates | None:
        if not np.any(self._present):
            return None
        return means_of_memberships(self.design, self.codes, scores, self.grouping)

    @cached_property
    def _present(self) -> Bools:
        found: Bools = (self.codes >= 0) & (self.design.weights > 0)
        return found

    @cached_property
    def shared_units(self) -> Counts:
        """(G, G) first-stage sampling units with responses in both groups; own ones on the
        diagonal."""
        return self._shared(self.design.stages[0].units)

    @cached_property
    def independent(self) -> Floats:
        """(G,) how many independent observations each group has at most (see
        `sampling_units.independent_sizes`)."""
        counting = [weight is not None for weight in self.weights]
        weights = self.design.weights
        counts, sums, squares = (
            self._tallied(of_rows)[:, counting].sum(axis=1)
            for of_rows in ((weights > 0).astype(np.float64), weights, weights**2)
        )
        return independent_sizes(counts, np.diag(self.shared_units), sums, squares)

    @cached_property
    def _shared_strata(self) -> Counts:
        strata = self.design.stages[0].strata
        if strata is None:
            seen = np.diag(self.shared_units) > 0
            return np.outer(seen, seen).astype(np.int64)
        return self._shared(strata)

    def _shared(self, labels: Codes | None) -> Counts:
        """`labels` None: every response is a label of its own."""
        patterns = self.grouping.codes[self._present].astype(np.intp)
        members = self.grouping.members
        if labels is None:
            counts = np.bincount(patterns, minlength=len(members))
            return np.rint(members.T @ (counts[:, None] * members)).astype(np.int64)
        size = int(labels.max()) + 1
        pairs = np.unique(patterns * size + labels[self._present])
        shape = (len(members), size)
        seen = sparse.csr_matrix((np.ones(len(pairs)), np.divmod(pairs, size)), shape=shape)
        of_groups = (sparse.csr_matrix(members.T) @ seen).sign()
        shared: Counts = np.rint((of_groups @ of_groups.T).toarray()).astype(np.int64)
        return shared

    def degrees_of_freedom(self, first: int, second: int) -> int:
        """Sampling units less strata, over the responses of two groups together (or of one,
        given twice): what R's degf(subset(design, …)) counts."""
        units, strata = (
            table[first, first] + table[second, second] - table[first, second]
            for table in (self.shared_units, self._shared_strata)
        )
        return max(int(units - strata), 0)


def scored_domain(
    responses: Responses, design: Design, plan: ScoringPlan, grouping: Memberships
) -> ScoredDomain:
    """The plan must be free of `plan_faults` for its question, which the responses must have."""
    question = responses.questionnaire.by_code[plan.question]
    options = tuple(option.code for option in question.options)
    weights = state_weights(plan, question)
    tops = (*(False,) * FIRST_OPTION, *(code in plan.top for code in options))
    states = responses.columns[question.code]
    return ScoredDomain(design, grouping, states, weights, tops, frozenset({question.code}))


def state_weights(plan: ScoringPlan, question: Question) -> tuple[Decimal | None, ...]:
    """pᵢ per state of the question's column, None where it is left out of the base."""
    weights: list[Decimal | None] = [None] * (FIRST_OPTION + len(question.options))
    weights[BLANK] = _treated(plan.blank)
    for place, option in enumerate(question.options, start=FIRST_OPTION):
        own = plan.weights.get(option.code)
        treatment = own if option.meaning is None else getattr(plan, option.meaning.value)
        weights[place] = _treated(treatment)
    return tuple(weights)


def _treated(treatment: Any) -> Decimal | None:
    return {"exclude": None, "zero": Decimal(0)}.get(treatment, treatment)
