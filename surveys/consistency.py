"""What must hold between the questions of one questionnaire; one rule per function."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from surveys.canonical import LARGEST_NUMBER
from surveys.conditions import Condition
from surveys.definition import CHOICES, NUMBERS, Audience, Contradiction, Kind, Question
from surveys.records import MAX_OPTIONS, MAX_OPTIONS_OTHERWISE

RESERVED_CODES = ("id", "audience", "area", "weight", "status", "practice", "enumerator")
"""Columns of a sheet of responses that a question's column must not be mistaken for."""


@dataclass(frozen=True)
class Inconsistency:
    question: str
    code: str
    details: Mapping[str, Any]


def inconsistencies(
    questions: Sequence[Question],
    audiences: Sequence[Audience] | None,
    known: Iterable[str] = (),
) -> list[Inconsistency]:
    """All faults; `known` names, each time, questions that exist but have faults of their own."""
    known = tuple(known)
    found = [fault for rule in RULES for question in questions for fault in rule(question)]
    found += _duplicate_codes([*(question.code for question in questions), *known])
    found += _foreign_audiences(questions, audiences)
    found += _conditions(questions, frozenset(known))
    order = {question.code: -place for place, question in enumerate(reversed(questions))}
    return sorted(found, key=lambda fault: order.get(fault.question, 0))


def contradiction_faults(
    contradictions: Sequence[Contradiction],
    questions: Sequence[Question],
    known: Iterable[str] = (),
) -> list[Inconsistency]:
    """All faults of the rules on contradictory answers; `known` as in `inconsistencies`."""
    by_code, others = {question.code: question for question in questions}, frozenset(known)
    named = [c.code or f"contradictions[{n}]" for n, c in enumerate(contradictions, 1)]
    found = [
        Inconsistency(name, "duplicate_contradiction", {"times": times})
        for name, times in Counter(named).items()
        if times > 1
    ]
    for name, contradiction in zip(named, contradictions, strict=True):
        found += _contradiction_fits(name, contradiction.when, by_code, others)
    return found


def _contradiction_fits(
    name: str, when: Condition, by_code: Mapping[str, Question], known: frozenset[str]
) -> Iterator[Inconsistency]:
    for leaf in when.leaves():
        code = str(leaf.question)
        if code in by_code and by_code[code].kind is Kind.TEXT:
            yield Inconsistency(name, "contradiction_on_text", {"other": code})
        elif code in by_code:
            yield from _comparison_fits(name, by_code[code], leaf)
        elif code not in known:
            yield Inconsistency(name, "condition_on_unknown", {"other": code})
    if _has_empty_combination(when):
        yield Inconsistency(name, "empty_combination", {})


def _options_where_they_belong(question: Question) -> Iterator[Inconsistency]:
    if question.kind in CHOICES and not question.options:
        yield Inconsistency(question.code, "no_options", {})
    if question.kind is Kind.TEXT and question.options:
        yield Inconsistency(question.code, "options_on_text", {})
    if question.kind in NUMBERS | {Kind.DATE}:
        for option in question.options:
            details = {"option": option.code}
            if option.meaning is None:
                yield Inconsistency(question.code, "answer_option_on_number", details)
            if option.code.isdigit():
                yield Inconsistency(question.code, "option_looks_like_answer", details)
    limit = MAX_OPTIONS.get(question.kind, MAX_OPTIONS_OTHERWISE)
    if len(question.options) > limit:
        yield Inconsistency(question.code, "too_many_options", {"limit": limit})


def _options_differ(question: Question) -> Iterator[Inconsistency]:
    for code, times in Counter(option.code for option in question.options).items():
        if times > 1:
            yield Inconsistency(question.code, "duplicate_option", {"option": code})
    for text, times in Counter(option.text for option in question.options).items():
        if times > 1:
            yield Inconsistency(question.code, "duplicate_option_text", {"text": text})


def _ticking_rules_fit(question: Question) -> Iterator[Inconsistency]:
    if question.kind is not Kind.MULTIPLE:
        if question.at_most is not None:
            yield Inconsistency(question.code, "at_most_without_multiple", {})
        if any(option.exclusive for option in question.options):
            yield Inconsistency(question.code, "exclusive_without_multiple", {})
    elif question.at_most is not None and question.at_most > len(question.options):
        yield Inconsistency(question.code, "at_most_over_options", {"at_most": question.at_most})
    if question.kind not in CHOICES and any(option.note for option in question.options):
        yield Inconsistency(question.code, "note_without_choice", {})


def _order_is_of_a_scale(question: Question) -> Iterator[Inconsistency]:
    if question.worst_first and question.kind not in (Kind.SINGLE, Kind.SCALE):
        yield Inconsistency(question.code, "worst_first_without_scale", {})


def _bounds_fit(question: Question) -> Iterator[Inconsistency]:
    bounds = [b for b in (question.minimum, question.maximum) if b is not None]
    if bounds and question.kind not in NUMBERS | {Kind.DATE}:
        yield Inconsistency(question.code, "bounds_without_number", {})
        return
    wrong = [b for b in bounds if not _is_bound(question.kind, b)]
    for bound in wrong:
        yield Inconsistency(question.code, "malformed_bound", {"value": bound})
    if not wrong and len(bounds) == 2 and bounds[0] > bounds[1]:  # type: ignore[operator]
        yield Inconsistency(question.code, "bounds_swapped", {})


def _is_bound(kind: Kind, bound: Any) -> bool:
    if kind is Kind.DATE:
        return _is_day(bound)
    if isinstance(bound, float) and kind is not Kind.DECIMAL:
        return False
    return _is_storable_number(bound)


def _is_storable_number(value: Any) -> bool:
    return isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _code_is_free(question: Question) -> Iterator[Inconsistency]:
    if question.code in RESERVED_CODES:
        yield Inconsistency(question.code, "reserved_code", {"reserved": "、".join(RESERVED_CODES)})


def _duplicate_codes(codes: Sequence[str]) -> Iterator[Inconsistency]:
    for code, times in Counter(codes).items():
        if times > 1:
            yield Inconsistency(code, "duplicate_question", {"times": times})


def _foreign_audiences(
    questions: Sequence[Question], audiences: Sequence[Audience] | None
) -> Iterator[Inconsistency]:
    if audiences is None:
        return
    for question in questions:
        for audience in question.audiences:
            if audience not in audiences:
                yield Inconsistency(question.code, "foreign_audience", {"value": audience.value})


def _conditions(questions: Sequence[Question], known: frozenset[str]) -> Iterator[Inconsistency]:
    by_code = {question.code: question for question in questions}
    order = {question.code: place for place, question in enumerate(questions)}
    reached = _reached(by_code)
    for question in questions:
        for leaf in question.asked_if.leaves() if question.asked_if else ():
            code = str(leaf.question)
            if code not in by_code and code in known:
                continue
            if code not in by_code:
                yield Inconsistency(question.code, "condition_on_unknown", {"other": code})
            elif question.code in reached[code]:
                yield Inconsistency(question.code, "condition_cycle", {"other": code})
            elif order[code] >= order[question.code]:
                yield Inconsistency(question.code, "condition_on_later", {"other": code})
            else:
                yield from _comparison_fits(question.code, by_code[code], leaf)
        if question.asked_if is not None and _has_empty_combination(question.asked_if):
            yield Inconsistency(question.code, "empty_combination", {})


def _reached(by_code: Mapping[str, Question]) -> dict[str, set[str]]:
    """Code -> all questions that its condition depends on, also by way of other questions."""
    needs = {
        code: set(question.asked_if.questions()) & by_code.keys() if question.asked_if else set()
        for code, question in by_code.items()
    }

    def reachable(start: str) -> set[str]:
        seen: set[str] = set()
        pending = list(needs[start])
        while pending:
            code = pending.pop()
            if code not in seen:
                seen.add(code)
                pending += needs[code]
        return seen

    return {code: reachable(code) for code in by_code}


def _has_empty_combination(condition: Condition) -> bool:
    children = [*(condition.all or ()), *(condition.any or ()), *filter(None, [condition.not_])]
    return () in (condition.all, condition.any) or any(map(_has_empty_combination, children))


def _comparison_fits(
    name_of_rule: str, other: Question, leaf: Condition
) -> Iterator[Inconsistency]:
    name, value = leaf.comparison
    details = {"other": other.code, "comparison": name, "value": value}
    if not FITTING[name](other, value):
        yield Inconsistency(name_of_rule, "comparison_does_not_fit", details)


def _is_option_of(other: Question, value: Any) -> bool:
    return isinstance(value, str) and value in other.position


def _equals_fits(other: Question, value: Any) -> bool:
    if other.kind is Kind.MULTIPLE:
        listed = list(value) if isinstance(value, tuple) else []
        in_order = sorted(set(listed) & other.position.keys(), key=other.position.__getitem__)
        return bool(listed) and listed == in_order
    if _is_option_of(other, value):
        return True
    if other.kind is Kind.TEXT:
        return isinstance(value, str)
    return other.kind not in CHOICES and _is_bound(other.kind, value)


def _includes_fits(other: Question, value: Any) -> bool:
    return other.kind is Kind.MULTIPLE and _is_option_of(other, value)


def _order_fits(other: Question, value: Any) -> bool:
    if other.kind in NUMBERS:
        return _is_storable_number(value)
    return other.kind is Kind.DATE and _is_day(value)


FITTING: dict[str, Callable[[Question, Any], bool]] = {
    "equals": _equals_fits,
    "includes": _includes_fits,
    "at_least": _order_fits,
    "more_than": _order_fits,
    "at_most": _order_fits,
    "less_than": _order_fits,
}
RULES: tuple[Callable[[Question], Iterator[Inconsistency]], ...] = (
    _code_is_free,
    _options_where_they_belong,
    _options_differ,
    _ticking_rules_fit,
    _order_is_of_a_scale,
    _bounds_fit,
)
