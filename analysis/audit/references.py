"""What one part of a described report says about another, and where that leads nowhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.audit.model import Report, Satisfaction
from analysis.audit.score_model import Scores
from analysis.audit.survey_model import Answers, Survey


@dataclass(frozen=True)
class Broken:
    """A reference at `at` that names nothing in the file, or a name given twice."""

    at: str
    code: str
    details: Mapping[str, Any] = field(default_factory=dict)


def broken_references(report: Report) -> Iterator[Broken]:
    yield from _twice((survey.id for survey in report.surveys), "surveys")
    groups = {group.name for group in report.sample.groups} if report.sample else set()
    if report.sample:
        yield from _twice((group.name for group in report.sample.groups), "sample.groups")
    for survey in report.surveys:
        yield from _survey(survey, groups)
    for number, item in enumerate(report.satisfaction, 1):
        yield from _satisfaction(report, item, f"satisfaction[{number}]")
    for number, claim in enumerate(report.claims.shares, 1):
        yield from _answers(report, claim.answers, f"claims.shares[{number}]")
    if report.scores:
        yield from _scores(report, report.scores)
        yield from _weights(report.scores)
    yield from _parts(report)
    for number, figure in enumerate(report.figures, 1):
        if len({mention.value.is_percent for mention in figure.printed}) > 1:
            printed = tuple(mention.value.text for mention in figure.printed)
            yield Broken(f"figures[{number}]", "mixed_figures", {"printed": printed})


def _survey(survey: Survey, groups: set[str]) -> Iterator[Broken]:
    at = f"surveys[{survey.id}]"
    yield from _twice((question.number for question in survey.questions), f"{at}.questions")
    yield from _unknown(survey.groups, groups, f"{at}.groups", "no_group")
    numbers = {question.number for question in survey.questions}
    for question in survey.questions:
        here = f"{at}.questions[{question.number}]"
        letters = [option.letter for option in question.options]
        yield from _twice(letters, f"{here}.options")
        yield from _unknown(question.audience, groups, f"{here}.audience", "no_group")
        for skip in question.skips:
            yield from _unknown([skip.option], letters, f"{here}.skips", "no_option")
            yield from _unknown(skip.over, numbers, f"{here}.skips", "no_question")


def _satisfaction(report: Report, item: Satisfaction, at: str) -> Iterator[Broken]:
    letters = (*item.options, *(weight.option for weight in item.weights))
    broken = list(_in_survey(report, item.survey, item.question, letters, at))
    yield from broken
    if item.point_rule != "threshold":
        yield from [] if item.target is None else [Broken(f"{at}.target", "target_unused")]
    elif item.target is None or not 0 < item.target.value <= 100:
        yield Broken(f"{at}.target", "no_target")
    if broken or not item.weights:
        return
    question = report.survey(item.survey).question(item.question)
    scored = item.options or tuple(option.letter for option in question.options)
    weighted = [weight.option for weight in item.weights]
    yield from _unknown(scored, weighted, f"{at}.weights", "no_weight")
    yield from _twice(weighted, f"{at}.weights")


def _scores(report: Report, scores: Scores) -> Iterator[Broken]:
    yield from _twice((indicator.id for indicator in scores.indicators), "scores.indicators")
    for indicator in scores.indicators:
        at = f"scores.indicators[{indicator.id}]"
        for answers in indicator.surveyed.answers if indicator.surveyed else ():
            yield from _answers(report, answers, f"{at}.surveyed")
        for number, band in enumerate(indicator.scoring.bands, 1):
            if indicator.scoring.kind in ("percent", "count") and band.when is None:
                yield Broken(f"{at}.scoring.bands[{number}]", "no_range")


def _weights(scores: Scores) -> Iterator[Broken]:
    """All sub-projects have a weight, or none: a total is a sum or a weighted mean."""
    at = "scores.sections"
    given = {s.of: s.weight for s in scores.sections if s.weight is not None}
    if not given:
        return
    # A section may also be named by the id of its one indicator.
    paths = {section.of for section in scores.sections}
    paths |= {(*i.path, i.id) for i in scores.indicators if (i.id,) not in paths}
    for path in dict.fromkeys(map(_highest(paths), sorted(paths))):
        if path not in given:
            yield Broken(at, "weights_missing", {"name": "›".join(path)})
    for section in scores.sections:
        name, weight = "›".join(section.of), section.weight
        if weight is None:
            continue
        if _highest(paths)(section.of) != section.of:
            yield Broken(at, "weight_below", {"name": name})
        if weight.value <= 0:
            yield Broken(at, "weight_not_positive", {"name": name, "value": weight.text})
        if weight.value != given[section.of].value:
            texts = (weight.text, given[section.of].text)
            yield Broken(at, "weights_differ", {"name": name, "weights": texts})


def _highest(paths: set[tuple[str, ...]]) -> Callable[[tuple[str, ...]], tuple[str, ...]]:
    """The shortest of the paths that a path begins with."""
    return lambda path: next(path[:n] for n in range(1, len(path) + 1) if path[:n] in paths)


def _parts(report: Report) -> Iterator[Broken]:
    """Sub-totals and claims must be of a part of the indicator tree.

    A table that prints no indicators has the tree that its sub-totals make.
    """
    scores = report.scores or Scores(place="—")
    known = {indicator.path[:end] for indicator in scores.indicators for end in range(1, 9)}
    known |= {(indicator.id,) for indicator in scores.indicators}
    known |= set() if scores.indicators else {section.of for section in scores.sections}
    named = [(f"scores.sections[{n}]", s.of) for n, s in enumerate(scores.sections, 1)]
    named += [(f"claims.points[{n}]", c.of) for n, c in enumerate(report.claims.points, 1)]
    for at, path in named:
        if path not in known:
            yield Broken(at, "no_indicator", {"name": "›".join(path)})


def _answers(report: Report, answers: Answers, at: str) -> Iterator[Broken]:
    return _in_survey(
        report, answers.survey, answers.question, (*answers.options, *answers.outside), at
    )


def _in_survey(
    report: Report, survey: str, question: str, letters: Iterable[str], at: str
) -> Iterator[Broken]:
    found = next((s for s in report.surveys if s.id == survey), None)
    if found is None:
        yield Broken(at, "no_survey", {"name": survey})
        return
    asked = next((q for q in found.questions if q.number == question), None)
    if asked is None:
        yield Broken(at, "no_question", {"name": question})
        return
    yield from _unknown(letters, [option.letter for option in asked.options], at, "no_option")


def _unknown(names: Iterable[str], known: Iterable[str], at: str, code: str) -> Iterator[Broken]:
    allowed = set(known)
    yield from (Broken(at, code, {"name": name}) for name in names if name not in allowed)


def _twice(names: Iterable[str], at: str) -> Iterator[Broken]:
    counted = Counter(names)
    yield from (Broken(at, "twice", {"name": n}) for n, times in counted.items() if times > 1)
