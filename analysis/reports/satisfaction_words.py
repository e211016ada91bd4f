"""Satisfaction with its uncertainty put into words: differences, places, notes."""

from __future__ import annotations

from collections.abc import Iterator

from analysis import wording
from analysis.compare import Difference
from analysis.reports.satisfaction_texts import WORDS
from analysis.reports.words import label_of, marked, plan_lines, weights_text
from analysis.reports.words import word as shared_word
from analysis.satisfaction_differences import Comparison
from analysis.satisfaction_estimates import GroupSatisfaction, Satisfaction
from analysis.satisfaction_report import SatisfactionReport, Years
from analysis.wording import Number


def word(key: str, language: str = "zh", **details: object) -> str:
    """The heading or sentence of this key, of this page or shared with the other tables."""
    if key in WORDS:
        return WORDS[key][0 if language.startswith("zh") else 1].format(**details)
    return shared_word(key, language, **details)


def headline(report: SatisfactionReport, language: str) -> str:
    title = "　".join(part for part in (report.project, report.title) if part)
    return f"{marked(word('title', language), report.simulated, language)}　{title}".strip("　")


def percentage_points(value: Number | None) -> str:
    """0.052 -> `5.20`."""
    return wording.percent(value).removesuffix("%")


def margin_text(group: GroupSatisfaction) -> str:
    return wording.NOTHING if group.margin is None else f"±{percentage_points(group.margin)}"


def score_span(group: GroupSatisfaction, places: int) -> str:
    if group.low is None or group.high is None:
        return wording.NOTHING
    return f"{wording.number(group.low, places)}–{wording.number(group.high, places)}"


def rank_text(group: GroupSatisfaction, language: str) -> str:
    """The range of places: `第 2–5 位`."""
    if group.ranks is None:
        return wording.NOTHING
    best, worst = group.ranks
    return word("place", language, place=str(best) if best == worst else f"{best}–{worst}")


def note_texts(group: GroupSatisfaction, language: str) -> list[str]:
    unsure = wording.percent(group.dont_know)
    return [word(f"note_{note}", language, percent=unsure) for note in group.notes]


def order_sentence(found: Satisfaction, language: str) -> str:
    """Whether the groups can be ordered; "" where there are fewer than two."""
    return word(f"order_{found.ranked}", language) if found.ranked else ""


def comparison_sentence(comparison: Comparison, language: str, *, holm: bool = False) -> str:
    """In plain words which group is higher, by how much and whether that says anything."""
    if comparison.refusal is not None:
        return comparison.refusal.text(language) + _rate_sentence(comparison, language, holm=holm)
    difference = comparison.difference
    if difference is None:
        return ""
    key = _outcome(comparison)
    told = word(
        key,
        language,
        first=label_of(comparison.first, language),
        second=label_of(comparison.second, language),
        thin=_within(comparison.thin, language),
        p=word(
            "p_holm" if holm else "p_plain", language, p=wording.p_equation(difference.adjusted)
        ),
        **_figures(difference, key),
    )
    return told + _rate_sentence(comparison, language, holm=holm) + _cautions(comparison, language)


def _outcome(comparison: Comparison) -> str:
    """The key of the sentence."""
    if comparison.is_apart and comparison.thin:
        return "undecided"
    if not comparison.is_significant or comparison.difference is None:
        return "same"
    return "differs_lower" if comparison.difference.value < 0 else "differs"


def _named(groups: tuple[str, ...], language: str) -> str:
    return word("comma", language).join(label_of(group, language) for group in groups)


def _within(groups: tuple[str, ...], language: str) -> str:
    """Of groups in which nothing varies: they need not be like each other."""
    key = "within_each" if len(groups) > 1 else "within_one"
    return word(key, language, group=_named(groups, language))


def _cautions(comparison: Comparison, language: str) -> str:
    constant, small = comparison.constant, comparison.small
    told = word("constant", language, within=_within(constant, language)) if constant else ""
    return told + (word("small", language, group=_named(small, language)) if small else "")


def _rate_sentence(comparison: Comparison, language: str, *, holm: bool) -> str:
    rate = comparison.rate
    if rate is None:
        return ""
    if rate.adjusted is None:
        p = word("rate_thin" if comparison.thin else "rate_untested", language)
    else:
        told = wording.p_equation(rate.adjusted)
        p = word("p_holm" if holm else "p_plain", language, p=told)
    low, high = (percentage_points(end) for end in (rate.interval.low, rate.interval.high))
    by = wording.signed_points(rate.value)
    return word("rate_sentence", language, by=by, low=low, high=high, p=p)


def _figures(difference: Difference, key: str) -> dict[str, str]:
    """Difference and interval with one sign: of the first less the second, but where the sentence
    itself says which is higher or lower."""
    value, low, high = difference.value, difference.interval.low, difference.interval.high
    if key == "differs_lower":
        value, low, high = -value, -high, -low
    by = percentage_points(value) if key.startswith("differs") else wording.signed_points(value)
    return {"by": by, "low": percentage_points(low), "high": percentage_points(high)}


def difference_texts(comparison: Comparison, language: str = "zh") -> tuple[str, str, str]:
    """Difference, its interval and the adjusted p as a table shows them."""
    found = comparison.difference
    if found is None:
        return wording.NOTHING, wording.NOTHING, wording.NOTHING
    low, high = (percentage_points(end) for end in (found.interval.low, found.interval.high))
    ends = word("from_to", language, low=low, high=high)
    return wording.signed_points(found.value), ends, wording.p_value(found.adjusted)


def rate_texts(comparison: Comparison, language: str = "zh") -> tuple[str, str, str]:
    """As `difference_texts` of the 满意率."""
    found = comparison.rate
    if found is None:
        return wording.NOTHING, "", ""
    low, high = (percentage_points(end) for end in (found.interval.low, found.interval.high))
    ends = word("from_to", language, low=low, high=high)
    p = "" if found.adjusted is None else wording.p_equation(found.adjusted)
    return wording.signed_points(found.value), ends, p


def years_sentences(years: Years, language: str) -> Iterator[str]:
    """What a reader must know of the comparison with another project."""
    if years.unlike:
        yield word(f"unlike_{years.unlike}", language, other=years.other)
        return
    if years.differing:
        parts = word("comma", language).join(
            word(f"differs_in_{n}", language) for n in years.differing
        )
        key = f"plans_differ_{years.plan_of}" if years.plan_of else "plans_differ"
        yield word(key, language, parts=parts, other=years.other)
    if years.reworded:
        yield word("reworded", language)
    if years.simulated:
        yield word("other_simulated", language, other=years.other)
    if years.comparisons:
        yield word("independent", language)


def verdict(comparison: Comparison, language: str) -> str:
    """The conclusion alone, for a table that shows the figures beside it."""
    if comparison.refusal is not None:
        return comparison.refusal.text(language)
    found = comparison.difference
    if found is None or not comparison.is_significant:
        return word("not_told_apart", language) + _cautions(comparison, language)
    higher = comparison.first if found.value > 0 else comparison.second
    told = word("is_higher", language, group=label_of(higher, language))
    return told + _cautions(comparison, language)


def foot_notes(report: SatisfactionReport, language: str) -> Iterator[str]:
    """How the figures were made, one sentence each."""
    yield from (sentence.text(language) for sentence in report.described)
    tables = [table.found for table in report.tables]
    if not report.described and all(found.domain.design.is_plain for found in tables):
        yield word("simple", language)
    yield word("intervals", language)
    yield word("margins", language)
    if any(found.shows_effects for found in tables):
        yield word("effects", language)
    if any(found.ranked for found in tables):
        yield word("ranges", language)
    if report.pairs or report.chosen or report.years:
        yield word("tests", language)
        yield word("rate_tests", language)


def plan_notes(found: Satisfaction, language: str) -> Iterator[str]:
    yield f"pᵢ: {weights_text(found.plan)}"
    yield from plan_lines(found.plan, language)
