"""Faults that the services find themselves, zh and en; `problems.Reason` says them."""

from __future__ import annotations

REASONS = {
    "device_account": (
        "项目里没有账号“{username}”，请先在“人员”中加入",
        "There is no account “{username}” in the project; add it under People first",
    ),
    "device_account_closed": (
        "账号“{username}”已停用，请先恢复使用",
        "The account “{username}” is closed; reopen it first",
    ),
    "device_label": (
        "平板名称最长 {longest} 个字，不能有控制字符",
        "The name of a tablet has at most {longest} characters and no control characters",
    ),
    "assigned_area": (
        "项目里没有代码为“{area}”的区域，请先导入区域与样本计划",
        "The project has no area with the code “{area}”; import areas and plan first",
    ),
    "assigned_quantity": (
        "份数应为 0 到 {most} 的整数，0 表示取消",
        "The number must be a whole number from 0 to {most}; 0 takes it away",
    ),
    "json_no_utf8": ("第 {place} 字节处不是 UTF-8", "byte {place} is not UTF-8"),
    "json_no_json": (
        "不是 JSON（第 {line} 行第 {column} 列）",
        "no JSON (line {line}, column {column})",
    ),
    "json_deep": ("嵌套超过 {deepest} 层", "nested in more than {deepest} levels"),
    "json_twice": ("同一项出现了两次", "the same member stands there twice"),
    "json_constant": ("{name} 不是 JSON 的数字", "{name} is no number of JSON"),
    "json_range": ("数字超出范围", "a number is out of range"),
    "sent_shape": ("应为 {shape}", "{shape} was expected"),
    "sent_unknown": ("不认识的项“{name}”", "the member “{name}” is not known"),
    "sent_no_uuid": ("“{given}”不是 UUID", "“{given}” is no UUID"),
    "sent_elsewhere": ("{given} 已用于别的项目", "{given} is in use in another project"),
    "sealed_no_key": ("项目没有密钥 {key}", "the project has no key {key}"),
    "sealed_broken": (
        "密文已损坏，或与答卷编号、密钥不符",
        "it is damaged, or of another response or key",
    ),
    "sealed_no_point": (
        "临时公钥不是 P-256 上的点",
        "the ephemeral key is no point of P-256",
    ),
    "sealed_no_letter": (
        "打开后的内容不符合约定",
        "what lies in it has another form",
    ),
    "outbox_empty": ("文件是空的，请重新从平板导出", "The file is empty; export it again"),
    "outbox_truncated": (
        "文件不完整，可能没有拷贝完，请重新拷贝或重新从平板导出",
        "The file is not whole: copy it again, or export it from the tablet again",
    ),
    "outbox_unreadable": (
        "文件内容无法识别（{reason}），请选择平板“导出”得到的文件",
        "The file cannot be read ({reason}); choose one that a tablet has exported",
    ),
    "outbox_other_format": (
        "这不是平板导出的文件，请选择平板“导出”得到的文件",
        "This is no export of a tablet; choose one that a tablet has exported",
    ),
    "outbox_other_version": (
        "文件的格式版本是 {given}，本服务器只认识版本 {ours}，请先升级服务器",
        "The file has version {given} of the format, this server knows {ours}; update the server",
    ),
    "outbox_other_project": (
        "文件属于项目“{given}”，请到该项目中导入",
        "The file is of the project “{given}”; import it there",
    ),
    "outbox_nothing": (
        "文件里没有答卷，也没有入户记录",
        "There are no responses and no visits in the file",
    ),
    "paper_in_practice": (
        "练习模式下不登记纸质问卷，请先退出练习",
        "Paper forms are not entered in practice mode; leave it first",
    ),
    "username_characters": (
        "账号“{username}”只能用文字、数字和 . @ - _，最长 64 个字符",
        "Account “{username}”: only letters, digits and . @ - _, at most 64 characters",
    ),
    "display_name": (
        "姓名“{name}”最长 {longest} 个字，不能有控制字符",
        "Name “{name}”: at most {longest} characters and no control characters",
    ),
    "accounts_at_once": (
        "一次可建 1 到 {most} 个账号，现为 {given} 个",
        "1 to {most} accounts can be made at once, not {given}",
    ),
    "own_account": ("不能停用自己的账号", "You cannot close your own account"),
    "no_colleague": (
        "没有账号“{username}”，或它不在您参加的项目里",
        "There is no account “{username}”, or it is in none of your projects",
    ),
    "project_code": (
        "项目代号“{slug}”只能用小写字母、数字和短横，最长 {longest} 个字符",
        "Project code “{slug}”: only small letters, digits and hyphens, at most {longest}",
    ),
    "project_name": ("请填写项目名称", "The project needs a name"),
    "project_year": (
        "年度“{year}”应在 1990 到 2100 之间",
        "Year “{year}” must be between 1990 and 2100",
    ),
    "name_too_long": (
        "项目名称最长 {longest} 个字，不能有换行等控制字符",
        "Project name: at most {longest} characters, no line breaks or other control characters",
    ),
    "client_too_long": (
        "委托单位最长 {longest} 个字，不能有换行等控制字符",
        "Commissioned by: at most {longest} characters, no line breaks or control characters",
    ),
    "unit_too_long": (
        "项目单位最长 {longest} 个字，不能有换行等控制字符",
        "Evaluated unit: at most {longest} characters, no line breaks or control characters",
    ),
    "answer": ("{key}：{complaint}", "{key}: {complaint}"),
    "plan_is_newer": (
        "该题的方案已改为第 {newest} 版，请看过新版后再修改",
        "The plan of this question is at version {newest} by now; look at it before changing it",
    ),
    "evaluation_is_newer": (
        "评分表已改为第 {newest} 版，请看过新版后再修改",
        "The scorecard is at version {newest} by now; look at it before changing it",
    ),
    "evaluation_number": (
        "“{field}”应为数字，现为“{value}”",
        "“{field}” must be a number, not “{value}”",
    ),
    "measure_value_and_score": (
        "“实际值”与“填报得分”只能填一个",
        "Fill in either the measured value or the stated score, not both",
    ),
    "measure_nothing_measured": (
        "应填写“实际值”或“填报得分”",
        "Fill in the measured value or the stated score",
    ),
    "measure_manual_needs_score": (
        "人工评判的指标应填写“得分”",
        "An indicator that is judged needs a score",
    ),
    "measure_manual_needs_reason": (
        "人工评判的得分应在“扣分或给分的理由”中说明理由",
        "Say why points were taken or given: a judged score needs it",
    ),
    "printed_above": (
        "公布的得分 {score} 超过满分 {points}（{name}），请核对后再填",
        "The printed score {score} is above the full {points} ({name}); check it and fill it in "
        "again",
    ),
    "evaluation_text": (
        "每项文字最长 {most} 个字",
        "A text has at most {most} characters",
    ),
    "design_is_newer": (
        "样本设计已改为第 {newest} 版，请看过新版后再修改",
        "The sample design is at version {newest} by now; look at it before changing it",
    ),
    "design_reason": (
        "理由最长 {longest} 个字，不能有控制字符",
        "A reason has at most {longest} characters and no control characters",
    ),
    "evaluation_choose_part": (
        "本评价分子项目评分，请到各子项目下填报",
        "This evaluation is scored by sub-project: fill in the indicator under one of them",
    ),
    "parts_too_many": (
        "子项目最多 {most} 个",
        "There are at most {most} sub-projects",
    ),
    "part_name": (
        "每个子项目要有名称，最长 {longest} 个字，不能有控制字符",
        "Each sub-project needs a name of at most {longest} characters, no control characters",
    ),
    "part_twice": (
        "第 {places} 个子项目同名“{name}”（不计空格、全半角和大小写），请用不同的名称",
        "Sub-projects {places} have one name, “{name}” (blanks, width and capitals aside);"
        " use different names",
    ),
    "part_unknown": (
        "子项目的次序与现在的不符，请刷新页面后再修改",
        "The order of the sub-projects is another by now; load the page again",
    ),
    "framework_needed": (
        "请选择一套指标体系，或上传自己的文件",
        "Choose a framework, or upload one of your own",
    ),
    "evidence_empty": ("佐证材料“{name}”是空文件", "The evidence file “{name}” is empty"),
    "evidence_large": (
        "佐证材料“{name}”超过 {most} MB，请压缩或分成几个文件",
        "The evidence file “{name}” is over {most} MB; compress or split it",
    ),
    "other_questionnaire": (
        "这份内容填写的是另一份问卷，不能选用；请剔除后重新录入",
        "This content is of another questionnaire and cannot be used: exclude it, enter it anew",
    ),
    "nothing_to_audit": (
        "本项目还没有计入的答卷，没有可核对的表",
        "No response of the project counts yet, so there is no table to audit",
    ),
    "nothing_to_freeze": (
        "还没有计入的答卷，没有可冻结的内容",
        "No response counts yet, so there is nothing to freeze",
    ),
    "nothing_ticked": (
        "请先勾选要剔除的答卷（一次最多 {most} 份）",
        "Tick the responses to exclude first (at most {most} at a time)",
    ),
    "nothing_to_report": (
        "还没有计入的答卷，没有可报告的内容",
        "No response counts yet, so there is nothing to report",
    ),
    "report_grouping": (
        "不能按“{by}”分组，请从列表中选择",
        "The report cannot be made by “{by}”; choose from the list",
    ),
    "report_parts": ("请至少选一项内容", "Choose at least one part"),
    "organisation_too_long": (
        "评价机构最长 {longest} 个字，不能有换行等控制字符",
        "Evaluating organisation: at most {longest} characters, no line breaks",
    ),
    "report_texts_newer": (
        "报告的文字和模板已改为第 {newest} 版，请看过新版后再修改",
        "Texts and template of the report are at version {newest} by now; look at it first",
    ),
    "report_text_long": (
        "每段文字最长 {longest} 个字",
        "A text has at most {longest} characters",
    ),
    "frozen_note": (
        "说明最长 {longest} 个字，不能有换行等控制字符",
        "Note: at most {longest} characters, no line breaks or other control characters",
    ),
    "no_weights": (
        "项目中的答卷按份数统计，不存权重。请删除“权重”列再导入，或用 manyi summary 直接统计文件",
        "A project counts responses and stores no weights. Remove the column “weight” (权重), "
        "or use manyi summary on the file",
    ),
    "too_many_rows": (
        "答卷多于 Excel 一张表的行数，请改用 CSV 导出",
        "There are more responses than an Excel sheet has rows; export CSV instead",
    ),
}
