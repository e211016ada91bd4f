"""The project's own scorecard and funds as a described report prints them, to be audited alike.

What was typed (stated scores, reasons, printed figures, amounts) is judged; what the product
computes itself is printed exactly, so that it raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from analysis.audit.intervals import Interval
from analysis.audit.model import Satisfaction, Weight
from analysis.audit.notes import by_place
from analysis.audit.own import percent_of
from analysis.audit.own_rules import rubric_of, scoring_of
from analysis.audit.score_model import GradeBand, Grades, Indicator, Repeat, Scores, Section, Total
from analysis.audit.survey_model import Answers, Survey, Surveyed
from analysis.evaluation import inputs as given
from analysis.evaluation.combined import FULL, Combined, SubProject
from analysis.evaluation.comparison import Difference
from analysis.evaluation.framework import Indicator as Heading
from analysis.evaluation.grades import GradeScheme
from analysis.evaluation.losses import told_by_value
from analysis.evaluation.report import CombinedReport, ScorecardReport
from analysis.evaluation.rules import PercentBands, SurveyShare
from analysis.evaluation.scorecard import Row, Scorecard, SubTotal
from analysis.plans import points_of
from analysis.printed import as_printed, exactly, read_percent

FEW_PLACES = 2
Surveys = Mapping[str, Survey]
"""Slug of a questionnaire -> the table that the report prints of it."""


def scores_of(
    report: ScorecardReport, printed: given.Printed, surveys: Surveys, place: str
) -> Scores:
    """`printed` are the figures of a finished report; they stand in the place of ours."""
    card = report.card
    paths = _paths(card)
    differences = report.comparison.differences if report.comparison else ()
    by_id = {d.after.leaf.id: d for d in differences}
    return Scores(
        place=place,
        rubric=rubric_of(card.framework),
        indicators=tuple(_indicator(row, paths, by_id, surveys) for row in card.rows),
        sections=tuple(_section(sub, paths, printed, place) for sub in card.sub_totals),
        total=_total(card, printed, place),
        grades=_grades(card.scheme, card.points, place),
    )


def combined_scores(report: CombinedReport, printed: given.Printed, place: str) -> Scores:
    """The one total and grade: each sub-project is what its weight brings to them."""
    combined = report.combined
    ours = None if combined.total is None else as_printed(combined.total, FEW_PLACES)
    total = Total(
        place=place,
        points=exactly(FULL),
        score=ours if printed.total is None else exactly(printed.total),
        grade=printed.grade or (combined.grade.name if combined.grade else ""),
    )
    return Scores(
        place=place,
        indicators=tuple(_weighted(n, p, combined) for n, p in enumerate(combined.parts, start=1)),
        total=total,
        grades=_grades(combined.scheme, FULL, place),
    )


def _weighted(number: int, part: SubProject, combined: Combined) -> Indicator:
    brought = combined.contribution(part)
    return Indicator(
        id=str(number),
        path=(f"{number}. {part.name}",),
        name=part.name,
        points=exactly(100 * combined.share(part)),
        score=None if brought is None else exactly(brought),
        note="加权得分",
    )


def stated_satisfaction(
    report: ScorecardReport, surveys: Surveys, place: str
) -> tuple[Satisfaction, ...]:
    """Scores that were typed although a question with pᵢ of its own gives another."""
    differences = report.comparison.differences if report.comparison else ()
    return tuple(s for d in differences for s in _satisfaction(d, surveys, place))


def _indicator(
    row: Row,
    paths: Mapping[int, tuple[str, ...]],
    differences: Mapping[str, Difference],
    surveys: Surveys,
) -> Indicator:
    leaf = row.leaf
    differs = differences.get(leaf.id)
    typed, placed = by_place(row.measure.note)
    return Indicator(
        id=leaf.id,
        path=paths[id(leaf.indicator)],
        name=leaf.name,
        points=exactly(leaf.points),
        score=None if row.score is None else exactly(row.score),
        note=None if placed and not row.measure.reason and not typed else _note(row, typed),
        scoring=scoring_of(leaf),
        repeats=tuple(Repeat(place=place, note=note) for place, note in placed),
        surveyed=_surveyed(differs.after, surveys) if differs else None,
    )


def _note(row: Row, typed: str) -> str:
    """The reason as typed; what was measured may say itself why points are missing."""
    return row.measure.reason or typed or told_by_value(row)


def _surveyed(row: Row, surveys: Surveys) -> Surveyed | None:
    """Only bands can be told from the table again."""
    rule, survey = row.leaf.rule, row.earned.surveyed
    if not isinstance(rule, SurveyShare) or not isinstance(rule.scale, PercentBands) or not survey:
        return None
    answers = [
        Answers(
            survey=surveys[one.questionnaire].id,
            question=one.question,
            options=one.options,
            outside=counts.outside,
        )
        for one, counts in zip(rule.asked, survey.counts, strict=True)
        if one.questionnaire in surveys
    ]
    return Surveyed(answers=tuple(answers)) if len(answers) == len(rule.asked) else None


def _section(
    sub: SubTotal, paths: Mapping[int, tuple[str, ...]], printed: given.Printed, place: str
) -> Section:
    stated = printed.parts.get(sub.indicator.name, given.PrintedPart())
    ours = None if sub.score is None else exactly(sub.score, FEW_PLACES)
    rate = None if sub.rate is None else as_printed(100 * sub.rate, FEW_PLACES, True)
    return Section(
        place=place,
        of=paths[id(sub.indicator)],
        name=sub.indicator.name,
        points=exactly(sub.points),
        score=ours if stated.score is None else exactly(stated.score),
        rate=read_percent(stated.rate) if stated.rate else rate,
    )


def _total(card: Scorecard, printed: given.Printed, place: str) -> Total:
    grade = card.grade.name if card.grade else ""
    ours = None if card.total is None else exactly(card.total, FEW_PLACES)
    return Total(
        place=place,
        points=exactly(card.points),
        score=ours if printed.total is None else exactly(printed.total),
        rate=None if card.rate is None else as_printed(100 * card.rate, FEW_PLACES, True),
        grade=printed.grade or grade,
    )


def _grades(scheme: GradeScheme, points: Decimal, place: str) -> Grades:
    """Lower bounds belong to the grade above; in points, as the total is."""
    high: Fraction | None = None
    bands = []
    for name, bound in scheme.grades:
        low = Fraction(bound) * Fraction(points) / 100 if bound else None
        bands.append(GradeBand(grade=name, when=Interval(low, low is not None, high, False)))
        high = low
    return Grades(place=place, bands=tuple(bands))


def _paths(card: Scorecard) -> dict[int, tuple[str, ...]]:
    """By identity: two headings of the same name under one parent are told apart by a number."""
    found: dict[int, tuple[str, ...]] = {}
    _walk(card.framework.parts, (), found)
    return found


def _walk(
    parts: tuple[Heading, ...], above: tuple[str, ...], found: dict[int, tuple[str, ...]]
) -> None:
    seen: dict[str, int] = {}
    for part in parts:
        seen[part.name] = seen.get(part.name, 0) + 1
        label = part.name if seen[part.name] == 1 else f"{part.name}（{seen[part.name]}）"
        found[id(part)] = (*above, label)
        _walk(part.parts, (*above, label), found)


def _satisfaction(found: Difference, surveys: Surveys, place: str) -> Iterator[Satisfaction]:
    survey = found.after.earned.surveyed
    if survey is None or len(survey.plans) != 1 or len(survey.counts) != 1:
        return
    counts, plan = survey.counts[0], survey.plans[0]
    slug, _, question = counts.reference.partition("/")
    stated = found.before.score
    if stated is None or slug not in surveys or not _is_plain(found):
        return
    ordered = sorted(plan.weights.items(), key=lambda pair: pair[1], reverse=True)
    yield Satisfaction(
        place=place,
        name=f"{found.after.leaf.id} {found.after.leaf.name}",
        survey=surveys[slug].id,
        question=question,
        options=tuple(code for code, _ in ordered),
        points=exactly(found.after.leaf.points),
        score=exactly(stated),
        point_rule=plan.point_rule,  # type: ignore[arg-type]
        target=percent_of(plan.target),
        weights=tuple(Weight(option=code, p=exactly(p)) for code, p in ordered),
    )


def _is_plain(found: Difference) -> bool:
    """Whether Σnᵢpᵢ/Σnᵢ of the table alone gives the survey's score under the plan's point rule."""
    survey = found.after.earned.surveyed
    if survey is None:
        return False
    counts, plan = survey.counts[0].counts, survey.plans[0]
    base = sum(counts.get(code, 0) for code in plan.weights)
    terms = (counts.get(code, 0) * Fraction(p) for code, p in plan.weights.items())
    earned = sum(terms, Fraction(0))
    return bool(base) and points_of(plan, earned / base) == found.after.earned.score
