"""150 tables of ever more respondents, in memory and where they are stored.

Called with a Parquet file and a way to take it, it runs that case in a process whose
peak is its own, and writes what it measured as JSON.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import gettempdir

import pandas as pd
from clock import ratio_text, table_text
from growth import MIB, _peak

import survey

SIZES = (1_000_000, 10_000_000, 50_000_000)
# In memory, every respondent needs about 0.5 KB at the peak.
MOST_IN_MEMORY = 10_000_000
QUESTIONS, BANNER = 50, {"size": 4, "sector": 5, "region": 3}
STRATA, PSUS = 20, 50
MEMORY = "1GiB"
DESIGNS = {
    "weights": survey.SurveyDesign(weight="weight"),
    "clusters": survey.SurveyDesign(weight="weight", strata="stratum", psu="psu"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """One case: seconds, bytes at the peak, and a hash of the letters and counts."""

    respondents: int
    design: str
    way: str
    seconds: float
    peak: int
    cells: str
    error: float


def written(folder: Path, respondents: int) -> Path:
    """Write a seeded file with DuckDB, unless it is there already."""
    import duckdb

    path = folder / f"scale-{respondents}.parquet"
    if path.exists():
        return path
    draws = [
        f"case when {_draw(k)} < 3 then null "
        f"else ({_draw(100 + k)} * {5 + k % 7} // 600 + stratum // 10) % 5 + 1 "
        f"end::utinyint q{k}"
        for k in range(QUESTIONS)
    ]
    draws += [
        f"({_draw(200 + k)} * {width} // 100 + 1)::utinyint {name}"
        for k, (name, width) in enumerate(BANNER.items())
    ]
    units = (
        f"from range({respondents}) select range i, "
        f"({_draw(300, 'range')} * {STRATA} // 100)::utinyint stratum, "
        f"({_draw(301, 'range')} * {PSUS} // 100)::utinyint psu, "
        f"(0.2 + {_draw(302, 'range')} / 20.0) weight"
    )
    everything = f"from ({units}) select {', '.join(draws)}, stratum, psu, weight"
    part = path.with_suffix(".part")
    with duckdb.connect(config={"memory_limit": MEMORY}) as connection:
        connection.execute("set enable_progress_bar = false")
        connection.execute(f"copy ({everything}) to '{part}' (format parquet)")
    part.rename(path)
    return path


def _draw(salt: int, number: str = "i") -> str:
    """Draw a whole number from 0 to 99 that depends on the respondent and a salt."""
    return f"(hash({number} * 1000 + {salt}) % 100)::int"


def measured(path: Path, design: str, way: str) -> Case:
    """Make the tables of one file in one way."""
    start = time.perf_counter()
    data = (
        pd.read_parquet(path)
        if way == "memory"
        else survey.open(path, memory_limit=MEMORY)
    )
    questions = [f"q{k}" for k in range(QUESTIONS)]
    table = survey.crosstab(data, questions, list(BANNER), design=DESIGNS[design])
    seconds = time.perf_counter() - start
    counts = table.cells[["question", "code", "point", "count", "letters"]]
    found = hashlib.sha256(counts.to_csv(index=False).encode()).hexdigest()
    error = float(table.cells["std_error"].sum())
    rows = int(path.stem.split("-")[1])
    return Case(rows, design, way, seconds, _peak(), found[:8], error)


def started(path: Path, design: str, way: str) -> Case:
    """Run one case in a process of its own."""
    command = [sys.executable, __file__, "--case", str(path), design, way]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return Case(**json.loads(done.stdout))


def printed(cases: Sequence[Case]) -> str:
    """Write cases as a table."""
    head = ["respondents", "design", "way", "seconds", "us each", "peak MiB"]
    head += ["times memory", "same"]
    base = {(c.respondents, c.design): c for c in cases if c.way == "memory"}
    rows = []
    for case in cases:
        own = base.get((case.respondents, case.design))
        rows.append(
            [
                f"{case.respondents:,}",
                case.design,
                case.way,
                f"{case.seconds:.1f}",
                f"{case.seconds / case.respondents * 1e6:.2f}",
                f"{case.peak / MIB:.0f}",
                ratio_text(case.seconds, own.seconds if own else None),
                _same(case, own),
            ]
        )
    return table_text(head, rows)


def _same(case: Case, own: Case | None) -> str:
    """Say whether counts and letters are those in memory, and errors to 1e-10."""
    if own is None:
        return "-"
    near = abs(case.error / own.error - 1) < 1e-10
    return "yes" if case.cells == own.cells and near else "NO"


def main() -> None:
    """Run all cases that are asked for, smallest first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", nargs=3, metavar=("FILE", "DESIGN", "WAY"))
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--designs", nargs="+", default=list(DESIGNS))
    parser.add_argument("--ways", nargs="+", default=["memory", "stored"])
    parser.add_argument("--folder", type=Path, default=Path(gettempdir()))
    given = parser.parse_args()
    if given.case:
        path, design, way = given.case
        print(json.dumps(asdict(measured(Path(path), design, way))))
        return
    cases = []
    for size in given.sizes:
        path = written(given.folder, size)
        for design in given.designs:
            for way in given.ways:
                if way == "stored" or size <= MOST_IN_MEMORY:
                    cases.append(started(path, design, way))
                    print(cases[-1], file=sys.stderr)
    print(printed(cases))


if __name__ == "__main__":
    main()
