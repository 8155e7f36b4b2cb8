"""Work in a copy of this process, beside what this one does.

Only where a copy is cheap and safe: on Linux, while Python runs one thread, with a
second processor. Everywhere else, and where the copy ends without a word, the work is
done here.
"""

import gc
import os
import pickle
import signal
import sys
import threading
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final, Generic, NoReturn, TypeVar

from survey.errors import SurveyError

T = TypeVar("T")
_SOME: Final = 2


@dataclass(frozen=True, slots=True)
class _Done(Generic[T]):
    """What a piece of work gave."""

    value: T


def side_by_side(work: Callable[[int], T], count: int) -> list[T]:
    """Do numbered pieces of work in two processes.

    Parameters
    ----------
    work : callable of int
        Gives a result that can be pickled, the same in whatever process.
    count : int
        How many pieces there are. Two thirds, the first ones, are done in the copy.

    Returns
    -------
    list
        Their results, in order.

    Raises
    ------
    SurveyError
        What the first piece raised that raised one.

    Examples
    --------
    >>> side_by_side(lambda number: number**2, 4)
    [0, 1, 4, 9]
    """
    if count < _SOME or not can_copy():
        return [work(number) for number in range(count)]
    split = count * 2 // 3
    reading, child = copied(partial(_tell, work, range(split)))
    try:
        here = _outcomes(work, range(split, count))
        there: list[_Done[T] | SurveyError] | None = _read(reading)
    finally:
        reading.close()
        ended(child)
    if there is None:
        there = _outcomes(work, range(split))
    return [_value(outcome) for outcome in (*there, *here)]


def can_copy() -> bool:
    """Say whether a copy of this process is cheap and safe.

    Returns
    -------
    bool
        True on Linux with a second processor, while Python runs one thread.
    """
    if sys.platform != "linux" or threading.active_count() > 1:
        return False
    return len(os.sched_getaffinity(0)) >= _SOME


def _outcomes(
    work: Callable[[int], T], numbers: Iterable[int]
) -> list[_Done[T] | SurveyError]:
    """Do pieces of work; keep what a user can put right for later."""
    found: list[_Done[T] | SurveyError] = []
    for number in numbers:
        try:
            found.append(_Done(work(number)))
        except SurveyError as problem:
            found.append(problem)
    return found


def _value(outcome: _Done[T] | SurveyError) -> T:
    """Give a result, or raise what stood in its way."""
    if isinstance(outcome, SurveyError):
        raise outcome
    return outcome.value


def copied(task: Callable[[BinaryIO], None]) -> tuple[BinaryIO, int]:
    """Copy this process, and let the copy do a task.

    Parameters
    ----------
    task : callable of a binary stream
        Writes what it finds. The copy ends with it, without anything that this
        process does at its end.

    Returns
    -------
    stream, int
        What the copy writes, and its process id, for `ended`.
    """
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python counts the idle threads of BLAS, which the child never uses.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        os.close(reading)
        _as_child(task, writing)
    os.close(writing)
    return os.fdopen(reading, "rb"), child


def _as_child(task: Callable[[BinaryIO], None], writing: int) -> NoReturn:
    """Do the task and end."""
    code = 1
    try:
        gc.disable()
        with os.fdopen(writing, "wb") as stream:
            task(stream)
        code = 0
    finally:
        # No traceback: the parent does the work again, and says what is wrong.
        os._exit(code)


def _tell(work: Callable[[int], T], numbers: range, stream: BinaryIO) -> None:
    """Do pieces of work, and write their results."""
    stream.write(pickle.dumps(_outcomes(work, numbers), protocol=5))


def _read(reading: BinaryIO) -> list[_Done[T] | SurveyError] | None:
    """Read the results of the copy; None where it ended without."""
    content = reading.read()
    if not content:
        return None
    found: list[_Done[T] | SurveyError] = pickle.loads(content)  # noqa: S301 - our own
    return found


def ended(child: int) -> None:
    """End a copy, whatever it still does.

    Parameters
    ----------
    child : int
        Process id from `copied`.
    """
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    # Who ignores SIGCHLD has no child to wait for.
    with suppress(ChildProcessError):
        os.waitpid(child, 0)
