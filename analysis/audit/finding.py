"""Finding (核对发现): one result of the audit, which can be traced to a cell of the report."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.audit.sentences import Both, Severity, filled, side_of
from analysis.audit.wordings import COLUMNS, FINDINGS, SEVERITIES


@dataclass(frozen=True)
class Place:
    """A cell: the table or paragraph and the row as the report prints them, and the column."""

    table: str
    row: str = ""
    column: str = ""

    def column_text(self, language: str = "zh") -> str:
        known = COLUMNS.get(self.column)
        return known[side_of(language)] if known else self.column

    def text(self, language: str = "zh") -> str:
        parts = (self.table, self.row, self.column_text(language))
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Finding:
    """`code` is the rule, or rule.variant; `details` fill its sentences in `wordings`.

    `also` says what else is wrong because of the same error, which is told once.
    """

    code: str
    place: Place
    details: Mapping[str, Any] = field(default_factory=dict)
    also: Both | None = None

    @property
    def rule(self) -> str:
        return self.code.partition(".")[0]

    @property
    def severity(self) -> Severity:
        """error: cannot be right as printed; warning: missing or implausible; note: rounding."""
        return FINDINGS[self.code].severity

    def found(self, language: str = "zh") -> str:
        return filled(FINDINGS[self.code].found, self.details, language)

    def expected(self, language: str = "zh") -> str:
        return filled(FINDINGS[self.code].expected, self.details, language)

    def why(self, language: str = "zh") -> str:
        why = filled(FINDINGS[self.code].why, self.details, language)
        if self.also is None:
            return why
        stop = ("；", "; ")[side_of(language)]
        return f"{why}{stop}{self.also.text(language)}"


def severity_word(severity: Severity, language: str = "zh") -> str:
    return SEVERITIES[severity][side_of(language)]
