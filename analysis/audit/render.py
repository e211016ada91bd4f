"""Findings as text and as JSON, in Chinese or English, and what a command exits with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from analysis.audit.finding import Finding, severity_word
from analysis.audit.model import Report
from analysis.audit.sentences import Pair, filled
from analysis.audit.wordings import SEVERITIES

HEADLINE: Pair = ("核对结果：{title}", "Audit: {title}")
NOTHING: Pair = ("没有发现问题。", "Nothing was found.")
COUNTED: Pair = (
    "错误 {error} 项，警告 {warning} 项，提示 {note} 项。",
    "{error} errors, {warning} warnings, {note} notes.",
)
LINES: tuple[tuple[str, Pair], ...] = (
    ("found", ("发现：{text}", "Found: {text}")),
    ("expected", ("应为：{text}", "Expected: {text}")),
    ("why", ("影响：{text}", "Why: {text}")),
)


def render_text(report: Report, findings: Sequence[Finding], language: str = "zh") -> str:
    """Errors first, then warnings and notes; numbered through."""
    head = filled(HEADLINE, {"title": report.title}, language)
    if not findings:
        return f"{head}\n{filled(NOTHING, {}, language)}\n"
    lines = [head, filled(COUNTED, counts(findings), language)]
    for number, finding in enumerate(by_severity(findings), 1):
        lines += ["", *_lines(number, finding, language)]
    return "\n".join(lines) + "\n"


def render_json(report: Report, findings: Sequence[Finding], language: str = "zh") -> str:
    data = findings_data(report, findings, language)
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def findings_data(
    report: Report, findings: Sequence[Finding], language: str = "zh"
) -> dict[str, Any]:
    return {
        "report": report.title,
        "counts": counts(findings),
        "findings": [_data(finding, language) for finding in by_severity(findings)],
    }


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    return {s: sum(finding.severity == s for finding in findings) for s in SEVERITIES}


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    order = list(SEVERITIES)
    return sorted(findings, key=lambda finding: order.index(finding.severity))


def exit_code(findings: Sequence[Finding]) -> int:
    """0 for a clean report, 1 with any finding, as `manyi audit` promises; 2 is wrong use."""
    return 1 if findings else 0


RENDERERS: Mapping[str, Callable[[Report, Sequence[Finding], str], str]] = MappingProxyType(
    {"text": render_text, "json": render_json}
)


def _lines(number: int, finding: Finding, language: str) -> Iterator[str]:
    word = severity_word(finding.severity, language)
    yield f"{number}. [{word}] {finding.place.text(language)}  ({finding.code})"
    for name, pair in LINES:
        yield f"   {filled(pair, {'text': getattr(finding, name)(language)}, language)}"


def _data(finding: Finding, language: str) -> dict[str, Any]:
    place = finding.place
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "code": finding.code,
        "place": {
            "table": place.table,
            "row": place.row,
            "column": place.column,
            "text": place.text(language),
        },
        "found": finding.found(language),
        "expected": finding.expected(language),
        "why": finding.why(language),
    }
