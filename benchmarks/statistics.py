"""The statistics of a million responses: Manyi against pandas and scipy, loaded before."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import orjson

from benchmarks import statistics_data

Result = dict[str, float]

TASKS = {
    "summary": "full summary with 95% intervals",
    "areas": f"summary of each of {statistics_data.AREAS} areas, as arrays",
    "tables": "the same as labelled tables, not yet read",
    "read": "the same, every cell read into Python",
    "raked": "raking on three margins, then the weighted summary with design-based intervals",
    "matrix": "19 × 19 cross-tabs: X², df, p and Cramér's V, multiple choice by its options",
}
TOLERANCE = 1e-9
"""Relative, on counts, shares, ends of intervals and tests."""


def compare(runs: int, rows: int) -> dict[tuple[str, str], Result]:
    """(task, program) -> its fastest run. Raises AssertionError where the numbers differ."""
    best: dict[tuple[str, str], Result] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"generating {rows:,} responses …", flush=True)
        statistics_data.make(folder, rows)
        for task in TASKS:
            for program in ("manyi", "pandas") * runs:
                print(f"running {task} with {program} …", flush=True)
                result = _run(program, task, folder)
                known = best.setdefault((task, program), result)
                best[task, program] = min(known, result, key=lambda one: one["seconds"])
            np.testing.assert_allclose(
                np.load(folder / f"manyi-{task}.npy"),
                np.load(folder / f"pandas-{task}.npy"),
                rtol=TOLERANCE,
                atol=1e-300,
            )
    return best


def _run(program: str, task: str, folder: Path) -> Result:
    """One thread for either: what is measured is the work, not the cores."""
    command = [sys.executable, "-m", "benchmarks.statistics_programs", program, task, str(folder)]
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    done = subprocess.run(command, capture_output=True, check=True, env={**os.environ, **one})
    result: Result = orjson.loads(done.stdout)
    return result


def lines(best: dict[tuple[str, str], Result], runs: int, rows: int) -> list[str]:
    """The section of docs/benchmarks.md."""
    return [
        f"## Statistics of {rows:,} responses",
        "",
        "`dibao-residents@1` (16 single and 3 multiple choices, 1% blank), every task in a process",
        "of its own with one thread, loaded before the clock starts (imports not counted). The",
        "peer (`benchmarks/statistics_peer.py`) is pandas and scipy: category columns, a multiple",
        "choice as its distinct answers, which are split once; counts by `value_counts` and",
        "`groupby`, the rest on small tables. Both give the same numbers to a relative 1e-9.",
        "",
        "Summaries end as tables with the labels of questions and options, the peer's as one data",
        "frame per question (of 200 areas: indexed by area and option). Manyi's are what renderers",
        "draw: objects per question and option, which it makes when a group is first read. The row",
        "of labelled tables is before that (shares and intervals computed, cells still in arrays,",
        "as in a data frame); in all other rows with tables every cell is read within the time, by",
        "the peer of 200 areas with `itertuples`. For each pair of the matrix the peer calls",
        "`chi2_contingency`; Manyi computes all pairs as one array.",
        "",
        f"The fastest of {runs} processes, in each the fastest of some repetitions (the peer's",
        "matrix: one). Peak memory is that of the process, with what it loaded and imported.",
        "",
        "| task | Manyi | load | peak memory | pandas | load | peak memory | pandas ÷ Manyi |",
        "|---|---|---|---|---|---|---|---|",
        *(_line(text, best[task, "manyi"], best[task, "pandas"]) for task, text in TASKS.items()),
        "",
    ]


def _line(text: str, own: Result, peer: Result) -> str:
    cells = [text]
    for one in (own, peer):
        cells += [
            f"{one['seconds'] * 1000:.1f} ms",
            f"{one['load'] * 1000:.0f} ms",
            f"{one['peak_mb']:.0f} MB",
        ]
    cells.append(f"{peer['seconds'] / own['seconds']:.1f}")
    return f"| {' | '.join(cells)} |"
