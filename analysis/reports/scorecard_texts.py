"""Headings, sentences and names of grades of the scorecard, zh and en."""

from __future__ import annotations


def word(key: str, language: str = "zh", **details: object) -> str:
    """The heading or sentence of this key. Raises KeyError for an unknown one."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def grade_word(name: str, language: str = "zh") -> str:
    """The name of a grade; in English with the Chinese one behind it, which is what counts."""
    if language.startswith("zh") or name not in GRADES:
        return name
    return f"{GRADES[name]} ({name})"


GRADES: dict[str, str] = {
    "优": "excellent",
    "优秀": "excellent",
    "良": "good",
    "良好": "good",
    "中": "medium",
    "一般": "fair",
    "合格": "passed",
    "差": "poor",
    "较差": "poor",
    "不合格": "failed",
}
"""Grades of the schemes in `analysis.evaluation.grades`, in English."""
WORDS: dict[str, tuple[str, str]] = {
    "comma": ("、", ", "),
    "semicolon": ("；", "; "),
    "scorecard": ("指标体系评分表", "Scorecard"),
    "framework": ("指标体系：{title}（{slug}）", "Framework: {title} ({slug})"),
    "scheme": (
        "等级标准：{source}，{bounds}，其余为{last}（下限含本数，占总分值的百分比）",
        "Grades: {source}: {bounds}, else {last} (lower bounds inclusive, percent of all points)",
    ),
    "source_line": ("数据来源：{source}", "Source: {source}"),
    "total_line": (
        "总分 {total}（{printed}）／{points}，得分率 {rate}，等级：{grade}",
        "Total {total} ({printed}) of {points}, rate {rate}, grade: {grade}",
    ),
    "total_so_far": (
        "已计分 {scored}／{points}，尚未评完",
        "{scored} of {points} so far; not complete",
    ),
    "level": ("{number}级指标", "Level {number}"),
    "id": ("代码", "Code"),
    "indicator": ("指标", "Indicator"),
    "points": ("分值", "Points"),
    "score": ("得分", "Score"),
    "rate": ("得分率", "Rate"),
    "formula": ("评分过程", "How it came about"),
    "origin": ("数据来源", "Source"),
    "remarks": ("说明", "Remarks"),
    "sub_total": ("{name}小计", "{name}, sub-total"),
    "total": ("合计", "Total"),
    "printed_total": ("总分（保留两位小数）", "Total (two decimals)"),
    "grade": ("等级（按未取舍的总分）", "Grade (of the exact total)"),
    "grade_printed": ("等级（按两位小数的总分）", "Grade (of the rounded total)"),
    "no_grade": ("暂不定等级", "No grade yet"),
    "by_level": ("分级得分", "Scores by level"),
    "evidence": ("佐证材料：{file}", "evidence: {file}"),
    "basis_stated": ("填报得分", "stated score"),
    "basis_measured": ("实际值", "measured"),
    "basis_survey": ("问卷", "survey"),
    "basis_funds": ("资金表", "fund table"),
    "basis_none": ("未计分", "not scored"),
    "survey_line": (
        "应答基数 {base}：{questions}；{estimate}（95%区间 {span}），得分区间 {score_span}",
        "base {base}: {questions}; {estimate} (95% interval {span}), score {score_span}",
    ),
    "outlook": ("什么会改变等级", "What would change the grade"),
    "outlook_rescored": (
        "按问卷重新计分后，什么会改变等级",
        "What would change the grade of the scores from the survey",
    ),
    "to_better": ("距“{grade}”还差 {points} 分。", "{points} points are missing to “{grade}”."),
    "to_worse": (
        "再失去超过 {points} 分即低于“{grade}”。",
        "More than {points} points less is below “{grade}”.",
    ),
    "all_ambiguous": (
        "档次有歧义的指标全部就低：{low}（{grade_low}）；全部就高：{high}（{grade_high}）。",
        "Every ambiguous ratio read down: {low} ({grade_low}); read up: {high} ({grade_high}).",
    ),
    "ambiguous": (
        "{indicator}：现为 {score}；就低 {low} 分，总分 {total_low}（{grade_low}）；"
        "就高 {high} 分，总分 {total_high}（{grade_high}）。",
        "{indicator}: {score} now; read down {low}, total {total_low} ({grade_low}); "
        "read up {high}, total {total_high} ({grade_high}).",
    ),
    "edge_share": (
        "{indicator}：距“{band}”一档 {distance} 个百分点，届时得 {score} 分，"
        "总分 {total}（{grade}）。",
        "{indicator}: {distance} percentage points from the band “{band}”, worth {score}: "
        "total {total} ({grade}).",
    ),
    "edge_cases": (
        "{indicator}：距“{band}”一档 {distance} 例，届时得 {score} 分，总分 {total}（{grade}）。",
        "{indicator}: {distance} cases from the band “{band}”, worth {score}: "
        "total {total} ({grade}).",
    ),
    "edge_here": (
        "{indicator}：正在“{band}”一档的边界上，越过即得 {score} 分，总分 {total}（{grade}）。",
        "{indicator}: right at the edge of the band “{band}”, worth {score}: "
        "total {total} ({grade}).",
    ),
    "more_edges": (
        "另有 {count} 处档次边界，见各子项目。",
        "{count} more edges of bands are told with each sub-project.",
    ),
    "unmeasured": (
        "另有 {count} 项分档指标只有填报得分、没有实际值，无法判断离档次边界多远。",
        "Of {count} more indicators with bands only the score is stated: how near they are to an "
        "edge cannot be told.",
    ),
    "stated_note": (
        "“填报得分”没有实际值，不能复算；其余得分均按评分规则算出。",
        "A “stated score” has no measure and cannot be computed anew; all others follow from "
        "their rules.",
    ),
    "chance": (
        "问卷指标取95%区间两端：总分 {low}（{grade_low}）至 {high}（{grade_high}）。",
        "With the survey’s scores at the ends of their 95% intervals: {low} ({grade_low}) "
        "to {high} ({grade_high}).",
    ),
    "combined": ("子项目合并得分", "Sub-projects as one score"),
    "sub_project": ("子项目", "Sub-project"),
    "weight": ("权重", "Weight"),
    "weight_share": ("权重占比", "Share of weights"),
    "score_of_100": ("得分（百分制）", "Score (of 100)"),
    "contribution": ("加权得分", "Weighted score"),
    "combined_total": (
        "合并得分 {total}（{printed}），等级：{grade}；{formula}",
        "Combined {total} ({printed}), grade: {grade}; {formula}",
    ),
    "combined_open": (
        "有子项目尚未评完，暂不合并得分。",
        "A sub-project is not complete: there is no combined score yet.",
    ),
    "comparison": ("两种口径对比", "Two ways of scoring"),
    "before": ("填报得分", "As stated"),
    "after": ("按问卷重新计分", "From the survey"),
    "change": ("差额", "Difference"),
    "reason": ("差异原因", "Reason"),
    "kept": (
        "没有题目测量的指标保持填报的得分，不作改动。",
        "What no question measures keeps its stated score.",
    ),
    "funds": ("资金", "Funds"),
    "item": ("项目", "Item"),
    "source": ("来源", "Source"),
    "planned": ("计划", "Planned"),
    "arrived": ("到位", "Arrived"),
    "spent": ("支出", "Spent"),
    "balance": ("结余", "Balance"),
    "arrived_rate": ("资金到位率", "Arrived rate"),
    "executed_rate": ("预算执行率", "Execution rate"),
    "unit": ("单位：{unit}", "Unit: {unit}"),
    "findings": ("核对发现", "Findings"),
    "no_findings": ("没有核对发现。", "There are no findings."),
    "severity": ("级别", "Severity"),
    "severity_error": ("问题", "error"),
    "severity_note": ("提示", "note"),
    "place": ("位置", "Place"),
    "finding": ("内容", "Finding"),
}
