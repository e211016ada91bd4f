"""Bytes of a YAML file -> plain data, and pydantic's complaints -> faults with their place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from analysis.evaluation.messages import EvaluationFileError, Fault
from analysis.evaluation.shape_messages import FieldPath, code_of, limit_of
from surveys.canonical import UNSTORABLE
from surveys.load import DEEPEST, MOST_NODES, SCALAR_ERRORS, UniqueKeyLoader

LARGEST_FILE = 500_000
"""Bytes; the largest that ships has 35 indicators and takes 12 kB."""


def parse(content: bytes, name: str) -> dict[Any, Any]:
    """The mapping at the top of the file. Raises EvaluationFileError."""
    data = _loaded(content, name)
    if data is None:
        raise EvaluationFileError(name, (Fault("", "file_empty"),))
    if not isinstance(data, dict):
        raise EvaluationFileError(name, (Fault("", "not_a_mapping"),))
    unacceptable = _unacceptable(data)
    if unacceptable is not None:
        raise EvaluationFileError(name, (Fault("", unacceptable),))
    return data


def shaped(shape: type[Any], raw: Any, place: str) -> tuple[Any, list[Fault]]:
    """(the validated part, no faults), or (None, its faults)."""
    if not isinstance(raw, dict):
        return None, [Fault(place, "not_a_mapping")]
    try:
        return shape.model_validate(raw), []
    except ValidationError as error:
        return None, shape_faults(place, error)


def shape_faults(place: str, error: ValidationError, skip: int = 0) -> list[Fault]:
    """`skip` leaves out the first parts of pydantic's location, such as a rule's kind."""
    found = error.errors()
    return [_shape_fault(place, shape, skip) for shape in found if not _is_echo(shape, found)]


def field_name(location: Any) -> str:
    """`bands[2].when`, counted from 1 as people do."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def _loaded(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_FILE:
        raise EvaluationFileError(name, (Fault("", "file_too_large", {"limit": LARGEST_FILE}),))
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=UniqueKeyLoader)  # noqa: S506
    except UnicodeDecodeError:
        raise EvaluationFileError(name, (Fault("", "not_utf8"),)) from None
    except (yaml.YAMLError, RecursionError, *SCALAR_ERRORS) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        details = {"line": mark.line + 1 if mark else "?", "problem": problem}
        raise EvaluationFileError(name, (Fault("", "not_yaml", details),)) from None


def _unacceptable(data: Any) -> str | None:
    """Aliases may unfold a small file into billions of nodes: look before validating."""
    left, pending = MOST_NODES, [(data, 0)]
    while pending:
        node, depth = pending.pop()
        left -= 1
        if left < 0 or depth > DEEPEST:
            return "too_many_nodes"
        if isinstance(node, str) and UNSTORABLE.search(node):
            return "unprintable"
        if isinstance(node, dict | list):
            children = [*node, *node.values()] if isinstance(node, dict) else node
            pending += [(child, depth + 1) for child in children]
    return None


def _is_echo(error: Any, all_errors: Sequence[Any]) -> bool:
    """Entries of a list are wrong, hence pydantic also says that too few are left."""
    at = error["loc"]
    inner = (one["loc"] for one in all_errors if len(one["loc"]) > len(at))
    return error["type"] == "too_short" and any(one[: len(at)] == at for one in inner)


def _shape_fault(place: str, error: Any, skip: int) -> Fault:
    field = FieldPath(field_name(error["loc"][skip:]))
    details = {"field": field, "limit": limit_of(error), "value": error["input"]}
    return Fault(place, code_of(error), details)
