"""发放/回收/有效: how many forms went out, came back and count, of one group of people."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Collected:
    """发放/回收/有效 of one group; `issued` counts forms and households (0: nobody recorded them),
    `received` responses."""

    group: str
    issued: int
    received: int
    valid: int

    @property
    def return_rate(self) -> Fraction | None:
        """回收率, 0..1; None where nothing was issued, or less than was received."""
        is_known = self.issued >= self.received and self.issued > 0
        return Fraction(self.received, self.issued) if is_known else None

    @property
    def valid_rate(self) -> Fraction | None:
        """有效率, of what was received, 0..1."""
        return Fraction(self.valid, self.received) if self.received else None


def collected_key(found: Collected) -> str:
    """What the marks of its numbers name."""
    return f"collected:{found.group}"
