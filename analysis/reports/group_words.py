"""What the reports by group say of figures: sentences and cells, zh and en."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import wording
from analysis.group_report import GroupReport
from analysis.group_scores import GroupScore, ScoredQuestion
from analysis.group_tests import GroupTest
from analysis.reports.cross_words import listed
from analysis.reports.group_texts import WORDS
from analysis.reports.words import label_of, marked
from analysis.sampling import SMALL_GROUP, is_small
from analysis.table import Group, QuestionTable

CLEAR = 0.05


def word(key: str, language: str = "zh", **details: object) -> str:
    """The heading or sentence of this key. Raises KeyError for an unknown one."""
    return WORDS[key][0 if language.startswith("zh") else 1].format(**details)


def by_name(report: GroupReport, language: str) -> str:
    return report.by_name.text(language)


def title(report: GroupReport, language: str) -> str:
    return marked(
        word("title", language, by=by_name(report, language)), report.table.simulated, language
    )


def caution(report: GroupReport, group: Group, language: str) -> str:
    """Margin of error of a group's shares, and a warning where there are few responses."""
    margin = report.margin_of(group)
    if margin is None:
        return word("empty_group", language)
    told = word("margin_line", language, margin=points(margin), n=group.n)
    small = word("small_group", language, least=SMALL_GROUP) if is_small(group.n) else ""
    return told + (("" if language.startswith("zh") else " ") + small if small else "")


def mark(group: Group, language: str) -> str:
    """A word for the column 提示."""
    if not group.n:
        return word("empty_mark", language)
    return word("small_mark", language, least=SMALL_GROUP) if is_small(group.n) else ""


def points(share: float) -> str:
    """Percentage points of a share 0..1, without the sign."""
    return wording.number(share * 100, 1)


def margin_text(report: GroupReport, group: Group) -> str:
    margin = report.margin_of(group)
    return wording.NOTHING if margin is None else f"±{points(margin)}"


def top_option(question: QuestionTable) -> tuple[str, float] | None:
    """The option that most people chose, with its share; the first of several equal ones."""
    counted = [row for row in question.rows if row.cell.share is not None and row.cell.count]
    if not counted:
        return None
    best = max(counted, key=lambda row: row.cell.count)
    return best.label, best.cell.share or 0.0


def score_sentence(question: ScoredQuestion, of: GroupScore, language: str) -> str:
    """`q18 …：得分 8.50（满分10），95%区间 8.10–8.90，满意率 91.00%，第2–5位。`"""
    told = of.score
    if told.score is None:
        return word("no_score", language, code=told.question, text=question.text)
    places = question.plan.places
    details = {
        "code": told.question,
        "text": question.text,
        "score": wording.number(told.score, places),
        "points": wording.exact(told.points),
        "span": number_span(told.low, told.high, places),
        "rate": wording.percent(told.rate),
        "base": told.base,
    }
    sentence = word("score_line", language, **details)
    if of.ranks is None or of is question.everybody:
        return sentence
    count = sum(one.ranks is not None for one in question.groups)
    return sentence + word("rank_line", language, rank=rank_text(of, language), count=count)


def number_span(low: float | None, high: float | None, places: int = 2) -> str:
    if low is None or high is None:
        return wording.NOTHING
    return f"{wording.number(low, places)}–{wording.number(high, places)}"


def rank_text(of: GroupScore, language: str) -> str:
    if of.ranks is None:
        return wording.NOTHING
    best, worst = of.ranks
    if best == worst:
        return word("one_rank", language, rank=best)
    return word("rank_range", language, best=best, worst=worst)


def order_sentence(question: ScoredQuestion, language: str) -> str:
    ranked = [one for one in question.groups if one.ranks is not None]
    if len(ranked) < 2:
        return word("nothing_to_rank", language)
    if question.certain_order:
        return word("certain_order", language)
    if all(one.ranks == (1, len(ranked)) for one in ranked):
        return word("no_order", language, count=len(ranked))
    return word("some_order", language)


def test_sentence(test: GroupTest, by: str, language: str) -> str:
    """What the test says in words, with its numbers."""
    if test.test is None or test.p is None:
        reason = test.refusal.text(language) if test.refusal else wording.NOTHING
        return word("not_tested", language, reason=reason)
    p = test.exact if test.exact is not None else test.p
    verdict = word("differs" if p < CLEAR else "differs_not", language, by=by)
    parts = [_numbers(test, language)]
    if test.v is not None:
        parts.append(f"Cramér's V={wording.number(test.v)}")
    if test.doubtful:
        exact = wording.p_equation(test.exact) if test.exact is not None else ""
        parts.append(word("fisher" if exact else "doubtful", language, p=exact))
    if test.left_out:
        parts.append(word("left_out", language, names=listed(list(test.left_out), language)))
    inside = word("between", language).join(parts)
    return word("test_line", language, verdict=verdict, numbers=inside)


def _numbers(test: GroupTest, language: str) -> str:
    found = test.test
    if found is None:
        return ""
    freedom = wording.exact(found.df, 2)
    if found.df2 is not None:
        freedom += f", {wording.exact(found.df2, 2)}"
    sign = "F" if found.df2 is not None else "χ²"
    told = f"{sign}({freedom}) = {wording.number(found.statistic)}"
    if test.by_option:
        return word("smallest_p", language, numbers=told, p=wording.p_equation(test.p))
    return f"{told}, {wording.p_equation(test.p)}"


def notes(report: GroupReport, language: str) -> Iterator[str]:
    """What a reader must know of every figure of the report."""
    yield from (told.text(language) for told in report.described)
    yield word(_how_counted(report), language)
    yield word("margin_note", language)
    if report.designed:
        yield word("designed_margin_note", language)
    yield word("rank_note", language)
    yield word("test_note", language)


def _how_counted(report: GroupReport) -> str:
    if any(question.weighted_base is not None for question in report.everybody.questions):
        return "all_weighted_note"
    return "weighted_note" if report.designed else "unweighted_note"


def group_name(group: Group, language: str) -> str:
    return label_of(group.label, language)
