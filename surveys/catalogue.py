"""(slug, version) -> Questionnaire, for the questionnaires that ship with the product."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

import yaml
from pydantic import TypeAdapter

from surveys.definition import Contradiction, Questionnaire
from surveys.load import load_file

LIBRARY = Path(__file__).parent / "library"
RULES = LIBRARY / "contradictions"
"""Rules for shipped questionnaires, each in a file of the same name."""


class UnknownQuestionnaireError(LookupError):
    """No questionnaire of that name; `known` lists those that there are."""

    def __init__(self, name: str, known: list[str]) -> None:
        super().__init__(f"no questionnaire {name}; known: {', '.join(known)}")
        self.name, self.known = name, known


@cache
def shipped() -> Mapping[tuple[str, int], Questionnaire]:
    """All questionnaires of the library. Raises DefinitionError if a file is faulty."""
    loaded = [load_file(path) for path in sorted(LIBRARY.glob("*.yaml"))]
    return MappingProxyType({(q.slug, q.version): q for q in loaded})


def find(name: str) -> Questionnaire:
    """`slug` (its newest version), `slug@version`, or the path of a file.

    Raises UnknownQuestionnaireError, DefinitionError or OSError.
    """
    if name.endswith((".yaml", ".yml")):
        return load_file(Path(name))
    slug, _, version = name.partition("@")
    versions = {v: q for (s, v), q in shipped().items() if s == slug}
    names = {str(number): number for number in versions} | {"": max(versions, default=0)}
    wanted = names.get(version, 0)
    if wanted not in versions:
        known = [questionnaire.reference for questionnaire in shipped().values()]
        raise UnknownQuestionnaireError(name, known)
    return versions[wanted]


def contradictions(questionnaire: Questionnaire) -> tuple[Contradiction, ...]:
    """Which answers contradict each other: what the questionnaire says, else what ships with it."""
    key = (questionnaire.slug, questionnaire.version)
    shipping = shipped_rules().get(key, ())
    if questionnaire.contradictions or not shipping:
        return questionnaire.contradictions
    # Somebody else's questionnaire may have the same name and number.
    return shipping if shipped()[key] == questionnaire else ()


@cache
def shipped_rules() -> Mapping[tuple[str, int], tuple[Contradiction, ...]]:
    adapter = TypeAdapter(tuple[Contradiction, ...])
    found = {}
    for path in sorted(RULES.glob("*.yaml")):
        slug, _, version = path.stem.rpartition("-")
        rules = yaml.safe_load(path.read_text(encoding="utf-8"))
        found[slug, int(version)] = adapter.validate_python(rules)
    return MappingProxyType(found)
