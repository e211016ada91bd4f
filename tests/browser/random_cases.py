"""Random cases for scripts in a browser, which is called once for all of them."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

Case = dict[str, Any]


def drawn(strategy: st.SearchStrategy[Case], count: int) -> list[Case]:
    """Up to `count` cases."""
    cases: list[Case] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(case: Case) -> None:
        cases.append(case)

    collect()
    return cases
