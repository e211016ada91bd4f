"""How many people of a table a question was put to: its audience, less those led past it.

Who was led past is counted for certain (for the most that were asked) and as a possibility (for
the least); a question that some were not asked leads only those past another who were asked it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from analysis.audit.bases import (
    Base,
    base_of,
    count_range,
    has_counts,
    least_people,
    stated_base,
    table_base,
    total_of,
)
from analysis.audit.model import Report
from analysis.audit.survey_model import Question, Survey


@dataclass(frozen=True)
class Led:
    """`count` people who chose one of `options` of `source` are led past a question, of whom at
    least `within` belong to its audience."""

    source: Question
    options: tuple[str, ...]
    count: int
    within: int


@dataclass(frozen=True)
class Asking:
    """A table with the sizes of the groups that its audiences name."""

    survey: Survey
    sizes: dict[str, int]

    @cached_property
    def usual(self) -> int | None:
        return table_base(self.survey)

    @cached_property
    def everybody(self) -> int | None:
        """The most people that the table can be of: where it tells no number itself, all of its
        groups in the sample."""
        known = [n for n in (stated_base(self.survey), self.usual) if n is not None]
        if known:
            return max(known)
        return sum(self.sizes[name] for name in set(self.survey.groups)) or None

    @cached_property
    def sources(self) -> dict[str, list[Question]]:
        """Number of a question -> those that lead some people past it, as they stand."""
        found: dict[str, list[Question]] = {}
        for source in self.survey.questions:
            for number in {number for skip in source.skips for number in skip.over}:
                found.setdefault(number, []).append(source)
        return found

    @cached_property
    def over(self) -> dict[str, dict[str, frozenset[str]]]:
        """Number of a source -> option -> the questions that it leads past."""
        found: dict[str, dict[str, frozenset[str]]] = {}
        for source in (question for question in self.survey.questions if question.skips):
            over: dict[str, set[str]] = {option.letter: set() for option in source.options}
            for skip in source.skips:
                over[skip.option].update(skip.over)
            found[source.number] = {letter: frozenset(n) for letter, n in over.items() if n}
        return found

    @cached_property
    def bases(self) -> dict[str, Base | None]:
        return {q.number: base_of(self.survey, q) for q in self.survey.questions if q.skips}

    def size(self, question: Question) -> int | None:
        if question.audience:
            return sum(self.sizes[name] for name in set(question.audience))
        return self.everybody

    def led_past(self, question: Question) -> tuple[Led, ...]:
        """Different people for certain: of several sources, those whose own answers lead past the
        other sources too, or else the one that leads the most."""
        sources = self.sources.get(question.number, [])
        together: list[Led] = []
        numbers = frozenset({question.number})
        for source in reversed(sources):
            led = self._led(source, question, numbers)
            if led is not None:
                together.append(led)
                numbers |= {source.number}
        alone = [self._led(source, question, frozenset({question.number})) for source in sources]
        every = [tuple(reversed(together)), *((led,) for led in alone if led is not None)]
        return max(every, key=lambda chosen: sum(led.within for led in chosen))

    def most(self, question: Question, led: tuple[Led, ...]) -> int | None:
        """The most people who were asked, as many as answered a source should those be more: that
        others than its audience answered is the fault of the source.

        None if nobody knows how many the table is of: who answered a source need not be all."""
        size = self.size(question)
        if size is None:
            return None
        alike = [one.source for one in led if one.source.audience == question.audience]
        too_many = [
            total_of(source) + (source.blank or 0)
            for source in alike
            if source.kind == "single" and total_of(source) > size
        ]
        return max(max([size, *too_many]) - sum(one.within for one in led), 0)

    def maybe_past(self, question: Question) -> int:
        """The most people that skip rules can have led past a question.

        Who did not answer the question that a rule starts from may have been led past, too; even if
        they were not asked it, as what follows from a question goes with it.
        """
        own = set(question.audience)
        return sum(
            self._maybe(source, question)
            for source in self.sources.get(question.number, [])
            if not (own and source.audience and own.isdisjoint(source.audience))
        )

    def _led(self, source: Question, question: Question, past: frozenset[str]) -> Led | None:
        """Those whose answer leads past all of `past`; None if that is nobody for certain."""
        options = self._leading(source, past) if source.number not in past else ()
        counts = [found[0] for found in self._ranges(source, options) if found is not None]
        # one person may choose several options of a multiple choice
        count = sum(counts) if source.kind == "single" else max(counts, default=0)
        outside = self._outside(source, question)
        within = 0 if outside is None else max(count - outside, 0)
        return Led(source, options, count, within) if within else None

    def _outside(self, source: Question, question: Question) -> int | None:
        """The most people asked `source` who are not of the audience of `question`."""
        if not question.audience:
            return 0
        if source.audience:
            others = set(source.audience) - set(question.audience)
            return sum(self.sizes[name] for name in others)
        if self.everybody is None:
            return None
        return max(self.everybody - (self.size(question) or 0), 0)

    def _maybe(self, source: Question, question: Question) -> int:
        if source.audience and question.audience:
            people = sum(self.sizes[name] for name in {*source.audience, *question.audience})
        else:
            people = self.everybody or 0
        ranges = self._ranges(source, self._leading(source, frozenset({question.number})))
        if None in ranges:
            return people
        led = sum(found[1] for found in ranges if found is not None)
        return led + max(people - self._answered(source), 0)

    def _leading(self, source: Question, past: frozenset[str]) -> tuple[str, ...]:
        """The options that lead past all of these questions."""
        return tuple(option for option, over in self.over[source.number].items() if past <= over)

    def _ranges(self, source: Question, options: tuple[str, ...]) -> list[tuple[int, int] | None]:
        base = self.bases[source.number]
        return [count_range(source.option(letter), base) for letter in options]

    def _answered(self, source: Question) -> int:
        """The least number of people who did not leave it blank."""
        if source.kind == "single" and has_counts(source):
            return total_of(source)
        least = least_people(self.survey, source)
        return 0 if least is None else max(least.value - (source.blank or 0), 0)


def asked_of(report: Report) -> Iterator[Asking]:
    sizes = {group.name: group.n for group in report.sample.groups} if report.sample else {}
    for survey in report.surveys:
        yield Asking(survey, sizes)
