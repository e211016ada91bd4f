"""The scorecard as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import wording
from analysis.evaluation.comparison import Comparison
from analysis.evaluation.funds import COLUMNS, FundTable
from analysis.evaluation.messages import Fault
from analysis.evaluation.report import CombinedReport, Evaluation, ScorecardReport
from analysis.evaluation.scorecard import Row, Scorecard, SubTotal
from analysis.reports.lines import padded
from analysis.reports.scorecard_texts import word
from analysis.reports.scorecard_words import (
    about_lines,
    combined_line,
    combined_outlook_lines,
    difference_text,
    grade_name,
    headline,
    origin,
    outlook_lines,
    remark_lines,
    signed,
    survey_line,
    total_line,
)
from analysis.reports.text import CONTROLS

NAME_WIDTH, NUMBER_WIDTH = 44, 9


def render_scorecard_text(report: Evaluation, language: str = "zh") -> str:
    lines = (
        _lines(report, language)
        if isinstance(report, ScorecardReport)
        else (_combined_lines(report, language))
    )
    return "\n".join(line.translate(CONTROLS).rstrip() for line in lines) + "\n"


def _combined_lines(report: CombinedReport, language: str) -> list[str]:
    """All together first, then the report of each sub-project."""
    combined = report.combined
    parts = [f"{word('combined', language)}　{report.title}", ""]
    for part in combined.parts:
        shown = (wording.exact(part.weight), wording.percent(combined.share(part)))
        numbers = (*shown, wording.exact(part.score), grade_name(part.card, language))
        padded_ = (padded(text, NUMBER_WIDTH, right=True) for text in numbers)
        parts.append(f"{_named(part.name, 0)}{' '.join(padded_)}")
    parts += ["", combined_line(combined, language)]
    if report.outlook is not None:
        lines = combined_outlook_lines(report.outlook, language)
        parts += _section(word("outlook", language), lines)
    if report.funds.items:
        parts += _section(word("funds", language), _funds(report.funds, language))
    if report.faults:
        parts += _section(word("findings", language), _findings(report.faults, language))
    for of_part in report.parts:
        parts += ["", "=" * 60, *_lines(of_part, language)]
    return parts


def _lines(report: ScorecardReport, language: str) -> list[str]:
    parts = [headline(report, language), *about_lines(report, language), ""]
    parts += [*_card(report.card, language), "", total_line(report.card, language)]
    parts += [remark.text(language) for remark in report.card.remarks]
    if any(row.earned.basis == "stated" for row in report.card.rows):
        parts.append(word("stated_note", language))
    for key, outlook in (
        ("outlook", report.outlook),
        ("outlook_rescored", report.outlook_rescored),
    ):
        if outlook is not None:
            parts += _section(word(key, language), outlook_lines(outlook, language))
    if report.comparison is not None:
        parts += _section(word("comparison", language), _comparison(report.comparison, language))
    if report.funds.items:
        parts += _section(word("funds", language), _funds(report.funds, language))
    return parts + _section(word("findings", language), _findings(report.faults, language))


def _section(title: str, lines: Iterator[str]) -> list[str]:
    return ["", title, *(f"  {line}" for line in lines)]


def _card(card: Scorecard, language: str) -> Iterator[str]:
    """Headings with their sums, and under each its indicators."""
    told: set[int] = set()
    sub_totals = {id(sub.indicator): sub for sub in card.sub_totals}
    for row in card.rows:
        for depth, indicator in enumerate(row.leaf.above):
            if id(indicator) not in told:
                yield _sub_total(sub_totals[id(indicator)], depth)
        told |= {id(indicator) for indicator in row.leaf.above}
        yield from _row(row, len(row.leaf.above), language)


def _sub_total(sub: SubTotal, depth: int) -> str:
    return f"{_named(sub.indicator.name, depth)}{_numbers(sub.points, sub.score, sub.rate)}"


def _row(row: Row, depth: int, language: str) -> Iterator[str]:
    name = f"{row.leaf.id} {row.leaf.name}"
    yield f"{_named(name, depth)}{_numbers(row.leaf.points, row.score, row.rate)}"
    margin = "  " * depth + "    "
    told = " ".join(part for part in (row.earned.formula, f"[{origin(row, language)}]") if part)
    yield margin + told
    if row.earned.surveyed is not None:
        yield margin + survey_line(row, language)
    yield from (f"{margin}※ {line}" for line in remark_lines(row, language))


def _named(name: str, depth: int) -> str:
    return padded("  " * depth + name, NAME_WIDTH)


def _numbers(points: object, score: object, rate: object) -> str:
    shown = (wording.exact(points), wording.exact(score), wording.percent(rate))  # type: ignore
    return " ".join(padded(text, NUMBER_WIDTH, right=True) for text in shown)


def _comparison(comparison: Comparison, language: str) -> Iterator[str]:
    before, after = comparison.before, comparison.after
    for key, card in (("before", before), ("after", after)):
        yield f"{padded(word(key, language), 16)} {total_line(card, language)}"
    yield f"{padded(word('change', language), 16)} {signed(comparison.change)}"
    for old, new in zip(before.first_level, after.first_level, strict=True):
        if old.score != new.score:
            yield f"{old.indicator.name}: {wording.exact(old.score)} → {wording.exact(new.score)}"
    for found in comparison.differences:
        scores = f"{wording.exact(found.before.score)} → {wording.exact(found.after.score)}"
        leaf = found.before.leaf
        yield f"{leaf.id} {leaf.name}: {scores}（{signed(found.change)}）"
        yield from (f"    {line}" for line in difference_text(found, language).split("\n"))
    yield word("kept", language)


def _funds(table: FundTable, language: str) -> Iterator[str]:
    yield word("unit", language, unit=table.unit)
    for item in table.items:
        totals = (f"{word(c, language)} {wording.exact(item.total(c))}" for c in COLUMNS)
        balance = f"{word('balance', language)} {wording.exact(item.computed_balance)}"
        rates = (
            f"{word(f'{name}_rate', language)} {wording.percent(item.rate(name))}"
            for name in ("arrived", "executed")
        )
        yield "  ".join((item.name, *totals, balance, *rates))


def _findings(faults: tuple[Fault, ...], language: str) -> Iterator[str]:
    if not faults:
        yield word("no_findings", language)
    for fault in faults:
        yield f"[{word(f'severity_{fault.severity}', language)}] {fault.text(language)}"
