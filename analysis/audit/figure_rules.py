"""Rules on what is printed more than once: figures, names, parts and totals, numbers of things."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from analysis.audit.finding import Finding, Place
from analysis.audit.model import PartTable, Report
from analysis.audit.parts import Sum, sum_of
from analysis.audit.score_rules import row_of
from analysis.printed import Printed
from analysis.wording import exact

PLACEHOLDERS = "—-–―/无"
"""What a cell holds that names nothing."""
DASHES = re.compile("[-‐‑‒–—―−─－~〜～]+")
QUOTES = re.compile("[\"'“”‘’„‟″′`´「」『』《》〈〉]")


def figure_differs(report: Report) -> Iterator[Finding]:
    """A figure printed in several places is one number; another rounding is a note."""
    for figure in report.figures:
        first = figure.printed[0]
        for other in figure.printed[1:]:
            place = Place(other.place, figure.what, "value")
            yield from _differs(place, other.value, first.place, first.value)
    for indicator in report.scores.indicators if report.scores else ():
        table = report.scores.place if report.scores else ""
        for repeat in indicator.repeats:
            for column in ("points", "score"):
                one, other = getattr(indicator, column), getattr(repeat, column)
                if one is not None and other is not None:
                    place = Place(repeat.place, row_of(indicator), column)
                    yield from _differs(place, other, table, one)


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
        place = Place(section.place, section.of[-1], "name")
        yield from _renamed(place, section.name, report.scores.place, section.of[-1])
    for indicator in report.scores.indicators:
        for repeat in indicator.repeats:
            place = Place(repeat.place, row_of(indicator), "name")
            yield from _renamed(place, repeat.name, report.scores.place, indicator.name)


def number_of_things(report: Report) -> Iterator[Finding]:
    """As many things are listed as the text says."""
    for claim in report.claims.numbers:
        if claim.number != len(claim.listed):
            details = {"stated": claim.number, "says": claim.says, "count": len(claim.listed)}
            code = "number_of_things" if claim.says else "number_of_things.bare"
            yield Finding(code, Place(claim.place, claim.says), details | {"listed": claim.listed})


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


def _differs(place: Place, value: Printed, other: str, first: Printed) -> Iterator[Finding]:
    if value.value == first.value:
        return
    finer, coarser = (first, value) if first.places > value.places else (value, first)
    is_rounding = finer.places > coarser.places and coarser.is_rounded_from(finer.exact)
    details = {"value": value.text, "other": other, "right": first.text}
    yield Finding("figure_differs.rounding" if is_rounding else "figure_differs", place, details)


def _renamed(place: Place, name: str, other: str, first: str) -> Iterator[Finding]:
    one, two = _plain(name), _plain(first)
    if one and two and one != two:
        yield Finding("name_differs", place, {"name": name, "other": other, "right": first})


def _plain(name: str) -> str:
    """Without what does not tell names apart: spaces, quotes, the kind of dash, a full stop."""
    text = "".join(unicodedata.normalize("NFKC", name).split())
    if not text.strip(PLACEHOLDERS):
        return ""
    return QUOTES.sub("", DASHES.sub("-", text)).rstrip("。.;,、")
