"""Every heading and sentence of the reports by group, zh and en."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("分组报告（按{by}）", "Report by group: {by}"),
    "contents": ("目录", "Contents"),
    "comparison": ("总表", "Comparison"),
    "scores": ("得分", "Scores"),
    "cross": ("交叉表", "Cross-tabs"),
    "pictures": ("图", "Pictures"),
    "overall_pictures": ("图示", "Pictures"),
    "no_pictures": (
        "没有可画的题：没有计分的题、量表题或多选题有人回答。",
        "Nothing to draw: no scored, scale or multiple-choice question was answered.",
    ),
    "few_pictures": (
        "分组超过{most}个：各组只画评价类题目，不画多选题，也不画按组的堆积图；数字见各表。",
        "More than {most} groups: each has its scale questions drawn, not its multiple choices, "
        "and no bars by group; the tables have the numbers.",
    ),
    "group": ("分组", "Group"),
    "n": ("计入份数", "Counted"),
    "planned": ("计划份数", "Planned"),
    "returned": ("完成率", "Of plan"),
    "margin": ("最大误差（百分点）", "Margin (points)"),
    "note": ("提示", "Note"),
    "open": ("打开", "Open"),
    "sheet": ("工作表", "Sheet"),
    "back": ("← 返回目录", "← Contents"),
    "top": ("{code} 最多的选项", "{code} most chosen"),
    "top_share": ("{code} 比例", "{code} share"),
    "score": ("{code} 得分", "{code} score"),
    "score_span": ("{code} 得分\n95%区间", "{code} score\n95% interval"),
    "rank": ("{code} 位次", "{code} rank"),
    "base": ("应答基数", "Base"),
    "index": ("满意度指数", "Index"),
    "index_low": ("指数95%下限", "Index 95% low"),
    "index_high": ("指数95%上限", "Index 95% high"),
    "rate": ("满意率", "Rate"),
    "plain_score": ("满意度得分", "Score"),
    "low": ("得分95%下限", "Score 95% low"),
    "high": ("得分95%上限", "Score 95% high"),
    "score_interval": ("得分95%区间", "95% interval"),
    "star_note": (
        "* 不足{least}份，仅供参考。",
        "* fewer than {least} responses: read with caution.",
    ),
    "plain_rank": ("位次范围", "Rank range"),
    "weights": ("各选项 pᵢ", "pᵢ of the options"),
    "count_of": ("{option}\n份数", "{option}\ncount"),
    "weighted_of": ("{option}\n加权份数", "{option}\nweighted count"),
    "weighted_base": ("加权基数", "Weighted base"),
    "share_of": ("{option}\n比例", "{option}\nshare"),
    "counts_line": (
        "计入答卷 {n} 份，分为 {groups} 组",
        "{n} responses counted, in {groups} groups",
    ),
    "flow_line": (
        "收到 {received} 份，计入 {counted} 份，待审 {under_review} 份，剔除 {excluded} 份",
        "received {received}, counted {counted}, under review {under_review}, excluded {excluded}",
    ),
    "small_line": (
        "其中 {count} 组不足 {least} 份，数字仅供参考：{names}",
        "{count} groups have fewer than {least} responses, read with caution: {names}",
    ),
    "and_more": ("等", " and more"),
    "overall": ("总体情况", "All groups together"),
    "overall_compared": ("各组比较", "The groups compared"),
    "overall_cross": ("各题按{by}的交叉表", "The questions by {by}"),
    "overall_table": ("全部答卷的汇总表", "Summary of all responses"),
    "caption_table": ("表{number}　{title}", "Table {number}. {title}"),
    "caption_picture": ("图{number}　{title}", "Figure {number}. {title}"),
    "summary_of": ("{label}：调查问卷汇总表", "{label}: summary of the questionnaires"),
    "scores_of": ("{code} {text}：各组得分", "{code} {text}: scores of the groups"),
    "cross_of": ("{code} {text}", "{code} {text}"),
    "options_line": ("选项：{options}", "Options: {options}"),
    "margin_line": (
        "答卷 {n} 份；比例的95%抽样误差最大为 ±{margin} 个百分点。",
        "{n} responses; the 95% margin of error of a share is ±{margin} points at most.",
    ),
    "small_group": (
        "不足 {least} 份，数字仅供参考，不宜据此评比。",
        "Fewer than {least} responses: read with caution, do not rank by them.",
    ),
    "small_mark": ("不足{least}份，仅供参考", "under {least}: with caution"),
    "empty_mark": ("没有答卷", "no responses"),
    "empty_group": ("这一组没有计入的答卷。", "No response of this group is counted."),
    "score_line": (
        "{code} {text}：得分 {score}（满分 {points}），95%区间 {span}，满意率 {rate}，基数 {base}",
        "{code} {text}: score {score} of {points}, 95% interval {span}, rate {rate}, base {base}",
    ),
    "rank_line": ("，在 {count} 组中{rank}", ", {rank} of {count} groups"),
    "one_rank": ("第{rank}位", "rank {rank}"),
    "rank_range": ("第{best}–{worst}位", "rank {best}–{worst}"),
    "no_score": (
        "{code} {text}：应答基数为 0，没有得分",
        "{code} {text}: the base is 0, there is no score",
    ),
    "nothing_to_rank": ("可比较的组不足两个，不排位次。", "Fewer than two groups can be ranked."),
    "certain_order": (
        "各组的区间互不重叠，先后可以确定。",
        "No intervals overlap: the order is certain.",
    ),
    "no_order": (
        "{count} 组的区间都互相重叠，不能说谁先谁后。",
        "The intervals of all {count} groups overlap: no order can be told.",
    ),
    "some_order": (
        "有的组区间重叠，位次以范围表示；范围重叠的组不能分先后。",
        "Some intervals overlap: ranks are given as ranges; groups whose ranges overlap cannot be "
        "put in order.",
    ),
    "test_line": ("{verdict}（{numbers}）。", "{verdict} ({numbers})."),
    "between": ("；", "; "),
    "differs": ("回答因{by}而不同", "The answers differ by {by}"),
    "differs_not": ("看不出回答因{by}而不同", "The answers cannot be said to differ by {by}"),
    "not_tested": ("未做检验：{reason}。", "Not tested: {reason}."),
    "fisher": (
        "期望份数偏小，以 Fisher 精确检验 {p} 为准",
        "expected counts are small; Fisher {p}",
    ),
    "doubtful": (
        "期望份数偏小，χ² 检验仅供参考",
        "expected counts are small: the χ² test is a rough guide",
    ),
    "left_out": (
        "未计答卷太少的组：{names}",
        "without the groups that are too small: {names}",
    ),
    "smallest_p": (
        "逐个选项检验，差别最大的选项 {numbers}，Bonferroni 调整后 {p}",
        "each option tested; the one that differs most {numbers}, {p} after Bonferroni",
    ),
    "unweighted_note": (
        "各表按份数统计，每份答卷计一次；区间按简单随机抽样计算，只反映抽样的偶然误差。",
        "Every response counts once; intervals are those of a simple random sample and tell of "
        "chance only.",
    ),
    "weighted_note": (
        "得分、满意率、位次和检验按抽样设计（权重、层、群）估计；汇总表和交叉表的份数、比例按答卷份数统计。",
        "Scores, rates, ranks and tests follow the sample design (weights, strata, clusters); "
        "counts and shares of the tables are of responses.",
    ),
    "all_weighted_note": (
        "得分、满意率、位次、检验和各表的比例都按抽样设计（权重、层、群）估计；份数是答卷份数。",
        "Scores, rates, ranks, tests and the shares of the tables follow the sample design "
        "(weights, strata, clusters); counts are of responses.",
    ),
    "margin_note": (
        "最大误差：比例为50%时95%置信区间的一半宽度；比例越接近0或100%误差越小。",
        "Margin: half the width of the 95% interval of a share of 50%; nearer to 0 or 100% it is "
        "smaller.",
    ),
    "designed_margin_note": (
        "最大误差已计入抽样设计：取该组各题比例的设计效应的平均数。交叉分析页只按所看的那一题计算，"
        "满意度比较页的误差是满意度指数的，所以三处的数不同。",
        "Margins allow for the sample design: the mean design effect of the shares of all "
        "questions in the group. The page of cross-tables takes that of the question shown, and "
        "the margin on the page of satisfaction is that of the index, so the three differ.",
    ),
    "rank_note": (
        "位次范围依据同时成立的置信区间（整体95%，Bonferroni）：只有区间不重叠才分先后。",
        "Rank ranges rest on simultaneous intervals (95% for all together, Bonferroni): only "
        "groups whose intervals do not overlap are put in order.",
    ),
    "test_note": (
        "检验：单选题用 Pearson χ²（有抽样设计时用 Rao–Scott），多选题用二阶 Rao–Scott，"
        "不计不足 2 份答卷的组（有权重、分层或整群的，不足 6 个抽样单元的组）；"
        "题目多时，偶然会有约5%的题显著。",
        "Tests: Pearson's χ² for single choice (Rao–Scott under a design), second-order Rao–Scott "
        "for multiple choice, without groups of fewer than 2 responses (under weights, strata or "
        "clusters of fewer than 6 sampling units); of many questions about 5% differ by chance "
        "alone.",
    ),
}
