"""Work in two processes gives what one would, and never less."""

import os
import threading
from collections.abc import Callable

import pytest

from survey import parallel
from survey.errors import StudyError
from survey.parallel import side_by_side


@pytest.fixture(params=["two processes", "one process"])
def cheap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways, whatever the machine is."""
    two = request.param == "two processes"
    if two and not hasattr(os, "fork"):
        pytest.skip("this system cannot copy a process")
    monkeypatch.setattr(parallel, "can_copy", lambda: two)
    return str(request.param)


def squared(number: int) -> tuple[int, int]:
    return number**2, os.getpid()


@pytest.mark.parametrize("count", [0, 1, 2, 3, 7])
def test_results_stand_in_order(cheap: str, count: int) -> None:
    found = side_by_side(squared, count)
    assert [value for value, _ in found] == [number**2 for number in range(count)]
    here = [process == os.getpid() for _, process in found]
    expected = count * 2 // 3 if cheap == "two processes" and count > 1 else 0
    assert here == [False] * expected + [True] * (count - expected)


def failing(wrong: set[int]) -> Callable[[int], int]:
    def work(number: int) -> int:
        if number in wrong:
            raise StudyError(f"wave {number}: wrong")
        return number

    return work


@pytest.mark.parametrize("wrong", [{0}, {2}, {1, 2}, {0, 1, 2}])
@pytest.mark.usefixtures("cheap")
def test_the_first_error_is_told(wrong: set[int]) -> None:
    with pytest.raises(StudyError, match=f"wave {min(wrong)}: wrong"):
        side_by_side(failing(wrong), 3)


@pytest.mark.usefixtures("cheap")
def test_a_copy_that_dies_is_replaced() -> None:
    parent = os.getpid()

    def work(number: int) -> int:
        if os.getpid() != parent:
            os._exit(9)
        return number

    assert side_by_side(work, 3) == [0, 1, 2]


@pytest.mark.usefixtures("cheap")
def test_a_fault_of_ours_shows_its_traceback() -> None:
    def work(number: int) -> float:
        return 1 / (number - 0)

    with pytest.raises(ZeroDivisionError):
        side_by_side(work, 3)


@pytest.mark.usefixtures("cheap")
def test_a_result_that_cannot_travel_is_made_here() -> None:
    made = side_by_side(lambda number: lambda: number, 3)
    assert [each() for each in made] == [0, 1, 2]


def test_a_process_of_several_threads_is_not_copied() -> None:
    wait = threading.Event()
    thread = threading.Thread(target=wait.wait)
    thread.start()
    try:
        found = side_by_side(squared, 3)
    finally:
        wait.set()
        thread.join()
    assert {process for _, process in found} == {os.getpid()}
