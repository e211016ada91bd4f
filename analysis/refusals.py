"""Why a statistic cannot be computed, in Chinese and English: errors that a page can show."""

from __future__ import annotations

from typing import Any

MESSAGES = {
    "lengths_differ": (
        "{what} 有 {given} 行，应为 {expected} 行",
        "{what} has {given} rows, it must have {expected}",
    ),
    "weight_missing": (
        "有 {count} 份答卷没有权重（或权重不是有限的数）",
        "{count} responses have no weight (or one that is not a finite number)",
    ),
    "weight_negative": (
        "有 {count} 份答卷的权重小于 0",
        "{count} responses have a weight below 0",
    ),
    "weight_blank": (
        "weight 列有 {count} 份答卷没有填（如第 {rows} 行）：请补齐，或清空整列",
        "{count} responses have no weight while others have one (such as rows {rows}): complete "
        "the column weight or leave all of it empty",
    ),
    "sampling_blank": (
        "{column} 列有 {count} 份答卷没有填（如第 {rows} 行）：请补齐，或清空整列",
        "{column} is empty for {count} responses while others have it (such as rows {rows}): "
        "complete the column or leave all of it empty",
    ),
    "no_weight": (
        "权重之和为 0，无法估计",
        "All weights are 0: nothing can be estimated",
    ),
    "no_responses": (
        "没有可用的答卷，无法估计",
        "There is no response to estimate from",
    ),
    "level_out_of_range": (
        "置信水平应在 0 与 1 之间，现为 {given}",
        "The confidence level must be between 0 and 1, not {given}",
    ),
    "unknown_choice": (
        "没有“{given}”这种选择，可用：{allowed}",
        "There is no “{given}”; possible: {allowed}",
    ),
    "code_out_of_range": (
        "编码应为 -1（不计入）或 0 到 {last}，现有 {given}",
        "Codes must be -1 (left out) or 0 to {last}, found {given}",
    ),
    "codes_invalid": (
        "类别编码应为整数（-1 表示不计入）",
        "Codes of categories must be whole numbers (-1: left out)",
    ),
    "value_missing": (
        "有 {count} 份答卷没有数值",
        "{count} responses have no value",
    ),
    "label_missing": (
        "有 {count} 份答卷不知道属于哪个层或哪个抽样单元",
        "The stratum or sampling unit of {count} responses is unknown",
    ),
    "lonely_clusters": (
        "{count} 个层只有一个抽样单元（如 {examples}），无法估计方差；"
        "请合并层，或选择处理方式：{allowed}",
        "{count} strata have a single sampling unit (such as {examples}), so that the variance "
        "cannot be estimated; merge strata or choose a treatment: {allowed}",
    ),
    "population_too_small": (
        "层 {stratum} 的总体单元数 {population} 少于样本单元数 {sampled}",
        "Stratum {stratum} has {population} units in the population but {sampled} in the sample",
    ),
    "population_varies": (
        "层 {stratum} 的总体单元数应只有一个值",
        "Stratum {stratum} must have one number of units in the population",
    ),
    "population_invalid": (
        "总体单元数应大于 0",
        "The number of units in the population must be above 0",
    ),
    "population_missing": (
        "缺少第 {stage} 阶段的总体单元数",
        "The number of units in the population of stage {stage} is missing",
    ),
    "denominator_zero": (
        "分母之和为 0，比率没有意义",
        "The denominator sums to 0, so that the ratio has no meaning",
    ),
    "already_calibrated": (
        "这个样本设计已经校准过，不能再次校准",
        "This design is calibrated already and cannot be calibrated again",
    ),
    "not_for_calibrated": (
        "校准过的权重不能用此方法，请用线性化方差",
        "This method does not know calibrated weights; use the linearised variance",
    ),
    "margin_unknown": (
        "“{margin}”中有 {count} 份答卷不知道类别，请先补齐或单列一类",
        "“{margin}” is unknown for {count} responses; complete them or make a category of them",
    ),
    "margin_empty": (
        "“{margin}”的第 {category} 类有总体数但没有答卷，请合并类别",
        "Category {category} of “{margin}” has a population but no response; merge categories",
    ),
    "margin_target_missing": (
        "“{margin}”的第 {category} 类有答卷但总体数不大于 0",
        "Category {category} of “{margin}” has responses but no population above 0",
    ),
    "margins_disagree": (
        "各边际的总体合计不一致：{totals}",
        "The populations of the margins sum to different totals: {totals}",
    ),
    "no_margins": ("没有给出总体边际", "No population margin is given"),
    "raking_diverges": (
        "迭代 {rounds} 次后边际仍不符（最大相差 {gap}），请合并稀疏的类别",
        "After {rounds} rounds the margins still differ (by {gap} at most); merge sparse "
        "categories",
    ),
    "bounds_impossible": (
        "权重上下限 {low} 至 {high} 无法满足",
        "The bounds {low} to {high} of the weights cannot be met",
    ),
    "table_too_small": (
        "去掉空行空列后不足两行两列，无法检验",
        "Without empty rows and columns there are fewer than two rows and two columns to test",
    ),
    "counts_invalid": (
        "份数应为不小于 0 的有限数",
        "Counts must be finite and not below 0",
    ),
    "counts_not_whole": ("精确检验需要整数份数", "An exact test needs whole counts"),
    "too_many_tables": (
        "可能的表超过 {limit} 个，无法做精确检验，请看卡方检验",
        "There are more than {limit} possible tables for an exact test; see the chi-squared test",
    ),
    "no_degrees_of_freedom": (
        "自由度不足（样本单元太少），无法检验",
        "Too few sampling units: no degrees of freedom are left for a test",
    ),
    "singular": (
        "方差矩阵不可逆（类别太多或单元太少），无法检验",
        "The covariance matrix cannot be inverted (too many categories or too few units)",
    ),
    "no_variance": (
        "没有差异可检验：所有答卷相同",
        "Nothing varies, so that there is nothing to test",
    ),
    "one_item": (
        "不适用：只有 {count} 个量表题，至少需要 {needed} 个",
        "Not applicable: {count} scale items, at least {needed} are needed",
    ),
    "few_complete": (
        "不适用：只有 {count} 份答卷答全了量表题，至少需要 {needed} 份",
        "Not applicable: {count} responses answered all items, at least {needed} are needed",
    ),
    "constant_item": (
        "不适用：题 {items} 的答案全部相同",
        "Not applicable: all answers to {items} are the same",
    ),
    "dependent_items": (
        "不适用：相关矩阵不可逆（有的题可由其他题完全推出）",
        "Not applicable: the correlation matrix is singular (an item follows from the others)",
    ),
    "no_covariance": (
        "不适用：量表总分没有差异",
        "Not applicable: the scale sum does not vary",
    ),
    "no_factor": (
        "不适用：单因子模型无解",
        "Not applicable: the one-factor model has no solution",
    ),
    "share_out_of_range": (
        "{what} 应在 0 与 1 之间，现为 {given}",
        "{what} must be between 0 and 1, not {given}",
    ),
    "not_positive": ("{what} 应大于 0，现为 {given}", "{what} must be above 0, not {given}"),
    "no_difference": (
        "两个比例相同，任何样本量都检验不出差异",
        "The two shares are equal: no sample size can find a difference",
    ),
}


class CannotComputeError(ValueError):
    """A statistic that has no value for these data. `code` is a key of MESSAGES."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, details)
        self.code, self.details = code, details

    def text(self, language: str = "zh") -> str:
        place = 0 if language.startswith("zh") else 1
        return MESSAGES[self.code][place].format_map(self.details)

    def __str__(self) -> str:
        return self.text("en")


class DesignError(CannotComputeError):
    """The description of the sample contradicts itself or the data."""


class LonelyClusterError(DesignError):
    """A stratum with a single sampling unit has no variance of its own."""


class WeightingError(CannotComputeError):
    """Weights that cannot be made to meet the population."""


class NotApplicableError(CannotComputeError):
    """A coefficient that means nothing for this questionnaire (不适用)."""
