"""A questionnaire file in, a Questionnaire out; all faults of the file are reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from surveys.consistency import Inconsistency, inconsistencies
from surveys.definition import Question, Questionnaire
from surveys.messages import say

LARGEST_FILE = 1_000_000
MOST_NODES = 50_000
DEEPEST = 40


@dataclass(frozen=True)
class Fault:
    """One thing wrong with a definition: in which file, at which question, and why."""

    file: str
    question: str
    code: str
    details: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        where = f"{self.file}：{self.question}：" if self.question else f"{self.file}："
        return where + say(self.code, self.details, language)


class DefinitionError(Exception):
    """A questionnaire file that is refused; `faults` has every reason."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(fault.text() for fault in faults))
        self.faults = faults


def load_file(path: Path) -> Questionnaire:
    """Raises DefinitionError, or OSError if the file cannot be read."""
    return load_bytes(path.read_bytes(), path.name)


def load_bytes(content: bytes, name: str) -> Questionnaire:
    """Raises DefinitionError with all faults; `name` is what they call the file."""
    data = _parse(content, name)
    faults = [Fault(name, "", i.code, i.details) for i in _too_large(data)]
    if faults:
        raise DefinitionError(faults)
    if not isinstance(data, dict):
        raise DefinitionError([Fault(name, "", "not_a_questionnaire", {})])
    try:
        questionnaire = Questionnaire.model_validate(data)
        questions = list(questionnaire.questions)
    except ValidationError as error:
        questionnaire = None
        questions = list(_sound_questions(data))
        faults = [_shape_fault(name, data, fault) for fault in error.errors()]
    audiences = questionnaire.audiences if questionnaire else None
    broken = [] if questionnaire else _unsound_codes(data, questions)
    faults += [
        Fault(name, i.question, i.code, i.details)
        for i in inconsistencies(questions, audiences, known=broken)
    ]
    if faults or questionnaire is None:
        raise DefinitionError(faults)
    return questionnaire


def _parse(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_FILE:
        raise DefinitionError([Fault(name, "", "file_too_large", {"limit": LARGEST_FILE})])
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=UniqueKeyLoader)  # noqa: S506
    except UnicodeDecodeError as error:
        raise DefinitionError([Fault(name, "", "not_utf8", {"byte": error.start})]) from None
    except RecursionError:
        raise DefinitionError([Fault(name, "", "too_nested", {"limit": DEEPEST})]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        details = {
            "line": mark.line + 1 if mark else "?",
            "problem": getattr(error, "problem", None) or str(error),
        }
        raise DefinitionError([Fault(name, "", "not_yaml", details)]) from None


class UniqueKeyLoader(yaml.SafeLoader):
    """A safe loader that refuses a key given twice instead of letting the last one win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        twice = [key for key in keys if keys.count(key) > 1 and key != "<<"]
        if twice:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key “{twice[0]}” is given twice", node.start_mark
            )
        return super().construct_mapping(node, deep)


def _too_large(data: Any) -> list[Inconsistency]:
    """Aliases may unfold a small file into billions of nodes: count before validating."""
    left = MOST_NODES
    pending = [(data, 0)]
    while pending:
        node, depth = pending.pop()
        left -= 1
        if left < 0:
            return [Inconsistency("", "too_many_nodes", {"limit": MOST_NODES})]
        if depth > DEEPEST:
            return [Inconsistency("", "too_nested", {"limit": DEEPEST})]
        children = node.values() if isinstance(node, dict) else node
        if isinstance(node, dict | list):
            pending += [(child, depth + 1) for child in children]
    return []


def _raw_questions(data: Mapping[str, Any]) -> list[Any]:
    questions = data.get("questions")
    return questions if isinstance(questions, list) else []


def _sound_questions(data: Mapping[str, Any]) -> Iterator[Question]:
    for raw in _raw_questions(data):
        try:
            yield Question.model_validate(raw)
        except ValidationError:
            continue


def _unsound_codes(data: Mapping[str, Any], sound: list[Question]) -> list[str]:
    """Codes of questions with faults of their own: conditions on them are not called unknown."""
    codes = [raw.get("code") for raw in _raw_questions(data) if isinstance(raw, dict)]
    good = {question.code for question in sound}
    return [code for code in codes if isinstance(code, str) and code not in good]


def _shape_fault(name: str, data: Mapping[str, Any], error: Any) -> Fault:
    location = [str(part) for part in error["loc"]]
    question = ""
    if location[:1] == ["questions"] and len(location) > 1:
        raw = _raw_questions(data)[int(location[1])]
        code = raw.get("code") if isinstance(raw, dict) else None
        question, location = str(code or f"questions[{int(location[1]) + 1}]"), location[2:]
    details = {
        "field": ".".join(location) or "questions",
        "value": error.get("input"),
        "problem": error["msg"],
        "expected": (error.get("ctx") or {}).get("expected", ""),
    }
    return Fault(name, question, SHAPE_CODES.get(error["type"], "malformed"), details)


SHAPE_CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "string_type": "must_be_text",
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "too_short": "must_not_be_empty",
    "string_too_short": "must_not_be_empty",
    "value_error": "malformed_condition",
}
