"""Every sentence about quality flags, zh and en: names, reasons, what was found, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from analysis import wording

Pair = tuple[str, str]
NUMBERS_SHOWN = 5
SMALLEST_CHANCE = 0.0001


def shown(name: str, value: Any, language: str) -> str:
    """A number or text of a sentence as a reader sees it."""
    zh = language.startswith("zh")
    if name in SHARES:
        return percent_of_chance(value)
    if name == "p":
        small = value < SMALLEST_CHANCE
        return f"< {SMALLEST_CHANCE}" if small else f"= {wording.number(value, 4)}"
    if name == "others":
        return _listed(value, zh)
    if name == "rules":
        return ("；" if zh else "; ").join(text[0 if zh else 1] for text in value)
    if isinstance(value, tuple):
        return str(value[0 if zh else 1])
    if isinstance(value, str):
        return value
    return wording.count(value) if isinstance(value, int) else wording.number(float(value), 1)


def percent_of_chance(share: float) -> str:
    """A chance 0..1 as a percentage; one that would round to 0 is written as less than 0.01%."""
    if 0 <= share < SMALLEST_CHANCE:
        return "<0.01%"
    return wording.percent(share)


def _listed(numbers: Sequence[int], zh: bool) -> str:
    mark = "、" if zh else ", "
    text = mark.join(f"#{number}" for number in numbers[:NUMBERS_SHOWN])
    more = len(numbers) > NUMBERS_SHOWN
    return text + ((" 等" if zh else " …") if more else "")


SHARES = frozenset({"chance", "own", "expected", "share", "false_share", "difference"})

SENTENCES: dict[str, Pair] = {
    "too_fast": (
        "用时 {seconds} 秒问了 {asked} 题，平均每题 {pace} 秒；下限为每题 {limit} 秒，"
        "中位数为每题 {median} 秒",
        "{asked} questions in {seconds} seconds, {pace} each; the limit is {limit} seconds a "
        "question, the median {median}",
    ),
    "too_fast_rule": (
        "平均每题少于 {limit} 秒（中位数为每题 {median} 秒）",
        "Fewer than {limit} seconds a question (the median is {median})",
    ),
    "straight_lining": (
        "所问 {asked} 道单选题（量表题）中，连续 {run} 题都选了同一位置的选项；"
        "按各题的比例和各题之间的关联（相关系数约 {related}），这一位置很少连续达到 {needed} 题",
        "Of {asked} single choice (scale) questions {run} in a row have the option in the same "
        "place; by the shares of each question and their correlation (about {related}) this place "
        "seldom reaches {needed}",
    ),
    "straight_lining_rule": (
        "连续选同一位置的选项，长度不少于 {items} 题，且按各题的比例和各题之间的关联，"
        "认真作答出现的机会约不超过 {chance}；某一位置一律选它也不稀奇时，该位置不标",
        "A string of options in the same place, of at least {items} questions, that honest answers "
        "reach with a chance of about {chance} at most, by the shares of each question and their "
        "correlation; a place that is no rarity throughout is not flagged",
    ),
    "duplicates": (
        "与 {others} 的回答完全相同（共 {count} 份）；按各题的比例，碰巧如此的机会为 {chance}",
        "The same answers throughout as {others} ({count} together); the chance of that, by the "
        "shares of each question, is {chance}",
    ),
    "duplicates_rule": (
        "同一类调查对象中全部回答相同，且碰巧相同的机会不超过 {chance}（文字答案不比较）",
        "All answers the same among one kind of respondents, with a chance of at most {chance} "
        "(texts are not compared)",
    ),
    "identical_blocks": (
        "同一调查员连续交来的 {together} 份中，本份与相邻的一份有连续 {block} 题回答相同；"
        "不同调查员之间随机配对，很少连续达到 {limit} 题",
        "One of {together} handed in in a row by one enumerator; it agrees with its neighbour in "
        "{block} questions in a row, and random pairs of different enumerators seldom reach "
        "{limit}",
    ),
    "identical_blocks_rule": (
        "同一调查员连续 {together} 份及以上，相邻两份有连续 {limit} 题及以上回答相同"
        "（随机配对达到此长度的不超过 {chance}）",
        "{together} or more of one enumerator in a row, each agreeing with the next in {limit} or "
        "more questions in a row (of random pairs at most {chance} do)",
    ),
    "identical_blocks_person": (
        "有 {runs} 批共 {count} 份答卷连续雷同，最长连续 {block} 题相同"
        "（随机配对很少达到 {limit} 题）",
        "{count} responses in {runs} runs of identical blocks, up to {block} questions long "
        "(random pairs seldom reach {limit})",
    ),
    "overlapping_device": (
        "与 #{partner} 在同一台平板上的访问时间重叠 {minutes} 分钟",
        "Overlaps #{partner} on the same tablet by {minutes} minutes",
    ),
    "overlapping_person": (
        "与同一调查员的 #{partner} 访问时间重叠 {minutes} 分钟",
        "Overlaps #{partner} of the same enumerator by {minutes} minutes",
    ),
    "overlapping_rule": (
        "同一调查员或同一台平板的两次访问重叠超过 {seconds} 秒",
        "Two interviews of one enumerator or on one tablet overlap by more than {seconds} seconds",
    ),
    "out_of_plan": (
        "样本计划里没有该区域和调查对象（或未注明）",
        "The sample plan has no such area and respondents (or they are not stated)",
    ),
    "over_plan": (
        "“{line}”计划 {planned} 份，这是收到的第 {place} 份",
        "“{line}” has {planned} planned, this is number {place} to arrive",
    ),
    "out_of_plan_rule": (
        "按“设置”中导入的样本计划，逐区域、逐类对象按收到的先后计数",
        "Counted by area and respondents in order of arrival, against the plan under Settings",
    ),
    "contradictory": ("{rules}", "{rules}"),
    "contradictory_rule": (
        "问卷中写明的 {count} 条矛盾规则",
        "The {count} rules on contradictions of the questionnaire",
    ),
    "option_preference": (
        "{question} 选“{option}”的占 {own}，按其他调查员应为 {expected}（共 {count} 份，"
        "χ²={statistic}，自由度 {df}，校正后 p {p}）",
        "{question}: {own} chose “{option}”, by the other enumerators {expected} were expected "
        "({count} responses, χ²={statistic}, df {df}, adjusted p {p})",
    ),
    "option_preference_rule": (
        "各题选项分布与其他调查员的 χ² 检验，按 BH 法控制误报比例 {false_share}；"
        "每人至少 {least} 份，且比例相差不小于 {difference}",
        "χ² of the options of each question against the other enumerators, BH at {false_share}; "
        "{least} answers each at least, and shares that differ by {difference} or more",
    ),
    "digit_preference": (
        "{question} 末位数字为 {option} 的占 {own}，按其他调查员应为 {expected}（共 {count} 份，"
        "χ²={statistic}，自由度 {df}，校正后 p {p}）",
        "{question}: {own} end in {option}, by the other enumerators {expected} were expected "
        "({count} responses, χ²={statistic}, df {df}, adjusted p {p})",
    ),
}


@dataclass(frozen=True)
class About:
    """What a page says of a flag besides its findings."""

    name: Pair
    explains: Pair
    matters: Pair
    todo: Pair


ABOUT: dict[str, About] = {
    "too_fast": About(
        ("用时过短", "Too fast"),
        ("每题平均用时低于读完题目所需的时间。", "Less time per question than reading it takes."),
        (
            "题目可能没有逐题询问，答案可能是代填的。",
            "The questions may not have been asked one by one.",
        ),
        (
            "看同一调查员的其他答卷，电话回访受访者。",
            "Look at the others of the same enumerator; call the respondent back.",
        ),
    ),
    "straight_lining": About(
        ("一律选同一项", "Straight-lining"),
        (
            "很多题连续选同一位置的选项（如全选 A）。",
            "Many questions in a row have the option in the same place (all A).",
        ),
        (
            "可能没有认真作答；但普遍满意的受访者也会如此，只是线索，不是证据。"
            "各题相关很高时，一律选常见选项的认真答卷分不出来，这一项查不出。",
            "Perhaps nobody read the questions; but who is content with all answers so too: a "
            "hint, no proof. Where questions correlate highly, the popular option throughout "
            "cannot be told from honest answers and is not found here.",
        ),
        ("结合用时和调查员一起看，必要时回访。", "Look at the time and the enumerator as well."),
    ),
    "duplicates": About(
        ("回答完全相同", "Same answers twice"),
        (
            "两份或多份答卷的全部回答一样，碰巧如此的机会很小。",
            "All answers of two or more responses agree, which seldom happens by chance.",
        ),
        (
            "同一份纸质问卷可能录入了两次，或答卷是复制的。",
            "One form may have been entered twice, or a response was copied.",
        ),
        (
            "核对区域、时间和纸质问卷，只保留一份。",
            "Compare area, time and paper form; keep one of them.",
        ),
    ),
    "identical_blocks": About(
        ("连续雷同", "Identical blocks"),
        (
            "同一调查员连续交来的几份答卷，有一大段题目回答一样。",
            "Several in a row of one enumerator agree in a long block of questions.",
        ),
        (
            "可能一次访问填了几份，或后面的题是照抄的。",
            "One interview may have been used for several, or the later questions copied.",
        ),
        (
            "与调查员面谈，抽取其中几户回访。",
            "Talk with the enumerator, call some of the households back.",
        ),
    ),
    "overlapping": About(
        ("访问时间重叠", "Times that overlap"),
        (
            "同一调查员或同一台平板的两次访问时间有重叠。",
            "Two interviews of one enumerator or on one tablet were at the same time.",
        ),
        (
            "一个人不能同时访问两户；但时间来自平板的时钟，可能被调过，中断后续填的访问也会重叠。",
            "Nobody is in two households at once; but the times come from the tablet's clock, "
            "which may have been set, and an interview gone on with later overlaps too.",
        ),
        ("先核对平板的时间，再问调查员。", "Check the clock of the tablet first, then ask."),
    ),
    "out_of_plan": About(
        ("超出样本计划", "Out of the sample plan"),
        (
            "区域或调查对象不在样本计划内，或计划数收满后才收到。",
            "Area or respondents are not in the plan, or its number was reached before.",
        ),
        (
            "多收的不影响答卷真实性，但会改变样本的构成。",
            "They may be real all the same, but shift the make-up of the sample.",
        ),
        (
            "确认是否换户、填错区域；是否计入由评价人员决定并写明理由。",
            "Find out about replaced households or a wrong area; decide with a reason.",
        ),
    ),
    "contradictory": About(
        ("回答前后矛盾", "Contradictory answers"),
        (
            "按问卷中写明的规则，几个回答不能同时成立。",
            "By the rules of the questionnaire the answers cannot all be true.",
        ),
        ("至少有一个回答记错了。", "At least one of them was noted wrongly."),
        ("回访核实后更正回答。", "Ask again, then correct the answer."),
    ),
    "option_preference": About(
        ("选项偏好", "Preference for an option"),
        (
            "某调查员的答卷在某题上的选项分布与其他调查员明显不同（按调查对象分层比较）。",
            "The options chosen with one enumerator differ from those of the others (compared "
            "within each kind of respondents).",
        ),
        (
            "可能有诱导或代填；负责的区域不同也会造成真实差异。",
            "Perhaps led or filled in; but an enumerator's areas may really differ.",
        ),
        (
            "对照其负责区域的情况，抽查其答卷。",
            "Consider the areas of this enumerator, then check some of the responses.",
        ),
    ),
    "digit_preference": About(
        ("尾数偏好", "Preference for a digit"),
        (
            "某调查员所填数字的末位与其他调查员明显不同（如总是 0 或 5）。",
            "The last digits of numbers differ from those of the other enumerators.",
        ),
        ("数字可能是估计或编造的。", "The numbers may be rounded or made up."),
        ("请调查员说明数字如何得来。", "Ask the enumerator where the numbers come from."),
    ),
}
SEVERITIES: dict[int, Pair] = {
    1: ("提示", "hint"),
    2: ("请核查", "check"),
    3: ("重点核查", "check first"),
}
THRESHOLD_NAMES: dict[str, Pair] = {
    "pace": ("每题最少秒数", "Fewest seconds per question"),
    "median_share": ("低于中位数的几成算过快", "Share of the median that is too fast"),
    "chance": ("允许的碰巧机会", "Chance allowed"),
    "items": ("连续相同的最少题数", "Fewest questions in a row"),
    "run": ("连续雷同的最少份数", "Fewest responses in a row"),
    "overlap": ("允许重叠的秒数", "Seconds of overlap allowed"),
    "false_share": ("调查员误报比例", "False share among flagged enumerators"),
    "responses": ("每名调查员最少份数", "Fewest responses of an enumerator"),
    "difference": ("比例最小差距", "Smallest difference of shares"),
}
