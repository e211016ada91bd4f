"""All checks in one table, and running them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from analysis.quality.blocks import identical_blocks
from analysis.quality.contradictions import contradictory
from analysis.quality.duplicates import duplicates
from analysis.quality.findings import Flagged, not_applicable
from analysis.quality.interviews import Interviews
from analysis.quality.overlaps import overlapping
from analysis.quality.preferences import digit_preference, option_preference
from analysis.quality.sample_plan import out_of_plan
from analysis.quality.speed import too_fast
from analysis.quality.straight_lining import straight_lining
from analysis.quality.thresholds import Thresholds
from analysis.quality.words import ABOUT, SEVERITIES, About
from analysis.refusals import CannotComputeError

Check = Callable[[Interviews, Thresholds], Flagged]


@dataclass(frozen=True)
class Flag:
    """A check with its name; `severity` 1 hint, 2 check, 3 check first. `limits` are the names of
    the thresholds that it follows."""

    code: str
    severity: int
    check: Check
    limits: tuple[str, ...] = ()
    of_people: bool = False
    """Finds enumerators, no single responses."""

    @property
    def about(self) -> About:
        return ABOUT[self.code]

    def name(self, language: str = "zh") -> str:
        return self.about.name[_place(language)]

    def explains(self, language: str = "zh") -> str:
        return self.about.explains[_place(language)]

    def matters(self, language: str = "zh") -> str:
        return self.about.matters[_place(language)]

    def todo(self, language: str = "zh") -> str:
        return self.about.todo[_place(language)]

    def severity_name(self, language: str = "zh") -> str:
        return SEVERITIES[self.severity][_place(language)]


def run_checks(
    interviews: Interviews,
    thresholds: Thresholds = Thresholds(),  # noqa: B008 - frozen
) -> tuple[Flagged, ...]:
    """One result per row of FLAGS; what does not apply carries its reason."""
    return tuple(_result(flag, interviews, thresholds) for flag in FLAGS)


def _result(flag: Flag, interviews: Interviews, thresholds: Thresholds) -> Flagged:
    if not interviews.n:
        return not_applicable(flag.code, CannotComputeError("no_responses"))
    try:
        return flag.check(interviews, thresholds)
    except CannotComputeError as refusal:
        return not_applicable(flag.code, refusal)


def _place(language: str) -> int:
    return 0 if language.startswith("zh") else 1


FLAGS: tuple[Flag, ...] = (
    Flag("duplicates", 3, duplicates, ("chance",)),
    Flag("identical_blocks", 3, identical_blocks, ("chance", "items", "run")),
    Flag("too_fast", 3, too_fast, ("pace", "median_share")),
    Flag("overlapping", 2, overlapping, ("overlap",)),
    Flag("contradictory", 2, contradictory),
    Flag("straight_lining", 1, straight_lining, ("chance", "items")),
    Flag("out_of_plan", 1, out_of_plan),
    Flag(
        "option_preference",
        2,
        option_preference,
        ("false_share", "responses", "difference"),
        of_people=True,
    ),
    Flag(
        "digit_preference",
        2,
        digit_preference,
        ("false_share", "responses", "difference"),
        of_people=True,
    ),
)
BY_CODE = {flag.code: flag for flag in FLAGS}
