"""Rules on what is printed more than once: figures, names, parts and totals, numbers of things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analysis.audit.finding import Finding, Place
from analysis.audit.model import PartTable, Report
from analysis.audit.names import heads_the_row, plain, unnumbered
from analysis.audit.parts import Sum, of_sub_total, sum_of
from analysis.audit.score_model import Indicator, Repeat, Scores, Section
from analysis.audit.score_rules import row_of
from analysis.audit.score_sums import label_of, points_of, repeated_sections
from analysis.printed import Printed
from analysis.wording import exact


def figure_differs(report: Report) -> Iterator[Finding]:
    """A figure printed in several places is one number; another rounding is a note."""
    for figure in report.figures:
        first = figure.printed[0]
        for other in figure.printed[1:]:
            place = Place(other.place, figure.what, "value")
            yield from _differs(place, other.value, first.place, first.value)
    for row, table, one, repeat in _repeated(report.scores) if report.scores else ():
        for column in ("points", "score"):
            first, value = getattr(one, column), getattr(repeat, column)
            if first is not None and value is not None:
                yield from _differs(Place(repeat.place, row, column), value, table, first)


def name_differs(report: Report) -> Iterator[Finding]:
    """One thing has one name, apart from spaces and the shape of punctuation."""
    for name in report.names:
        first = name.printed[0]
        for mention in name.printed[1:]:
            place = Place(mention.place, name.what, "name")
            yield from _renamed(place, mention.text, first.place, first.text)
    if report.scores is None:
        return
    for section in report.scores.sections:
        of = section.of[-1]
        if not heads_the_row(section.name, of, points_of(report.scores, section)):
            place = Place(section.place, of, "name")
            yield from _renamed(place, section.name, report.scores.place, of)
    for indicator in report.scores.indicators:
        for repeat in indicator.repeats:
            place = Place(repeat.place, row_of(indicator), "name")
            if not _is_numbered(repeat.name, indicator.name):
                yield from _renamed(place, repeat.name, report.scores.place, indicator.name)


def number_of_things(report: Report) -> Iterator[Finding]:
    """As many things are listed as the text says, and none of them twice.

    Where the number is right with or without what is listed twice, that alone is asked about: two
    villages may have one name.
    """
    for claim in report.claims.numbers:
        counted = Counter(plain(name) or name for name in claim.listed)
        twice = [name for name, times in counted.items() if times > 1]
        details = {"stated": claim.number, "says": claim.says, "count": len(counted)}
        place = Place(claim.place, claim.says)
        if claim.number not in (len(counted), len(claim.listed)):
            code = "number_of_things" if claim.says else "number_of_things.bare"
            yield Finding(code, place, details | {"listed": claim.listed})
        elif twice:
            yield Finding("number_of_things.twice", place, details | {"twice": twice})


def total_in_part(report: Report) -> Iterator[Finding]:
    """No row of a part holds the total of all."""
    for table, column, found in _sums(report):
        part = found.counted_twice
        if part is not None:
            details = {
                "part": part.label,
                "value": part.value.text,
                "sum": exact(sum_of(found.parts)),
                "total": found.total.text,
            }
            yield Finding("total_in_part", Place(table, part.label, column), details)


def part_sum(report: Report) -> Iterator[Finding]:
    """Parts add up to their total; what rounding can explain is a note."""
    for table in report.tables:
        found = _sum(table)
        for one in found.wrong:
            place = Place(table.place, one.line.label, table.column)
            yield Finding("part_sum.subtotal", place, of_sub_total(one))
        if found.verdict and found.counted_twice is None:
            code = "part_sum.rounding" if found.verdict == "rounding" else "part_sum"
            details = {"total": table.total.text, "sum": exact(found.right)}
            yield Finding(code, Place(table.place, table.column, "total"), details)


def _sum(table: PartTable) -> Sum:
    return Sum(table.rows, table.total, f"{table.column}{table.unit}")


def _sums(report: Report) -> Iterator[tuple[str, str, Sum]]:
    for table in report.tables:
        yield table.place, table.column, _sum(table)
    for funds in report.funds:
        for row in funds.rows:
            if row.arrived is not None:
                found = Sum(row.sources, row.arrived, funds.unit)
                yield f"{funds.place} · {row.name}", "sources", found


def _repeated(
    scores: Scores,
) -> Iterator[tuple[str, str, Indicator | Section, Repeat | Section]]:
    """Each row with the table that prints it first, and what another table has of it."""
    for indicator in scores.indicators:
        for repeat in indicator.repeats:
            yield row_of(indicator), scores.place, indicator, repeat
    for section, again in repeated_sections(scores):
        yield label_of(section), section.place, section, again


def _differs(place: Place, value: Printed, other: str, first: Printed) -> Iterator[Finding]:
    if value.value == first.value:
        return
    finer, coarser = (first, value) if first.places > value.places else (value, first)
    is_rounding = finer.places > coarser.places and coarser.is_rounded_from(finer.exact)
    details = {"value": value.text, "other": other, "right": first.text}
    yield Finding("figure_differs.rounding" if is_rounding else "figure_differs", place, details)


def _is_numbered(one: str, other: str) -> bool:
    """Whether the two differ by the number before one of them: 1.1 依据充分 and 依据充分."""
    return plain(unnumbered(one)) == plain(other) or plain(one) == plain(unnumbered(other))


def _renamed(place: Place, name: str, other: str, first: str) -> Iterator[Finding]:
    one, two = plain(name), plain(first)
    if one and two and one != two:
        yield Finding("name_differs", place, {"name": name, "other": other, "right": first})
