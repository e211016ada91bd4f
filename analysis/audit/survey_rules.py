"""Rules on survey tables: counts and shares; `claim_rules` has those on what the text states."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from analysis.audit.adjusting import is_adjusted
from analysis.audit.bases import (
    PRINTED,
    Base,
    base_of,
    count_range,
    has_counts,
    is_for_all,
    is_of_mentions,
    stated_base,
    total_of,
)
from analysis.audit.claim_rules import claims, is_sum_of_shares, origin_of
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.sentences import Both
from analysis.audit.survey_model import Option, Question, Survey
from analysis.audit.survey_places import at, cell, of_base, questions
from analysis.printed import Printed, as_printed, grim, nearest_shares


def single_sum(report: Report) -> Iterator[Finding]:
    """The counts of a single-choice question, with the blanks stated, are its base.

    Where counts are not printed, the shares add up to 100%.
    """
    for survey, question in questions(report):
        if question.kind == "single" and not has_counts(question):
            yield from _sum_of_shares(survey, question)
        base = base_of(survey, question)
        if question.kind != "single" or base is None or not has_counts(question):
            continue
        total, stated = total_of(question), stated_base(survey)
        if total > base.value or total + (question.blank or 0) < base.value:
            yield at("single_sum", survey, question, "count", total=total, **of_base(base))
        elif stated is not None and total > stated:
            details = {"total": total, "base": stated, "basis": Both("本表的基数", "the table's")}
            yield at("single_sum", survey, question, "count", **details)


def _sum_of_shares(survey: Survey, question: Question) -> Iterator[Finding]:
    """By rounding, and where the question prints its base by the whole numbers of people.

    Shares of everybody lack those of the blanks. That shares were made to add up to 100% can be
    seen of the sum only.
    """
    shares = [option.share for option in question.options if option.share is not None]
    total = sum(share.value for share in shares)
    if len(shares) < len(question.options) or total == 100:
        return
    base, blank = base_of(survey, question), question.blank or 0
    low = sum((share.low() for share in shares), Fraction(0))
    high = sum((share.high() for share in shares), Fraction(0))
    is_rounded = low <= 100 and high > _least_sum(base, blank)
    if base is not None and not all(grim(share, base.value) for share in shares):
        return  # impossible_share says so
    if not is_rounded or not _has_whole_numbers(question, blank):
        places = max(share.places for share in shares)
        yield at("single_sum.shares", survey, question, "share", total=f"{total:.{places}f}%")


def _least_sum(base: Base | None, blank: int) -> Fraction:
    """What the shares add up to if they are of everybody."""
    if not blank:
        return Fraction(100)
    people = base.value if base else 0
    return Fraction(100 * (people - blank), people) if people > blank else Fraction(0)


def _has_whole_numbers(question: Question, blank: int) -> bool:
    """True if no base is printed, and where a share is impossible, which GRIM says."""
    if question.base is None:
        return True
    ranges = [count_range(option, Base(question.base, PRINTED)) for option in question.options]
    known = [found for found in ranges if found is not None]
    least, most = (sum(counts) for counts in zip(*known, strict=True)) if known else (0, 0)
    return len(known) < len(ranges) or least <= question.base <= most + blank


def impossible_share(report: Report) -> Iterator[Finding]:
    """GRIM: some whole number of the base gives each share, in the tables and in the text.

    A share above 100% of a count above the base, and one adjusted to 100%, are told elsewhere.
    """
    for survey, question, option, share, base in _shares(report):
        if grim(share, base.value) or _follows(share, option.count, base):
            continue
        if not is_adjusted(question, base.value):
            counted = _counted(option.count, base.value, share) or _left(question, option, base)
            yield _grim(share, base, counted, cell(survey, question, "share", option))
    for claim, base, found in claims(report):
        if not (grim(claim.share, base.value) or is_sum_of_shares(report, claim, found)):
            counted = _counted(found.count if found else None, base.value, claim.share)
            origin = origin_of(report, claim)
            yield _grim(claim.share, base, counted, Place(claim.place, claim.says), origin)


def share_of_count(report: Report) -> Iterator[Finding]:
    """A printed share is its own count divided by the base; impossible shares are GRIM's."""
    for survey, question, option, share, base in _shares(report):
        if option.count is None:
            continue
        place = cell(survey, question, "share", option)
        right = Fraction(100 * option.count, base.value)
        details = {"count": option.count, "base": base.value, "share": share.text}
        printed = as_printed(right, share.places, True).text
        if option.count > base.value and not _is_sum_fault(question):
            yield Finding("share_count.over", place, details)
        elif not share.is_rounded_from(right) and is_adjusted(question, base.value):
            yield Finding("share_count.adjusted", place, details | {"right": printed})
        elif not share.is_rounded_from(right) and grim(share, base.value):
            yield Finding("share_count", place, details | {"right": printed})
    yield from _too_many(report)


def _too_many(report: Report) -> Iterator[Finding]:
    """Counts above the people who can have chosen the option, where no share tells it."""
    for survey, question in questions(report):
        if _is_sum_fault(question):
            continue
        is_mentions = is_of_mentions(survey, question)
        code, key = (
            ("share_count.people", "people") if is_mentions else ("share_count.over", "base")
        )
        limit = _most_people(survey, question, is_mentions)
        for option in question.options:
            is_told = not is_mentions and option.share is not None and limit
            if limit is not None and (option.count or 0) > limit and not is_told:
                place = cell(survey, question, "count", option)
                yield Finding(code, place, {"count": option.count, key: limit})


def _most_people(survey: Survey, question: Question, is_mentions: bool) -> int | None:
    """Mentions of some people only are compared by the rules on skips and audiences."""
    if is_mentions:
        return stated_base(survey) if is_for_all(survey, question) else None
    base = base_of(survey, question)
    return None if base is None else base.value


def multiple_base_note(report: Report) -> Iterator[Finding]:
    """A table with multiple choice says what its shares are of."""
    for survey in report.surveys:
        unexplained = tuple(
            question.shown
            for question in survey.questions
            if question.kind == "multiple" and not (question.base_note or survey.base_note)
        )
        if unexplained:
            place = Place(survey.place, column="base_note")
            yield Finding("multiple_base_note", place, {"questions": unexplained})


def same_distribution(report: Report) -> Iterator[Finding]:
    """Two questions of a table with the same counts, unless everybody gave one answer."""
    for survey in report.surveys:
        every = [(question, _distribution(survey, question)) for question in survey.questions]
        for (one, counts), (other, others) in combinations(every, 2):
            if len(counts) < 2 or one.kind != other.kind or counts != others:
                continue
            code = "same_distribution.two" if len(counts) == 2 else "same_distribution"
            details = {"other": one.shown, "counts": "/".join(map(str, counts))}
            yield at(code, survey, other, "count", **details)


def _shares(report: Report) -> Iterator[tuple[Survey, Question, Option, Printed, Base]]:
    for survey, question in questions(report):
        base = base_of(survey, question)
        for option in question.options:
            if base is not None and base.value and option.share is not None:
                yield survey, question, option, option.share, base


def _follows(share: Printed, count: int | None, base: Base) -> bool:
    return count is not None and share.is_rounded_from(Fraction(100 * count, base.value))


def _is_sum_fault(question: Question) -> bool:
    """A single count above the base makes the sum wrong too, which single_sum says."""
    return question.kind == "single" and has_counts(question)


def _counted(count: int | None, base: int, share: Printed) -> Both | str:
    if count is None:
        return ""
    printed = as_printed(Fraction(100 * count, base), share.places, True).text
    return Both(
        f"；份数 {count} 对应的比例为 {printed}",
        f"; the count {count} is a share of {printed}",
    )


def _left(question: Question, option: Option, base: Base) -> Both | str:
    """What the other shares of a single choice leave for this one, if they leave one number."""
    others = [count_range(one, base) for one in question.options if one is not option]
    least = [found[0] for found in others if found is not None and found[0] == found[1]]
    count = base.value - sum(least)
    if question.kind != "single" or question.blank or len(least) < len(others) or count < 0:
        return ""
    places = option.share.places if option.share else 0
    printed = as_printed(Fraction(100 * count, base.value), places, True).text
    return Both(
        f"；由其他选项的比例推得 {count} 人，即 {printed}",
        f"; the other shares leave {count}, which is {printed}",
    )


def _grim(
    share: Printed, base: Base, counted: Both | str, place: Place, origin: Both | str = ""
) -> Finding:
    below, above = nearest_shares(share, base.value)
    details = {"share": share.text, "below": below.text, "above": above.text, "counted": counted}
    return Finding("grim", place, details | {"origin": origin} | of_base(base))


def _distribution(survey: Survey, question: Question) -> list[int]:
    """Without counts those that the shares imply, if each implies one number alone."""
    printed = [option.count for option in question.options if option.count is not None]
    if printed:
        return [count for count in printed if count]
    base = base_of(survey, question)
    ranges = [count_range(option, base) for option in question.options]
    implied = [found[0] for found in ranges if found is not None and found[0] == found[1]]
    return [count for count in implied if count] if len(implied) == len(ranges) else []
