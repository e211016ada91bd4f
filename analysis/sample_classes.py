"""Classes of responses by one or several groupings and questions, each with its key and name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.coding import categories
from analysis.designs import Codes
from analysis.refusals import CannotComputeError
from analysis.reports.grouping_names import CROSS
from analysis.responses import UNSTATED, Responses

MOST_CLASSES = 20_000


@dataclass(frozen=True, eq=False)
class Classes:
    """codes: (n,) place 0..K-1 of each response's class, -1 where it is unknown (未注明, blank, not
    asked). keys: what is stored of a class (label of a group, code of an option); names: what a
    reader sees."""

    codes: npt.NDArray[np.signedinteger[Any]]
    keys: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def unknown(self) -> int:
        """How many responses are in no class."""
        return int(np.count_nonzero(self.codes < 0))

    @property
    def counts(self) -> npt.NDArray[np.int64]:
        """(K,) responses per class."""
        return np.bincount(self.codes[self.codes >= 0], minlength=len(self.keys))


def classified(responses: Responses, by: Sequence[str]) -> Classes:
    """The classes of groupings or single-choice questions, crossed if there are several.

    Raises CannotComputeError for what can be no classification, or for too many classes.
    """
    single = [_classes(responses, one) for one in by]
    size = math.prod(len(one.keys) for one in single)
    if size > MOST_CLASSES:
        raise CannotComputeError("too_many_classes", count=size, limit=MOST_CLASSES)
    if len(single) == 1:
        return single[0]
    codes: Codes = np.zeros(responses.n, dtype=np.intp)
    unknown = np.zeros(responses.n, dtype=np.bool_)
    for one in single:
        codes = codes * len(one.keys) + one.codes
        unknown |= one.codes < 0
    return Classes(
        np.where(unknown, -1, codes),
        tuple(CROSS.join(parts) for parts in product(*(one.keys for one in single))),
        tuple(CROSS.join(parts) for parts in product(*(one.names for one in single))),
    )


def _classes(responses: Responses, by: str) -> Classes:
    coded = categories(responses, by)
    if by not in responses.groups:
        options = responses.questionnaire.by_code[by].options
        return Classes(coded.codes, tuple(option.code for option in options), coded.names)
    if UNSTATED not in coded.names:
        return Classes(coded.codes, coded.names, coded.names)
    place = coded.names.index(UNSTATED)
    known = coded.names[:place]
    return Classes(np.where(coded.codes >= place, -1, coded.codes), known, known)
