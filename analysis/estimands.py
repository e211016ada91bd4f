"""What is to be estimated of a population: a share, a number, a mean, a total or a ratio."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from analysis.coding import categories, numbers, ticks
from analysis.designs import Floats
from analysis.plans import ScoringPlan
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.scored_domains import state_weights
from surveys.definition import NUMBERS, Kind, Option, Question, Questionnaire

Bools = npt.NDArray[np.bool_]
Measure = Literal["share", "count", "mean", "total", "ratio"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
"""share and count: of the people who chose an option; mean: of a number or of a scored question;
total: of a number; ratio: of two totals, each of a number or of those who chose an option."""


@dataclass(frozen=True)
class Term:
    """A question, or with `option` those who chose it. Written `q12` and `q04.A`."""

    question: Question
    option: Option | None = None

    @property
    def name(self) -> str:
        return self.question.code + (f".{self.option.code}" if self.option else "")

    @property
    def is_number(self) -> bool:
        return self.question.kind in NUMBERS


@dataclass(frozen=True)
class Estimand:
    """`over` is the denominator of a ratio; `plan` scores a choice question whose mean is wanted.
    Make one with `estimand`."""

    measure: Measure
    of: Term
    over: Term | None = None
    plan: ScoringPlan | None = None

    @property
    def terms(self) -> tuple[Term, ...]:
        return (self.of,) if self.over is None else (self.of, self.over)

    @property
    def is_total(self) -> bool:
        return self.measure in ("count", "total")


def estimand(
    questionnaire: Questionnaire,
    measure: str,
    of: str,
    over: str = "",
    plans: Mapping[str, ScoringPlan] | None = None,
) -> Estimand:
    """of, over: terms as they are written. plans: of the scored questions, by code.

    Raises CannotComputeError: code "unknown_term" for what the questionnaire has not, else for
    what does not go together, such as the mean of a question that is no number.
    """
    if measure not in MEASURES:
        raise CannotComputeError("unknown_choice", given=measure, allowed=", ".join(MEASURES))
    if over and measure != "ratio":
        raise CannotComputeError("only_ratio_has_over")
    found = _term(questionnaire, of)
    if measure in ("share", "count"):
        return Estimand(measure, _option(found))
    if measure == "mean" and not found.is_number:
        return Estimand(measure, found, plan=_plan(found, plans or {}))
    if measure != "ratio":
        return Estimand(measure, _number(found, questionnaire))
    if not over:
        raise CannotComputeError("ratio_needs_over")
    bottom = _term(questionnaire, over)
    if bottom == found:
        raise CannotComputeError("same_terms", given=of)
    return Estimand(measure, _countable(found, questionnaire), _countable(bottom, questionnaire))


def _term(questionnaire: Questionnaire, text: str) -> Term:
    code, _, letter = text.partition(".")
    question = questionnaire.by_code.get(code)
    if question is None or ("." in text and letter not in question.position):
        raise CannotComputeError("unknown_term", given=text[:60])
    if not letter:
        return Term(question)
    # 拒答 of a question for a number is no category that others could have chosen.
    if not question.is_choice:
        raise CannotComputeError("unknown_term", given=text[:60])
    return Term(question, question.option(letter))


def _option(term: Term) -> Term:
    if term.option is None:
        raise CannotComputeError("needs_option", given=term.name)
    return term


def _number(term: Term, questionnaire: Questionnaire) -> Term:
    if not term.is_number:
        known = [q.code for q in questionnaire.questions if q.kind in NUMBERS]
        raise CannotComputeError("needs_number", given=term.name, allowed=", ".join(known) or "–")
    return term


def _countable(term: Term, questionnaire: Questionnaire) -> Term:
    return term if term.option else _number(term, questionnaire)


def _plan(term: Term, plans: Mapping[str, ScoringPlan]) -> ScoringPlan:
    if term.option is not None or term.question.code not in plans:
        raise CannotComputeError("needs_number_or_plan", given=term.name)
    return plans[term.question.code]


def columns_of(responses: Responses, wanted: Estimand) -> Floats:
    """(n, 2) numerator and denominator of each response, of totals (n, 1); nan in both where the
    response is outside of the domain: not asked, blank, or left out by the scoring plan."""
    terms = _terms(responses, wanted)
    if wanted.is_total:
        return terms
    both = terms if wanted.over else np.column_stack([terms, np.ones(len(terms))])
    both[np.isnan(both).any(axis=1)] = np.nan
    return both


def has_one_term_only(responses: Responses, wanted: Estimand) -> Bools:
    """(n,) who answered the one term of a ratio and not the other."""
    missing = np.isnan(_terms(responses, wanted))
    return np.asarray(missing.any(axis=1) & ~missing.all(axis=1))


def _terms(responses: Responses, wanted: Estimand) -> Floats:
    """(n, terms) values as `_values`."""
    return np.stack([_values(responses, term, wanted.plan) for term in wanted.terms], axis=1)


def _values(responses: Responses, term: Term, plan: ScoringPlan | None) -> Floats:
    """(n,) number, pᵢ, or 1 for who chose the option and 0 for who did not."""
    code = term.question.code
    if plan is not None:
        weights = state_weights(plan, term.question)
        table = np.array([np.nan if weight is None else float(weight) for weight in weights])
        return np.asarray(table[responses.columns[code]])
    if term.option is None:
        return numbers(responses, code)
    place = term.question.position[term.option.code]
    if term.question.kind is Kind.MULTIPLE:
        patterns = ticks(responses, code)
        chosen = np.append(patterns.ticks[:, place], np.nan)
        return np.asarray(chosen[patterns.codes], dtype=np.float64)
    codes = categories(responses, code).codes
    return np.where(codes < 0, np.nan, (codes == place).astype(np.float64))
