"""Bytes of a YAML file -> plain data, and pydantic's complaints -> faults with their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml
from pydantic import ValidationError

from analysis.evaluation.messages import EvaluationFileError, Fault
from surveys.canonical import UNSTORABLE
from surveys.load import SCALAR_ERRORS, UniqueKeyLoader

LARGEST_FILE = 500_000
"""Bytes; the largest that ships has 35 indicators and takes 12 kB."""


class _PlainLoader(UniqueKeyLoader):
    """Without aliases, which may unfold a small file into billions of nodes."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            event: Any = self.peek_event()  # type: ignore[no-untyped-call]
            problem = "aliases are not allowed"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        return super().compose_node(parent, index)


def parse(content: bytes, name: str) -> dict[Any, Any]:
    """The mapping at the top of the file. Raises EvaluationFileError."""
    data = _loaded(content, name)
    if not isinstance(data, dict):
        raise EvaluationFileError(name, (Fault("", "not_a_mapping"),))
    if any(UNSTORABLE.search(text) for text in _texts(data)):
        raise EvaluationFileError(name, (Fault("", "unprintable"),))
    return data


def shape_faults(place: str, error: ValidationError, skip: int = 0) -> list[Fault]:
    """`skip` leaves out the first parts of pydantic's location, such as a rule's kind."""
    return [_shape_fault(place, shape, skip) for shape in error.errors()]


def field_name(location: Any) -> str:
    """`bands[2].when`, counted from 1 as people do."""
    parts = [f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in location]
    return "".join(parts).removeprefix(".")


def items(data: Mapping[Any, Any], field: str, place: str, faults: list[Fault]) -> list[Any]:
    """The list under `field`; a fault and no items if it is something else."""
    found = data.get(field)
    if found is None:
        return []
    if isinstance(found, list):
        return found
    faults.append(Fault(place, "not_a_list", {"field": field}))
    return []


def _loaded(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_FILE:
        raise EvaluationFileError(name, (Fault("", "file_too_large", {"limit": LARGEST_FILE}),))
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=_PlainLoader)  # noqa: S506
    except UnicodeDecodeError:
        raise EvaluationFileError(name, (Fault("", "not_utf8"),)) from None
    except (yaml.YAMLError, RecursionError, *SCALAR_ERRORS) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or type(error).__name__
        details = {"line": mark.line + 1 if mark else "?", "problem": problem}
        raise EvaluationFileError(name, (Fault("", "not_yaml", details),)) from None


def _texts(data: Any) -> Iterator[str]:
    pending = [data]
    while pending:
        node = pending.pop()
        if isinstance(node, str):
            yield node
        elif isinstance(node, dict):
            pending += [*node, *node.values()]
        elif isinstance(node, list):
            pending += node


def _shape_fault(place: str, error: Any, skip: int) -> Fault:
    code = SHAPE_CODES.get(error["type"], "malformed")
    field = field_name(error["loc"][skip:])
    problem = error["msg"].removeprefix("Value error, ")
    return Fault(place, code, {"field": field, "problem": problem})


SHAPE_CODES = {"missing": "missing_field", "extra_forbidden": "unknown_field"}
