"""A framework file in, a Framework out; all faults of the file are reported at once.

A file with `published: true` reproduces a document that has faults of its own: sums that do not
add up, bands with gaps. Such faults then become its findings; a file that cannot be read at all
is refused all the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError

from analysis.evaluation.checks import faults_between, place_of
from analysis.evaluation.files import parse, shape_faults
from analysis.evaluation.framework import Framework, Indicator, headings
from analysis.evaluation.grades import SCHEMES
from analysis.evaluation.messages import EvaluationFileError, Fault
from analysis.evaluation.rules import KINDS, RULE, Frozen, Points, PositivePoints, Rule, Share
from surveys.definition import Slug, Words

DEEPEST = 4
SHIPPED = Path(__file__).parent / "frameworks"


class _Head(Frozen):
    """The fields of the file itself."""

    slug: Slug
    title: Words
    points: PositivePoints
    scheme: Words
    source: str = ""
    published: bool = False
    rubric: tuple[Share, ...] = ()


class _Fields(Frozen):
    """The fields of one indicator besides its parts and its rule."""

    name: Words
    points: Points | None = None
    id: str = Field(default="", pattern=r"^([A-Za-z][A-Za-z0-9._-]{0,31})?$")
    content: str = ""


def shipped_frameworks() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.yaml"))


def find_framework(name: str) -> Framework:
    """The slug of a framework that ships, or the path of a file.

    Raises EvaluationFileError, or OSError if the file cannot be read.
    """
    if name.endswith((".yaml", ".yml")):
        return load_framework(Path(name))
    if name in shipped_frameworks():
        return load_framework(SHIPPED / f"{name}.yaml")
    details = {"value": name, "allowed": shipped_frameworks()}
    raise EvaluationFileError(name, (Fault("", "unknown_framework", details),))


def load_framework(path: Path) -> Framework:
    return framework_from(path.read_bytes(), path.name)


def framework_from(content: bytes, name: str) -> Framework:
    """Raises EvaluationFileError with all faults; `name` is what they call the file."""
    return read_framework(parse(content, name), name)


def stored_framework(content: bytes, name: str) -> Framework:
    """One that was accepted before, when less was looked for: what is found now are findings."""
    return read_framework(parse(content, name), name, accepted=True)


def read_framework(data: dict[Any, Any], name: str, *, accepted: bool = False) -> Framework:
    """The same from plain data, as a database has them."""
    reader = _Reader()
    head = reader.head({key: value for key, value in data.items() if key != "parts"})
    parts = reader.parts(data, (), "")
    framework = Framework(**(head or STAND_IN), parts=parts)
    faults = [*reader.faults, *(f for f in _unreadable(framework) if not reader.hides(f))]
    between = [f for f in faults_between(framework) if not reader.hides(f)]
    tolerated = (framework.published or accepted) and not faults
    if faults or (between and not tolerated):
        raise EvaluationFileError(name, tuple(faults + between))
    return replace(framework, findings=tuple(between))


class _Reader:
    """Reads the tree from the top; what cannot be read is noted and left out.

    The sums above an indicator that was left out are in `unsure`, and not complained about.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.unsure: set[str] = set()

    def head(self, data: dict[Any, Any]) -> dict[str, Any] | None:
        try:
            head = _Head.model_validate(data)
        except ValidationError as error:
            self.faults += shape_faults("", error)
            self.unsure.add("")
            return None
        if head.scheme not in SCHEMES:
            details = {"value": head.scheme, "allowed": tuple(SCHEMES)}
            self.faults.append(Fault("", "unknown_scheme", details))
        return head.model_dump()

    def hides(self, fault: Fault) -> bool:
        """Sums, and whether there is any indicator at all, are unsure where one was left out."""
        return fault.code in ("points_sum", "total_points", "no_parts") and (
            fault.place in self.unsure
        )

    def parts(
        self, data: dict[Any, Any], above: tuple[Indicator, ...], place: str
    ) -> tuple[Indicator, ...]:
        raw = data.get("parts") or []
        if not isinstance(raw, list):
            self._left_out(above, Fault(place, "not_a_list", {"field": "parts"}))
            return ()
        read = [self._indicator(part, above, n, place) for n, part in enumerate(raw, start=1)]
        return tuple(part for part in read if part is not None)

    def _indicator(
        self, raw: Any, above: tuple[Indicator, ...], number: int, place: str
    ) -> Indicator | None:
        here = f"{place}/{number}".removeprefix("/")
        if not isinstance(raw, dict):
            self._left_out(above, Fault(here, "not_a_mapping"))
            return None
        rest = {key: value for key, value in raw.items() if key not in ("parts", "rule")}
        here = _named(raw, above) or here
        try:
            fields = _Fields.model_validate(rest)
        except ValidationError as error:
            self._left_out(above, *shape_faults(here, error))
            return None
        if len(above) >= DEEPEST:
            self._left_out(above, Fault(here, "too_deep"))
            return None
        indicator = Indicator(**fields.model_dump())
        parts = self.parts(raw, (*above, indicator), here)
        rule = self._rule(raw["rule"], here) if raw.get("rule") is not None else None
        if parts:
            self._heading_only(raw, here)
        elif not raw.get("parts"):
            self._left_out(above, *_incomplete(raw, here))
        return replace(indicator, parts=parts, rule=rule)

    def _rule(self, raw: Any, place: str) -> Rule | None:
        if not isinstance(raw, dict):
            self.faults.append(Fault(place, "mapping_needed", {"field": "rule"}))
            return None
        kind = raw.get("kind")
        if kind not in KINDS:
            code = "no_kind" if kind is None else "unknown_kind"
            self.faults.append(Fault(place, code, {"value": kind, "allowed": KINDS}))
            return None
        try:
            return RULE.validate_python(raw)
        except ValidationError as error:
            self.faults += shape_faults(place, error, skip=1)
            return None

    def _heading_only(self, raw: dict[Any, Any], place: str) -> None:
        for field in ("id", "rule"):
            if field in raw:
                self.faults.append(Fault(place, "heading_field", {"field": field}))

    def _left_out(self, above: tuple[Indicator, ...], *faults: Fault) -> None:
        self.faults += faults
        if faults:
            self.unsure |= {"", *(place_of(above[:n], i) for n, i in enumerate(above))}


def _incomplete(raw: dict[Any, Any], place: str) -> list[Fault]:
    wanted = ("id", "points", "rule")
    return [Fault(place, f"no_{field}") for field in wanted if raw.get(field) is None]


def _named(raw: dict[Any, Any], above: tuple[Indicator, ...]) -> str:
    name, id_ = raw.get("name"), raw.get("id")
    named = isinstance(name, str) and name.strip()
    if not named:
        return id_ if isinstance(id_, str) else ""
    return place_of(above, Indicator(str(name), id=id_ if isinstance(id_, str) else ""))


def _unreadable(framework: Framework) -> list[Fault]:
    """What no document may lack: without it there is nothing to score."""
    if not framework.parts:
        return [Fault("", "no_parts")]
    places: dict[str, str] = {}
    for above, indicator in headings(framework.parts):
        places.setdefault(indicator.id, place_of(above, indicator))
    counts = Counter(leaf.id for leaf in framework.leaves if leaf.id)
    repeated = [id_ for id_, count in counts.items() if count > 1]
    return [Fault(places[id_], "duplicate_id", {"id": id_}) for id_ in repeated]


STAND_IN: dict[str, Any] = {"slug": "", "title": "", "points": Decimal(0), "scheme": ""}
