"""Made-up interviews for tests of the quality flags: independent answers, honest times."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from analysis.quality.findings import Flagged
from analysis.quality.flags import BY_CODE
from analysis.quality.interviews import Interviews
from analysis.quality.thresholds import Thresholds
from analysis.responses import Labels, Responses
from surveys.definition import Questionnaire
from surveys.records import FIRST_OPTION, VALUE

OPTIONS = [{"code": code, "text": code} for code in "ABCD"]
N_CHOICES = 12
SHARES = (0.4, 0.3, 0.2, 0.1)
START = 1_792_540_800_000
"""A moment in 2026, milliseconds since 1970."""


def questionnaire(**more: Any) -> Questionnaire:
    choices: list[dict[str, Any]] = [
        {"code": f"q{i:02}", "text": f"第{i}题", "kind": "single", "options": OPTIONS}
        for i in range(1, N_CHOICES + 1)
    ]
    numbers = [{"code": "income", "text": "月收入", "kind": "integer"}]
    ticks = [{"code": "ticks", "text": "困难", "kind": "multiple", "options": OPTIONS}]
    data = {
        "slug": "sample",
        "version": 1,
        "title": "样例",
        "audiences": ["recipient", "non_recipient"],
        "consent": {"version": "1", "text": "同意吗"},
        "questions": choices + ticks + numbers,
    }
    return Questionnaire.model_validate(data | more)


def honest(n: int, seed: int, people: int = 10, **more: Any) -> Interviews:
    """Every answer independent of everything; one interview after the other; log-normal times."""
    draw = np.random.default_rng(seed)
    asked = questionnaire(**more)
    columns: dict[str, Any] = {}
    for question in asked.questions:
        if question.code == "ticks":
            columns["ticks"] = (draw.integers(1, 16, n) << 1).astype(np.uint8)
        elif question.code == "income":
            columns["income"] = np.full(n, VALUE, np.uint8)
            columns["income:value"] = draw.integers(100, 3000, n)
        else:
            places = draw.choice(len(SHARES), n, p=SHARES)
            columns[question.code] = (places + FIRST_OPTION).astype(np.uint8)
    elapsed = np.exp(draw.normal(np.log(14 * 15_000), 0.4, n)).astype(np.int64)
    enumerator = draw.integers(0, people, n)
    started = START + np.arange(n) * 3_600_000
    audiences = Labels(draw.integers(0, 2, n), ("低保户", "非低保户"))
    return Interviews(
        Responses(asked, columns, n, {"audience": audiences}),
        numbers=np.arange(1, n + 1),
        elapsed_ms=elapsed,
        started_ms=started,
        finished_ms=started + elapsed,
        enumerator=enumerator,
        device=enumerator + 0,
        enumerators=tuple(f"调查员{i}" for i in range(people)),
    )


def with_columns(interviews: Interviews, **columns: Any) -> Interviews:
    """With some columns replaced; the others are copied, so that a test may write into them."""
    copied = {name: column.copy() for name, column in interviews.responses.columns.items()}
    return replace(interviews, responses=replace(interviews.responses, columns=copied | columns))


def answer(interviews: Interviews, row: int, other: int, codes: list[str] | None = None) -> None:
    """Row gets the answers of another row to these questions, or to all."""
    for name, column in interviews.responses.columns.items():
        if codes is None or name in codes:
            column[row] = column[other]  # type: ignore[index]


def run(code: str, interviews: Interviews, **thresholds: Any) -> Flagged:
    return BY_CODE[code].check(interviews, replace(Thresholds(), **thresholds))
