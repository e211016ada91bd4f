"""The summary table (调查问卷汇总表) as a value: counted once, drawn by every renderer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal, NamedTuple, overload

from surveys.definition import Kind, Meaning

BaseRule = Literal["answered", "all"]
MultipleRule = Literal["cases", "mentions"]


DEFAULT_INTERVAL = "wilson"


class Rules(NamedTuple):
    """How the shares of a table are made; `interval` is one of `analysis.interval_methods`."""

    base: BaseRule = "answered"
    multiple: MultipleRule = "cases"
    interval: str = DEFAULT_INTERVAL


class Cell(NamedTuple):
    """A count with its base (应答基数); share, low and high are 0..1, None where the base is 0.

    Where responses are weighted the share is `weighted_count`, the sum of their weights, over the
    question's `weighted_base`; count and base stay numbers of responses. A tuple, as a table of
    areas has ten thousands of them: a frozen dataclass takes eight times as long to make.
    """

    count: int  # type: ignore[assignment]
    base: int
    share: float | None
    low: float | None
    high: float | None
    weighted_count: float | None = None


class OptionRow(NamedTuple):
    code: str
    text: str
    cell: Cell
    meaning: Meaning | None = None

    @property
    def label(self) -> str:
        """As the published tables print it: `A.非常满意`."""
        return f"{self.code}.{self.text}"


class QuestionTable(NamedTuple):
    """One question: asked = answered + blank; a question not asked is in none of them.

    `statistics` is for numbers only: mean, standard_error, mean_low, mean_high, median, minimum,
    maximum in the question's unit. A tuple for the same reason as a Cell.
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
    statistics: Mapping[str, float] = MappingProxyType({})
    mentions: int | None = None
    """Multiple choice only: all ticks together."""
    unit: str = ""
    weighted_base: float | None = None
    """Sum of the weights in the base; None in a table that is not weighted."""
    weighted_answered: float | None = None
    worst_first: bool = False
    """The options run from the least to the most favourable one."""


class Questions(Sequence[QuestionTable]):
    """The tables of a group, made when the first of them is read: those of 200 areas are tens of
    thousands of objects, and take longer to make than to count."""

    def __init__(self, make: Callable[[], tuple[QuestionTable, ...]]) -> None:
        self._make = make

    @cached_property
    def _made(self) -> tuple[QuestionTable, ...]:
        return self._make()

    @overload
    def __getitem__(self, place: int) -> QuestionTable: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[QuestionTable, ...]: ...

    def __getitem__(self, place: Any) -> Any:
        return self._made[place]

    def __iter__(self) -> Iterator[QuestionTable]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)

    def __eq__(self, other: object) -> bool:
        return self._made == (other._made if isinstance(other, Questions) else other)

    def __repr__(self) -> str:
        return repr(self._made)


@dataclass(frozen=True)
class Group:
    """A table for one group of responses (全部, 低保户, a district …)."""

    label: str
    n: int
    questions: Sequence[QuestionTable]


@dataclass(frozen=True)
class Flow:
    """What became of the responses that reached the server."""

    received: int
    counted: int
    under_review: int
    excluded: int


@dataclass(frozen=True)
class Weighting:
    """How shares were estimated from a designed sample, for the sentence under its tables.

    n: responses with a weight above 0; total, lowest, highest: of the weights; effective_n: Kish's.
    strata: 1 where there are none; units: sampling units, None where responses were drawn singly;
    finite: the population's size counts; calibrated: the weights were fitted to margins.
    """

    n: int
    total: float
    lowest: float
    highest: float
    effective_n: float
    strata: int = 1
    units: int | None = None
    finite: bool = False
    calibrated: bool = False


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
    weighting: Weighting | None = None
    """None where every response counts once."""
    multiple_rule: MultipleRule = "cases"
    """Shares of a multiple choice are of the people who answered, or of all their ticks."""
    interval: str = DEFAULT_INTERVAL
    """How the intervals of shares are made: a name of `analysis.interval_methods`."""

    @property
    def weighted(self) -> bool:
        return self.weighting is not None
