"""Sentences about framework and measures files, zh and en."""

from __future__ import annotations

FILES = {
    "file_too_large": ("文件超过 {limit} 字节", "The file is larger than {limit} bytes"),
    "not_utf8": ("文件不是 UTF-8 编码", "The file is not encoded as UTF-8"),
    "not_yaml": (
        "第 {line} 行不是有效的 YAML：{problem}",
        "Line {line} is not valid YAML: {problem}",
    ),
    "file_empty": ("文件是空的", "The file is empty"),
    "not_a_mapping": ("应为“项目: 值”的列表", "It must be a list of “name: value”"),
    "not_a_list": ("“{field}”应为列表", "“{field}” must be a list"),
    "too_many_nodes": (
        "内容过多或嵌套过深",
        "There is too much in the file, or nested too deeply",
    ),
    "unprintable": ("含有不可见的控制字符", "It contains control characters"),
    "unknown_kind": (
        "没有“{value}”这种评分规则，可用：{allowed}",
        "There is no rule “{value}”; possible: {allowed}",
    ),
    "no_kind": (
        "缺少“kind”（哪种评分规则），可用：{allowed}",
        "“kind” (which rule it is) is missing; possible: {allowed}",
    ),
    "unknown_scheme": (
        "没有“{value}”这套等级标准，可用：{allowed}",
        "There is no grade scheme “{value}”; possible: {allowed}",
    ),
    "other_framework": (
        "数据文件是为指标体系“{value}”填报的，不能用于“{allowed}”",
        "The measures are for the framework “{value}”, not for “{allowed}”",
    ),
    "unknown_framework": (
        "没有“{value}”这套指标体系，可用：{allowed}",
        "There is no framework “{value}”; possible: {allowed}",
    ),
}

FRAMEWORKS = {
    "no_parts": ("没有任何指标", "There is no indicator"),
    "no_id": ("最末级指标缺少代码“id”", "A lowest-level indicator needs an “id”"),
    "no_points": ("最末级指标缺少分值“points”", "A lowest-level indicator needs “points”"),
    "no_rule": ("最末级指标缺少评分规则“rule”", "A lowest-level indicator needs a “rule”"),
    "heading_field": (
        "下设指标的上级指标不能有“{field}”",
        "An indicator with parts cannot have “{field}”",
    ),
    "duplicate_id": ("代码“{id}”重复", "The id “{id}” is used twice"),
    "too_deep": ("指标超过四级", "There are more than four levels"),
    "points_sum": (
        "下级指标分值之和为 {sum}，与本级分值 {points} 不符",
        "The parts have {sum} points together, the indicator {points}",
    ),
    "total_points": (
        "一级指标分值之和为 {sum}，与总分值 {points} 不符",
        "The first-level indicators have {sum} points together, the framework {points}",
    ),
    "band_gap": ("评分档未覆盖 {interval}", "No band covers {interval}"),
    "band_overlap": (
        "{interval} 同时属于几个评分档：{bands}",
        "Several bands cover {interval}: {bands}",
    ),
    "band_without_percent": (
        "评分档“{band}”的端点应带百分号，如 60%≤x<80%",
        "The ends of the band “{band}” need a percent sign, as in 60%≤x<80%",
    ),
    "band_with_percent": (
        "按数量分档，“{band}”的端点不能带百分号",
        "These bands count cases: the ends of “{band}” cannot have a percent sign",
    ),
    "band_out_of_reach": (
        "评分档“{band}”在取值范围 {range} 之外，永远用不到",
        "The band “{band}” can never be reached: it lies outside {range}",
    ),
    "option_repeated": (
        "{question} 题的选项 {option} 列了两次",
        "Option {option} of {question} is named twice",
    ),
    "question_repeated": ("题目 {question} 列了两次", "The question {question} is named twice"),
    "level_repeated": ("档次“{label}”重复", "The level “{label}” is given twice"),
    "item_repeated": ("“{item}”重复", "“{item}” is given twice"),
    "checklist_sum": (
        "各项分值之和为 {sum}，与指标分值 {points} 不符",
        "The items have {sum} points together, the indicator {points}",
    ),
    "deductions_full": (
        "评分规则写明满分 {full} 分，与指标分值 {points} 不符",
        "The rule states {full} points as full marks, the indicator has {points}",
    ),
    "unknown_question": (
        "问卷 {questionnaire} 没有题目 {question}",
        "The questionnaire {questionnaire} has no question {question}",
    ),
    "unknown_option": (
        "问卷 {questionnaire} 的 {question} 题没有选项 {option}",
        "Question {question} of {questionnaire} has no option {option}",
    ),
}

MEASURES = {
    "unknown_indicator": (
        "指标体系中没有这个指标",
        "The framework has no such indicator",
    ),
    "value_and_score": (
        "“value”（实际值）与“score”（填报得分）只能填一个",
        "Give either “value” or “score”, not both",
    ),
    "nothing_measured": (
        "应填“value”（实际值）或“score”（填报得分）",
        "Give “value” or “score”",
    ),
    "score_out_of_range": (
        "得分 {score} 不在 0 到 {points} 之间",
        "The score {score} is not within 0 and {points}",
    ),
    "manual_needs_score": (
        "人工评判的指标应填“score”（得分）",
        "An indicator that is judged needs a “score”",
    ),
    "sub_project_twice": (
        "第{places}个子项目同名“{name}”（不计空格、全半角和大小写），请用不同的名称",
        "Sub-projects {places} have one name, “{name}” (blanks, width and capitals aside);"
        " use different names",
    ),
    "manual_needs_reason": (
        "人工评判的得分应说明理由“reason”",
        "A judged score needs a “reason”",
    ),
    "not_a_share": (
        "实际值应写成 79% 或 79/100 的形式，现为 {value}",
        "The value must be written like 79% or 79/100, not {value}",
    ),
    "not_a_count": (
        "实际值应为不小于 0 的整数，现为 {value}",
        "The value must be a whole number of at least 0, not {value}",
    ),
    "unknown_level": (
        "没有“{value}”这一档，可用：{allowed}",
        "There is no level “{value}”; possible: {allowed}",
    ),
    "not_items": (
        "实际值应按“事项: 是/否或得分（数量）”填写，可用事项：{allowed}",
        "The value must be given as “item: yes, no, points or number”; items: {allowed}",
    ),
    "unknown_item": ("没有“{item}”这一事项", "There is no item “{item}”"),
    "item_out_of_range": (
        "“{item}”的得分 {value} 不在 0 到 {points} 之间",
        "“{item}” has {value} points, which is not within 0 and {points}",
    ),
    "not_an_item_count": (
        "“{item}”的数量应为不小于 0 的整数，现为 {value}",
        "The number of “{item}” must be a whole number of at least 0, not {value}",
    ),
    "items_missing": ("没有填报：{items}", "Not stated: {items}"),
    "bad_count": (
        "选项 {option} 的份数应为不小于 0 的整数，现为 {value}",
        "The count of option {option} must be a whole number of at least 0, not {value}",
    ),
    "bad_plan": ("计分方案有误：{problem}", "The scoring plan is wrong: {problem}"),
}
