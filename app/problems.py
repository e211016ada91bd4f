"""Every failure that a user can see: a stable code with the HTTP status in it, zh and en text.

Each text says what is wrong and what to do next. docs/problems.md lists them (kept by a test).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol


class Said(Protocol):
    """A sentence that knows both languages, such as a fault of a sheet, a plan or a definition."""

    def text(self, language: str = "zh") -> str: ...


Lines = Sequence[str | Said]
Told = str | Said
"""A plain str reads the same in both languages, such as a name that was given."""


class Problem(Exception):  # noqa: N818 - the word that RFC 9457 and our pages use
    """A failure to be shown; `code` is a key of PROBLEMS, `lines` are single faults (of a file).

    A line that is a plain str has been put into the reader's language already.
    """

    def __init__(self, code: str, lines: Lines = (), **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details
        self._lines = tuple(lines)

    @property
    def status(self) -> int:
        return int(self.code.partition(".")[0])

    def text(self, language: str = "zh") -> str:
        return _said(PROBLEMS[self.code], self.details, language)

    @property
    def lines(self) -> tuple[str, ...]:
        """In Chinese, for the command line and the log."""
        return self.lines_in("zh")

    def lines_in(self, language: str) -> tuple[str, ...]:
        return tuple(line if isinstance(line, str) else line.text(language) for line in self._lines)

    def as_data(self) -> dict[str, Any]:
        """The members of application/problem+json (RFC 9457)."""
        return {
            "type": "about:blank",
            "title": self.text("zh"),
            "title_en": self.text("en"),
            "status": self.status,
            "code": self.code,
            "lines": self.lines_in("zh"),
            "lines_en": self.lines_in("en"),
        }

    def __str__(self) -> str:
        return "\n".join((f"{self.code} {self.text()}", *self.lines))


class Reason:
    """One fault that the services find themselves; `key` is a key of REASONS."""

    def __init__(self, key: str, /, **details: Any) -> None:
        self.key, self.details = key, details

    def text(self, language: str = "zh") -> str:
        return _said(REASONS[self.key], self.details, language)


def _said(texts: tuple[str, str], details: dict[str, Any], language: str) -> str:
    own = {k: v.text(language) if hasattr(v, "text") else v for k, v in details.items()}
    return texts[0 if language.startswith("zh") else 1].format_map(own)


def bad_request(reason: Told) -> Problem:
    return Problem("400.1", reason=reason)


def empty_body() -> Problem:
    return Problem("400.2")


def cut_body(got: int, announced: int) -> Problem:
    return Problem("400.3", got=got, announced=announced)


def wrong_password() -> Problem:
    return Problem("401.1")


def login_needed() -> Problem:
    return Problem("401.2")


def wrong_token() -> Problem:
    return Problem("401.3")


def wrong_code() -> Problem:
    return Problem("401.4")


def not_allowed() -> Problem:
    return Problem("403.1")


def device_closed() -> Problem:
    return Problem("403.2")


def not_found() -> Problem:
    return Problem("404.1")


def no_such_questionnaire(name: str) -> Problem:
    return Problem("404.2", name=name)


def wrong_method() -> Problem:
    return Problem("405.1")


def questionnaire_exists(name: str) -> Problem:
    return Problem("409.1", name=name)


def slug_taken(slug: str) -> Problem:
    return Problem("409.2", slug=slug)


def username_taken(username: str) -> Problem:
    return Problem("409.3", username=username)


def frozen_damaged() -> Problem:
    return Problem("409.4")


def unfit_design(reason: Told) -> Problem:
    return Problem("409.5", reason=reason)


def job_expired(days: int) -> Problem:
    return Problem("410.1", days=days)


def too_large(limit_mb: int) -> Problem:
    return Problem("413.1", limit_mb=limit_mb)


def batch_too_large(most: int, limit_mb: int) -> Problem:
    return Problem("413.2", most=most, limit_mb=limit_mb)


def faulty_file(name: str, count: int, lines: Lines) -> Problem:
    return Problem("422.1", lines, name=name, count=count)


def faulty_values(lines: Lines) -> Problem:
    return Problem("422.2", lines)


def reason_needed() -> Problem:
    return Problem("422.3")


def weak_password(least: int) -> Problem:
    return Problem("422.4", least=least)


def unreadable(number: int, reason: Told) -> Problem:
    return Problem("422.5", number=number, reason=reason)


def wrong_response_id(number: int, reason: Told) -> Problem:
    return Problem("422.6", number=number, reason=reason)


def wrong_project(number: int, reason: Told) -> Problem:
    return Problem("422.7", number=number, reason=reason)


def not_published(number: int, reason: Told) -> Problem:
    return Problem("422.8", number=number, reason=reason)


def unreadable_report(reason: Told) -> Problem:
    return Problem("422.11", reason=reason)


def not_opened(number: int, reason: Told) -> Problem:
    return Problem("422.9", number=number, reason=reason)


def no_outbox_file(name: str, lines: Lines) -> Problem:
    return Problem("422.10", lines, name=name)


def too_many_logins(minutes: int) -> Problem:
    return Problem("429.1", minutes=minutes)


def too_many_jobs(most: int) -> Problem:
    return Problem("429.2", most=most)


def unexpected() -> Problem:
    return Problem("500.1")


def not_taken(number: int, reason: Told) -> Problem:
    return Problem("500.2", number=number, reason=reason)


def storage_full() -> Problem:
    return Problem("507.1")


def database_busy() -> Problem:
    return Problem("503.1")


def not_stored() -> Problem:
    return Problem("503.2")


PROBLEMS = {
    "400.1": (
        "请求无法理解：{reason}。请返回上一页重试",
        "Not understood: {reason}. Go back and try again",
    ),
    "400.2": (
        "请求没有内容，没有收到答卷。答卷仍在平板上，请重新发送",
        "The request is empty; no response came. It is still on the tablet: send it again",
    ),
    "400.3": (
        "只收到一部分（{announced} 字节中的 {got} 字节），没有存入。内容仍在平板上，平板会自动重发",
        "Only a part came ({got} of {announced} bytes) and nothing of it was stored. It is still "
        "on the tablet, which sends it again by itself",
    ),
    "401.1": (
        "账号或密码不对。请核对账号条，注意大小写",
        "Wrong account or password. Check your slip; capital letters matter",
    ),
    "401.2": ("请先登录", "Please log in first"),
    "401.3": (
        "平板的令牌缺少或无效。答卷仍在平板上；请评价人员在“平板”页重新登记此平板，再发送",
        "The tablet's token is missing or unknown. The responses are still on the tablet: have it "
        "registered anew on the page of tablets, then send again",
    ),
    "401.4": (
        "登记码不对、已被别的平板用过，或已超过7天。请评价人员在“平板”页重新登记，换一个新码",
        "The code is wrong, used by another tablet or older than 7 days. Have the tablet "
        "registered again on the page of tablets and use the new code",
    ),
    "403.1": (
        "您的角色不能使用此功能。如有需要，请联系项目负责人",
        "Your role may not do this. Ask the person in charge of the project",
    ),
    "403.2": (
        "此平板已停用，只能交回已完成的答卷。如需继续使用，请评价人员重新登记",
        "This tablet is revoked: it may hand in what it holds and nothing else. Have it registered "
        "anew to go on using it",
    ),
    "404.1": (
        "没有这个页面或数据，或者它不属于您的项目。请从首页重新进入",
        "No such page or data, or it is not in your projects. Start again from the home page",
    ),
    "404.2": (
        "没有问卷“{name}”。用 manyi project show 查看已发布的问卷",
        "There is no questionnaire “{name}”. See the published ones with manyi project show",
    ),
    "405.1": (
        "此地址不支持这种操作。请从页面上的按钮进入",
        "This address does not take that method",
    ),
    "409.1": (
        "问卷 {name} 已经发布，内容不能再改。请把 version 加 1 后发布新版本",
        "{name} is published and cannot change. Raise its version by 1 and publish that",
    ),
    "409.2": (
        "项目代号“{slug}”已被使用，请换一个",
        "The project code “{slug}” is taken; choose another",
    ),
    "409.3": (
        "账号“{username}”已存在，请换一个",
        "The account “{username}” exists; choose another",
    ),
    "409.4": (
        "冻结的数据集与库中的内容对不上，不能据此重算。请联系管理员，用备份核对",
        "The frozen dataset does not agree with what is stored, so nothing can be computed from "
        "it. Have the administrator compare it with a backup",
    ),
    "409.5": (
        "样本设计与现有答卷对不上：{reason}。请在“抽样与加权”页修改样本设计",
        "The sample design does not fit the responses: {reason}. Change it on the page of sampling "
        "and weighting",
    ),
    "410.1": (
        "文件已清理（保留 {days} 天）或已随数据目录移走。请重新制作",
        "The file is gone: files are kept for {days} days, or the data directory was changed. "
        "Make it again",
    ),
    "413.1": (
        "文件超过 {limit_mb} MB。请分成几个文件，或请管理员调大 MANYI_MAX_UPLOAD_MB",
        "The file is over {limit_mb} MB. Split it, or have MANYI_MAX_UPLOAD_MB raised",
    ),
    "413.2": (
        "一次最多上传 {most} 份、{limit_mb} MB。答卷仍在平板上，请分成较小的批次发送；"
        "单份超限时，请管理员调大 MANYI_MAX_UPLOAD_MB",
        "At most {most} responses and {limit_mb} MB at a time. They are still on the tablet: send "
        "smaller batches; for a single one over the limit have MANYI_MAX_UPLOAD_MB raised",
    ),
    "422.1": (
        "{name} 有 {count} 处错误，没有存入任何内容。请按下列各行改正后重新上传",
        "{name} has {count} faults; nothing of it was stored. Mend the lines below, try again",
    ),
    "422.2": ("填写的内容有误，请按下列各行改正", "Some values are wrong; mend the lines below"),
    "422.3": ("请填写理由，以便日后核查", "Please give a reason, so that it can be checked later"),
    "422.4": ("密码至少 {least} 个字符", "A password has at least {least} characters"),
    "422.5": (
        "收到的内容无法识别：{reason}。原文已隔离保存（编号 {number}），"
        "平板上的请保留，待评价人员处理",
        "What came cannot be read: {reason}. It is kept aside as number {number}; keep it on the "
        "tablet too until an evaluator has looked at it",
    ),
    "422.6": (
        "答卷编号不能使用：{reason}。原文已隔离保存（编号 {number}），"
        "平板上的请保留，待评价人员处理",
        "The id of the response cannot be used: {reason}. It is kept aside as number {number}; "
        "keep it on the tablet too until an evaluator has looked at it",
    ),
    "422.7": (
        "答卷属于别的项目（{reason}），此平板不能代交。原文已隔离保存（编号 {number}），"
        "平板上的请保留，待评价人员处理",
        "The response is of another project ({reason}) than this tablet. It is kept aside as "
        "number {number}; keep it on the tablet too until an evaluator has looked at it",
    ),
    "422.8": (
        "项目中没有发布过问卷 {reason}。原文已隔离保存（编号 {number}），"
        "平板上的请保留；发布该问卷后即可重新处理",
        "The questionnaire {reason} was never published in the project. It is kept aside as number "
        "{number}; keep it on the tablet too. Once it is published it can be replayed",
    ),
    "422.11": (
        "平板的入户记录或报告无法识别：{reason}。没有存入，平板上的请保留并联系评价人员",
        "The visits or the report of the tablet cannot be read: {reason}. Nothing of it was "
        "stored; keep it on the tablet and tell an evaluator",
    ),
    "422.9": (
        "密封的答卷打不开：{reason}。原文已隔离保存（编号 {number}），"
        "平板上的请保留，待评价人员处理",
        "The sealed response does not open: {reason}. It is kept aside as number {number}; keep it "
        "on the tablet too until an evaluator has looked at it",
    ),
    "422.10": (
        "{name} 不能作为平板导出文件读入，没有存入任何内容。原因见下；平板上的答卷请保留",
        "{name} cannot be read as the export of a tablet; nothing was stored. See below why, and "
        "keep the responses on the tablet",
    ),
    "429.1": (
        "登录失败次数过多，请 {minutes} 分钟后再试，或请管理员重设密码",
        "Too many failed logins. Try again in {minutes} minutes or have the password reset",
    ),
    "429.2": (
        "本项目已有 {most} 份报告在等候或制作中。请等其中一份完成，或取消一份",
        "{most} reports of this project are waiting or being made already. Wait for one, or "
        "cancel one",
    ),
    "500.1": (
        "系统出错，已存的数据没有丢失。请重试；若再次出现，请把时间告诉管理员",
        "Something went wrong; nothing stored is lost. Try again, tell the administrator the time",
    ),
    "500.2": (
        "处理这份答卷时系统出错（{reason}）。原文已隔离保存（编号 {number}），"
        "平板上的请保留，待管理员处理",
        "Something went wrong with this response ({reason}). It is kept aside as number {number}; "
        "keep it on the tablet too until the administrator has looked at it",
    ),
    "503.1": ("数据库正忙，请稍候再试一次", "The database is busy; try again in a moment"),
    "503.2": (
        "答卷还没有存入服务器，填写的内容都在本页。请不要关闭页面，稍候再提交；仍不行请联系管理员",
        "Not stored yet; all answers are on this page. Keep it open and submit again in a moment, "
        "then ask the administrator",
    ),
    "507.1": (
        "服务器磁盘已满，本次内容没有存入。请不要关闭页面，联系管理员清理后再提交",
        "The server's disk is full and this was not stored. Keep the page open, have space made, "
        "then submit again",
    ),
}

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
        "子项目“{name}”出现了两次，请用不同的名称",
        "The sub-project “{name}” stands there twice; use different names",
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
