"""Every heading and sentence of cross-tabulations, zh and en."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("交叉分析", "Cross-tabulation"),
    "matrix_title": ("各题两两之间的关联", "Every question by every other"),
    "matrix_result": (
        "共 {pairs} 对，能检验的 {tested} 对，其中有关联的 {found} 对",
        "{pairs} pairs, {tested} of them tested, {found} associated",
    ),
    "matrix_note": (
        "每对各做 Pearson χ² 检验，校正后的 p 在全部对之间按 Benjamini–Hochberg 校正，按 Cramér V "
        "从大到小排列；多选题按选项，同一题的选项互不比较；不加权，空白和未问及的逐对不计；"
        "带 * 的期望频数过小，p 只供参考。",
        "Pearson’s test of each pair, p adjusted over all pairs (Benjamini & Hochberg), largest "
        "Cramér’s V first; multiple choices by option, those of one question not with each other; "
        "unweighted, blank and not asked left out pair by pair; * marks expected counts that are "
        "too small, so that p is an approximation.",
    ),
    "untestable": ("不能检验", "cannot be tested"),
    "first": ("第一题", "First"),
    "second": ("第二题", "Second"),
    "overview_title": ("哪些题有关联", "Which questions are related"),
    "counts": ("份数", "Counts"),
    "weighted_counts": ("加权份数", "Weighted counts"),
    "row": ("行%", "Row %"),
    "column": ("列%", "Column %"),
    "total": ("总%", "Total %"),
    "row_long": ("行百分比（行内分布）", "Row percent (within the row)"),
    "column_long": ("列百分比（列内分布）", "Column percent (within the column)"),
    "total_long": ("总百分比", "Percent of all"),
    "all": ("合计", "All"),
    "base": ("应答基数", "Base"),
    "mentions_base": ("选择人次", "Mentions"),
    "weighted_base": ("加权基数", "Weighted base"),
    "responses": ("份数 n", "Responses n"),
    "margin": ("误差范围 ±（百分点）", "Margin of error ± (points)"),
    "letter": ("字母", "Letters"),
    "residual": ("调整残差 z", "Adjusted residual z"),
    "low": ("95%下限", "95% low"),
    "high": ("95%上限", "95% high"),
    "layer": ("分层", "Layer"),
    "row_code": ("行", "Row"),
    "column_code": ("列", "Column"),
    "tests": ("检验和关联强度", "Tests and strength of association"),
    "test": ("检验", "Test"),
    "statistic": ("统计量", "Statistic"),
    "df": ("自由度", "df"),
    "p": ("p 值", "p"),
    "p_adjusted": ("校正后 p（BH）", "p adjusted (BH)"),
    "option": ("选项", "Option"),
    "p_option": ("校正后 p", "p adjusted"),
    "option_tests": ("逐项检验", "Test of each option"),
    "question": ("问题", "Question"),
    "result": ("结论", "Result"),
    "n": ("n", "n"),
    "cramers_v": ("Cramér V", "Cramér’s V"),
    "cramers_v_corrected": ("Cramér V（偏差校正）", "Cramér’s V (bias corrected)"),
    "gamma": ("Gamma", "Gamma"),
    "tau_b": ("Kendall τ-b", "Kendall τ-b"),
    "spearman": ("Spearman ρ", "Spearman ρ"),
    "odds_ratio": ("共同优势比（Mantel–Haenszel）", "Common odds ratio (Mantel–Haenszel)"),
    "fisher": ("Fisher 精确检验", "Fisher’s exact test"),
    "simulated": (
        "Fisher 精确检验（随机模拟 9999 次）",
        "Fisher’s exact test (9,999 random tables)",
    ),
    "test_pearson": ("Pearson χ²", "Pearson χ²"),
    "test_likelihood_ratio": ("似然比 G²", "Likelihood ratio G²"),
    "test_rao_scott": ("Rao–Scott F（二阶校正）", "Rao–Scott F (second order)"),
    "test_rao_scott_second_order": (
        "多选题整体检验（二阶 Rao–Scott）",
        "Joint test of a multiple choice (second-order Rao–Scott)",
    ),
    "test_linear_by_linear": ("线性趋势（linear-by-linear）", "Linear by linear"),
    "test_cochran_mantel_haenszel": (
        "控制分层后（Cochran–Mantel–Haenszel）",
        "Given the layer (Cochran–Mantel–Haenszel)",
    ),
    "association": (
        "“{rows}”与“{columns}”有关联（p {p}），{strength}。",
        "“{rows}” and “{columns}” are associated (p {p}); {strength}.",
    ),
    "set_association": (
        "“{rows}”与“{columns}”有关联（p {p}）。",
        "“{rows}” and “{columns}” are associated (p {p}).",
    ),
    "no_association": (
        "没有发现“{rows}”与“{columns}”有关联（p {p}）；这不等于证明两者无关。",
        "No association of “{rows}” and “{columns}” was found (p {p}); that does not prove that "
        "there is none.",
    ),
    "untested": ("没有做关联检验：{why}。", "Association was not tested: {why}."),
    "strength": ("关联强度{word}（V = {v}）", "its strength is {word} (V = {v})"),
    "negligible": ("很小", "negligible"),
    "weak": ("较弱", "weak"),
    "medium": ("中等", "medium"),
    "strong": ("较强", "strong"),
    "options": ("校正后有差异的选项：{names}。", "Options that differ after adjustment: {names}."),
    "no_option": (
        "逐项校正后没有一个选项单独有差异。",
        "After adjustment no single option differs.",
    ),
    "and_more": ("{shown} 等 {n} 项", "{shown} and others, {n} in all"),
    "striking_more": (
        "差别最大的一格：“{column}”中选“{row}”的占 {share}，高于全部的 {overall}。",
        "Most striking: {share} of “{column}” gave “{row}”, above {overall} of all.",
    ),
    "striking_less": (
        "差别最大的一格：“{column}”中选“{row}”的占 {share}，低于全部的 {overall}。",
        "Most striking: {share} of “{column}” gave “{row}”, below {overall} of all.",
    ),
    "small_columns": (
        "以下各列不足 30 份，比例只供参考：{names}。",
        "Fewer than 30 responses, read the shares with care: {names}.",
    ),
    "doubtful": (
        "期望频数过小（最小 {smallest}），χ² 近似不可靠，以 Fisher 精确检验的 p 为准。",
        "Expected counts are small (smallest {smallest}), so that χ² is doubtful: read the p of "
        "Fisher’s exact test.",
    ),
    "doubtful_simulated": (
        "期望频数过小（最小 {smallest}），χ² 近似不可靠，以随机模拟的精确检验的 p 为准。",
        "Expected counts are small (smallest {smallest}), so that χ² is doubtful: read the p of "
        "the simulated exact test.",
    ),
    "doubtful_only": (
        "期望频数过小（最小 {smallest}），χ² 的 p 只供参考；可合并类别后再看。",
        "Expected counts are small (smallest {smallest}): the p of χ² is a rough guide; merge "
        "categories.",
    ),
    "left_out": (
        "以下各组答卷太少，没有参加多选题的检验（至少要有 2 份；有权重、分层或整群的，至少要来自 "
        "6 个抽样单元）：{names}。",
        "Too small for the tests of a multiple choice, which leave them out (2 responses are "
        "needed, or under weights, strata or clusters 6 sampling units): {names}.",
    ),
    "refused": ("{part}：{why}。", "{part}: {why}."),
    "part_fisher": ("Fisher 精确检验没有做", "No exact test"),
    "part_letters": ("各列之间没有逐对比较", "Columns are not compared in pairs"),
    "part_letters_of_some": (
        "部分列没有与别的列逐对比较",
        "Some columns are not compared with others",
    ),
    "part_cmh": ("控制分层的检验没有做", "No test given the layer"),
    "omitted": (
        "“{side}”中没有答卷的组未列出：{names}。",
        "Groups of “{side}” without a response are not listed: {names}.",
    ),
    "base_cases": (
        "只统计两项都有回答的答卷；比例＝份数÷应答基数，多选题各项之和可超过 100%。",
        "Responses with an answer to both only. Share = count ÷ base; the shares of a multiple "
        "choice may sum to over 100%.",
    ),
    "base_mentions": (
        "只统计两项都有回答的答卷；多选题的比例＝该项被选次数÷选择人次，各项之和为 100%。",
        "Responses with an answer to both only. Shares of a multiple choice are of mentions: how "
        "often the option was ticked ÷ all ticks; they sum to 100%.",
    ),
    "interval_note": (
        "95% 区间：{method}，按份数计算；只反映抽样偶然误差。",
        "95% intervals: {method}, from counts; chance only.",
    ),
    "interval_mentions": (
        "95% 区间：{method}，多选题按人次时用线性化方差；只反映抽样偶然误差。",
        "95% intervals: {method}, from the linearised variance of shares of mentions; chance only.",
    ),
    "interval_design": (
        "95% 区间：{method}，用设计方差和 t 分布；"
        "比例为 0 或 1、或各抽样单元没有差异时按份数计算。",
        "95% intervals: {method}, from the design’s variance with t; from counts where a share is "
        "0 or 1 or sampling units do not differ.",
    ),
    "interval_calibrated": (
        "区间的方差由对校准边际回归后的残差算出，已计入加权校准；"
        "校准边际本身的比例是已知的，区间长度为 0。",
        "Their variance is from residuals net of the margins that the weights meet, so that it "
        "knows of the calibration; shares of these margins are known and have intervals of "
        "length 0.",
    ),
    "weighted_note": (
        "份数未加权，比例、区间和检验按抽样设计和权重计算。",
        "Counts are unweighted; shares, intervals and tests follow the design and its weights.",
    ),
    "letters_note": (
        "比例后的字母：本列的该比例显著高于字母所指的列（逐对比较，同一行内 {adjust} 校正，"
        "p < 0.05）；多选题按应答人数比较。",
        "Letters behind a share: it is significantly higher than in the columns with these letters "
        "(pairwise, {adjust} adjustment within the row, p < 0.05; a multiple choice by cases).",
    ),
    "residual_note": (
        "▲、▼：调整残差 z 的绝对值大于 1.96，即比两项无关时明显偏多、偏少（未作多重校正）。",
        "▲ and ▼: adjusted residual |z| > 1.96, clearly more or fewer than without an association "
        "(not adjusted for the number of cells).",
    ),
    "residual_blank_note": (
        "答卷只来自一个抽样单元的行、列，误差无法估计，不标 ▲、▼。",
        "Rows and columns within one sampling unit have no ▲ or ▼: their error is unknown.",
    ),
    "margin_note": (
        "误差范围：比例为 50% 时 95% 置信水平下的 ±（最不利情况），按答卷份数计（按人次时也是）；"
        "有权重、分层、整群的，按本表这道题的设计效应计入。",
        "Margin of error: ± of a share of 50% at 95% confidence (the worst case) from as many "
        "responses (for mentions too); under weights, strata or clusters with the design effect of "
        "the question in this table.",
    ),
    "set_note": (
        "多选题各项不独立，不用普通 χ²：整体检验为二阶 Rao–Scott 校正"
        "（Thomas & Decady 2004；Bilder & Loughin 2004）；不足 2 份答卷的组（有权重、分层或整群的，"
        "不足 6 个抽样单元的组）不参加检验。",
        "The options of a multiple choice are not independent, so that no plain χ² is used: the "
        "joint test is corrected after Rao & Scott (Thomas & Decady 2004; Bilder & Loughin 2004). "
        "Groups of fewer than 2 responses (under weights, strata or clusters of fewer than 6 "
        "sampling units) are left out of the tests.",
    ),
    "strength_note": (
        "关联强度的说法按 Cohen（1988）：w = V√(k−1)，k 为行数、列数中较小者；"
        "小于 0.1 很小，小于 0.3 较弱，小于 0.5 中等，其余较强。",
        "Words for strength after Cohen (1988): w = V√(k−1), k the smaller of rows and columns; "
        "below 0.1 negligible, 0.3 weak, 0.5 medium, else strong.",
    ),
    "adjust_holm": ("Holm", "Holm’s"),
    "adjust_bonferroni": ("Bonferroni", "Bonferroni’s"),
    "adjust_bh": ("Benjamini–Hochberg", "Benjamini & Hochberg’s"),
    "related": ("有关联", "associated"),
    "unrelated": ("未发现关联", "no association found"),
    "overview_note": (
        "逐题检验，校正后的 p 在全部题之间按 Benjamini–Hochberg 校正；"
        "期望频数过小的改做 Fisher 精确检验；带 * 的期望频数过小又不能做精确检验，p 只供参考；"
        "多选题的检验不含不足 2 份答卷的组（有权重、分层或整群的，不足 6 个抽样单元的组）。",
        "One test per question, p adjusted over all of them (Benjamini & Hochberg); where expected "
        "counts are too small it is Fisher’s exact test; * marks those for which there is none, so "
        "that p is a rough guide. The test of a multiple choice leaves out groups of fewer than 2 "
        "responses (under weights, strata or clusters of fewer than 6 sampling units).",
    ),
    "given_layer": ("{layer}：{name}", "{layer}: {name}"),
    "above": ("▲偏多", "▲ more"),
    "below": ("▼偏少", "▼ fewer"),
}
