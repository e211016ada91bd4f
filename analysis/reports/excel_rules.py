"""The point rules as Excel formulas, so that a reader can follow a score to its inputs."""

from __future__ import annotations

from analysis.points import BANDS, GATE
from analysis.wording import exact

DIGITS = 12


def _proportional(index: str, points: str, target: str) -> str:
    return f"{index}*{points}"


def _gate_linear(index: str, points: str, target: str) -> str:
    gate = exact(GATE)
    return f"IF({_compared(index)}<{gate},0,({index}-{gate})/(1-{gate}))*{points}"


def _bands(index: str, points: str, target: str) -> str:
    nested = "0"
    for bound, part in reversed(BANDS):
        nested = f"IF({_compared(index)}>={exact(bound)},{exact(part)},{nested})"
    return f"{nested}*{points}"


def _threshold(index: str, points: str, target: str) -> str:
    return f"IF({_compared(index)}>={target},1,{index}/{target})*{points}"


def _compared(index: str) -> str:
    """Binary noise must not push an index of exactly 0.9 below its bound."""
    return f"ROUND({index},{DIGITS})"


EXCEL_RULES = {
    "proportional": _proportional,
    "gate_linear": _gate_linear,
    "bands": _bands,
    "threshold": _threshold,
}
