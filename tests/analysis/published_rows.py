"""What the published table prints, row by row."""

from __future__ import annotations

from typing import Any


def expected_rows(entry: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    """Number of the question, option, count, share, in the published order."""
    return [
        (str(question["number"]), option["letter"], str(option["count"]), option["pct"])
        for question in entry["questions"]
        for option in question["options"]
    ]
