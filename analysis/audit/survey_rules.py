"""Rules on survey tables: counts, bases, shares, and shares that the text states."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import combinations

from analysis.audit.adjusting import is_adjusted
from analysis.audit.bases import (
    Base,
    Pooled,
    base_of,
    has_counts,
    pooled,
    stated_base,
    total_of,
)
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report, ShareClaim
from analysis.audit.sentences import Both
from analysis.audit.survey_model import Option, Question, Survey
from analysis.printed import Printed, as_printed, grim, nearest_shares
from analysis.wording import percent


def single_sum(report: Report) -> Iterator[Finding]:
    """The counts of a single-choice question, with the blanks stated, are its base."""
    for survey, question in _questions(report):
        base = base_of(survey, question)
        if question.kind != "single" or base is None or not has_counts(question):
            continue
        total, stated = total_of(question), stated_base(survey)
        if total > base.value or total + (question.blank or 0) < base.value:
            yield _at("single_sum", survey, question, "count", total=total, **_base(base))
        elif stated is not None and total > stated:
            details = {"total": total, "base": stated, "basis": Both("本表的基数", "the table's")}
            yield _at("single_sum", survey, question, "count", **details)


def base_skip(report: Report) -> Iterator[Finding]:
    """Nobody who was led past a question is in its base."""
    for survey, source in _questions(report):
        for skip in source.skips:
            skipped = source.option(skip.option).count
            limit = _limit_after(survey, source, skipped or 0)
            if not skipped or limit is None:
                continue
            for question in map(survey.question, skip.over):
                base = _least_base(survey, question)
                if base is not None and base.value > limit:
                    details = {"limit": limit, "source": source.number, "option": skip.option}
                    details |= {"skipped": skipped}
                    yield _at("base_skip", survey, question, "base", **_base(base), **details)


def base_audience(report: Report) -> Iterator[Finding]:
    """A question for some groups of the sample has no more answers than they have people."""
    sizes = {group.name: group.n for group in report.sample.groups} if report.sample else {}
    for survey, question in _questions(report):
        base = _least_base(survey, question)
        limit = sum(sizes[name] for name in question.audience)
        if question.audience and base is not None and base.value > limit:
            details = {"limit": limit, "audience": question.audience}
            yield _at("base_audience", survey, question, "audience", **_base(base), **details)


def impossible_share(report: Report) -> Iterator[Finding]:
    """GRIM: some whole number of the base gives each share, in the tables and in the text.

    A share above 100% of a count above the base, and one adjusted to 100%, are told elsewhere.
    """
    for survey, question, option, share, base in _shares(report):
        if _follows(share, option.count, base) or is_adjusted(question, base.value):
            continue
        if not grim(share, base.value):
            counted = _counted(option.count, base.value, share)
            yield _grim(share, base, counted, _cell(survey, question, "share", option))
    for claim, base, found in _claims(report):
        if not grim(claim.share, base.value):
            counted = _counted(found.count if found else None, base.value, claim.share)
            origin = _origin(report, claim)
            yield _grim(claim.share, base, counted, Place(claim.place, claim.says), origin)


def share_of_count(report: Report) -> Iterator[Finding]:
    """A printed share is its own count divided by the base; impossible shares are GRIM's."""
    for survey, question, option, share, base in _shares(report):
        if option.count is None:
            continue
        cell = _cell(survey, question, "share", option)
        right = Fraction(100 * option.count, base.value)
        details = {"count": option.count, "base": base.value, "share": share.text}
        printed = as_printed(right, share.places, True).text
        if option.count > base.value and not _is_sum_fault(question):
            yield Finding("share_count.over", cell, details)
        elif not share.is_rounded_from(right) and is_adjusted(question, base.value):
            yield Finding("share_count.adjusted", cell, details | {"right": printed})
        elif not share.is_rounded_from(right) and grim(share, base.value):
            yield Finding("share_count", cell, details | {"right": printed})


def multiple_base_note(report: Report) -> Iterator[Finding]:
    """A table with multiple choice says what its shares are of."""
    for survey in report.surveys:
        unexplained = tuple(
            question.number
            for question in survey.questions
            if question.kind == "multiple" and not (question.base_note or survey.base_note)
        )
        if unexplained:
            place = Place(survey.place, column="base_note")
            yield Finding("multiple_base_note", place, {"questions": unexplained})


def same_distribution(report: Report) -> Iterator[Finding]:
    """Two questions of a table with the same counts, unless everybody gave one answer."""
    for survey in report.surveys:
        for one, other in combinations(survey.questions, 2):
            counts = _distribution(one)
            if len(counts) < 2 or one.kind != other.kind or counts != _distribution(other):
                continue
            code = "same_distribution.two" if len(counts) == 2 else "same_distribution"
            details = {"other": one.number, "counts": "/".join(map(str, counts))}
            yield _at(code, survey, other, "count", **details)


def claimed_share(report: Report) -> Iterator[Finding]:
    """A share in the text is the one of the table that it speaks of."""
    for claim, base, found in _claims(report):
        if found is None or claim.share.is_rounded_from(found.percent):
            continue
        if not grim(claim.share, base.value):
            continue  # impossible_share says so, with the count
        answers = claim.answers
        details = {
            "share": claim.share.text,
            "says": claim.says,
            "survey": report.survey(answers.survey).place,
            "question": answers.question,
            "options": answers.options,
            "count": found.count,
            "base": found.base,
            "right": percent(found.percent / 100),
            "origin": _origin(report, claim),
        }
        yield Finding("claim_share", Place(claim.place, claim.says), details)


def _limit_after(survey: Survey, source: Question, skipped: int) -> int | None:
    """The most people that are asked a question which `skipped` people are led past."""
    if source.kind == "multiple":
        base = base_of(survey, source)
        return None if base is None else base.value - skipped
    if not has_counts(source):
        return None
    total, stated = total_of(source), stated_base(survey) or 0
    blank = max(stated - total, 0) if source.blank is None else source.blank
    return total - skipped + blank


def _least_base(survey: Survey, question: Question) -> Base | None:
    """The base, or as many people as must have answered where none is printed."""
    base = base_of(survey, question)
    if base is None and has_counts(question):
        most = max(option.count or 0 for option in question.options)
        return Base(most, Both("份数最多的选项", "the largest count"))
    return base


def _shares(report: Report) -> Iterator[tuple[Survey, Question, Option, Printed, Base]]:
    for survey, question in _questions(report):
        base = base_of(survey, question)
        for option in question.options:
            if base is not None and base.value and option.share is not None:
                yield survey, question, option, option.share, base


def _claims(report: Report) -> Iterator[tuple[ShareClaim, Base, Pooled | None]]:
    for claim in report.claims.shares:
        survey = report.survey(claim.answers.survey)
        base = base_of(survey, survey.question(claim.answers.question))
        if base is not None and base.value:
            yield claim, base, pooled(report, (claim.answers,))


def _follows(share: Printed, count: int | None, base: Base) -> bool:
    return count is not None and share.is_rounded_from(Fraction(100 * count, base.value))


def _is_sum_fault(question: Question) -> bool:
    """A single count above the base makes the sum wrong too, which single_sum says."""
    return question.kind == "single" and has_counts(question)


def _counted(count: int | None, base: int, share: Printed) -> Both | str:
    if count is None:
        return ""
    printed = as_printed(Fraction(100 * count, base), share.places, True).text
    return Both(
        f"；份数 {count} 对应的比例为 {printed}",
        f"; the count {count} is a share of {printed}",
    )


def _origin(report: Report, claim: ShareClaim) -> Both | str:
    """Where a share of dissatisfied people was mistaken for the part of the points not earned."""
    asked = (claim.answers.survey, claim.answers.question)
    for item in report.satisfaction:
        if (item.survey, item.question) != asked or not item.points.value:
            continue
        lost = 1 - item.score.exact / item.points.exact
        if claim.share.is_rounded_from(100 * lost):
            formula = f"1−{item.score.text}/{item.points.text}＝{claim.share.text}"
            return Both(
                f"；{formula} 是失分率，不是人数比例",
                f"; {formula} is the part of the points lost, not a share of people",
            )
    return ""


def _grim(
    share: Printed, base: Base, counted: Both | str, place: Place, origin: Both | str = ""
) -> Finding:
    below, above = nearest_shares(share, base.value)
    details = {"share": share.text, "below": below.text, "above": above.text, "counted": counted}
    return Finding("grim", place, details | {"origin": origin} | _base(base))


def _distribution(question: Question) -> list[int]:
    return [option.count for option in question.options if option.count]


def _questions(report: Report) -> Iterator[tuple[Survey, Question]]:
    for survey in report.surveys:
        yield from ((survey, question) for question in survey.questions)


def _base(base: Base) -> dict[str, object]:
    return {"base": base.value, "basis": base.basis}


def _at(code: str, survey: Survey, question: Question, column: str, **details: object) -> Finding:
    return Finding(code, _cell(survey, question, column), details)


def _cell(survey: Survey, question: Question, column: str, option: Option | None = None) -> Place:
    row = f"{question.number} {question.text}".strip()
    letter = f" · {option.letter} {option.text}".rstrip() if option else ""
    return Place(survey.place, row + letter, column)
