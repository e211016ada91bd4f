"""Cross-tabulations: R's numbers through the whole table, designs, sets, and what cannot be."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from api_samples import GOLDEN, coded, design_of, listed, reference, schools
from scipy import stats
from scipy.stats.contingency import association as scipy_association

from analysis.cross_tables import association_overview, cross_table
from analysis.designs import survey_design
from analysis.refusals import CannotComputeError
from analysis.reports.cross_report import cross_report, overview_report
from analysis.reports.grids import Figure
from analysis.responses import Labels, Responses
from surveys.definition import Kind, Question, Questionnaire
from surveys.records import FIRST_OPTION

TABLES = reference("tables")
NAMES = [name for name in TABLES if "table" in TABLES[name]]
MR = reference("multi_response")["mr_synthetic"]


def wilson(count: int, base: int) -> list[float]:
    return list(stats.binomtest(count, base).proportion_ci(method="wilson"))


def two_shares(x1: int, n1: int, x2: int, n2: int) -> tuple[float, float]:
    """z and p of two proportions: the signed root of scipy's X² of the 2 × 2 table."""
    found = stats.chi2_contingency([[x1, x2], [n1 - x1, n2 - x2]], correction=False)
    return math.copysign(found.statistic**0.5, x1 / n1 - x2 / n2), found.pvalue


def raised(ps: list[float], method: str) -> list[float]:
    """p-values adjusted as their inventors wrote it down; BH by scipy."""
    if method == "bh":
        return list(stats.false_discovery_control(ps))
    if method == "bonferroni":
        return [min(p * len(ps), 1) for p in ps]
    order = sorted(ps)
    steps = [min(p * (len(ps) - place), 1) for place, p in enumerate(order)]
    return [max(steps[: order.index(p) + 1]) for p in ps]


def question(code: str, size: int, kind: Kind = Kind.SINGLE) -> Question:
    options = [{"code": f"{i + 1}", "text": f"第{i + 1}项"} for i in range(size)]
    return Question.model_validate(
        {"code": code, "text": f"题{code}", "kind": kind, "options": options}
    )


def responses(
    questions: list[Question], codes: dict[str, Any], groups: dict[str, Any] | None = None
) -> Responses:
    """codes: places of options, -1 for not asked; masks of ticks (bit 0 the first option)."""
    made = Questionnaire.model_validate(
        {
            "slug": "t",
            "version": 1,
            "title": "测试",
            "audiences": ["recipient"],
            "consent": {"version": "1", "text": "同意"},
            "questions": [q.model_dump() for q in questions],
        }
    )
    columns = {}
    for one in questions:
        given = np.asarray(codes[one.code])
        if one.kind is Kind.MULTIPLE:
            columns[one.code] = np.where(given < 0, 0, np.where(given == 0, 1, given << 1))
        else:
            columns[one.code] = np.where(given < 0, 0, given + FIRST_OPTION).astype(np.uint8)
    n = len(next(iter(columns.values())))
    labels = {key: Labels(np.asarray(own), names) for key, (own, names) in (groups or {}).items()}
    return Responses(made, columns, n, labels)


def of_counts(table: Any, kind: Kind = Kind.SINGLE) -> Responses:
    counts = np.asarray(table)
    rows, columns = (np.repeat(axis.ravel(), counts.ravel()) for axis in np.indices(counts.shape))
    sides = [question("q1", counts.shape[0], kind), question("q2", counts.shape[1], kind)]
    return responses(sides, {"q1": rows, "q2": columns})


@pytest.mark.parametrize("name", NAMES)
def test_tests_strength_and_residuals_are_those_of_r(name: str) -> None:
    wanted = TABLES[name]
    given = of_counts(wanted["table"])
    found = cross_table(given, survey_design(given.n), "q1", "q2")
    own = found.association
    assert own.main is not None
    assert [[cell.count for cell in line] for line in found.cells] == wanted["table"]
    expected = [wanted["pearson"][key] for key in ("X2", "df", "p")]
    assert [own.main.statistic, own.main.df, own.main.p] == pytest.approx(expected, rel=1e-9)
    g2 = own.others[0]
    likelihood = list(wanted["G2"].values())
    assert [g2.statistic, g2.df, g2.p] == pytest.approx(likelihood, rel=1e-9)
    assert own.cramers_v == pytest.approx(wanted["cramers_v"], rel=1e-9)
    assert own.cramers_v_corrected == pytest.approx(wanted["cramers_v_bias_corrected"], rel=1e-9)
    residuals = [[cell.residual for cell in line] for line in found.cells]
    np.testing.assert_allclose(residuals, wanted["residuals_adjusted"], rtol=1e-9)
    if own.doubtful and own.fisher is not None:
        assert own.p == own.fisher == pytest.approx(wanted["fisher_p"], rel=1e-9)


def test_small_tables_are_read_by_their_exact_p() -> None:
    wanted = TABLES["tea_tasting_Fisher1935"]
    given = of_counts(wanted["table"])
    own = cross_table(given, survey_design(given.n), "q1", "q2").association
    assert own.doubtful
    assert own.p == pytest.approx(wanted["fisher_p"], rel=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_two_scales_have_the_ordinal_measures_of_r(name: str) -> None:
    wanted = TABLES[name]
    given = of_counts(wanted["table"], Kind.SCALE)
    own = cross_table(given, survey_design(given.n), "q1", "q2").association.ordinal
    assert own is not None and own.linear is not None
    assert [own.gamma, own.tau_b, own.spearman, own.linear.p] == pytest.approx(
        [wanted[key] for key in ("gamma", "kendall_tau_b", "spearman", "linear_by_linear_p")],
        rel=1e-9,
    )


@pytest.mark.parametrize("turned", [("q1",), ("q2",), ("q1", "q2")])
def test_options_from_worst_to_best_keep_the_sign_of_ordinal_measures(
    turned: tuple[str, ...],
) -> None:
    """The same answers, printed from the worst option on in one question or both; R's numbers of
    the table from the best on."""
    wanted = TABLES[NAMES[0]]
    best_first = np.asarray(wanted["table"])
    shown = best_first[:: -1 if "q1" in turned else 1, :: -1 if "q2" in turned else 1]
    rows, columns = (np.repeat(a.ravel(), shown.ravel()) for a in np.indices(shown.shape))
    sides = [
        question(code, size, Kind.SCALE).model_copy(update={"worst_first": code in turned})
        for code, size in zip(("q1", "q2"), shown.shape, strict=True)
    ]
    given = responses(sides, {"q1": rows, "q2": columns})
    found = cross_table(given, survey_design(given.n), "q1", "q2")
    own = found.association.ordinal
    assert own is not None
    assert [own.gamma, own.tau_b, own.spearman] == pytest.approx(
        [wanted[key] for key in ("gamma", "kendall_tau_b", "spearman")], rel=1e-9
    )
    assert [[cell.count for cell in line] for line in found.cells] == shown.tolist()


COUNTS = [[30, 12, 7], [20, 25, 9], [10, 23, 34]]


def test_shares_are_of_their_row_column_and_of_all_with_wilson_intervals() -> None:
    given = of_counts(COUNTS)
    found = cross_table(given, survey_design(given.n), "q1", "q2")
    cell = found.cells[1][2]
    for share, base in ((cell.row, 54), (cell.column, 50), (cell.total, 170)):
        low, high = wilson(9, base)
        assert [share.value, share.low, share.high] == pytest.approx([9 / base, low, high])
    assert [c.n for c in found.columns.categories] == [60, 60, 50]
    assert found.columns.categories[2].margin == pytest.approx(1.959963984540054 / 2 / 50**0.5)
    assert found.rows.categories[0].share.value == pytest.approx(49 / 170)
    assert not found.weighted and not found.designed


@pytest.mark.parametrize("adjust", ["holm", "bonferroni", "bh"])
def test_letters_stand_under_shares_that_are_higher_after_adjustment(adjust: Any) -> None:
    given = of_counts(COUNTS)
    found = cross_table(given, survey_design(given.n), "q1", "q2", adjust=adjust)
    bases, pairs = np.sum(COUNTS, axis=0), [(0, 1), (0, 2), (1, 2)]
    for line, row in zip(COUNTS, found.cells, strict=True):
        tests = [two_shares(line[i], bases[i], line[j], bases[j])[1] for i, j in pairs]
        wanted = [""] * 3
        for (i, j), p in zip(pairs, raised(tests, adjust), strict=True):
            if p < 0.05:
                high, low = sorted((i, j), key=lambda c: -line[c] / bases[c])
                wanted[high] = " ".join(sorted([*wanted[high].split(), "ABC"[low]]))
        assert [cell.letters for cell in row] == wanted


@pytest.mark.parametrize("name", ["srs", "strat", "clus1"])
@pytest.mark.parametrize("rows", ["q1", "q2"])
def test_a_designed_sample_has_r_s_rao_scott_test_and_its_own_shares(name: str, rows: str) -> None:
    """R: svychisq(~sch.wide + stype), (~satf + stype), statistic = "F"."""
    frame = schools(name)
    of_type = pd.Categorical(frame["stype"])
    source = {"q1": "sch.wide", "q2": "satf"}[rows]
    given = responses(
        [question("q1", 2), question("q2", 5), question("q3", 3)],
        {"q1": coded(frame["sch.wide"])[0], "q2": frame["sat"] - 1, "q3": of_type.codes},
    )
    found = cross_table(given, design_of(name), rows, "q3")
    wanted = reference("survey_designs")[name][f"svychisq_{source}_by_stype"]["F"]
    own = found.association.main
    assert own is not None and found.designed
    assert [own.statistic, own.df, own.df2, own.p] == pytest.approx(
        [wanted["statistic"], *wanted["parameter"], wanted["p.value"]], rel=1e-9
    )
    weights = frame.groupby([source, "stype"])["pw"].sum().unstack(fill_value=0)
    shares = [[cell.column.value for cell in line] for line in found.cells]
    np.testing.assert_allclose(shares, weights / weights.sum(), rtol=1e-12)
    assert found.association.p == own.p and not found.association.others


TICKS = ("m_sch", "m_comp", "m_both", "m_awd", "m_yr")


@pytest.mark.parametrize("name", ["srs", "strat", "clus1"])
@pytest.mark.parametrize("of", ["cases", "mentions"])
def test_shares_of_a_set_are_those_of_r(name: str, of: Any) -> None:
    """The rows' shares among all who ticked anything."""
    frame = schools(name)
    masks = sum(frame[key].to_numpy(dtype=int) << bit for bit, key in enumerate(TICKS))
    given = responses(
        [question("m", 5, Kind.MULTIPLE), question("s", 3)],
        {"m": masks, "s": pd.Categorical(frame["stype"]).codes},
    )
    found = cross_table(given, design_of(name), "m", "s", of=of)
    key = {"cases": "mc_percent_of_cases_any", "mentions": "mc_share_of_mentions"}[of]
    wanted = listed(reference("survey_designs")[name][key]["estimate"])
    shares = [category.share.value for category in found.rows.categories]
    assert shares == pytest.approx(wanted, rel=1e-9)


def test_weights_that_are_all_equal_change_no_share() -> None:
    given = of_counts(COUNTS)
    plain = cross_table(given, survey_design(given.n), "q1", "q2")
    heavy = cross_table(given, survey_design(weights=np.full(given.n, 7.0)), "q1", "q2")
    assert heavy.cells[0][0].column == plain.cells[0][0].column
    assert heavy.association.main == plain.association.main


def test_residuals_of_a_design_without_effect_are_the_plain_ones() -> None:
    given = of_counts(COUNTS)
    weights = np.where(np.arange(given.n) % 2, 1.0, 1.0 + 1e-9)
    found = cross_table(given, survey_design(weights=weights), "q1", "q2")
    wanted = cross_table(given, survey_design(given.n), "q1", "q2")
    for line, plain in zip(found.cells, wanted.cells, strict=True):
        for cell, other in zip(line, plain, strict=True):
            assert cell.residual == pytest.approx(other.residual, rel=1 / given.n)


def synthetic() -> Responses:
    frame = pd.read_csv(GOLDEN / "mr_synthetic.csv")
    masks = sum(frame[key].to_numpy(dtype=int) << bit for bit, key in enumerate("ABCD"))
    own = frame["group"].to_numpy() - 1
    return responses(
        [question("m", 4, Kind.MULTIPLE), question("s", 3)],
        {"m": masks, "s": own},
        {"group": (own, ("甲", "乙", "丙"))},
    )


def all_asked(given: Responses) -> Responses:
    """R counted those who ticked nothing as well; here they left the question blank."""
    answered = given.columns["m"] > 1
    return given.where(answered)


def test_a_multiple_choice_has_its_own_test() -> None:
    """On those who ticked anything; the statistic of each option is scipy's Pearson X²."""
    given = all_asked(synthetic())
    found = cross_table(given, survey_design(given.n), "m", "group")
    own = found.association
    assert own.main is not None and own.main.name == "rao_scott_second_order"
    ticks = (given.columns["m"][:, None] >> np.arange(1, 5)) & 1
    groups = given.groups["group"].codes
    for place, option in enumerate(own.options):
        table = pd.crosstab(ticks[:, place], groups).to_numpy()
        assert option.p == pytest.approx(stats.chi2_contingency(table, correction=False).pvalue)
    wanted = raised([o.p for o in own.options], "holm")
    assert [o.adjusted for o in own.options] == pytest.approx(wanted)
    counts = [[int(ticks[groups == g, i].sum()) for g in range(3)] for i in range(4)]
    assert [[cell.count for cell in line] for line in found.cells] == counts
    sizes = np.bincount(groups, minlength=3)
    z, _ = two_shares(counts[0][0], sizes[0], sum(counts[0][1:]), sum(sizes[1:]))
    assert found.cells[0][0].residual == pytest.approx(z, rel=1e-9)


def test_options_of_the_reference_with_everybody_asked_equal_r() -> None:
    """An option that stands for nothing ticked keeps everybody in the base, as R had them."""
    frame = pd.read_csv(GOLDEN / "mr_synthetic.csv")
    masks = sum(frame[key].to_numpy(dtype=int) << bit for bit, key in enumerate("ABCD"))
    masks = np.where(masks == 0, 16, masks)
    given = responses(
        [question("m", 5, Kind.MULTIPLE)],
        {"m": masks},
        {"group": (frame["group"].to_numpy() - 1, ("甲", "乙", "丙"))},
    )
    own = cross_table(given, survey_design(given.n), "m", "group", adjust="bonferroni")
    wanted = MR["bonferroni"]["p_per_option_adjusted"]
    assert own.n == MR["n"]
    ps = [o.p for o in own.association.options][:4]
    values = list(wanted.values()) if isinstance(wanted, dict) else wanted
    assert raised(ps, "bonferroni") == pytest.approx(values, rel=1e-9)


def test_shares_of_mentions_sum_to_one_within_a_column() -> None:
    given = all_asked(synthetic())
    found = cross_table(given, survey_design(given.n), "m", "group", of="mentions")
    for place in range(3):
        column = [line[place].column.value for line in found.cells]
        assert math.fsum(column) == pytest.approx(1)
        base = sum(line[place].count for line in found.cells)
        assert found.columns.categories[place].base == base
        assert column[0] == pytest.approx(found.cells[0][place].count / base)


def test_the_margin_of_mentions_is_that_of_as_many_responses() -> None:
    """A simple sample has the design effect 1, whatever shares are of: ±z √(0.25/n)."""
    given = all_asked(synthetic())
    for of in ("cases", "mentions"):
        found = cross_table(given, survey_design(given.n), "m", "group", of=of)
        assert found.margin == pytest.approx(1.959963985 * math.sqrt(0.25 / given.n), rel=1e-6)


def test_a_multiple_choice_in_columns_is_tested_and_not_compared_by_letters() -> None:
    given = all_asked(synthetic())
    design = survey_design(given.n)
    across, down = cross_table(given, design, "s", "m"), cross_table(given, design, "m", "s")
    assert across.association.main == down.association.main
    assert [r.why.code for r in across.association.refusals] == ["columns_overlap"]
    assert not any(cell.letters for line in across.cells for cell in line)


def test_two_multiple_choices_have_counts_and_no_test() -> None:
    given = all_asked(synthetic())
    twice = replace(
        given,
        questionnaire=given.questionnaire.model_copy(
            update={"questions": (*given.questionnaire.questions, question("o", 4, Kind.MULTIPLE))}
        ),
        columns={**given.columns, "o": given.columns["m"]},
    )
    found = cross_table(twice, survey_design(given.n), "m", "o")
    assert found.association.main is None
    assert "two_sets" in [r.why.code for r in found.association.refusals]
    assert found.cells[0][0].count == int(((given.columns["m"] >> 1) & 1).sum())


def layered() -> Responses:
    """Berkeley's admissions of 1973 (Bickel, Hammel & O'Connell 1975; R: UCBAdmissions)."""
    admitted = [[512, 89], [353, 17], [120, 202], [138, 131], [53, 94], [22, 24]]
    rejected = [[313, 19], [207, 8], [205, 391], [279, 244], [138, 299], [351, 317]]
    counts = np.array([admitted, rejected]).transpose(1, 0, 2)
    dept, row, column = (np.repeat(a.ravel(), counts.ravel()) for a in np.indices(counts.shape))
    return responses(
        [question("q1", 2), question("q2", 2)],
        {"q1": row, "q2": column},
        {"dept": (dept, tuple("ABCDEF"))},
    )


def test_given_a_layer_the_association_of_berkeley_disappears() -> None:
    """R: mantelhaen.test(UCBAdmissions, correct = FALSE): M² = 1.5246, common odds ratio 0.9047."""
    given = layered()
    found = cross_table(given, survey_design(given.n), "q1", "q2", layer="dept")
    own = found.association
    assert own.main is not None and own.cmh is not None and own.odds_ratio is not None
    assert own.main.statistic == pytest.approx(92.20528, abs=1e-5)
    assert own.cmh.statistic == pytest.approx(1.5246, abs=5e-5)
    assert own.odds_ratio.value == pytest.approx(0.9046968, abs=1e-6)
    assert [name for name, _ in found.layers] == list("ABCDEF")
    assert sum(part.n for _, part in found.layers) == found.n == 4526


def test_a_filter_is_a_domain_of_the_sample() -> None:
    given = of_counts(COUNTS)
    inside = np.arange(given.n) % 3 > 0
    found = cross_table(given, survey_design(given.n), "q1", "q2", inside=inside)
    part = given.where(inside)
    alone = cross_table(part, survey_design(part.n), "q1", "q2")
    assert found.n == alone.n
    assert [c.count for line in found.cells for c in line] == [
        c.count for line in alone.cells for c in line
    ]


EMPTY = [[5, 0], [9, 0]]


def test_a_column_without_answers_is_empty_and_says_why_nothing_is_tested() -> None:
    given = of_counts(EMPTY)
    found = cross_table(given, survey_design(given.n), "q1", "q2")
    assert found.association.main is None
    assert [r.part for r in found.association.refusals] == ["test"]
    assert found.cells[0][1].column.value is None and found.columns.categories[1].margin is None
    assert found.small_columns == ("1.第1项", "2.第2项")


@pytest.mark.parametrize(
    ("sides", "code"),
    [
        (("q1", "q1", None), "same_axis"),
        (("q1", "q2", "q1"), "same_layer"),
        (("q1", "q2", "q2"), "same_layer"),
        (("q1", "nothing", None), "unknown_choice"),
        (("q1", "q2", "nothing"), "unknown_choice"),
    ],
)
def test_sides_that_cannot_be_crossed_are_refused(sides: tuple[Any, ...], code: str) -> None:
    given = of_counts(COUNTS)
    with pytest.raises(CannotComputeError) as refusal:
        cross_table(given, survey_design(given.n), *sides[:2], layer=sides[2])
    assert refusal.value.code == code


def test_nobody_in_the_table_is_refused() -> None:
    given = of_counts(COUNTS)
    for design, inside in ((None, None), (survey_design(given.n), np.zeros(given.n, dtype=bool))):
        with pytest.raises(CannotComputeError) as refusal:
            cross_table(given, design, "q1", "q2", inside=inside)
        assert refusal.value.code == "no_responses"


def test_zero_weights_count_nobody() -> None:
    given = of_counts(COUNTS)
    weights = (given.columns["q2"] != FIRST_OPTION).astype(float)
    found = cross_table(given, survey_design(weights=weights), "q1", "q2")
    assert found.columns.categories[0].n == 0
    assert found.cells[0][0].column.value is None


def test_the_overview_adjusts_over_all_questions() -> None:
    given = layered()
    rows = association_overview(given, survey_design(given.n), "dept")
    tables = [
        pd.crosstab(given.columns[code], given.groups["dept"].codes).to_numpy()
        for code in ("q1", "q2")
    ]
    ps = [stats.chi2_contingency(table, correction=False).pvalue for table in tables]
    assert [row.key for row in rows] == ["q1", "q2"]
    assert [row.p for row in rows] == pytest.approx(ps)
    assert [row.adjusted for row in rows] == pytest.approx(list(stats.false_discovery_control(ps)))
    strengths = [scipy_association(table, method="cramer") for table in tables]
    assert [row.cramers_v for row in rows] == pytest.approx(strengths)


@pytest.mark.parametrize(
    ("table", "told", "has_statistic"),
    [([[3, 1], [1, 3]], "Fisher 精确检验", False), ([[30, 10], [10, 30]], "Pearson χ²", True)],
)
def test_the_overview_names_the_test_whose_p_it_prints(
    table: Any, told: str, has_statistic: bool
) -> None:
    given = of_counts(np.array(table))
    rows = association_overview(given, survey_design(given.n), "q2")
    exact, plain = stats.fisher_exact(table)[1], stats.chi2_contingency(table, correction=False)
    assert rows[0].p == pytest.approx(plain.pvalue if has_statistic else exact)
    grid = overview_report(rows, "q2").grids[0]
    cells = dict(zip(grid.headings, grid.rows[0], strict=True))
    assert cells["检验"] == told
    statistic = cells["统计量"]
    assert isinstance(statistic, Figure)
    assert statistic.value == (pytest.approx(plain.statistic) if has_statistic else None)


def test_numbers_of_json_are_finite() -> None:
    for table in (COUNTS, EMPTY):
        given = of_counts(table)
        found = cross_table(given, survey_design(given.n), "q1", "q2")
        json.dumps(cross_report(found).data, allow_nan=False)
