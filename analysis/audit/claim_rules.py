"""Rules on shares that the text states, and what the tables say of them."""

from __future__ import annotations

from collections.abc import Iterator

from analysis.audit.bases import Base, Pooled, base_of, pooled
from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report, ShareClaim
from analysis.audit.printed_shares import rest_of, shares_of
from analysis.audit.sentences import Both
from analysis.printed import grim
from analysis.wording import percent


def claimed_share(report: Report) -> Iterator[Finding]:
    """A share in the text is the one of the table that it speaks of.

    Where a count is not printed, the printed share is it. Shares that impossible_share tells are
    left out, and those that follow from all but one wrong figure of the table, which is told there.
    """
    for claim in report.claims.shares:
        survey = report.survey(claim.answers.survey)
        question = survey.question(claim.answers.question)
        base = base_of(survey, question)
        if base is not None and base.value and not grim(claim.share, base.value):
            continue
        found = pooled(report, (claim.answers,))
        printed = shares_of(report, claim.answers)
        if found is None:
            rest = rest_of(report, claim.answers)
            if printed is None or any(one and one.allow(claim.share) for one in (printed, rest)):
                continue
            right = "+".join(share.text for share in printed.printed)
            yield _claim("claim_share.printed", report, claim, right=right)
        elif not claim.share.is_rounded_from(found.percent):
            shown = {"count": found.count, "base": found.base}
            right = percent(found.percent / 100)
            yield _claim("claim_share", report, claim, right=right, **shown)


def claims(report: Report) -> Iterator[tuple[ShareClaim, Base, Pooled | None]]:
    for claim in report.claims.shares:
        survey = report.survey(claim.answers.survey)
        base = base_of(survey, survey.question(claim.answers.question))
        if base is not None and base.value:
            yield claim, base, pooled(report, (claim.answers,))


def is_sum_of_shares(report: Report, claim: ShareClaim, found: Pooled | None) -> bool:
    """Of a table without counts the text can only add up the printed shares."""
    printed = shares_of(report, claim.answers) if found is None else None
    return printed is not None and printed.allow(claim.share)


def _claim(code: str, report: Report, claim: ShareClaim, **right: object) -> Finding:
    answers = claim.answers
    details = {
        "share": claim.share.text,
        "says": claim.says,
        "survey": report.survey(answers.survey).place,
        "question": report.survey(answers.survey).question(answers.question).shown,
        "options": answers.options,
        "origin": origin_of(report, claim),
    }
    return Finding(code, Place(claim.place, claim.says), details | right)


def origin_of(report: Report, claim: ShareClaim) -> Both | str:
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
