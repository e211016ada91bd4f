"""What each code of a Problem says: what is wrong and what to do next, zh and en."""

from __future__ import annotations

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
    "422.12": (
        "{name} 有 {count} 处错误，无法核对。请按下列各行改正后再核对",
        "{name} has {count} faults and cannot be audited. Mend the lines below and audit it again",
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
