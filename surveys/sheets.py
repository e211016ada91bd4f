"""CSV and xlsx <-> answers; every fault is named with row, column, value and reason.

Columns: `id` (needed), `audience`, `area`, `weight`, then question codes and note keys. A single
choice holds its option code, a multiple choice its codes separated by spaces, empty is blank.
`stratum`, `cluster` and `population` may tell how the responses were drawn.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from surveys.answers import Checked, check
from surveys.cells import SheetError, escape, read_cells, unescape
from surveys.definition import Audience, Kind, Questionnaire
from surveys.messages import say

FIXED = ("id", "audience", "area", "weight")
SAMPLING = ("stratum", "cluster", "population")
"""Stratum and sampling unit of each response, and how many units its stratum has in the population;
a question of such a name goes before."""
LARGEST_WEIGHT = 1e12
"""More people than there ever were: a larger weight is a slip."""
EXPORTED_ONLY = (
    "status",
    "practice",
    "received_at",
    "started_at",
    "finished_at",
    "elapsed_ms",
    "enumerator",
)
"""Columns that an export adds; an import reads past them."""
HEADINGS_ZH = {
    "编号": "id",
    "调查对象": "audience",
    "区域": "area",
    "权重": "weight",
    "抽样层": "stratum",
    "抽样单元": "cluster",
    "总体单元数": "population",
}
AUDIENCES = {
    **{audience.value: audience for audience in Audience},
    "低保户": Audience.RECIPIENT,
    "非低保户": Audience.NON_RECIPIENT,
    "干部": Audience.CADRE,
    "": None,
    "未注明": None,
}
MOST_FAULTS_KEPT = 1000
LONGEST_LABEL = 64
OF_THE_FILE = ("empty_file", "no_rows")
"""Faults that no row has."""

Progress = Callable[[Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class SheetFault:
    """What is wrong in which cell; `row` counts as a spreadsheet does, the heading is row 1."""

    row: int
    column: str
    value: str
    code: str
    details: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        reason = say(self.code, self.details, language)
        value = self.value if len(self.value) <= 40 else self.value[:40] + "…"
        chinese = language.startswith("zh")
        if self.code in OF_THE_FILE:
            return reason
        if not self.column and not value:
            return f"第 {self.row} 行：{reason}" if chinese else f"row {self.row}: {reason}"
        if chinese:
            return f"第 {self.row} 行，{self.column or '整行'}，值“{value}”：{reason}"
        return f"row {self.row}, {self.column or 'whole row'}, value “{value}”: {reason}"


@dataclass(frozen=True)
class SheetRow:
    """One response of a sheet, without a fault."""

    row: int
    id: str
    audience: Audience | None
    area: str
    weight: float | None
    checked: Checked
    stratum: str = ""
    cluster: str = ""
    population: float | None = None


@dataclass
class Sheet:
    """What a sheet holds: its right rows, and the faults of all others (the first 1,000 kept)."""

    rows: list[SheetRow] = field(default_factory=list)
    faults: list[SheetFault] = field(default_factory=list)
    fault_count: int = 0
    faulty_rows: int = 0
    has_weights: bool = False

    def complain(self, faults: Sequence[SheetFault]) -> None:
        self.fault_count += len(faults)
        self.faults += faults[: max(0, MOST_FAULTS_KEPT - len(self.faults))]


def read(
    content: bytes,
    name: str,
    questionnaire: Questionnaire,
    encoding: str = "utf-8-sig",
    progress: Progress = lambda rows: rows,
) -> Sheet:
    """Read a .csv or .xlsx file. Faults are in the result; nothing is raised."""
    sheet = Sheet()
    try:
        lines = read_cells(content, name, encoding)
    except SheetError as error:
        sheet.complain(
            [SheetFault(e.row, "", "", e.code, e.details) for e in (error, *error.others)]
        )
        return sheet
    columns = _columns(lines[0] if lines else [], questionnaire)
    if columns.faults:
        sheet.complain(columns.faults)
        return sheet
    sheet.has_weights = "weight" in columns.names
    first_rows: dict[str, int] = {}
    for number, cells in enumerate(progress(lines[1:]), start=2):
        if any(map(str.strip, cells)):
            _read_row(sheet, number, cells, columns, questionnaire, first_rows)
    if not sheet.rows and not sheet.faults:
        sheet.complain([SheetFault(1, "", "", "no_rows", {})])
    return sheet


def write_csv(questionnaire: Questionnaire, rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of a CSV file (with BOM) of responses; each row has the fixed keys and `answers`."""
    names = headings(questionnaire)
    yield "\ufeff" + csv_line(names)
    for row in rows:
        yield csv_line([escape(cell) for cell in row_cells(questionnaire, row)])


def headings(questionnaire: Questionnaire) -> list[str]:
    return [*FIXED[:3], *EXPORTED_ONLY, *questionnaire.answer_keys]


def row_cells(questionnaire: Questionnaire, row: Mapping[str, Any]) -> list[str]:
    answers = row["answers"]
    fixed = [row.get(name) for name in (*FIXED[:3], *EXPORTED_ONLY)]
    return [_cell(v) for v in fixed] + [_cell(answers.get(k)) for k in questionnaire.answer_keys]


def csv_line(cells: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()


@dataclass(frozen=True)
class _Columns:
    names: list[str]
    answers: list[tuple[str, int, bool]]
    """Key, place and "holds several codes" of each column with answers."""
    faults: list[SheetFault]


def _columns(heading: Sequence[str], questionnaire: Questionnaire) -> _Columns:
    names = [HEADINGS_ZH.get(cell.strip(), cell.strip()) for cell in heading]
    known = {*FIXED, *SAMPLING, *EXPORTED_ONLY, *questionnaire.answer_keys}
    faults = []
    for place, name in enumerate(names):
        if name in names[:place] and name:
            faults.append(SheetFault(1, name, name, "column_twice", {}))
        elif name and name not in known:
            details = {"questionnaire": questionnaire.reference}
            faults.append(SheetFault(1, name, name, "unknown_column", details))
    if "id" not in names:
        faults.append(SheetFault(1, "id", "", "no_id_column", {}))
    if not set(names) & questionnaire.by_code.keys():
        details = {"questionnaire": questionnaire.reference}
        faults.append(SheetFault(1, "", "", "no_question_column", details))
    several = {q.code for q in questionnaire.questions if q.kind is Kind.MULTIPLE}
    keys = set(questionnaire.answer_keys)
    answers = [(name, i, name in several) for i, name in enumerate(names) if name in keys]
    return _Columns(names, answers, faults)


def _read_row(
    sheet: Sheet,
    number: int,
    cells: Sequence[str],
    columns: _Columns,
    questionnaire: Questionnaire,
    first_rows: dict[str, int],
) -> None:
    cells, names = [*map(unescape, cells)], columns.names
    values = dict(zip(names, cells, strict=False))
    faults = [
        SheetFault(number, "", cell, "cell_without_heading", {})
        for place, cell in enumerate(cells)
        if (place >= len(names) or not names[place]) and cell.strip()
    ]
    sampling = {
        name: values.get(name, "").strip()
        for name in SAMPLING
        if name not in questionnaire.answer_keys
    }
    faults += _fixed_faults(number, values, first_rows, sampling)
    audience = AUDIENCES.get(values.get("audience", "").strip())
    checked = check(questionnaire, _raw(columns, cells), audience)
    faults += [
        SheetFault(number, c.key, values.get(c.key, ""), c.code, c.details)
        for c in checked.complaints
    ]
    if faults:
        sheet.faulty_rows += 1
        sheet.complain(faults)
        return
    sheet.rows.append(
        SheetRow(
            row=number,
            id=values["id"].strip(),
            audience=audience,
            area=values.get("area", "").strip(),
            weight=_number(values.get("weight", "")),
            checked=checked,
            stratum=sampling.get("stratum", ""),
            cluster=sampling.get("cluster", ""),
            population=_number(sampling.get("population", "")),
        )
    )


def _number(text: str) -> float | None:
    return float(text) if text.strip() else None


def _fixed_faults(
    number: int,
    values: Mapping[str, str],
    first_rows: dict[str, int],
    sampling: Mapping[str, str],
) -> Iterator[SheetFault]:
    identity = values.get("id", "").strip()
    if not identity or len(identity) > 64:
        yield SheetFault(number, "id", identity, "no_id", {})
    elif first_rows.setdefault(identity, number) != number:
        yield SheetFault(number, "id", identity, "duplicate_id", {"first": first_rows[identity]})
    audience = values.get("audience", "").strip()
    if audience not in AUDIENCES:
        allowed = "、".join(name for name in AUDIENCES if name)
        yield SheetFault(number, "audience", audience, "unknown_audience", {"allowed": allowed})
    weight = values.get("weight", "").strip()
    if weight and not _is_weight(weight):
        yield SheetFault(number, "weight", weight, "not_a_weight", {})
    for name in ("stratum", "cluster"):
        if len(sampling.get(name, "")) > LONGEST_LABEL:
            details = {"limit": LONGEST_LABEL}
            yield SheetFault(number, name, sampling[name], "too_long_cell", details)
    population = sampling.get("population", "")
    if population and not (_is_weight(population) and float(population) > 0):
        yield SheetFault(number, "population", population, "not_a_population", {})
    for name, text in (("weight", weight), ("population", population)):
        if _is_weight(text) and float(text) > LARGEST_WEIGHT:
            yield SheetFault(number, name, text, "too_high", {"maximum": f"{LARGEST_WEIGHT:.0f}"})


def _is_weight(text: str) -> bool:
    try:
        return math.isfinite(float(text)) and float(text) >= 0 and "_" not in text
    except ValueError:
        return False


def _raw(columns: _Columns, cells: Sequence[str]) -> dict[str, Any]:
    return {
        key: cells[place].split() if several else cells[place]
        for key, place, several in columns.answers
        if place < len(cells) and cells[place]
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}"  # never 1e-06, which no checker reads
    return " ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
