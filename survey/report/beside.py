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
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from survey.errors import OutputError, SurveyError

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
    process = _start()
    try:
        _hand_over(process, jobs)
        found: dict[str, bytes] = {}

        def from_child(name: str) -> bytes:
            """Read results until the one that is wanted has come."""
            while name not in found:
                key, content = _next(process)
                found[key] = content
            return found[name]

        yield from_child
    finally:
        if process.stdout is not None:
            process.stdout.close()
        process.kill()
        process.wait()


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
    for name, (function, values) in jobs.items():
        try:
            answer: object = (name, _done(function, values))
        except SurveyError as problem:
            answer = problem
        except Exception:  # noqa: BLE001 - the parent says what went wrong
            answer = _Failed(traceback.format_exc())
        pickle.dump(answer, output)
        output.flush()


def _done(function: Callable[..., bytes], values: tuple[object, ...]) -> bytes:
    """Do one job."""
    return function(*values)


def _start() -> "subprocess.Popen[bytes]":
    """Start an interpreter that finds modules where this one does."""
    places = os.pathsep.join(place for place in sys.path if place)
    return subprocess.Popen(  # noqa: S603 - our own interpreter and our own module
        [sys.executable, "-P", "-c", _PROGRAM],
        env={**os.environ, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def _hand_over(process: "subprocess.Popen[bytes]", jobs: Mapping[str, Job]) -> None:
    """Give the jobs to the second process."""
    assert process.stdin is not None
    try:
        with process.stdin as stream:
            pickle.dump(dict(jobs), stream)
    except BrokenPipeError:
        raise OutputError(_ENDED) from None


def _next(process: "subprocess.Popen[bytes]") -> tuple[str, bytes]:
    """Wait for the next result."""
    assert process.stdout is not None
    try:
        answer = pickle.load(process.stdout)  # noqa: S301 - written by our own child
    except (EOFError, pickle.UnpicklingError):
        raise OutputError(_ENDED) from None
    match answer:
        case SurveyError():
            raise answer
        case _Failed(report):
            raise RuntimeError(report)
        case _:
            name, content = answer
            return name, content
