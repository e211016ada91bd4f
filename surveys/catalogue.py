"""(slug, version) -> Questionnaire, for the questionnaires that ship with the product."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from surveys.definition import Questionnaire
from surveys.load import load_file

LIBRARY = Path(__file__).parent / "library"


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
