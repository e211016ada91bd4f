"""Rules on who was asked a question: those whom a skip rule or an audience leaves, no others,
each of whom answered or is a blank.

Where fewer answered and no 未填 is stated, that is a note.
"""

from __future__ import annotations

from collections.abc import Iterator

from analysis.audit.bases import (
    Base,
    base_of,
    has_counts,
    is_for_all,
    stated_base,
    table_base,
    total_of,
)
from analysis.audit.finding import Finding
from analysis.audit.model import Report
from analysis.audit.sentences import Both
from analysis.audit.survey_model import Question, Survey
from analysis.audit.survey_places import at, of_base, questions


def base_skip(report: Report) -> Iterator[Finding]:
    """Nobody who was led past a question is in its base, and everybody else is or is a blank."""
    for survey, source in questions(report):
        for skip in source.skips:
            skipped = source.option(skip.option).count
            limit = _limit_after(survey, source, skipped or 0)
            if not skipped or limit is None:
                continue
            for question in map(survey.question, skip.over):
                base = _least_base(survey, question)
                if base is not None and base.value > limit:
                    details = {"limit": limit, "source": source.shown, "option": skip.option}
                    details |= {"skipped": skipped}
                    yield at("base_skip", survey, question, "base", **of_base(base), **details)
    for survey in report.surveys:
        everybody = table_base(survey)
        past = _past(survey, everybody or 0)
        for question in survey.questions:
            if everybody is not None and question.number in past and not question.audience:
                least = everybody - past[question.number]
                yield from _fewer("base_skip.fewer", survey, question, least)


def base_audience(report: Report) -> Iterator[Finding]:
    """A question for some groups of the sample has as many answers and blanks as they have people.

    Fewer are a note only if the sample is the one of the table, so that nobody stayed away.
    """
    sizes = {group.name: group.n for group in report.sample.groups} if report.sample else {}
    for survey in report.surveys:
        everybody = table_base(survey)
        is_sample = everybody == sum(sizes[name] for name in survey.groups)
        past = _past(survey, everybody or 0)
        for question in (question for question in survey.questions if question.audience):
            limit = sum(sizes[name] for name in question.audience)
            base = _least_base(survey, question)
            if base is not None and base.value > limit:
                details = {"limit": limit, "audience": question.audience}
                yield at("base_audience", survey, question, "audience", **of_base(base), **details)
            elif is_sample:
                least = limit - past.get(question.number, 0)
                yield from _fewer("base_audience.fewer", survey, question, least)


def blank_sum(report: Report) -> Iterator[Finding]:
    """Who answered and who left it blank are together those who were asked.

    Of a question for some only, nobody but `asked` tells how many that were: at most the table's.
    """
    for survey, question in questions(report):
        answered, blank = _answered(survey, question), question.blank or 0
        people = stated_base(survey) if question.asked is None else question.asked
        if question.blank is None or answered is None or people is None:
            continue
        total = answered + blank
        details = {"answered": answered, "blank": blank, "total": total, "people": people}
        if total > people:
            yield at("blank_sum", survey, question, "blank", **details)
        elif total < people and (question.asked is not None or is_for_all(survey, question)):
            details["missing"] = people - total
            yield at("blank_sum.fewer", survey, question, "blank", **details)


def _answered(survey: Survey, question: Question) -> int | None:
    """None where `single_sum` finds the counts wrong, and where the base may be of everybody, so
    that the blanks are in it already."""
    base, stated = base_of(survey, question), stated_base(survey)
    if base is None:
        return None
    if question.kind == "single" and has_counts(question):
        total = total_of(question)
        is_sound = total <= base.value <= total + (question.blank or 0)
        return total if is_sound and (stated is None or total <= stated) else None
    return None if base.value == stated else base.value


def _fewer(code: str, survey: Survey, question: Question, least: int) -> Iterator[Finding]:
    """`least` people were asked for certain."""
    base = base_of(survey, question)
    if base is None or base.value + (question.blank or 0) >= least:
        return
    details = {"least": least, "missing": least - base.value - (question.blank or 0)}
    yield at(code, survey, question, "base", **of_base(base), **details)


def _past(survey: Survey, everybody: int) -> dict[str, int]:
    """Number of a question -> the most people that skip rules can have led past it.

    Who did not answer the question that a rule starts from may have been led past, too.
    """
    found: dict[str, int] = {}
    for source in survey.questions:
        over = {number for skip in source.skips for number in skip.over}
        base = base_of(survey, source)
        silent = everybody if base is None else max(everybody - base.value, 0) + (source.blank or 0)
        chosen = [(skip, source.option(skip.option).count) for skip in source.skips]
        for number in over:
            counts = [count for skip, count in chosen if number in skip.over]
            led = everybody if None in counts else sum(count or 0 for count in counts)
            found[number] = found.get(number, 0) + led + silent
    return found


def _limit_after(survey: Survey, source: Question, skipped: int) -> int | None:
    """The most people that are asked a question which `skipped` people are led past."""
    if source.kind == "multiple":
        base = base_of(survey, source)
        return None if base is None else base.value - skipped
    if not has_counts(source):
        return None
    total, stated = total_of(source), stated_base(survey) or 0
    blank = max(stated - total, 0) if source.blank is None else source.blank
    return total - skipped + blank


def _least_base(survey: Survey, question: Question) -> Base | None:
    """The base, or as many people as must have answered where none is printed."""
    base = base_of(survey, question)
    if base is None and has_counts(question):
        most = max(option.count or 0 for option in question.options)
        return Base(most, Both("份数最多的选项", "the largest count"))
    return base
