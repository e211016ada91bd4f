"""Groups of few responses or sampling units: chance is not called a difference, and it is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from test_cross_tables import question, responses, two_shares

from analysis.cross_tables import cross_table
from analysis.cross_values import CrossTable
from analysis.crosstab import compare_design_columns
from analysis.designs import Design, survey_design
from analysis.group_tests import question_test
from analysis.multiple_response import compare_groups, tick_patterns
from analysis.refusals import CannotComputeError
from analysis.reports.cross_data import table_data
from analysis.reports.cross_words import notes, warnings
from analysis.reports.group_words import test_sentence as sentence_of
from analysis.responses import Responses
from analysis.sampling_units import LEAST_UNITS, in_one_unit, sampling_units_by_group
from analysis.tabulate import summarise
from analysis.weighting import Margin, post_stratify, rake
from surveys.definition import Kind

OPTIONS = 6


def places(*sizes: int) -> Any:
    return np.repeat(np.arange(len(sizes)), sizes)


def unrelated_ticks(rng: np.random.Generator, n: int) -> Any:
    """Ticks that depend on each other and on nothing else."""
    leaning = 0.7 * rng.normal(size=(n, 1))
    return leaning + rng.normal(size=(n, OPTIONS)) > np.linspace(-0.3, 1.2, OPTIONS)


def rejected(sizes: tuple[int, ...], *, designed: bool, runs: int = 200) -> float:
    """How often the joint test finds a difference (p < 0.05) where there is none."""
    rng, groups = np.random.default_rng(3), places(*sizes)
    design = survey_design(len(groups)) if designed else None
    found = [
        compare_groups(tick_patterns(unrelated_ticks(rng, len(groups))), groups, len(sizes), design)
        for _ in range(runs)
    ]
    assert max(test.joint.df for test in found) <= (len(sizes) - 1) * OPTIONS + 1e-9
    return sum(test.joint.p < 0.05 for test in found) / runs


@pytest.mark.parametrize("sizes", [(60, 60, 1, 1), (97, 3), (30, 30, 30, 5, 4, 1)])
def test_unrelated_ticks_are_rarely_called_different(sizes: tuple[int, ...]) -> None:
    assert rejected(sizes, designed=False) < 0.1


@pytest.mark.parametrize("sizes", [(60, 60, 1, 1), (30, 30, 30, 5, 4, 1)])
def test_unrelated_ticks_of_a_design_are_rarely_called_different(sizes: tuple[int, ...]) -> None:
    assert rejected(sizes, designed=True) < 0.1


def test_a_group_of_one_response_is_left_out_of_the_test() -> None:
    ticks, groups = unrelated_ticks(np.random.default_rng(1), 101), places(50, 1, 50)
    found = compare_groups(tick_patterns(ticks), groups, 3)
    without = groups != 1
    wanted = compare_groups(tick_patterns(ticks[without]), groups[without] // 2, 2)
    assert found.left_out == (1,) and wanted.left_out == ()
    assert found.p_values == wanted.p_values
    assert found.joint.statistic == pytest.approx(wanted.joint.statistic, rel=1e-9)
    assert found.joint.df == pytest.approx(wanted.joint.df, rel=1e-9)


@pytest.mark.parametrize("units", [LEAST_UNITS - 1, LEAST_UNITS])
def test_groups_of_a_design_take_part_from_six_sampling_units(units: int) -> None:
    groups = np.repeat(places(20, 20, units), 4)
    clusters = np.arange(len(groups)) // 4
    patterns = tick_patterns(unrelated_ticks(np.random.default_rng(1), len(groups)))
    found = compare_groups(patterns, groups, 3, survey_design(clusters=clusters))
    assert found.left_out == (() if units == LEAST_UNITS else (2,))


@pytest.mark.parametrize("weighted", [False, True])
def test_one_large_group_alone_is_not_tested(weighted: bool) -> None:
    patterns = tick_patterns(unrelated_ticks(np.random.default_rng(1), 100))
    design = survey_design(weights=np.linspace(1, 2, 100)) if weighted else None
    with pytest.raises(CannotComputeError) as refused:
        compare_groups(patterns, places(99, 1), 2, design)
    assert refused.value.code == "groups_too_small"


def test_nobody_in_the_domain_is_refused_before_anything_is_divided() -> None:
    patterns = tick_patterns(np.ones((9, 3)), np.zeros(9, dtype=bool))
    with np.errstate(all="raise"), pytest.raises(CannotComputeError) as refused:
        compare_groups(patterns, np.arange(9) % 2, 2)
    assert refused.value.code == "no_responses"


def surveyed(n: int, groups: Any) -> Responses:
    rng = np.random.default_rng(8)
    masks = unrelated_ticks(rng, n) @ (1 << np.arange(OPTIONS))
    return responses(
        [question("m", OPTIONS, Kind.MULTIPLE), question("s", 4)],
        {"m": np.maximum(masks, 1), "s": rng.choice(4, n, p=[0.4, 0.3, 0.2, 0.1])},
        {"area": (groups, ("甲", "乙", "丙"))},
    )


def test_who_is_left_out_is_said() -> None:
    given = surveyed(101, places(50, 50, 1))
    found = cross_table(given, survey_design(given.n), "m", "area")
    assert found.association.left_out == ("丙",)
    assert any("没有参加" in line and "丙" in line for line in warnings(found))
    assert any("leave them out" in line and "丙" in line for line in warnings(found, "en"))
    assert table_data(found)["association"]["left_out"] == ["丙"]
    assert all("没有参加" not in line for line in warnings(of_two_groups()))


def of_two_groups() -> CrossTable:
    given = surveyed(100, places(50, 50))
    return cross_table(given, survey_design(given.n), "m", "area")


def test_a_report_by_group_says_who_is_left_out() -> None:
    given = surveyed(101, places(50, 50, 1))
    groups, codes = summarise(given, by="area"), given.groups["area"].codes.astype(np.intp)
    test = question_test(given.questionnaire.by_code["m"], groups, given, codes, None)
    assert test.left_out == ("丙",)
    assert "未计答卷太少的组：丙" in sentence_of(test, "区域", "zh")
    assert "too small: 丙" in sentence_of(test, "area", "en")


WEIGHTS = np.where(np.arange(200) % 2, 1.0, 1.0 + 1e-9)


def test_a_column_with_one_answer_only_is_compared_as_a_simple_sample() -> None:
    """All 5 of the second column gave answer 0, so that its own variance is 0."""
    columns = places(195, 5)
    rows = np.where(columns == 1, 0, np.arange(200) % 4)
    (test,) = (
        one
        for one in compare_design_columns(survey_design(weights=WEIGHTS), rows, 4, columns, 2)
        if one.row == 0
    )
    z, _ = two_shares(int((rows[:195] == 0).sum()), 195, 5, 5)
    assert test.statistic == pytest.approx(z, rel=1e-6)


def test_letters_of_weighted_random_answers_are_rare() -> None:
    rng, columns = np.random.default_rng(4), places(95, 5)
    found = [
        any(
            test.adjusted < 0.05
            for test in compare_design_columns(
                survey_design(weights=rng.uniform(0.5, 2, 100)),
                rng.choice(4, 100, p=[0.4, 0.3, 0.2, 0.1]),
                4,
                columns,
                2,
            )
        )
        for _ in range(150)
    ]
    # Four rows of one pair each, every row at 5%: 1 - 0.95⁴ is 19%.
    assert np.mean(found) < 0.3


def test_a_column_within_one_sampling_unit_is_not_compared_and_named() -> None:
    given = surveyed(200, places(100, 99, 1))
    found = cross_table(given, survey_design(weights=WEIGHTS), "s", "area")
    assert all("C" not in cell.letters for line in found.cells for cell in line)
    assert all(not line[2].letters for line in found.cells)
    assert any("丙" in line and "一个抽样单元" in line for line in warnings(found))
    assert any("丙" in line and "one sampling unit" in line for line in warnings(found, "en"))
    plain = cross_table(given, survey_design(given.n), "s", "area")
    assert not any("抽样单元" in line for line in warnings(plain))


def test_a_village_is_one_sampling_unit_however_many_were_asked() -> None:
    villages = np.repeat(np.arange(10), 20)
    design = survey_design(clusters=villages)
    columns = places(80, 100, 20)
    tests = compare_design_columns(design, np.arange(200) % 3, 3, columns, 3)
    assert {(test.first, test.second) for test in tests} <= {(0, 1)}


def test_a_census_of_one_unit_has_no_error_and_is_compared() -> None:
    columns = places(20, 1)
    design = survey_design(strata=columns, population=np.where(columns, 1, 400))
    assert in_one_unit(design, columns, 2) == ()
    assert compare_design_columns(design, np.arange(21) % 2, 2, columns, 2)


def residuals_of(found: CrossTable) -> list[list[float | None]]:
    return [[cell.residual for cell in line] for line in found.cells]


def raked(n: int, columns: Any) -> Design:
    half = places(n // 2, n - n // 2)
    sizes = np.bincount(columns) * 50.0
    return rake(
        survey_design(n), [Margin("a", half, [n * 25, n * 25]), Margin("b", columns, sizes)]
    )


def test_a_column_of_one_response_has_no_residual() -> None:
    given = surveyed(200, places(100, 99, 1))
    found = cross_table(given, raked(200, given.groups["area"].codes), "s", "area")
    assert all(line[2] is None and None not in line[:2] for line in residuals_of(found))
    assert all(not line[2].is_marked for line in found.cells)
    assert any("只来自一个抽样单元的行、列" in line for line in notes(found))
    plain = cross_table(given, survey_design(200), "s", "area")
    assert all(None not in line for line in residuals_of(plain))


def test_an_option_that_one_response_ticked_has_no_residual() -> None:
    masks = np.full(60, 1)
    masks[7] = 3
    codes = {"m": masks, "s": np.arange(60) % 2}
    given = responses([question("m", 2, Kind.MULTIPLE), question("s", 2)], codes)
    found = cross_table(given, survey_design(weights=WEIGHTS[:60]), "m", "s")
    assert residuals_of(found)[1] == [None, None]
    assert None not in residuals_of(found)[0]


@pytest.mark.parametrize("few", [2, 3])
def test_calibration_does_not_explain_the_residual_of_few_that_agree_by_chance(few: int) -> None:
    """Margins that the sample met already change no weight; Haberman's residual is bounded by √n of
    the column, while the deviations about the column's own share are all 0."""
    columns = places(200 - few, few)
    rows = np.where(columns == 1, 0, np.arange(200) % 4)
    given = responses([question("r", 4), question("c", 2)], {"r": rows, "c": columns})
    margin = Margin("c", columns, [200.0 - few, float(few)])
    found = cross_table(given, post_stratify(survey_design(200), margin), "r", "c")
    wanted = cross_table(given, survey_design(200), "r", "c")
    gaps, plain = residuals_of(found), residuals_of(wanted)
    assert gaps[0] == pytest.approx(plain[0], rel=0.5)
    assert all(abs(z or 0) < 3 for line in gaps for z in line)


def test_many_groups_and_units_are_counted_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(2)
    design = survey_design(clusters=rng.integers(0, 30, 200))
    groups = rng.integers(-1, 9, 200)
    found = sampling_units_by_group(design, groups, 9)
    monkeypatch.setattr("analysis.sampling_units.DENSE_LIMIT", 0)
    assert found.tolist() == sampling_units_by_group(design, groups, 9).tolist()
    units = design.stages[0].units
    assert found.tolist() == [len(set(units[groups == group])) for group in range(9)]


@pytest.mark.parametrize("designed", [False, True])
def test_a_set_by_hundreds_of_groups_is_refused_before_it_takes_the_memory(designed: bool) -> None:
    rng, groups = np.random.default_rng(4), np.arange(6000) % 300
    design = survey_design(6000) if designed else None
    with pytest.raises(CannotComputeError) as refusal:
        compare_groups(tick_patterns(unrelated_ticks(rng, 6000)), groups, 300, design)
    assert refusal.value.code == "too_many_cells"
