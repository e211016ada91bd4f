"""All that a 绩效评价报告 is made of, as a frozen value, and the marks that its texts may hold.

A text may hold marks: ⟦key⟧ behind a computed number leads to its evidence, and 【待补充：…】
stands where somebody has to write. `report_marks` turns both into what a reader sees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.charts import Chart
from analysis.evaluation.report import CombinedReport, ScorecardReport
from analysis.evaluation.scorecard import SubTotal
from analysis.reports.report_collected import Collected
from analysis.satisfaction import ScoreReport
from analysis.table import SummaryTable

NEW_PARAGRAPH = "\a"
"""What docxtpl makes a paragraph of its own of, in the style of the tag."""


@dataclass(frozen=True)
class Dataset:
    """The frozen dataset that all survey figures are from."""

    number: int
    sha256: str
    responses: int
    frozen_on: date
    scorecard: int | None = None
    """The version of the scorecard that was frozen with it; None if it is not the one printed."""


@dataclass(frozen=True)
class CardFiles:
    """The files that a scorecard was read from, by name; with them no version is frozen.

    `has_survey` where they bring counts of answers besides those of the dataset.
    """

    framework: str
    measures: str
    has_survey: bool = False


@dataclass(frozen=True)
class Picture:
    """A chart of the report: `key` is that of its evidence, `table` says where its numbers are."""

    chart: Chart
    key: str = ""
    table: str = ""


@dataclass(frozen=True)
class EvaluationReport:
    """`texts` are those that evaluators write, by tag of TEXTS; what is absent is marked.

    `scorecard` is None while the indicators are not scored, `dataset` while nothing is frozen.
    """

    name: str
    year: int
    printed_on: date
    client: str = ""
    unit: str = ""
    organisation: str = ""
    simulated: bool = False
    remarks: tuple[str, ...] = ()
    dataset: Dataset | None = None
    tables: tuple[SummaryTable, ...] = ()
    scores: ScoreReport = field(default_factory=lambda: ScoreReport("", ()))
    scorecard: ScorecardReport | None = None
    combined: CombinedReport | None = None
    """Instead of `scorecard` where several sub-projects are scored; see report_combined."""
    files: CardFiles | None = None
    """Where the scorecard is not the project's own."""
    collected: tuple[Collected, ...] = ()
    """发放/回收/有效 by group, as the ledger counts them; empty where it has nothing."""
    texts: Mapping[str, str] = field(default_factory=dict)
    charts: tuple[Picture, ...] = ()
    survey_names: Mapping[str, str] = field(default_factory=dict)
    """`slug@version` -> what a reader calls the questionnaire; see report_names."""


TEXTS: Mapping[str, str] = {
    "background": "项目立项背景和政策依据",
    "goals": "项目主要内容、实施情况和绩效目标",
    "purpose": "评价目的、对象、范围和依据",
    "process": "评价工作过程（准备、实地调查、分析评价）",
    "analysis": "对各指标得分的分析",
    "problems": "存在的问题及原因分析",
    "suggestions": "有关建议",
}
"""Tag -> what the evaluators have to write there."""


GAP = "【待补充】"
"""In a narrow cell."""


def missing(what: str) -> str:
    return f"【待补充：{what}】"


def mark(key: str) -> str:
    """Leads to the evidence of this key."""
    return f"⟦{key}⟧"


def typed(text: str) -> str:
    """What somebody typed: it makes no marks, and its lines are paragraphs."""
    lines = unmarked(text).replace(NEW_PARAGRAPH, "").splitlines()
    return NEW_PARAGRAPH.join(line.strip() for line in lines if line.strip())


def unmarked(text: str) -> str:
    """Without the brackets of marks, which somebody may have typed."""
    return text.replace("⟦", "[").replace("⟧", "]")


def table_key(table: SummaryTable, group: str = "") -> str:
    return f"table:{table.slug}@{table.version}:{group}"


def score_key(reference: str, question: str) -> str:
    return f"score:{reference}:{question}"


def level_key(found: SubTotal) -> str:
    """An indicator that is scored itself has the evidence of its row."""
    if found.indicator.is_scored:
        return row_key(found.indicator.id)
    return "level:" + "/".join(found.path)


def row_key(id_: str) -> str:
    return f"row:{id_}"


def recount_key(id_: str) -> str:
    return f"recount:{id_}"


RECOUNTED_TOTAL = "recounted_total"
"""Key of the evidence of the total from the survey's own counts."""
RATE = "rate"
"""Key of the evidence of every 得分率, which is got in one way throughout."""
DATASET = "dataset"
"""Key of the evidence of the number of frozen responses."""
