"""Other raking programs, each run in a Python that has it.

`PEER_PYTHON` may name such a Python, or several with the separator of PATH. Without it
a program that is not installed gets a virtual environment in the folder of caches.
"""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "survey-peers")
SCRIPT = Path(__file__).with_name("peer_weights_run.py")
# What a program needs besides itself.
NEEDS = {"rimpy": ("pandas", "polars", "pyarrow"), "svy": (), "weightipy": ()}
# rimpy needs 3.12.
NEWER = ("python3.14", "python3.13", "python3.12")

Problem = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Timed:
    """What a program took.

    Attributes
    ----------
    program, version : str
        Name, and its version; or why it was not run.
    found : mapping of (kind, margins, respondents) to (seconds, gap)
        Empty where it was not run.
    """

    program: str
    version: str
    found: dict[Problem, tuple[float, float]]


def run(program: str, folder: Path) -> Timed:
    """Time a program on the problems of a folder."""
    package = program.split(maxsplit=1)[0]
    try:
        python = sys.executable if package not in NEEDS else _python_with(package)
        printed = _call(python, str(SCRIPT), program, str(folder))
    except LookupError as error:
        return Timed(program, f"not at hand: {error}", {})
    # Some programs print words of their own.
    said = [line for line in printed.splitlines() if line.startswith(("[", '"'))]
    lines = [json.loads(line) for line in said]
    found = {tuple(line[:3]): (line[3], line[4]) for line in lines[1:]}
    return Timed(program, lines[0], found)


def _python_with(package: str) -> str:
    """Find a Python that has a package, or make one."""
    given = os.environ.get("PEER_PYTHON")
    made = CACHE / package / "bin" / "python"
    known = given.split(os.pathsep) if given else [sys.executable, str(made)]
    for python in known:
        if _works(python, f"import {package}"):
            return python
    if given:
        raise LookupError(f"PEER_PYTHON has no {package}")
    _call(_newer(), "-m", "venv", "--clear", str(CACHE / package))
    wanted = [package, *NEEDS[package]]
    _call(str(made), "-m", "pip", "install", "--quiet", *wanted)
    return str(made)


def _newer() -> str:
    """Find Python 3.12 or newer on the path or among those of pyenv."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    kept = sorted(root.glob("3.1[2-9]*/bin/python"), reverse=True)
    for python in (sys.executable, *map(shutil.which, NEWER), *map(str, kept)):
        # What pyenv puts on the path may stand for a version that is switched off.
        if python and _works(python, "import sys; assert sys.version_info >= (3, 12)"):
            return python
    raise LookupError("no Python 3.12 or newer")


def _works(python: str, code: str) -> bool:
    """Say whether a Python is there and runs a line."""
    try:
        _call(python, "-c", code)
    except LookupError:
        return False
    return True


def _call(*command: str) -> str:
    """Run a program and give what it printed; its last words where it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise LookupError(str(error)) from None
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["it stopped"]
        raise LookupError(last[0])
    return done.stdout
