"""What a percentage of a described table is of: the printed base, or the one its shares imply."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from analysis.audit.base_notes import says_mentions
from analysis.audit.meant import MeantCount
from analysis.audit.model import Report
from analysis.audit.sentences import Both
from analysis.audit.survey_model import Answers, Option, Question, Survey
from analysis.printed import Printed

PRINTED = Both("表中印出", "as printed")
IMPLIED = Both("由印出的比例推得", "as the printed shares imply")
SUMMED = Both("各选项份数之和", "as the counts add up to")
OF_TABLE = Both("本表的基数", "that of the table")
LARGEST = Both("份数最多的选项", "the largest count")


@dataclass(frozen=True)
class Base:
    value: int
    basis: Both


@dataclass(frozen=True)
class Pooled:
    """People who chose certain options, out of the bases of those questions."""

    count: int
    base: int

    @property
    def percent(self) -> Fraction:
        return Fraction(100 * self.count, self.base)


def base_of(survey: Survey, question: Question) -> Base | None:
    """None if nothing printed tells it."""
    if question.base is not None:
        return Base(int(question.base), _basis_of(question.base))
    implied = _implied(survey, question)
    if implied is not None:
        return Base(implied, IMPLIED)
    stated = stated_base(survey)
    if stated is not None and is_for_all(survey, question):
        return Base(stated, OF_TABLE)
    total = total_of(question)
    return Base(total, SUMMED) if total and question.kind == "single" else None


def _basis_of(base: int) -> Both:
    if not isinstance(base, MeantCount):
        return PRINTED
    return Both(f"更正后；表中印 {base.printed}", f"corrected; printed as {base.printed}")


def stated_base(survey: Survey) -> int | None:
    """The number of people that the table prints."""
    if survey.base is not None or survey.collected is None:
        return survey.base
    return survey.collected.valid


def table_base(survey: Survey) -> int | None:
    """The printed number of people, else the usual base of the questions that all are asked."""
    if survey.base is not None:
        return survey.base
    skipped = _skipped(survey)
    bases = [
        base_of(survey, q)
        for q in survey.questions
        if not (q.audience or q.number in skipped or is_of_mentions(survey, q))
    ]
    counted = Counter(base.value for base in bases if base is not None)
    return counted.most_common(1)[0][0] if counted else None


def is_for_all(survey: Survey, question: Question) -> bool:
    return not question.audience and question.number not in _skipped(survey)


def _skipped(survey: Survey) -> set[str]:
    return {over for q in survey.questions for skip in q.skips for over in skip.over}


def is_of_mentions(survey: Survey, question: Question) -> bool:
    """Whether the base of a multiple choice is the number of mentions, by its note or by itself."""
    if question.kind != "multiple":
        return False
    said = says_mentions(survey, question)
    if said is not None:
        return said
    base = base_of(survey, question)
    return base is not None and has_counts(question) and base.value == total_of(question)


def least_people(survey: Survey, question: Question) -> Base | None:
    """The base, or as many people as must have answered where it does not count people."""
    base = base_of(survey, question)
    if base is not None and not is_of_mentions(survey, question):
        return base
    counts = [option.count for option in question.options if option.count is not None]
    if base is None and len(counts) < len(question.options):
        return None
    return Base(max(counts), LARGEST) if counts else None


def count_range(option: Option, base: Base | None) -> tuple[int, int] | None:
    """The least and the most people who chose it: its count, else what its share can be of `base`.

    None if nothing printed tells it, or no whole number gives the share.
    """
    if option.count is not None:
        return option.count, option.count
    if option.share is None or base is None:
        return None
    first, last = (
        math.ceil(bound * base.value / 100) for bound in (option.share.low(), option.share.high())
    )
    least, most = max(first, 0), min(last - 1, base.value)
    return (least, most) if least <= most else None


def total_of(question: Question) -> int:
    return sum(option.count or 0 for option in question.options)


def has_counts(question: Question) -> bool:
    return all(option.count is not None for option in question.options)


def pooled(report: Report, sources: Iterable[Answers]) -> Pooled | None:
    """None if a count or a base is not printed, or nobody answered."""
    count = base = 0
    for source in sources:
        survey = report.survey(source.survey)
        question = survey.question(source.question)
        chosen, outside = (
            [question.option(letter).count for letter in letters]
            for letters in (source.options, source.outside)
        )
        found = base_of(survey, question)
        if found is None or None in (*chosen, *outside):
            return None
        count += sum(number or 0 for number in chosen)
        base += found.value - sum(number or 0 for number in outside)
    return Pooled(count, base) if base else None


def _implied(survey: Survey, question: Question) -> int | None:
    """The base that explains the most printed shares by their counts, if it is a single one.

    Against the number of people that the table gives, two shares must agree on another.
    """
    pairs = [(o.count, o.share) for o in question.options if o.count and o.share is not None]
    every = (share_range(count, share) for count, share in pairs)
    ranges = [found for found in every if found is not None]
    if not ranges:
        return None
    likely = _likely(survey, question)
    best, _, base = max(
        (_explained(ranges, n), -place, n)
        for place, n in enumerate([*likely, *sorted(low for low, _ in ranges)])
    )
    if base in likely:
        return base if best else None
    is_single = _explained(ranges, base + 1) < best
    return base if is_single and best >= (2 if _is_told(survey, question) else 1) else None


def _is_told(survey: Survey, question: Question) -> bool:
    """Whether the base is known without the shares."""
    is_stated = stated_base(survey) is not None and is_for_all(survey, question)
    return is_stated or (question.kind == "single" and has_counts(question))


def _likely(survey: Survey, question: Question) -> list[int]:
    total, stated = total_of(question), stated_base(survey)
    known = [] if stated is None else [stated]
    if question.kind == "single":
        return [total, total + (question.blank or 0), *known]
    mentions = [total] if has_counts(question) else []
    return [*mentions, *known] if says_mentions(survey, question) else [*known, *mentions]


def share_range(count: int, share: Printed) -> tuple[int, float] | None:
    """The whole numbers n with 100 count / n rounding to `share`, both ends included."""
    if share.low() <= 0:
        return math.floor(100 * count / share.high()) + 1, math.inf
    first = math.floor(100 * count / share.high()) + 1
    last = math.floor(100 * count / share.low())
    return (first, last) if first <= last else None


def _explained(ranges: list[tuple[int, float]], base: int) -> int:
    return sum(low <= base <= high for low, high in ranges)
