"""The figures of the README are what the shipped study gives."""

import importlib.util
from importlib.metadata import version
from pathlib import Path

import pytest

import survey


def test_the_figures_of_the_readme_come_out_again(root: Path) -> None:
    wanted = dict(
        line.strip().split("==")
        for line in (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    )
    names = ("matplotlib", "typst", "numpy", "pandas", "scipy")
    other = [name for name in names if version(name) != wanted[name]]
    if other:
        pytest.skip(f"other versions than in constraints.txt: {other}")
    path = root / "reports" / "example" / "make_example.py"
    spec = importlib.util.spec_from_file_location("make_example", path)
    assert spec is not None
    assert spec.loader is not None
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    made = example.figures(survey.analyze(example.STUDY, waves=["2025"]))
    assert set(made) == set(example.FIGURES)
    for name, content in made.items():
        assert content == (path.parent / f"{name}.png").read_bytes(), name
        assert f"reports/example/{name}.png" in (root / "README.md").read_text("utf-8")
