"""Manyi's side of the statistics: each task in a process of its own, its numbers into a file.

`python -m benchmarks.statistics_programs manyi|pandas TASK FOLDER` prints one line of JSON.
"""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import orjson

from analysis.crosstab_matrix import crosstab_matrix
from analysis.designs import survey_design
from analysis.question_tables import ShareArrays
from analysis.responses import Labels, Responses
from analysis.table import Group
from analysis.tabulate import shares_by_group, summarise
from analysis.weighting import Margin, rake
from benchmarks import statistics_peer
from benchmarks.programs import _peak_mb
from benchmarks.statistics_data import AREAS, MARGINS, column, questionnaire

Numbers = npt.NDArray[np.float64]
REPEATS, SECONDS = 5, 1.0
"""A task is repeated as often as this at least, and a quick one for as long; the fastest counts."""


def load(folder: Path) -> Responses:
    known = questionnaire()
    area = Labels(column(folder, "area"), tuple(str(place) for place in range(AREAS)))
    margins = {
        name: Labels(column(folder, name), tuple(map(str, range(len(targets)))))
        for name, targets in MARGINS.items()
    }
    columns = {q.code: column(folder, q.code) for q in known.questions}
    return Responses(known, columns, len(area.codes), {"area": area, **margins})


def summary(responses: Responses) -> Callable[[], Numbers]:
    return _cells(summarise(responses))


def areas(responses: Responses) -> Callable[[], Numbers]:
    ((_, found),) = shares_by_group(responses, by="area")
    return lambda: np.concatenate([_stacked(one) for one in found], axis=1).reshape(-1, 5)


def _stacked(found: ShareArrays) -> Numbers:
    bases = np.repeat(found.bases[:, None], found.counts.shape[1], axis=1)
    return np.stack([found.counts, bases, found.shares, found.lows, found.highs], axis=2)


def tables(responses: Responses) -> Callable[[], Numbers]:
    groups = summarise(responses, by="area")
    return lambda: _cells(groups)()


def read(responses: Responses) -> Callable[[], Numbers]:
    return _cells(summarise(responses, by="area"))


def raked(responses: Responses) -> Callable[[], Numbers]:
    margins = [
        Margin(name, responses.groups[name].codes, targets) for name, targets in MARGINS.items()
    ]
    return _cells(summarise(responses, design=rake(survey_design(responses.n), margins)))


def matrix(responses: Responses) -> Callable[[], Numbers]:
    found = crosstab_matrix(responses)
    return lambda: np.stack([found.statistic, found.df, found.p, found.cramers_v], axis=1)


def _cells(groups: tuple[Group, ...]) -> Callable[[], Numbers]:
    """Reads every cell, and later makes (groups · options, 5): count, base, share, low, high."""
    cells = [row.cell for group in groups for q in group.questions for row in q.rows]
    return lambda: np.array([one[:5] for one in cells], dtype=np.float64)


TASKS: dict[str, Callable[[Responses], Callable[[], Numbers]]] = {
    "summary": summary,
    "areas": areas,
    "tables": tables,
    "read": read,
    "raked": raked,
    "matrix": matrix,
}
PROGRAMS: dict[str, tuple[Callable[[Path], Any], Any]] = {
    "manyi": (load, TASKS),
    "pandas": (statistics_peer.load, statistics_peer.TASKS),
}


def run(program: str, task: str, folder: Path) -> dict[str, float]:
    """Seconds to load and to compute, peak memory, and the numbers in PROGRAM-TASK.npy."""
    load_it, tasks = PROGRAMS[program]
    started = time.perf_counter()
    loaded = load_it(folder)
    ready = time.perf_counter()
    gc.freeze()  # as `manyi serve` does once it is loaded
    repeats = REPEATS if task != "matrix" or program == "manyi" else 1
    seconds: list[float] = []
    while len(seconds) < repeats or sum(seconds) < SECONDS:
        begun = time.perf_counter()
        numbers = tasks[task](loaded)
        seconds.append(time.perf_counter() - begun)
    peak = _peak_mb()
    np.save(folder / f"{program}-{task}", numbers())
    return {"load": ready - started, "seconds": min(seconds), "peak_mb": peak}


if __name__ == "__main__":
    print(orjson.dumps(run(sys.argv[1], sys.argv[2], Path(sys.argv[3]))).decode())
