"""Times that overlap: two interviews of one enumerator, or on one tablet, at the same time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analysis.quality.findings import Flagged, Told, rows_of
from analysis.quality.interviews import UNKNOWN, Bools, Interviews, Ints
from analysis.quality.thresholds import Thresholds
from analysis.refusals import NotApplicableError

EARLIEST, LATEST = 946_684_800_000, 4_102_444_800_000
"""2000-01-01 and 2100-01-01 UTC: what a clock says outside of them is no time."""


@dataclass(frozen=True, eq=False)
class _Overlap:
    """(n,) with which row each overlaps (UNKNOWN: none) and for how many milliseconds."""

    partner: Ints
    shared: Ints


def overlapping(interviews: Interviews, thresholds: Thresholds) -> Flagged:
    """Two spans from start to end, of one enumerator or of one tablet, that share more than
    `overlap` seconds. Both are flagged.

    The times are those of the device's clock, which nobody vouches for: a clock that was set, or
    an interview that was left open and gone on with later, overlaps without any fault. Spans that
    end before they start, or lie outside of 2000 to 2100, are not checked.
    Raises NotApplicableError without any time.
    """
    timed = _timed(interviews)
    if not timed.any():
        raise NotApplicableError("no_times")
    by_person = _overlaps(interviews, interviews.enumerator, timed, thresholds.overlap)
    by_device = _overlaps(interviews, interviews.device, timed, thresholds.overlap)
    rows = rows_of((by_person.partner != UNKNOWN) | (by_device.partner != UNKNOWN))

    def tell(place: int) -> Told:
        row = rows[place]
        on_device = by_device.partner[row] != UNKNOWN
        found = by_device if on_device else by_person
        partner = int(interviews.numbers[found.partner[row]])
        minutes = found.shared[row] / 60_000
        key = "overlapping_device" if on_device else "overlapping_person"
        return Told(key, {"partner": partner, "minutes": minutes})

    whose = (interviews.enumerator != UNKNOWN) | (interviews.device != UNKNOWN)
    rule = Told("overlapping_rule", {"seconds": thresholds.overlap})
    return Flagged("overlapping", rows, int(np.count_nonzero(timed & whose)), tell, rule)


def _timed(interviews: Interviews) -> Bools:
    started, finished = interviews.started_ms, interviews.finished_ms
    return (started >= EARLIEST) & (finished >= started) & (finished < LATEST)


def _overlaps(interviews: Interviews, whose: Ints, timed: Bools, tolerance: float) -> _Overlap:
    """Per group in order of start, each against the one that ended last of those before it: if
    any earlier span overlaps, that one does, and all that overlap are found as one of the two."""
    partner = np.full(interviews.n, UNKNOWN, np.int64)
    shared = np.zeros(interviews.n, np.int64)
    rows = np.flatnonzero(timed & (whose != UNKNOWN))
    order = rows[np.lexsort((interviews.started_ms[rows], whose[rows]))]
    if len(order) < 2:
        return _Overlap(partner, shared)
    groups = np.unique(whose[order], return_inverse=True)[1]
    # A group further on lies beyond every time of the groups before it.
    offset = groups * (LATEST - EARLIEST)
    start = interviews.started_ms[order] - EARLIEST + offset
    end = interviews.finished_ms[order] - EARLIEST + offset
    latest = np.maximum.accumulate(end)
    is_record = np.concatenate([[True], end[1:] > latest[:-1]])
    holder = np.maximum.accumulate(np.where(is_record, np.arange(len(order)), 0))[:-1]
    common = np.minimum(end[holder], end[1:]) - start[1:]
    hits = np.flatnonzero((common > tolerance * 1000) & (groups[holder] == groups[1:]))
    for late, early in ((hits + 1, holder[hits]), (holder[hits], hits + 1)):
        partner[order[late]] = order[early]
        shared[order[late]] = np.maximum(shared[order[late]], common[hits])
    return _Overlap(partner, shared)
