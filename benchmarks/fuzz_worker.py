"""Processes that run mutated exports, and what watches over them.

A case that ends its process, or never ends, is an outcome like any other.
"""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from fuzz_case import Case, make_case, run_case
from fuzz_seeds import made, real

MIB = 2**20
FINE = ("result", "error")
# Most that one case may take, in seconds and bytes, and a process to start.
SECONDS, START, BYTES = 20.0, 60.0, 1_000_000_000
_ADDRESSES = 8_000_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended.

    `how` is ``result``, ``error`` (a message), the name of an exception, or what ended
    the process; `peak` is in bytes; `trace` is there where the end was not a message.
    """

    number: int
    how: str
    what: str = ""
    seconds: float = 0.0
    peak: int = 0
    bound: bool = False
    trace: str = ""


def outcomes(seed: int, first: int, last: int, step: int) -> Iterator[Outcome]:
    """Run every so manyth case in a process, in a new one after one that ended it."""
    number = first
    while number < last:
        for outcome in _of_a_process(seed, number, last, step):
            yield outcome
            number = outcome.number + step


def _of_a_process(seed: int, first: int, last: int, step: int) -> Iterator[Outcome]:
    """Give what a process writes, and how it ended if that was before its time."""
    number = first
    process = subprocess.Popen(
        command(seed, first, last, step),
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"},
        start_new_session=True,
    )
    try:
        for line in _lines(process):
            yield Outcome(**json.loads(line))
            number += step
        if number < last:
            yield Outcome(number, _ending(process), seconds=SECONDS)
    finally:
        _end(process)


def command(seed: int, first: int, last: int, step: int) -> Sequence[str]:
    """Give the command line of a worker."""
    return [sys.executable, __file__, *map(str, (seed, first, last, step))]


def _lines(process: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Give lines as they come, until none does or one takes too long."""
    assert process.stdout is not None
    held, patience = b"", SECONDS + START
    while select.select([process.stdout], [], [], patience)[0]:
        part = os.read(process.stdout.fileno(), 65536)
        if not part:
            return
        *lines, held = (held + part).split(b"\n")
        yield from lines
        patience = SECONDS


def _ending(process: subprocess.Popen[bytes]) -> str:
    """Name what ended a process, or that it has not ended."""
    with suppress(subprocess.TimeoutExpired):
        return f"crash, code {process.wait(1)}"
    return f"more than {SECONDS:.0f} s"


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def main() -> None:
    """Run cases and write a line for each: the work of a worker."""
    seed, first, last, step = map(int, sys.argv[1:])
    seeds = made(), real()
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in range(first, last, step):
            case = make_case(*seeds, seed, number)
            print(json.dumps(asdict(_timed(case, number, Path(folder)))), flush=True)


def _timed(case: Case, number: int, folder: Path) -> Outcome:
    """Run one case, with its time and its memory."""
    _forget_peak()
    start, bound, trace = time.perf_counter(), False, ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            how, bound = run_case(case, folder)
    except Exception as error:  # noqa: BLE001 - whatever comes is what we look for
        how, trace = type(error).__name__, traceback.format_exc(limit=-4)
    took, peak = time.perf_counter() - start, _peak()
    if peak > BYTES:
        how = f"more than {BYTES // MIB} MiB"
    return Outcome(number, how, case.what, took, peak, bound, trace)


def _forget_peak() -> None:
    """Start to measure the largest memory anew, where Linux lets us."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")


def _peak() -> int:
    """Give the most bytes held by this process in this case, or by a child in any."""
    unit = 1 if sys.platform == "darwin" else 1024
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * unit
    status = Path("/proc/self/status")
    if not status.exists():
        own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        return max(own, children)
    lines = status.read_text("ascii").splitlines()
    (peak,) = [line.split()[1] for line in lines if line.startswith("VmHWM")]
    return max(int(peak) * 1024, children)


if __name__ == "__main__":
    main()
