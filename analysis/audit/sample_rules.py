"""Rules on who was asked: the stated sample, and the questionnaires distributed and returned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise

from analysis.audit.bases import table_base
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report
from analysis.audit.sentences import Both
from analysis.audit.survey_model import Collected, Sample, Survey
from analysis.printed import as_printed

DISTRIBUTED = Both("发放", "distributed")
RETURNED = Both("回收", "returned")
VALID = Both("有效", "valid")
MOST_GROUPS = 12
"""Of more, some sum is nearly any number."""


def sample_base(report: Report) -> Iterator[Finding]:
    """The sample that the text states is the one that the table counts."""
    if report.sample is None:
        return
    sizes = {group.name: group.n for group in report.sample.groups}
    for survey in report.surveys:
        base = table_base(survey)
        if not survey.groups or base is None:
            continue
        stated = sum(sizes[name] for name in survey.groups)
        allowed = _numbers(survey, base)
        if stated not in allowed:
            shown = {"groups": _shown(sizes, survey.groups), "allowed": tuple(sorted(allowed))}
            place = Place(survey.place, column="sample")
            yield Finding("sample_base", place, {"stated": stated, "base": base, **shown})
    yield from _of_no_group(report.sample, report.surveys)


def _of_no_group(sample: Sample, surveys: tuple[Survey, ...]) -> Iterator[Finding]:
    """A table that does not say of which groups it is may be of any that have its size.

    Several such tables may share their groups, as those of two townships do: all together, or those
    that have the size of none. All are tried first, since a number of one table may be the size of
    a group by chance.
    """
    sizes = {group.name: group.n for group in sample.groups}
    if len(sizes) > MOST_GROUPS:
        return
    sums = _sums(sizes.values()) | {sample.total}
    bases = [(survey, table_base(survey)) for survey in surveys if not survey.groups]
    every = [(survey, base) for survey, base in bases if base is not None]
    alone = [(survey, base) for survey, base in every if sums.isdisjoint(_numbers(survey, base))]
    for tables in (every, alone):
        if not sums.isdisjoint(_joined([_known(survey, base) for survey, base in tables])):
            return
    for survey, base in alone:
        allowed = tuple(sorted(_numbers(survey, base)))
        details = {"base": base, "groups": _shown(sizes, sizes), "allowed": allowed}
        yield Finding("sample_base.groups", Place(survey.place, column="sample"), details)


def _numbers(survey: Survey, base: int) -> set[int]:
    """What the sample can be: those who got a questionnaire, returned it or are counted."""
    return {number for number in _known(survey, base) if number is not None}


def _known(survey: Survey, base: int) -> tuple[int | None, ...]:
    """Distributed, returned and valid, which is the base where it is not stated."""
    given = survey.collected or Collected()
    return given.distributed, given.returned, base if given.valid is None else given.valid


def _joined(tables: list[tuple[int | None, ...]]) -> set[int]:
    """Each number of all tables together, where all state it."""
    columns = zip(*tables, strict=True)
    return {sum(n or 0 for n in column) for column in columns if None not in column}


def _sums(sizes: Iterable[int]) -> set[int | None]:
    sums: set[int | None] = {0}
    for size in sizes:
        sums |= {size + (other or 0) for other in sums}
    return sums - {0}


def _shown(sizes: Mapping[str, int], groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{name} {sizes[name]}" for name in groups)


def sample_sum(report: Report) -> Iterator[Finding]:
    """The groups of the sample add up to its stated total."""
    sample = report.sample
    if sample is None or sample.total is None:
        return
    total = sum(group.n for group in sample.groups)
    if total != sample.total:
        place = Place(sample.place, column="sample")
        yield Finding("sample_sum", place, {"total": sample.total, "sum": total})


def collected_missing(report: Report) -> Iterator[Finding]:
    """Each table says how many questionnaires were distributed, returned and valid."""
    for survey in report.surveys:
        given = survey.collected or Collected()
        numbers = {DISTRIBUTED: given.distributed, RETURNED: given.returned, VALID: given.valid}
        missing = tuple(name for name, number in numbers.items() if number is None)
        if missing:
            place = Place(survey.place, column="collected")
            yield Finding("collected_missing", place, {"missing": missing})


def collected_numbers(report: Report) -> Iterator[Finding]:
    """Distributed >= returned >= valid, valid is the base of the table, and the rates follow."""
    for survey in report.surveys:
        if survey.collected is not None:
            yield from _order(survey, survey.collected)
            yield from _rates(survey, survey.collected)
            yield from _valid(survey, survey.collected)


def _order(survey: Survey, given: Collected) -> Iterator[Finding]:
    chain = ((DISTRIBUTED, given.distributed), (RETURNED, given.returned), (VALID, given.valid))
    known = [(name, number) for name, number in chain if number is not None]
    for (other, limit), (name, value) in pairwise(known):
        if value > limit:
            details = {"name": name, "value": value, "other": other, "limit": limit}
            yield Finding("collected_numbers", Place(survey.place, column="collected"), details)


def _rates(survey: Survey, given: Collected) -> Iterator[Finding]:
    whole = given.returned if given.valid_of == "returned" else given.distributed
    for column, rate, part, of in (
        ("return_rate", given.return_rate, given.returned, given.distributed),
        ("valid_rate", given.valid_rate, given.valid, whole),
    ):
        if rate is None or part is None or not of:
            continue
        right = Fraction(100 * part, of)
        if not rate.is_rounded_from(right):
            printed = as_printed(right, rate.places, True).text
            details = {"rate": rate.text, "part": part, "whole": of, "right": printed}
            yield Finding("collected_numbers.rate", Place(survey.place, column=column), details)


def _valid(survey: Survey, given: Collected) -> Iterator[Finding]:
    base = table_base(survey)
    if given.valid is not None and base is not None and base != given.valid:
        details = {"valid": given.valid, "base": base}
        place = Place(survey.place, column="collected")
        yield Finding("collected_numbers.base", place, details)
