"""What the printed shares of a question say by themselves of some of its answers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.audit.bases import Base, base_of, count_range
from analysis.audit.model import Report
from analysis.audit.survey_model import Answers, Option, Question
from analysis.printed import Printed

WHOLE = Fraction(100)


@dataclass(frozen=True)
class Shares:
    """Percent from `low` to `high`, of the options that print `printed`."""

    low: Fraction
    high: Fraction
    printed: tuple[Printed, ...]

    def allow(self, share: Printed) -> bool:
        """Also the sum of the shares as printed, which a writer may have taken."""
        total = sum((one.exact for one in self.printed), Fraction(0))
        is_within = share.low() <= self.high and self.low < share.high()
        return is_within or (bool(self.printed) and share.is_rounded_from(total))


def shares_of(report: Report, answers: Answers) -> Shares | None:
    """By whole numbers of people where the base is known, else by rounding.

    None if a share is missing or impossible, for several options of a multiple choice, which one
    person may choose together, and where people outside the base are left out of unknown number.
    """
    survey = report.survey(answers.survey)
    question = survey.question(answers.question)
    if question.kind == "multiple" and len(answers.options) > 1:
        return None
    chosen, outside = (
        [question.option(letter) for letter in letters]
        for letters in (answers.options, answers.outside)
    )
    base = base_of(survey, question)
    within, left_out = _percent_range(chosen, base), _percent_range(outside, base)
    printed = tuple(option.share for option in chosen if option.share is not None)
    if within is None or left_out is None or len(printed) < len(chosen):
        return None
    (low, high), (least, most) = within, left_out
    if most >= WHOLE:
        return None
    scaled = low / (1 - least / 100), high / (1 - most / 100)
    return Shares(*scaled, () if outside else printed)


def rest_of(report: Report, answers: Answers) -> Shares | None:
    """What the other options of a single choice leave; None where blanks may be in the base."""
    question = report.survey(answers.survey).question(answers.question)
    if question.kind != "single" or answers.outside or question.blank:
        return None
    others = _others(question, answers.options)
    survey = report.survey(answers.survey)
    found = _percent_range(others, base_of(survey, question)) if others else None
    return None if found is None else Shares(WHOLE - found[1], WHOLE - found[0], ())


def _others(question: Question, letters: Iterable[str]) -> list[Option]:
    return [option for option in question.options if option.letter not in set(letters)]


def _percent_range(
    options: Sequence[Option], base: Base | None
) -> tuple[Fraction, Fraction] | None:
    shares = [option.share for option in options]
    if base is None or not base.value:
        known = [share for share in shares if share is not None]
        low = sum((share.low() for share in known), Fraction(0))
        high = sum((share.high() for share in known), Fraction(0))
        return (max(low, Fraction(0)), high) if len(known) == len(shares) else None
    ranges = [count_range(option.model_copy(update={"count": None}), base) for option in options]
    known_counts = [found for found in ranges if found is not None]
    if len(known_counts) < len(ranges):
        return None
    least, most = (sum(found[end] for found in known_counts) for end in (0, 1))
    return Fraction(100 * least, base.value), Fraction(100 * most, base.value)
