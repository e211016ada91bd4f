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
from analysis.audit.meant import meant_number
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
"""Each try audits the whole table; more wrong sums, or candidates for one of them, are no matter
of a misprint."""


@dataclass(frozen=True)
class Misprint:
    """`right` is what the sum above was made with, and what nothing contradicts."""

    part: Part
    column: Column
    right: Printed
    above: WrongSum
    contradictions: tuple[Finding, ...] = ()

    def corrected(self, report: Report) -> Report:
        printed = getattr(self.part, self.column)
        return _with(report, self.part, {self.column: meant_number(self.right, printed)})


def score_misprints(report: Report) -> tuple[list[Finding], Report]:
    """The findings, and the report as it is meant."""
    found = _misprints(report)
    meant = report
    for one in found:
        meant = one.corrected(meant)
    return [_finding(report, one) for one in found], meant


def _misprints(report: Report) -> tuple[Misprint, ...]:
    """At most one for each sum: of several that could be it, nobody can tell.

    Each is sound alone, and so are all together, or none is told.
    """
    wrong = [one for one in wrong_sums(report.scores) if one.verdict == "wrong"]
    if report.scores is None or not 0 < len(wrong) <= MOST_WRONG:
        return ()
    told = _findings(report)
    rows = {f.place.row for f in told}
    found: list[Misprint] = []
    errors = {f.place.row for f in _errors(told)}
    for above in wrong:
        if len(errors & _rows_of(report, above) - {above.place.row}) > 1:
            continue  # no number of one row mends another
        tries = list(islice(_tries(report.scores, above, rows), MOST_TRIED + 1))
        # what is not tried could be it as well
        sound = [_sound(report, one, told) for one in tries] if len(tries) <= MOST_TRIED else []
        ones = [one for one in sound if one is not None]
        found += ones if len(ones) == 1 else []
    return tuple(found) if _are_sound_together(report, found, told) else ()


def _sound(report: Report, one: Misprint, told: Sequence[Finding]) -> Misprint | None:
    """With the contradictions that are gone; None if something still speaks against it."""
    meant = one.corrected(report)
    if not _all_in_range(meant, (one,)) or not _sums_are_sound(report, meant, (one,)):
        return None
    left = _findings(meant)
    explained = _explained(told, left)
    if not explained or any(f.place.row in _rows_of(report, one.above) for f in _errors(left)):
        return None
    return replace(one, contradictions=explained)


def _are_sound_together(report: Report, found: Sequence[Misprint], told: Sequence[Finding]) -> bool:
    """Points and score of one row are judged apart, but read together."""
    if len(found) < 2:
        return True
    meant = report
    for one in found:
        meant = one.corrected(meant)
    return (
        len({(_row(one.part), one.column) for one in found}) == len(found)
        and _all_in_range(meant, found)
        and _sums_are_sound(report, meant, found)
        and bool(_explained(told, _findings(meant)))
    )


def _all_in_range(meant: Report, found: Sequence[Misprint]) -> bool:
    """A row has points, and a score from 0 to them."""
    rows = {_row(one.part) for one in found}
    return all(
        part.points is not None
        and part.points.value > 0
        and (part.score is None or 0 <= part.score.value <= part.points.value)
        for part in _parts(meant.scores)
        if _row(part) in rows
    )


def _sums_are_sound(report: Report, meant: Report, found: Sequence[Misprint]) -> bool:
    """The sums above are right now, and none is wrong that was not."""
    before = {one.place for one in wrong_sums(report.scores) if one.verdict != "rounding"}
    after = {one.place for one in wrong_sums(meant.scores) if one.verdict != "rounding"}
    return after <= before - {one.above.place for one in found}


def _rows_of(report: Report, above: WrongSum) -> set[str]:
    """The row of the sum, and those of all that it is made of."""
    if report.scores is None:
        return set()
    level = level_below(report.scores, above.row)
    parts: tuple[Part, ...] = (*level.sections, *level.indicators)
    return {above.place.row, *map(_row, parts)}


def _errors(findings: Sequence[Finding]) -> list[Finding]:
    """A note is of rounding, which contradicts nothing."""
    return [finding for finding in findings if finding.severity != "note"]


def _explained(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that are gone; none if there is a new one. Their words may change."""
    told, left = Counter(map(_kind, before)), Counter(map(_kind, after))
    gone = told - left
    return tuple(f for f in before if gone[_kind(f)]) if left <= told else ()


def _kind(finding: Finding) -> tuple[str, Place]:
    return finding.code, finding.place


def _tries(scores: Scores, above: WrongSum, told: set[str]) -> Iterator[Misprint]:
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


def _parts(scores: Scores | None) -> tuple[Part, ...]:
    return (*scores.indicators, *scores.sections) if scores else ()


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
