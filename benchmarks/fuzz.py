"""Read thousands of mutated exports: each ends in a result or in a message.

The cases run in worker processes, so that a crash or an endless loop is a line of the
summary, with the number that repeats it:

    python benchmarks/fuzz.py --only 1234
"""

import argparse
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
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path

CASES, SEED, WORKERS = 20_000, 20_251, 2
# Seconds and bytes that one case may take.
SECONDS, BYTES = 20.0, 1_500_000_000
ADDRESSES = 8_000_000_000
FINE = ("result", "error")
MIB = 2**20


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a case ended; `peak` in bytes, `trace` where it was no message."""

    number: int
    how: str
    what: str = ""
    seconds: float = 0.0
    peak: int = 0
    bound: bool = False
    trace: str = ""


@dataclass(slots=True)
class Worker:
    """A process that runs every so manyth case and writes a line for each."""

    seed: int
    first: int
    last: int
    step: int
    held: bytes = b""
    process: subprocess.Popen[bytes] | None = field(default=None)

    def outcomes(self) -> Iterator[Outcome]:
        """Run the cases, starting anew after one that ended the process."""
        number = self.first
        while number < self.last:
            line = self._line(number)
            yield (outcome := self._ended(number) if line is None else _read(line))
            number = outcome.number + self.step
        self._stop()

    def _line(self, number: int) -> str | None:
        """Wait for the next line; None where the process ended or takes too long."""
        process = self.process or self._start(number)
        assert process.stdout is not None
        until = time.monotonic() + SECONDS + 30 * (self.held == b"" and not number)
        while b"\n" not in self.held:
            left = until - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                return None
            part = os.read(process.stdout.fileno(), 65536)
            if not part:
                return None
            self.held += part
        line, _, self.held = self.held.partition(b"\n")
        return line.decode()

    def _start(self, number: int) -> subprocess.Popen[bytes]:
        """Start a process at a case."""
        span = [str(n) for n in (self.seed, number, self.last, self.step)]
        self.held = b""
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--worker", *span],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONHASHSEED": "0", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
        return self.process

    def _ended(self, number: int) -> Outcome:
        """Say how a process ended that gave no line."""
        assert self.process is not None
        time.sleep(0.2)
        code = self.process.poll()
        how = f"more than {SECONDS:.0f} s" if code is None else f"crash, code {code}"
        self._stop()
        return Outcome(number, how, seconds=SECONDS)

    def _stop(self) -> None:
        """End the process and what it started."""
        if self.process is not None:
            if self.process.poll() is None:
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            if self.process.stdout is not None:
                self.process.stdout.close()
        self.process = None


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--only", type=int, help="one case, with its traceback")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    parser.add_argument("--worker", type=int, nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.worker:
        _work(*asked.worker)
    elif asked.only is not None:
        _repeat(asked.seed, asked.only)
    else:
        found = _all(asked.seed, asked.cases, asked.workers)
        print(_as_json(found) if asked.json else _summary(found, asked.seed))
        sys.exit(any(outcome.how not in FINE for outcome in found))


def _all(seed: int, cases: int, workers: int) -> list[Outcome]:
    """Run the cases in several workers."""
    each = [Worker(seed, first, cases, workers) for first in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(lambda worker: list(worker.outcomes()), each)
        return sorted((one for part in parts for one in part), key=lambda o: o.number)


def _work(seed: int, first: int, last: int, step: int) -> None:
    """Run cases and write a line for each: the work of a worker."""
    from fuzz_seeds import made, real

    seeds = made(), real()
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number in range(first, last, step):
            outcome = _timed(seeds, seed, number, Path(folder))
            print(json.dumps(asdict(outcome)), flush=True)


def _timed(seeds: tuple, seed: int, number: int, folder: Path) -> Outcome:
    """Run one case, with its time and its memory."""
    from fuzz_case import make_case, run_case

    case = make_case(*seeds, seed, number)
    _forget_peak()
    start, bound, trace = time.perf_counter(), False, ""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            how, bound = run_case(case, folder)
    except Exception as error:  # noqa: BLE001 - whatever comes is what we look for
        how, trace = type(error).__name__, traceback.format_exc(limit=-4)
    peak = _peak()
    if peak > BYTES:
        how = f"more than {BYTES // MIB} MiB"
    took = time.perf_counter() - start
    return Outcome(number, how, case.what, took, peak, bound, trace)


def _forget_peak() -> None:
    """Start to measure the largest memory anew, where Linux lets us."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5", "ascii")


def _peak() -> int:
    """Give the largest bytes of this process in this case, or of its children in any."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    status = Path("/proc/self/status")
    if not status.exists():
        return children
    lines = status.read_text("ascii").splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return max(own * 1024, children)


def _repeat(seed: int, number: int) -> None:
    """Run one case here, and keep its files."""
    from fuzz_case import make_case, run_case
    from fuzz_seeds import made, real

    case = make_case(made(), real(), seed, number)
    kept = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for name, data in case.files:
        (kept / name).write_bytes(data)
    print(case.what, f"with {case.companions}", f"files kept in {kept}", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        print(run_case(case, Path(folder)))


def _read(line: str) -> Outcome:
    """Take over what a worker wrote."""
    return Outcome(**json.loads(line))


def _as_json(found: list[Outcome]) -> str:
    """Write counts, extremes and failures as JSON."""
    told = {
        "cases": len(found),
        "counts": Counter(outcome.how for outcome in found),
        "bound": sum(outcome.bound for outcome in found),
        "seconds": max(outcome.seconds for outcome in found),
        "bytes": max(outcome.peak for outcome in found),
        "failures": [asdict(o) for o in found if o.how not in FINE],
    }
    return json.dumps(told)


def _summary(found: list[Outcome], seed: int) -> str:
    """Write counts, extremes and failures for a reader."""
    counts = Counter(outcome.how for outcome in found)
    slowest = max(found, key=lambda outcome: outcome.seconds)
    largest = max(found, key=lambda outcome: outcome.peak)
    bad = [outcome for outcome in found if outcome.how not in FINE]
    lines = [
        f"{len(found):,} mutated files, seed {seed}: {counts['result']:,} gave a result"
        f" ({sum(o.bound for o in found):,} of them drafted and bound),"
        f" {counts['error']:,} a message, {len(bad):,} neither.",
        f"Slowest: {slowest.seconds:.2f} s, case {slowest.number} ({slowest.what}).",
        f"Largest: {largest.peak / MIB:.0f} MiB, case {largest.number}.",
        *(f"\ncase {o.number}: {o.how} ({o.what})\n{o.trace}" for o in bad),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
