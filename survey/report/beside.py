"""Writers that need no figures work in a second process, beside the one that draws.

What they are given and what they give back are values; a machine that cannot start a
second process does the work in the first.
"""

import os
import pickle
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Final, cast

from survey.errors import OutputError, SurveyError
from survey.parallel import can_copy, copied, ended

Job = tuple[Callable[..., bytes], tuple[object, ...]]

_PROGRAM: Final = "from survey.report.beside import main; main()"
_ENDED: Final = (
    "The process that writes workbook and slides was ended from outside, perhaps for "
    "want of memory. Run again, or with fewer formats (-f)."
)


@dataclass(frozen=True, slots=True)
class _Failed:
    """A fault of ours, as the second process reports it."""

    report: str


@contextmanager
def beside(jobs: Mapping[str, Job]) -> Iterator[Callable[[str], bytes]]:
    """Do jobs in a second process, while this one goes on.

    Parameters
    ----------
    jobs : mapping of str to (function, arguments)
        Functions of modules, and values that can be pickled.

    Yields
    ------
    callable
        Gives the result of a job by its name, and waits for it.

    Raises
    ------
    SurveyError
        What a job raised.
    OutputError
        The process ended without a result.

    Examples
    --------
    >>> with beside({"a": (bytes.upper, (b"x",))}) as result_of:
    ...     result_of("a")
    b'X'
    """
    if not jobs or not sys.executable:
        with here(jobs) as result_of:
            yield result_of
        return
    stream, end = _copy(jobs) if _may_copy() else _start(jobs)
    # Somebody has to listen all the time: a pipe holds little, and who writes waits.
    listener = ThreadPoolExecutor(1)
    try:
        answers = {name: listener.submit(_next, stream) for name in jobs}
        yield lambda name: _content(answers[name].result())
    finally:
        end()
        listener.shutdown(cancel_futures=True)
        stream.close()


@contextmanager
def here(jobs: Mapping[str, Job]) -> Iterator[Callable[[str], bytes]]:
    """Do jobs in this process, each when its result is asked for.

    Parameters
    ----------
    jobs : mapping of str to (function, arguments)
        As for `beside`.

    Yields
    ------
    callable
        Gives the result of a job by its name.
    """
    yield lambda name: _done(*jobs[name])


def main() -> None:
    """Read jobs, do them, and write the results: the entry of the second process."""
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # What comes in was pickled by our own parent.
    jobs = pickle.load(sys.stdin.buffer)  # noqa: S301 - see above
    _do_all(jobs, output)


def _do_all(jobs: Mapping[str, Job], output: BinaryIO) -> None:
    """Do jobs in their order, and write the result of each as soon as it is there."""
    for function, values in jobs.values():
        try:
            answer: object = _done(function, values)
        except SurveyError as problem:
            answer = problem
        except Exception:  # noqa: BLE001 - the parent says what went wrong
            answer = _Failed(traceback.format_exc())
        pickle.dump(answer, output)
        output.flush()


def _done(function: Callable[..., bytes], values: tuple[object, ...]) -> bytes:
    """Do one job."""
    return function(*values)


def _may_copy() -> bool:
    """Say whether a copy of this process can do the jobs.

    The threads of Typst, which sets logos for slides, do not live on in a copy.
    """
    return can_copy() and "typst" not in sys.modules


def _copy(jobs: Mapping[str, Job]) -> tuple[BinaryIO, Callable[[], None]]:
    """Let a copy of this process do the jobs; give its answers and how to end it."""
    stream, child = copied(partial(_do_all, jobs))
    return stream, partial(ended, child)


def _start(jobs: Mapping[str, Job]) -> tuple[BinaryIO, Callable[[], None]]:
    """Let an interpreter of its own do the jobs; modules are found as here."""
    places = os.pathsep.join(place for place in sys.path if place)
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-P", "-c", _PROGRAM],
        env={**os.environ, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )

    def end() -> None:
        """End the process, whatever it still does."""
        process.kill()
        process.wait()

    assert process.stdin is not None
    assert process.stdout is not None
    try:
        with process.stdin as stream:
            pickle.dump(dict(jobs), stream)
    except BrokenPipeError:
        end()
        process.stdout.close()
        raise OutputError(_ENDED) from None
    return cast("BinaryIO", process.stdout), end


def _next(stream: BinaryIO) -> object:
    """Wait for the next result."""
    try:
        return pickle.load(stream)  # noqa: S301 - written by our own child
    except (EOFError, pickle.UnpicklingError):
        return OutputError(_ENDED)


def _content(answer: object) -> bytes:
    """Give the result of a job, or raise what stood in its way."""
    match answer:
        case SurveyError():
            raise answer
        case _Failed(report):
            raise RuntimeError(report)
        case _:
            assert isinstance(answer, bytes)
            return answer
