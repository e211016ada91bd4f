"""A wrong sub-total is one finding, and says what its own rows add up to, wherever they stand."""

from __future__ import annotations

import pytest

from analysis.audit.load import load_data
from analysis.audit.rules import audit

Rows = list[tuple[str, str]]
FIRST = [("甲", "130"), ("乙", "517"), ("丙", "789")]
SECOND = [("丁", "493"), ("戊", "677"), ("己", "398")]


def told(rows: Rows, total: str = "3004") -> list[tuple[str, str, str]]:
    lines = [{"label": label, "value": value} for label, value in rows]
    table = {"place": "表5", "column": "户数", "unit": "户", "rows": lines, "total": total}
    found = audit(load_data({"title": "t", "tables": [table]}, "made"))
    return [(f.code, f.place.row, f.expected()) for f in found]


def above(first: str = "1436", second: str = "1568") -> Rows:
    return [("第一类小计", first), *FIRST, ("第二类小计", second), *SECOND]


def behind(first: str = "1436", second: str = "1568") -> Rows:
    return [*FIRST, ("小计（1）", first), *SECOND, ("小计（2）", second)]


@pytest.mark.parametrize("rows", [above(), behind()])
def test_sub_totals_above_their_rows_or_with_a_number_are_no_fault(rows: Rows) -> None:
    assert told(rows) == []


@pytest.mark.parametrize(
    ("rows", "row", "expected"),
    [
        (above(first="7436"), "第一类小计", "130+517+789＝1436"),
        (above(second="1586"), "第二类小计", "493+677+398＝1568"),
        (behind(first="1463"), "小计（1）", "130+517+789＝1436"),
        (behind(second="2568"), "小计（2）", "493+677+398＝1568"),
    ],
)
def test_a_wrong_sub_total_is_told_with_its_own_rows(rows: Rows, row: str, expected: str) -> None:
    assert told(rows) == [("part_sum.subtotal", row, expected)]


@pytest.mark.parametrize(("rows", "row"), [(above(), "第一类小计"), (behind(), "小计（1）")])
def test_a_wrong_row_that_the_total_does_not_follow_is_told_once(rows: Rows, row: str) -> None:
    changed = [("甲", "160") if label == "甲" else (label, value) for label, value in rows]
    assert told(changed) == [("part_sum.subtotal", row, "160+517+789＝1466")]
