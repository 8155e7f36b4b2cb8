"""What the README tells people to type works."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BLOCK = re.compile(r"^```(sh|python)\n(.*?)^```", re.MULTILINE | re.DOTALL)
README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
BLOCKS = BLOCK.findall(README)


@pytest.fixture(scope="module")
def clone(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clone")
    for name in ("data", "questionnaires"):
        shutil.copytree(root / name, folder / name)
    return folder


def run(command: list[str], folder: Path) -> str:
    bin_folder = str(Path(sys.executable).parent)
    env = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_commands_run_in_order(clone: Path) -> None:
    commands = [
        line for kind, text in BLOCKS if kind == "sh" for line in text.splitlines()
    ]
    assert len(commands) == 11
    printed = [run(shlex.split(command), clone) for command in commands]
    assert sum("Report: " in text for text in printed) == 5
    for folder in ("first-look", "second-look", "deutsch", "two-weights", "landscape"):
        made = {path.name for path in (clone / "reports" / folder).iterdir()}
        assert {"report.pdf", "tables.xlsx", "results.csv", "run.json"} <= made


@pytest.mark.parametrize(
    "text",
    [text for kind, text in BLOCKS if kind == "python"],
    ids=["study", "pandas", "stored", "designs", "weights", "estimates", "tables"],
)
def test_the_python_runs(text: str, clone: Path) -> None:
    assert run([sys.executable, "-W", "error", "-c", text], clone)


def test_every_file_that_is_linked_is_there(root: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", README)
    assert [link for link in links if not (root / link).exists()] == []
