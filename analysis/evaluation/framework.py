"""A framework (指标体系): a tree of indicators up to four levels deep; the lowest are scored."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from analysis.evaluation.messages import Fault
from analysis.evaluation.rules import Rule

UNNAMED = frozenset("—-–－")


@dataclass(frozen=True)
class Indicator:
    """One 指标 of any level. With `parts` it is their heading; without, it has an id and a rule.

    `points` is None on a heading for which the document states none.
    """

    name: str
    points: Decimal | None = None
    parts: tuple[Indicator, ...] = ()
    id: str = ""
    content: str = ""
    rule: Rule | None = None

    @property
    def is_scored(self) -> bool:
        return not self.parts

    @cached_property
    def full(self) -> Decimal:
        """The points stated, else the sum of the parts'."""
        if self.points is not None:
            return self.points
        return sum((part.full for part in self.parts), Decimal(0))


@dataclass(frozen=True)
class Leaf:
    """A scored indicator with the headings above it, from the first level down."""

    indicator: Indicator
    above: tuple[Indicator, ...]

    @property
    def id(self) -> str:
        return self.indicator.id

    @property
    def points(self) -> Decimal:
        return self.indicator.full

    @property
    def rule(self) -> Rule:
        if self.indicator.rule is None:
            raise ValueError(f"{self.id} has no rule")
        return self.indicator.rule

    @property
    def name(self) -> str:
        """Its own name, or where the document has only a dash the nearest one above."""
        names = [self.indicator.name, *(i.name for i in reversed(self.above))]
        return next((name for name in names if set(name) - UNNAMED), self.id)

    @property
    def path(self) -> tuple[str, ...]:
        """The names of all levels, as printed."""
        return (*(i.name for i in self.above), self.indicator.name)


@dataclass(frozen=True)
class Framework:
    """`scheme` names the grades to start with; `published` says which document it reproduces.

    `findings` are the faults that the document itself has. `rubric` has the ratios (0..1) that its
    bands may give; empty where each rule stands for itself.
    """

    slug: str
    title: str
    points: Decimal
    scheme: str
    parts: tuple[Indicator, ...]
    source: str = ""
    published: bool = False
    rubric: tuple[Decimal, ...] = ()
    findings: tuple[Fault, ...] = ()

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        return tuple(leaf for part in self.parts for leaf in _leaves(part, ()))

    @cached_property
    def by_id(self) -> dict[str, Leaf]:
        return {leaf.id: leaf for leaf in self.leaves}


def headings(parts: tuple[Indicator, ...]) -> Iterator[tuple[tuple[Indicator, ...], Indicator]]:
    """(those above it, indicator) for every indicator of the tree, a heading before its parts."""
    for part in parts:
        yield from _headings((), part)


def _headings(
    above: tuple[Indicator, ...], indicator: Indicator
) -> Iterator[tuple[tuple[Indicator, ...], Indicator]]:
    yield above, indicator
    for part in indicator.parts:
        yield from _headings((*above, indicator), part)


def _leaves(indicator: Indicator, above: tuple[Indicator, ...]) -> Iterator[Leaf]:
    if indicator.is_scored:
        yield Leaf(indicator, above)
    for part in indicator.parts:
        yield from _leaves(part, (*above, indicator))
