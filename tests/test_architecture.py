"""Imports run one way, down the floors; PURE packages know no Django; every module says what it
is and is reached.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

# top floor first: a room imports from the rows below its own, never from beside or above
FLOORS = (
    ("reports.urls", "reports.api_urls", "reports.apps", "reports.templatetags"),
    ("reports.management",),
    ("reports.demo",),
    ("reports.today",),
    ("reports.releases",),
    ("reports.production",),
    ("reports.ranking", "reports.topline", "reports.inspection"),
    ("reports.publishing",),
    ("reports.data",),
    ("reports.plans",),
    ("reports.statistics",),
    (
        "inspections.urls",
        "inspections.api_urls",
        "inspections.apps",
        "inspections.admin",
        "inspections.templatetags",
    ),
    ("inspections.management",),
    ("inspections.dossier",),
    ("inspections.review", "inspections.revisits"),
    ("inspections.phone", "inspections.openrosa"),
    ("inspections.assigning",),
    ("inspections.visits",),
    ("inspections.devices",),
    ("inspections.campaigns",),
    ("inspections.agreement", "inspections.evidence"),
    ("surveys.urls", "surveys.api_urls", "surveys.apps", "surveys.admin"),
    ("surveys.management",),
    ("surveys.respondent",),
    ("surveys.channels", "surveys.directory", "surveys.monitoring", "surveys.designing"),
    ("surveys.quality",),
    ("surveys.responses",),
    ("surveys.collection",),
    ("surveys.forms",),
    ("surveys.companies", "surveys.workbooks"),
    ("surveys.questionnaires",),
    ("config.urls", "config.apps", "config.admin", "config.admin_app", "config.wsgi"),
    ("config.management",),
    (
        "config.settings",
        "config.middleware",
        "config.chunked",
        "config.log",
        "config.health",
    ),
    ("config.backup",),
    ("config.console", "config.work", "config.templatetags"),
    ("config.api",),
    ("config.accounts",),
    ("config.fields", "config.lists"),
    ("config.storage", "config.tabular"),
    ("config.failures",),
    ("config.language", "config.address", "config.charts"),
)
# what Django and a frozen migration look for at a fixed place
RE_EXPORTS = {f"{top}.models" for top in ("config", "surveys", "inspections", "reports")} | {
    "surveys.credit_code"
}
PURE = {
    "config/accounts/second_factor/totp": (),
    "config/charts": (),
    "config/accounts/signing_in/user_agents": (),
    "surveys/questionnaires": ("config.language.problems", "config.language.texts"),
    "surveys/companies/name_matching": ("config.language.spelling",),
    "surveys/quality/checks": (),
    "inspections/agreement": (),
    "inspections/assigning/allotting": ("inspections.campaigns.drawing",),
    "inspections/campaigns/drawing": (),
    "inspections/campaigns/geo": (),
    "inspections/campaigns/purchase": (),
    "inspections/campaigns/truth": ("surveys.questionnaires",),
    "inspections/evidence": (),
    "inspections/review/scope": ("inspections.agreement",),
    "inspections/visits/scoring": ("surveys.questionnaires",),
    "reports/statistics": ("inspections.agreement.proportions",),
    "reports/plans": (
        "config.language.problems",
        "config.language.spelling",
        "config.language.texts",
        "config.tabular.yaml_nodes",
        "reports.statistics",
        "surveys.questionnaires",
    ),
    "reports/releases/difference": (),
    "reports/releases/steps": ("config.language.problems",),
    "reports/publishing/charts": ("config.charts", "reports.statistics"),
}
TOPS = ("config", "surveys", "inspections", "reports")
MODULES = sorted(
    path.relative_to(ROOT)
    for top in TOPS
    for path in (ROOT / top).rglob("*.py")
    if "migrations" not in path.parts
)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[tuple[str, bool]]:
    """Yield each imported module, or thing of one, and whether it is imported at the top of the
    file.
    """
    top = set(map(id, tree(path).body))
    for node in ast.walk(tree(path)):
        names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            names = [f"{node.module}.{a.name}" for a in node.names]
        for name in names:
            yield name, id(node) in top


def room_of(name: str) -> tuple[int, str] | None:
    """Return the floor and the room that a module lies in; None for what belongs to none."""
    for floor, rooms in enumerate(FLOORS):
        for room in rooms:
            if name == room or name.startswith(f"{room}."):
                return floor, room
    return None


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_imports_run_down_the_floors(path):
    own = room_of(name_of(path))
    assert own or name_of(path) in RE_EXPORTS | set(TOPS), f"{path} lies on no floor; give it one"
    for name, at_top in imports(path):
        if name.split(".")[0] not in TOPS:
            continue
        assert at_top, f"{path} hides the import of {name} inside a function"
        other = room_of(name)
        assert other or name in ("config.__version__",), (
            f"{path} imports {name}, not the room that has it"
        )
        assert own is None or other is None or own[1] == other[1] or own[0] < other[0], (
            f"{path} imports {name}"
        )


@pytest.mark.parametrize("path", [p for p in MODULES if str(p).startswith(tuple(PURE))], ids=str)
def test_pure_packages_know_no_django(path):
    package = next(p for p in PURE if str(path).startswith(p))
    allowed = (package.replace("/", "."), *PURE[package])
    for name, _at_top in imports(path):
        assert name.split(".")[0] != "django", f"{path} imports {name}"
        assert name.split(".")[0] not in TOPS or name.startswith(allowed), f"{path} imports {name}"


@pytest.mark.parametrize("path", [p for p in MODULES if (ROOT / p).stat().st_size], ids=str)
def test_every_module_says_what_it_is(path):
    assert ast.get_docstring(tree(path))


def test_only_the_ranking_puts_companies_in_order():
    downstream = (
        "reports/publishing",
        "reports/ranking/presenters",
        "reports/ranking/files",
        "reports/ranking/data",
    )
    for path in MODULES:
        if not str(path).startswith(downstream):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, (ast.Name, ast.Attribute)):
                name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
                sorted_what = ast.unparse(node)
                assert name not in ("sorted", "sort") or "compan" not in sorted_what, (
                    f"{path}: {sorted_what}"
                )


def names_in(node: ast.AST) -> set[str]:
    """Return every name and attribute in a piece of code, and texts that may be one (getattr)."""
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(part.attr)
        elif isinstance(part, ast.Constant) and str(part.value).isidentifier():
            found.add(str(part.value))
    return found


def test_every_function_of_the_engine_is_reached_by_something_a_user_can_do():
    """By names: what pages, commands, plans and documents call, what that calls, and so on. A
    method is reached with its own name, never with its class alone.
    """
    engine: dict[str, list[ast.AST]] = {}
    called: set[str] = set()
    for path in MODULES:
        body = [n for n in tree(path).body if not isinstance(n, (ast.Import, ast.ImportFrom))]
        if not str(path).startswith("reports/statistics/"):
            called |= {name for node in body for name in names_in(node)}
            continue
        for node in body:
            parts = node.body if isinstance(node, ast.ClassDef) else []
            methods = [m for m in parts if isinstance(m, ast.FunctionDef)]
            for one in (n for n in (node, *methods) if isinstance(n, ast.FunctionDef)):
                engine.setdefault(one.name, []).append(one)
            for part in parts:
                if part not in methods or str(getattr(part, "name", "")).startswith("__"):
                    engine.setdefault(node.name, []).append(part)  # type: ignore[attr-defined]

    waiting, reached = [*called], set(called)
    while waiting:
        for node in engine.get(waiting.pop(), []):
            more = names_in(node) - reached
            reached |= more
            waiting += more

    defined = {name for name in engine if not name.startswith("__")}
    assert defined - reached == set()
