"""Margins of error of groups: of a share of a half, under the sample's design."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from analysis.cross_axes import Axis, axis_of
from analysis.cross_shares import margin
from analysis.designs import Design
from analysis.group_estimates import means_of_memberships
from analysis.grouping import Memberships
from analysis.refusals import CannotComputeError
from analysis.responses import Responses
from analysis.table import Group

Margins = tuple[float | None, ...]


def group_margins(
    responses: Responses,
    design: Design | None,
    by: str,
    members: Memberships,
    groups: Sequence[Group],
) -> Margins:
    """(G,) ± (0..1, 95%) of a share of a half with each group's n, None for an empty group.

    Where the design is not a simple sample, n is divided by the group's own design effect: the
    mean over the options of all choice questions but `by`. A cross-table takes the mean over the
    options of its one question.
    """
    effects = [1.0] * len(groups)
    if design is not None and not design.is_plain:
        effects = _mean_effects(responses, design, by, members)
    return tuple(margin(g.n, effect) for g, effect in zip(groups, effects, strict=True))


def _mean_effects(
    responses: Responses, design: Design, by: str, members: Memberships
) -> list[float]:
    known: list[list[float]] = [[] for _ in range(members.size)]
    for question in responses.questionnaire.questions:
        if question.is_choice and question.code != by:
            axis = axis_of(responses, question.code)
            for place, effect in _effects(design, axis, members):
                known[place].append(effect)
    return [math.fsum(of) / len(of) if of else 1.0 for of in known]


def _effects(design: Design, axis: Axis, members: Memberships) -> Iterator[tuple[int, float]]:
    """(group, design effect) of each option's share; that of a census is 0, one that says nothing
    (all or nobody chose it, or all are in one sampling unit) is left out."""
    for option in np.flatnonzero(axis.members.any(axis=0)):
        try:
            found = means_of_memberships(design, axis.codes, axis.members[:, option], members)
        except CannotComputeError:
            continue
        own = found.design_effects(replacement=True)
        for place, effect, whole in zip(found.places, own, found.known, strict=True):
            if whole or effect:
                yield place, 0.0 if whole else effect or 0.0
