"""Colours of the charts: told apart by colour-blind people, and in black and white by lightness.

Neighbours in a bar differ in contrast (WCAG 2.2, relative luminance) by 3:1 or more: dark, middle
and light alternate. Of an ordered scale the favourable side is blue, the other one reddish and
hatched, and lightness falls towards both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Hatch = Literal["", "/", "\\", "x"]


@dataclass(frozen=True)
class Fill:
    """A colour `#rrggbb`, with lines over it where `hatch` is not empty."""

    colour: str
    hatch: Hatch = ""

    @property
    def ink(self) -> str:
        """The colour of text on this fill, and of its hatching."""
        return WHITE if luminance(self.colour) < DARK_BELOW else INK


WHITE, INK, GREY, GRID = "#ffffff", "#16222c", "#4c5964", "#d3dae0"
DARK_BELOW = 0.25
BAR = Fill("#9cc3e0")
PLAIN = Fill(WHITE)
NAVY, BLUE, SKY = Fill("#0d2845"), Fill("#3f74ad"), Fill("#c9e0f3")
MAROON, RUST, CREAM = Fill("#45090b", "/"), Fill("#b9512b", "/"), Fill("#fbdcbc", "/")
MIDDLE, PALE, TEAL = Fill("#757575"), Fill("#dcdcdc"), Fill("#1f7a74")
APART = (Fill(WHITE, "x"), Fill(MIDDLE.colour, "\\"))
"""Answers beside a scale: 不清楚, then 拒答."""
ORDERED: dict[int, tuple[Fill, ...]] = {
    1: (NAVY,),
    2: (NAVY, CREAM),
    3: (NAVY, PALE, RUST),
    4: (NAVY, SKY, RUST, MAROON),
    5: (NAVY, SKY, MIDDLE, CREAM, MAROON),
    7: (NAVY, BLUE, SKY, MIDDLE, CREAM, RUST, MAROON),
}
"""Number of steps -> fills from the first (most favourable) option to the last."""
NOMINAL = (
    NAVY,
    SKY,
    Fill(RUST.colour),
    CREAM,
    Fill(MAROON.colour),
    Fill(PALE.colour, "\\"),
    TEAL,
    Fill("#f2eac4"),
)


def ordered(steps: int) -> tuple[Fill, ...]:
    """One fill per step of a scale; of a scale with unusually many, alternating ones."""
    return ORDERED[steps] if steps in ORDERED else nominal(steps)


def nominal(options: int) -> tuple[Fill, ...]:
    return tuple(NOMINAL[place % len(NOMINAL)] for place in range(options))


def luminance(colour: str) -> float:
    """Relative luminance 0..1 of sRGB `#rrggbb` (WCAG 2.2)."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio 1..21 of two colours (WCAG 2.2)."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)
