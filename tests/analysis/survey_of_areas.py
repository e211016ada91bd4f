"""A generated survey as CSV: skips, blanks, ticks, numbers, weights of 0, strata and clusters."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd

from analysis.designs import Design
from analysis.loading import design_of, from_rows
from analysis.responses import Responses
from surveys.definition import Questionnaire
from surveys.sheets import read
from tests.analysis.conftest import build, options

N = 400
AREAS = ("东镇", "南镇", "西镇", "无权镇")
SINGLE, MULTIPLE, NUMBER = "q1", "q2", "q3"


QUESTIONS = [
    {
        "code": SINGLE,
        "text": "满意吗",
        "kind": "single",
        "options": options("ABC"),
        "required": False,
    },
    {
        "code": MULTIPLE,
        "text": "为什么",
        "kind": "multiple",
        "required": False,
        "options": options("ABCD"),
        "asked_if": {"any": [{"question": SINGLE, "equals": letter} for letter in "BC"]},
    },
    {"code": NUMBER, "text": "收入", "kind": "decimal", "unit": "元", "required": False},
]
"""q2 is asked only of those who say B or C in q1."""


def questionnaire() -> Questionnaire:
    return build(QUESTIONS)


def frame(seed: int = 5) -> pd.DataFrame:
    """One row per response, every cell a text as it stands in the CSV."""
    chance = np.random.default_rng(seed)
    single = chance.choice(["A", "B", "C", ""], N, p=[0.5, 0.25, 0.15, 0.1])
    ticks = [
        " ".join(letter for letter in "ABC" if chance.random() < 0.45) if one in ("B", "C") else ""
        for one in single
    ]
    area = chance.choice(AREAS, N, p=[0.5, 0.3, 0.17, 0.03])
    weight = np.where(chance.random(N) < 0.1, 0, chance.integers(1, 400, N) / 100)
    weight[area == "无权镇"] = 0
    income = np.round(chance.gamma(2, 400, N), 2)
    stratum = chance.choice(["城", "乡"], N)
    return pd.DataFrame(
        {
            "id": np.arange(N).astype(str),
            "area": area,
            "weight": weight.astype(str),
            "stratum": stratum,
            "cluster": [f"村{place}" for place in chance.integers(0, 12, N)],
            SINGLE: single,
            MULTIPLE: ticks,
            NUMBER: np.where(chance.random(N) < 0.2, "", income.astype(str)),
        }
    )


def loaded(rows: pd.DataFrame) -> tuple[Responses, Design | None]:
    """The CSV of these rows as the command reads it."""
    text = io.StringIO()
    rows.to_csv(text, index=False)
    sheet = read(text.getvalue().encode(), "a.csv", questionnaire())
    assert sheet.faults == []
    return from_rows(questionnaire(), sheet.rows), design_of(sheet.rows)


def expected(rows: pd.DataFrame, code: str) -> dict[str, Any]:
    """Plain counts and weighted sums of one question, counted by pandas alone."""
    weight = rows["weight"].astype(float) if "weight" in rows else pd.Series(1.0, rows.index)
    asked = rows[SINGLE].isin(["B", "C"]) if code == MULTIPLE else pd.Series(True, rows.index)
    answered = asked & (rows[code] != "")
    letters = "ABCD" if code == MULTIPLE else "ABC" if code == SINGLE else ""
    chosen = {letter: answered & rows[code].str.contains(letter) for letter in letters}
    return {
        "asked": int(asked.sum()),
        "answered": int(answered.sum()),
        "counts": {letter: int(flags.sum()) for letter, flags in chosen.items()},
        "weighted": {letter: weight[flags].sum() for letter, flags in chosen.items()},
        "weighted_base": weight[answered].sum(),
        "weighted_all": weight.sum(),
    }
