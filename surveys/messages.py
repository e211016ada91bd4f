"""Every sentence that this package says to people about answers and definitions, zh and en."""

from __future__ import annotations

import reprlib
from collections.abc import Mapping
from typing import Any

LONGEST_VALUE_SHOWN = 40
LONGEST_DETAIL_SHOWN = 400
FROM_PEOPLE = frozenset({"value", "key", "field"})
"""Details that hold whatever somebody typed; the others are ours and shown whole."""


def say(code: str, details: Mapping[str, Any], language: str = "zh") -> str:
    """The sentence for `code` with its details filled in. Raises KeyError for an unknown code."""
    template = MESSAGES[code][0 if language.startswith("zh") else 1]
    return template.format_map({key: _shown(key, value) for key, value in details.items()})


def _shown(key: str, value: Any) -> str:
    longest = LONGEST_VALUE_SHOWN if key in FROM_PEOPLE else LONGEST_DETAIL_SHOWN
    text = value if isinstance(value, str) else BRIEFLY.repr(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= longest else text[:longest] + "…"


class _Briefly(reprlib.Repr):
    """Nested or endless values in a few characters: Python refuses to print the largest ints."""

    def repr_int(self, value: int, level: int) -> str:
        return str(value) if value.bit_length() <= 128 else "…"


BRIEFLY = _Briefly()

ANSWERS = {
    "malformed_time": (
        "设备报告的时间无法识别（{given}），请核查",
        "The time that the device reports ({given}) cannot be read; please check",
    ),
    "finished_before_started": (
        "设备报告的结束时间（{given}）早于开始时间，请核查",
        "The end that the device reports ({given}) is before the start; please check",
    ),
    "finished_after_closing": (
        "访问结束于 {given}，在项目截止日（{closes_on}）之后，请核查",
        "The interview ended at {given}, after the closing day of the project ({closes_on})",
    ),
    "finished_in_future": (
        "设备报告的结束时间（{given}）晚于收到时间一天以上，平板的时钟可能不准，请核查",
        "The end that the device reports ({given}) is over a day after it arrived; "
        "the clock of the tablet may be wrong",
    ),
    "no_consent": (
        "没有受访者同意参加的记录，请核查",
        "No consent of the respondent is on record; please check",
    ),
    "consent_unproven": (
        "没有经过知情同意页的凭据，请核查受访者是否同意",
        "There is no proof that the page of consent was passed; please check",
    ),
    "device_revoked": (
        "交回时这台平板或其调查员的账号已停用，请核查",
        "The tablet or the account of its enumerator was closed when this was handed in",
    ),
    "device_unproven": (
        "无法证明这份答卷由哪台平板采集，已记在交来者名下，请核查",
        "Nothing proves which tablet made this response; it is kept under whoever handed it in",
    ),
    "malformed_position": (
        "平板报告的位置不合理（{given}），没有保存",
        "The position that the tablet reports ({given}) is impossible and was not kept",
    ),
    "unknown_area": ("项目中没有区域“{area}”", "The project has no area “{area}”"),
    "required": ("此题必答，请作答", "This question needs an answer"),
    "not_asked": (
        "按跳题规则或调查对象，此题不用回答，请清空",
        "This question is not asked here (skip rule or respondent group); leave it empty",
    ),
    "unknown_question": ("问卷中没有“{key}”这一题", "The questionnaire has no question “{key}”"),
    "wrong_audience": (
        "此问卷不用于该调查对象（{value}）",
        "Not for this respondent group ({value})",
    ),
    "one_answer_only": ("此题只能有一个答案", "Only one answer is possible here"),
    "unknown_option": (
        "没有“{value}”这个选项，可选：{allowed}",
        "There is no option “{value}”; choose one of: {allowed}",
    ),
    "not_a_list_of_options": ("答案应为选项代码的列表", "The answer must be a list of options"),
    "option_twice": ("同一选项出现了两次", "The same option is given twice"),
    "exclusive": ("选了“{option}”就不能再选其他项", "“{option}” cannot be ticked with others"),
    "too_many": (
        "最多选 {at_most} 项，现选了 {count} 项",
        "At most {at_most}, but {count} are ticked",
    ),
    "note_missing": ("选了“{option}”，请填写说明", "“{option}” is chosen: please write the note"),
    "note_without_option": (
        "没有选“{option}”，说明应为空",
        "“{option}” is not chosen, so its note must be empty",
    ),
    "not_an_integer": ("请填整数，例如 12", "Enter a whole number such as 12"),
    "not_a_number": ("请填数字，例如 12.5", "Enter a number such as 12.5"),
    "too_many_places": ("最多保留 {places} 位小数", "At most {places} digits after the point"),
    "out_of_bounds": (
        "应在 {minimum} 到 {maximum} 之间",
        "Must be between {minimum} and {maximum}",
    ),
    "too_low": ("不能小于 {minimum}", "Must be {minimum} or more"),
    "too_high": ("不能大于 {maximum}", "Must be {maximum} or less"),
    "not_a_date": ("请填日期，例如 2018-06-30", "Enter a date such as 2018-06-30"),
    "not_a_text": ("此处应为文字", "This must be text"),
    "control_character": (
        "含有不可见的控制字符，请删除",
        "Contains control characters; remove them",
    ),
    "too_long": (
        "最多 {max_length} 个字，现有 {length} 个字",
        "At most {max_length} characters, but there are {length}",
    ),
}

DEFINITIONS = {
    "file_too_large": (
        "文件过大，上限 {limit} 字节",
        "The file is over the limit of {limit} bytes",
    ),
    "not_utf8": (
        "文件不是 UTF-8 编码（第 {byte} 字节处），请另存为 UTF-8",
        "The file is not UTF-8 (at byte {byte}); save it as UTF-8",
    ),
    "not_yaml": (
        "第 {line} 行不是有效的 YAML：{problem}",
        "Line {line} is no valid YAML: {problem}",
    ),
    "too_many_nodes": ("内容超过 {limit} 项，无法接受", "More than {limit} entries"),
    "too_nested": ("嵌套超过 {limit} 层", "Nested deeper than {limit} levels"),
    "not_a_questionnaire": (
        "文件不是问卷：最外层应有 slug、version、title、questions 等项",
        "Not a questionnaire: the top level needs slug, version, title, questions …",
    ),
    "missing_field": ("缺少“{field}”", "“{field}” is missing"),
    "unknown_field": (
        "不认识的项“{field}”，请检查拼写",
        "Unknown field “{field}”: check the spelling",
    ),
    "must_be_text": (
        "“{field}”应为文字，现为 {value}；Y、N、数字请加引号",
        "“{field}” must be text but is {value}; put quotes around Y, N and numbers",
    ),
    "not_one_of": (
        "“{field}”不能是“{value}”，可用：{expected}",
        "“{field}” cannot be “{value}”; one of {expected}",
    ),
    "must_not_be_empty": ("“{field}”不能为空", "“{field}” must not be empty"),
    "too_many_characters": (
        "“{field}”最长 {limit} 个字",
        "“{field}” can have at most {limit} characters",
    ),
    "not_a_whole_number": (
        "“{field}”应为整数，现为 {value}",
        "“{field}” must be a whole number but is {value}",
    ),
    "not_yes_or_no": (
        "“{field}”只能是 true 或 false，现为 {value}",
        "“{field}” must be true or false but is {value}",
    ),
    "not_a_list": ("“{field}”应为列表，现为 {value}", "“{field}” must be a list but is {value}"),
    "not_a_mapping": (
        "“{field}”应由“名称: 内容”各项组成，现为 {value}",
        "“{field}” must be made of “name: value” entries but is {value}",
    ),
    "not_a_value": (
        "“{field}”应为数字、加引号的文字或选项列表，现为 {value}",
        "“{field}” must be a number, text in quotes or a list of options but is {value}",
    ),
    "key_not_text": (
        "项名 {value} 应为文字；yes、no、on、off 和数字请加引号",
        "The key {value} must be text; put quotes around yes, no, on, off and numbers",
    ),
    "under_limit": ("“{field}”不能小于 {limit}", "“{field}” must be {limit} or more"),
    "over_limit": ("“{field}”不能大于 {limit}", "“{field}” must be {limit} or less"),
    "malformed_code": (
        "“{field}”不能写成“{value}”，应符合 {pattern}",
        "“{field}” cannot be “{value}”; it must match {pattern}",
    ),
    "unprintable": (
        "“{value}”中含有不可见的控制字符，请删除",
        "“{value}” contains control characters; remove them",
    ),
    "malformed_condition": (
        "条件“{field}”写法有误：只能是 all/any/not 之一，或一个 question 加一个比较",
        "The condition “{field}” must be one of all/any/not, or a question with one comparison",
    ),
    "malformed": (
        "“{field}”不正确（{value}）：{problem}",
        "“{field}” is wrong ({value}): {problem}",
    ),
    "reserved_code": (
        "题目代码不能用 {reserved}，这些是数据表的列名",
        "{reserved} cannot be question codes: they name other columns of a sheet",
    ),
    "duplicate_question": ("题目代码重复（{times} 次）", "The question code is used {times} times"),
    "no_options": ("选择题没有选项", "A choice question without options"),
    "options_on_text": ("文字题不能有选项，不愿回答时留空", "A text question cannot have options"),
    "answer_option_on_number": (
        "数字题和日期题的选项只能是拒答或不清楚（meaning），“{option}”不是",
        "Options of a number or date must be refused or dont_know (meaning); “{option}” is not",
    ),
    "option_looks_like_answer": (
        "选项代码“{option}”会与数字答案混淆，请用字母",
        "The option code “{option}” could be taken for a number; use letters",
    ),
    "too_many_options": ("选项超过 {limit} 个", "More than {limit} options"),
    "duplicate_option": ("选项代码“{option}”重复", "The option code “{option}” is used twice"),
    "duplicate_option_text": ("选项文字“{text}”重复", "The option text “{text}” is used twice"),
    "at_most_without_multiple": ("at_most 只用于多选题", "at_most is for multiple choice only"),
    "exclusive_without_multiple": (
        "exclusive 只用于多选题",
        "exclusive is for multiple choice only",
    ),
    "worst_first_without_scale": (
        "worst_first（选项由差到好）只用于单选题和量表题",
        "worst_first (options from worst to best) is for single choices and scales only",
    ),
    "at_most_over_options": (
        "at_most（{at_most}）大于选项个数",
        "at_most ({at_most}) is more than there are options",
    ),
    "note_without_choice": (
        "note 只用于选择题的选项",
        "note is for options of choice questions only",
    ),
    "bounds_without_number": (
        "minimum/maximum 只用于数字题和日期题",
        "minimum/maximum are for numbers and dates only",
    ),
    "malformed_bound": ("界限“{value}”与题型不符", "The bound “{value}” does not fit the kind"),
    "bounds_swapped": ("minimum 大于 maximum", "minimum is more than maximum"),
    "foreign_audience": (
        "调查对象“{value}”不在本问卷的调查对象之内",
        "“{value}” is not an audience of this questionnaire",
    ),
    "condition_on_unknown": (
        "条件引用了不存在的题目“{other}”",
        "The condition refers to the unknown question “{other}”",
    ),
    "condition_on_later": (
        "条件引用了后面的题目“{other}”，只能引用前面的题目",
        "The condition refers to “{other}”, which comes later; only earlier questions can be used",
    ),
    "condition_cycle": (
        "条件循环：本题与“{other}”互相依赖",
        "The conditions form a cycle: this question and “{other}” depend on each other",
    ),
    "duplicate_contradiction": (
        "矛盾规则的代码重复（{times} 次）",
        "The code of a contradiction is used {times} times",
    ),
    "contradiction_on_text": (
        "矛盾规则不能引用文字题“{other}”，只能引用选择题、数字题和日期题",
        "A contradiction cannot look at the text question “{other}”; only at choices, numbers "
        "and dates",
    ),
    "empty_combination": ("all/any 不能为空", "all/any must not be empty"),
    "comparison_does_not_fit": (
        "条件中的 {comparison}“{value}”与“{other}”的题型或选项不符",
        "{comparison} “{value}” does not fit the kind or the options of “{other}”",
    ),
}

SHEETS = {
    "empty_file": ("文件是空的", "The file is empty"),
    "wrong_file_type": (
        "文件内容与扩展名不符，请用 .csv（UTF-8）或 .xlsx",
        "The content does not match the file name; use .csv (UTF-8) or .xlsx",
    ),
    "sheet_not_utf8": (
        "不是 {encoding} 编码：请在 Excel 中另存为“CSV UTF-8”，或直接用 .xlsx",
        "Not encoded as {encoding}: save as “CSV UTF-8” in Excel, or use .xlsx",
    ),
    "unknown_encoding": (
        "不认识的编码“{encoding}”，可用 utf-8 或 gbk",
        "Unknown encoding “{encoding}”; use utf-8 or gbk",
    ),
    "not_csv": ("不是完整的 CSV：{problem}", "Not a sound CSV file: {problem}"),
    "not_a_workbook": (
        "无法作为 Excel 文件打开（{problem}），请重新另存为 .xlsx",
        "Cannot be opened as an Excel file ({problem}); save it as .xlsx again",
    ),
    "workbook_too_large": (
        "展开后超过 {limit} 字节，请分成几个文件",
        "Over {limit} bytes when unpacked; split it into several files",
    ),
    "too_many_rows": (
        "超过 {limit} 行，请分成几个文件",
        "More than {limit} rows; split it into several files",
    ),
    "formula_or_error_cell": (
        "单元格 {cell} 是公式或错误值（{value}），请改为数值或文字",
        "Cell {cell} holds a formula or an error ({value}); replace it by its value",
    ),
    "no_rows": ("只有标题行，没有数据", "There are headings but no rows"),
    "no_id_column": ("缺少 id（编号）列", "The column id is missing"),
    "no_question_column": (
        "没有一列是问卷 {questionnaire} 的题目，请核对问卷",
        "No column is a question of {questionnaire}: is it the right questionnaire?",
    ),
    "column_twice": ("该列出现了两次", "The column is given twice"),
    "unknown_column": (
        "问卷 {questionnaire} 没有这一列，请删除或改名",
        "{questionnaire} has no such column; delete or rename it",
    ),
    "cell_without_heading": ("该单元格上方没有标题", "The cell has no heading above it"),
    "no_id": ("每行都要有 id，最长 64 个字", "Each row needs an id of at most 64 characters"),
    "duplicate_id": ("id 与第 {first} 行重复", "The id is the same as in row {first}"),
    "unknown_audience": (
        "调查对象只能是：{allowed}（或留空）",
        "The audience must be one of: {allowed}",
    ),
    "not_a_weight": ("权重应为不小于 0 的数", "A weight must be a number of 0 or more"),
    "not_a_population": (
        "总体单元数应为大于 0 的数",
        "The number of units in the population must be above 0",
    ),
}

PLANS = {
    "missing_heading": ("缺少“{heading}”列", "The column “{heading}” is missing"),
    "unknown_heading": ("不认识的列，可用：{allowed}", "Unknown column; one of {allowed}"),
    "empty_cell": ("此格不能为空", "This cell must not be empty"),
    "too_long_cell": ("最长 {limit} 个字", "At most {limit} characters"),
    "duplicate_area": (
        "区域代码与第 {first} 行重复",
        "The area code is the same as in row {first}",
    ),
    "unknown_parent": (
        "上级代码“{parent}”既不在表中也不在项目中",
        "The parent “{parent}” is neither in the file nor in the project",
    ),
    "area_cycle": ("上下级形成循环", "The area is its own ancestor"),
    "not_a_setting": (
        "应填“城镇”或“农村”，空着则与上级相同",
        "This is “urban” or “rural”; an empty cell is as the area above",
    ),
    "not_a_planned_number": (
        "计划数应为 0 到 {limit} 的整数",
        "A planned number is a whole number from 0 to {limit}",
    ),
    "unknown_account": (
        "项目里没有这个账号，请先在“人员”中加入",
        "The project has no such account; add it under People first",
    ),
    "closed_account": (
        "此账号已停用，只能填 0（取消任务）",
        "This account is closed; only 0 (no longer assigned) is possible",
    ),
    "duplicate_assignment": (
        "账号和区域与第 {first} 行相同",
        "Account and area are the same as in row {first}",
    ),
}

MESSAGES = ANSWERS | DEFINITIONS | SHEETS | PLANS
