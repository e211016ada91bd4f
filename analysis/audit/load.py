"""A REPORT.yaml in, a Report out; every fault of the file is reported at once with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import yaml
from pydantic import ValidationError

from analysis.audit.model import Report
from analysis.audit.references import broken_references
from analysis.audit.sentences import filled
from analysis.audit.wordings import LOADING
from surveys.canonical import UNSTORABLE
from surveys.load import SCALAR_ERRORS, SHAPE_CODES, UniqueKeyLoader
from surveys.messages import say

LARGEST_FILE = 1_000_000
MOST_NODES = 100_000
DEEPEST = 40
SHIPPED = Path(__file__).parent / "reports"


@dataclass(frozen=True)
class ReportFault:
    """One thing wrong with a described report: in which file, where in it, and why."""

    file: str
    at: str
    code: str
    details: Mapping[str, Any]

    def text(self, language: str = "zh") -> str:
        where = f"{self.file}：{self.at}：" if self.at else f"{self.file}："
        if self.code in LOADING:
            return where + filled(LOADING[self.code], self.details, language)
        return where + say(self.code, self.details, language)


class ReportError(Exception):
    """A described report that is refused; `faults` has every reason."""

    def __init__(self, faults: list[ReportFault]) -> None:
        super().__init__("\n".join(fault.text() for fault in faults))
        self.faults = faults


class PrintedLoader(UniqueKeyLoader):
    """Every scalar is the text that was written, so that 2.40 stays 2.40; only ~ is nothing."""

    yaml_implicit_resolvers: ClassVar = {  # type: ignore[misc]
        first: [(tag, pattern) for tag, pattern in resolvers if tag.endswith((":null", ":merge"))]
        for first, resolvers in UniqueKeyLoader.yaml_implicit_resolvers.items()
    }


def shipped() -> dict[str, Path]:
    """Name -> file of the described reports that come with the program."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.yaml"))}


def load_file(path: Path) -> Report:
    """Raises ReportError, or OSError if the file cannot be read."""
    return load_bytes(path.read_bytes(), path.name)


def load_bytes(content: bytes, name: str) -> Report:
    """Raises ReportError with all faults; `name` is what they call the file."""
    return load_data(_parse(content, name), name)


def load_data(data: Any, name: str) -> Report:
    """The same for plain data; figures must be texts, Decimals or whole numbers."""
    refused = _unacceptable(data)
    if refused is not None:
        raise ReportError([ReportFault(name, "", *refused)])
    try:
        report = Report.model_validate(data)
    except ValidationError as error:
        shapes = [shape for shape in error.errors() if not _is_echo(shape)]
        raise ReportError([_fault(name, data, shape) for shape in shapes]) from None
    faults = [ReportFault(name, b.at, b.code, b.details) for b in broken_references(report)]
    if faults:
        raise ReportError(faults)
    return report


def _parse(content: bytes, name: str) -> Any:
    if len(content) > LARGEST_FILE:
        details = {"limit": LARGEST_FILE}
        raise ReportError([ReportFault(name, "", "file_too_large", details)])
    try:
        return yaml.load(content.decode("utf-8-sig"), Loader=PrintedLoader)  # noqa: S506
    except UnicodeDecodeError as error:
        raise ReportError([ReportFault(name, "", "not_utf8", {"byte": error.start})]) from None
    except RecursionError:
        raise ReportError([ReportFault(name, "", "too_nested", {"limit": DEEPEST})]) from None
    except (yaml.YAMLError, *SCALAR_ERRORS) as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark else "?"
        fault = ReportFault(name, "", "not_yaml", {"line": line, "problem": problem})
        raise ReportError([fault]) from None


def _unacceptable(data: Any) -> tuple[str, Mapping[str, Any]] | None:
    if not isinstance(data, Mapping):
        return "not_a_report", {}
    for count, (node, depth) in enumerate(_nodes(data)):
        if count >= MOST_NODES:
            return "too_many_nodes", {"limit": MOST_NODES}
        if depth > DEEPEST:
            return "too_nested", {"limit": DEEPEST}
        if isinstance(node, str) and UNSTORABLE.search(node):
            return "unprintable", {"value": UNSTORABLE.sub("�", node)}
    return None


def _nodes(data: Any) -> Iterator[tuple[Any, int]]:
    pending = [(data, 0)]
    while pending:
        node, depth = pending.pop()
        yield node, depth
        if isinstance(node, Mapping):
            pending += [(child, depth + 1) for pair in node.items() for child in pair]
        elif isinstance(node, list | tuple):
            pending += [(child, depth + 1) for child in node]


def _is_echo(error: Any) -> bool:
    """All entries of a list are wrong, hence pydantic also says that none is left."""
    return error["type"] == "too_short" and bool(error["input"])


def _fault(name: str, data: Mapping[str, Any], error: Any) -> ReportFault:
    location = list(error["loc"])
    context = error.get("ctx") or {}
    details = {
        "field": _where(data, location).rpartition(".")[2],
        "value": error.get("input"),
        "problem": error["msg"],
        "expected": context.get("expected", ""),
        "pattern": context.get("pattern", ""),
        "limit": context.get("ge", context.get("max_length", "")),
    }
    code = SHAPE_CODES.get(error["type"], "malformed")
    if error["type"] == "value_error":
        code = str(context["error"])
    return ReportFault(name, _where(data, location), code, details)


def _where(data: Any, location: list[Any]) -> str:
    """`surveys[masses].questions[5].options[A].count`: by name where there is one, else from 1."""
    text = ""
    for part in location:
        data = _child(data, part)
        text += f"[{_name(data, part)}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".")


def _child(data: Any, part: Any) -> Any:
    try:
        return data[part]
    except (KeyError, IndexError, TypeError):
        return None


def _name(data: Any, part: int) -> str:
    if isinstance(data, Mapping):
        for key in ("id", "number", "letter"):
            if isinstance(data.get(key), str):
                return str(data[key])
    return str(part + 1)
