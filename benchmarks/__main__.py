"""`make bench`: measures everything once and writes docs/benchmarks.md.

`python -m benchmarks statistics` measures that section alone and prints it.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import orjson

from benchmarks import handing_in, intake, million, statistics, tablet
from benchmarks.programs import NEW_RESPONSES, PROGRAMS

ROWS = 1_000_000
RUNS = 3
"""Of each program, in turn; the fastest counts, for a busy machine only ever adds time."""
NODE_AND_POSTGRESQL = 340
"""Responses per second of a known server of this field on this kind of machine (see the issue)."""
REPORT = Path(__file__).parents[1] / "docs" / "benchmarks.md"

Result = dict[str, Any]


def main(sections: list[str]) -> None:
    """Everything into the report, or only the named section to the screen."""
    if sections:
        for name in sections:
            print("\n".join(SECTIONS[name]()))
        return
    with tempfile.TemporaryDirectory() as folder:
        print(f"generating {ROWS:,} responses …", flush=True)
        database, sheet = million.make(Path(folder), ROWS)
        summary = compare(database, sheet)
    lines = report(summary, [take_in() for _ in range(RUNS)])
    lines += statistics_lines()
    lines += handing_in.received_lines(handing_in.compare(RUNS), RUNS)
    print("using the tablet app …", flush=True)
    lines += handing_in.tablet_lines(tablet.measure())
    text = "\n".join(lines)
    REPORT.write_text(text, encoding="utf-8")
    print(text)


def statistics_lines() -> list[str]:
    return statistics.lines(statistics.compare(RUNS, ROWS), RUNS, ROWS)


def take_in() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        print("taking in responses through HTTP …", flush=True)
        return intake.measure(Path(folder))


def compare(database: Path, sheet: Path) -> dict[str, Result]:
    """The fastest run of each program. Raises AssertionError unless all count the same."""
    best: dict[str, Result] = {}
    for _ in range(RUNS):
        for name in PROGRAMS:
            print(f"running {name} …", flush=True)
            result = _run(name, database, sheet)
            if name not in best or result["seconds"] < best[name]["seconds"]:
                best[name] = result
    counts = [result["counts"] for result in best.values()]
    assert all(count == counts[0] for count in counts), "the programs disagree"
    return best


def _run(name: str, database: Path, sheet: Path) -> Result:
    command = [sys.executable, "-m", "benchmarks.programs", name, str(database), str(sheet)]
    done = subprocess.run(command, capture_output=True, check=True)
    result: Result = orjson.loads(done.stdout)
    return result


def report(best: dict[str, Result], intakes: list[dict[str, float]]) -> list[str]:
    taken_in = max(intakes, key=lambda run: run["per_second"])
    each = ", ".join(f"{run['per_second']:.0f}" for run in intakes)
    manyi, pandas, streaming = best["manyi"], best["pandas"], best["orjson"]
    return [
        "# Benchmarks",
        "",
        "Written by `make bench`; every ratio is from one run on one machine.",
        f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}.",
        "",
        f"## The summary table of {ROWS:,} responses",
        "",
        "`dibao-residents@1` (19 questions) in SQLite, database to finished table with shares and",
        "intervals, in a new process (files in the page cache, imports not counted). The peers:",
        "(a) pandas reading the same responses from CSV (`usecols`, categories, each distinct",
        "multiple answer split once); (b) orjson over the JSON answers of the same rows. All three",
        f"give the same counts. The fastest of {RUNS} runs each.",
        "",
        "| program | seconds | load | count | peak memory | time of the peer ÷ Manyi's |",
        "|---|---|---|---|---|---|",
        _row("Manyi, cold", manyi, manyi),
        _row("(a) pandas, CSV", pandas, manyi),
        _row("(b) orjson, streaming", streaming, manyi),
        "",
        f"* Refreshed after {NEW_RESPONSES:,} new responses: {_ms(manyi['refreshed'])}, "
        f"{pandas['seconds'] / manyi['refreshed']:.1f} times faster than (a).",
        f"* Again without news: {_ms(manyi['warm'])}, of which counting {_ms(manyi['count'])}; one "
        f"numpy comparison over every byte of the same columns: {_ms(manyi['numpy_pass'])}.",
        "",
        "## Taking in forms from the browser",
        "",
        "`manyi serve` (gunicorn, two workers) on SQLite with `synchronous=FULL`; eight clients on",
        "the same machine submit filled forms of `dibao-residents@2`, each answered after its",
        f"commit. Afterwards all of them are in the database. {RUNS} runs gave {each}",
        "per second; the fastest:",
        "",
        "| responses per second | p50 | p95 | ÷ 340 per second (a Node and PostgreSQL server) |",
        "|---|---|---|---|",
        f"| {taken_in['per_second']:.0f} | {taken_in['p50_ms']:.1f} ms | "
        f"{taken_in['p95_ms']:.1f} ms | {taken_in['per_second'] / NODE_AND_POSTGRESQL:.2f} |",
        "",
        "The 340 per second were measured elsewhere on this kind of machine, not in this run.",
        "",
    ]


def _row(name: str, result: Result, manyi: Result) -> str:
    cells = (
        name,
        f"{result['seconds']:.3f}",
        f"{result['load']:.3f}",
        f"{result['count']:.3f}",
        f"{result['peak_mb']:.0f} MB",
        f"{result['seconds'] / manyi['seconds']:.1f}",
    )
    return f"| {' | '.join(cells)} |"


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"


SECTIONS = {"statistics": statistics_lines}

if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in SECTIONS]
    if unknown:
        sys.exit(f"no section {', '.join(unknown)}; there are: {', '.join(SECTIONS)}")
    main(sys.argv[1:])
