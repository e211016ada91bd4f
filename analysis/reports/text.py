"""Plain text for a terminal, aligned for characters of double width."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import wording
from analysis.reports.lines import Line, display_width, lines, number_span, padded
from analysis.reports.words import (
    counts_line,
    foot_notes,
    group_line,
    headline,
    label_of,
    plan_lines,
    score_title,
    subtitle,
    word,
)
from analysis.satisfaction import Score, ScoreReport, ScoreRow
from analysis.table import Group, QuestionTable, SummaryTable

NARROWEST_LABEL, WIDEST_LABEL = 20, 48
CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")


def render_text(table: SummaryTable, language: str = "zh") -> str:
    parts = [headline(table, language), subtitle(table), *table.remarks]
    for group in table.groups:
        parts += ["", *_group(table, group, language)]
    return _finish(parts)


def render_scores_text(report: ScoreReport, language: str = "zh") -> str:
    parts = [score_title(report, language), *report.remarks]
    for row in report.rows:
        parts += ["", *_score(row, language)]
    return _finish(parts)


def _group(table: SummaryTable, group: Group, language: str) -> Iterator[str]:
    yield group_line(table, group, language)
    if table.weighted:
        yield word("weighted_columns", language)
    width = _label_width(group, language)
    for question in group.questions:
        yield ""
        yield _question(question, language)
        yield from (_line(line, width) for line in lines(question, group.n, language))
    yield ""
    yield word("notes", language)
    yield from (f"  {note}" for note in foot_notes(table, group, language))


def _question(question: QuestionTable, language: str) -> str:
    kind = word(question.kind, language)
    base = f"{word('base', language)} {wording.count(question.base)}"
    if question.weighted_base is not None:
        weighted = f"{word('weighted_base', language)} {wording.number(question.weighted_base)}"
        base += word("semicolon", language) + weighted
    return f"{question.number}. {question.text}　[{kind}，{base}]"


def _line(line: Line, width: int) -> str:
    label = f"    {padded(line.label, width)}"
    if line.role == "statistic":
        span = number_span(line)
        value = padded(wording.number(line.value), 16, right=True)
        return f"{label} {value}" + (f"  [{span}]" if span else "")
    count = padded(wording.count(line.count), 7, right=True)
    if line.weighted is not None:
        count += " " + padded(wording.number(line.weighted), 11, right=True)
    share = padded(wording.percent(line.share), 9, right=True)
    interval = f"  [{wording.span(line.low, line.high)}]" if line.low is not None else ""
    return f"{label} {count} {share}{interval}"


def _label_width(group: Group, language: str) -> int:
    labels = (line.label for q in group.questions for line in lines(q, group.n, language))
    widest = max(map(display_width, labels), default=NARROWEST_LABEL)
    return min(max(widest, NARROWEST_LABEL), WIDEST_LABEL)


def _score(row: ScoreRow, language: str) -> Iterator[str]:
    score, plan = row.score, row.score.plan
    heading = f"{score.question} {score.text}".strip()
    yield f"{heading}　{label_of(row.label, language)}" if row.label else heading
    low, high = (wording.number(end, plan.places) for end in (score.low, score.high))
    rows = {
        "formula": score.formula,
        "index": f"{wording.exact(score.index)}  [{_index_span(row)}]",
        "rate": wording.percent(score.rate),
        "score": f"{wording.exact(score.score)} / {wording.exact(plan.points)}  [{low}–{high}]",
        "score_printed": wording.number(score.score, plan.places),
        "base": wording.count(score.base),
        **_weighted(score),
        "excluded": wording.count(score.excluded),
        "counts": counts_line(score, language),
    }
    for key, value in rows.items():
        yield f"  {padded(word(key, language), 16)} {value}"
    weights = "  ".join(f"{code} {wording.weight(p)}" for code, p in plan.weights.items())
    yield f"  {padded(word('plan', language), 16)} pᵢ: {weights}"
    yield from (f"  {padded('', 16)} {line}" for line in plan_lines(plan, language))
    yield from (f"  ! {warning.text(language)}" for warning in score.warnings)


def _weighted(score: Score) -> dict[str, str]:
    if not score.weighted:
        return {}
    return {"weighted_base": wording.exact(score.base_amount)}


def _index_span(row: ScoreRow) -> str:
    low, high = row.score.index_low, row.score.index_high
    return f"{wording.number(low, 4)}–{wording.number(high, 4)}"


def _finish(parts: list[str]) -> str:
    """Control characters of a label must not steer the terminal."""
    return "\n".join(part.translate(CONTROLS).rstrip() for part in parts) + "\n"
