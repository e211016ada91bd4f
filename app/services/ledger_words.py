"""Every word of the ledger, zh and en, for its page and its files alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from surveys.definition import Audience


def word(key: str, language: str = "zh", **details: Any) -> str:
    return _in(WORDS[key], language).format_map(details)


def say(code: str, details: Mapping[str, Any], language: str = "zh") -> str:
    """A difference as a sentence."""
    said = {key: _value(value, language) for key, value in details.items()}
    return _in(DIFFERENCES[code], language).format_map(said)


def definitions(language: str = "zh") -> list[str]:
    return [_in(texts, language) for texts in DEFINITIONS]


def audience_word(audience: Audience | None, language: str = "zh") -> str:
    return _in(AUDIENCES[audience], language)


def _value(value: Any, language: str) -> Any:
    return audience_word(value, language) if isinstance(value, Audience) else value


def _in(texts: tuple[str, str], language: str) -> str:
    return texts[0 if language.startswith("zh") else 1]


AUDIENCES: dict[Audience | None, tuple[str, str]] = {
    Audience.RECIPIENT: ("低保户", "recipients"),
    Audience.NON_RECIPIENT: ("非低保户", "non-recipients"),
    Audience.CADRE: ("干部", "cadres"),
    None: ("全部对象", "all respondents"),
}
WORDS = {
    "ledger": ("收发台账", "Ledger of forms"),
    "differences": ("差异", "Differences"),
    "no_differences": ("没有发现差异", "No differences found"),
    "definitions": ("口径说明", "Definitions"),
    "devices": ("按平板", "By tablet"),
    "enumerators": ("按调查员", "By enumerator"),
    "areas": ("按区域", "By area"),
    "device": ("平板", "Tablet"),
    "enumerator": ("调查员", "Enumerator"),
    "area": ("区域", "Area"),
    "rest_devices": ("网页录入、纸质", "Web pages and paper"),
    "rest_enumerators": ("未注明、纸质", "Nobody named, paper"),
    "rest_areas": ("区域未注明", "Area not stated"),
    "table": ("表", "Table"),
    "name": ("名称", "Name"),
    "note": ("调查员、账号或代码", "Person, account or code"),
    "level": ("层级", "Level"),
    "remark": ("备注", "Remark"),
    "simulated": ("模拟数据", "Simulated data"),
    "total": ("合计", "Total"),
    "visits": ("入户", "Visits"),
    "planned": ("计划", "Planned"),
    "assigned": ("分配", "Assigned"),
    "completed": ("完成", "Completed"),
    "not_home": ("无人在家", "Nobody home"),
    "refused": ("拒访", "Refused"),
    "replaced": ("换户", "Replaced"),
    "paper": ("纸质问卷", "Paper forms"),
    "web": ("网页录入", "Web pages"),
    "issued": ("发放", "Issued"),
    "is_over": ("收到多于发放", "received exceeds issued"),
    "finished": ("平板完成", "Finished on tablet"),
    "received": ("收到", "Received"),
    "valid": ("有效", "Valid"),
    "counted": ("计入", "Counted"),
    "return_rate": ("回收率", "Return rate"),
    "valid_rate": ("有效率", "Valid rate"),
    "as_of": ("截至 {moment}（北京时间）", "As of {moment} (Beijing time)"),
}
DEFINITIONS = (
    (
        "发放 = 入户次数（完成、无人在家、拒访、换户都算）+ 发出的纸质问卷 + 网页录入。"
        "同一户去两次算两次；几次“完成”记在同一份答卷上只算一次",
        "Issued = visits (completed, nobody home, refused, replaced) + paper forms handed out + "
        "web pages. A household called at twice counts twice; several completed visits with one "
        "response count once",
    ),
    (
        "网页录入 = 在网页上录入或导入、没有入户记录的答卷，每份算发放一份；"
        "其中先抵去本区域及上级区域同一对象已登记的纸质问卷，不重复算",
        "Web pages = responses entered on web pages or imported, which have no visit; each counts "
        "as issued once. Paper forms entered for the same respondents in that area, or in one "
        "above it, are taken off first, so that none counts twice",
    ),
    (
        "平板完成 = 平板最近一次报告里已填完的份数，不论是否送出；下面的小字是报告时间",
        "Finished on tablet = responses that the tablet had finished by its last report, sent or "
        "not; the time of that report stands below",
    ),
    (
        "收到 = 服务器上的全部答卷，包括待审和剔除的",
        "Received = all responses on the server, those under review or excluded too",
    ),
    (
        "有效 = 收到的答卷中审核通过的（状态为“计入”）；待审的还不算",
        "Valid = of those received, the accepted ones; those under review do not count yet",
    ),
    (
        "计入 = 有效答卷中，用现用版本问卷填写的",
        "Counted = of the valid ones, those on a questionnaire version that is offered now",
    ),
    (
        "回收率 = 收到 ÷ 发放；没有发放记录，或收到多于发放（入户或纸质问卷漏记）时为“—”",
        "Return rate = received ÷ issued; “—” where nothing was issued, or more was received than "
        "issued (visits or paper forms are missing)",
    ),
    (
        "有效率 = 有效 ÷ 收到（除以回收的份数，不是发放的份数）；没有收到时为“—”",
        "Valid rate = valid ÷ received (not ÷ issued); “—” where nothing was received",
    ),
    (
        "上级区域的数字包括它下面的各区域，合计不重复计算",
        "The numbers of an area include those below it; the total counts nothing twice",
    ),
)
DIFFERENCES = {
    "missing": (
        "{tablet}（{person}）：完成 {finished} 份，收到 {received} 份，平板上还有 {held} 份，"
        "另有 {missing} 份去向不明。请查看“待审”页的隔离内容，并在平板上核对",
        "“{tablet}” (“{person}”): {finished} finished, {received} received, {held} still on the "
        "tablet, {missing} unaccounted for. Look at what is in quarantine, and at the tablet",
    ),
    "unsent": (
        "{tablet}（{person}）：完成 {finished} 份，收到 {received} 份，还有 {held} 份在平板上，"
        "最早一份 {oldest}（{told} 报告）",
        "“{tablet}” (“{person}”): {finished} finished, {received} received, {held} still on the "
        "tablet, the oldest of {oldest} (reported {told})",
    ),
    "unsent_undated": (
        "{tablet}（{person}）：完成 {finished} 份，收到 {received} 份，还有 {held} 份在平板上"
        "（{told} 报告）",
        "“{tablet}” (“{person}”): {finished} finished, {received} received, {held} still on the "
        "tablet (reported {told})",
    ),
    "unsent_of_other_mode": (
        "{tablet}（{person}）：平板上还有 {held} 份没有送出（{told} 报告，当时项目不在现在的模式）",
        "“{tablet}” (“{person}”): {held} still on the tablet (reported {told}, when the project "
        "was in the other mode)",
    ),
    "silent": (
        "{tablet}（{person}）：已 {days} 天没有联系，平板上还有 {held} 份没有送出。请联系调查员",
        "“{tablet}” (“{person}”): not heard of for {days} days, with {held} unsent. Get in touch",
    ),
    "unpersisted": (
        "{tablet}（{person}）：浏览器不保证长期保存数据，空间不足时可能清除。"
        "请把应用安装到桌面，并尽早送出",
        "“{tablet}” (“{person}”): its browser does not promise to keep data and may evict it. "
        "Install the app on the home screen and send soon",
    ),
    "aside": (
        "{tablet}（{person}）：有 {waiting} 份内容无法识别，已隔离。请到“待审”页处理",
        "“{tablet}” (“{person}”): {waiting} unreadable and in quarantine. See the review queue",
    ),
    "unanswered": (
        "{tablet}（{person}）：{visits} 次入户记为“完成”，却没有收到答卷；"
        "其中最多 {held} 份还在平板上",
        "“{tablet}” (“{person}”): {visits} visits are completed, but their responses were not "
        "received; at most {held} of them are still on the tablet",
    ),
    "unvisited": (
        "{tablet}（{person}）：{responses} 份答卷没有对应的入户记录",
        "“{tablet}” (“{person}”): {responses} responses without a visit",
    ),
    "unreported": (
        "{tablet}（{person}）：报告完成 {finished} 份，此前已收到的却比这多 {more} 份。"
        "可能清空过平板，或由别的平板以它的名义代交",
        "“{tablet}” (“{person}”): reports {finished} finished, yet {more} more than that had been "
        "received by then. Was the tablet emptied?",
    ),
    "unreplaced": (
        "{tablet}（{person}）：{replaced} 户记为“换户”，其中 {open} 户还没有替换户",
        "“{tablet}” (“{person}”): {replaced} households to be replaced, {open} of them without "
        "a replacement yet",
    ),
    "doubled": (
        "{tablet}（{person}）：有 {visits} 次“完成”的入户与另一次记在同一份答卷上，发放中没有再算",
        "“{tablet}” (“{person}”): {visits} completed visits name the response of another visit; "
        "they are not counted as issued again",
    ),
    "more_than_issued": (
        "收到 {received} 份，发放只有 {issued} 份，算不出回收率。请补记入户或纸质问卷",
        "{received} received, but only {issued} issued, so there is no return rate. Enter the "
        "visits or paper forms that are missing",
    ),
    "more_than_paper": (
        "网页录入、纸质：收到 {received} 份，登记发放的纸质问卷只有 {paper} 份",
        "Web pages and paper: {received} received, but only {paper} paper forms handed out",
    ),
    "over_plan": (
        "{area} · {audience}：计划 {wanted} 份，已完成 {done} 份，超出 {over} 份（保留并注明）",
        "“{area}”, {audience}: {wanted} planned, {done} done, {over} more (kept and flagged)",
    ),
    "over_assignment": (
        "{person} · {area} · {audience}：分配 {wanted} 份，已完成 {done} 份，"
        "超出 {over} 份（保留并注明）",
        "“{person}”, “{area}”, {audience}: {wanted} assigned, {done} done, {over} more (kept "
        "and flagged)",
    ),
}
