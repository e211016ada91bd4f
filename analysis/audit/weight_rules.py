"""Rules on the pᵢ of satisfaction scores themselves: whether they are stated, and make sense."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from analysis.audit.finding import Finding, Place
from analysis.audit.model import Report, Satisfaction
from analysis.printed import Printed

UNSURE = re.compile("不清楚|不了解|不知道|说不清|不好说|难以|无法|拒答|拒绝|未填|未答")
"""Answers that stand outside the scale: a plan may give them any pᵢ."""
Weighted = tuple[str, Printed]


def unstated_weights(report: Report) -> Iterator[Finding]:
    for item in report.satisfaction:
        if not item.weights and not item.weights_stated_in:
            place = Place(item.place, item.name, "weights")
            yield Finding("satisfaction_weights_unstated", place, {"name": item.name})


def unfit_weights(report: Report) -> Iterator[Finding]:
    """Stated pᵢ lie between 0 and 1 and fall from the best answer to the worst."""
    for item in report.satisfaction:
        place = Place(item.place, item.name, "weights")
        weights = _weights(report, item)
        outside = tuple(_shown(one) for one in weights if not 0 <= one[1].value <= 1)
        if outside:
            yield Finding("satisfaction_weights", place, {"weights": outside})
        scale = [one for one in weights if not UNSURE.search(one[0])]
        rising = [pair for pair in pairwise(scale) if pair[1][1].value > pair[0][1].value]
        for better, worse in rising:
            details = {"better": _shown(better), "worse": _shown(worse)}
            yield Finding("satisfaction_weights.order", place, details)


def _weights(report: Report, item: Satisfaction) -> list[Weighted]:
    """The text of each option with its pᵢ, from the best to the worst as described."""
    question = report.survey(item.survey).question(item.question)
    stated = {weight.option: weight.p for weight in item.weights}
    ordered = item.options or tuple(option.letter for option in question.options)
    options = [question.option(letter) for letter in ordered if letter in stated]
    return [(option.text or option.letter, stated[option.letter]) for option in options]


def _shown(one: Weighted) -> str:
    return f"“{one[0]}”{one[1].text}"
