"""Several sub-projects (子项目), each with its scorecard and weight, as one score and one grade."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from analysis import wording
from analysis.evaluation.grades import Grade, GradeScheme, grade
from analysis.evaluation.messages import Fault
from analysis.evaluation.scorecard import Scorecard

FULL = Decimal(100)


@dataclass(frozen=True)
class SubProject:
    """`weight` is above 0; only the proportions of the weights count."""

    name: str
    weight: Decimal
    card: Scorecard

    @property
    def score(self) -> Fraction | None:
        """Out of 100, whatever points its framework has."""
        return None if self.card.rate is None else self.card.rate * 100


@dataclass(frozen=True)
class Combined:
    """`total` is out of 100: Σ weight × score / Σ weight; None while a part is not complete."""

    parts: tuple[SubProject, ...]
    scheme: GradeScheme
    total: Fraction | None
    formula: str

    @property
    def grade(self) -> Grade | None:
        return None if self.total is None else grade(self.total, FULL, self.scheme)

    def share(self, part: SubProject) -> Fraction:
        """The part's weight, 0..1."""
        return Fraction(part.weight) / sum(Fraction(p.weight) for p in self.parts)

    def contribution(self, part: SubProject) -> Fraction | None:
        """加权得分: what the part brings to the total; all of them add up to it."""
        return None if part.score is None else self.share(part) * part.score


def combine(parts: Sequence[SubProject], scheme: GradeScheme) -> Combined:
    """Raises ValueError without parts or for a weight that is not above 0."""
    if not parts:
        raise ValueError("there is nothing to combine")
    wrong = [part.name for part in parts if part.weight <= 0]
    if wrong:
        raise ValueError(f"the weight is not above 0: {', '.join(wrong)}")
    scores = [part.score for part in parts]
    known = [score for score in scores if score is not None]
    if len(known) < len(parts):
        return Combined(tuple(parts), scheme, None, "")
    weights = [Fraction(part.weight) for part in parts]
    total = sum((w * s for w, s in zip(weights, known, strict=True)), Fraction(0)) / sum(weights)
    return Combined(tuple(parts), scheme, total, _formula(parts, known, total))


def doubled(names: Sequence[str]) -> list[tuple[str, tuple[int, ...]]]:
    """Names that stand there more than once, with their places from 1.

    Blanks around a name, the width of its letters and capitals tell no two sub-projects apart.
    """
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, start=1):
        key = unicodedata.normalize("NFKC", name).strip().casefold()
        places.setdefault(key, []).append(place)
    return [(names[at[0] - 1].strip(), tuple(at)) for at in places.values() if len(at) > 1]


def doubled_names(names: Sequence[str]) -> tuple[Fault, ...]:
    """The same as faults of a file or findings of a report."""
    return tuple(
        Fault("sub_projects", "sub_project_twice", {"name": name, "places": places})
        for name, places in doubled(names)
    )


def _formula(parts: Sequence[SubProject], scores: Sequence[Fraction], total: Fraction) -> str:
    products = "+".join(
        f"{wording.exact(part.weight)}×{wording.exact(score)}"
        for part, score in zip(parts, scores, strict=True)
    )
    sign = "=" if wording.is_exact(total) else "≈"
    weights = wording.exact(sum(part.weight for part in parts))
    return f"({products})/{weights} {sign} {wording.exact(total)}"
