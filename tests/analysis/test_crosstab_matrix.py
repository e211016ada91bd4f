"""The matrix of cross-tabs against pandas' tables and scipy's tests, pair by pair."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chi2_contingency
from scipy.stats.contingency import association

from analysis import crosstab_matrix as module
from analysis.crosstab_matrix import PairTable, crosstab_matrix
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from tests.analysis.conftest import build, options, pack_all

N = 500
LONG = "ABCDEFGHIJKL"
QUESTIONS = [
    {"code": "s1", "text": "一", "kind": "single", "options": options("ABC")},
    {"code": "m1", "text": "二", "kind": "multiple", "options": options("ABCD")},
    {
        "code": "s2",
        "text": "三",
        "kind": "single",
        "options": options("ABCDE"),
        "asked_if": {"question": "s1", "equals": "B"},
    },
    {"code": "n1", "text": "四", "kind": "integer"},
    {"code": "s3", "text": "五", "kind": "scale", "options": options("ABCD")},
    {"code": "m2", "text": "六", "kind": "multiple", "options": options(LONG)},
    {"code": "s4", "text": "七", "kind": "single", "options": options("AB")},
]


def drawn() -> list[dict[str, Any]]:
    """s4 is always A, and nobody says E in s2: tables without a test, and empty columns."""
    chance = np.random.default_rng(11)

    def some(letters: str) -> list[str]:
        return [letter for letter in letters if chance.random() < 0.35]

    rows = []
    for _ in range(N):
        row: dict[str, Any] = {"s4": "A", "n1": 3, "s1": chance.choice([*"ABC"])}
        if row["s1"] == "B":
            row["s2"] = chance.choice([*"ABCD"])
        row |= {"s3": chance.choice([*"ABCD"]), "m1": some("ABCD"), "m2": some(LONG)}
        rows.append({k: v for k, v in row.items() if len(str(v)) and v and chance.random() > 0.05})
    return [row if row.get("s1") == "B" else row | {"s2": None} for row in rows]


def responses() -> Responses:
    return pack_all(build(QUESTIONS), [{k: v for k, v in row.items() if v} for row in ROWS])


ROWS = drawn()
VARIABLES = [
    *(("s1", ""), ("s2", ""), ("s3", ""), ("s4", "")),
    *(("m1", letter) for letter in "ABCD"),
    *(("m2", letter) for letter in LONG),
]
CATEGORIES = {"s1": "ABC", "s2": "ABCDE", "s3": "ABCD", "s4": "AB"}


def column(code: str, option: str) -> pd.Categorical:
    """Who answered, by pandas: the option chosen, or whether this one was ticked."""
    if not option:
        return pd.Categorical([row.get(code) for row in ROWS], [*CATEGORIES[code]])
    ticked = [row[code] and option in row[code] if row.get(code) else None for row in ROWS]
    return pd.Categorical(ticked, [True, False])


def wanted(first: tuple[str, str], second: tuple[str, str]) -> np.ndarray:
    frame = pd.DataFrame({"a": column(*first), "b": column(*second)})
    return frame.groupby(["a", "b"], observed=False).size().unstack().to_numpy()


def oriented(found: PairTable, first: tuple[str, str]) -> np.ndarray:
    is_first = (found.rows.question, found.rows.option) == first
    return found.counts if is_first else found.counts.T


PAIRS = [pair for pair in combinations(VARIABLES, 2) if pair[0][0] != pair[1][0]]


@pytest.mark.parametrize("pack", [2**9, 2**5])
def test_every_pair_has_the_counts_and_the_test_of_pandas_and_scipy(
    pack: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where packs are so small that a long multiple choice is cut into several."""
    monkeypatch.setattr(module, "PACK", pack)
    matrix = crosstab_matrix(responses())
    assert len(matrix.pairs) == len(PAIRS)
    for first, second in PAIRS:
        found, table = matrix.table(first, second), wanted(first, second)
        assert oriented(found, first).tolist() == table.tolist(), (first, second)
        filled = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
        if min(filled.shape) < 2:
            assert (found.statistic, found.df, found.p, found.cramers_v) == (None,) * 4
            continue
        test = chi2_contingency(filled, correction=False)
        assert found.df == test.dof
        assert found.statistic == pytest.approx(test.statistic, rel=1e-9)
        assert found.p == pytest.approx(test.pvalue, rel=1e-9)
        strength = association(filled, method="cramer", correction=False)
        assert found.cramers_v == pytest.approx(strength, rel=1e-9)


def test_tables_come_in_the_order_of_the_questionnaire() -> None:
    matrix = crosstab_matrix(responses(), ["s3", "s1"])
    (found,) = matrix.tables()
    assert (found.rows.question, found.columns.question) == ("s3", "s1")
    assert found.rows.names == ("A.选项A", "B.选项B", "C.选项C", "D.选项D")
    (same,) = crosstab_matrix(responses(), ["s1", "s3", "s1"]).tables()
    assert same.counts.tolist() == found.counts.T.tolist()


def test_few_or_no_responses_give_tables_without_a_test() -> None:
    nobody = responses().where(np.zeros(N, dtype=bool))
    for matrix in (crosstab_matrix(nobody), crosstab_matrix(nobody, [])):
        for found in matrix.tables():
            assert found.counts.sum() == 0
            assert (found.statistic, found.p, found.cramers_v) == (None, None, None)
    assert list(crosstab_matrix(responses(), ["s1"]).tables()) == []


@pytest.mark.parametrize("code", ["n1", "zz"])
def test_anything_but_a_choice_question_is_refused(code: str) -> None:
    with pytest.raises(CannotComputeError, match="s1"):
        crosstab_matrix(responses(), ["s1", code])


@pytest.mark.parametrize(("first", "second"), [(("m1", "A"), ("m1", "B")), (("s1", ""), ("x", ""))])
def test_a_pair_that_is_not_there_is_refused(
    first: tuple[str, str], second: tuple[str, str]
) -> None:
    with pytest.raises(CannotComputeError):
        crosstab_matrix(responses()).table(first, second)
