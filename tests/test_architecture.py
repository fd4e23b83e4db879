"""Imports run one way and stand at the top, PURE packages know no Django, every module says what it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_IMPORT = {
    "config": {"config"},
    "surveys": {"config", "surveys"},
    "inspections": {"config", "surveys", "inspections"},
    "reports": {"config", "surveys", "inspections", "reports"},
}
PURE = (
    "surveys/companies/name_matching.py",
    "surveys/questionnaires",
    "surveys/quality/checks",
    "inspections/scoring",
    "reports/statistics",
    "reports/plans",
    "reports/charts",
)
# what a PURE package may import of its own house: statistics stands alone, the others may use it
PURE_MAY_IMPORT = {
    "surveys/companies/name_matching.py": ("surveys.companies.name_matching",),
    "surveys/quality/checks": ("surveys.quality.checks",),
    "surveys/questionnaires": ("config.language.problems", "config.language.texts", "surveys.questionnaires"),
    "inspections/scoring": ("surveys.questionnaires",),
    "reports/statistics": ("reports.statistics",),
    "reports/plans": (
        "config.language.problems",
        "config.language.texts",
        "config.tabular.yaml_nodes",
        "reports.plans",
        "reports.statistics",
        "surveys.questionnaires",
    ),
    "reports/charts": ("reports.charts", "reports.statistics"),
}
MODULES = sorted(
    path.relative_to(ROOT)
    for room in MAY_IMPORT
    for path in (ROOT / room).rglob("*.py")
    if "migrations" not in path.parts
)


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each imported module and whether it is imported at the top of the file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    top = set(map(id, tree.body))
    for node in ast.walk(tree):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names = [node.module or ""]
        for name in names:
            yield name, id(node) in top


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_one_way(path):
    room = path.parts[0]
    for name, at_top in imports(path):
        first = name.split(".")[0]
        assert first not in MAY_IMPORT or first in MAY_IMPORT[room], f"{path} imports {name}"
        assert at_top, f"{path} hides the import of {name} inside a function"


@pytest.mark.parametrize("path", [p for p in MODULES if str(p).startswith(PURE)], ids=str)
def test_pure_packages_know_no_django(path):
    package = next(p for p in PURE if str(path).startswith(p))
    for name, _at_top in imports(path):
        first = name.split(".")[0]
        assert first != "django", f"{path} imports {name}"
        assert first not in MAY_IMPORT or name.startswith(PURE_MAY_IMPORT[package]), f"{path} imports {name}"


@pytest.mark.parametrize("path", [p for p in MODULES if (ROOT / p).stat().st_size], ids=str)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(ast.parse((ROOT / path).read_text(encoding="utf-8")))


def test_only_the_ranking_puts_companies_in_order():
    downstream = [p for p in MODULES if str(p).startswith(("reports/documents", "reports/charts"))]
    for path in downstream:
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                sorted_what = ast.unparse(node)
                assert name not in ("sorted", "sort") or "compan" not in sorted_what, f"{path}: {sorted_what}"
