"""One wrong cell of a question: all its other figures agree on another number there.

It is told once, at the cell; the rules then read the question as it is meant, so that what follows
from the right number is no second fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from analysis.audit import asked_rules
from analysis.audit.bases import (
    base_of,
    count_range,
    has_counts,
    is_for_all,
    share_range,
    stated_base,
    total_of,
)
from analysis.audit.finding import Finding
from analysis.audit.meant import MeantCount
from analysis.audit.model import Report
from analysis.audit.survey_model import Option, Question, Survey
from analysis.audit.survey_places import at, cell

LIMITS: tuple[Callable[[Report], Iterator[Finding]], ...] = (
    asked_rules.base_skip,
    asked_rules.base_audience,
    asked_rules.blank_sum,
)


@dataclass(frozen=True)
class Misprint:
    """`finding` is of the cell, `meant` the question with the right number in it."""

    finding: Finding
    meant: Question


Misprints = Mapping[str, Misprint]
"""By the number of the question."""
Judge = Callable[[Survey, Question], Misprint | None]


def survey_misprints(report: Report) -> tuple[list[Finding], Report]:
    """The findings, and the report as it is meant."""
    found: list[Finding] = []
    surveys: list[Survey] = []
    for survey in report.surveys:
        bases = _within_limits(report, survey, _of_each(_of_base, survey))
        every = {**_of_each(_of_count, survey), **bases}
        found += [every[q.number].finding for q in survey.questions if q.number in every]
        surveys.append(_meant(survey, every))
    return found, report.model_copy(update={"surveys": tuple(surveys)}) if found else report


def _of_each(judge: Judge, survey: Survey) -> Misprints:
    every = ((question.number, judge(survey, question)) for question in survey.questions)
    return {number: one for number, one in every if one is not None}


def _meant(survey: Survey, every: Misprints) -> Survey:
    questions = (every[q.number].meant if q.number in every else q for q in survey.questions)
    return survey.model_copy(update={"questions": tuple(questions)})


def _within_limits(report: Report, survey: Survey, bases: Misprints) -> Misprints:
    """Less those that break a limit which the printed bases keep: then the base is right, and too
    many answered."""
    if not bases:
        return {}
    broken = _broken(report, _meant(survey, bases)) - _broken(report, survey)
    rows = {number: one.finding.place.row for number, one in bases.items()}
    if not broken <= set(rows.values()):
        return {}  # one of them makes too many at another question
    return {number: one for number, one in bases.items() if rows[number] not in broken}


def _broken(report: Report, survey: Survey) -> set[str]:
    """The questions that more people answered than were asked."""
    alone = report.model_copy(update={"surveys": (survey,)})
    every = (finding for rule in LIMITS for finding in rule(alone))
    return {finding.place.row for finding in every if finding.severity != "note"}


def _of_base(survey: Survey, question: Question) -> Misprint | None:
    """The shares follow from another base, which the counts of a single choice add up to, or all
    the mentions, or which is the only one that they follow from."""
    base, right = question.base, _base_of_shares(survey, question)
    if base is None or right is None or _is_above_table(survey, question, right):
        return None
    finding = at("share_count.base", survey, question, "base", base=base, right=right)
    return Misprint(finding, question.model_copy(update={"base": MeantCount(right, base)}))


def _is_above_table(survey: Survey, question: Question, right: int) -> bool:
    """A single choice of more people than the table has, as the printed base is not."""
    people = stated_base(survey)
    if question.kind != "single" or people is None:
        return False
    return (question.base or 0) <= people < right


def _base_of_shares(survey: Survey, question: Question) -> int | None:
    """None if the printed base gives some share, or the counts: then the shares are at fault.

    Shares of the whole table beside a base of some are of a wrong base, not beside a misprint.
    """
    pairs = [(o.count, o.share) for o in question.options if o.count and o.share is not None]
    ranges = [share_range(count, share) for count, share in pairs]
    known = [found for found in ranges if found is not None]
    total, blank = total_of(question), question.blank or 0
    if question.base is None or not known or len(known) < len(ranges):
        return None
    least, most = max(low for low, _ in known), min(high for _, high in known)
    sums = {total, total + blank} if has_counts(question) else set()
    if least > most or any(low <= question.base <= high for low, high in known):
        return None
    if question.kind == "single":
        agreed = [n for n in sorted(sums) if least <= n <= most]
        return agreed[0] if agreed and question.base not in sums else None
    if least <= total <= most:
        return total
    is_of_all = not is_for_all(survey, question) and least in (
        survey.base,
        survey.collected and survey.collected.valid,
    )
    return int(least) if least == most and len(known) > 1 and not is_of_all else None


def _of_count(survey: Survey, question: Question) -> Misprint | None:
    """A count with another share, whose number makes the counts add up to the base."""
    base = base_of(survey, question)
    if base is None or not base.value or not has_counts(question):
        return None
    wrong = [option for option in question.options if _is_off(option, base.value)]
    if len(wrong) != 1 or len(wrong) == len(question.options):
        return None
    (option,) = wrong
    blank = (question.blank or 0) if question.kind == "single" else 0
    others = total_of(question) - (option.count or 0)
    fitting = range(base.value - blank - others, base.value - others + 1)
    found = count_range(option.model_copy(update={"count": None}), base)
    numbers = [n for n in fitting if found is not None and found[0] <= n <= found[1]]
    if len(numbers) != 1 or option.count in fitting:
        return None
    share = option.share.text if option.share else ""
    details = {"count": option.count, "right": numbers[0], "base": base.value, "share": share}
    finding = Finding("share_count.count", cell(survey, question, "count", option), details)
    options = tuple(_options(question, option, numbers[0]))
    return Misprint(finding, question.model_copy(update={"options": options}))


def _is_off(option: Option, base: int) -> bool:
    if option.share is None or option.count is None:
        return False
    return not option.share.is_rounded_from(Fraction(100 * option.count, base))


def _options(question: Question, wrong: Option, right: int) -> Iterator[Option]:
    for option in question.options:
        if option is not wrong or option.count is None:
            yield option
        else:
            yield option.model_copy(update={"count": MeantCount(right, option.count)})
