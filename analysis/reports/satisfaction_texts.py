"""Every heading and sentence about satisfaction with its uncertainty: key -> (zh, en)."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("满意度比较", "Satisfaction compared"),
    "n": ("份数 n", "n"),
    "left_out": ("不计入基数", "Left out"),
    "units": ("抽样单元", "Sampling units"),
    "index_interval": ("指数95%区间", "Index 95% interval"),
    "rate_low": ("满意率95%下限", "Rate 95% low"),
    "rate_high": ("满意率95%上限", "Rate 95% high"),
    "rate_interval": ("满意率95%区间", "Rate 95% interval"),
    "score_interval": ("得分95%区间", "Score 95% interval"),
    "margin": ("误差幅度（百分点）", "Margin (percentage points)"),
    "margin_share": ("误差幅度", "Margin"),
    "deff": ("设计效应", "Design effect"),
    "effective_n": ("有效样本量", "Effective n"),
    "rank": ("名次范围", "Range of places"),
    "rank_best": ("名次最好", "Best place"),
    "rank_worst": ("名次最差", "Worst place"),
    "notes_column": ("说明", "Notes"),
    "weights_column": ("pᵢ", "pᵢ"),
    "place": ("第 {place} 位", "{place}"),
    "differences": ("组间差异", "Differences between groups"),
    "years": ("与其他项目比较", "Against another project"),
    "first": ("第一组", "First group"),
    "second": ("第二组", "Second group"),
    "difference": ("差（百分点）", "Difference (percentage points)"),
    "difference_share": ("差", "Difference"),
    "difference_low": ("差95%下限", "Difference 95% low"),
    "difference_high": ("差95%上限", "Difference 95% high"),
    "interval": ("95%区间", "95% interval"),
    "rate_difference": ("满意率之差", "Difference of rates"),
    "rate_difference_low": ("满意率之差95%下限", "Difference of rates 95% low"),
    "rate_difference_high": ("满意率之差95%上限", "Difference of rates 95% high"),
    "rate_p": ("满意率 p", "p of rates"),
    "rate_p_adjusted": ("满意率 p（Holm 校正）", "p of rates (Holm)"),
    "t": ("t", "t"),
    "df": ("自由度", "df"),
    "p": ("p", "p"),
    "p_adjusted": ("p（Holm 校正）", "p (Holm)"),
    "meaning": ("结论", "In words"),
    "is_higher": ("{group}较高", "{group} is higher"),
    "not_told_apart": ("不能说谁高谁低", "Neither can be called higher"),
    "simple": (
        "没有给出抽样设计：各份答卷视为简单随机抽取、权重相同。",
        "No sample design is given: the responses count as a simple random sample, all alike.",
    ),
    "how": ("计算说明", "How this was computed"),
    "note_empty": ("没有可计分的回答", "No answer that can be scored"),
    "note_zero_weight": ("答卷的权重都是 0", "All responses have weight 0"),
    "note_census": (
        "全数调查，无抽样误差",
        "All of the population was asked: no sampling error",
    ),
    "note_calibrated": (
        "权数按总体对本题的回答校准，数值已知，无抽样误差",
        "The weights meet the population’s answers to this question: known, no sampling error",
    ),
    "note_no_variance": (
        "各抽样单元的结果没有差异，无法据以估计误差，区间按 Wilson 法",
        "The sampling units do not differ, which says nothing of the error; the interval is "
        "Wilson’s",
    ),
    "note_one_unit": (
        "只有一个抽样单元，无法估计误差；区间为全部可能的范围",
        "One sampling unit: its error is unknown, the interval is all that is possible",
    ),
    "note_small": ("不足 30 份，仅供参考", "Fewer than 30 responses: a hint only"),
    "note_same_answers": (
        "回答完全相同，区间按 Wilson 法",
        "All answers are the same; the interval is Wilson’s",
    ),
    "note_dependent": (
        "n 取抽样单元数和 Kish 有效样本量中较小的一个：同一单元的回答可能本来就一样，权重悬殊时只有"
        "少数答卷起作用",
        "Its n is the fewer of sampling units and Kish’s effective size: answers within a unit may "
        "be alike anyhow, and with very unequal weights few responses decide",
    ),
    "note_thin": (
        "互相独立的答卷（抽样单元）不足 6 个，不据此排先后",
        "Fewer than 6 independent responses (sampling units): not enough for an order",
    ),
    "note_much_dont_know": (
        "“不清楚”占已答的 {percent}，超过 5%",
        "“Don’t know” is {percent} of the answers, over 5%",
    ),
    "order_none": (
        "各组的区间都有重叠，不能排出先后。",
        "The intervals of all groups overlap: they cannot be ordered.",
    ),
    "order_partly": (
        "只能分出部分先后：名次范围不重叠的组之间才有先后，其余的不能说谁先谁后。",
        "Only a part can be ordered: groups whose ranges of places do not overlap.",
    ),
    "order_fully": (
        "各组的区间互不重叠，可以排出先后。",
        "No intervals overlap: the groups can be ordered.",
    ),
    "differs": (
        "{first}的满意度指数比{second}高 {by} 个百分点（95%区间 {low} 至 {high}），差异显著（{p}）",
        "The index of {first} is {by} percentage points above that of {second} "
        "(95% interval {low} to {high}); the difference is significant ({p})",
    ),
    "differs_lower": (
        "{first}的满意度指数比{second}低 {by} 个百分点（95%区间 {low} 至 {high}），差异显著（{p}）",
        "The index of {first} is {by} percentage points below that of {second} "
        "(95% interval {low} to {high}); the difference is significant ({p})",
    ),
    "same": (
        "{first}与{second}的满意度指数之差（前者减后者）{by} 个百分点（95%区间 {low} 至 {high}），"
        "差异不显著（{p}），不能说谁高谁低",
        "The indices of {first} and {second} (first less second) differ by {by} percentage points "
        "(95% interval {low} to {high}); the difference is not significant ({p}), so neither can "
        "be called higher",
    ),
    "from_to": ("{low} 至 {high}", "{low} to {high}"),
    "p_plain": ("{p}", "{p}"),
    "p_holm": ("Holm 校正后 {p}", "{p} after Holm’s adjustment"),
    "rate_sentence": (
        "；满意率之差（前者减后者）{by} 个百分点，95%区间 {low} 至 {high}（{p}）",
        "; the rates (first less second) differ by {by} percentage points, 95% interval {low} to "
        "{high} ({p})",
    ),
    "rate_untested": ("未能检验", "not tested"),
    "rate_thin": (
        "互相独立的答卷或抽样单元不足 6 个，不作检验",
        "not tested: fewer than 6 independent responses or sampling units",
    ),
    "undecided": (
        "{first}与{second}的满意度指数之差（前者减后者）{by} 个百分点（95%区间 {low} 至 {high}，"
        "{p}），但{thin}的回答（或抽样单元）完全相同，互相独立的答卷（抽样单元）又不足 6 个，"
        "不能据此断定谁高谁低",
        "The indices of {first} and {second} (first less second) differ by {by} percentage points "
        "(95% interval {low} to {high}, {p}), but {thin} all answers (or sampling units) "
        "are the same, and fewer than 6 of them are independent: too few to call either higher",
    ),
    "within_one": ("{group}组内", "within {group}"),
    "within_each": ("{group}各自组内", "within each of {group}"),
    "constant": (
        "。注意：{within}的回答（或抽样单元）完全相同，误差按该组的区间估计",
        ". Mind: {within} all answers (or sampling units) are the same; the error is taken from "
        "the group’s interval",
    ),
    "small": (
        "。注意：{group}不足 30 份，仅供参考",
        ". Mind: {group} has fewer than 30 responses, a hint only",
    ),
    "differs_in_weights": ("pᵢ", "pᵢ"),
    "differs_in_points": ("分值", "points"),
    "differs_in_dont_know": ("不清楚的处理", "treatment of “don’t know”"),
    "differs_in_refused": ("拒答的处理", "treatment of refusals"),
    "differs_in_blank": ("未填的处理", "treatment of blanks"),
    "differs_in_point_rule": ("计分方法", "point rule"),
    "differs_in_target": ("目标值", "target"),
    "differs_in_top": ("满意率所计选项", "options of the rate"),
    "differs_in_missing": ("对方此题没有计分方案", "the other has none for this question"),
    "unlike_no_question": (
        "“{other}”的同一问卷里没有这道题，不能比较。",
        "“{other}” does not ask this question in the same questionnaire.",
    ),
    "unlike_other_options": (
        "“{other}”此题的选项不同，不能比较。",
        "The options of this question differ in “{other}”: it cannot be compared.",
    ),
    "unlike_no_plan": (
        "“{other}”此题没有计分方案，只能按本项目的方案比较。",
        "“{other}” has no scoring plan for this question; compare under this project’s plan.",
    ),
    "unlike_no_area": (
        "“{other}”没有所选的区域，请清除区域条件再比较。",
        "“{other}” has no such area; clear that filter to compare.",
    ),
    "unlike_no_responses": (
        "“{other}”还没有计入的答卷，不能比较。",
        "“{other}” has no counted responses: nothing to compare with.",
    ),
    "plans_differ": (
        "两个项目的计分方案不同（{parts}），按各自的方案比较没有意义。"
        "请选一个方案同时用于两个项目。",
        "The scoring plans of the two projects differ ({parts}): to compare each under its own "
        "would mean nothing. Choose one plan for both.",
    ),
    "plans_differ_own": (
        "两个项目的计分方案不同（{parts}）；这里都按本项目的方案计算。",
        "The scoring plans differ ({parts}); here both are computed under this project’s plan.",
    ),
    "plans_differ_other": (
        "两个项目的计分方案不同（{parts}）；这里都按“{other}”的方案计算。",
        "The scoring plans differ ({parts}); here both are computed under the plan of “{other}”.",
    ),
    "reworded": (
        "两个项目此题或选项的文字不完全相同，请核对含义是否一致。",
        "The question or its options are not worded alike in the two projects: check that they "
        "mean the same.",
    ),
    "other_simulated": (
        "“{other}”是练习项目，数据是模拟的。",
        "“{other}” is a practice project: its data are simulated.",
    ),
    "independent": (
        "两个项目视为相互独立的样本（方差相加）。如果两次访问的是同一批住户，此检验不适用。",
        "The two projects count as independent samples (variances add). Where the same households "
        "were visited twice, the test does not apply.",
    ),
    "intervals": (
        "指数区间：按抽样设计估计的标准误和 t 分布（自由度为该组的抽样单元数减层数），"
        "不超出 pᵢ 的范围；满意率区间：Wilson 区间（有抽样设计的，按有效样本量）；"
        "得分区间由指数区间按计分方法换算。只反映抽样的偶然误差。",
        "Interval of the index: standard error under the sample’s design and Student’s t (the "
        "group’s sampling units less strata), within the range of the pᵢ; of the rate: Wilson "
        "(under a design on the effective sample size); of the score: that of the index put "
        "through the point rule. Chance of sampling only.",
    ),
    "margins": (
        "误差幅度：指数到其区间较远一端的距离。不足 30 份的组只能作参考。",
        "Margin: from the index to the farther end of its interval. Groups of fewer than 30 are "
        "a hint only.",
    ),
    "effects": (
        "设计效应：方差相当于同样份数简单随机样本的几倍；有效样本量＝份数÷设计效应。",
        "Design effect: the variance over that of a simple random sample of as many responses; "
        "effective n = n ÷ design effect.",
    ),
    "ranges": (
        "名次范围：各组区间按每组 1−5%÷组数 的置信水平计算，因而同时成立的把握不低于95%；"
        "两组区间不重叠才分先后。这样判断偏保守：未分先后不等于相同。",
        "Range of places: the intervals of the k groups are made at level 1 − 5%/k each, so that "
        "all hold at once with at least 95%; a group is ahead of another only where the two do "
        "not overlap. This is careful: groups not told apart are not thereby equal.",
    ),
    "tests": (
        "指数差异：按两组各自的方差（Welch 法，Satterthwaite 自由度）和两组合并的方差各作一次"
        " t 检验，取 p 较大的，区间取两者中较宽的；"
        "有一组的回答（或抽样单元）完全相同的，还要看由两组区间合成的区间（MOVER）。"
        "有抽样设计的保留两组共有的抽样单元的协方差，自由度不超过两组合计的抽样单元数减层数再减 1。"
        "两两比较的 p 值按 Holm 法校正，区间未校正。p<0.05 为差异显著。",
        "Differences of indices: t tests with the variance of each group (Welch’s, degrees of "
        "freedom by Satterthwaite) and with the pooled one; the larger p counts, and the interval "
        "holds both. Where nothing varies within a group, so does the interval put together from "
        "those of the two (MOVER). Under a design the covariance of groups sharing sampling units "
        "is kept, and degrees of freedom are at most units of both less strata less 1. p of all "
        "pairs is adjusted by Holm’s method, intervals are not. Significant: p < 0.05.",
    ),
    "rate_tests": (
        "满意率之差：没有抽样设计的，区间由两个满意率各自的区间合成（Newcombe 法），"
        "用两个比例的 z 检验（合并比例，即不校正的 χ²）；有抽样设计的，区间和检验都与指数相同。",
        "Differences of rates: without a design the interval is put together from those of the two "
        "rates (Newcombe’s method) and the test is z of two shares (pooled, the same as χ² without "
        "correction); under a design interval and test are made as for the index.",
    ),
}
