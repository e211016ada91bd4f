"""Satisfaction with its uncertainty as text, CSV and JSON; which formats there are."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from analysis import wording
from analysis.plans import plain
from analysis.reports import satisfaction_words as words
from analysis.reports.cells import defuse
from analysis.reports.formats import CSV, JSON, TEXT, XLSX, Format
from analysis.reports.lines import display_width, padded
from analysis.reports.satisfaction_excel import render_satisfaction_xlsx
from analysis.reports.satisfaction_rows import (
    COLUMNS,
    DIFFERENCE_COLUMNS,
    comparisons,
    group_rows,
    plain_text,
)
from analysis.reports.words import label_of
from analysis.satisfaction_differences import Comparison
from analysis.satisfaction_estimates import GroupSatisfaction
from analysis.satisfaction_report import SatisfactionReport, SatisfactionTable

CONTROLS = dict.fromkeys([*range(32), *range(127, 160)], " ")
NARROWEST_LABEL, WIDEST_LABEL = 8, 40


def render_satisfaction_csv(report: SatisfactionReport, language: str = "zh") -> bytes:
    """One row per question and group; comparisons follow after an empty row. UTF-8 with BOM."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    notes = _file_notes(report, language)
    headings = [words.word(column.key, language) for column in COLUMNS]
    writer.writerow([*headings, *([words.word("note", language)] if notes else [])])
    for table, row in group_rows(report):
        values = (column.value(table, row, language) for column in COLUMNS)
        texts = (plain_text(v, c.shape) for v, c in zip(values, COLUMNS, strict=True))
        cells = [_cell(t, c.shape) for t, c in zip(texts, COLUMNS, strict=True)]
        writer.writerow([*cells, *([defuse(notes)] if notes else [])])
    writer.writerows(_difference_rows(report, language))
    return buffer.getvalue().encode("utf-8-sig")


def _difference_rows(report: SatisfactionReport, language: str) -> Iterator[list[str]]:
    found = list(comparisons(report))
    if not found:
        return
    yield []
    headings = [words.word(column.key, language) for column in DIFFERENCE_COLUMNS]
    yield [*headings, words.word("meaning", language)]
    for _, one, holm in found:
        texts = [(plain_text(c.value(one, language), c.shape), c.shape) for c in DIFFERENCE_COLUMNS]
        sentence = words.comparison_sentence(one, language, holm=holm)
        yield [*(_cell(*text) for text in texts), defuse(sentence)]


def _cell(text: str, shape: str) -> str:
    """Only texts can be mistaken for formulas; a negative number is a number."""
    return defuse(text) if shape == "text" else text


def _file_notes(report: SatisfactionReport, language: str) -> str:
    mark = [words.word("simulated_cell", language)] if report.simulated else []
    return words.word("semicolon", language).join([*mark, *report.remarks])


def render_satisfaction_json(report: SatisfactionReport, language: str = "zh") -> bytes:
    """Shares and indices are 0..1 and unrounded; absent numbers are null."""
    years = report.years
    data: dict[str, Any] = {
        "title": report.title,
        "project": report.project,
        "simulated": report.simulated,
        "remarks": list(report.remarks),
        "design": [sentence.text(language) for sentence in report.described],
        "questions": [_table_data(table, language) for table in report.tables],
        "comparison": _comparison_data(report.chosen, language),
        "pairs": [_comparison_data(pair, language, holm=True) for pair in report.pairs],
        "pairs_refused": report.refusal.text(language) if report.refusal else None,
    }
    if years is not None:
        data["years"] = {
            "other": years.other,
            "plan_of": years.plan_of or None,
            "plans_differ_in": list(years.differing),
            "comparisons": [
                _comparison_data(one, language, holm=place > 0)
                for place, one in enumerate(years.comparisons)
            ],
        }
    return (json.dumps(data, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _table_data(table: SatisfactionTable, language: str) -> dict[str, Any]:
    found = table.found
    return {
        "questionnaire": table.questionnaire,
        "question": found.question.code,
        "text": found.question.text,
        "plan": found.plan.as_data(),
        "points": plain(found.plan.points),
        "level": found.level,
        "weighted": found.is_weighted,
        "grouped_by": found.grouped_by,
        "everybody": _group_data(found.everybody, language),
        "groups": [_group_data(group, language) for group in found.groups],
        "order": found.ranked or None,
    }


def _group_data(group: GroupSatisfaction, language: str) -> dict[str, Any]:
    return asdict(group) | {
        "notes": list(group.notes),
        "ranks": list(group.ranks) if group.ranks else None,
        "note_texts": words.note_texts(group, language),
    }


def _comparison_data(
    one: Comparison | None, language: str, *, holm: bool = False
) -> dict[str, Any] | None:
    if one is None:
        return None
    data: dict[str, Any] = {"first": one.first, "second": one.second}
    if one.difference is not None:
        found = one.difference
        data |= {
            "difference": found.value,
            "low": found.interval.low,
            "high": found.interval.high,
            "se": found.se,
            "t": found.t,
            "df": found.df,
            "p": found.p,
            "p_holm": found.adjusted if holm else None,
            "significant": one.is_significant,
        }
    if one.rate is not None:
        data["rate"] = {
            "difference": one.rate.value,
            "low": one.rate.interval.low,
            "high": one.rate.interval.high,
            "p": one.rate.p,
            "p_holm": one.rate.adjusted if holm else None,
        }
    return data | {
        "refused": one.refusal.text(language) if one.refusal else None,
        "sentence": words.comparison_sentence(one, language, holm=holm),
    }


def render_satisfaction_text(report: SatisfactionReport, language: str = "zh") -> bytes:
    parts = [words.headline(report, language), *report.remarks]
    for table in report.tables:
        parts += ["", *_text_table(table, language)]
    parts += _text_differences(report, language)
    parts += ["", words.word("notes", language)]
    parts += [f"  {note}" for note in words.foot_notes(report, language)]
    return ("\n".join(part.translate(CONTROLS).rstrip() for part in parts) + "\n").encode()


def _text_table(table: SatisfactionTable, language: str) -> Iterator[str]:
    found = table.found
    yield f"{found.question.code} {found.question.text}　[{table.questionnaire}]"
    labels = [label_of(row.label, language) for row in found.rows]
    widest = max(map(display_width, labels))
    width = min(max(widest, NARROWEST_LABEL), WIDEST_LABEL)
    heads = [words.word(key, language) for key in TEXT_HEADINGS]
    lines = [_text_row(row, found.plan.places, language) for row in found.rows]
    widths = [max(map(display_width, column)) for column in zip(heads, *lines, strict=True)]
    for label, line in zip(["", *labels], [heads, *lines], strict=True):
        cells = (padded(text, w, right=True) for text, w in zip(line, widths, strict=True))
        yield f"  {padded(label, width)}  {'  '.join(cells)}"
    for row, label in zip(found.rows, labels, strict=True):
        yield from (f"  ! {label}：{text}" for text in words.note_texts(row, language))
    if found.ranked:
        yield f"  {words.order_sentence(found, language)}"
    yield from (f"  {line}" for line in words.plan_notes(found, language))


def _text_row(row: GroupSatisfaction, places: int, language: str) -> list[str]:
    return [
        wording.count(row.n),
        wording.percent(row.index),
        wording.span(row.index_low, row.index_high),
        words.margin_text(row),
        wording.percent(row.rate),
        wording.number(row.score, places),
        words.score_span(row, places),
        wording.number(row.deff),
        words.rank_text(row, language),
    ]


def _text_differences(report: SatisfactionReport, language: str) -> Iterator[str]:
    found = list(comparisons(report))
    if found or report.refusal:
        yield ""
        yield words.word("differences" if report.years is None else "years", language)
    yield from (f"  {words.comparison_sentence(one, language, holm=h)}" for _, one, h in found)
    if report.refusal:
        yield f"  {report.refusal.text(language)}"
    if report.years:
        yield from (f"  {line}" for line in words.years_sentences(report.years, language))


TEXT_HEADINGS = (
    "n",
    "index",
    "index_interval",
    "margin",
    "rate",
    "score",
    "score_interval",
    "deff",
    "rank",
)


SATISFACTION_FORMATS: Mapping[str, Format[SatisfactionReport]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, render_satisfaction_text, is_text=True),
        "json": Format("json", JSON, render_satisfaction_json, is_text=True),
        "csv": Format("csv", CSV, render_satisfaction_csv, is_text=True),
        "xlsx": Format("xlsx", XLSX, render_satisfaction_xlsx),
    }
)
