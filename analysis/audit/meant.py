"""Numbers as they are meant where a cell is misprinted: what quotes them shows both, `[95→24]`."""

from __future__ import annotations

from dataclasses import replace

from analysis.printed import Printed


class MeantCount(int):
    """A number of people, with the one that is printed; it counts like any other."""

    printed: int

    def __new__(cls, right: int, printed: int) -> MeantCount:
        meant = super().__new__(cls, right)
        meant.printed = printed
        return meant

    def __str__(self) -> str:
        return f"[{self.printed}→{int(self)}]"

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


def meant_number(right: Printed, printed: Printed) -> Printed:
    return replace(right, text=f"[{printed.text}→{right.text}]")
