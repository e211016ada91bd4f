"""Lines of the scorecard, zh and en: the parts that several formats share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from analysis import wording
from analysis.evaluation.combined import Combined
from analysis.evaluation.comparison import Difference
from analysis.evaluation.grade_changes import Alternative, Ambiguous, Edge, Outlook
from analysis.evaluation.report import ScorecardReport
from analysis.evaluation.scorecard import Row, Scorecard
from analysis.reports.scorecard_texts import grade_word, word

MOST_EDGES = 10


def headline(report: ScorecardReport, language: str) -> str:
    return f"{word('scorecard', language)}　{report.title}"


def about_lines(report: ScorecardReport, language: str) -> Iterator[str]:
    """Framework, grade scheme and source, one line each."""
    framework = report.card.framework
    yield word("framework", language, title=framework.title, slug=framework.slug)
    scheme = report.card.scheme
    names = [grade_word(name, language) for name, _ in scheme.grades]
    limits = [str(bound) for _, bound in scheme.grades]
    pairs = zip(names[:-1], limits, strict=False)
    bounds = word("comma", language).join(f"{name}≥{bound}" for name, bound in pairs)
    yield word("scheme", language, source=scheme.source, bounds=bounds, last=names[-1])
    if report.source:
        yield word("source_line", language, source=report.source)


def total_line(card: Scorecard, language: str) -> str:
    if card.total is None:
        so_far = wording.exact(card.scored)
        return word("total_so_far", language, scored=so_far, points=wording.exact(card.points))
    details = {
        "total": wording.exact(card.total),
        "printed": wording.number(card.total),
        "points": wording.exact(card.points),
        "rate": wording.percent(card.rate),
        "grade": grade_name(card, language),
    }
    return word("total_line", language, **details)


def combined_line(combined: Combined, language: str) -> str:
    if combined.total is None or combined.grade is None:
        return word("combined_open", language)
    return word(
        "combined_total",
        language,
        total=wording.exact(combined.total),
        printed=wording.number(combined.total),
        grade=grade_word(combined.grade.name, language),
        formula=combined.formula,
    )


def grade_name(card: Scorecard, language: str = "zh") -> str:
    return grade_word(card.grade.name, language) if card.grade else wording.NOTHING


def level_names(depth: int, language: str) -> list[str]:
    """Headings of the columns of levels: 一级指标 …"""
    numbers = ("一", "二", "三", "四") if language.startswith("zh") else (1, 2, 3, 4)
    return [word("level", language, number=number) for number in numbers[:depth]]


def origin(row: Row, language: str) -> str:
    """Where the figure is from: how it was come by, source, evidence."""
    parts = [word(f"basis_{row.earned.basis}", language)]
    if row.measure.source and row.earned.basis in ("stated", "measured"):
        parts.append(row.measure.source)
    if row.measure.evidence:
        parts.append(word("evidence", language, file=row.measure.evidence))
    return word("semicolon", language).join(parts)


def survey_line(row: Row, language: str) -> str:
    """Base, counts and interval of an indicator that the survey measured; else empty."""
    found = row.earned.surveyed
    if found is None or found.low is None:
        return ""
    questions = (
        f"{c.reference}（{'  '.join(f'{code} {n}' for code, n in c.counts.items())}）"
        for c in found.counts
    )
    ends = (wording.number(end, 4) for end in (found.score_low, found.score_high))
    return word(
        "survey_line",
        language,
        base=found.base,
        questions=word("semicolon", language).join(questions),
        estimate=wording.percent(found.estimate),
        span=wording.span(found.low, found.high),
        score_span="–".join(ends),
    )


def remark_lines(row: Row, language: str, *, typed: bool = True) -> list[str]:
    """Reason and note as typed, then what is to be said of the score."""
    texts = (row.measure.reason, row.measure.note) if typed else ()
    return [text for text in texts if text] + [
        fault.sentence(language) for fault in row.earned.remarks
    ]


def difference_text(found: Difference, language: str) -> str:
    """Why two ways of scoring differ, and what the survey's score rests on."""
    remarks = remark_lines(found.after, language, typed=False)
    lines = (found.reason.sentence(language), survey_line(found.after, language), *remarks)
    return "\n".join(filter(None, lines))


def outlook_lines(outlook: Outlook, language: str) -> Iterator[str]:
    """What would change the grade, one sentence or line each."""
    yield from _room(outlook, language)
    if outlook.ambiguous:
        yield word(
            "all_ambiguous",
            language,
            low=wording.exact(outlook.lowest),
            grade_low=grade_word(outlook.grade_lowest, language),
            high=wording.exact(outlook.highest),
            grade_high=grade_word(outlook.grade_highest, language),
        )
    yield from (_ambiguous_line(found, language) for found in outlook.ambiguous)
    yield from (_edge_line(edge, language) for edge in outlook.edges)
    if outlook.unmeasured:
        yield word("unmeasured", language, count=outlook.unmeasured)
    if outlook.chance and outlook.grade_chance:
        low, high = (wording.exact(end, 4) for end in outlook.chance)
        named = (grade_word(grade, language) for grade in outlook.grade_chance)
        grades = dict(zip(("grade_low", "grade_high"), named, strict=True))
        yield word("chance", language, low=low, high=high, **grades)


def combined_outlook_lines(outlook: Outlook, language: str) -> Iterator[str]:
    """The same of several sub-projects, whose own outlooks have every edge: here the nearest, and
    all that would change the one grade."""
    deciding = sum(edge.there.changes_grade for edge in outlook.edges)
    shown = max(deciding, MOST_EDGES)
    yield from outlook_lines(replace(outlook, edges=outlook.edges[:shown]), language)
    if len(outlook.edges) > shown:
        yield word("more_edges", language, count=len(outlook.edges) - shown)


def signed(value: Fraction | None) -> str:
    text = wording.exact(value)
    return f"+{text}" if value is not None and value > 0 else text


def _room(outlook: Outlook, language: str) -> Iterator[str]:
    if outlook.to_better is not None:
        missing = wording.exact(outlook.to_better)
        yield word(
            "to_better", language, grade=grade_word(outlook.better, language), points=missing
        )
    if outlook.to_worse is not None:
        spare = wording.exact(outlook.to_worse)
        yield word("to_worse", language, grade=grade_word(outlook.grade, language), points=spare)


def _ambiguous_line(found: Ambiguous, language: str) -> str:
    return word(
        "ambiguous",
        language,
        indicator=_indicator(found.down, language),
        score=wording.exact(found.down.row.score),
        low=wording.exact(found.down.score),
        total_low=wording.exact(found.down.total),
        grade_low=grade_word(found.down.grade, language),
        high=wording.exact(found.up.score),
        total_high=wording.exact(found.up.total),
        grade_high=grade_word(found.up.grade, language),
    )


def _edge_line(edge: Edge, language: str) -> str:
    scaled = edge.distance * 100 if edge.is_share else edge.distance
    key = "edge_share" if edge.is_share else "edge_cases"
    return word(
        key if edge.distance else "edge_here",
        language,
        indicator=_indicator(edge.there, language),
        distance=wording.exact(scaled, 2),
        band=edge.band.when,
        score=wording.exact(edge.there.score),
        total=wording.exact(edge.there.total),
        grade=grade_word(edge.there.grade, language),
    )


def _indicator(found: Alternative, language: str) -> str:
    colon = "：" if language.startswith("zh") else ": "
    part = f"{found.part}{colon}" if found.part else ""
    return f"{part}{found.row.leaf.id} {found.row.leaf.name}"
