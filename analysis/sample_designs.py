"""SampleDesign (抽样与加权): how a questionnaire's sample was drawn and is weighted, as a value.

It names groupings and categories, not codes, so that it can be stored, versioned and printed; what
it means for given responses is computed anew by `design_of`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from analysis.designs import Design, Floats, survey_design
from analysis.refusals import DesignError, WeightingError
from analysis.reports.grouping_names import Phrase, class_name, name_of
from analysis.responses import Responses
from analysis.sample_classes import Classes, classified
from analysis.stages import Lonely, lonely_for
from analysis.trimming import trim
from analysis.weighting import AGREEMENT, Margin, post_stratify, rake

Method = Literal["none", "post_stratify", "rake"]
Unknown = Literal["refuse", "keep"]
METHODS: tuple[Method, ...] = ("none", "post_stratify", "rake")
UNKNOWN: tuple[Unknown, ...] = ("refuse", "keep")
WHOLE = "*"
"""Key of the one stratum where the population is not divided."""
REMAINDER = "未注明类别"
MOST_ROUNDS = 1000


@dataclass(frozen=True)
class PopulationMargin:
    """Known numbers of the population (总体边际). by: one grouping or single-choice question, or
    several that are crossed. population: key of a class (see `Classes`) -> households or people."""

    by: tuple[str, ...]
    population: Mapping[str, float]


@dataclass(frozen=True)
class SampleDesign:
    """How the sample of one questionnaire was drawn and is weighted.

    strata: groupings whose combinations were sampled separately. clusters: grouping of each stage
    that draws whole groups, the first stage first (townships, then villages). population: per stage
    the units of each stratum (of the later stages: of each cluster) from which was drawn, or the
    fraction drawn where no value is above 1; WHOLE where there are no strata. bounds: smallest and
    largest final weight as multiples of the mean one. unknown: what becomes of responses without a
    category: "refuse", or "keep" them as a class of their own with the share that the sample gives
    it, the rest meeting the population.

    The default is a simple random sample in which every response counts once.
    """

    strata: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    population: tuple[Mapping[str, float], ...] = ()
    lonely: Lonely = "refuse"
    margins: tuple[PopulationMargin, ...] = ()
    method: Method = "none"
    bounds: tuple[float, float] | None = None
    unknown: Unknown = "refuse"
    version: int = field(default=0, compare=False)
    """Number under which it is stored; 0 for one that is not."""

    @property
    def is_simple(self) -> bool:
        return self == SampleDesign()

    def as_data(self) -> dict[str, Any]:
        """Plain lists, numbers and texts for JSON; `sample_design_files` reads them."""
        return {
            "strata": list(self.strata),
            "clusters": list(self.clusters),
            "population": [dict(stage) for stage in self.population],
            "lonely": self.lonely,
            "margins": [{"by": list(m.by), "population": dict(m.population)} for m in self.margins],
            "method": self.method,
            "bounds": list(self.bounds) if self.bounds else None,
            "unknown": self.unknown,
        }


def design_of(responses: Responses, description: SampleDesign) -> Design:
    """The design of these responses: how they were drawn, with the weights that meet the margins.

    Weights that came with the responses are taken as those of the draw; else the inverse sampling
    fractions where populations are given, else 1. Raises CannotComputeError, naming the category,
    where description and responses contradict each other.
    """
    drawn = drawn_design(responses, description)
    if description.method == "none":
        return _trimmed(drawn, description.bounds)
    margins = [_margin(drawn, responses, one, description) for one in description.margins]
    _refuse_disagreement(responses, description)
    if description.method == "post_stratify" and len(margins) == 1 and description.bounds is None:
        made = post_stratify(drawn, margins[0])
    else:
        made = rake(drawn, _numbered(margins), bounds=description.bounds, max_rounds=MOST_ROUNDS)
    return replace(made, margins=tuple(_covered(responses, description)))


def _covered(responses: Responses, description: SampleDesign) -> Iterator[frozenset[str]]:
    """Of crossed margins only those in which every response has a class: who lacks one part of
    it is outside of the population's numbers, though the other part is known."""
    for margin in description.margins:
        if len(margin.by) == 1 or not classified(responses, margin.by).unknown:
            yield frozenset(margin.by)


def drawn_design(responses: Responses, description: SampleDesign) -> Design:
    """Only how they were drawn, before any margin. Raises DesignError."""
    strata = _layer(responses, description.strata, description) if description.strata else None
    clusters = [_layer(responses, (by,), description) for by in description.clusters]
    labels = [strata, *clusters]
    given: dict[str, Any] = {
        "weights": responses.weights,
        "population": _sizes(responses.n, labels, description) or None,
        "lonely": lonely_for(responses.n, description.lonely),
    }
    try:
        return _drawn(responses.n, strata, clusters, given, named=False)
    except DesignError:
        # The same again with names in place of codes, so that the refusal names the stratum.
        return _drawn(responses.n, strata, clusters, given, named=True)


def _drawn(
    n: int, strata: Classes | None, clusters: list[Classes], given: dict[str, Any], *, named: bool
) -> Design:
    def labels(classes: Classes) -> Any:
        return np.array(classes.names)[classes.codes] if named else classes.codes

    return survey_design(
        n,
        strata=None if strata is None else (labels(strata),),
        clusters=tuple(labels(one) for one in clusters) or None,
        **given,
    )


def _layer(responses: Responses, by: tuple[str, ...], description: SampleDesign) -> Classes:
    """Strata or clusters; with unknown="keep" the responses without one are one of their own."""
    classes = classified(responses, by)
    if not classes.unknown:
        return classes
    if description.unknown == "refuse":
        name = name_of(responses.questionnaire, by)
        raise DesignError("category_unknown", margin=name, count=classes.unknown)
    return _with_remainder(classes)


def _with_remainder(classes: Classes) -> Classes:
    codes = np.where(classes.codes < 0, len(classes.keys), classes.codes)
    return Classes(codes, (*classes.keys, REMAINDER), (*classes.names, REMAINDER))


def _sizes(n: int, labels: list[Classes | None], description: SampleDesign) -> tuple[Floats, ...]:
    """Per stage (n,) units of the population in each row's stratum or cluster."""
    return tuple(
        _sizes_of_stage(n, classes, given)
        for classes, given in zip(labels, description.population, strict=False)
    )


def _sizes_of_stage(n: int, classes: Classes | None, given: Mapping[str, float]) -> Floats:
    if classes is None:
        return np.full(n, given.get(WHOLE, 0.0))
    sizes = np.array([given.get(key, 0.0) for key in classes.keys], dtype=np.float64)
    missing = np.flatnonzero((classes.counts > 0) & (sizes <= 0))
    if len(missing):
        name = class_name(classes.names[int(missing[0])])
        raise DesignError("stratum_without_population", stratum=name)
    return np.asarray(sizes[classes.codes])


def _margin(
    drawn: Design, responses: Responses, wanted: PopulationMargin, description: SampleDesign
) -> Margin:
    classes, name = classified(responses, wanted.by), name_of(responses.questionnaire, wanted.by)
    targets = np.array([wanted.population.get(key, 0.0) for key in classes.keys])
    if classes.unknown and description.unknown == "refuse":
        raise WeightingError("category_unknown", margin=name, count=classes.unknown)
    _refuse_empty(name, classes, targets, wanted)
    if not classes.unknown:
        return Margin(str(name), classes.codes, targets.tolist())
    part = float(drawn.weights[classes.codes < 0].sum() / drawn.weights.sum())
    total = float(targets.sum())
    kept = np.append(targets * (1 - part), total * part)
    return Margin(str(name), _with_remainder(classes).codes, kept.tolist())


def _refuse_empty(
    name: Phrase, classes: Classes, targets: Floats, wanted: PopulationMargin
) -> None:
    for key, number in wanted.population.items():
        if number > 0 and key not in classes.keys:
            raise WeightingError("category_empty", margin=name, category=class_name(key))
    counts = classes.counts
    for code, wrong in (
        ("category_empty", (counts == 0) & (targets > 0)),
        ("category_without_population", (counts > 0) & (targets <= 0)),
    ):
        if wrong.any():
            label = class_name(classes.names[int(np.flatnonzero(wrong)[0])])
            raise WeightingError(code, margin=name, category=label)


def _refuse_disagreement(responses: Responses, description: SampleDesign) -> None:
    """Said here and not by `rake`, in both languages."""
    totals = [sum(margin.population.values()) for margin in description.margins]
    if not totals:
        raise WeightingError("no_margins")
    if max(totals) - min(totals) <= AGREEMENT * max(totals):
        return
    names = [name_of(responses.questionnaire, margin.by) for margin in description.margins]
    told = list(zip(names, totals, strict=True))
    shown = Phrase(
        "、".join(f"{name.zh} {total:.15g}" for name, total in told),
        ", ".join(f"{name.en} {total:.15g}" for name, total in told),
    )
    raise WeightingError("margins_disagree", totals=shown)


def _numbered(margins: list[Margin]) -> list[Margin]:
    """Named by place, since two questions may have the same text."""
    return [
        Margin(f"{place}. {margin.name}", margin.codes, margin.targets)
        for place, margin in enumerate(margins, start=1)
    ]


def _trimmed(drawn: Design, bounds: tuple[float, float] | None) -> Design:
    if bounds is None:
        return drawn
    mean = float(drawn.weights[drawn.weights > 0].mean())
    return trim(drawn, bounds[0] * mean, bounds[1] * mean, spread="proportional")
