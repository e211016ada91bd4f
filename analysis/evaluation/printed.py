"""The figures that a finished report prints, against those that follow from its own indicators."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from analysis import wording
from analysis.evaluation.combined import Combined
from analysis.evaluation.inputs import Printed, PrintedPart
from analysis.evaluation.messages import Fault
from analysis.evaluation.scorecard import Scorecard, SubTotal
from analysis.printed import as_it_stands, read_percent


def printed_faults(card: Scorecard, printed: Printed) -> tuple[Fault, ...]:
    """One per figure that differs; a rate that follows from a rounded score is a note."""
    return (*_total(card, printed), *_parts(card, printed), *_grade(card, printed))


def printed_faults_of_parts(combined: Combined, printed: Printed) -> tuple[Fault, ...]:
    """The same of the one total and grade of several sub-projects."""
    found: list[Fault] = []
    if printed.total is not None and combined.total is not None:
        found += _score("", combined.total, PrintedPart(printed.total))
    return (*found, *_grade(combined, printed))


def _total(card: Scorecard, printed: Printed) -> Iterator[Fault]:
    if printed.total is not None and card.total is not None:
        yield from _score("", card.total, PrintedPart(printed.total))


def _parts(card: Scorecard, printed: Printed) -> Iterator[Fault]:
    by_name = {sub.indicator.name: sub for sub in reversed(card.sub_totals)}
    for name, part in printed.parts.items():
        sub = by_name.get(name)
        if sub is None:
            yield Fault(name, "printed_unknown")
        elif sub.score is not None:
            yield from _score(name, sub.score, part)
            yield from _rate(name, sub, sub.score, part)


def _score(place: str, ours: Fraction, part: PrintedPart) -> Iterator[Fault]:
    """A printed score is right if ours rounds to it with as many digits."""
    if part.score is None:
        return
    if not as_it_stands(part.score).is_rounded_from(ours):
        details = {"printed": wording.exact(part.score), "ours": wording.exact(ours)}
        yield Fault(place, "printed_score", details)


def _rate(place: str, sub: SubTotal, score: Fraction, part: PrintedPart) -> Iterator[Fault]:
    if not part.rate or sub.rate is None:
        return
    printed = read_percent(part.rate)
    if printed.is_rounded_from(100 * sub.rate):
        return
    details = {
        "printed": part.rate,
        "ours": wording.percent(sub.rate, printed.places),
        "score": wording.exact(score),
    }
    rounded = Fraction(wording.rounded(score) or 0)
    if not printed.is_rounded_from(100 * rounded / Fraction(sub.points)):
        yield Fault(place, "printed_rate", details)
        return
    details["rounded"] = wording.number(score)
    yield Fault(place, "printed_rate_rounded", details, "note")


def _grade(card: Scorecard | Combined, printed: Printed) -> Iterator[Fault]:
    found = card.grade
    if not printed.grade or found is None:
        return
    if printed.grade not in (found.name, found.name_of_printed):
        yield Fault("", "printed_grade", {"printed": printed.grade, "ours": found.name})
