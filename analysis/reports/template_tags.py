"""The tags that a template of the report may hold, and what each is filled with."""

from __future__ import annotations

from collections.abc import Mapping

from analysis.reports.report_values import TEXTS

FIELDS: Mapping[str, str] = {
    "title": "报告标题",
    "name": "项目名称",
    "year": "评价年度",
    "client": "委托单位",
    "unit": "项目单位",
    "organisation": "评价机构",
    "report_date": "报告年月",
    "remarks": "项目的说明（印在各表题下）",
    "funds_text": "资金安排、到位、支出及比率",
    "framework_text": "指标体系和等级标准",
    "survey_text": "问卷收到、计入、待审、剔除份数",
    "dataset_text": "冻结的数据集及其哈希",
    "conclusion": "总得分、得分率、等级",
    "comparison_text": "填报得分与按问卷重算得分的差异",
    "levels_text": "各一级指标的得分和得分率",
    "satisfaction_text": "各题的满意度指数、满意率、得分和区间",
}
TABLES: Mapping[str, str] = {
    "contents": "目录",
    "funds_table": "资金表",
    "level_table": "各级指标得分表",
    "deductions_table": "失分指标及理由",
    "satisfaction_table": "满意度得分表",
    "plan_table": "计分方案",
    "charts": "图",
    "scorecard_table": "附件1 指标体系评分表",
    "summary_tables": "附件2 调查问卷汇总表",
    "evidence_table": "附件3 数据来源",
}
"""Tags of tables; each stands in a paragraph of its own."""
TAGS: Mapping[str, str] = {**FIELDS, **TEXTS, **TABLES}
STANDARD = tuple(tag for tag in TAGS if tag not in ("name", "year"))
"""Tags of the standard template; the title has name and year already."""
