"""A questionnaire file in, a Questionnaire out; all faults of the file are reported at once."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pydantic import TypeAdapter, ValidationError

from surveys.canonical import UNSTORABLE
from surveys.consistency import Inconsistency, contradiction_faults, inconsistencies
from surveys.definition import Audience, Contradiction, Question, Questionnaire
from surveys.messages import say

LARGEST_FILE = 200_000
"""Bytes; YAML is read at some 60 kB a second, and a long questionnaire takes 20 kB."""
MOST_NODES = 50_000
DEEPEST = 40
PLAIN_TAGS = ("null", "bool", "int", "float", "str", "seq", "map")
SCALAR_ERRORS = (ValueError, LookupError, AttributeError)
"""What PyYAML lets through when an explicit tag does not fit its text, as in `!!int x`."""


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
    unacceptable = _unacceptable(data)
    if unacceptable is not None:
        raise DefinitionError([Fault(name, "", unacceptable.code, unacceptable.details)])
    if not isinstance(data, dict):
        raise DefinitionError([Fault(name, "", "not_a_questionnaire", {})])
    try:
        questionnaire = Questionnaire.model_validate(data)
    except ValidationError as error:
        raise DefinitionError(_all_faults(name, data, error)) from None
    _refuse_inconsistencies(name, questionnaire)
    return questionnaire


def _refuse_inconsistencies(name: str, questionnaire: Questionnaire) -> None:
    found = inconsistencies(questionnaire.questions, questionnaire.audiences)
    found += contradiction_faults(questionnaire.contradictions, questionnaire.questions)
    if found:
        raise DefinitionError([Fault(name, i.question, i.code, i.details) for i in found])


def _all_faults(name: str, data: Mapping[str, Any], error: ValidationError) -> list[Fault]:
    """The faults of shape, and those between the questions whose own shape is right."""
    questions, broken = _sound_questions(data)
    faults = [_shape_fault(name, data, shape) for shape in error.errors() if not _is_echo(shape)]
    once = {(fault.question, fault.code, fault.details["field"]): fault for fault in faults}
    between = inconsistencies(questions, _sound_audiences(data), known=broken)
    between += contradiction_faults(_sound_contradictions(data), questions, known=broken)
    return [*once.values(), *(Fault(name, i.question, i.code, i.details) for i in between)]


def _parse(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_FILE:
        raise DefinitionError([Fault(name, "", "file_too_large", {"limit": LARGEST_FILE})])
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=UniqueKeyLoader)  # noqa: S506
    except UnicodeDecodeError as error:
        raise DefinitionError([Fault(name, "", "not_utf8", {"byte": error.start})]) from None
    except RecursionError:
        raise DefinitionError([Fault(name, "", "too_nested", {"limit": DEEPEST})]) from None
    except (yaml.YAMLError, *SCALAR_ERRORS) as error:
        mark = getattr(error, "problem_mark", None)
        details = {
            "line": mark.line + 1 if mark else "?",
            "problem": getattr(error, "problem", None) or str(error),
        }
        raise DefinitionError([Fault(name, "", "not_yaml", details)]) from None


class UniqueKeyLoader(yaml.SafeLoader):
    """Plain data only; a key given twice is refused instead of letting the last one win."""

    # A date stays the text that was written, and no tag makes sets, bytes or pairs.
    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    yaml_constructors: ClassVar = {
        tag: constructor
        for tag, constructor in yaml.SafeLoader.yaml_constructors.items()
        if tag is None or tag.rpartition(":")[2] in PLAIN_TAGS
    }

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                continue  # the safe loader refuses it below
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key “{key}” is given twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def _unacceptable(data: Any) -> Inconsistency | None:
    """Aliases may unfold a small file into billions of nodes: look before validating."""
    left = MOST_NODES
    pending = [(data, 0)]
    while pending:
        node, depth = pending.pop()
        left -= 1
        if left < 0:
            return Inconsistency("", "too_many_nodes", {"limit": MOST_NODES})
        if depth > DEEPEST:
            return Inconsistency("", "too_nested", {"limit": DEEPEST})
        if isinstance(node, str) and UNSTORABLE.search(node):
            return Inconsistency("", "unprintable", {"value": UNSTORABLE.sub("�", node)})
        if isinstance(node, dict | list):
            children = [*node, *node.values()] if isinstance(node, dict) else node
            pending += [(child, depth + 1) for child in children]
    return None


def _raw_questions(data: Mapping[str, Any]) -> list[Any]:
    questions = data.get("questions")
    return questions if isinstance(questions, list) else []


def _sound_questions(data: Mapping[str, Any]) -> tuple[list[Question], list[str]]:
    """The questions without a fault of their own, and the codes of the others."""
    sound: list[Question] = []
    broken: list[str] = []
    for raw in _raw_questions(data):
        try:
            sound.append(Question.model_validate(raw))
        except ValidationError:
            code = raw.get("code") if isinstance(raw, dict) else None
            broken += [code] if isinstance(code, str) else []
    return sound, broken


def _sound_contradictions(data: Mapping[str, Any]) -> list[Contradiction]:
    sound = []
    given = data.get("contradictions")
    for raw in given if isinstance(given, list) else []:
        try:
            sound.append(Contradiction.model_validate(raw))
        except ValidationError:
            continue  # told as a fault of shape
    return sound


def _sound_audiences(data: Mapping[str, Any]) -> tuple[Audience, ...] | None:
    try:
        return AUDIENCES.validate_python(data.get("audiences"))
    except ValidationError:
        return None


def _is_echo(error: Any) -> bool:
    """All questions are wrong, hence pydantic also says that none is left."""
    return error["type"] == "too_short" and bool(error["input"])


def _shape_fault(name: str, data: Mapping[str, Any], error: Any) -> Fault:
    code, location = error["type"], list(error["loc"])
    branch = next((i for i, part in enumerate(location) if str(part).startswith(BRANCHES)), None)
    if branch is not None and code in BRANCH_ERRORS:
        code, location = "branch", location[:branch]
    question, field = _place(data, location)
    context = error.get("ctx") or {}
    details = {
        "field": field,
        "value": error.get("input"),
        "problem": error["msg"],
        "expected": context.get("expected", ""),
        "pattern": context.get("pattern", ""),
        "limit": next((context[key] for key in LIMITS if key in context), ""),
    }
    return Fault(name, question, SHAPE_CODES.get(code, "malformed"), details)


def _place(data: Mapping[str, Any], location: list[Any]) -> tuple[str, str]:
    """The question that a location of pydantic lies in, if any, and the field as people see it."""
    if location[:1] != ["questions"] or len(location) == 1:
        return "", _path(location)
    place = int(location[1])
    raw = _raw_questions(data)[place]
    code = raw.get("code") if isinstance(raw, dict) else None
    whole = _path(location[:2])
    return code if isinstance(code, str) and code else whole, _path(location[2:]) or whole


def _path(location: list[Any]) -> str:
    """`options[2].text`, counted from 1 as people do."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


AUDIENCES: TypeAdapter[tuple[Audience, ...]] = TypeAdapter(tuple[Audience, ...])
LIMITS = ("ge", "le", "max_length")
BRANCHES = ("int", "float", "str", "tuple[")
"""How pydantic names the branches of `surveys.conditions.Bound` at the end of a location."""
BRANCH_ERRORS = frozenset({"int_type", "float_type", "string_type", "tuple_type"})
SHAPE_CODES = {
    "missing": "missing_field",
    "extra_forbidden": "unknown_field",
    "string_type": "must_be_text",
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "too_short": "must_not_be_empty",
    "string_too_short": "must_not_be_empty",
    "value_error": "malformed_condition",
    "string_too_long": "too_many_characters",
    "string_pattern_mismatch": "malformed_code",
    "int_type": "not_a_whole_number",
    "int_parsing": "not_a_whole_number",
    "int_from_float": "not_a_whole_number",
    "bool_type": "not_yes_or_no",
    "bool_parsing": "not_yes_or_no",
    "tuple_type": "not_a_list",
    "model_type": "not_a_mapping",
    "branch": "not_a_value",
    "invalid_key": "key_not_text",
    "greater_than_equal": "under_limit",
    "less_than_equal": "over_limit",
}
