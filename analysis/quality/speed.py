"""Too fast: seconds per question asked below what reading it out takes."""

from __future__ import annotations

import numpy as np

from analysis.quality.findings import Flagged, Told, rows_of
from analysis.quality.interviews import Interviews
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError
from surveys.records import NOT_ASKED

NORMAL_MAD = 1.4826
"""Median absolute deviation × this estimates σ where values are normal."""
DEVIATIONS = 3.0
FEWEST = 30
"""Timed responses from which the median and the spread are trusted."""


def too_fast(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Flags a pace (seconds per question asked) below the larger of
    - `pace`, and
    - from 30 timed responses on, the smaller of `median_share` × median and
      exp(median(log) - 3 × 1.4826 × MAD(log)), the robust z of Iglewicz & Hoaglin 1993.

    Assumes that log times are about normal: then at most 0.135% of honest interviews lie below the
    second limit. Ignores how long the questions are. Raises NotApplicableError without any time.
    """
    asked = _asked(interviews)
    timed = (interviews.elapsed_ms >= 0) & (asked > 0)
    checked = int(np.count_nonzero(timed))
    if not checked:
        raise NotApplicableError("no_times")
    seconds = interviews.elapsed_ms / 1000
    pace = np.where(timed, seconds / np.maximum(asked, 1), np.inf)
    median = float(np.median(pace[timed]))
    limit = max(thresholds.pace, _robust_limit(pace[timed], median, thresholds.median_share))
    rows = rows_of(pace < limit)

    def tell(place: int) -> Told:
        row = rows[place]
        numbers = {"seconds": seconds[row], "asked": int(asked[row]), "pace": pace[row]}
        return Told("too_fast", numbers | {"limit": limit, "median": median})

    rule = Told("too_fast_rule", {"limit": limit, "median": median})
    return Flagged("too_fast", rows, checked, tell, rule)


def _asked(interviews: Interviews) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    """(n,) how many questions each was asked."""
    asked = np.zeros(interviews.n, np.int32)
    for question in interviews.responses.questionnaire.questions:
        asked += interviews.responses.columns[question.code] != NOT_ASKED
    return asked


def _robust_limit(
    pace: np.ndarray[tuple[int], np.dtype[np.float64]], median: float, share: float
) -> float:
    if len(pace) < FEWEST or median <= 0:
        return 0.0
    # An interview of 0 seconds must not make the logarithm infinite.
    logs = np.log(np.maximum(pace, 1e-3))
    centre = float(np.median(logs))
    spread = NORMAL_MAD * float(np.median(np.abs(logs - centre)))
    return float(min(share * median, np.exp(centre - DEVIATIONS * spread)))
