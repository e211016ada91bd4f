"""Who may import whom (DESIGN section 1), kept by reading every module's syntax tree."""

from __future__ import annotations

import ast
import graphlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("config", "surveys", "analysis", "app")

# Row: modules under the name on the left may import the standard library and what is named.
# The longest matching name decides; None means anything (wiring).
ALLOWED: dict[str, tuple[str, ...] | None] = {
    "config": (),
    "surveys": ("surveys", "numpy", "pydantic", "yaml", "openpyxl"),
    # jinja2, which docxtpl fills templates with, to check the tags of somebody's own template;
    # PIL, which matplotlib writes PNGs with, to write them with a palette.
    "analysis": (
        *("analysis", "surveys", "numpy", "scipy", "matplotlib", "pydantic", "yaml"),
        *("xlsxwriter", "docx", "docxtpl", "jinja2", "PIL"),
    ),
    # surveys.definition for the one list of audiences; orjson stores answers.
    "app.models": ("app.models", "sqlalchemy", "surveys.definition", "orjson"),
    "app.problems": ("app.problems",),
    # argon2 for passwords, numpy and orjson for packed records, alembic to migrate at the start,
    # openpyxl and xlsxwriter for area lists and raw exports, itsdangerous for proofs of consent.
    "app.services": (
        *("app.services", "app.models", "app.problems", "surveys", "analysis", "sqlalchemy"),
        *("argon2", "numpy", "orjson", "alembic", "openpyxl", "xlsxwriter", "yaml", "pydantic"),
        "itsdangerous",
        "cryptography",  # opens what tablets sealed
    ),
    "app.forms": ("surveys", "wtforms", "markupsafe"),
    # Of analysis only what draws and the vocabulary of plans, see also VALUES; no counting.
    # app.request hands a route its session, clock and person.
    "app.routes": (
        *("app.routes", "app.services", "app.forms", "app.problems", "app.request", "surveys"),
        "app.openapi",
        *("analysis.reports", "analysis.charts", "analysis.wording", "analysis.table"),
        "analysis.plans",
        *("flask", "flask_login", "flask_wtf", "flask_babel", "flask_bootstrap"),
        *("werkzeug", "wtforms", "markupsafe", "orjson"),
        "segno",
    ),
    # A description made from the schemas and the problems, nothing that runs.
    "app.openapi": (
        *("app.services", "app.problems", "app.openapi_parts", "app.openapi_fieldwork"),
    ),
    "app.openapi_parts": ("app.problems",),
    "app.openapi_fieldwork": ("app.services", "app.openapi_parts"),
    "app": None,
}

# Classes and constants (capital letter) of the package on the right may be named as well: the
# values that a page shows and the errors that it translates.
VALUES = {"app.routes": "analysis"}

# Browser modules may import only their row; a script without a row joins them on a page.
SCRIPTS = {
    "conditions.js": (),
    "form.js": ("conditions.js",),
    "tablet/api.js": (),
    "tablet/courier.js": ("outbox.js", "sync.js"),
    "tablet/device.js": ("outbox.js",),
    "tablet/ids.js": (),
    "tablet/outbox.js": (),
    "tablet/receipts.js": (),
    "tablet/seal.js": (),
    "tablet/speak.js": (),
    "tablet/store.js": (),
    "tablet/sync.js": (),
    "tablet/update.js": (),
}


@dataclass(frozen=True)
class Import:
    """One import: the module that says it, where, the name imported, and whether it runs."""

    importer: str
    file: str
    line: int
    target: str
    runs: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.importer} imports {self.target}"


def modules(root: Path) -> dict[str, Path]:
    """Dotted name -> file, for everything of ours below `root`."""
    files = [root / "config.py", *(p for top in OURS for p in (root / top).rglob("*.py"))]
    return {_dotted(file.relative_to(root)): file for file in files if file.exists()}


def _dotted(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(root: Path) -> list[Import]:
    known = modules(root)
    return [found for name in known for found in _imports_of(name, known, root)]


def _imports_of(name: str, known: dict[str, Path], root: Path) -> Iterator[Import]:
    tree = ast.parse(known[name].read_text(encoding="utf-8"))
    unrun = {inner for node in ast.walk(tree) if _is_typing_only(node) for inner in ast.walk(node)}
    package = name if known[name].name == "__init__.py" else name.rpartition(".")[0]
    file = known[name].relative_to(root).as_posix()
    for node in ast.walk(tree):
        for target in _targets(node, package):
            yield Import(name, file, getattr(node, "lineno", 0), target, node not in unrun)


def _is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def _targets(node: ast.AST, package: str) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        base = _absolute(node, package)
        return [f"{base}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(
        ("import_module", "__import__")
    ):
        return [str(arg.value) for arg in node.args[:1] if isinstance(arg, ast.Constant)]
    return []


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parents = package.split(".")
    kept = parents[: len(parents) - node.level + 1]
    return ".".join([*kept, *([node.module] if node.module else [])])


def layer_faults(root: Path) -> list[str]:
    """One line per forbidden import: which file imports what, and what it may import."""
    faults = []
    for found in imports(root):
        row = max((name for name in ALLOWED if _below(found.importer, name)), key=len)
        allowed = ALLOWED[row]
        if allowed is None or found.target.partition(".")[0] in sys.stdlib_module_names:
            continue
        if _is_value(found.target, VALUES.get(row)):
            continue
        if not any(_below(found.target, name) for name in allowed):
            may = ", ".join(allowed) or "the standard library only"
            faults.append(f"{found} (a module of {row} may import: {may})")
    return faults


def _is_value(name: str, package: str | None) -> bool:
    return package is not None and _below(name, package) and name.rpartition(".")[2][0].isupper()


def _below(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


def cycle(root: Path) -> list[str]:
    """The modules of one import cycle, or nothing. Imports that only types need do not run."""
    known = modules(root)
    graph: dict[str, set[str]] = {name: set() for name in known}
    for found in imports(root):
        target = found.target if found.target in known else found.target.rpartition(".")[0]
        if found.runs and target in known and target != found.importer:
            graph[found.importer].add(target)
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return list(reversed(error.args[1]))
    return []


def script_faults(folder: Path) -> list[str]:
    """One line per forbidden import of a browser module, or per module with two worlds in it."""
    faults = []
    for file in sorted(folder.rglob("*.js")):
        name = file.relative_to(folder).as_posix()
        text = file.read_text(encoding="utf-8")
        for target in re.findall(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""", text):
            if Path(target).name not in SCRIPTS.get(name, (Path(target).name,)):
                faults.append(f"{name} imports {target}")
        if re.search(r"\bindexedDB\b", text) and re.search(r"\bdocument\b", text):
            faults.append(f"{name} touches both IndexedDB and the page")
    return faults


def test_every_module_imports_only_what_its_layer_may() -> None:
    assert not layer_faults(ROOT), "\n" + "\n".join(layer_faults(ROOT))


def test_no_import_cycle() -> None:
    assert not cycle(ROOT), "import cycle: " + " -> ".join(cycle(ROOT))


def test_browser_modules_import_only_what_they_may() -> None:
    assert not script_faults(ROOT / "app/static/js")


def test_the_checker_reads_the_real_modules() -> None:
    assert {"config", "surveys.answers", "app.models", "app.services"} <= set(modules(ROOT))
    named = {found.target for found in imports(ROOT)}
    assert {"surveys.definition.Audience", "sqlalchemy.orm.Session", "app.problems"} <= named


PLANTED = {
    "a setting that needs a package": ("config.py", "import yaml", "config imports yaml"),
    "domain code that knows Flask": ("surveys/a.py", "import flask", "surveys.a imports flask"),
    "questions that know numbers": ("surveys/a.py", "from analysis import b", "analysis.b"),
    "numbers that know people": ("analysis/b.py", "from app.models import Base", "app.models"),
    "tables that know verbs": ("app/models/c.py", "from app.services import d", "app.services.d"),
    "verbs that know requests": ("app/services/d.py", "import flask.globals", "flask.globals"),
    "a form that knows tables": ("app/forms.py", "import sqlalchemy", "sqlalchemy"),
    "a page that reads tables": ("app/routes/e.py", "from sqlalchemy import select", "sqlalchemy"),
    "a page that counts": (
        "app/routes/e.py",
        "from analysis.tabulate import UnknownGroupingError, tabulate",
        "analysis.tabulate.tabulate",
    ),
    "a relative import": ("app/services/d.py", "from ..routes import e", "app.routes.e"),
    "a late import": ("surveys/a.py", "def f():\n    import app", "surveys.a imports app"),
    "an import by name": ("surveys/a.py", "import_module('app.cli')", "app.cli"),
    "an import for types": (
        "surveys/a.py",
        "if TYPE_CHECKING:\n    import app",
        "surveys.a imports app",
    ),
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small tree with one clean module per layer."""
    for name in ("surveys/a", "analysis/b", "app/models/c", "app/services/d", "app/routes/e"):
        file = tmp_path / f"{name}.py"
        file.parent.mkdir(parents=True)
        file.write_text("import json\n")
    (tmp_path / "app/__init__.py").write_text("from app.routes import e\n")
    return tmp_path


def test_a_clean_tree_has_no_faults(tree: Path) -> None:
    assert layer_faults(tree) == []
    assert cycle(tree) == []


@pytest.mark.parametrize(("file", "source", "named"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_violation_is_named(tree: Path, file: str, source: str, named: str) -> None:
    (tree / file).write_text(source + "\n")
    (fault,) = layer_faults(tree)
    assert fault.startswith(file + ":")
    assert named in fault


def test_a_planted_cycle_is_named_even_when_the_import_is_late(tree: Path) -> None:
    (tree / "app/services/d.py").write_text("from app.services import f\n")
    (tree / "app/services/f.py").write_text("def late():\n    from app.services import d\n")
    assert set(cycle(tree)) == {"app.services.d", "app.services.f"}


def test_a_planted_script_fault_is_named(tmp_path: Path) -> None:
    (tmp_path / "form.js").write_text('import { drain } from "./outbox.js";\n')
    (tmp_path / "page.js").write_text("document.title = indexedDB.databases;\n")
    assert script_faults(tmp_path) == [
        "form.js imports ./outbox.js",
        "page.js touches both IndexedDB and the page",
    ]
