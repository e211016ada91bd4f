"""Random but valid answers, made as an interview goes through a questionnaire; for practice."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from surveys.answers import is_asked
from surveys.definition import Audience, Kind, Option, Question, Questionnaire, note_key

PLAIN_WEIGHTS = (12, 7, 4, 2)
"""Earlier options are chosen more often, as in real tables; the last weight holds for the rest."""
MEANING_WEIGHT = 0.5
NOTE = "模拟填写的说明"


def simulate(
    questionnaire: Questionnaire, audience: Audience | None, chance: random.Random
) -> dict[str, Any]:
    """Clean answers of one imagined respondent who leaves nothing blank."""
    answers: dict[str, Any] = {}
    for question in questionnaire.questions:
        if not is_asked(question, answers, audience):
            continue
        answer = SIMULATED[question.kind](question, chance)
        answers[question.code] = answer
        chosen = answer if isinstance(answer, list) else [answer]
        for option in question.options:
            if option.note and option.code in chosen:
                answers[note_key(question, option)] = NOTE
    return answers


def _one(question: Question, chance: random.Random) -> str:
    return chance.choices(question.options, [_weight(question, o) for o in question.options])[
        0
    ].code


def _several(question: Question, chance: random.Random) -> list[str]:
    first = question.option(_one(question, chance))
    if first.stands_alone:
        return [first.code]
    most = question.at_most or len(question.options)
    others = [o for o in question.options if not o.stands_alone and o is not first]
    more = chance.sample(others, chance.randint(0, min(len(others), most - 1, 3)))
    chosen = {first.code, *(option.code for option in more)}
    return [option.code for option in question.options if option.code in chosen]


def _integer(question: Question, chance: random.Random) -> int:
    low, high = _bounds(question)
    return chance.randint(low, high)


def _decimal(question: Question, chance: random.Random) -> float:
    low, high = _bounds(question)
    return round(min(max(chance.uniform(low, high), low), high), question.places)


def _bounds(question: Question) -> tuple[int, int]:
    low = 0 if question.minimum is None else int(float(question.minimum))
    return low, low + 100 if question.maximum is None else int(float(question.maximum))


def _day(question: Question, chance: random.Random) -> str:
    first = date.fromisoformat(str(question.minimum or "2018-01-01"))
    last = date.fromisoformat(str(question.maximum or max("2018-12-31", first.isoformat())))
    return (first + timedelta(days=chance.randint(0, (last - first).days))).isoformat()


def _text(question: Question, chance: random.Random) -> str:
    return NOTE


def _weight(question: Question, option: Option) -> float:
    if option.meaning is not None:
        return MEANING_WEIGHT
    return PLAIN_WEIGHTS[min(question.position[option.code], len(PLAIN_WEIGHTS) - 1)]


SIMULATED = {
    Kind.SINGLE: _one,
    Kind.SCALE: _one,
    Kind.MULTIPLE: _several,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _day,
    Kind.TEXT: _text,
}
