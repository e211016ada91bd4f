"""What the files say of weights and sample designs, zh and en."""

from __future__ import annotations

from analysis.table import Weighting
from analysis.wording import exact, number

PLACES_OF_WEIGHTS = 4

WEIGHTING_WORDS: dict[str, tuple[str, str]] = {
    "base_answered_weighted": (
        "份数和应答基数是未加权的答卷份数（单选题为已答该题的份数，多选题为至少选了一项的份数）；"
        "比例＝加权份数÷加权基数，后者为应答基数中各份答卷的权重之和。",
        "Counts and bases are numbers of responses, not weighted (base: those who answered the "
        "question; for a multiple choice those who ticked anything). Share = weighted count ÷ "
        "weighted base, the sum of the weights of the responses in the base.",
    ),
    "base_all_weighted": (
        "份数是未加权的答卷份数，应答基数是本组全部答卷 {n} 份（含未填和按规则未问到的）；"
        "比例＝加权份数÷加权基数，后者为本组各份答卷的权重之和。",
        "Counts are numbers of responses, not weighted; the base are all {n} responses of the "
        "group, blank or not asked included. Share = weighted count ÷ weighted base, the sum of "
        "the weights of the group.",
    ),
    "multiple_mentions": (
        "多选题的应答基数是全部选择人次，比例＝该项被选次数÷选择人次，合计为100%。",
        "The base of a multiple choice are all options ticked: share = ticks ÷ all ticks, which "
        "sum to 100%.",
    ),
    "weighted": (
        "本表已加权：{n} 份答卷权重大于0，合计 {total}，最小 {lowest}，最大 {highest}，"
        "有效样本量（Kish）{effective}。",
        "Weighted: {n} responses with a weight above 0 that sum to {total} (from {lowest} to "
        "{highest}); effective sample size (Kish) {effective}.",
    ),
    "design_note": (
        "抽样设计：{design}。方差用泰勒线性化法，子组和跳题按全样本设计作域估计。",
        "Design: {design}. Variances by Taylor linearisation, groups and skips as domains of the "
        "whole sample.",
    ),
    "design_simple": ("不分层，逐份抽取", "no strata, responses drawn one by one"),
    "design_strata": ("分 {strata} 层", "{strata} strata"),
    "design_units": ("整群抽样（{units} 个抽样单元）", "{units} clusters"),
    "design_finite": ("已作有限总体修正", "finite population correction"),
    "design_calibrated": ("权重已按总体边际校准", "weights calibrated to population margins"),
    "interval_plain": (
        "95%区间的算法：{method}；只反映抽样的偶然误差。",
        "Method of the 95% intervals: {method}; chance of sampling only.",
    ),
    "interval_designed": (
        "95%区间的算法：{method}，按抽样设计的方差和 t 分布；只反映抽样的偶然误差。",
        "Method of the 95% intervals: {method}, from the variance under the design with t; chance "
        "of sampling only.",
    ),
    "simultaneous": (
        "单选题和量表题一题各选项的区间以95%的把握同时成立；多选题各选项仍为单独的 Wilson 区间。",
        "The intervals of all options of a single choice or scale hold together with 95% "
        "confidence; those of a multiple choice are Wilson’s, each by itself.",
    ),
    "number_note": (
        "数值题：平均值的95%区间＝平均值 ± t × 标准误，加权时标准误和自由度按抽样设计；"
        "所有数值都不为负时下限不低于0。",
        "Numbers: the 95% interval of a mean is mean ± t × standard error, not below 0 where no "
        "value is; where responses are weighted, error and degrees of freedom are those of the "
        "design.",
    ),
    "weighted_columns": (
        "各列依次为：份数、加权份数、比例、95%区间。",
        "Columns: count, weighted count, share, 95% interval.",
    ),
    "weighted_n_i": ("加权份数 nᵢ", "Weighted count nᵢ"),
    "weighted_count": ("加权份数", "Weighted count"),
    "weighted_base": ("加权基数", "Weighted base"),
}


def weighting_facts(
    weighting: Weighting,
) -> tuple[dict[str, object], list[tuple[str, dict[str, object]]]]:
    """The figures of the sentence "weighted", and key and figures of each part of the design."""
    facts: dict[str, object] = {
        "n": weighting.n,
        "total": number(weighting.total),
        "lowest": exact(weighting.lowest, PLACES_OF_WEIGHTS),
        "highest": exact(weighting.highest, PLACES_OF_WEIGHTS),
        "effective": number(weighting.effective_n, 1),
    }
    parts: list[tuple[str, dict[str, object], bool]] = [
        ("design_strata", {"strata": weighting.strata}, weighting.strata > 1),
        ("design_units", {"units": weighting.units}, weighting.units is not None),
        ("design_finite", {}, weighting.finite),
        ("design_calibrated", {}, weighting.calibrated),
    ]
    design = [(key, details) for key, details, holds in parts if holds]
    return facts, design or [("design_simple", {})]
