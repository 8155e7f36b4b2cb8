"""Time of reading a large .sav file, beside the bare reader that is underneath.

Run: ``python benchmarks/binary_files.py [megabytes]``.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pyreadstat

from survey.importers.read import read

QUESTIONS, TEXTS = 300, 10
RUNS = 3


def make_sav(path: Path, megabytes: int, **compression: bool) -> None:
    """Write coded answers, some numbers and some open answers, as many as asked for."""
    random = np.random.default_rng(1)
    width = 8 * (QUESTIONS + 40) + TEXTS * 40
    rows = megabytes * 1_000_000 // width
    codes = {
        f"q{k}": np.where(
            random.random(rows) < 0.2, np.nan, random.integers(1, 6, rows)
        )
        for k in range(QUESTIONS)
    }
    numbers = {f"n{k}": random.normal(size=rows) for k in range(40)}
    words = np.array([f"open answer of a length, number {k:05d}" for k in range(999)])
    texts = {
        f"t{k}": words[random.integers(0, 999, rows)].astype(object)
        for k in range(TEXTS)
    }
    frame = pd.DataFrame(codes | numbers | texts)
    labels = {name: {k: f"answer {k}" for k in range(1, 6)} for name in codes}
    pyreadstat.write_sav(frame, str(path), variable_value_labels=labels, **compression)


def seconds(work: Callable[[], object]) -> float:
    """Give the shortest of some runs."""
    found = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def main() -> None:
    megabytes = int(sys.argv[1]) if sys.argv[1:] else 100
    with TemporaryDirectory() as folder:
        for name, way in {
            "plain.sav": {},
            "packed.sav": {"row_compress": True},
            "zlib.zsav": {"compress": True},
        }.items():
            path = Path(folder) / name
            make_sav(path, megabytes, **way)
            bare = seconds(lambda path=path: pyreadstat.read_sav(str(path)))
            ours = seconds(lambda path=path: read(path))
            size = path.stat().st_size / 1e6
            print(
                f"{name}, {size:.0f} MB: bare {bare:.2f} s, survey.read {ours:.2f} s,"
                f" ratio {ours / bare:.2f}"
            )


if __name__ == "__main__":
    main()
