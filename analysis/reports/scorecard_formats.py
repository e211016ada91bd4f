"""Which files can be made of a scorecard: one entry per format."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from analysis.evaluation.report import Evaluation
from analysis.reports.formats import DOCX, JSON, TEXT, XLSX, Format, encoded
from analysis.reports.scorecard_excel import render_scorecard_xlsx
from analysis.reports.scorecard_json import render_scorecard_json
from analysis.reports.scorecard_text import render_scorecard_text
from analysis.reports.scorecard_word import render_scorecard_docx

SCORECARD_FORMATS: Mapping[str, Format[Evaluation]] = MappingProxyType(
    {
        "text": Format("txt", TEXT, encoded(render_scorecard_text), is_text=True),
        "json": Format("json", JSON, encoded(render_scorecard_json), is_text=True),
        "xlsx": Format("xlsx", XLSX, render_scorecard_xlsx),
        "docx": Format("docx", DOCX, render_scorecard_docx),
    }
)
