"""The stored reference numbers are what R gives today."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPTS = ("estimates", "estimators", "regression", "tests", "weighting")
# R prints 15 digits, and other builds of its linear algebra may differ in the last.
RELATIVE = 1e-9


def r_is_here() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "library(survey); library(jsonlite)"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def differences(one: object, two: object, where: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(two, dict):
        if set(one) != set(two):
            return [f"{where}: other names"]
        return [
            d for key in one for d in differences(one[key], two[key], f"{where}/{key}")
        ]
    if isinstance(one, list) and isinstance(two, list):
        if len(one) != len(two):
            return [f"{where}: other length"]
        pairs = enumerate(zip(one, two, strict=True))
        return [d for i, (a, b) in pairs for d in differences(a, b, f"{where}[{i}]")]
    if isinstance(one, float) or isinstance(two, float):
        same = one == pytest.approx(two, rel=RELATIVE, abs=1e-12, nan_ok=True)
        return [] if same else [f"{where}: {one} and {two}"]
    return [] if one == two else [f"{where}: {one} and {two}"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_rerun_gives_the_stored_numbers(script: str, tmp_path: Path) -> None:
    if not r_is_here():
        pytest.skip("R with survey and jsonlite is not installed")
    for path in HERE.glob("*.R"):
        shutil.copy(path, tmp_path)
    command = ["Rscript", str(tmp_path / f"{script}.R"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = sorted(tmp_path.glob("*.json"))
    assert made
    for path in made:
        stored = json.loads((HERE / path.name).read_text(encoding="utf-8"))
        assert differences(json.loads(path.read_text("utf-8")), stored) == []
