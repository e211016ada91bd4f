"""Which files can be made of a table, of scores or of a scorecard: one entry per format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Generic, TypeVar

from analysis.evaluation.report import Evaluation
from analysis.reports.csv_file import render_csv, render_scores_csv
from analysis.reports.excel import render_xlsx
from analysis.reports.excel_scores import render_scores_xlsx
from analysis.reports.json_file import render_json, render_scores_json
from analysis.reports.scorecard_excel import render_scorecard_xlsx
from analysis.reports.scorecard_json import render_scorecard_json
from analysis.reports.scorecard_text import render_scorecard_text
from analysis.reports.scorecard_word import render_scorecard_docx
from analysis.reports.text import render_scores_text, render_text
from analysis.reports.word import render_docx
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable

Content = TypeVar("Content")


@dataclass(frozen=True)
class Format(Generic[Content]):
    """`render(content, language)` gives the whole file, texts in UTF-8 (`is_text`)."""

    extension: str
    media_type: str
    render: Callable[[Content, str], bytes]
    is_text: bool = False


def _encoded(render: Callable[[Content, str], str]) -> Callable[[Content, str], bytes]:
    return lambda content, language: render(content, language).encode()


OFFICE = "application/vnd.openxmlformats-officedocument"
XLSX, DOCX = f"{OFFICE}.spreadsheetml.sheet", f"{OFFICE}.wordprocessingml.document"
CSV, TEXT, JSON = "text/csv; charset=utf-8", "text/plain; charset=utf-8", "application/json"

TABLE_FORMATS: Mapping[str, Format[SummaryTable]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, _encoded(render_text), is_text=True),
        "json": Format("json", JSON, _encoded(render_json), is_text=True),
        "csv": Format("csv", CSV, render_csv, is_text=True),
        "xlsx": Format("xlsx", XLSX, render_xlsx),
        "docx": Format("docx", DOCX, render_docx),
    }
)
SCORE_FORMATS: Mapping[str, Format[ScoreReport]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, _encoded(render_scores_text), is_text=True),
        "json": Format("json", JSON, _encoded(render_scores_json), is_text=True),
        "csv": Format("csv", CSV, render_scores_csv, is_text=True),
        "xlsx": Format("xlsx", XLSX, render_scores_xlsx),
    }
)
SCORECARD_FORMATS: Mapping[str, Format[Evaluation]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, _encoded(render_scorecard_text), is_text=True),
        "json": Format("json", JSON, _encoded(render_scorecard_json), is_text=True),
        "xlsx": Format("xlsx", XLSX, render_scorecard_xlsx),
        "docx": Format("docx", DOCX, render_scorecard_docx),
    }
)
