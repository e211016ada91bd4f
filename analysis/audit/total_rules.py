"""Rules on sub-totals, totals, rates, the grade, and points that the text states."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.score_model import Scores, Section, Total
from analysis.audit.score_rules import is_out_of_range, row_of
from analysis.audit.score_sums import NONE, Sums, label_of, slack_of, sums_of
from analysis.printed import Printed, as_printed
from analysis.wording import exact


def subtotals(report: Report) -> Iterator[Finding]:
    """A printed sub-total is the sum of its indicators; what rounding can explain is a note."""
    scores = report.scores
    for section in scores.sections if scores else ():
        sums = sums_of(scores, section.of)
        row = label_of(section)
        for column, printed, right in _columns(section.points, section.score, sums):
            if printed.is_rounded_from(right):
                continue
            is_rounding = column == "score" and sums.rounding_explains(printed)
            place = Place(section.place, row, column)
            yield _sum("subtotal", "rounding" if is_rounding else column, place, printed, right)


def totals(report: Report) -> Iterator[Finding]:
    """The printed total is the sum of the indicators; of rounded numbers is a note.

    A table without indicators is added up from its sections. A total that follows from a wrong
    sub-total is no second fault.
    """
    scores = report.scores
    if scores is None or scores.total is None:
        return
    sums = sums_of(scores, ())
    for column, printed, right in _columns(scores.total.points, scores.total.score, sums):
        if printed.is_rounded_from(right):
            continue
        is_rounding = column == "score" and sums.rounding_explains(printed)
        if column == "score" and not is_rounding and _is_sum_of_sections(scores, printed):
            if _is_a_section_wrong(scores):
                continue
            is_rounding = _hold_everything(scores, sums)
        place = Place(scores.total.place, column=column)
        yield _sum("total", "rounding" if is_rounding else column, place, printed, right)


def score_above_points(report: Report) -> Iterator[Finding]:
    """No score is below 0 or above its points, and no rate above 100%.

    Sub-totals and the total only where they do not follow from indicators, which are told first.
    """
    scores = report.scores
    if scores is None:
        return
    for indicator in scores.indicators:
        place = Place(scores.place, row_of(indicator), "score")
        yield from _out_of_range(place, indicator.score, indicator.points)
    for place, path, row in _sum_rows(scores):
        if sums_of(scores, path).score is None:
            told = list(_out_of_range(replace(place, column="score"), row.score, row.points))
            yield from told or _rate_above(replace(place, column="rate"), row.rate)


def rates(report: Report) -> Iterator[Finding]:
    """得分率 is score/points of the unrounded score; of the rounded score is a note.

    A rate that follows from a wrong score or wrong points is no second fault.
    """
    scores = report.scores
    if scores is None:
        return
    for place, path, printed in _sum_rows(scores):
        sums = sums_of(scores, path)
        score = sums.score if sums.score is not None else _exact(printed.score)
        points = sums.points or _exact(printed.points)
        if printed.rate is None or score is None or not points:
            continue
        if sums.score is None and _may_follow(printed.rate, printed.score, points):
            continue
        yield from _rate(replace(place, column="rate"), printed.rate, score, points, printed)


def grade(report: Report) -> Iterator[Finding]:
    """The printed grade is that of the total under the report's own scale."""
    scores = report.scores
    if scores is None or scores.total is None or not scores.total.grade:
        return
    total = scores.total
    unrounded = sums_of(scores, ()).score if scores.indicators else _exact(total.score)
    score = unrounded if unrounded is not None else _exact(total.score)
    right = _grade(scores, score)
    if score is None or right is None or right == total.grade:
        return
    yield _grade_finding(scores, total, score, right)


def points_in_text(report: Report) -> Iterator[Finding]:
    """Points that the text states are those of the tables."""
    for claim in report.claims.points:
        right = sums_of(report.scores, claim.of).points
        if right is None:
            right = _points_of_section(report.scores, claim.of)
        if right is not None and claim.points.exact != right:
            details = {"name": claim.of[-1], "stated": claim.points.text, "right": exact(right)}
            yield Finding("points_in_text", Place(claim.place, claim.says, "points"), details)


def _sum_rows(scores: Scores) -> Iterator[tuple[Place, tuple[str, ...], Section | Total]]:
    """Sub-totals and the total with the path of the indicators that they sum up."""
    for section in scores.sections:
        yield Place(section.place, label_of(section)), section.of, section
    if scores.total is not None:
        yield Place(scores.total.place), (), scores.total


def _points_of_section(scores: Scores | None, path: tuple[str, ...]) -> Fraction | None:
    sections = scores.sections if scores else ()
    return next((s.points.exact for s in sections if s.of == path and s.points), None)


def _out_of_range(place: Place, score: Printed | None, points: Printed | None) -> Iterator[Finding]:
    if score is None or points is None or not is_out_of_range(score, points):
        return
    code = "score_above_points.negative" if score.value < 0 else "score_above_points"
    yield Finding(code, place, {"score": score.text, "points": points.text})


def _rate_above(place: Place, rate: Printed | None) -> Iterator[Finding]:
    if rate is not None and rate.value > 100:
        yield Finding("score_above_points.rate", place, {"rate": rate.text})


def _columns(
    points: Printed | None, score: Printed | None, sums: Sums
) -> Iterator[tuple[str, Printed, Fraction]]:
    if points is not None and sums.points is not None:
        yield "points", points, sums.points
    if score is not None and sums.score is not None:
        yield "score", score, sums.score


def _sum(rule: str, variant: str, place: Place, printed: Printed, right: Fraction) -> Finding:
    details = {"printed": printed.text, "right": exact(right)}
    return Finding(f"{rule}.{variant}", place, details)


def _is_sum_of_sections(scores: Scores, printed: Printed) -> bool:
    top = _top(scores)
    scored = [section.score.value for section in top if section.score is not None]
    return bool(top) and len(scored) == len(top) and sum(scored, Decimal(0)) == printed.value


def _is_a_section_wrong(scores: Scores) -> bool:
    """Whether `subtotals` finds a score of the top level that rounding cannot explain."""
    for section in _top(scores):
        sums = sums_of(scores, section.of)
        if section.score is None or sums.score is None:
            continue
        if not (section.score.is_rounded_from(sums.score) or sums.rounding_explains(section.score)):
            return True
    return False


def _hold_everything(scores: Scores, sums: Sums) -> bool:
    """Whether the sections leave no indicator out, whose score would be missing, not rounded."""
    held = (sums_of(scores, section.of).score for section in _top(scores))
    return sum((score for score in held if score is not None), NONE) == sums.score


def _top(scores: Scores) -> list[Section]:
    """The sections whose path has one name."""
    return [section for section in scores.sections if len(section.of) == 1]


def _rate(
    place: Place, rate: Printed, score: Fraction, points: Fraction, row: Section | Total
) -> Iterator[Finding]:
    right = 100 * score / points
    if rate.is_rounded_from(right):
        return
    shown = score if row.score is None else row.score.exact
    of = _exact(row.points) or points
    follows = rate.is_rounded_from(100 * shown / of)
    is_rounded = row.score is None or row.score.is_rounded_from(score)
    if follows and not (is_rounded and of == points):
        return  # the printed score or points are wrong, and a finding of their own
    details = {
        "printed": rate.text,
        "score": exact(score),
        "points": exact(points),
        "right": as_printed(right, rate.places, True).text,
    }
    if follows and row.score is not None:
        yield Finding("rate.rounding", place, details | {"rounded": row.score.text})
    else:
        yield Finding("rate", place, details)


def _may_follow(rate: Printed, score: Printed | None, points: Fraction) -> bool:
    """Whether a rate can be that of the unrounded score where only the rounded one is known."""
    if score is None:
        return False
    slack = slack_of([score])
    lowest, end = (100 * (score.exact + side * slack) / points for side in (-1, 1))
    return lowest < rate.high() and rate.low() < end


def _grade_finding(scores: Scores, total: Total, score: Fraction, right: str) -> Finding:
    place = Place(total.place, column="grade")
    printed = total.score
    details = {"grade": total.grade, "score": exact(score), "right": right}
    if printed is None or not printed.is_rounded_from(score):
        return Finding("grade", place, details)
    if _grade(scores, printed.exact) != total.grade:
        return Finding("grade", place, details)
    return Finding("grade.rounding", place, details | {"printed": printed.text})


def _grade(scores: Scores, score: Fraction | None) -> str | None:
    bands = scores.grades.bands if scores.grades and score is not None else ()
    return next(
        (band.grade for band in bands if score is not None and band.when.holds(score)), None
    )


def _exact(printed: Printed | None) -> Fraction | None:
    return None if printed is None else printed.exact
