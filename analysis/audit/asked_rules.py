"""Rules on who was asked a question: those whom a skip rule or an audience leaves, no others,
each of whom answered or is a blank.

Where fewer answered and no 未填 is stated, that is a note; of a question for everybody only if they
are many fewer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

from analysis.audit.asked import Asking, Led, asked_of
from analysis.audit.base_notes import says_who_answered
from analysis.audit.bases import (
    base_of,
    has_counts,
    is_for_all,
    is_of_mentions,
    least_people,
    stated_base,
    table_base,
    total_of,
)
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.sentences import Both
from analysis.audit.survey_model import Question, Survey
from analysis.audit.survey_places import at, of_base, questions

LEAST_ANSWERED = Fraction(85, 100)
"""Below this share of answers the NCES Statistical Standards (2012, 4-4) want the non-response to a
question looked into."""


def base_skip(report: Report) -> Iterator[Finding]:
    """Nobody who was led past a question is in its base, and everybody else is or is a blank."""
    for asking in asked_of(report):
        for question in asking.survey.questions:
            if question.number in asking.sources:
                yield from _more_than_led_to(asking, question)
    for asking in asked_of(report):
        for question in asking.survey.questions:
            is_past = question.number in asking.sources and not question.audience
            if is_past and asking.usual is not None:
                least = asking.usual - asking.maybe_past(question)
                yield from _fewer("base_skip.fewer", asking.survey, question, least)


def base_audience(report: Report) -> Iterator[Finding]:
    """A question for some groups of the sample has as many answers and blanks as they have people,
    one for all no more than the table.

    Fewer are a note only if the sample is the one of the table, so that nobody stayed away.
    """
    for asking in asked_of(report):
        is_sample = asking.usual == sum(asking.sizes[name] for name in asking.survey.groups)
        for question in asking.survey.questions:
            if not question.audience:
                yield from _more_than_the_table(asking, question)
                continue
            limit = asking.size(question) or 0
            base = least_people(asking.survey, question)
            if base is not None and base.value > limit:
                details = {"limit": limit, "audience": question.audience} | of_base(base)
                yield at("base_audience", asking.survey, question, "audience", **details)
            elif blanks := _too_many_blanks(asking, question, limit):
                blanks |= {"limit": limit, "audience": question.audience}
                yield at("base_audience.blank", asking.survey, question, "blank", **blanks)
            elif is_sample:
                least = limit - asking.maybe_past(question)
                yield from _fewer("base_audience.fewer", asking.survey, question, least)


def blank_sum(report: Report) -> Iterator[Finding]:
    """Who answered and who left it blank are together those who were asked.

    Of a question for some only, nobody but `asked` tells how many that were: at most the table's.
    """
    for survey, question in questions(report):
        if is_of_mentions(survey, question):
            yield from _more_than_the_people(survey, question)
            continue
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
    yield from (found for survey in report.surveys for found in _unstated_blanks(survey))


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


def _more_than_led_to(asking: Asking, question: Question) -> Iterator[Finding]:
    led = asking.led_past(question)
    base = least_people(asking.survey, question)
    limit = asking.most(question, led)
    if not led or base is None or limit is None:
        return
    details = {"limit": limit, "led": tuple(map(_led, led))}
    if base.value > limit:
        yield at("base_skip", asking.survey, question, "base", **of_base(base), **details)
        return
    size = asking.size(question) or 0
    blanks = _too_many_blanks(asking, question, limit, [size - one.within for one in led])
    if blanks and int(blanks["total"]) <= size:  # else it is the fault of the audience
        yield at("base_skip.blank", asking.survey, question, "blank", **blanks, **details)


def _too_many_blanks(
    asking: Asking, question: Question, limit: int, others: Sequence[int] = ()
) -> dict[str, Any]:
    """Who answered and the blanks, where they are more than were asked; else empty.

    Blanks may hold those who were not asked: then both are all of the audience, of the table or
    another number of people that skip rules leave (`others`).
    """
    survey, blank = asking.survey, question.blank or 0
    stated = stated_base(survey) if question.asked is None else question.asked
    answered = _answered_or_more(asking, question, limit)
    if not blank or answered is None:
        return {}
    total = answered + blank
    everybody = (asking.size(question), asking.everybody, asking.usual, *others)
    if total <= limit or total in everybody:
        return {}
    if stated is not None and total > stated:
        return {}  # blank_sum says so
    return {"answered": answered, "blank": blank, "total": total}


def _answered_or_more(asking: Asking, question: Question, limit: int) -> int | None:
    """None where the blanks may be in the base already."""
    if is_of_mentions(asking.survey, question):
        least = least_people(asking.survey, question)
        return None if least is None else least.value
    answered = _answered(asking.survey, question)
    is_counted = question.kind == "single" and has_counts(question)
    return answered if is_counted or answered not in (limit, asking.size(question)) else None


def _led(led: Led) -> Both:
    source, count = led.source.shown, led.count
    return Both(
        f"第 {source} 题选 {'、'.join(led.options)} 的 {count} 人",
        f"the {count} who chose {' or '.join(led.options)} at question {source}",
    )


def _more_than_the_table(asking: Asking, question: Question) -> Iterator[Finding]:
    """Of single choice with counts `single_sum` says so, and `base_skip` of those behind a skip."""
    survey, people = asking.survey, asking.everybody
    base = base_of(survey, question)
    if base is None or people is None or base.value <= people:
        return
    is_told = question.kind == "single" and has_counts(question)
    if not (is_told or is_of_mentions(survey, question) or asking.led_past(question)):
        yield at("base_audience.all", survey, question, "base", **of_base(base), people=people)


def _more_than_the_people(survey: Survey, question: Question) -> Iterator[Finding]:
    """Nobody mentions an option twice: at least as many answered as its count."""
    least = least_people(survey, question)
    people = stated_base(survey) if question.asked is None else question.asked
    blank = question.blank or 0
    if not blank or least is None or people is None or least.value > people:
        return
    total = least.value + blank
    if total > people:
        shown = {"answered": _at_least(least.value), "total": _at_least(total)}
        details = {"blank": blank, "people": people, **shown}
        yield at("blank_sum", survey, question, "blank", **details)


def _at_least(number: int) -> Both:
    return Both(f"至少 {number}", f"at least {number}")


def _unstated_blanks(survey: Survey) -> Iterator[Finding]:
    """One note for a table: that a few left a question blank shows in its base, as is the custom;
    that many did wants a word."""
    people, collected = stated_base(survey), survey.collected
    is_valid = collected is None or collected.valid in (None, people)
    if people is None or people != table_base(survey) or not is_valid:
        return  # whose base the table has is the question of `collected_numbers`
    bases = [
        (question, base_of(survey, question))
        for question in survey.questions
        if is_for_all(survey, question) and question.blank is None and question.asked is None
    ]
    few = [
        (question.shown, base.value)
        for question, base in bases
        if base is not None
        and base.value < LEAST_ANSWERED * people
        and not says_who_answered(survey, question)
    ]
    if few:
        shown = {"questions": [number for number, _ in few], "bases": [n for _, n in few]}
        place = Place(survey.place, column="blank")
        yield Finding("blank_sum.unstated", place, shown | {"people": people})
