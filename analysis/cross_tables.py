"""Any question by any question or group (交叉分析): one function makes the whole table.

Rows are read within columns: the share of a column's responses that gave each answer. A multiple
choice stands for itself: its rows are its options, shares are of cases (responses) or of mentions
(ticks). Tests of a designed sample know its weights, strata and clusters.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from analysis.cross_axes import Axis, axis_of
from analysis.cross_shares import Known, Shares, join, margin, shares_of
from analysis.cross_tests import Crossing, associate, letters, ordinal_of, residuals
from analysis.cross_values import (
    ADJUSTMENTS,
    Adjust,
    Association,
    Category,
    CrossCell,
    CrossTable,
    Of,
    OverviewRow,
    Refusal,
    Share,
    Side,
)
from analysis.designs import Design, Floats
from analysis.grouping import groupings
from analysis.interval_methods import DEFAULT, checked_method
from analysis.mantel_haenszel import cochran_mantel_haenszel, common_odds_ratio
from analysis.multiplicity import adjusted
from analysis.refusals import CannotComputeError
from analysis.responses import Responses

MOST_LAYERS = 30


def cross_table(
    responses: Responses,
    design: Design | None,
    rows: str,
    columns: str,
    *,
    layer: str | None = None,
    inside: Any = None,
    adjust: Adjust = "holm",
    of: Of = "cases",
    interval: str = DEFAULT,
    substantive: bool = False,
) -> CrossTable:
    """Cross `rows` by `columns` (codes of choice questions or groupings), per category of `layer`.

    design: of all n responses, None where there are none. inside: (n,) of bool, the domain; rows
    outside remain part of the design. adjust: of the pairs of columns within a row, and of the
    options of a multiple choice. interval: of shares, one that `interval_methods` has for such
    data. `substantive` leaves out 不清楚 and 拒答.
    Raises CannotComputeError for sides that cannot be crossed and without responses; what else
    cannot be computed stands in `association.refusals`.
    """
    for given, allowed in ((adjust, tuple(ADJUSTMENTS)), (of, ("cases", "mentions"))):
        if given not in allowed:
            raise CannotComputeError("unknown_choice", given=given, allowed=", ".join(allowed))
    if rows == columns:
        raise CannotComputeError("same_axis", name=rows)
    if layer in (rows, columns):
        raise CannotComputeError("same_layer", name=layer)
    if design is None:
        raise CannotComputeError("no_responses")
    checked_method(interval, designed=not design.is_plain, mentions=of == "mentions")
    sides = tuple(
        axis_of(responses, key, inside, substantive=substantive) for key in (rows, columns)
    )
    rules = _Rules(adjust, of, interval, covers_all=inside is None)
    table = _table(design, sides[0], sides[1], rules)
    table = _with_ordinal(table, responses, design, inside)
    if layer is None:
        return table
    by = axis_of(responses, layer, inside, substantive=substantive)
    return _layered(table, design, sides, by, replace(rules, covers_all=False))


@dataclass(frozen=True)
class _Rules:
    """How a table is made. covers_all: no filter and no layer narrows its responses."""

    adjust: Adjust
    of: Of
    interval: str
    covers_all: bool

    def known(self, design: Design, rows: Axis, columns: Axis) -> Known:
        """Which shares the weights were made to meet. Of the rows alone only where the columns
        leave nobody out, and the other way round."""
        if not self.covers_all:
            return Known()
        cells = design.meets(frozenset({rows.key, columns.key}))
        down, across = (
            design.meets(frozenset({own.key})) and not np.any((own.codes >= 0) & (other.codes < 0))
            for own, other in ((rows, columns), (columns, rows))
        )
        return Known(rows=cells or down, columns=cells or across, cells=cells)


def _table(design: Design, rows: Axis, columns: Axis, rules: _Rules) -> CrossTable:
    plain, adjust, of = design.is_plain, rules.adjust, rules.of
    joint = join(design, rows, columns, of)
    counts = joint.counts()
    n = int(joint.cells.counts.sum())
    if n == 0:
        raise CannotComputeError("no_responses")
    crossing = Crossing(design, rows, columns, joint, counts, plain)
    known = rules.known(design, rows, columns)
    shares = shares_of(joint, of, plain=plain, interval=rules.interval, known=known)
    marks, refusals = letters(crossing, adjust)
    found = associate(crossing, adjust)
    mentions = joint.row_mentions * joint.column_mentions
    return CrossTable(
        rows=_rows_side(crossing, shares),
        columns=_columns_side(crossing, shares),
        cells=_cells(joint.totals(), counts, shares, residuals(crossing), marks),
        n=n,
        base=int(joint.cells.counts @ mentions),
        total_weight=float(joint.cells.totals @ mentions),
        margin=margin(n, shares.effect),
        of=of,
        adjust=adjust,
        weighted=not design.equal_weights,
        designed=not plain,
        association=replace(found, refusals=(*found.refusals, *refusals)),
        interval=rules.interval,
        calibrated=design.calibration is not None,
    )


def _cells(
    totals: Floats, counts: Floats, shares: Shares, gaps: Floats, marks: Any
) -> tuple[tuple[CrossCell, ...], ...]:
    return tuple(
        tuple(
            CrossCell(
                count=int(counts[i, j]),
                weighted=float(totals[i, j]),
                row=shares.row[i][j],
                column=shares.column[i][j],
                total=shares.total[i][j],
                residual=None if np.isnan(gaps[i, j]) else float(gaps[i, j]),
                letters=marks[i][j],
            )
            for j in range(counts.shape[1])
        )
        for i in range(counts.shape[0])
    )


def _rows_side(crossing: Crossing, shares: Shares) -> Side:
    joint = crossing.joint
    members, mentions = joint.rows, joint.column_mentions
    return _side(crossing, crossing.rows, members, mentions, shares.rows, None)


def _columns_side(crossing: Crossing, shares: Shares) -> Side:
    joint = crossing.joint
    members, mentions, effects = joint.columns, joint.row_mentions, shares.effects
    return _side(crossing, crossing.columns, members, mentions, shares.columns, effects)


def _side(
    crossing: Crossing,
    axis: Axis,
    members: Floats,
    mentions: Floats,
    shares: list[Share],
    effects: list[float] | None,
) -> Side:
    cells = crossing.joint.cells
    sizes, bases = cells.counts @ members, (cells.counts * mentions) @ members
    weights = (cells.totals * mentions) @ members
    categories = tuple(
        Category(
            name=name,
            n=int(sizes[i]),
            base=int(bases[i]),
            weighted=float(weights[i]),
            share=shares[i],
            margin=None if effects is None else margin(int(sizes[i]), effects[i]),
        )
        for i, name in enumerate(axis.names)
    )
    return Side(axis.key, axis.title, axis.kind, categories, axis.omitted)


def _with_ordinal(
    table: CrossTable, responses: Responses, design: Design, inside: Any
) -> CrossTable:
    if not (table.rows.kind == table.columns.kind == "scale"):
        return table
    rows, columns = (
        _best_first(responses, axis_of(responses, side.key, inside, substantive=True))
        for side in (table.rows, table.columns)
    )
    joint = join(design, rows, columns, "cases")
    crossing = Crossing(design, rows, columns, joint, joint.counts(), design.is_plain)
    return replace(table, association=replace(table.association, ordinal=ordinal_of(crossing)))


def _best_first(responses: Responses, axis: Axis) -> Axis:
    """As `Question.levels`, so that a coefficient above 0 means: favourable goes with favourable,
    whichever way the options of either question run."""
    if not responses.questionnaire.by_code[axis.key].worst_first:
        return axis
    return replace(axis, names=axis.names[::-1], members=axis.members[:, ::-1])


def _layered(
    table: CrossTable, design: Design, sides: tuple[Axis, ...], layer: Axis, rules: _Rules
) -> CrossTable:
    """The same table within each category of the layer, and the test of all of them together."""
    if layer.size > MOST_LAYERS:
        raise CannotComputeError(
            "too_many_categories",
            name=layer.title or layer.key,
            count=layer.size,
            limit=MOST_LAYERS,
        )
    layers, strata = [], []
    for place, name in enumerate(layer.names):
        of_pattern = np.append(layer.members[:, place] > 0, False)
        rows = _narrowed(sides[0], of_pattern[layer.codes])
        try:
            found = _table(design, rows, sides[1], rules)
        except CannotComputeError:
            continue
        layers.append((name, found))
        strata.append([[cell.count for cell in line] for line in found.cells])
    side = Side(layer.key, layer.title, layer.kind, ())
    controlled = _controlled(table, layer, strata)
    return replace(table, association=controlled, layer=side, layers=tuple(layers))


def _narrowed(axis: Axis, inside: Any) -> Axis:
    return replace(axis, codes=np.where(inside, axis.codes, -1))


def _controlled(table: CrossTable, layer: Axis, strata: list[Any]) -> Association:
    found = table.association
    if table.rows.multiple or table.columns.multiple or layer.multiple or table.designed:
        code = "only_unweighted" if table.designed else "needs_single_answers"
        refusal = Refusal("cmh", CannotComputeError(code))
        return replace(found, refusals=(*found.refusals, refusal))
    try:
        cmh = cochran_mantel_haenszel(strata)
    except CannotComputeError as why:
        return replace(found, refusals=(*found.refusals, Refusal("cmh", why)))
    try:
        ratio = common_odds_ratio(strata)
    except CannotComputeError:
        ratio = None
    return replace(found, cmh=cmh, odds_ratio=ratio)


def association_overview(
    responses: Responses,
    design: Design | None,
    columns: str,
    *,
    inside: Any = None,
    substantive: bool = False,
) -> tuple[OverviewRow, ...]:
    """Every choice question against one grouping or question: n, test, p adjusted by Benjamini &
    Hochberg over all of them, Cramér's V. Raises CannotComputeError as `cross_table` for
    `columns`."""
    if design is None:
        raise CannotComputeError("no_responses")
    across = axis_of(responses, columns, inside, substantive=substantive)
    if not across.size:
        raise CannotComputeError("no_responses")
    codes = [key for key in groupings(responses) if key not in (columns, *responses.groups)]
    found = [
        _overview_row(design, axis_of(responses, code, inside, substantive=substantive), across)
        for code in codes
    ]
    tested = [row for row in found if row.p is not None]
    raised = dict(
        zip(
            (row.key for row in tested),
            adjusted([row.p or 0.0 for row in tested], "BH"),
            strict=True,
        )
    )
    return tuple(
        replace(row, adjusted=float(raised[row.key])) if row.key in raised else row for row in found
    )


def _overview_row(design: Design, rows: Axis, columns: Axis) -> OverviewRow:
    joint = join(design, rows, columns, "cases")
    crossing = Crossing(design, rows, columns, joint, joint.counts(), design.is_plain)
    found = associate(crossing, "holm")
    n = int(joint.cells.counts.sum())
    return OverviewRow(
        key=rows.key,
        title=rows.title,
        n=n,
        test=found.main,
        p=found.p,
        cramers_v=found.cramers_v,
        doubtful=found.doubtful,
        exact=found.exact,
        refusal=found.refusals[0].why if found.main is None and found.refusals else None,
    )
