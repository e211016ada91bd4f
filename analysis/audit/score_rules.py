"""Rules on single indicators: bands, checklists, ratios, reasons, and what the survey says."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from analysis.audit.bases import Pooled, pooled
from analysis.audit.finding import Finding, Place
from analysis.audit.intervals import Interval, Scale, gaps, overlaps
from analysis.audit.model import Report
from analysis.audit.notes import denies, is_empty
from analysis.audit.score_model import Band, Indicator, Scores
from analysis.printed import Printed
from analysis.wording import exact, percent

FINEST_RATIO = 20
"""Rubrics have steps of 0.05."""
BANDED = frozenset({"percent", "count", "words"})


def score_ratio(report: Report) -> Iterator[Finding]:
    """A banded indicator earns one of the ratios of the rubric, or of its own bands, of its points;
    `score_above_points` has what is below 0 or above them."""
    places = _rounded_places(report)
    for scores, indicator, score in _scored(report):
        ratios = _ratios(scores, indicator)
        if indicator.scoring.kind not in BANDED or not ratios:
            continue
        if is_out_of_range(score, indicator.points):
            continue
        points = indicator.points.exact
        possible = [points * Fraction(ratio) for ratio in ratios]
        if not any(_is_score(score, value, places) for value in possible):
            details = {
                "score": score.text,
                "points": indicator.points.text,
                "ratio": exact(score.exact / points) if points else "—",
                "ratios": tuple(map(exact, ratios)),
                "possible": tuple(map(exact, possible)),
            }
            yield Finding("score_ratio", cell(scores, indicator, "score"), details)


def missing_reasons(report: Report) -> Iterator[Finding]:
    """Who deducts points says why; in one of two tables only is a note."""
    for indicator, score, cells in _deducted(report):
        reasons = [(place, note) for place, note in cells if note and not denies(note)]
        for place in (place for place, note in cells if not note):
            if reasons:
                details = {"other": reasons[0][0].table, "reason": reasons[0][1]}
                yield Finding("reason_missing.elsewhere", place, details)
            else:
                details = {"score": score.text, "points": indicator.points.text}
                yield Finding("reason_missing", place, details)


def denied_deductions(report: Report) -> Iterator[Finding]:
    """未扣分 does not stand beside a deduction."""
    for indicator, score, cells in _deducted(report):
        for place, note in cells:
            if denies(note):
                details = {"score": score.text, "points": indicator.points.text, "note": note}
                details["deducted"] = exact(indicator.points.value - score.value)
                yield Finding("reason_denied", place, details)


def band_gaps(report: Report) -> Iterator[Finding]:
    """The bands of an indicator, or the grades, leave no value out."""
    for place, intervals, scale, unit in _scales(report):
        found = tuple(_text(gap, scale, unit) for gap in gaps(intervals, scale))
        if found:
            yield Finding("band_gap", place, {"ranges": found})


def band_overlaps(report: Report) -> Iterator[Finding]:
    """No value belongs to two bands."""
    for place, intervals, scale, unit in _scales(report):
        found = tuple(_text(overlap, scale, unit) for overlap in overlaps(intervals, scale))
        if found:
            yield Finding("band_overlap", place, {"ranges": found})


def checklist_points(report: Report) -> Iterator[Finding]:
    """The points that a scoring rule hands out are those of the indicator."""
    for scores, indicator in _indicators(report):
        parts = [part.points.value for part in indicator.scoring.parts]
        total = sum(parts, Decimal(0))
        if parts and total != indicator.points.value:
            details = {
                "parts": exact(total),
                "sum": "+".join(map(exact, parts)),
                "points": indicator.points.text,
            }
            yield Finding("checklist_points", cell(scores, indicator, "scoring"), details)


def survey_contradicts(report: Report) -> Iterator[Finding]:
    """An indicator that the survey measures has the score that the survey gives."""
    places = _rounded_places(report)
    for scores, indicator, score in _scored(report):
        if indicator.surveyed is None:
            continue
        found = pooled(report, indicator.surveyed.answers)
        if found is None:
            continue
        needed = indicator.surveyed.full_needs
        if needed is None:
            yield from _off_band(cell(scores, indicator, "score"), indicator, score, found, places)
        elif score.value >= indicator.points.value and found.percent < needed.exact:
            details = _survey_details(score, indicator, found) | {"needed": needed.text}
            yield Finding("survey_contradicts.full", cell(scores, indicator, "score"), details)


def is_out_of_range(score: Printed, points: Printed) -> bool:
    """What has no points, as a bonus or a penalty beside the 100, has no range either."""
    return points.value > 0 and not 0 <= score.value <= points.value


def score_places(scores: Scores) -> int:
    """Digits after the point of the column: 2 among 2.4 and 2.025 is 2.000."""
    printed = [indicator.score.places for indicator in scores.indicators if indicator.score]
    return max(printed, default=0)


def _is_score(score: Printed, right: Fraction, places: int | None) -> bool:
    """Exactly, or rounded to the digits of the column if it holds rounded scores."""
    return score.exact == right or (places is not None and score.is_rounded_from(right, places))


def _rounded_places(report: Report) -> int | None:
    """The digits that the column of scores was rounded to; None if it was not."""
    scores = report.scores
    return score_places(scores) if scores and _holds_rounded(scores) else None


def _holds_rounded(scores: Scores) -> bool:
    """Whether some score is no ratio that a rubric has, as 2 of 3 points for 80% of them.

    3 of 5 is 0.6, which somebody may have given; it does not show that 2.5 was rounded.
    """
    return any(
        (indicator.score.exact / indicator.points.exact * FINEST_RATIO).denominator != 1
        for indicator in scores.indicators
        if indicator.scoring.kind in BANDED and indicator.score and indicator.points.exact
    )


def cell(scores: Scores, indicator: Indicator, column: str) -> Place:
    return Place(scores.place, row_of(indicator), column)


def row_of(indicator: Indicator) -> str:
    return f"{indicator.id} {indicator.name or indicator.path[-1]}"


def _off_band(
    place: Place, indicator: Indicator, score: Printed, found: Pooled, places: int | None
) -> Iterator[Finding]:
    bands = [b for b in indicator.scoring.bands if b.when and b.when.holds(found.percent)]
    if len(bands) != 1:
        return
    right = indicator.points.exact * bands[0].ratio.exact
    if not _is_score(score, right, places):
        details = _survey_details(score, indicator, found) | {"right": exact(right)}
        details["band"] = _band_text(bands[0])
        yield Finding("survey_contradicts", place, details)


def _survey_details(score: Printed, indicator: Indicator, found: Pooled) -> dict[str, object]:
    return {
        "score": score.text,
        "points": indicator.points.text,
        "count": found.count,
        "base": found.base,
        "share": percent(found.percent / 100),
    }


def _band_text(band: Band) -> str:
    when = band.when.text("%") if band.when else ""
    return f"“{band.level}”（{when}）" if band.level else when


def _deducted(report: Report) -> Iterator[tuple[Indicator, Printed, list[tuple[Place, str]]]]:
    """Indicators below their full points, with the cells that can hold the reason."""
    for scores, indicator, score in _scored(report):
        if score.value < indicator.points.value:
            yield indicator, score, list(_notes(scores, indicator))


def _notes(scores: Scores, indicator: Indicator) -> Iterator[tuple[Place, str]]:
    """The cells that can hold a reason: the indicator's own even if the table has none."""
    row = row_of(indicator)
    printed = [(repeat.place, repeat.note) for repeat in indicator.repeats]
    if indicator.note is not None or all(note is None for _, note in printed):
        printed.insert(0, (scores.place, indicator.note or ""))
    for table, note in printed:
        if note is not None:
            yield Place(table, row, "note"), "" if is_empty(note) else note.strip()


def _scales(report: Report) -> Iterator[tuple[Place, list[Interval], Scale, str]]:
    for scores, indicator in _indicators(report):
        intervals = [band.when for band in indicator.scoring.bands if band.when is not None]
        place = cell(scores, indicator, "scoring")
        if intervals and indicator.scoring.kind == "percent":
            yield place, intervals, "percent", "%"
        elif intervals and indicator.scoring.kind == "count":
            yield place, intervals, "count", ""
    if report.scores and report.scores.grades:
        grades = report.scores.grades
        place = Place(grades.place, column="grade")
        yield place, [band.when for band in grades.bands], "percent", ""


def _text(interval: Interval, scale: Scale, unit: str) -> str:
    """Whole numbers are listed: between 1 and 3 cases lies 2."""
    low, high = interval.low, interval.high
    if scale == "count" and low is not None and high is not None and high - low <= 5:
        return "、".join(str(n) for n in range(int(low), int(high)))
    return interval.text(unit)


def _ratios(scores: Scores, indicator: Indicator) -> list[Decimal]:
    rubric = [ratio.value for ratio in scores.rubric]
    own = [band.ratio.value for band in indicator.scoring.bands]
    return rubric + [ratio for ratio in own if ratio not in rubric]


def _indicators(report: Report) -> Iterator[tuple[Scores, Indicator]]:
    if report.scores is not None:
        yield from ((report.scores, indicator) for indicator in report.scores.indicators)


def _scored(report: Report) -> Iterator[tuple[Scores, Indicator, Printed]]:
    for scores, indicator in _indicators(report):
        if indicator.score is not None:
            yield scores, indicator, indicator.score
