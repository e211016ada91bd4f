"""Straight-lining: the same place of option through a long string of questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.designs import Floats
from analysis.quality.findings import Flagged, Told, rows_of
from analysis.quality.interviews import Bools, Interviews, Ints
from analysis.quality.tendencies import WEIGHTS, correlation, shares_of_people
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError
from surveys.definition import Kind, Question
from surveys.records import FIRST_OPTION, NOT_ASKED

Places = npt.NDArray[np.int16]
MOST_PATTERNS = 200
"""Sets of questions asked for which the chance is computed; rarer ones get the longest limit."""


FEWEST_JUDGED = 0.05
"""Share of the answers that must stand in places with a limit for the check to say anything."""


@dataclass(frozen=True, eq=False)
class _Line:
    """Per response: its longest string that chance does not explain (0: none), from which length
    on it does not in that place, how many questions were asked, and whether any length is too
    long for chance. related: correlation of the questions, 0..1."""

    run: Ints
    needed: Ints
    asked: Ints
    judged: Bools
    related: float


def straight_lining(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Long-string index (Johnson 2005) over the scale questions, and over all single choices.

    A string goes on while the option stands in the same place (first, second …; 不清楚 and 拒答
    are places of their own); questions not asked are passed over, a blank ends it. Flagged from
    the length, at least `items`, that answers with each question's own shares and the dependence
    that they show in these responses (see `analysis.quality.tendencies`) reach in this place with
    a chance of at most `chance`, divided by the number of series and of places. So a place that
    the content choose throughout may have no such length, and another one in the middle a short
    one. Straight lines themselves raise the dependence a little; questions that hang together
    more closely with their neighbours than with others make honest strings longer than reckoned.
    Raises NotApplicableError with too few such questions or where even all of them are too few.
    """
    series = _series(interviews.responses.questionnaire.questions, thresholds.items)
    if not series:
        singles = interviews.responses.questionnaire.questions
        count = sum(q.is_choice and q.kind is not Kind.MULTIPLE for q in singles)
        raise NotApplicableError("few_choices", count=count, needed=thresholds.items)
    chance = thresholds.chance / len(series)
    lines = [_line(interviews, questions, chance, thresholds.items) for questions in series]
    if not any(line.judged.any() for line in lines):
        raise NotApplicableError("lines_by_chance", chance=thresholds.chance)
    flagged = np.stack([line.run > 0 for line in lines])
    rows = rows_of(np.asarray(np.any(flagged, axis=0)))
    which = np.argmax(flagged[:, rows], axis=0) if len(rows) else rows

    def tell(place: int) -> Told:
        line, row = lines[which[place]], rows[place]
        numbers = {"run": int(line.run[row]), "asked": int(line.asked[row])}
        numbers |= {"needed": int(line.needed[row])}
        return Told("straight_lining", numbers | {"related": f"{line.related:.2f}"})

    checked = np.stack([line.judged for line in lines]).max(axis=0)
    rule = Told("straight_lining_rule", {"chance": thresholds.chance, "items": thresholds.items})
    return Flagged("straight_lining", rows, int(np.count_nonzero(checked)), tell, rule)


def _series(questions: Sequence[Question], least: int) -> list[list[Question]]:
    kinds = (Kind.SCALE, Kind.SINGLE)
    found = [[q for q in questions if q.kind is kind] for kind in kinds]
    return [series for series in found if len(series) >= least]


def _line(
    interviews: Interviews, questions: Sequence[Question], chance: float, least: int
) -> _Line:
    columns = [interviews.responses.columns[question.code] for question in questions]
    most = max(len(question.options) for question in questions)
    places = [_places(q, column, most) for q, column in zip(questions, columns, strict=True)]
    asked = [column != NOT_ASKED for column in columns]
    shares = np.stack([_shares(p, a, most + 2) for p, a in zip(places, asked, strict=True)])
    related = correlation(places, most)
    people = np.concatenate(
        [
            shares_of_people(shares[:, :most], related),
            np.broadcast_to(shares[:, None, most:], (len(shares), len(WEIGHTS), 2)),
        ],
        axis=2,
    )
    limits, of_row = _limits(asked, people, chance, least)
    if shares[:, limits[:, :-1].any(axis=0)].sum() < FEWEST_JUDGED * shares.sum():
        limits[:] = 0
    run, needed = _too_long(places, asked, limits, of_row)
    judged = np.asarray(np.any(limits, axis=1))[of_row]
    return _Line(run, needed, np.sum(asked, axis=0), judged, related)


def _places(question: Question, column: npt.NDArray[np.uint8], most: int) -> Places:
    """State -> place of the option; -1 for blank; what is no answer stands behind all options."""
    known = np.full(256, -1, np.int16)
    for option, place in question.position.items():
        meaning = question.option(option).meaning
        known[FIRST_OPTION + place] = place if meaning is None else most + (meaning == "dont_know")
    return known[column]


def _shares(places: Places, asked: Bools, size: int) -> Floats:
    """(size,) share of each place among those asked; they sum to less than 1 with blanks."""
    counts = np.bincount(places[places >= 0], minlength=size)
    return counts / max(int(np.count_nonzero(asked)), 1)


def longest_string(places: Sequence[Places], asked: Sequence[Bools]) -> Ints:
    """(n,) length of the longest string of equal places; not asked is passed over."""
    best = np.zeros(len(places[0]), np.int16)
    for _, run in _strings(places, asked):
        np.maximum(best, run, out=best)
    return best


def _strings(places: Sequence[Places], asked: Sequence[Bools]) -> Iterator[tuple[Places, Places]]:
    """After each question (n,) the place last chosen and the length of its string so far."""
    n = len(places[0])
    last, run = np.full(n, -1, np.int16), np.zeros(n, np.int16)
    for place, is_asked in zip(places, asked, strict=True):
        longer = np.where((place == last) & (place >= 0), run + 1, place >= 0).astype(np.int16)
        run = np.where(is_asked, longer, run)
        last = np.where(is_asked, place, last)
        yield last, run


def _too_long(
    places: Sequence[Places], asked: Sequence[Bools], limits: Ints, of_row: Ints
) -> tuple[Ints, Ints]:
    """(n,) the longest string that reaches the limit of its place, and that limit; 0 for none."""
    run, needed = np.zeros((2, len(of_row)), np.int64)
    for last, now in _strings(places, asked):
        # The last column is that of a blank, which has no limit.
        limit = limits[of_row, last]
        longer = (limit > 0) & (now >= limit) & (now > run)
        run[longer], needed[longer] = now[longer], limit[longer]
    return run, needed


def _limits(asked: Sequence[Bools], people: Floats, chance: float, least: int) -> tuple[Ints, Ints]:
    """(patterns, J + 1) the limit per place of those who were asked the same questions, 0 for
    blanks; (n,) whose pattern. people: (k, Q, J) as `shares_of_people`."""
    patterns, of_row, counts = _patterns(asked)
    order = np.argsort(-counts)[:MOST_PATTERNS]
    limits = np.full((len(patterns), people.shape[2] + 1), -1, np.int64)
    for place in order:
        limits[place, :-1] = limits_of(people[patterns[place]], chance, least)
    rare, known = limits[:, 0] < 0, limits[order]
    # 0 (never) is stricter than any length.
    limits[rare] = np.where((known == 0).any(axis=0), 0, known.max(axis=0))
    limits[:, -1] = 0
    return limits, of_row


def _patterns(asked: Sequence[Bools]) -> tuple[Bools, Ints, Ints]:
    """(patterns, k) which questions were asked, (n,) whose pattern, (patterns,) how often."""
    n = len(asked[0])
    codes = np.zeros(n, np.int64)
    for is_asked in asked:
        if not is_asked.all():
            _, codes = np.unique(codes * 2 + is_asked, return_inverse=True)
    _, first, of_row, counts = np.unique(
        codes, return_index=True, return_inverse=True, return_counts=True
    )
    return np.stack([is_asked[first] for is_asked in asked], axis=1), of_row, counts


def limits_of(people: Floats, chance: float, least: int) -> Ints:
    """(J,) per place the shortest length, at least `least`, that chance reaches so seldom; 0 if
    none does. `chance` is that of all places that anybody chose together (Bonferroni)."""
    seen = people.max(axis=(0, 1), initial=0) > 0
    found = np.zeros(len(seen), np.int64)
    for length in range(least, len(people) + 1):
        reached = WEIGHTS @ chance_of_string(people[..., None], length)
        found[(found == 0) & seen & (reached <= chance / max(int(seen.sum()), 1))] = length
    return found


def chance_of_string(shares: Floats, length: int) -> Floats:
    """P(some string of at least `length` >= 2 equal places) where question i of k falls in place j
    with probability shares[i, ..., j], independently; what is missing to 1 ends a string.

    A Markov chain over (place, length of the string so far), as for runs in Fu & Koutras 1994.
    """
    alive = np.zeros((*shares.shape[1:], length - 1))
    ended, reached = np.ones(shares.shape[1:-1]), np.zeros(shares.shape[1:-1])
    for of_place in shares:
        total = ended + alive.sum(axis=(-2, -1))
        reached += (of_place * alive[..., -1]).sum(axis=-1)
        begun = of_place * (total[..., None] - alive.sum(axis=-1))
        alive[..., 1:] = of_place[..., None] * alive[..., :-1]
        alive[..., 0] = begun
        ended = (1 - of_place.sum(axis=-1)) * total
    return reached
