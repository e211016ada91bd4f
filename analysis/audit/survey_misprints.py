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
    Base,
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
    """`findings` are of the cells, `meant` the question with the right numbers in them."""

    findings: tuple[Finding, ...]
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
        every = {**_of_each(_of_counts, survey), **bases}
        for question in survey.questions:
            found += every[question.number].findings if question.number in every else ()
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
    rows = {number: one.findings[0].place.row for number, one in bases.items()}
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
    return Misprint((finding,), question.model_copy(update={"base": MeantCount(right, base)}))


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


def _of_counts(survey: Survey, question: Question) -> Misprint | None:
    """Counts with other shares, whose numbers make the counts add up to the base."""
    base = base_of(survey, question)
    if base is None or not base.value or not has_counts(question):
        return None
    wrong = [option for option in question.options if _is_off(option, base.value)]
    if len(wrong) == len(question.options):
        return None
    if len(wrong) == 1:
        right = _right_count(question, wrong[0], base)
    else:
        right = _right_counts(question, wrong, base)
    if not right:
        return None
    findings = []
    for option in wrong:
        details = _details(option, right[option.letter], base)
        place = cell(survey, question, "count", option)
        findings.append(Finding("share_count.count", place, details))
    options = tuple(_options(question, right))
    return Misprint(tuple(findings), question.model_copy(update={"options": options}))


def _right_count(question: Question, option: Option, base: Base) -> dict[str, int]:
    """The only number with the share of the option that the other counts leave."""
    blank = (question.blank or 0) if question.kind == "single" else 0
    others = total_of(question) - (option.count or 0)
    fitting = range(base.value - blank - others, base.value - others + 1)
    found = _of_share(option, base)
    numbers = [n for n in fitting if found is not None and found[0] <= n <= found[1]]
    return {option.letter: numbers[0]} if len(numbers) == 1 and option.count not in fitting else {}


def _right_counts(question: Question, wrong: list[Option], base: Base) -> dict[str, int]:
    """What the shares alone give, if they give all counts and these, unlike the printed ones, add
    up to the base."""
    if question.kind != "single" or question.blank or total_of(question) == base.value:
        return {}
    ranges = [(option, _of_share(option, base)) for option in question.options]
    known = {o.letter: n[0] for o, n in ranges if n is not None and n[0] == n[1]}
    if len(known) < len(question.options) or sum(known.values()) != base.value:
        return {}
    return {option.letter: known[option.letter] for option in wrong}


def _of_share(option: Option, base: Base) -> tuple[int, int] | None:
    """The least and the most people with the printed share."""
    return count_range(option.model_copy(update={"count": None}), base)


def _details(option: Option, right: int, base: Base) -> dict[str, object]:
    share = option.share.text if option.share else ""
    return {"count": option.count, "right": right, "base": base.value, "share": share}


def _is_off(option: Option, base: int) -> bool:
    if option.share is None or option.count is None:
        return False
    return not option.share.is_rounded_from(Fraction(100 * option.count, base))


def _options(question: Question, right: Mapping[str, int]) -> Iterator[Option]:
    for option in question.options:
        if option.letter not in right or option.count is None:
            yield option
        else:
            meant = MeantCount(right[option.letter], option.count)
            yield option.model_copy(update={"count": meant})
