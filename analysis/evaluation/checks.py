"""What must hold between the parts of a framework: one check per kind of rule, in a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from analysis import wording
from analysis.evaluation.framework import Framework, Indicator, headings
from analysis.evaluation.intervals import is_reachable, uncovered, written
from analysis.evaluation.messages import Fault
from analysis.evaluation.plan_checks import stated_plan_faults
from analysis.evaluation.rules import (
    Asked,
    AskedOptions,
    Checklist,
    CountBands,
    Deductions,
    FundRate,
    PercentBands,
    QualitativeBands,
    Satisfaction,
    SurveyShare,
    percent_signs,
)
from analysis.messages import Remark
from surveys.catalogue import shipped
from surveys.definition import Question, Questionnaire

Found = Iterator[tuple[str, dict[str, Any]]]


def faults_between(framework: Framework) -> list[Fault]:
    """Sums level by level, bands and lists; nothing is said of an indicator without a rule."""
    found = [*_sum_faults(framework)]
    for above, indicator in headings(framework.parts):
        place = place_of(above, indicator)
        found += [Fault(place, code, details) for code, details in _rule_faults(indicator)]
    return found


def place_of(above: Iterable[Indicator], indicator: Indicator) -> str:
    """The id of a scored indicator with its name, else the names down to the heading."""
    names = "/".join((*(i.name for i in above), indicator.name))
    return f"{indicator.id}（{names}）" if indicator.id else names


def _sum_faults(framework: Framework) -> Iterator[Fault]:
    total = _sum(framework.parts)
    if total != framework.points:
        details = {"sum": wording.exact(total), "points": wording.exact(framework.points)}
        yield Fault("", "total_points", details)
    for above, indicator in headings(framework.parts):
        if not indicator.parts or indicator.points is None:
            continue
        total = _sum(indicator.parts)
        if total != indicator.points:
            details = {"sum": wording.exact(total), "points": wording.exact(indicator.points)}
            yield Fault(place_of(above, indicator), "points_sum", details)


def _sum(parts: Iterable[Indicator]) -> Decimal:
    return sum((part.full for part in parts), Decimal(0))


def _rule_faults(indicator: Indicator) -> Found:
    if indicator.rule is not None:
        check = CHECKS.get(type(indicator.rule), _nothing)
        yield from check(indicator.rule, indicator.full)


def _nothing(rule: Any, points: Decimal) -> Found:
    yield from ()


def _bands(rule: PercentBands | CountBands, points: Decimal) -> Found:
    """A forgotten % moves the ends of a band: of gaps and overlaps nothing can be said then."""
    whole = isinstance(rule, CountBands)
    code = "band_with_percent" if whole else "band_without_percent"
    texts = (*(band.when for band in rule.bands), rule.range)
    wrong = [text for text in texts if whole in percent_signs(text)]
    yield from ((code, {"band": text}) for text in wrong)
    if not wrong:
        yield from _coverage(rule, whole)


def _coverage(rule: PercentBands | CountBands, whole: bool) -> Found:
    for band in rule.bands:
        if not is_reachable(band.interval, rule.within, whole=whole):
            yield "band_out_of_reach", {"band": band.when, "range": rule.range}
    covers = [band.interval for band in rule.bands]
    gaps, overlaps = uncovered(covers, rule.within, whole=whole)
    for gap in gaps:
        yield "band_gap", {"interval": written(gap, percent=not whole)}
    for overlap in overlaps:
        sample = next(e for e in (overlap.low, overlap.high, 0) if e is not None)
        several = [b.printed or b.when for b in rule.bands if _touches(b.interval, sample)]
        details = {"interval": written(overlap, percent=not whole), "bands": several}
        yield "band_overlap", details


def _touches(interval: Any, end: Any) -> bool:
    return end in interval or interval.low == end or interval.high == end


def _levels(rule: QualitativeBands, points: Decimal) -> Found:
    for label in _repeated(level.label for level in rule.levels):
        yield "level_repeated", {"label": label}


def _checklist(rule: Checklist, points: Decimal) -> Found:
    yield from _items(rule)
    total = sum((item.points for item in rule.items), Decimal(0))
    if total != points:
        yield "checklist_sum", {"sum": wording.exact(total), "points": wording.exact(points)}


def _deductions(rule: Deductions, points: Decimal) -> Found:
    yield from _items(rule)
    if rule.full is not None and rule.full != points:
        yield "deductions_full", {"full": wording.exact(rule.full), "points": wording.exact(points)}


def _items(rule: Checklist | Deductions) -> Found:
    for name in _repeated(item.name for item in rule.items):
        yield "item_repeated", {"item": name}


def _repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def _fund_rate(rule: FundRate, points: Decimal) -> Found:
    yield from CHECKS.get(type(rule.scale), _nothing)(rule.scale, points)


def _survey_share(rule: SurveyShare, points: Decimal) -> Found:
    yield from _asked(rule.asked)
    yield from CHECKS.get(type(rule.scale), _nothing)(rule.scale, points)


def _satisfaction(rule: Satisfaction, points: Decimal) -> Found:
    yield from _asked(rule.asked)
    told: list[Remark] = []
    for one in rule.asked:
        known = _shipped_questions(one)
        if known or not _versions(one):
            found = stated_plan_faults(rule, one, known)
            told += [fault for fault in found if fault not in told]
    if told:
        yield "bad_plan", {"problem": tuple(told)}


def _asked(asked: Sequence[Asked]) -> Found:
    """Only questionnaires that ship are known here; a project's own are looked up when scored."""
    for reference in _repeated(one.reference for one in asked):
        yield "question_repeated", {"question": reference}
    for one in asked:
        options = one.options if isinstance(one, AskedOptions) else ()
        for option in _repeated(options):
            yield "option_repeated", {"question": one.reference, "option": option}
        if _versions(one):
            yield from _asked_of(one, dict.fromkeys(options))


def _asked_of(one: Asked, options: Iterable[str]) -> Found:
    details = {"questionnaire": one.questionnaire, "question": one.question}
    known = _shipped_questions(one)
    if not known:
        yield "unknown_question", details
        return
    codes = {option.code for question in known for option in question.options}
    for option in options:
        if option not in codes:
            yield "unknown_option", details | {"option": option}


def _versions(one: Asked) -> list[Questionnaire]:
    return [q for (slug, _), q in shipped().items() if slug == one.questionnaire]


def _shipped_questions(one: Asked) -> list[Question]:
    return [v.by_code[one.question] for v in _versions(one) if one.question in v.by_code]


CHECKS: Mapping[type, Callable[[Any, Decimal], Found]] = MappingProxyType(
    {
        PercentBands: _bands,
        CountBands: _bands,
        QualitativeBands: _levels,
        Checklist: _checklist,
        Deductions: _deductions,
        FundRate: _fund_rate,
        SurveyShare: _survey_share,
        Satisfaction: _satisfaction,
    }
)
