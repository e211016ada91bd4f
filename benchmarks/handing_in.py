"""The part of docs/benchmarks.md about what tablets hand in, and about the tablet itself."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks import receive, tablet
from benchmarks.receive import DATABASES, LOADS, SEALED, Load, Measured

Results = dict[Load, Measured]
HEADING = (
    "| clients | sends | responses/s | p50 | p95 | peak memory "
    "| peer: responses/s | p50 | p95 | peak memory | Manyi's ÷ peer's rate |"
)

WHAT_WAS_MEASURED = """## What tablets hand in

`PUT /api/v1/responses/<uuid>` one by one and `POST /api/v1/responses` in batches of 100, over open
connections, by clients on the same machine, for `dibao-residents@2`; each answered after its commit
(SQLite with `synchronous=FULL`, PostgreSQL with `fsync` and `synchronous_commit`). p50 and p95 are
of a request, so of a batch where there are batches. The memory is the sum over all processes of the
server; what they share counts in each. Sealed: as the tablet app sends it, opened by the server.

The peer (`benchmarks/peer_intake.py`) is Flask with pydantic under gunicorn, as many workers and
threads, the same requests, the same durability. It checks token, fields and types, and stores the
JSON once per id. It knows no questionnaire: no rules, no packed record, no review, no quarantine.
The fastest of {runs} runs each, in turn."""


def compare(runs: int, loads: Sequence[Load] = LOADS) -> dict[str, dict[str, Results]]:
    """Database -> program -> load -> its fastest run. The programs take turns."""
    best: dict[str, dict[str, Results]] = {kind: {} for kind in DATABASES}
    for _ in range(runs):
        for kind in DATABASES:
            for program, own in (("manyi", (*loads, *SEALED)), ("peer", tuple(loads))):
                print(f"handing in to {program} on {kind} …", flush=True)
                found = receive.measure(kind, program, own)
                best[kind][program] = _faster(best[kind].get(program, {}), found)
    return best


def _faster(one: Results, other: Results) -> Results:
    return {
        load: max(other[load], one.get(load, other[load]), key=lambda run: run.per_second)
        for load in other
    }


def received_lines(best: dict[str, dict[str, Results]], runs: int) -> list[str]:
    lines = [*WHAT_WAS_MEASURED.format(runs=runs).splitlines(), ""]
    for kind, programs in best.items():
        rows = [_row(load, run, programs) for load, run in programs["manyi"].items()]
        lines += [f"### {kind}", "", HEADING, "|" + "---|" * 11, *rows, ""]
    return lines


def _row(load: Load, run: Measured, programs: dict[str, Results]) -> str:
    sends = "one by one" if load.batch == 1 else f"batches of {load.batch}"
    peer = programs["peer"].get(load)
    told = [*_cells(peer), f"{run.per_second / peer.per_second:.2f}"] if peer else ["–"] * 5
    cells = (str(load.clients), sends + (", sealed" if load.sealed else ""), *_cells(run), *told)
    return f"| {' | '.join(cells)} |"


def _cells(run: Measured) -> list[str]:
    return [
        f"{run.per_second:.0f}",
        f"{run.p50_ms:.1f} ms",
        f"{run.p95_ms:.1f} ms",
        f"{run.peak_mb:.0f} MB",
    ]


def tablet_lines(found: tablet.Measured) -> list[str]:
    return [
        "## On the tablet",
        "",
        "Chromium on the machine of the server, 800×1280, no throttling.",
        "",
        "| what | time |",
        "|---|---|",
        f"| tap to saved draft (complete transaction of IndexedDB), p50 of {found.taps} taps | "
        f"{found.tap_p50:.1f} ms |",
        f"| the same, p95 | {found.tap_p95:.1f} ms |",
        f"| floor: a bare put of such a draft into a new database | {found.floor_p50:.1f} ms |",
        "| cold start with the server stopped, from the navigation to the first page | "
        f"{found.shown_p50:.0f} ms |",
        f"| the same with the start of the browser itself | {found.begun_p50:.0f} ms |",
        "",
    ]
