"""Sample designs as values: read with every fault, fitted to responses, refused by name, told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.design_estimates import shares
from analysis.refusals import CannotComputeError
from analysis.responses import UNSTATED, Labels, Responses
from analysis.sample_classes import classified
from analysis.sample_design_files import SampleDesignError, read_sample_design
from analysis.sample_design_words import is_harsh, population_lines, sentences
from analysis.sample_designs import WHOLE, SampleDesign, design_of
from analysis.weighting import summarise_weights
from surveys.catalogue import find
from surveys.records import BLANK, FIRST_OPTION, NOT_ASKED

QUESTIONNAIRE = find("dibao-residents@2")
AUDIENCE = ["低保户"] * 6 + ["非低保户"] * 2
AREA = ["东"] * 4 + ["西"] * 4
VILLAGE = ["甲", "甲", "乙", "乙", "丙", "丙", "丁", "丁"]


def labels(values: list[str], names: tuple[str, ...]) -> Labels:
    return Labels(np.array([names.index(value) for value in values]), names)


def sample(audience: list[str] = AUDIENCE, **changed: Any) -> Responses:
    """Eight responses: six of recipients, two of others; q18 is A in the first five."""
    names = ("低保户", "非低保户", *([UNSTATED] if UNSTATED in audience else []))
    groups = {
        "audience": labels(audience, names),
        "area": labels(AREA, ("东", "西", "北")),
        "area2": labels(VILLAGE, ("甲", "乙", "丙", "丁")),
    }
    answers = np.array([FIRST_OPTION] * 5 + [FIRST_OPTION + 1] * 3, dtype=np.uint8)
    return Responses(QUESTIONNAIRE, {"q18": answers} | changed, 8, groups)


def described(**data: Any) -> SampleDesign:
    return read_sample_design(data)


def margin(*by: str, **population: float) -> dict[str, Any]:
    return {"by": list(by), "population": population}


def weights(responses: Responses, **data: Any) -> list[float]:
    return design_of(responses, described(**data)).weights.tolist()


def refusal(responses: Responses, **data: Any) -> CannotComputeError:
    with pytest.raises(CannotComputeError) as refused:
        design_of(responses, described(**data))
    return refused.value


def test_nothing_said_is_a_simple_sample_of_weight_one() -> None:
    assert weights(sample()) == [1.0] * 8
    assert sentences(SampleDesign(), QUESTIONNAIRE) == ()


def test_one_margin_gives_each_category_its_population() -> None:
    found = weights(sample(), margins=[margin("audience", 低保户=300, 非低保户=500)])
    assert found == pytest.approx([50.0] * 6 + [250.0] * 2)


def test_crossed_margin_gives_each_combination_its_population() -> None:
    population = {"低保户 × 东": 400, "低保户 × 西": 100, "非低保户 × 西": 30}
    found = weights(sample(), margins=[{"by": ["audience", "area"], "population": population}])
    assert found == pytest.approx([100.0] * 4 + [50.0] * 2 + [15.0] * 2)


def test_two_margins_are_both_met_by_raking() -> None:
    design = design_of(
        sample(),
        described(
            margins=[margin("audience", 低保户=60, 非低保户=40), margin("area", 东=30, 西=70)]
        ),
    )
    audience = np.array([name == "低保户" for name in AUDIENCE])
    area = np.array([name == "东" for name in AREA])
    assert [design.weights[audience].sum(), design.weights[area].sum()] == pytest.approx([60, 30])


def test_a_question_can_be_a_margin_by_its_option_codes() -> None:
    found = weights(sample(), margins=[margin("q18", A=10, B=90)])
    assert found == pytest.approx([2.0] * 5 + [30.0] * 3)


def test_stratum_populations_give_the_inverse_sampling_fractions() -> None:
    found = weights(sample(), strata=["area"], population=[{"东": 40, "西": 400}])
    assert found == [10.0] * 4 + [100.0] * 4
    assert weights(sample(), population=[{WHOLE: 80}]) == [10.0] * 8


def test_bounds_keep_weights_between_multiples_of_the_mean() -> None:
    margins = [margin("audience", 低保户=300, 非低保户=500)]
    whole = {"margins": [margin("audience", 低保户=720, 非低保户=80)], "bounds": [0.5, 2]}
    assert "权重上下限 0.5 至 2.0" in refusal(sample(), margins=margins, bounds=[0.5, 2]).text()
    assert refusal(sample(), **whole).code == "bounds_impossible"
    found = weights(sample(), strata=["area"], population=[{"东": 40, "西": 400}], bounds=[0.5, 2])
    assert found == pytest.approx([27.5] * 4 + [82.5] * 4)


def test_a_weight_of_zero_is_not_in_the_mean_of_the_bounds() -> None:
    """Weights 1, 1, 1, 1, 6 have the mean 2: at most 1.5 times that is 3, and 3 go to the others.
    With the three zeros the mean would be 1.25."""
    given = replace(sample(), weights=np.array([1.0, 1, 1, 1, 6, 0, 0, 0]))
    assert weights(given, bounds=[0.5, 1.5]) == pytest.approx([1.75] * 4 + [3, 0, 0, 0])


def test_a_category_without_responses_is_called_by_its_name() -> None:
    error = refusal(sample(), margins=[margin("area", 东=10, 西=10, 北=5)])
    assert error.text() == ("“区域”的“北”填了总体数，但没有计入的答卷，请与相近的类别合并后再填")
    assert "“北” of “Area”" in error.text("en")
    gone = refusal(sample(), margins=[margin("area", 东=10, 西=10, 南=5)])
    assert "“南”" in gone.text()


def test_a_category_without_population_is_called_by_its_name() -> None:
    error = refusal(sample(), margins=[margin("area", 东=10)])
    assert error.text() == "“区域”的“西”有答卷，但没有填总体数（应大于 0）"
    error = refusal(sample(), strata=["area"], population=[{"东": 10}])
    assert "“西”有答卷，但没有填抽样总体数" in error.text()


def test_responses_without_a_category_are_counted_and_refused() -> None:
    given = sample(["低保户"] * 6 + [UNSTATED] * 2)
    error = refusal(given, margins=[margin("audience", 低保户=60)])
    assert "有 2 份答卷没有注明“调查对象”" in error.text()
    assert refusal(given, strata=["audience"]).code == "category_unknown"


def test_responses_without_a_category_can_keep_their_share() -> None:
    given = sample(["低保户"] * 3 + ["非低保户"] * 3 + [UNSTATED] * 2)
    wanted = [margin("audience", 低保户=60, 非低保户=20)]
    found = weights(given, margins=wanted, unknown="keep")
    # A quarter of the sample stays a quarter of 80; the other 60 are divided 3 : 1.
    assert found == pytest.approx([15.0] * 3 + [5.0] * 3 + [10.0] * 2)


def test_blank_and_not_asked_are_without_a_category() -> None:
    answers = np.array([FIRST_OPTION] * 6 + [BLANK, NOT_ASKED], dtype=np.uint8)
    assert classified(sample(q18=answers), ("q18",)).unknown == 2


def test_totals_that_disagree_are_told_with_their_names() -> None:
    error = refusal(
        sample(), margins=[margin("audience", 低保户=60, 非低保户=40), margin("area", 东=30, 西=80)]
    )
    assert error.text() == "各边际的总体合计不一致：调查对象 100、区域 110"
    assert "Audience 100, Area 110" in error.text("en")


def test_a_lonely_cluster_is_called_by_the_name_of_its_stratum() -> None:
    villages = ["甲", "甲", "乙", "乙", "丙", "丙", "丙", "丙"]
    given = sample()
    given = Responses(
        QUESTIONNAIRE,
        given.columns,
        8,
        {**given.groups, "area2": labels(villages, ("甲", "乙", "丙"))},
    )
    error = refusal(given, strata=["area"], clusters=["area2"])
    assert error.code == "lonely_clusters"
    assert "（如 西）" in error.text()
    assert "视为必然抽中（certainty）" in error.text()
    design = design_of(given, described(strata=["area"], clusters=["area2"], lonely="average"))
    assert design.degrees_of_freedom() == 1


def test_population_below_the_sample_is_told_with_the_stratum() -> None:
    error = refusal(sample(), strata=["area"], population=[{"东": 3, "西": 9}])
    assert "“东”的总体单元数 3 少于样本单元数 4" in error.text()


def cautions(responses: Responses, **data: Any) -> str:
    description = described(**data)
    told = sentences(description, QUESTIONNAIRE, design_of(responses, description))
    return " ".join(zh for zh, _ in told if "注意" in zh)


def test_few_clusters_and_a_margin_of_the_clusters_are_warned_about() -> None:
    villages = margin("area2", 甲=30, 乙=20, 丙=30, 丁=20)
    assert "只抽了 4 个单元（少于 10 个）" in cautions(sample(), clusters=["area2"])
    assert "就是第一阶段的抽样单元" not in cautions(sample(), clusters=["area2"])
    told = cautions(sample(), clusters=["area2"], margins=[villages])
    assert "就是第一阶段的抽样单元" in told
    coarser = cautions(sample(), clusters=["area2"], margins=[margin("area", 东=60, 西=40)])
    assert "就是第一阶段的抽样单元" not in coarser
    assert cautions(sample(), margins=[villages]) == ""


def test_ten_clusters_are_not_warned_about() -> None:
    names = tuple("甲乙丙丁戊己庚辛壬癸")
    made = Responses(
        QUESTIONNAIRE,
        {"q18": np.full(20, FIRST_OPTION, dtype=np.uint8)},
        20,
        {"area": labels([*names] * 2, names)},
    )
    assert cautions(made, clusters=["area"]) == ""


def test_population_of_all_below_the_sample_names_no_stratum() -> None:
    error = refusal(sample(), population=[{WHOLE: 3}])
    assert error.text() == "总体单元数 3 少于样本单元数 8"


def test_clusters_widen_the_interval_of_answers_that_agree_inside_them() -> None:
    responses = sample()
    codes = np.array([0] * 4 + [1] * 4)
    alone = shares(design_of(responses, SampleDesign()), codes, 2)
    grouped = shares(design_of(responses, described(clusters=["area2"])), codes, 2)
    assert grouped.se[0] > alone.se[0] * 1.4


def test_an_unknown_grouping_is_refused_with_those_that_there_are() -> None:
    assert refusal(sample(), strata=["county"]).code == "unknown_choice"
    assert refusal(sample(), margins=[margin("q04", A=1)]).code == "unknown_choice"


FAULTY: dict[str, tuple[Any, str]] = {
    "no mapping": ([], "应为“项目: 值”的列表"),
    "an unknown field": ({"stratum": "area"}, "没有“stratum”这一项"),
    "a text for a list": ({"strata": "area"}, "“分层”应为列表，现为“area”"),
    "too many strata": ({"strata": ["a", "b", "c", "d"]}, "“分层”最多 3 项，现有 4 项"),
    "the same twice": ({"clusters": ["area", "area"]}, "“整群”中同一项选了两次"),
    "names that are none": ({"strata": [3]}, "“分层”应为分组或题目的名称"),
    "an unknown treatment": ({"lonely": "drop"}, "没有“drop”这种选择"),
    "an unknown method": ({"method": "magic"}, "没有“magic”这种选择"),
    "two stages without clusters": ({"population": [{"*": 9}, {"*": 9}]}, "比整群的阶段多"),
    "weighting without margins": ({"method": "rake"}, "边际的个数不符（现有 0 个）"),
    "a margin of nothing": ({"margins": [{"by": [], "population": {"A": 1}}]}, "没有选分组"),
    "a margin that is none": ({"margins": [3]}, "“总体边际 1”应有分组"),
    "no population": ({"margins": [margin("area")]}, "没有填总体数"),
    "only zero": ({"margins": [margin("area", 东=0)]}, "没有填总体数"),
    "below zero": ({"margins": [margin("area", 东=-1, 西=2)]}, "东”应为不小于 0 的数，现为“-1”"),
    "infinite": ({"margins": [margin("area", 东=float("inf"))]}, "现为“inf”"),
    "no number": ({"margins": [margin("area", 东="many")]}, "“总体边际 1 · 东”应为"),
    "exponents": ({"margins": [margin("area", 东="1e9")]}, "现为“1e9”"),
    "true": ({"margins": [margin("area", 东=True)]}, "现为“True”"),
    "margin twice": ({"margins": [margin("area", 东=1), margin("area", 东=1)]}, "出现了两次"),
    "a long name": ({"margins": [margin("area", **{"x" * 501: 1, "y": 1})]}, "最长 500 个字"),
    "one bound": ({"bounds": [0.5]}, "应为两个数"),
    "bounds above one": ({"bounds": ["2", "3"]}, "应为两个数"),
    "bounds of one": ({"bounds": [1, 1]}, "应为两个数"),
    "bounds turned": ({"bounds": ["2", "1"]}, "现为“2 至 1”"),
    "a margin named": ({"margins": [margin("audience"), margin("audience")]}, "中“调查对象”出现了"),
    "population of all": ({"population": [{"*": "abc"}]}, "“抽样总体”应为不小于 0 的数"),
    "population of a stratum": ({"population": [{"a.b": "x"}]}, "“抽样总体 · a.b”应为"),
    "twice by name": ({"strata": ["area", "area"]}, "同一项选了两次：区域、区域"),
    "bounds of words": ({"bounds": ["low", "high"]}, "应为两个数"),
}


@pytest.mark.parametrize(("data", "told"), FAULTY.values(), ids=FAULTY.keys())
def test_a_fault_names_field_and_value(data: Any, told: str) -> None:
    with pytest.raises(SampleDesignError) as refused:
        read_sample_design(data)
    texts = [fault.text() for fault in refused.value.faults]
    assert any(told in text for text in texts), texts
    assert all(
        fault.text("en").isascii() or "“" in fault.text("en") for fault in refused.value.faults
    )


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(SampleDesignError) as refused:
        read_sample_design({"strata": "x", "lonely": "x", "margins": [3], "bounds": "x"})
    assert len(refused.value.faults) >= 4


def test_numbers_are_read_as_people_type_them() -> None:
    found = described(margins=[margin("area", 东="１，２００", 西=" 45% ", 北="")])
    assert found.margins[0].population == {"东": 1200.0, "西": 45.0}
    assert (found.method, found.bounds) == ("post_stratify", None)
    assert described(bounds=["", ""]).bounds is None


def test_a_design_in_words_says_everything_that_was_chosen() -> None:
    design = described(
        strata=["area"],
        clusters=["area2"],
        population=[{"东": 30, "西": 50}],
        lonely="adjust",
        margins=[margin("audience", 低保户=60, 非低保户=40), margin("q18", A=50, B=50)],
        bounds=[0.3, 3],
        unknown="keep",
    )
    zh = "".join(sentence for sentence, _ in sentences(design, QUESTIONNAIRE))
    en = " ".join(sentence for _, sentence in sentences(design, QUESTIONNAIRE))
    for part in ("分层变量：区域", "二级区域", "有限总体校正", "视为全部调查", "与总平均的差"):
        assert part in zh
    for part in ("调查对象、q18 您对低保制度", "0.3 至 3 倍", "单列一类"):
        assert part in zh
    assert "Stratified by Area." in en
    assert "0.3 and 3 times the mean" in en
    first, second = [line for line, _ in population_lines(design, QUESTIONNAIRE)]
    assert first == "调查对象：低保户 60、非低保户 40"
    assert second.endswith("A.非常满意 50、B.比较满意 50")


def test_harsh_weights_are_those_with_a_large_effect_or_a_very_large_weight() -> None:
    def harsh(*values: float) -> bool:
        return is_harsh(summarise_weights(values))

    assert not harsh(1, 1, 1, 2)
    assert harsh(1, 1, 1, 9)  # 4 · 84 / 144 = 2.33
    assert harsh(*[1.0] * 99, 7.0)  # effect 1.3, but 6.6 times the mean
