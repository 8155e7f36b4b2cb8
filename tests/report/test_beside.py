"""A second process gives what the first would, and says what went wrong."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from survey.errors import OutputError
from survey.report import beside as module
from survey.report.beside import beside, here
from survey.report.slides.template import read_template


@pytest.fixture(params=[True, False], ids=["a copy", "an interpreter"], autouse=True)
def in_both_ways(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_may_copy", lambda: request.param)


def test_results_are_those_of_this_process() -> None:
    jobs = {"a": (bytes.upper, (b"x" * 300_000,)), "b": (bytes.lower, (b"Y",))}
    with beside(jobs) as there, here(jobs) as result_of:
        for name in ("b", "a", "b"):
            assert there(name) == result_of(name)


def test_a_job_does_not_wait_until_the_one_before_is_asked_for(tmp_path: Path) -> None:
    # What the first job gives is more than a pipe holds.
    sign = tmp_path / "done"
    jobs = {"a": (bytes.upper, (b"x" * 3_000_000,)), "b": (os.mkdir, (sign,))}
    with beside(jobs):  # type: ignore[arg-type]
        for _ in range(600):
            if sign.exists():
                break
            time.sleep(0.1)
        assert sign.exists()


def test_what_a_user_can_put_right_is_raised_here(tmp_path: Path) -> None:
    jobs = {"a": (read_template, (tmp_path / "none.potx",))}
    with (
        pytest.raises(OutputError, match=r"none\.potx cannot be read"),
        beside(jobs) as result_of,
    ):
        result_of("a")


def test_our_own_fault_comes_with_its_place() -> None:
    with (
        pytest.raises(RuntimeError, match=r"Traceback[\s\S]*TypeError"),
        beside({"a": (bytes.upper, (b"x", 1))}) as result_of,
    ):
        result_of("a")


def test_a_process_that_is_killed_is_told() -> None:
    with (
        pytest.raises(OutputError, match="ended from outside"),
        beside({"a": (os._exit, (3,))}) as result_of,  # type: ignore[dict-item]
    ):
        result_of("a")


def test_a_program_without_an_interpreter_works_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "executable", "")
    with beside({"a": (bytes.upper, (b"x",))}) as result_of:
        assert result_of("a") == b"X"


def test_workbook_and_slides_start_without_slow_libraries() -> None:
    # The second process would load them all again, half a second each time.
    program = (
        "import sys, survey.report.xlsx, survey.report.slides.pptx; "
        "print(*sorted({'matplotlib', 'numpy', 'pandas', 'scipy'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", program]
    assert subprocess.check_output(command).split() == []
