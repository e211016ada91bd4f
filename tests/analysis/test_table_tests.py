"""What is told about a table: exact where small, a reason where nothing can be told."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.fisher import fisher_exact
from analysis.table_tests import table_tests


def test_a_large_table_needs_no_exact_test() -> None:
    found = table_tests([[60, 30], [40, 70]])
    assert not found.doubtful
    assert found.fisher is None
    assert found.refusal is None
    assert found.pearson is not None
    assert found.pearson.df == 1


def test_a_small_table_gets_fisher() -> None:
    found = table_tests([[3, 1], [1, 3]])
    assert found.doubtful
    assert found.fisher == fisher_exact([[3, 1], [1, 3]])
    assert found.smallest_expected == 2


def test_a_table_too_large_for_fisher_says_so() -> None:
    counts = [[6, 5, 4, 3, 3, 1]] * 6
    found = table_tests(counts)
    assert found.doubtful
    assert found.fisher is None
    assert found.refusal is not None
    assert found.refusal.code == "too_many_tables"
    assert found.pearson is not None


@pytest.mark.parametrize("counts", [[[0, 0], [0, 0]], [[5, 0], [3, 0]], [[4]]])
def test_a_table_without_a_test_gives_its_reason(counts: Any) -> None:
    found = table_tests(counts)
    assert found.pearson is None
    assert found.refusal is not None
    assert "不足两行两列" in found.refusal.text("zh")


def test_two_responses_have_a_test_without_a_number_that_is_none() -> None:
    found = table_tests([[1, 0], [0, 1]])
    assert found.fisher == pytest.approx(1)
    assert found.cramers_v == pytest.approx(1)
    assert found.cramers_v_corrected is not None
