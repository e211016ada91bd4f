"""A cross-tabulation (交叉表) as a value: counted once, drawn by every renderer alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from analysis.association import Test
from analysis.cross_axes import AxisKind
from analysis.mantel_haenszel import CommonOddsRatio
from analysis.refusals import CannotComputeError
from analysis.sampling import is_small
from analysis.table import DEFAULT_INTERVAL

Of = Literal["cases", "mentions"]
Adjust = Literal["holm", "bonferroni", "bh"]
Exact = Literal["fisher", "simulated"]
ADJUSTMENTS: dict[Adjust, str] = {"holm": "holm", "bonferroni": "bonferroni", "bh": "BH"}
"""Ways to adjust p-values, and how `analysis.multiplicity` calls them."""
MARKED = 1.96
"""An adjusted residual beyond has p < 0.05 taken alone."""


@dataclass(frozen=True)
class Share:
    """0..1 with its 95% interval; all None where the base is empty."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class CrossCell:
    """weighted: Σ w, the count itself where nothing is weighted. row, column, total: the share of
    the row's, the column's and of all responses (or mentions). residual: adjusted residual, None
    where there is none. letters: columns whose share of this row is significantly lower."""

    count: int
    weighted: float
    row: Share
    column: Share
    total: Share
    residual: float | None = None
    letters: str = ""

    @property
    def is_marked(self) -> bool:
        return self.residual is not None and abs(self.residual) > MARKED


@dataclass(frozen=True)
class Category:
    """One row or column: responses in it (n), the base of its shares (responses or mentions), the
    weighted base, its share of all, and ± of a share of 50% among its responses (0..1)."""

    name: str
    n: int
    base: int
    weighted: float
    share: Share
    margin: float | None = None


@dataclass(frozen=True)
class Side:
    """The rows or the columns. title is the text of a question, empty for a grouping."""

    key: str
    title: str
    kind: AxisKind
    categories: tuple[Category, ...]
    omitted: tuple[str, ...] = ()

    @property
    def multiple(self) -> bool:
        return self.kind == "multiple"


@dataclass(frozen=True)
class OptionTest:
    """One option of a multiple choice: is it ticked as often in every group?"""

    name: str
    p: float
    adjusted: float


@dataclass(frozen=True)
class Refusal:
    """Which part cannot be computed, and why; `part` is a key of the words of cross-tables."""

    part: str
    why: CannotComputeError


@dataclass(frozen=True)
class Ordinal:
    """Association of two scales, 不清楚 and 拒答 left out; each -1..1."""

    gamma: float
    tau_b: float
    spearman: float
    n: float
    linear: Test | None


@dataclass(frozen=True)
class Association:
    """Tests and strength. `main` is the test to read; with `doubtful` its χ² has too small expected
    counts and `fisher` (an exact p) is given where it can be computed, else `simulated`, the same
    from random tables. cmh: rows and columns given
    the layer. left_out: groups too small for the tests of a multiple choice."""

    main: Test | None = None
    others: tuple[Test, ...] = ()
    fisher: float | None = None
    simulated: float | None = None
    doubtful: bool = False
    smallest_expected: float | None = None
    cramers_v: float | None = None
    cramers_v_corrected: float | None = None
    options: tuple[OptionTest, ...] = ()
    ordinal: Ordinal | None = None
    cmh: Test | None = None
    odds_ratio: CommonOddsRatio | None = None
    left_out: tuple[str, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def p(self) -> float | None:
        """The p-value to read: the exact one where the χ² is doubtful."""
        if self.exact is not None:
            return self.fisher if self.exact == "fisher" else self.simulated
        return None if self.main is None else self.main.p

    @property
    def exact(self) -> Exact | None:
        """Which exact test gives `p`, None where `main` does."""
        if not self.doubtful:
            return None
        if self.fisher is not None:
            return "fisher"
        return None if self.simulated is None else "simulated"

    @property
    def tests(self) -> tuple[Test, ...]:
        """All of them in reading order, Fisher's apart, which has no statistic."""
        linear = None if self.ordinal is None else self.ordinal.linear
        given = (self.main, *self.others, self.cmh, linear)
        return tuple(test for test in given if test is not None)


@dataclass(frozen=True)
class CrossTable:
    """cells: per row, per column. n: responses in the table. weighted: shares are; designed: tests
    and intervals know of weights, strata or clusters; interval: how those of shares are made, a
    name of `analysis.interval_methods`; calibrated: the weights meet margins. layers: the same
    table per category of the layer (title of the layer: `layer`), without layers of their own."""

    rows: Side
    columns: Side
    cells: tuple[tuple[CrossCell, ...], ...]
    n: int
    base: int
    total_weight: float
    margin: float | None
    of: Of
    adjust: Adjust
    weighted: bool
    designed: bool
    association: Association
    interval: str = DEFAULT_INTERVAL
    calibrated: bool = False
    layer: Side | None = None
    layers: tuple[tuple[str, CrossTable], ...] = ()

    @property
    def small_columns(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns.categories if is_small(c.n))


@dataclass(frozen=True)
class OverviewRow:
    """One question against the grouping of the overview. adjusted: by Benjamini & Hochberg over all
    questions that could be tested. exact: which exact test gives p, None where `test` does.
    refusal: why this one could not."""

    key: str
    title: str
    n: int
    test: Test | None = None
    p: float | None = None
    adjusted: float | None = None
    cramers_v: float | None = None
    doubtful: bool = False
    exact: Exact | None = None
    refusal: CannotComputeError | None = None
