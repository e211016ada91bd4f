"""Options or last digits that one enumerator's responses have more often than the others'."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.designs import Floats
from analysis.mantel_haenszel import cochran_mantel_haenszel
from analysis.multiplicity import adjusted
from analysis.quality.findings import Flagged, PersonFinding, Told
from analysis.quality.interviews import UNKNOWN, Interviews, Ints
from analysis.quality.thresholds import Thresholds
from analysis.refusals import CannotComputeError, NotApplicableError
from surveys.definition import NUMBERS, Kind, Question
from surveys.records import FIRST_OPTION, VALUE, value_field

LEAST_EXPECTED = 5.0
"""Cochran's rule: categories of an enumerator with fewer expected are taken together."""
MOST_ROUNDS = 10
NEARLY = 0.75
"""Of the widest gap: among three, one who differs by d makes each other one look off by d / 2."""
USUAL_SIZE = 10
"""Numbers that are usually smaller have no last digit that differs from the number itself."""


@dataclass(frozen=True, eq=False)
class Item:
    """A classification of n responses: `codes` (n,) places in `names`, UNKNOWN for no answer."""

    label: str
    codes: Ints
    names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Counted:
    """(strata, people, categories) answers to an item."""

    item: Item
    counts: Floats

    @cached_property
    def total(self) -> Floats:
        return np.asarray(self.counts.sum(axis=1))


@dataclass(frozen=True)
class _Candidate:
    """The item in which a person differs most: `p` is already multiplied by the items tested."""

    person: int
    p: float
    gap: float
    told: dict[str, object]


def option_preference(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Per enumerator and single choice: χ² of the options against all other enumerators.

    Stratified by audience (Cochran-Mantel-Haenszel, general association; with one audience
    Pearson's χ² × (N-1)/N), options with fewer than 5 expected taken together. The smallest p of an
    enumerator's questions in which some share differs by `difference` (of all, if there are none)
    × the number of all questions tested (Bonferroni) is adjusted over the enumerators
    (Benjamini & Hochberg 1995) at `false_share`; only those who differ that much are flagged.
    Those found are taken out of the others, and the rest is compared again.
    Where nobody differs, the chance that anybody is flagged is at most `false_share`. Assumes
    independent responses: enumerators of different areas may really differ.
    Raises NotApplicableError without such questions or with fewer than two enumerators who have
    `responses` answers.
    """
    items = list(_options(interviews))
    if not items:
        raise NotApplicableError("few_choices", count=0, needed=1)
    return _preferences("option_preference", interviews, items, thresholds)


def digit_preference(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """The same test of the last digit (of whole units) of numbers, against the others: that people
    round to 0 and 5 is usual, that one enumerator's do so more is not. Questions whose median is
    below 10 are left out. Raises NotApplicableError as `option_preference`."""
    items = list(_digits(interviews))
    if not items:
        raise NotApplicableError("no_numbers")
    return _preferences("digit_preference", interviews, items, thresholds)


def _options(interviews: Interviews) -> Iterator[Item]:
    for question in interviews.responses.questionnaire.questions:
        if question.kind in (Kind.SINGLE, Kind.SCALE) and len(question.options) > 1:
            states = interviews.responses.columns[question.code].astype(np.int64)
            names = tuple(f"{option.code}.{option.text}" for option in question.options)
            yield Item(_label(question), np.maximum(states - FIRST_OPTION, UNKNOWN), names)


def _digits(interviews: Interviews) -> Iterator[Item]:
    columns = interviews.responses.columns
    for question in interviews.responses.questionnaire.questions:
        if question.kind not in NUMBERS:
            continue
        given = columns[question.code] == VALUE
        scale = 10**question.places if question.kind is Kind.DECIMAL else 1
        whole = np.abs(columns[value_field(question)]) // scale
        if given.any() and np.median(whole[given]) >= USUAL_SIZE:
            codes = np.where(given, whole % 10, UNKNOWN)
            yield Item(_label(question), codes, tuple("0123456789"))


def _label(question: Question) -> str:
    return f"{question.code} {question.text}"


def _preferences(
    code: str, interviews: Interviews, items: Sequence[Item], thresholds: Thresholds
) -> Flagged:
    known = interviews.enumerator != UNKNOWN
    sizes = np.bincount(interviews.enumerator[known], minlength=1)
    people = np.flatnonzero(sizes >= thresholds.responses)
    if np.count_nonzero(sizes) < 2 or not len(people):
        raise NotApplicableError("few_answers_each", needed=thresholds.responses)
    flagged = _flagged(code, interviews, _prepared(interviews, items), people, thresholds)
    limits = {"false_share": thresholds.false_share, "least": thresholds.responses}
    rule = Told("option_preference_rule", limits | {"difference": thresholds.difference})
    nothing = np.zeros(0, np.int64)
    return Flagged(code, nothing, int(sizes[people].sum()), _no_response, rule, tuple(flagged))


def _flagged(
    code: str,
    interviews: Interviews,
    counted: Sequence[_Counted],
    people: Ints,
    thresholds: Thresholds,
) -> list[PersonFinding]:
    """Round by round: whoever differs most is taken out of the others, or they would make the
    honest ones look different; the p-values of those found stay in the adjustment."""
    found: list[tuple[_Candidate, float]] = []
    for _ in range(MOST_ROUNDS):
        out = [candidate.person for candidate, _ in found]
        left = [int(person) for person in people if person not in out]
        candidates = [c for p in left if (c := _most_different(counted, p, out, thresholds))]
        both = [candidate.p for candidate, _ in found] + [c.p for c in candidates]
        p_values = adjusted(both, "BH")[len(found) :]
        hits = [
            (candidate, float(p_value))
            for candidate, p_value in zip(candidates, p_values, strict=True)
            if p_value <= thresholds.false_share and candidate.gap >= thresholds.difference
        ]
        widest = max((candidate.gap for candidate, _ in hits), default=0.0)
        found += [hit for hit in hits if hit[0].gap >= NEARLY * widest]
        if not hits:
            break
    return [PersonFinding(c.person, Told(code, c.told | {"p": p})) for c, p in found]


def _prepared(interviews: Interviews, items: Sequence[Item]) -> list[_Counted]:
    strata = interviews.responses.groups.get("audience")
    none = np.zeros(interviews.n, np.int64)
    groups = none if strata is None else strata.codes.astype(np.int64)
    return [_Counted(item, _counts(item, interviews.enumerator, groups)) for item in items]


def _counts(item: Item, people: Ints, groups: Ints) -> Floats:
    """(strata, people, categories)"""
    shape = (int(groups.max(initial=0)) + 1, int(people.max(initial=0)) + 1, len(item.names))
    inside = (item.codes != UNKNOWN) & (people != UNKNOWN)
    places = (groups[inside], people[inside], item.codes[inside])
    joint = np.ravel_multi_index(tuple(np.asarray(p, np.int64) for p in places), shape)
    return np.bincount(joint, minlength=int(np.prod(shape))).reshape(shape).astype(np.float64)


def _compared(counted: _Counted, person: int, out: Sequence[int]) -> _Candidate | None:
    """A person against all others but those that are `out`."""
    item, own = counted.item, counted.counts[:, person]
    others = counted.total - own - counted.counts[:, list(out)].sum(axis=1)
    expected = expected_counts(own, others)
    n = own.sum()
    if expected.sum() < n:
        # Kinds of respondents that nobody else interviewed cannot be compared.
        comparable = others.sum(axis=1) > 0
        own, others, n = own[comparable], others[comparable], own[comparable].sum()
    if not n:
        return None
    pooled = _pooled(np.stack([own, others], axis=1), expected)
    try:
        test = cochran_mantel_haenszel(pooled)
    except CannotComputeError:
        return None
    gaps = (own.sum(axis=0) - expected) / n
    most = int(np.argmax(np.abs(gaps)))
    told = {
        "question": item.label,
        "option": item.names[most],
        "own": float(own.sum(axis=0)[most] / n),
        "expected": float(expected[most] / n),
        "count": int(n),
        "statistic": float(test.statistic),
        "df": int(test.df),
    }
    return _Candidate(person, float(test.p), float(abs(gaps[most])), told)


def expected_counts(own: Floats, others: Floats) -> Floats:
    """(categories,) what a person's responses (strata, categories) would have by the shares of the
    others of the same stratum; strata that the others lack give nothing."""
    sizes = others.sum(axis=1, keepdims=True)
    return np.asarray((own.sum(axis=1, keepdims=True) * others / np.maximum(sizes, 1)).sum(axis=0))


def _pooled(tables: Floats, expected: Floats) -> Floats:
    """Categories with fewer than 5 expected as one, together with the next if still too few."""
    order = np.argsort(expected, kind="stable")
    n_rare = int(np.count_nonzero(expected < LEAST_EXPECTED))
    while 0 < n_rare < len(order) and expected[order[:n_rare]].sum() < LEAST_EXPECTED:
        n_rare += 1
    if n_rare < 2:
        return tables
    rare, rest = order[:n_rare], np.sort(order[n_rare:])
    return np.concatenate([tables[..., rest], tables[..., rare].sum(axis=-1)[..., None]], axis=-1)


def _most_different(
    counted: Sequence[_Counted], person: int, out: Sequence[int], thresholds: Thresholds
) -> _Candidate | None:
    tests = [
        candidate
        for one in counted
        if one.counts[:, person].sum() >= thresholds.responses
        and (candidate := _compared(one, person, out)) is not None
    ]
    if not tests:
        return None
    # A large sample makes a small gap significant: it must not hide a wide one of another item.
    wide = [candidate for candidate in tests if candidate.gap >= thresholds.difference]
    least = min(wide or tests, key=lambda candidate: candidate.p)
    return _Candidate(least.person, min(least.p * len(tests), 1.0), least.gap, least.told)


def _no_response(place: int) -> Told:
    raise IndexError(place)
