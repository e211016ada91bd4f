"""The programs that are compared, each run in a process of its own: prints one line of JSON.

All of them count the options of every question; `counts` must be the same for all.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pandas as pd

from app.services import projects, questionnaires, reports
from app.services.access import COMMAND_LINE
from app.services.columns import ColumnStore
from app.services.database import Database
from benchmarks.million import PROJECT, QUESTIONNAIRE, draw, insert
from surveys.catalogue import find
from surveys.definition import Kind
from surveys.records import FIRST_OPTION_BIT

NEW_RESPONSES = 1000
REPEATS = 5

Counts = dict[str, dict[str, int]]
Result = dict[str, Any]


def manyi(database: Path, sheet: Path) -> Result:
    """Cold: a new process, database to finished table. Then again, and after 1,000 new rows."""
    db, store = Database(f"sqlite:///{database}"), ColumnStore()
    started = time.perf_counter()
    loaded, table = _table(db, store)
    cold = time.perf_counter() - started
    result: Result = {
        "seconds": cold,
        "load": loaded - started,
        "count": cold - (loaded - started),
        "peak_mb": _peak_mb(),
        "counts": {
            q.code: {r.code: r.cell.count for r in q.rows} for q in table.groups[0].questions
        },
    }
    result["warm"] = min(_seconds(lambda: _table(db, store)) for _ in range(REPEATS))
    result["refreshed"] = _refreshed(db, store, database, table.n)
    result["numpy_pass"] = min(_seconds(lambda: _numpy_pass(db, store)) for _ in range(REPEATS))
    return result


def pandas_csv(database: Path, sheet: Path) -> Result:
    """Careful pandas: only the needed columns, as categories; each distinct multiple answer is
    split once and its options get the count of all who gave it."""
    questionnaire = find(QUESTIONNAIRE)
    codes = [question.code for question in questionnaire.questions]
    started = time.perf_counter()
    frame = pd.read_csv(sheet, usecols=codes, dtype=dict.fromkeys(codes, "category"))
    loaded = time.perf_counter()
    counts: Counts = {}
    for question in questionnaire.questions:
        column: Any = frame[question.code]
        found = column.value_counts()
        column.notna().sum()  # the base that every share needs
        counts[question.code] = dict.fromkeys((o.code for o in question.options), 0)
        for answer, count in found.items():
            for code in str(answer).split(" "):
                counts[question.code][code] += int(count)
    return _timed(started, loaded, counts)


def streaming_orjson(database: Path, sheet: Path) -> Result:
    """The JSON answers of the same rows, streamed from the database and parsed by orjson."""
    started = time.perf_counter()
    found: dict[str, Counter[str]] = {
        question.code: Counter() for question in find(QUESTIONNAIRE).questions
    }
    with closing(sqlite3.connect(database)) as connection:
        for (text,) in connection.execute("SELECT answers FROM responses"):
            for code, answer in orjson.loads(text).items():
                if isinstance(answer, str):
                    found[code][answer] += 1
                else:
                    found[code].update(answer)
    counts = {
        question.code: {o.code: found[question.code][o.code] for o in question.options}
        for question in find(QUESTIONNAIRE).questions
    }
    return _timed(started, started, counts)


def _table(db: Database, store: ColumnStore) -> tuple[float, Any]:
    with db.reading() as session:
        project = projects.find(session, COMMAND_LINE, PROJECT)
        published = questionnaires.find(session, project, QUESTIONNAIRE)
        store.columns(session, published.id, published.questionnaire)
        loaded = time.perf_counter()
        return loaded, reports.summary_table(session, store, project, published)


def _refreshed(db: Database, store: ColumnStore, path: Path, n: int) -> float:
    """Seconds for the table after 1,000 new responses; the median of several such batches."""
    questionnaire = find(QUESTIONNAIRE)
    seconds = []
    for batch in range(REPEATS):
        first = n + 1 + batch * NEW_RESPONSES
        rows = draw(questionnaire, NEW_RESPONSES, first)
        with closing(sqlite3.connect(path)) as connection:
            insert(connection, questionnaire, rows, 1, 1)
            connection.commit()
        seconds.append(_seconds(lambda: _table(db, store)))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DELETE FROM responses WHERE arrival_no > ?", (n,))
        connection.commit()
    return sorted(seconds)[len(seconds) // 2]


def _numpy_pass(db: Database, store: ColumnStore) -> int:
    """One comparison over every byte that the counting reads: how fast could it be at all?"""
    with db.reading() as session:
        project = projects.find(session, COMMAND_LINE, PROJECT)
        published = questionnaires.find(session, project, QUESTIONNAIRE)
        columns = store.columns(session, published.id, published.questionnaire)
    return sum(
        int(np.count_nonzero(columns.arrays[question.code] == FIRST_OPTION_BIT))
        for question in columns.questionnaire.questions
        if question.kind in (Kind.SINGLE, Kind.MULTIPLE)
    )


def _timed(started: float, loaded: float, counts: Counts) -> Result:
    ended = time.perf_counter()
    return {
        "seconds": ended - started,
        "load": loaded - started,
        "count": ended - loaded,
        "peak_mb": _peak_mb(),
        "counts": counts,
    }


def _seconds(work: Any) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _peak_mb() -> float:
    """VmHWM begins anew with each program; ru_maxrss would keep what the parent had used."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


PROGRAMS = {"manyi": manyi, "pandas": pandas_csv, "orjson": streaming_orjson}

if __name__ == "__main__":
    name, *paths = sys.argv[1:]
    print(orjson.dumps(PROGRAMS[name](*map(Path, paths))).decode())
