"""The summary table (调查问卷汇总表) as a value: counted once, drawn by every renderer alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from surveys.definition import Kind, Meaning

BaseRule = Literal["answered", "all"]


@dataclass(frozen=True)
class Cell:
    """A count with its base (应答基数); share, low and high are 0..1, None where the base is 0."""

    count: int
    base: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class OptionRow:
    code: str
    text: str
    cell: Cell
    meaning: Meaning | None = None

    @property
    def label(self) -> str:
        """As the published tables print it: `A.非常满意`."""
        return f"{self.code}.{self.text}"


@dataclass(frozen=True)
class QuestionTable:
    """One question: asked = answered + blank; a question not asked is in none of them.

    `statistics` is for numbers only: mean, median, minimum, maximum in the question's unit.
    """

    number: int
    code: str
    text: str
    kind: Kind
    asked: int
    answered: int
    blank: int
    base: int
    rows: tuple[OptionRow, ...] = ()
    statistics: Mapping[str, float] = field(default_factory=dict)
    mentions: int | None = None
    """Multiple choice only: all ticks together."""
    unit: str = ""


@dataclass(frozen=True)
class Group:
    """A table for one group of responses (全部, 低保户, a district …)."""

    label: str
    n: int
    questions: tuple[QuestionTable, ...]


@dataclass(frozen=True)
class Flow:
    """What became of the responses that reached the server."""

    received: int
    counted: int
    under_review: int
    excluded: int


@dataclass(frozen=True)
class SummaryTable:
    """`simulated` marks 模拟数据; `remarks` are sentences for under the title of every output."""

    slug: str
    version: int
    title: str
    base_rule: BaseRule
    n: int
    groups: tuple[Group, ...]
    grouped_by: str | None = None
    flow: Flow | None = None
    simulated: bool = False
    project: str = ""
    remarks: tuple[str, ...] = ()
