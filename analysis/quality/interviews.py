"""What the checks start from: the answers of n responses and how each of them was collected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.responses import Responses

Ints = npt.NDArray[np.signedinteger[Any]]
Bools = npt.NDArray[np.bool_]
UNKNOWN = -1
"""Of a time, a person, a tablet or a cell of the plan that is not known."""


@dataclass(frozen=True, eq=False)
class Plan:
    """`cell` (n,) is the place in `planned` of the line of the plan that a response belongs to,
    UNKNOWN for one that no line covers; `before` (n,) is how many of that line arrived earlier, on
    whatever questionnaire. `names` are what a reader calls the lines, zh and en."""

    cell: Ints
    before: Ints
    planned: tuple[int, ...]
    names: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Interviews:
    """n responses in order of arrival; all arrays have length n.

    `numbers` are what a reader calls the responses (序号). `elapsed_ms` is the monotonic time of
    the tablet; `started_ms` and `finished_ms` are what its clock said, milliseconds since 1970
    (UTC). `enumerator` and `device` are places in the lists of names. `plan` is None without one.
    """

    responses: Responses
    numbers: Ints
    elapsed_ms: Ints
    started_ms: Ints
    finished_ms: Ints
    enumerator: Ints
    device: Ints
    enumerators: tuple[str, ...] = ()
    plan: Plan | None = None

    @property
    def n(self) -> int:
        return self.responses.n
