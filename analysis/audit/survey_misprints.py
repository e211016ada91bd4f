"""One wrong cell of a question: all its other figures agree on another number there.

It is told once, at the cell; the rules then read the question as it is meant, so that what follows
from the right number is no second fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from analysis.audit.bases import base_of, count_range, has_counts, is_for_all, share_range, total_of
from analysis.audit.finding import Finding
from analysis.audit.model import Report
from analysis.audit.survey_model import Option, Question, Survey
from analysis.audit.survey_places import at, cell


@dataclass(frozen=True)
class Misprint:
    """`finding` is of the cell, `meant` the question with the right number in it."""

    finding: Finding
    meant: Question


def survey_misprints(report: Report) -> tuple[list[Finding], Report]:
    """The findings, and the report as it is meant."""
    found: list[Finding] = []
    surveys: list[Survey] = []
    for survey in report.surveys:
        every = [(q, _misprint(survey, q)) for q in survey.questions]
        found += [one.finding for _, one in every if one is not None]
        meant = tuple(q if one is None else one.meant for q, one in every)
        surveys.append(survey.model_copy(update={"questions": meant}))
    return found, report.model_copy(update={"surveys": tuple(surveys)}) if found else report


def _misprint(survey: Survey, question: Question) -> Misprint | None:
    return _of_base(survey, question) or _of_count(survey, question)


def _of_base(survey: Survey, question: Question) -> Misprint | None:
    """The shares follow from another base, which the counts of a single choice add up to, or all
    the mentions, or which is the only one that they follow from."""
    base, right = question.base, _base_of_shares(survey, question)
    if base is None or right is None:
        return None
    finding = at("share_count.base", survey, question, "base", base=base, right=right)
    return Misprint(finding, question.model_copy(update={"base": right}))


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
        yield option.model_copy(update={"count": right}) if option is wrong else option
