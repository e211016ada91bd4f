"""Straight-lining: the same place of option through a long string of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from analysis.designs import Floats
from analysis.quality.findings import Flagged, Told, rows_of
from analysis.quality.interviews import Bools, Interviews, Ints
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError
from surveys.definition import Kind, Question
from surveys.records import FIRST_OPTION, NOT_ASKED

Places = npt.NDArray[np.int16]
MOST_PATTERNS = 200
"""Sets of questions asked for which the chance is computed; rarer ones get the longest limit."""


@dataclass(frozen=True, eq=False)
class _Line:
    """Per response: its longest string, how many it was asked, and from which length on chance
    explains it no more (0: never)."""

    run: Ints
    asked: Ints
    limit: Ints


def straight_lining(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Long-string index (Johnson 2005) over the scale questions, and over all single choices.

    A string goes on while the option stands in the same place (first, second …; 不清楚 and 拒答
    are places of their own); questions not asked are passed over, a blank ends it. Flagged from
    the length that independent answers with each question's own shares reach with a chance of at
    most `chance` (divided by the number of series), and of at least `items` questions.
    So independent answers are flagged at most so often; answers that really agree (everything is
    good) are flagged more often, which is why a person decides.
    Raises NotApplicableError with too few such questions or where even all of them are too few.
    """
    series = _series(interviews.responses.questionnaire.questions, thresholds.items)
    if not series:
        singles = interviews.responses.questionnaire.questions
        count = sum(q.is_choice and q.kind is not Kind.MULTIPLE for q in singles)
        raise NotApplicableError("few_choices", count=count, needed=thresholds.items)
    chance = thresholds.chance / len(series)
    lines = [_line(interviews, questions, chance, thresholds.items) for questions in series]
    if not any(line.limit.any() for line in lines):
        raise NotApplicableError("lines_by_chance", chance=thresholds.chance)
    flagged = np.zeros((len(lines), interviews.n), np.bool_)
    for place, line in enumerate(lines):
        flagged[place] = (line.limit > 0) & (line.run >= line.limit)
    rows = rows_of(np.asarray(flagged.any(axis=0)))
    which = np.argmax(flagged[:, rows], axis=0) if len(rows) else rows

    def tell(place: int) -> Told:
        line, row = lines[which[place]], rows[place]
        numbers = {"run": int(line.run[row]), "asked": int(line.asked[row])}
        return Told("straight_lining", numbers | {"needed": int(line.limit[row])})

    checked = np.any([line.limit > 0 for line in lines], axis=0)
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
    limits = _limits(asked, shares, chance, least)
    return _Line(longest_string(places, asked), np.sum(asked, axis=0), limits)


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
    n = len(places[0])
    last, run, best = np.full(n, -1, np.int16), np.zeros(n, np.int16), np.zeros(n, np.int16)
    for place, is_asked in zip(places, asked, strict=True):
        longer = np.where((place == last) & (place >= 0), run + 1, place >= 0).astype(np.int16)
        run = np.where(is_asked, longer, run)
        last = np.where(is_asked, place, last)
        np.maximum(best, run, out=best)
    return best


def _limits(asked: Sequence[Bools], shares: Floats, chance: float, least: int) -> Ints:
    """(n,) the limit that belongs to the questions that each response was asked."""
    patterns, of_row, counts = _patterns(asked)
    order = np.argsort(-counts)[:MOST_PATTERNS]
    limits = np.full(len(patterns), -1, np.int64)
    for place in order:
        limits[place] = limit_of(shares[patterns[place]], chance, least)
    rare = limits < 0
    # 0 (never) is stricter than any length.
    limits[rare] = 0 if (limits == 0).any() else limits.max()
    return limits[of_row]


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


def limit_of(shares: Floats, chance: float, least: int) -> int:
    """The shortest length, at least `least`, that chance reaches so seldom; 0 if none does."""
    for length in range(least, len(shares) + 1):
        if chance_of_string(shares, length) <= chance:
            return length
    return 0


def chance_of_string(shares: Floats, length: int) -> float:
    """P(some string of at least `length` >= 2 equal places) where question i of k falls in place j
    with probability shares[i, j], independently; what is missing to 1 ends a string.

    A Markov chain over (place, length of the string so far), as for runs in Fu & Koutras 1994.
    """
    alive = np.zeros((shares.shape[1], length - 1))
    ended, reached = 1.0, 0.0
    for of_place in shares:
        total = ended + alive.sum()
        reached += float(of_place @ alive[:, -1])
        begun = of_place * (total - alive.sum(axis=1))
        alive[:, 1:] = of_place[:, None] * alive[:, :-1]
        alive[:, 0] = begun
        ended = (1 - of_place.sum()) * total
    return reached
