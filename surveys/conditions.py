""" "Asked if" rules as data, and whether they hold for the answers given so far.

A condition is one of

    {question: q05, equals: A}          the answer is exactly this
    {question: q04, includes: C}        this option is among those ticked
    {question: age, at_least: 60}       also more_than, at_most, less_than; numbers or ISO dates
    {all: [...]}  {any: [...]}  {not: {...}}

The browser evaluates the same data with `app/static/js/conditions.js`; both run the cases of
`tests/cases/conditions.json`. The rules where languages differ:

* a missing answer fulfils no comparison (so `not` of one holds);
* nothing is converted: "10" is no number, true is not 1, a list equals only the same list;
* a number compares with a number, an ISO date with an ISO date, anything else is false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)

Answers = Mapping[str, Any]
Bound = StrictInt | StrictFloat | StrictStr
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Condition(BaseModel):
    """One node of a condition: a comparison with one earlier question, or a combination."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    question: str | None = None
    equals: Bound | tuple[StrictStr, ...] | None = None
    includes: StrictStr | None = None
    at_least: Bound | None = None
    more_than: Bound | None = None
    at_most: Bound | None = None
    less_than: Bound | None = None
    all: tuple[Condition, ...] | None = None
    any: tuple[Condition, ...] | None = None
    not_: Condition | None = Field(default=None, alias="not")

    @model_validator(mode="after")
    def _says_one_thing(self) -> Condition:
        combinations = [name for name in COMBINATIONS if getattr(self, name) is not None]
        comparisons = [name for name in COMPARISONS if getattr(self, name) is not None]
        if self.question is None and len(combinations) == 1 and not comparisons:
            return self
        if self.question is not None and len(comparisons) == 1 and not combinations:
            return self
        raise ValueError(
            "a condition is either one of all/any/not, or a question with exactly one of "
            + ", ".join(COMPARISONS)
        )

    @property
    def comparison(self) -> tuple[str, Any]:
        """Name of the comparison and the value that it compares with."""
        return next((n, getattr(self, n)) for n in COMPARISONS if getattr(self, n) is not None)

    def questions(self) -> Iterator[str]:
        """Codes of all questions that the condition looks at."""
        return (leaf.question for leaf in self.leaves() if leaf.question is not None)

    def leaves(self) -> Iterator[Condition]:
        if self.question is not None:
            yield self
        for child in (*(self.all or ()), *(self.any or ()), *filter(None, [self.not_])):
            yield from child.leaves()

    def as_data(self) -> dict[str, Any]:
        """The condition as the plain data that the browser gets."""
        return self.model_dump(mode="json", by_alias=True, exclude_none=True)


def holds(condition: Condition | None, answers: Answers) -> bool:
    """True if the question with this condition is to be asked."""
    if condition is None:
        return True
    if condition.all is not None:
        return all(holds(child, answers) for child in condition.all)
    if condition.any is not None:
        return any(holds(child, answers) for child in condition.any)
    if condition.not_ is not None:
        return not holds(condition.not_, answers)
    name, wanted = condition.comparison
    given = answers.get(condition.question or "")
    return given is not None and COMPARISONS[name](given, wanted)


def _equals(given: Any, wanted: Any) -> bool:
    if _is_number(given) and _is_number(wanted):
        return bool(given == wanted)
    if isinstance(given, list | tuple) and isinstance(wanted, list | tuple):
        return list(given) == list(wanted)
    return isinstance(given, str) and isinstance(wanted, str) and given == wanted


def _includes(given: Any, wanted: Any) -> bool:
    return isinstance(given, list | tuple) and wanted in given


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def comparison(given: Any, wanted: Any) -> bool:
        comparable = (_is_number(given) and _is_number(wanted)) or (
            _is_date(given) and _is_date(wanted)
        )
        return comparable and compare(given, wanted)

    return comparison


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and ISO_DATE.fullmatch(value) is not None


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _equals,
    "includes": _includes,
    "at_least": _ordered(lambda given, wanted: given >= wanted),
    "more_than": _ordered(lambda given, wanted: given > wanted),
    "at_most": _ordered(lambda given, wanted: given <= wanted),
    "less_than": _ordered(lambda given, wanted: given < wanted),
}
COMBINATIONS = ("all", "any", "not_")
