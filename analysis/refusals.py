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
    "weight_too_large": (
        "有 {count} 份答卷的权重大于 {limit}，无法计算；请把所有权重除以同一个数",
        "{count} responses have a weight above {limit}, too large to compute with; divide all "
        "weights by the same number",
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
    "interval_method": (
        "没有“{given}”这种区间，或它不适用于这样的数据；可用：{allowed}",
        "There is no interval “{given}”, or it does not suit such data; possible: {allowed}",
    ),
    "unknown_term": (
        "问卷中没有“{given}”；数值题写题号（如 q12），选择题的选项写作 题号.选项（如 q04.A）",
        "The questionnaire has no “{given}”; a question for a number is written q12, an option of "
        "a choice question q04.A",
    ),
    "needs_option": (
        "比例和户（人）数要指明选择题的哪个选项（如 q04.A），“{given}”不是选项",
        "Shares and numbers of people are of an option of a choice question (such as q04.A), which "
        "“{given}” is not",
    ),
    "needs_number": (
        "“{given}”不是数值题，没有可以相加的数；数值题有：{allowed}",
        "“{given}” is no question for a number, so that there is nothing to add up; questions for "
        "numbers: {allowed}",
    ),
    "needs_number_or_plan": (
        "“{given}”既不是数值题，也没有计分方案，不能求平均；选择题请先设计分方案，或改求某个选项的比例",
        "“{given}” is neither a question for a number nor scored by a plan, so that it has no "
        "mean; give it a scoring plan, or estimate the share of an option",
    ),
    "ratio_needs_over": (
        "比率还要选分母",
        "A ratio needs a denominator as well",
    ),
    "only_ratio_has_over": (
        "只有比率才有分母",
        "Only a ratio has a denominator",
    ),
    "same_terms": (
        "分子和分母是同一项（{given}），比率总是 1",
        "Numerator and denominator are the same ({given}): the ratio is always 1",
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
    "value_infinite": (
        "有 {count} 份答卷的数值无穷大；没有数值的请留空（nan）",
        "{count} responses have an infinite value; leave a missing one empty (nan)",
    ),
    "label_missing": (
        "有 {count} 份答卷不知道属于哪个层或哪个抽样单元",
        "The stratum or sampling unit of {count} responses is unknown",
    ),
    "lonely_clusters": (
        "{count} 个层只有一个抽样单元（如 {examples}），无法估计方差；"
        "请合并层，或另选一种处理方式："
        "视为必然抽中（certainty）、按与总平均的差计算（adjust）、按其他层的平均计算（average）",
        "{count} strata have a single sampling unit (such as {examples}), so that the variance "
        "cannot be estimated; merge strata or choose a treatment (certainty, adjust, average)",
    ),
    "single_unit": (
        "全部样本都在同一个抽样单元内，没有别的单元可比，无法估计方差；"
        "请核对抽样单元（群）的填写，或另选处理方式 certainty（只给估计值，不计误差）",
        "The whole sample lies in one sampling unit with no other to compare, so that the variance "
        "cannot be estimated; check the sampling units (clusters), or choose certainty (estimates "
        "without errors)",
    ),
    "whole_population_too_small": (
        "总体单元数 {population} 少于样本单元数 {sampled}",
        "The population has {population} units but the sample {sampled}",
    ),
    "population_too_small": (
        "“{stratum}”的总体单元数 {population} 少于样本单元数 {sampled}",
        "Stratum {stratum} has {population} units in the population but {sampled} in the sample",
    ),
    "population_varies": (
        "“{stratum}”的总体单元数应只有一个值",
        "Stratum {stratum} must have one number of units in the population",
    ),
    "population_invalid": (
        "总体单元数应为大于 0 的有限数",
        "The number of units in the population must be a finite number above 0",
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
    "jackknife_of_whole_stage": (
        "有的层第一阶段的抽样单元全部抽中、后面的阶段才有抽样误差，刀切法算不出来，请用线性化方差",
        "In some stratum all first-stage units were drawn, so that sampling errors come from later "
        "stages only, which the jackknife leaves out; use the linearised variance",
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
        "没有差异可检验：答卷（或各抽样单元）的结果相同，或者是全数调查（没有抽样误差）",
        "Nothing to test: the responses (or sampling units) do not differ, or all of the "
        "population was asked, so that there is no sampling error",
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
    "opposite_halves": (
        "不适用：前后两半的得分完全相反（相关系数为 −1），折半信度没有意义；"
        "请检查是否有需要反向计分的题",
        "Not applicable: the two halves are exact opposites (correlation −1); see whether items "
        "are to be reversed",
    ),
    "wrong_shape": (
        "权重、层、抽样单元和总体数应各为一列，给出的却有 {dimensions} 维",
        "Weights, strata, clusters and populations must be one column each, {dimensions} "
        "dimensions were given",
    ),
    "no_factor": (
        "不适用：单因子模型无解",
        "Not applicable: the one-factor model has no solution",
    ),
    "no_times": (
        "不适用：没有一份答卷记录了用时或起止时间",
        "Not applicable: no response has a time on record",
    ),
    "few_choices": (
        "不适用：只有 {count} 道单选题或量表题，至少需要 {needed} 道",
        "Not applicable: {count} single choice or scale questions, at least {needed} are needed",
    ),
    "lines_by_chance": (
        "不适用：题目太少、答案太集中或各题太一致，碰巧全选同一位置的机会大于 {chance}",
        "Not applicable: too few questions or too much agreement; the same place throughout has "
        "a chance above {chance}",
    ),
    "too_short_for_duplicates": (
        "不适用：题目太少或答案太集中，平均每份答卷会碰巧与另外 {twins} 份完全相同",
        "Not applicable: too few questions or too much agreement; a response has {twins} equal "
        "ones by chance on average",
    ),
    "few_enumerators": (
        "不适用：需要至少两名调查员、共 {needed} 份答卷",
        "Not applicable: two enumerators with {needed} responses together are needed",
    ),
    "blocks_by_chance": (
        "不适用：题目太少或答案太集中，不同调查员的答卷也常常整段相同（超过 {chance}）",
        "Not applicable: too few questions or too much agreement; responses of different "
        "enumerators agree as well (more than {chance})",
    ),
    "no_sample_plan": (
        "不适用：项目没有样本计划，请在“设置”中导入",
        "Not applicable: the project has no sample plan; import one under Settings",
    ),
    "no_contradictions": (
        "不适用：这份问卷没有规定哪些回答互相矛盾；可由管理员在下一版问卷文件里写明",
        "Not applicable: the questionnaire does not say which answers contradict each other; an "
        "administrator can state it in the file of its next version",
    ),
    "no_numbers": (
        "不适用：没有两位数以上的数字题",
        "Not applicable: no question asks for numbers of two digits or more",
    ),
    "few_answers_each": (
        "不适用：需要至少两名调查员，其中有人达到 {needed} 份答卷",
        "Not applicable: two enumerators are needed, and {needed} responses of one of them",
    ),
    "threshold_out_of_range": (
        "“{name}”应在 {low} 到 {high} 之间，现为 {given}",
        "“{name}” must be from {low} to {high}, not {given}",
    ),
    "share_out_of_range": (
        "{what} 应在 0 与 1 之间，现为 {given}",
        "{what} must be between 0 and 1, not {given}",
    ),
    "not_positive": ("{what} 应大于 0，现为 {given}", "{what} must be above 0, not {given}"),
    "too_many_categories": (
        "“{name}”有 {count} 类，最多 {limit} 类；请改用上一级区域或更少的类别",
        "“{name}” has {count} categories, at most {limit} are possible; use a higher level of "
        "areas or fewer categories",
    ),
    "same_axis": (
        "行和列是同一项（{name}），请选两项不同的",
        "Rows and columns are the same ({name}); choose two different ones",
    ),
    "same_layer": (
        "分层的项（{name}）已经是行或列，请另选一项来分层",
        "The layer ({name}) is the rows or the columns already; choose another one",
    ),
    "columns_overlap": (
        "列是多选题，各列的人有重复，不能比较各列是否不同",
        "The columns are a multiple choice, so that the same people stand in several columns: "
        "columns cannot be compared",
    ),
    "two_sets": (
        "行和列都是多选题，没有适用的整体检验；请把其中一题换成单选题或分组",
        "Rows and columns are both multiple choices, for which there is no joint test here; "
        "take a single choice or a grouping for one of them",
    ),
    "too_many_columns": (
        "列超过 {limit} 列，不再逐对比较（字母无法阅读）",
        "With more than {limit} columns they are not compared in pairs (letters cannot be read)",
    ),
    "needs_single_answers": (
        "行、列或分层是多选题，这项检验只用于单选题和分组",
        "Rows, columns or layer are a multiple choice; this test is for single choices and groups",
    ),
    "only_unweighted": (
        "抽样设计（权重、分层、整群）下没有这项检验",
        "There is no such test here for a sample with weights, strata or clusters",
    ),
    "groups_per_report": (
        "分组有 {count} 个，一份报告最多 {most} 个，请换一种分组",
        "There are {count} groups; a report has at most {most}: choose another grouping",
    ),
    "too_many_cells": (
        "这项检验最多 {most} 个格，现有 {count} 个，请换组数少的分组",
        "This test takes at most {most} cells, here are {count}; use fewer groups",
    ),
    "no_difference": (
        "两个比例相同，任何样本量都检验不出差异",
        "The two shares are equal: no sample size can find a difference",
    ),
    "too_many_items": (
        "选了 {count} 题，最多 {limit} 题",
        "{count} items are chosen, at most {limit} are possible",
    ),
    "reversed_not_chosen": (
        "反向计分的 {items} 不在选用的题目中",
        "{items} are to be reversed but are not among the items",
    ),
    "item_names_differ": (
        "题名有 {given} 个，题目有 {expected} 个",
        "There are {given} names for {expected} items",
    ),
    "difference_too_small": (
        "两个比例几乎相同，每组需要 {limit} 份以上才能发现差别，请核对",
        "The two shares are nearly equal: more than {limit} responses per group would be needed",
    ),
    "margin_too_small": (
        "误差范围至少 {least} 个百分点，现为 {given}",
        "The margin of error must be {least} percentage points or more, not {given}",
    ),
    "more_than_population": (
        "份数 {n} 多于总体 {population}，请核对",
        "{n} responses are more than the population of {population}",
    ),
    "category_unknown": (
        "有 {count} 份答卷没有注明“{margin}”。请先补齐，或选择“未注明的按样本比例单列”",
        "“{margin}” is not stated in {count} responses. Complete them, or choose to keep them as "
        "a class of their own",
    ),
    "category_empty": (
        "“{margin}”的“{category}”填了总体数，但没有计入的答卷，请与相近的类别合并后再填",
        "“{category}” of “{margin}” has a population but no response that counts; merge it with "
        "a similar category",
    ),
    "category_without_population": (
        "“{margin}”的“{category}”有答卷，但没有填总体数（应大于 0）",
        "“{category}” of “{margin}” has responses but no population above 0",
    ),
    "stratum_without_population": (
        "“{stratum}”有答卷，但没有填抽样总体数（应大于 0）",
        "“{stratum}” has responses but no number of units to draw from (above 0)",
    ),
    "too_many_classes": (
        "交叉后有 {count} 个类别，最多 {limit} 个，请改用较粗的分组",
        "Crossed there are {count} classes, at most {limit} are possible; choose coarser groupings",
    ),
    "group_empty": (
        "“{group}”没有可计分的答卷，不能比较",
        "“{group}” has no response that can be scored and cannot be compared",
    ),
    "group_in_one_unit": (
        "“{group}”的答卷只来自一个抽样单元，无法估计其误差，不能比较",
        "The responses of “{group}” are from one sampling unit, so that its error is unknown and "
        "it cannot be compared",
    ),
    "groups_too_small": (
        "有 {least} 份以上答卷（有权重、分层或整群的，指抽样单元）的组不足两个，不能检验",
        "Fewer than two groups have {least} responses or more (sampling units, under weights, "
        "strata or clusters), so that nothing can be tested",
    ),
    "groups_of_a_census": (
        "{groups}：都是全数调查（或权数已按总体对本题的回答校准），没有抽样误差，指数之差就是实际差距，"
        "不需要检验",
        "{groups}: all of the population was asked (or the weights meet its answers to this "
        "question), so that the difference of the indices is exact and needs no test",
    ),
    "too_many_groups": (
        "有答卷的组有 {count} 个，两两比较最多 {limit} 个；请选定两组比较，或看名次范围",
        "{count} groups have responses and pairs are compared for {limit} at most; choose two "
        "groups, or see the ranges of places",
    ),
}

FIGURES = {
    "margin": "误差范围",
    "share": "比例",
    "shares": "比例",
    "response rate": "回收率",
    "design effect": "设计效应",
    "population": "总体",
    "n": "份数",
    "n - 1": "每组份数减 1",
    "power": "检验力",
    "significance": "显著性水平",
    "sd": "标准差",
    "cluster size": "每群份数",
    "weights": "权重",
    "columns": "列",
}
"""What is wrong, in Chinese; the English words are those of the arguments."""


class CannotComputeError(ValueError):
    """A statistic that has no value for these data. `code` is a key of MESSAGES."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code, details)
        self.code, self.details = code, details

    def text(self, language: str = "zh") -> str:
        place = 0 if language.startswith("zh") else 1
        own = {k: v.text(language) if hasattr(v, "text") else v for k, v in self.details.items()}
        if place == 0 and "what" in own:
            own["what"] = FIGURES.get(own["what"], own["what"])
        return MESSAGES[self.code][place].format_map(own)

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
