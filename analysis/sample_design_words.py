"""A sample design in words: sentences for under a table, and what is wrong with a description."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis import wording
from analysis.designs import Design
from analysis.reports.grouping_names import Phrase, class_name, grouping_name, name_of
from analysis.sample_cautions import cautions
from analysis.sample_designs import WHOLE, SampleDesign
from analysis.weighting import WeightSummary, summarise_weights
from surveys.definition import Questionnaire

HARSH_EFFECT = 1.5
HARSH_RATIO = 5.0
"""Weights count as harsh from a Kish effect of 1.5 (a third of the sample lost), or where the
largest is over five times the mean; rules of thumb (Kish 1992; Potter 1990), not limits."""
LONGEST_SHOWN = 60
MOST_LISTED = 12


@dataclass(frozen=True)
class DesignFault:
    """One thing that is wrong with a description; `code` is a key of FAULTS."""

    code: str
    details: Mapping[str, Any] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        place = 0 if language.startswith("zh") else 1
        details = {
            key: _cut(_shown(value, self.code, language)) for key, value in self.details.items()
        }
        details["field"] = _field_name(str(self.details.get("field", "")), place)
        return FAULTS[self.code][place].format_map(details)


def sentences(
    description: SampleDesign, questionnaire: Questionnaire, design: Design | None = None
) -> tuple[Phrase, ...]:
    """(zh, en) on how the sample was drawn and weighted; none for a simple sample."""
    if description.is_simple:
        return ()
    told = list(_told(description, questionnaire))
    if design is not None and not design.equal_weights:
        told.append(weights_in_words(summarise_weights(design.weights)))
    if design is not None:
        told += [Phrase(zh, en) for zh, en in cautions(design)]
    return tuple(told)


def _told(description: SampleDesign, questionnaire: Questionnaire) -> Iterator[Phrase]:
    if description.version:
        yield _sentence("version", version=description.version)
    if description.strata:
        yield _sentence("strata", names=name_of(questionnaire, description.strata))
    if description.clusters:
        names = [grouping_name(by) for by in description.clusters]
        joined = Phrase("、".join(n.zh for n in names), ", ".join(n.en for n in names))
        yield _sentence("clusters", names=joined)
    if description.population:
        yield _sentence("population")
    if description.clusters and len(description.population) == 1:
        yield _sentence("whole_clusters")
    if description.lonely != "refuse":
        yield _sentence("lonely", how=LONELY_WORDS[description.lonely])
    if description.margins:
        names = [name_of(questionnaire, margin.by) for margin in description.margins]
        joined = Phrase("、".join(n.zh for n in names), ", ".join(n.en for n in names))
        yield _sentence(description.method, names=joined)
    if description.bounds:
        low, high = (wording.exact(bound) for bound in description.bounds)
        yield _sentence("bounds", low=low, high=high)
    if description.unknown == "keep":
        yield _sentence("keep")


def population_lines(description: SampleDesign, questionnaire: Questionnaire) -> Iterator[Phrase]:
    """The numbers of every margin, so that a version can be checked against its source."""
    for margin in description.margins:
        name, size = name_of(questionnaire, margin.by), len(margin.population)
        shown = [
            (class_name(_category(questionnaire, margin.by, key)), wording.exact(number))
            for key, number in list(margin.population.items())[:MOST_LISTED]
        ]
        zh = "、".join(f"{one.zh} {number}" for one, number in shown)
        en = ", ".join(f"{one.en} {number}" for one, number in shown)
        cut = size > len(shown)
        yield Phrase(
            f"{name.zh}：{zh}" + (f"……（共 {size} 类）" if cut else ""),
            f"{name.en}: {en}" + (f" … ({size} categories)" if cut else ""),
        )


def _category(questionnaire: Questionnaire, by: tuple[str, ...], key: str) -> str:
    question = questionnaire.by_code.get(by[0])
    if len(by) > 1 or question is None or key not in question.position:
        return key
    return f"{key}.{question.option(key).text}"


def weights_in_words(summary: WeightSummary) -> Phrase:
    mean = summary.total / summary.n
    return _sentence(
        "weights",
        low=wording.number(summary.lowest / mean),
        high=wording.number(summary.highest / mean),
        effect=wording.number(summary.kish_effect),
        n=summary.n,
        effective=wording.number(summary.effective_n, 1),
    )


def is_harsh(summary: WeightSummary) -> bool:
    """Whether a reader should be warned of the weights."""
    too_high = summary.highest > HARSH_RATIO * summary.total / summary.n
    return summary.kish_effect >= HARSH_EFFECT or too_high


def _sentence(key: str, **details: Any) -> Phrase:
    zh, en = SENTENCES[key]
    return Phrase(zh.format_map(_in(details, "zh")), en.format_map(_in(details, "en")))


def _in(details: Mapping[str, Any], language: str) -> dict[str, Any]:
    return {k: v.text(language) if hasattr(v, "text") else v for k, v in details.items()}


def _shown(value: Any, code: str, language: str) -> str:
    """What was given, as a reader would write it; groupings that are known by their names."""
    if not isinstance(value, list | tuple):
        return str(value)
    parts = [str(one) for one in value]
    if code in OF_GROUPINGS:
        parts = [grouping_name(one).text(language) for one in parts]
    return JOINED.get(code, PLAINLY).text(language).join(parts)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"


def _field_name(path: str, place: int) -> str:
    """`margins.2.population.低保户` -> `总体边际 2 · 低保户`, `population.1.*` -> `抽样总体`."""
    name, _, rest = path.partition(".")
    own = FIELDS[name][place] if name in FIELDS else name
    number, _, key = rest.partition(".")
    if name == "margins":
        key = key.removeprefix("population").removeprefix("by").removeprefix(".")
    if number and (name, number) != ("population", "1"):
        own = f"{own} {number}"
    return _cut(" · ".join(part for part in (own, key) if part not in ("", WHOLE)))


OF_GROUPINGS = ("margin_twice", "no_population", "named_twice")
JOINED = {
    "wrong_bounds": Phrase(" 至 ", " to "),
    "margin_twice": Phrase(" × ", " × "),
    "no_population": Phrase(" × ", " × "),
}
PLAINLY = Phrase("、", ", ")
"""Between several values that were given, where JOINED has nothing."""
FIELDS = {
    "strata": ("分层", "strata"),
    "clusters": ("整群", "clusters"),
    "population": ("抽样总体", "population to draw from"),
    "lonely": ("单个抽样单元的层", "strata with a single unit"),
    "margins": ("总体边际", "population margin"),
    "method": ("加权方法", "method of weighting"),
    "bounds": ("权重上下限", "bounds of the weights"),
    "unknown": ("未注明的答卷", "responses without a category"),
}
LONELY_WORDS = {
    "certainty": Phrase("视为必然抽中，不计抽样误差", "taken as drawn with certainty"),
    "adjust": Phrase("按与总平均的差计算", "measured from the mean of all"),
    "average": Phrase("按其他层的平均计算", "given the mean of the other strata"),
}
SENTENCES: dict[str, tuple[str, str]] = {
    "version": (
        "估计按样本设计第 {version} 版：份数是实际答卷数，比例和得分按权重推算。",
        "Estimates follow version {version} of the sample design: counts are responses, shares and "
        "scores are weighted.",
    ),
    "strata": ("分层抽样，分层变量：{names}。", "Stratified by {names}."),
    "clusters": (
        "整群（多阶段）抽样，各阶段依次抽取：{names}；区间已计入群内相似。",
        "Drawn in clusters, by stages: {names}; intervals know that clusters are alike inside.",
    ),
    "population": (
        "按抽样总体计算有限总体校正。",
        "Finite population corrections follow the populations drawn from.",
    ),
    "whole_clusters": (
        "抽中的群视为全部调查，区间不含群内再抽样的误差。",
        "The clusters drawn are taken as surveyed completely; sampling within them is not in the "
        "intervals.",
    ),
    "lonely": (
        "只有一个抽样单元的层：{how}。",
        "Strata with a single unit: {how}.",
    ),
    "post_stratify": (
        "权重按总体数事后分层：{names}。",
        "Weights are post-stratified to the population of {names}.",
    ),
    "rake": (
        "权重按总体边际迭代校准（raking）：{names}。",
        "Weights are raked to the population margins of {names}.",
    ),
    "bounds": (
        "权重限制在平均权重的 {low} 至 {high} 倍。",
        "Weights are kept between {low} and {high} times the mean weight.",
    ),
    "keep": (
        "未注明类别的答卷单列一类，占比与样本相同。",
        "Responses without a category are a class of their own, with their share in the sample.",
    ),
    "weights": (
        "权重为平均的 {low} 至 {high} 倍；加权设计效应（Kish）{effect}，"
        "{n} 份答卷的有效样本量为 {effective}。",
        "Weights are {low} to {high} times the mean; design effect of weighting (Kish) {effect}, "
        "effective size {effective} of {n} responses.",
    ),
}
FAULTS: dict[str, tuple[str, str]] = {
    "not_a_design": (
        "样本设计应为“项目: 值”的列表",
        "A sample design must be a list of “name: value”",
    ),
    "unknown_field": (
        "样本设计中没有“{field}”这一项，可用：{value}",
        "A sample design has no “{field}”; possible: {value}",
    ),
    "not_a_list": (
        "“{field}”应为列表，现为“{value}”",
        "“{field}” must be a list, not “{value}”",
    ),
    "too_many": (
        "“{field}”最多 {most} 项，现有 {value} 项",
        "“{field}” has {value} entries, at most {most} are possible",
    ),
    "not_names": (
        "“{field}”应为分组或题目的名称，现为“{value}”",
        "“{field}” must name groupings or questions, not “{value}”",
    ),
    "named_twice": (
        "“{field}”中同一项选了两次：{value}",
        "“{field}” names the same twice: {value}",
    ),
    "nothing_named": (
        "“{field}”没有选分组或题目",
        "“{field}” names no grouping or question",
    ),
    "not_a_margin": (
        "“{field}”应有分组和各类的总体数，现为“{value}”",
        "“{field}” must have a grouping and its populations, not “{value}”",
    ),
    "no_population": (
        "“{field}”没有填总体数，请填写各类的户数或人数",
        "“{field}” has no population; give the number of each category",
    ),
    "not_numbers": (
        "“{field}”应为各类的总体数，现为“{value}”",
        "“{field}” must give a number per category, not “{value}”",
    ),
    "key_too_long": (
        "“{field}”中类别名称最长 {most} 个字，现为“{value}”",
        "“{field}”: the name of a category has at most {most} characters, not “{value}”",
    ),
    "not_a_number": (
        "“{field}”应为不小于 0 的数，现为“{value}”",
        "“{field}” must be a number not below 0, not “{value}”",
    ),
    "wrong_bounds": (
        "“{field}”应为两个数，下限不大于 1、上限不小于 1（平均权重的倍数），现为“{value}”",
        "“{field}” must be two numbers, at most 1 and at least 1 (times the mean weight), not "
        "“{value}”",
    ),
    "not_one_of": (
        "“{field}”没有“{value}”这种选择，可用：{allowed}",
        "“{field}” cannot be “{value}”; possible: {allowed}",
    ),
    "too_many_stages": (
        "“{field}”有 {value} 个阶段，比整群的阶段多",
        "“{field}” has {value} stages, more than there are stages of clusters",
    ),
    "method_margins": (
        "“{field}”为“{value}”时边际的个数不符（现有 {count} 个）：不加权 0 个，事后分层 1 个",
        "“{field}” “{value}” does not go with {count} margins: none needs 0, post-stratification 1",
    ),
    "margin_twice": (
        "“{field}”中“{value}”出现了两次",
        "“{field}” has “{value}” twice",
    ),
}
