"""One wrong number of a row: its sum and something else about the row contradict it.

One wrong digit contradicts everything that the right one fitted: its bands, its reason, the other
table, the survey, the sub-total. As with `survey_misprints`, it is told once, at its cell, and the
rules then read the table as it is meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice

from analysis.audit import figure_rules, score_rules, total_rules
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.score_model import Indicator, Scores, Section
from analysis.audit.score_rules import row_of
from analysis.audit.score_sums import label_of
from analysis.audit.sentences import Both
from analysis.audit.sum_levels import Column, Level, WrongSum, level_below, wrong_sums
from analysis.printed import Printed, as_printed, exactly

Part = Indicator | Section
RULES: tuple[Callable[[Report], Iterator[Finding]], ...] = (
    score_rules.score_ratio,
    score_rules.missing_reasons,
    score_rules.denied_deductions,
    score_rules.checklist_points,
    score_rules.survey_contradicts,
    total_rules.score_above_points,
    total_rules.points_in_text,
    total_rules.rates,
    figure_rules.figure_differs,
)
"""What contradicts a number of one row, sums aside."""
MOST_TRIED = 20
MOST_WRONG = 10
"""Each try audits the whole table; more wrong sums or candidates are no matter of a misprint."""


@dataclass(frozen=True)
class Misprint:
    """`right` is what the sum above was made with, and what nothing contradicts."""

    part: Part
    column: Column
    right: Printed
    above: WrongSum
    contradictions: tuple[Finding, ...] = ()

    def corrected(self, report: Report) -> Report:
        return _with(report, self.part, {self.column: self.right})


def score_misprints(report: Report) -> tuple[list[Finding], Report]:
    """The findings, and the report as it is meant."""
    found = _misprints(report)
    meant = report
    for one in found:
        meant = one.corrected(meant)
    return [_finding(report, one) for one in found], meant


def _misprints(report: Report) -> tuple[Misprint, ...]:
    """At most one for each sum: of several that could be it, nobody can tell."""
    wrong = [one for one in wrong_sums(report.scores) if one.verdict == "wrong"]
    if report.scores is None or not 0 < len(wrong) <= MOST_WRONG:
        return ()
    told = _findings(report)
    tries = islice(_tries(report.scores, wrong, {f.place.row for f in told}), MOST_TRIED)
    found: dict[int, list[Misprint]] = {}
    for one in tries:
        explained = _explained(told, _findings(one.corrected(report)))
        if explained:
            found.setdefault(id(one.above), []).append(replace(one, contradictions=explained))
    return tuple(ones[0] for ones in found.values() if len(ones) == 1)


def _explained(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that are gone; none if there is a new one. Their words may change."""
    told, left = Counter(map(_kind, before)), Counter(map(_kind, after))
    gone = told - left
    return tuple(f for f in before if gone[_kind(f)]) if left <= told else ()


def _kind(finding: Finding) -> tuple[str, Place]:
    return finding.code, finding.place


def _tries(scores: Scores, wrong: list[WrongSum], told: set[str]) -> Iterator[Misprint]:
    for above in wrong:
        level = level_below(scores, above.row)
        for part in _lowest(scores, level):
            if _row(part) in told and (right := _right(level, part, above)):
                yield Misprint(part, above.column, right, above)


def _lowest(scores: Scores, level: Level) -> tuple[Part, ...]:
    """The parts that nothing is below: another sub-total is judged by its own parts."""
    return level.indicators if scores.indicators else level.sections


def _right(level: Level, part: Part, above: WrongSum) -> Printed | None:
    """What the part must have been for the sum above it to be right; as another table prints it,
    if that fits: the sum may be rounded."""
    parts = level.printed(above.column)
    if parts is None:
        return None
    share, printed = level.share(part), getattr(part, above.column)
    others = level.sum_of(parts) - share * printed.exact
    for repeat in part.repeats if isinstance(part, Indicator) else ():
        again: Printed | None = getattr(repeat, above.column)
        if again is not None and above.printed.is_rounded_from(others + again.exact):
            return again
    if level.shares:
        return _in_mean(above.printed, others, share, printed.places)
    return exactly(above.printed.exact - others)


def _in_mean(mean: Printed, others: Fraction, share: Fraction, places: int) -> Printed | None:
    """With the digits of the other print: a mean is rounded more often than not."""
    right = as_printed((mean.exact - others) / share, places)
    return right if mean.is_rounded_from(others + share * right.exact) else None


def _findings(report: Report) -> list[Finding]:
    return [finding for rule in RULES for finding in rule(report)]


def _row(part: Part) -> str:
    return row_of(part) if isinstance(part, Indicator) else label_of(part)


def _with(report: Report, part: Part, changes: dict[str, Printed]) -> Report:
    if report.scores is None:
        return report
    field = "indicators" if isinstance(part, Indicator) else "sections"
    rows = tuple(
        row.model_copy(update=changes) if row is part else row
        for row in getattr(report.scores, field)
    )
    return report.model_copy(update={"scores": report.scores.model_copy(update={field: rows})})


def _finding(report: Report, one: Misprint) -> Finding:
    table = report.scores.place if report.scores and isinstance(one.part, Indicator) else None
    place = Place(table or one.part.place, _row(one.part), one.column)  # type: ignore[union-attr]
    above = one.above.place
    details = {
        "printed": getattr(one.part, one.column).text,
        "right": one.right.text,
        "above": Both(above.text(), above.text("en")),
        "sum": one.above.printed.text,
    }
    return Finding("subtotal.cell", place, details, _also(one.contradictions))


def _also(explained: Sequence[Finding]) -> Both:
    zh = "；".join(f"{f.place.text()}：{f.found()}" for f in explained)
    en = "; ".join(f"{f.place.text('en')}: {f.found('en')}" for f in explained)
    return Both(f"同一处错误造成的矛盾：{zh}", f"Contradictions from the same error: {en}")
