"""Parsers written in C run in a process of their own, so that a crash ends only that.

The child has a limit of memory and of time, reads one file, and leaves its result in
a file of arrays: nothing that it hands back can run.
"""

import faulthandler
import gc
import importlib
import os
import select
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO, Final, NoReturn

from survey.errors import DataFileError
from survey.importers.labels import tidy

Work = Callable[[str, BinaryIO], None]

_MEGABYTE = 1_000_000
_SECONDS, _SECONDS_PER_MEGABYTE = 60, 2
# A value of one byte becomes a Python number of 24 bytes and a pointer to it.
_MEMORY, _MEMORY_PER_BYTE = 2_000_000_000, 64
_MOST_REASON = 300
# Windows has neither signal.
_KILLED: Final = getattr(signal, "SIGKILL", 9)
_OUT_OF_TIME: Final = getattr(signal, "SIGXCPU", 24)
_PROGRAM = "from survey.importers.binary.isolated import main; main()"


@dataclass(frozen=True, slots=True)
class _Job:
    """A function, the file it reads, where its result goes, and its limits."""

    work: Work
    path: str
    folder: Path
    memory: int
    seconds: int

    @property
    def result(self) -> Path:
        """File of the result; there only once it is complete."""
        return self.folder / "result"

    @property
    def failure(self) -> Path:
        """File that says why there is no result."""
        return self.folder / "failure"


@contextmanager
def isolated(
    work: Work,
    path: Path,
    *,
    subject: str,
    advice: str,
    library: str,
    named: str = "",
) -> Iterator[BinaryIO]:
    """Run a parser in a process of its own.

    Parameters
    ----------
    work : function of (path, open file)
        A function of a module, that reads the path and writes a result to the file.
    path : Path
        File to read.
    subject : str
        What the file is, for messages: ``SPSS file``.
    advice : str
        What to do when it cannot be read, as a sentence.
    library : str
        Module that the work needs: it is loaded only once where the child is a copy
        of this process.
    named : str, optional
        Name of the file in messages, where it is not its path.

    Yields
    ------
    open file
        The result, from its start; gone afterwards.

    Raises
    ------
    DataFileError
        The work raised, crashed, or needed more memory or time than it may.

    Notes
    -----
    On Linux the child is a fork, as long as Python runs one thread (threads of BLAS and
    Arrow are not used by the child); elsewhere it is a new interpreter.

    Examples
    --------
    >>> asked = {"subject": "SPSS file", "advice": "Fetch it again.", "library": "json"}
    >>> with isolated(copy, Path("no.sav"), **asked) as result:
    ...     result.read()
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: no.sav: the SPSS file cannot be read (...
    """
    with TemporaryDirectory(prefix="survey-") as folder:
        size = path.stat().st_size if path.exists() else 0
        memory = _MEMORY + _MEMORY_PER_BYTE * size
        seconds = _SECONDS + _SECONDS_PER_MEGABYTE * size // _MEGABYTE
        job = _Job(work, str(path), Path(folder), memory, seconds)
        code = _run(job, library)
        if not job.result.exists():
            reason = _reason(job, code)
            raise DataFileError(
                f"{named or path}: the {subject} cannot be read ({reason}). {advice}"
            )
        with job.result.open("rb") as result:
            yield result


def copy(path: str, result: BinaryIO) -> None:
    """Give a file as it is: the least work there is.

    Parameters
    ----------
    path : str
        File to read.
    result : open file
        Where its bytes go.

    Examples
    --------
    >>> import io
    >>> copy("no-such-file", io.BytesIO())
    Traceback (most recent call last):
    ...
    FileNotFoundError: ...
    """
    result.write(Path(path).read_bytes())


def main() -> None:
    """Do the work that the command line names: the entry of a new interpreter.

    Raises
    ------
    SystemExit
        Always: 0 where there is a result.
    """
    module, name, path, folder, memory, seconds = sys.argv[1:]
    work: Work = getattr(importlib.import_module(module), name)
    job = _Job(work, path, Path(folder), int(memory), int(seconds))
    _limit(job)
    sys.exit(_do(job))


def _run(job: _Job, library: str) -> int:
    """Do the work in a child; give its exit code, or the signal below zero."""
    if sys.platform == "linux" and threading.active_count() == 1:
        importlib.import_module(library)
        return _fork(job)
    # A frozen program knows no interpreter to start.
    return _spawn(job) if sys.executable else _do(job)


def _fork(job: _Job) -> int:
    """Do the work in a copy of this process."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        # Python counts the idle threads of BLAS, which the child never uses.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        _as_child(job)
    os.close(writing)
    ended = False
    try:
        ended = _ends(reading, job.seconds)
    finally:
        os.close(reading)
        if not ended:
            os.kill(child, signal.SIGKILL)
        code = _code(child)
    return code


def _as_child(job: _Job) -> NoReturn:
    """Do the work and end, without anything that the parent does at its end."""
    code = 1
    try:
        # What the parent has left to collect or to write is its own affair.
        gc.disable()
        faulthandler.disable()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        _limit(job)
        code = _do(job)
    finally:
        os._exit(code)


def _ends(reading: int, seconds: int) -> bool:
    """Wait until the child closes its end of a pipe; False when time is up."""
    poll = select.poll()
    poll.register(reading, select.POLLIN | select.POLLHUP)
    return bool(poll.poll(seconds * 1000))


def _code(child: int) -> int:
    """Give the exit code of a child, or its signal below zero."""
    # Who ignores SIGCHLD has no status to ask for.
    with suppress(ChildProcessError):
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return 0


def _spawn(job: _Job) -> int:
    """Do the work in a new interpreter, which finds modules where this one does."""
    work = (job.work.__module__, job.work.__qualname__, job.path, str(job.folder))
    limits = (str(job.memory), str(job.seconds))
    places = os.pathsep.join(place for place in sys.path if place)
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own module
            [sys.executable, "-P", "-c", _PROGRAM, *work, *limits],
            env={**os.environ, "PYTHONPATH": places, "OPENBLAS_NUM_THREADS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=job.seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return -int(_KILLED)
    return done.returncode


def _do(job: _Job) -> int:
    """Write the result, or why there is none."""
    partial = job.folder / "partial"
    try:
        with partial.open("wb") as result:
            job.work(job.path, result)
        partial.rename(job.result)
    except MemoryError:
        job.failure.write_text(_too_large(job), encoding="utf-8")
        return 1
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # noqa: BLE001 - a panic of Rust is no Exception
        text = tidy(str(error))[:_MOST_REASON] or type(error).__name__
        job.failure.write_text(text, encoding="utf-8", errors="replace")
        return 1
    return 0


def _limit(job: _Job) -> None:
    """Limit what this process may use, beyond what it has already."""
    if sys.platform == "win32":
        return
    import resource

    used = 0
    with suppress(OSError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        used = pages * resource.getpagesize()
    # Some systems know no limit of memory; time is limited everywhere.
    for kind, most in (
        (resource.RLIMIT_AS, used + job.memory),
        (resource.RLIMIT_CPU, job.seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def _reason(job: _Job, code: int) -> str:
    """Say why there is no result."""
    if job.failure.exists():
        return job.failure.read_text(encoding="utf-8")
    if -code in {_KILLED, _OUT_OF_TIME}:
        return f"it took more than {job.seconds} seconds, or was ended from outside"
    return f"its parser ended without a result, {_ending(code)}"


def _ending(code: int) -> str:
    """Name how a process ended."""
    with suppress(ValueError):
        return f"by {signal.Signals(-code).name}"
    return f"with code {code}"


def _too_large(job: _Job) -> str:
    """Say how much memory there was."""
    return f"it needs more than {job.memory // _MEGABYTE:,} MB of memory"
