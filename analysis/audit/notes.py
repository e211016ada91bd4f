"""What a cell 扣分原因 says: nothing, a reason, or that nothing was deducted, and where."""

from __future__ import annotations

import re
import unicodedata

EMPTY = re.compile(r"[\W_]*|\W*n[./]?a\W*", re.IGNORECASE)
"""A dash or a stroke is an empty cell, and so is N/A, which gives no reason."""
CLAUSE = re.compile(r"[,;，；。.、\n()（）]")
SUBJECT = (
    "(?:(?:此|本|该|这一|这)(?:项|项目|指标|条|部分)?|指标|评分|考核|评价)?(?:结果)?(?:为|是)?"
)
NOT = "(?:均|都|全部|暂|实际)*(?:未|没有|没|无|不|不予|未予|无需|不需|不必|未作|不作|未进行)"
DEDUCTED = "(?:被)?(?:扣除?|扣减|失)(?:任何)?分?(?:数|值)?(?:项|项目|情况|情形|事项|原因|理由)?"
DENIAL = re.compile(rf"{SUBJECT}(?:{NOT}{DEDUCTED}|得?满分|扣0(?:\.0+)?分)")
NOTHING_ZH = re.compile(rf"{SUBJECT}(?:无|没有)")
"""Beside anything else it says what is missing: 自评报告（无）."""
DEDUCTION = re.compile(r"(?:扣除?|扣减|减|失)[^\d,，;；。]{0,4}(?!0+(?:\.0+)?分)\d")
# The same in English, where a bare "none" denies but "None of the files was signed" is a reason.
LOST = "(?:deducted|deductions?|lost|taken off|removed|subtracted|withheld)"
POINTS = "(?:points?|marks?|scores?)"
BE = "(?:(?:is|are|was|were|has been|have been) )?"
NOTHING = "(?:none|nil|no|nothing|zero|not any)"
DENIAL_EN = re.compile(
    f"(?:{NOTHING}|"
    f"(?:there (?:is|are|was|were) )?(?:no|zero|without(?: any)?|0) (?:{POINTS} )?{BE}{LOST}"
    f"(?: {BE}(?:made|applied|needed|necessary|required|due))?|"
    f"(?:none|nothing|not|no reasons? (?:for|of)(?: the)?) {BE}{LOST}|"
    f"no loss of {POINTS}|(?:full|maximum|all) {POINTS}(?: {BE}(?:given|awarded|obtained|earned))?)"
)
ZERO_EN = re.compile(
    rf"\b(?:{POINTS} {BE})?{LOST}(?: {POINTS})?"
    rf"(?: ?[:=] ?(?:none|nil)| ?[:=]? ?(?:zero|0+(?:\.0+)?))(?: {POINTS})?(?![.,]?\d|%|\w)"
)
"""“Points lost: 0”, the 扣0分 of English; read before the colon or point parts it into clauses."""
CLAUSE_EN = re.compile(r"[,;.:()\n]| [-–—] ")
ZERO = r"(?!0+(?:\.0+)?(?![\d.]))"
DEDUCTION_EN = re.compile(
    rf"\b(?:but|except|however|only|although|though)\b|{POINTS} for\b|"
    rf"(?<![\w.])(?!0+(?:\.0+)? )\d+(?:\.\d+)? {POINTS}|"
    rf"(?:minus|less|deduct\w*|lost) {ZERO}\d|(?<!\w)[-−]{ZERO}\d|"
    rf"(?<!no ){POINTS} {LOST}: ?{ZERO}\d"
)
"""What makes a note a reason after all: an exception to the denial, or a number of points."""
PLACED = re.compile(r"(?:^|[;；])\s*((?:附件|附表|表|正文)[^:：;；，,。]{0,20})[:：]")


def is_empty(note: str) -> bool:
    return EMPTY.fullmatch(note) is not None


def denies(note: str) -> bool:
    """Whether the note says that nothing was deducted, and does not go on to deduct: 此项未扣分."""
    plain = unicodedata.normalize("NFKC", note)
    text = "".join(plain.split())
    if DEDUCTION.search(text):
        return False
    clauses = (re.sub(r"^[\d一二三四五六七八九十]*\W+|\W+$", "", c) for c in CLAUSE.split(text))
    said = [clause for clause in clauses if clause and not clause.isdecimal()]
    if said and all(NOTHING_ZH.fullmatch(clause) for clause in said):
        return True
    return any(DENIAL.fullmatch(clause) for clause in said) or _denies_in_english(plain)


def _denies_in_english(note: str) -> bool:
    text = " ".join(note.casefold().split())
    if DEDUCTION_EN.search(text):
        return False
    text = ZERO_EN.sub("no points lost", text)
    clauses = [clause.strip(" \"'“”‘’*-–—") for clause in CLAUSE_EN.split(text)]
    said = [clause for clause in clauses if clause and not clause.isdecimal()]
    if len(said) > 1:  # “None, the register is missing” is a reason
        said = [clause for clause in said if not re.fullmatch(NOTHING, clause)]
    return any(DENIAL_EN.fullmatch(clause) for clause in said)


def by_place(note: str) -> tuple[str, list[tuple[str, str]]]:
    """`附件1：未扣分；表3-4：不完整` -> what is before any place, then each place and its text."""
    head, *rest = PLACED.split(note)
    pairs = zip(rest[::2], rest[1::2], strict=True)
    return head.strip(), [(place.strip(), text.strip()) for place, text in pairs]
