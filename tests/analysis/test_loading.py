"""Rows of a sheet as responses: their weights and their design, or why not."""

from __future__ import annotations

import numpy as np
import pytest

from analysis import designs
from analysis.loading import design_of, from_rows
from analysis.refusals import DesignError
from surveys import sheets
from surveys.sheets import Sheet, read
from tests.analysis.conftest import build, options

FORM = build([{"code": "q1", "text": "满意吗", "kind": "single", "options": options("AB")}])


def sheet(*lines: str) -> Sheet:
    found = read("\n".join(lines).encode(), "a.csv", FORM)
    assert found.faults == [], [fault.text() for fault in found.faults]
    return found


def test_weights_are_those_of_the_column() -> None:
    rows = sheet("id,weight,q1", "1,2.5,A", "2,0,B").rows
    assert from_rows(FORM, rows).weights.tolist() == [2.5, 0]
    assert from_rows(FORM, rows, weighted=False).weights is None


@pytest.mark.parametrize("lines", [("id,q1", "1,A"), ("id,weight,q1", "1,,A", "2,,B")])
def test_no_weight_anywhere_is_no_weighting(lines: tuple[str, ...]) -> None:
    rows = sheet(*lines).rows
    assert from_rows(FORM, rows).weights is None
    assert design_of(rows) is None


def test_a_design_is_read_from_its_columns() -> None:
    rows = sheet(
        "id,抽样层,抽样单元,总体单元数,q1",
        *("1,城,一村,10,A", "2,城,一村,10,B", "3,城,二村,10,B"),
        *("4,乡,一村,40,B", "5,乡,三村,40,A"),
    ).rows
    design = design_of(rows)
    assert design is not None
    # 2 of 10 and 2 of 40 villages; village 一村 of the two strata is two villages.
    assert design.weights.tolist() == [5, 5, 5, 20, 20]
    assert design.stages[0].sampled.tolist() == [2, 2]
    assert design.degrees_of_freedom() == 2


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("id,weight,q1", "1,,A", "2,1,A", "3,,B"), "2 份答卷没有填（如第 2, 4 行）"),
        (("id,weight,q1", "1,0,A", "2,0,A"), "权重之和为 0"),
        (("id,stratum,q1", "1,甲,A", "2,甲,B", "3,,B"), "stratum 列有 1 份答卷没有填（如第 4 行）"),
        (("id,stratum,q1", "1,甲,A", "2,甲,B", "3,乙,B"), "1 个层只有一个抽样单元（如 乙）"),
        (("id,population,q1", "1,1,A", "2,1,B", "3,5,B"), "总体单元数应只有一个值"),
        (("id,population,q1", "1,2,A", "2,2,B", "3,2,B"), "总体单元数 2 少于样本单元数 3"),
    ],
)
def test_what_contradicts_itself_is_refused(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(DesignError) as refusal:
        design_of(sheet(*lines).rows)
    assert said in refusal.value.text()
    assert "{" not in refusal.value.text("en")


def test_a_file_may_hold_the_weights_that_a_design_takes() -> None:
    assert sheets.LARGEST_WEIGHT == designs.LARGEST_WEIGHT
    found = design_of(sheet("id,weight,q1", "1,1e12,A", "2,1000000000000,B").rows)
    assert found is not None and found.weights.tolist() == [1e12, 1e12]


def test_a_lonely_stratum_passes_with_a_treatment() -> None:
    rows = sheet("id,stratum,q1", "1,甲,A", "2,甲,B", "3,乙,B").rows
    assert design_of(rows, lonely="certainty") is not None


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (("id,population,q1", "1,0,A"), "not_a_population"),
        (("id,population,q1", "1,x,A"), "not_a_population"),
        (("id,population,q1", "1,inf,A"), "not_a_population"),
        (("id,population,q1", "1,1e101,A"), "too_high"),
        (("id,weight,q1", "1,1e101,A"), "too_high"),
        (("id,cluster,q1", f"1,{'村' * 65},A"), "too_long_cell"),
        (("id,stratum,q1", f"1,{'层' * 65},A"), "too_long_cell"),
    ],
)
def test_a_cell_that_is_no_part_of_a_design_is_a_fault(lines: tuple[str, ...], code: str) -> None:
    [fault] = read("\n".join(lines).encode(), "a.csv", FORM).faults
    assert (fault.row, fault.code) == (2, code)


def test_a_question_of_the_name_of_a_sampling_column_goes_before() -> None:
    form = build([{"code": "stratum", "text": "层", "kind": "single", "options": options("AB")}])
    rows = read(b"id,stratum\n1,A\n2,B\n", "a.csv", form).rows
    assert [row.checked.clean for row in rows] == [{"stratum": "A"}, {"stratum": "B"}]
    assert design_of(rows) is None
    assert np.array_equal(from_rows(form, rows).columns["stratum"], [2, 3])
