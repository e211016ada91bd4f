"""Every heading and sentence of sample sizes, zh and en."""

from __future__ import annotations

WORDS: dict[str, tuple[str, str]] = {
    "title": ("样本量", "Sample size"),
    "need": (
        "需要 {n} 份有效答卷（发放或走访 {invite} 户），误差不超过 ±{margin} 个百分点，"
        "置信水平 {level}。",
        "{n} responses are needed ({invite} households to be visited) for a margin of ±{margin} "
        "points at {level} confidence.",
    ),
    "cannot": (
        "达不到误差不超过 ±{margin} 个百分点（置信水平 {level}）：需要 {n} 份有效答卷，但总体只有 "
        "{population}，全部发放、按回收率 {rate} 也只能收回约 {expected} 份，"
        "误差为 {reached} 个百分点。",
        "A margin of ±{margin} points at {level} confidence cannot be reached: {n} responses are "
        "needed, but of the population of {population} about {expected} answer at a response rate "
        "of {rate}, which gives {reached} points.",
    ),
    "cannot_none": (
        "达不到误差不超过 ±{margin} 个百分点（置信水平 {level}）：需要 {n} 份有效答卷，但总体只有 "
        "{population}，按回收率 {rate} 连一份都难以收回。",
        "A margin of ±{margin} points at {level} confidence cannot be reached: {n} responses are "
        "needed, but of the population of {population} hardly one answers at a response rate of "
        "{rate}.",
    ),
    "asks_all": (
        "超过总体 {population}，须全部调查。",
        " More than the population of {population}: everybody is to be asked.",
    ),
    "over_population": (
        "超过总体 {population}，全部发放也不够。",
        " More than the population of {population}: inviting everybody is not enough.",
    ),
    "beyond": (
        "全部发放也达不到这个误差的组：{names}。",
        "Groups that cannot reach this margin even if everybody is invited: {names}.",
    ),
    "beyond_remark": ("单独报告达不到", "cannot be reported alone"),
    "step_simple": (
        "简单随机样本、总体无限、比例 {share}：n₀ = {n}（Cochran 1977）。",
        "Simple random sample, endless population, share {share}: n₀ = {n} (Cochran 1977).",
    ),
    "step_finite": (
        "总体 {population}，有限总体校正后 {n}。",
        "Population {population}: after the finite population correction {n}.",
    ),
    "step_effect": ("乘以设计效应 {effect} 得 {n}。", "Times the design effect {effect}: {n}."),
    "step_rate": ("除以回收率 {rate} 得 {n}。", "Over the response rate {rate}: {n}."),
    "groups_alone": (
        "如果每组都要单独达到这个误差，共需 {n} 份（发放 {invite} 份）。",
        "If each group is to reach this margin by itself, {n} responses are needed ({invite} to be "
        "visited).",
    ),
    "small_parts": (
        "按比例分配时不足 {limit} 份、不宜单独报告的组：{names}。",
        "Allocated in proportion these groups have fewer than {limit} responses, too few to report "
        "alone: {names}.",
    ),
    "small_total": (
        "不足 {limit} 份时正态近似不可靠，建议至少 {limit} 份。",
        "Below {limit} responses the normal approximation is poor; take {limit} at least.",
    ),
    "small_n": (
        "不足 {limit} 份，只供参考。",
        " Fewer than {limit} responses: a rough guide only.",
    ),
    "margin_of": (
        "{n} 份答卷：比例为 {share} 时误差 {margin} 个百分点（置信水平 {level}）。",
        "{n} responses: {margin} percentage points for a share of {share} ({level} confidence).",
    ),
    "compare": (
        "要发现 {p1} 与 {p2} 的差别（检验力 {power}，双侧显著性水平 {significance}），"
        "每组需要 {n} 份有效答卷（发放 {invite} 份）。",
        "To find the difference of {p1} and {p2} (power {power}, two-sided significance "
        "{significance}) {n} responses are needed in each group ({invite} to be visited).",
    ),
    "compare_reached": (
        "每组 {n} 份时，发现 {p1} 与 {p2} 的差别的把握（检验力）为 {power}。",
        "With {n} responses in each group the power to find {p1} against {p2} is {power}.",
    ),
    "and_more": ("{shown} 等 {n} 组", "{shown} and others, {n} in all"),
    "sizes": ("计算过程", "Steps"),
    "step": ("步骤", "Step"),
    "value": ("数值", "Value"),
    "simple": ("n₀（无限总体）", "n₀ (endless population)"),
    "finite": ("有限总体校正后", "After the finite population correction"),
    "needed": ("乘设计效应后", "Times the design effect"),
    "to_invite": ("除以回收率后", "Over the response rate"),
    "responses": ("需要有效答卷（份）", "Responses needed"),
    "invitations": ("需要发放或走访（份）", "To be visited"),
    "groups": ("各组样本量", "Sizes of the groups"),
    "group": ("分组", "Group"),
    "population": ("总体", "Population"),
    "alone": ("单独报告需要", "Needed alone"),
    "alone_invite": ("单独报告需发放", "To be visited, alone"),
    "part": ("按比例分配", "In proportion"),
    "part_margin": ("分配后误差 ±（百分点）", "Its margin ± (points)"),
    "remark": ("提示", "Remark"),
    "under": ("不足 {limit} 份", "fewer than {limit}"),
    "all": ("合计", "All"),
    "planned": ("计划份数", "Planned"),
    "planned_margin": ("计划误差 ±（百分点）", "Margin planned ± (points)"),
    "collected": ("已收份数", "Collected"),
    "collected_margin": ("目前误差 ±（百分点）", "Margin now ± (points)"),
    "reached": ("本项目各组的误差范围", "Margins of error of this project’s groups"),
    "note": (
        "按正态近似计算；假定随机抽样，配额或方便样本的误差无法这样计算。",
        "Normal approximation; assumes a random sample. The error of quota or convenience samples "
        "cannot be computed like this.",
    ),
}
