"""What both files of a report by group share: its parts, its steps, and how work is cancelled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.group_report import GroupReport
from analysis.reports.group_words import group_name, word
from analysis.reports.words import word as table_word
from analysis.sampling import SMALL_GROUP
from analysis.table import Group

Parts = frozenset[str]
Step = Callable[[], None]
PART_NAMES = ("comparison", "scores", "cross", "pictures", "tables")
EVERY_PART: Parts = frozenset(PART_NAMES)
NAMES_SHOWN = 10


def nothing() -> None:
    """The step of those who do not watch."""


def workbook_steps(report: GroupReport, parts: Parts) -> int:
    """How often `write_workbook` calls its step."""
    return len(parts - {"tables"}) + len(report.groups) * ("tables" in parts)


def document_steps(report: GroupReport, parts: Parts) -> int:
    """How often `write_document` calls its step."""
    return 1 + len(report.groups)


def listed_small(few: Sequence[Group], language: str) -> str:
    """The small groups by name, ten at most."""
    names = [group_name(group, language) for group in few[:NAMES_SHOWN]]
    more = word("and_more", language) if len(few) > NAMES_SHOWN else ""
    listed = table_word("comma", language).join(names) + more
    return word("small_line", language, count=len(few), least=SMALL_GROUP, names=listed)
