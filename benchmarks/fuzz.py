"""Read thousands of mutated exports: each ends in a result or in a message.

The cases run in worker processes, so that a crash or an endless loop is a line of the
summary, with the number that repeats it:

    python benchmarks/fuzz.py --only 1234
"""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

from fuzz_case import make_case, run_case
from fuzz_seeds import made, real
from fuzz_worker import FINE, MIB, Outcome, outcomes

CASES, SEED, WORKERS = 20_000, 20_251, 2


def main() -> None:
    """Run what the command line asks for."""
    asked = _asked()
    if asked.only is not None:
        _repeat(asked.seed, asked.only)
        return
    found = run(asked.seed, asked.cases, asked.workers)
    print(_as_json(found) if asked.json else _summary(found, asked.seed))
    sys.exit(any(outcome.how not in FINE for outcome in found))


def run(seed: int, cases: int, workers: int) -> list[Outcome]:
    """Run the cases in several workers, and give how they ended, in order."""
    with ThreadPoolExecutor(workers) as pool:
        parts = pool.map(
            lambda first: list(outcomes(seed, first, cases, workers)), range(workers)
        )
        found = [outcome for part in parts for outcome in part]
    return sorted(found, key=lambda outcome: outcome.number)


def _asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=CASES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--workers", type=int, default=WORKERS)
    parser.add_argument("--only", type=int, help="one case, with its traceback")
    parser.add_argument("--json", action="store_true", help="the summary as JSON")
    return parser.parse_args()


def _repeat(seed: int, number: int) -> None:
    """Run one case here, and keep its files."""
    case = make_case(made(), real(), seed, number)
    kept = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for name, data in case.files:
        (kept / name).write_bytes(data)
    print(case.what, f"beside it: {case.companions}", f"kept in {kept}", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        print(run_case(case, Path(folder)))


def _as_json(found: Sequence[Outcome]) -> str:
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


def _summary(found: Sequence[Outcome], seed: int) -> str:
    """Write counts, extremes and failures for a reader."""
    counts = Counter(outcome.how for outcome in found)
    slowest = max(found, key=lambda outcome: outcome.seconds)
    largest = max(found, key=lambda outcome: outcome.peak)
    bad = [outcome for outcome in found if outcome.how not in FINE]
    ends = (
        f"{counts['result']:,} gave a result ({sum(o.bound for o in found):,} of them"
        f" drafted and bound), {counts['error']:,} a message, {len(bad):,} neither."
    )
    lines = [
        f"{len(found):,} mutated files, seed {seed}: {ends}",
        f"Slowest: {slowest.seconds:.2f} s, case {slowest.number} ({slowest.what}).",
        f"Largest: {largest.peak / MIB:.0f} MiB, case {largest.number}.",
        *(f"\ncase {o.number}: {o.how} ({o.what})\n{o.trace}" for o in bad),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
