"""Responses as columns: what every count starts from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from surveys.definition import Questionnaire

UNSTATED = "未注明"


@dataclass(frozen=True)
class Labels:
    """A grouping of n responses: `codes[i]` is the place in `names` of response i's group.

    `names` are what a reader sees, in the order in which groups are printed; a group may be empty.
    """

    codes: npt.NDArray[np.integer[Any]]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Responses:
    """n responses to one questionnaire version.

    `columns` has an array of length n per field of `surveys.records.layout`; `groups` holds the
    groupings that the caller knows besides the questions themselves ("audience", "area").
    `weights` (n,) are those that came with the responses; None where every response counts once.
    """

    questionnaire: Questionnaire
    columns: Mapping[str, npt.NDArray[Any]]
    n: int
    groups: Mapping[str, Labels] = field(default_factory=dict)
    weights: npt.NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        lengths = {name: len(column) for name, column in self.columns.items()}
        lengths |= {name: len(labels.codes) for name, labels in self.groups.items()}
        if self.weights is not None:
            lengths["weight"] = len(self.weights)
        wrong = [name for name, length in lengths.items() if length != self.n]
        if wrong:
            raise ValueError(f"columns of another length than {self.n}: {', '.join(wrong)}")

    def where(self, chosen: npt.NDArray[np.bool_]) -> Responses:
        """The responses for which `chosen` (length n) is true."""
        return self.take(np.flatnonzero(chosen))

    def take(self, rows: npt.NDArray[np.integer[Any]]) -> Responses:
        """The responses at these row numbers, in their order."""
        return replace(
            self,
            columns={name: column[rows] for name, column in self.columns.items()},
            n=len(rows),
            groups={
                name: Labels(labels.codes[rows], labels.names)
                for name, labels in self.groups.items()
            },
            weights=None if self.weights is None else self.weights[rows],
        )
