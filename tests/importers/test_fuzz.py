"""Mutated exports: `make fuzz` runs twenty thousand, these are the first of another."""

import importlib
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="limits of memory are those of Linux and macOS"
)


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("fuzz_worker")


def test_mutated_files_end_in_a_result_or_a_message() -> None:
    asked = ("--json", "--cases", "1500", "--seed", "1")
    done = subprocess.run(
        [sys.executable, BENCHMARKS / "fuzz.py", *asked],
        stdout=subprocess.PIPE,
        check=False,
    )
    found = json.loads(done.stdout)

    assert found["failures"] == []
    assert done.returncode == 0
    assert found["cases"] == sum(found["counts"].values()) == 1500
    assert min(found["counts"]["result"], found["counts"]["error"]) > 300
    assert found["bound"] > 100


def test_a_case_that_ends_its_process_is_named(
    worker: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash = [sys.executable, "-c", "import os; os.abort()"]
    monkeypatch.setattr(worker, "command", lambda *_: crash)

    found = list(worker.outcomes(1, 3, 8, 2))

    assert [outcome.number for outcome in found] == [3, 5, 7]
    assert {outcome.how for outcome in found} == {"crash, code -6"}


def test_a_case_that_does_not_end_is_named(
    worker: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = '{"number": 0, "how": "result"}'
    stuck = [
        sys.executable,
        "-c",
        f"print('{line}', flush=True); import time; time.sleep(60)",
    ]
    monkeypatch.setattr(worker, "command", lambda *_: stuck)
    monkeypatch.setattr(worker, "SECONDS", 0.2)

    first, second = worker.outcomes(1, 0, 2, 1)

    assert first.how == "result"
    assert (second.number, second.how) == (1, "more than 0 s")


def test_the_same_number_gives_the_same_files(worker: ModuleType) -> None:
    seeds = worker.made()[:12], []
    one, same = (worker.make_case(*seeds, 1, 5) for _ in range(2))

    assert one == same
    assert one != worker.make_case(*seeds, 1, 6)
