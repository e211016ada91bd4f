"""Rules on sub-totals, totals, rates, the grade, and points that the text states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.score_model import Scores, Section, Total
from analysis.audit.score_rules import is_out_of_range, row_of
from analysis.audit.score_sums import RowsBelow, label_of, slack_of, sub_projects
from analysis.audit.sentences import Both
from analysis.audit.sum_levels import WrongSum, wrong_sums
from analysis.printed import Printed, as_printed
from analysis.wording import exact


def subtotals(report: Report) -> Iterator[Finding]:
    """A printed sub-total is the sum of its indicators; what rounding can explain is a note.

    One that was added up from a wrong one is told there.
    """
    yield from _wrong_sums(report, Section, "subtotal")


def totals(report: Report) -> Iterator[Finding]:
    """The printed total is the sum of the indicators; of rounded numbers is a note.

    A table without indicators is added up from its sections; one of sub-projects with weights is
    their weighted mean. A total that follows from a wrong sub-total is told there.
    """
    yield from _wrong_sums(report, Total, "total")


def score_above_points(report: Report) -> Iterator[Finding]:
    """No score is below 0 or above its points, and no rate above 100%.

    Sub-totals and the total only where they do not follow from indicators, which are told first.
    Of a satisfaction score with points `impossible_score` tells more.
    """
    for item in report.satisfaction:
        if item.points.value <= 0 < item.score.value:
            details = {"score": item.score.text, "points": item.points.text}
            yield Finding("score_above_points", Place(item.place, item.name, "score"), details)
    scores = report.scores
    if scores is None:
        return
    for indicator in scores.indicators:
        place = Place(scores.place, row_of(indicator), "score")
        yield from _out_of_range(place, indicator.score, indicator.points)
    below = RowsBelow(scores)
    for place, path, row in _sum_rows(scores):
        if below.sums(path).score is None:
            told = list(_out_of_range(replace(place, column="score"), row.score, row.points))
            yield from told or _rate_above(replace(place, column="rate"), row.rate)


def rates(report: Report) -> Iterator[Finding]:
    """得分率 is score/points of the unrounded score; of the rounded score is a note.

    A rate that follows from a wrong score or wrong points is no second fault.
    """
    scores = report.scores
    if scores is None:
        return
    below = RowsBelow(scores)
    for place, path, printed in _sum_rows(scores):
        sums = below.sums(path)
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
    unrounded = RowsBelow(scores).sums(()).score if scores.indicators else _exact(total.score)
    score = unrounded if unrounded is not None else _exact(total.score)
    right = _grade(scores, score)
    if score is None or right is None or right == total.grade:
        return
    if total.grade not in _grades_of_wrong_total(scores):
        yield _grade_finding(scores, total, score, right)


def _grades_of_wrong_total(scores: Scores) -> Iterator[str | None]:
    """What follows from a wrong total, or from the right one instead, is no second fault."""
    for one in wrong_sums(scores):
        if isinstance(one.row, Total) and one.column == "score" and one.verdict != "rounding":
            yield _grade(scores, one.printed.exact)
            yield _grade(scores, one.right)


def points_in_text(report: Report) -> Iterator[Finding]:
    """Points that the text states are those of the tables.

    Those of a sub-total that is wrong are told there.
    """
    wrong = {
        (one.row.of, one.printed.value)
        for one in wrong_sums(report.scores)
        if isinstance(one.row, Section) and one.column == "points"
    }
    below = RowsBelow(report.scores)
    for claim in report.claims.points:
        right = below.sums(claim.of).points
        if right is None:
            right = _points_of_section(report.scores, claim.of)
        if right is None or claim.points.exact == right:
            continue
        if (claim.of, claim.points.value) not in wrong:
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


def _wrong_sums(report: Report, kind: type[Section] | type[Total], rule: str) -> Iterator[Finding]:
    found = wrong_sums(report.scores)
    for one in found:
        if not isinstance(one.row, kind) or one.verdict == "carried":
            continue
        details = {"printed": one.printed.text, "right": exact(one.right)}
        variant = "rounding" if one.verdict == "rounding" else one.column
        of_mean = "mean_" if isinstance(one.row, Total) and _is_mean(report) else ""
        after = _consequences(report.scores, one, found) if report.scores else []
        yield Finding(f"{rule}.{of_mean}{variant}", one.place, details, _also(after))


def _is_mean(report: Report) -> bool:
    return report.scores is not None and bool(sub_projects(report.scores))


def _consequences(
    scores: Scores, wrong: WrongSum, found: Sequence[WrongSum]
) -> list[tuple[Place, str]]:
    """What else is wrong because of it: sums that it went into, and the grade."""
    carried = [one for one in found if one.is_from(wrong)]
    told = [(one.place, one.printed.text) for one in carried]
    total = next((one for one in (wrong, *carried) if isinstance(one.row, Total)), None)
    if wrong.verdict == "wrong" and total and total.column == "score" and scores.total:
        printed = scores.total.grade
        if printed and _grade(scores, total.right) != printed == _grade(
            scores, total.printed.exact
        ):
            told.append((Place(scores.total.place, column="grade"), printed))
    return told


def _also(told: Sequence[tuple[Place, str]]) -> Both | None:
    if not told:
        return None
    zh = "、".join(f"{place.text()} {text}" for place, text in told)
    en = ", ".join(f"{place.text('en')} {text}" for place, text in told)
    return Both(
        f"同一处错误还影响：{zh}，改正时一并核对",
        f"The same error went into: {en}; check them as well",
    )


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
