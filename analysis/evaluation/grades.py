"""Grades (等级) of a total, under the schemes that Chinese evaluations use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from analysis import wording


@dataclass(frozen=True)
class GradeScheme:
    """`grades` from the best down: name and its lower bound, in percent (0..100) of all points."""

    slug: str
    source: str
    grades: tuple[tuple[str, int], ...]

    def of(self, percent: Fraction | Decimal) -> str:
        """Lower bounds belong to the grade; 89.5 has one, because real numbers have no gaps."""
        return next((name for name, bound in self.grades if percent >= bound), self.grades[-1][0])

    def next_better(self, percent: Fraction) -> tuple[str, int] | None:
        """The nearest grade above with its bound; None in the best one."""
        above = [grade for grade in self.grades if grade[1] > percent]
        return above[-1] if above else None

    def own_bound(self, percent: Fraction) -> int:
        return next((bound for _, bound in self.grades if percent >= bound), 0)


@dataclass(frozen=True)
class Grade:
    """The grade of the exact total, and that of the total as printed with two decimals.

    `total` is in points; where the framework has other than 100 points the grade is that of the
    percentage.
    """

    scheme: GradeScheme
    name: str
    name_of_printed: str

    @property
    def rounding_matters(self) -> bool:
        return self.name != self.name_of_printed


def grade(total: Fraction, points: Decimal, scheme: GradeScheme) -> Grade:
    """Raises ZeroDivisionError for a framework without points."""
    printed = Fraction(wording.rounded(total) or 0)
    return Grade(scheme, scheme.of(_percent(total, points)), scheme.of(_percent(printed, points)))


def _percent(total: Fraction, points: Decimal) -> Fraction:
    return total * 100 / Fraction(points)


def _scheme(slug: str, source: str, *grades: tuple[str, int]) -> tuple[str, GradeScheme]:
    return slug, GradeScheme(slug, source, grades)


SCHEMES: Mapping[str, GradeScheme] = MappingProxyType(
    dict(
        (
            _scheme(
                "caiyu-2020-10", "财预〔2020〕10号", ("优", 90), ("良", 80), ("中", 60), ("差", 0)
            ),
            _scheme(
                "nanchong-2018",
                "南充市2018年绩效评价报告",
                ("优秀", 90),
                ("良好", 75),
                ("一般", 60),
                ("较差", 0),
            ),
            _scheme(
                "minfa-2016-242",
                "民发〔2016〕242号",
                ("优秀", 90),
                ("良好", 80),
                ("合格", 60),
                ("不合格", 0),
            ),
        )
    )
)
