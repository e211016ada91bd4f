"""Which files can be made of a summary table or of scores: one entry per format."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from analysis.reports.csv_file import render_csv, render_scores_csv
from analysis.reports.excel import render_xlsx
from analysis.reports.excel_scores import render_scores_xlsx
from analysis.reports.formats import CSV, DOCX, JSON, TEXT, XLSX, Format, encoded
from analysis.reports.json_file import render_json, render_scores_json
from analysis.reports.text import render_scores_text, render_text
from analysis.reports.word import render_docx
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable

TABLE_FORMATS: Mapping[str, Format[SummaryTable]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, encoded(render_text), is_text=True),
        "json": Format("json", JSON, encoded(render_json), is_text=True),
        "csv": Format("csv", CSV, render_csv, is_text=True),
        "xlsx": Format("xlsx", XLSX, render_xlsx),
        "docx": Format("docx", DOCX, render_docx),
    }
)
SCORE_FORMATS: Mapping[str, Format[ScoreReport]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, encoded(render_scores_text), is_text=True),
        "json": Format("json", JSON, encoded(render_scores_json), is_text=True),
        "csv": Format("csv", CSV, render_scores_csv, is_text=True),
        "xlsx": Format("xlsx", XLSX, render_scores_xlsx),
    }
)
