"""What a device says about time: kept as it came, complained about where it cannot be."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Protocol

from app.services.reports import CHINA
from surveys.answers import Complaint

LONGEST_MS = 2**31 - 1
"""Almost 25 days, the most that the column holds."""
LONGEST_MOMENT = 40
CLOCK_TOLERANCE = timedelta(days=1)
"""A tablet's clock that is ahead by more is taken for wrong."""


class Timed(Protocol):
    """ISO 8601 with offset, and the monotonic time that the interview took."""

    @property
    def started_at(self) -> str | None: ...
    @property
    def finished_at(self) -> str | None: ...
    @property
    def elapsed_ms(self) -> int | None: ...


def read_times(
    submission: Timed, now: datetime, closes_on: date | None = None
) -> tuple[dict[str, Any], list[Complaint]]:
    """What the device says about time; what no column can hold becomes a complaint.

    Whether an interview was in time is judged by its end on the device, never by its arrival;
    a project closes at the end of `closes_on` in China.
    """
    given = {name: getattr(submission, name) for name in ("started_at", "finished_at")}
    times: dict[str, Any] = {name: t if _is_moment(t) else None for name, t in given.items()}
    elapsed = given["elapsed_ms"] = submission.elapsed_ms
    times["elapsed_ms"] = elapsed if elapsed is None or 0 <= elapsed <= LONGEST_MS else None
    complaints = [
        Complaint(name, "malformed_time", {"given": given[name]})
        for name, kept in times.items()
        if kept != given[name]
    ]
    complaints += [*_impossible_order(times, now), *_too_late(times, closes_on)]
    return times, complaints


def _impossible_order(times: Mapping[str, Any], now: datetime) -> list[Complaint]:
    started, finished = (_moment(times[name]) for name in ("started_at", "finished_at"))
    given = {"given": times["finished_at"]}
    if finished and started and finished < started:
        return [Complaint("finished_at", "finished_before_started", given)]
    if finished and finished > now + CLOCK_TOLERANCE:
        return [Complaint("finished_at", "finished_in_future", given)]
    return []


def _too_late(times: Mapping[str, Any], closes_on: date | None) -> list[Complaint]:
    finished = _moment(times["finished_at"])
    if closes_on is None or finished is None:
        return []
    if finished < datetime.combine(closes_on, time(), CHINA) + timedelta(days=1):
        return []
    given = {"given": times["finished_at"], "closes_on": closes_on.isoformat()}
    return [Complaint("finished_at", "finished_after_closing", given)]


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _is_moment(text: str | None) -> bool:
    # Python reads past a NUL at the end, PostgreSQL does not.
    if text is None or len(text) > LONGEST_MOMENT or not text.isprintable():
        return False
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
