"""Imports run the way the data flow: from the file to the report, never back."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "survey"
LAYERS = (
    "said",
    "errors",
    "parallel",
    "finding",
    "yaml_file",
    "importers",
    "questionnaire",
    "responses",
    "checks",
    "weighting",
    "estimation",
    "tabulation",
    "indicators",
    "openness",
    "listing",
    "model_use",
    "study",
    "schemas",
    "stub",
    "wave",
    "waves",
    "drafts",
    "report",
    "results_changes",
    "results_weights",
    "results_landscape",
    "results",
    "weighted_files",
    "landscape_report",
    "analysis",
    "terminal",
    "cli_options",
    "cli_files",
    "cli_landscape",
    "cli_openness",
    "cli",
)
LAZY = {
    "survey.cli",
    "survey.cli_files",
    "survey.cli_landscape",
    "survey.cli_openness",
    "survey.cli_options",
}
MODULES = sorted(
    path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py"
)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def own_imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
            "survey"
        ):
            assert node.level == 0, "imports are absolute"
            yield str(node.module), node
        elif isinstance(node, ast.Import):
            yield from (
                (alias.name, node)
                for alias in node.names
                if alias.name.split(".")[0] == "survey"
            )


def layer(name: str) -> int:
    return LAYERS.index(name.split(".")[1])


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_a_module_imports_from_its_layer_or_an_earlier_one(path: Path) -> None:
    name = module_name(path)
    later = [
        other
        for other, _ in own_imports(ast.parse(path.read_text(encoding="utf-8")))
        if layer(other) > layer(name)
    ]
    assert later == []


def test_there_are_no_circles() -> None:
    graph = {
        module_name(path): {
            other
            for other, _ in own_imports(ast.parse(path.read_text(encoding="utf-8")))
        }
        for path in MODULES
    }
    order = list(TopologicalSorter(graph).static_order())
    assert len(order) >= len(MODULES)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_own_modules_are_imported_at_the_top(path: Path) -> None:
    if module_name(path) in LAZY:
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
    inside = [other for f in functions for other, _ in own_imports(f)]
    assert inside == []


def test_every_folder_has_a_layer() -> None:
    names = {path.relative_to(PACKAGE).parts[0].removesuffix(".py") for path in MODULES}
    assert names == set(LAYERS)


def test_the_tree_in_architecture_is_true() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    missing = [
        path.name
        for path in MODULES
        if path.name != "__init__.py" and path.stem not in text
    ]
    assert missing == []
