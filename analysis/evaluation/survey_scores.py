"""What an indicator that a survey measures is worth, with base and interval.

Intervals are 95% and assume a simple random sample (see `analysis.estimate`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

from analysis import wording
from analysis.estimate import wilson
from analysis.evaluation.messages import Fault
from analysis.evaluation.rules import Asked, Satisfaction, SurveyShare
from analysis.evaluation.scales import PointScale, read_scale, scale_formula
from analysis.evaluation.surveyed import (
    CannotScoreError,
    Counts,
    Plans,
    Surveyed,
    Surveys,
    bare_question,
    question_of,
    table_of,
)
from analysis.evaluation.values import equals_percent
from analysis.plan_files import read_plan
from analysis.plans import PlanError, ScoringPlan, points_of
from analysis.points import POINT_RULES
from analysis.satisfaction import Score, score
from analysis.table import QuestionTable
from surveys.definition import Kind, Meaning

FEW_RESPONSES = 30


def survey_share(rule: SurveyShare, points: Decimal, surveys: Surveys) -> Surveyed:
    """Σ chosen / Σ answered over the questions, put through the rule's scale.

    Who refused to answer is in no base, as with satisfaction, unless the rule asks for the
    refusals; 不清楚 is an answer. Wilson interval; the ends of the score are the scale's at the
    ends of the share. Of a multiple choice one option may be named, since ticks of several are
    not people. Raises CannotScoreError.
    """
    tables = [_table(asked, surveys) for asked in rule.asked]
    chosen = [_chosen(a.options, t) for a, t in zip(rule.asked, tables, strict=True)]
    counts = tuple(
        replace(own, outside=_refusals(asked.options, table))
        for own, asked, table in zip(_counts(rule.asked, tables), rule.asked, tables, strict=True)
    )
    refused = [sum(own.counts[code] for code in own.outside) for own in counts]
    bases = [own.answered - left for own, left in zip(counts, refused, strict=True)]
    base, count = sum(bases), sum(chosen)
    found = Surveyed(counts, base, _quotient(chosen, bases))
    interval = wilson(count, base)
    if interval is None:
        return replace(found, remarks=(*_left_out(sum(refused)), Fault("", "no_base")))
    share, whole = Fraction(count, base), Fraction(points)
    ends = [Fraction(interval.low), Fraction(interval.high)]
    low, high = sorted(read_scale(rule.scale, end).ratio * whole for end in ends)
    reading = read_scale(rule.scale, share)
    text = f"{found.formula} {equals_percent(share)}"
    return replace(
        found,
        formula=f"{scale_formula(rule.scale, text, share, whole)}{_equals(reading.ratio * whole)}",
        score=reading.ratio * whole,
        estimate=share,
        low=interval.low,
        high=interval.high,
        score_low=low,
        score_high=high,
        readings=_readings(reading.down * whole, reading.up * whole),
        remarks=(*_left_out(sum(refused)), *_few(base)),
    )


def satisfaction(rule: Satisfaction, points: Decimal, surveys: Surveys, plans: Plans) -> Surveyed:
    """Σnᵢpᵢ/Σnᵢ × points: what the rule states of the plan, else the project's, else the default.

    Several questions are pooled (their counts added up, under the first one's plan) or their
    indices averaged with the weights of the rule; the interval of such a mean is the weighted sum
    of their ends, which is wide. Raises CannotScoreError, also for a plan that does not
    fit the question.
    """
    tables = [_table(asked, surveys) for asked in rule.asked]
    counts = _counts(rule.asked, tables)
    if len(tables) > 1 and rule.combine == "mean":
        scores = [
            score(_plan(rule, asked, table, points, plans), table)
            for asked, table in zip(rule.asked, tables, strict=True)
        ]
        return _mean(rule, scores, counts, points)
    table = _pooled(tables)
    plan = _plan(rule, rule.asked[0], table, points, plans)
    return _of_score(score(plan, table), counts)


def point_scale(rule: Satisfaction, plans: Plans) -> PointScale:
    """What turns an index into points, whoever measured it: as `satisfaction` does, the point rule
    that the framework states, else that of the first question's plan. Raises CannotScoreError."""
    data = _plan_data(rule, rule.asked[0], plans)
    stated = {name: data[name] for name in ("point_rule", "target") if data.get(name) is not None}
    try:
        plan = read_plan(stated, bare_question("index", ("A", "B")), points=1)
    except PlanError as error:
        raise CannotScoreError("bad_plan", problem=error.faults) from None
    return PointScale(plan.point_rule, Decimal(1) if plan.target is None else plan.target)


def _table(asked: Asked, surveys: Surveys) -> QuestionTable:
    table = surveys.get(asked.questionnaire, {}).get(asked.question)
    if table is None:
        raise CannotScoreError("not_surveyed", question=asked.reference)
    return table


def _chosen(named: Sequence[str], table: QuestionTable) -> int:
    """An option that is named twice counts once: people are counted."""
    options = tuple(dict.fromkeys(named))
    counts = {row.code: row.cell.count for row in table.rows}
    unknown = [code for code in options if code not in counts]
    if unknown:
        raise CannotScoreError("option_not_there", question=table.code, option=unknown[0])
    if table.kind is Kind.MULTIPLE and len(options) > 1:
        raise CannotScoreError("ticks_not_people", question=table.code)
    return sum(counts[code] for code in options)


def _refusals(named: Sequence[str], table: QuestionTable) -> tuple[str, ...]:
    """The options 拒答, each tick of which is a person: they stand alone in a multiple choice."""
    refusals = (row.code for row in table.rows if row.meaning is Meaning.REFUSED)
    return tuple(code for code in refusals if code not in named)


def _left_out(refused: int) -> tuple[Fault, ...]:
    return (Fault("", "refusals_left_out", {"count": refused}, "note"),) if refused else ()


def _counts(asked: Sequence[Asked], tables: Sequence[QuestionTable]) -> tuple[Counts, ...]:
    return tuple(
        Counts(
            reference=one.reference,
            text=table.text,
            counts={row.code: row.cell.count for row in table.rows},
            asked=table.asked,
            answered=table.answered,
            blank=table.blank,
        )
        for one, table in zip(asked, tables, strict=True)
    )


def _quotient(above: Sequence[int], below: Sequence[int]) -> str:
    """`79/100`, of several questions `(93+20)/(100+20)`."""
    if len(above) == 1:
        return f"{above[0]}/{below[0]}"
    return f"({'+'.join(map(str, above))})/({'+'.join(map(str, below))})"


def _pooled(tables: Sequence[QuestionTable]) -> QuestionTable:
    """The sum of tables with the same options."""
    first = tables[0]
    codes = [row.code for row in first.rows]
    for table in tables[1:]:
        if [row.code for row in table.rows] != codes:
            raise CannotScoreError("other_options", questions=(first.code, table.code))
    rows = [[row.cell.count for row in table.rows] for table in tables]
    counts = {
        code: sum(column) for code, column in zip(codes, zip(*rows, strict=True), strict=True)
    }
    blank = sum(table.blank for table in tables)
    return table_of(question_of(first), counts, blank)


def _plan(
    rule: Satisfaction, asked: Asked, table: QuestionTable, points: Decimal, plans: Plans
) -> ScoringPlan:
    try:
        return read_plan(_plan_data(rule, asked, plans) | {"points": points}, question_of(table))
    except PlanError as error:
        raise CannotScoreError("bad_plan", problem=error.faults) from None


def _plan_data(rule: Satisfaction, asked: Asked, plans: Plans) -> dict[str, Any]:
    """The project's plan, where it has one, with what the framework states instead."""
    own = plans.get(asked.reference)
    data = {} if own is None else own.as_data()
    if "preset" in rule.plan:
        data.pop("weights", None)
    if rule.plan.get("point_rule", data.get("point_rule")) != data.get("point_rule"):
        data.pop("target", None)  # it belongs to the point rule of the project
    return {**data, **rule.plan}


def _of_score(found: Score, counts: tuple[Counts, ...]) -> Surveyed:
    warnings = (Fault("", w.code, w.details, "note") for w in found.warnings)
    remarks = (*_left_out(_refused(found)), *warnings)
    known = Surveyed(counts, found.base, found.formula, plans=(found.plan,), remarks=remarks)
    index = exact_index(found)
    if index is None:
        return known
    return replace(
        known,
        score=points_of(found.plan, index),
        estimate=index,
        low=found.index_low,
        high=found.index_high,
        score_low=_fraction(found.low),
        score_high=_fraction(found.high),
        remarks=(*remarks, *_few(found.base)),
    )


def _refused(found: Score) -> int:
    """Those whom the plan leaves out; it may count refusals as 0 or with a pᵢ of their own."""
    left = (t for t in found.terms if t.weight is None and t.meaning == Meaning.REFUSED)
    return sum(term.count for term in left)


def exact_index(found: Score) -> Fraction | None:
    """Σnᵢpᵢ/Σnᵢ without any rounding."""
    if not found.base:
        return None
    terms = [term for term in found.terms if term.weight is not None]
    return sum((t.count * Fraction(t.weight or 0) for t in terms), Fraction(0)) / found.base


def _mean(
    rule: Satisfaction, scores: list[Score], counts: tuple[Counts, ...], points: Decimal
) -> Surveyed:
    plans = tuple(found.plan for found in scores)
    base = sum(found.base for found in scores)
    left_out = _left_out(sum(map(_refused, scores)))
    known = Surveyed(counts, base, "", plans=plans, remarks=left_out)
    indices = [exact_index(found) for found in scores]
    given = [index for index in indices if index is not None]
    if len(given) < len(scores):
        return replace(known, remarks=(*left_out, Fault("", "no_base")))
    weights = [Fraction(asked.weight) for asked in rule.asked]
    mean = _weighted(weights, given)
    low = _weighted(weights, [Fraction(found.index_low or 0) for found in scores])
    high = _weighted(weights, [Fraction(found.index_high or 0) for found in scores])
    earned = points_of(plans[0], mean)
    return replace(
        known,
        formula=_mean_formula(plans[0], weights, given, mean) + _equals(earned),
        score=earned,
        estimate=mean,
        low=float(low),
        high=float(high),
        score_low=points_of(plans[0], low),
        score_high=points_of(plans[0], high),
        remarks=(*left_out, Fault("", "interval_combined", {}, "note"), *_few_of_one(scores)),
    )


def _mean_formula(
    plan: ScoringPlan, weights: list[Fraction], indices: list[Fraction], mean: Fraction
) -> str:
    products = "+".join(
        f"{wording.exact(w)}×{wording.exact(i)}" for w, i in zip(weights, indices, strict=True)
    )
    target = Fraction(1 if plan.target is None else plan.target)
    text = f"({products})/{wording.exact(sum(weights))}"
    return POINT_RULES[plan.point_rule].formula(text, mean, target, wording.exact(plan.points))


def _weighted(weights: list[Fraction], values: list[Fraction]) -> Fraction:
    products = (w * v for w, v in zip(weights, values, strict=True))
    return sum(products, Fraction(0)) / sum(weights, Fraction(0))


def _equals(earned: Fraction) -> str:
    return f" {'=' if wording.is_exact(earned) else '≈'} {wording.exact(earned)}"


def _readings(down: Fraction, up: Fraction) -> tuple[Fraction, Fraction] | None:
    return None if down == up else (down, up)


def _few(base: int) -> tuple[Fault, ...]:
    return (Fault("", "few_responses", {"base": base}, "note"),) if base < FEW_RESPONSES else ()


def _few_of_one(scores: Sequence[Score]) -> tuple[Fault, ...]:
    """A question with few answers has its full weight in a mean: the sum of bases hides it."""
    base = min(found.base for found in scores)
    return tuple(replace(fault, code="few_responses_of_one") for fault in _few(base))


def _fraction(value: float | None) -> Fraction | None:
    return None if value is None else Fraction(value)
