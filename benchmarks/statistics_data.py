"""One million responses as columns in files, from which each program of the statistics loads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.million import QUESTIONNAIRE, SEED, draw
from surveys.catalogue import find
from surveys.definition import Questionnaire

AREAS = 200
MARGINS = {
    "audience": (4_100_000.0, 5_900_000.0),
    "county": (
        1_600_000.0,
        1_500_000.0,
        1_400_000.0,
        1_300_000.0,
        1_200_000.0,
        1_100_000.0,
        1_900_000.0,
    ),
    "urban": (3_000_000.0, 6_500_000.0, 500_000.0),
}
"""Population per category; the sample has each of a margin's categories about equally often."""


def make(folder: Path, n: int) -> None:
    """Files NAME.npy: the packed column of every question, area and the margins' categories."""
    questionnaire, chance = find(QUESTIONNAIRE), np.random.default_rng(SEED)
    rows = draw(questionnaire, n)
    for question in questionnaire.questions:
        np.save(folder / question.code, np.ascontiguousarray(rows[question.code]))
    np.save(folder / "area", chance.integers(0, AREAS, n).astype(np.uint8))
    for name, targets in MARGINS.items():
        np.save(folder / name, chance.integers(0, len(targets), n).astype(np.uint8))


def column(folder: Path, name: str) -> Any:
    return np.load(folder / f"{name}.npy")


def questionnaire() -> Questionnaire:
    return find(QUESTIONNAIRE)
