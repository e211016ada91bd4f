"""The sample and the summary tables of a described report."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field

from analysis.audit.cells import Count, Label, Percent
from surveys.definition import Frozen, Words

CODE = re.compile(r"^q0*(\d+)$")


class Group(Frozen):
    """A group of people of the sample, with its size as the text states it."""

    name: Words
    n: Count


class Sample(Frozen):
    place: Words
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    total: Count | None = None


class Collected(Frozen):
    """发放/回收/有效. `valid_of` says what the 有效率 is divided by."""

    distributed: Count | None = None
    returned: Count | None = None
    valid: Count | None = None
    return_rate: Percent | None = None
    valid_rate: Percent | None = None
    valid_of: Literal["returned", "distributed"] = "returned"


class Option(Frozen):
    letter: Label
    text: str = ""
    count: Count | None = None
    share: Percent | None = None


class Skip(Frozen):
    """Who chose `option` is led past the questions `over` (their numbers), all of them: who is led
    past 2 alone is asked 3, even if 2 itself leads some past 3."""

    option: Label
    over: Annotated[tuple[Label, ...], Field(min_length=1)]


class Question(Frozen):
    """One question of a summary table; `audience` names groups of the sample, none is everybody.

    `asked` is the number of people whom the question was put to, where a table tells it.
    """

    number: Label
    text: str = ""
    kind: Literal["single", "multiple"]
    audience: tuple[Words, ...] = ()
    asked: Count | None = None
    base: Count | None = None
    blank: Count | None = None
    base_note: str = ""
    skips: tuple[Skip, ...] = ()
    options: Annotated[tuple[Option, ...], Field(min_length=1)]

    @property
    def shown(self) -> str:
        """The number as a report prints it: our own tables have the code, `q07` for 7."""
        return CODE.sub(r"\1", self.number)

    def option(self, letter: str) -> Option:
        return next(option for option in self.options if option.letter == letter)


class Survey(Frozen):
    """One table 调查问卷汇总表. `base` is the number of people that the table prints."""

    id: Label
    place: Words
    title: str = ""
    groups: tuple[Words, ...] = ()
    base: Count | None = None
    base_note: str = ""
    collected: Collected | None = None
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]

    def question(self, number: str) -> Question:
        return next(question for question in self.questions if question.number == number)


class Answers(Frozen):
    """The people who chose one of these options of a single-choice question; who chose one of
    `outside` (拒答) is not in the base."""

    survey: Label
    question: Label
    options: Annotated[tuple[Label, ...], Field(min_length=1)]
    outside: tuple[Label, ...] = ()


class Surveyed(Frozen):
    """What the survey says about an indicator: the pooled share of `answers`.

    It belongs into the indicator's own bands; `full_needs` instead says the least share that full
    marks can stand beside.
    """

    answers: Annotated[tuple[Answers, ...], Field(min_length=1)]
    full_needs: Percent | None = None
