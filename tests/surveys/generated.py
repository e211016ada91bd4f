"""Hypothesis strategies: questionnaires of every kind, and raw answers to them, right and wrong."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from surveys.definition import Audience, Kind, Question, Questionnaire

Data = dict[str, Any]
Draw = st.DrawFn

CONSENT = {"version": "1", "text": "同意吗？"}
REFUSED = {"code": "R", "text": "拒答", "meaning": "refused"}
DONT_KNOW = {"code": "U", "text": "不清楚", "meaning": "dont_know"}
DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31)).map(date.isoformat)
WORDS = st.text(st.characters(codec="utf-8"), max_size=30)
NAUGHTY = st.sampled_from(
    [
        *(
            "\ud800",
            "\x00",
            "a\x00b",
            "👨‍👩‍👧",
            "\u200b",
            "\ufeff",
            "\r",
            "=1+1",
            "NaN",
            "True",
            "null",
        ),
        *("１２", "²", "٣", "1e5", "1_0", "-0", "- 5", "0x1F", " A ", "Ａ"),
        *("２０１８－０６－３０", "2018-02-30", "20180630"),
    ]
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**4000), 2**63, 1e-7, -0.0, 1e300])
    | st.floats()
    | st.text(max_size=20)
    | NAUGHTY
)
JSON_LIKE = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


def made(*questions: Data) -> Questionnaire:
    """A questionnaire of these questions, for everybody."""
    whole = [{"text": question["code"], **question} for question in questions]
    data = {"slug": "made", "version": 1, "title": "T", "consent": CONSENT, "questions": whole}
    return Questionnaire.model_validate({**data, "audiences": list(Audience)})


@st.composite
def questionnaires(draw: Draw, most: int = 7) -> Questionnaire:
    """A sound questionnaire of 1 to `most` questions, conditions over earlier ones included."""
    questions: list[Data] = []
    for number in range(1, draw(st.integers(1, most)) + 1):
        question = draw(_question(f"q{number:02d}"))
        if questions and draw(st.booleans()):
            question["asked_if"] = draw(_condition(questions))
        questions.append(question)
    data = {"slug": "made", "version": 1, "title": "T", "consent": CONSENT, "questions": questions}
    return Questionnaire.model_validate({**data, "audiences": list(Audience)})


@st.composite
def responses(draw: Draw) -> tuple[Questionnaire, Data, Audience | None]:
    """A questionnaire, raw answers to it that are mostly right, and who gave them."""
    questionnaire = draw(questionnaires())
    return questionnaire, draw(raw_answers(questionnaire)), draw(audiences())


def audiences() -> st.SearchStrategy[Audience | None]:
    return st.none() | st.sampled_from(Audience)


@st.composite
def raw_answers(draw: Draw, questionnaire: Questionnaire, faulty: bool = True) -> Data:
    """Answers of which some are missing and, if `faulty`, some are anything at all."""
    raw: Data = {}
    for question in questionnaire.questions:
        how = draw(st.integers(0, 9))
        if how < 8:
            raw[question.code] = draw(right_answer(question))
        elif how == 8 and faulty:
            raw[question.code] = draw(JSON_LIKE)
    for key, (question, option) in questionnaire.notes.items():
        answer = raw.get(question.code)
        chosen = option.code in answer if isinstance(answer, list) else option.code == answer
        if chosen or (faulty and draw(st.integers(0, 5)) == 0):
            raw[key] = draw(WORDS | JSON_LIKE if faulty else WORDS)
    if faulty:
        raw |= draw(st.dictionaries(st.text(max_size=6), JSON_LIKE, max_size=1))
    return raw


def right_answer(question: Question) -> st.SearchStrategy[Any]:
    """Answers that the checker accepts, by themselves."""
    meant = [option.code for option in question.options if option.meaning]
    found = RIGHT[question.kind](question)
    return found | st.sampled_from(meant) if meant and not question.is_choice else found


def _one(question: Question) -> st.SearchStrategy[str]:
    return st.sampled_from([option.code for option in question.options])


def _several(question: Question) -> st.SearchStrategy[Any]:
    alone = [[option.code] for option in question.options if option.stands_alone]
    others = [option.code for option in question.options if not option.stands_alone]
    together = st.lists(st.sampled_from(others), min_size=1, max_size=question.at_most, unique=True)
    return together | st.sampled_from(alone) if alone else together


def _number(question: Question) -> st.SearchStrategy[Any]:
    low = -(10**12) if question.minimum is None else question.minimum
    high = 10**12 if question.maximum is None else question.maximum
    if question.kind is Kind.INTEGER:
        numbers = st.integers(int(low), int(high))
        return numbers | numbers.map(str)
    scale = 10**question.places
    return st.integers(int(low) * scale, int(high) * scale).map(lambda n: n / scale)


def _day(question: Question) -> st.SearchStrategy[str]:
    low = date.fromisoformat(str(question.minimum or "0001-01-01"))
    high = date.fromisoformat(str(question.maximum or "9999-12-31"))
    return st.dates(low, high).map(date.isoformat)


def _written(question: Question) -> st.SearchStrategy[str]:
    return WORDS.filter(lambda text: "\r" not in text)


@st.composite
def _question(draw: Draw, code: str) -> Data:
    kind = draw(st.sampled_from(Kind))
    question: Data = {"code": code, "text": f"问题{code}", "kind": kind, **draw(MADE[kind])}
    question["required"] = draw(st.booleans())
    question["audiences"] = draw(st.just([]) | st.lists(st.sampled_from(Audience), unique=True))
    return question


@st.composite
def _chosen_from(draw: Draw, multiple: bool) -> Data:
    size = draw(st.integers(1, 6) | st.just(40 if multiple else 200))
    options: list[Data] = [
        {"code": f"A{i}", "text": f"选项{i}", "note": i < 2 and draw(st.booleans())}
        for i in range(size)
    ]
    options += draw(st.sampled_from([[], [REFUSED], [REFUSED, DONT_KNOW]]))
    if not multiple:
        return {"options": options}
    if draw(st.booleans()):
        options.append({"code": "N", "text": "都没有", "exclusive": True})
    return {"options": options, "at_most": draw(st.none() | st.integers(1, size))}


@st.composite
def _measured(draw: Draw) -> Data:
    low = draw(st.none() | st.integers(-(10**12), 10**12))
    high = draw(st.none() | st.integers(-(10**12) if low is None else low, 10**12))
    options = draw(st.sampled_from([[], [REFUSED], [REFUSED, DONT_KNOW]]))
    places = draw(st.integers(0, 3))
    return {"minimum": low, "maximum": high, "options": options, "places": places}


@st.composite
def _dated(draw: Draw) -> Data:
    low = draw(st.none() | DAYS)
    first = date.fromisoformat(low or "0001-01-01")
    length = draw(st.none() | st.integers(0, (date.max - first).days))
    high = None if length is None else (first + timedelta(days=length)).isoformat()
    return {"minimum": low, "maximum": high, "options": draw(st.sampled_from([[], [REFUSED]]))}


def _condition(earlier: list[Data]) -> st.SearchStrategy[Data]:
    leaves = st.sampled_from(earlier).flatmap(_comparison)
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, min_size=1, max_size=3).map(lambda all_: {"all": all_})
            | st.lists(inner, min_size=1, max_size=3).map(lambda any_: {"any": any_})
            | inner.map(lambda not_: {"not": not_})
        ),
        max_leaves=4,
    )


@st.composite
def _comparison(draw: Draw, other: Data) -> Data:
    codes = [option["code"] for option in other.get("options", ())]
    kind, ordered = other["kind"], ["equals", "at_least", "more_than", "at_most", "less_than"]
    if kind is Kind.MULTIPLE:
        said: Data = {draw(st.just("includes")): draw(st.sampled_from(codes))}
        said = draw(st.just(said) | st.just({"equals": codes[:2]}))
    elif kind in (Kind.SINGLE, Kind.SCALE):
        said = {"equals": draw(st.sampled_from(codes))}
    elif kind is Kind.TEXT:
        said = {"equals": draw(st.text("甲乙ab1", max_size=4))}
    elif codes and draw(st.booleans()):
        said = {"equals": draw(st.sampled_from(codes))}
    else:
        value = DAYS if kind is Kind.DATE else st.integers(-100, 10**12)
        said = {draw(st.sampled_from(ordered)): draw(value)}
    return {"question": other["code"], **said}


MADE: dict[Kind, st.SearchStrategy[Data]] = {
    Kind.SINGLE: _chosen_from(multiple=False),
    Kind.SCALE: _chosen_from(multiple=False),
    Kind.MULTIPLE: _chosen_from(multiple=True),
    Kind.INTEGER: _measured(),
    Kind.DECIMAL: _measured(),
    Kind.DATE: _dated(),
    Kind.TEXT: st.just({}),
}
RIGHT = {
    Kind.SINGLE: _one,
    Kind.SCALE: _one,
    Kind.MULTIPLE: _several,
    Kind.INTEGER: _number,
    Kind.DECIMAL: _number,
    Kind.DATE: _day,
    Kind.TEXT: _written,
}
