"""Time banner tables and raking beside R survey and bare numpy, on one generated file.

Only work is timed that each of them has to do for a table; reading the file is not.
"""

import json
import os
import platform
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

import survey
from survey.weighting.rake import Margins

SEED = 2025
QUESTIONS = [f"q{i + 1}" for i in range(50)]
BANNER = {"size": 4, "industry": 10, "region": 5}
TARGETS: Margins = {
    "size": {1: 0.40, 2: 0.30, 3: 0.20, 4: 0.10},
    "region": {1: 0.30, 2: 0.25, 3: 0.20, 4: 0.15, 5: 0.10},
}
MORE_TARGETS: Margins = {
    **TARGETS,
    "industry": {k + 1: (k + 1) / 55 for k in range(10)},
}
RESPONDENTS = (10_000, 100_000)
TABLES = (15, 150)
RAKED = 1_000_000
# Seconds after which a task is not run again.
ENOUGH = 5.0
HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Result:
    """Seconds for one task: ours, numpy alone, R; None where it did not run."""

    task: str
    ours: float
    numpy: float | None
    r: float | None


def main() -> None:
    print(_machine(), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "respondents.csv"
        print(f"Writing {max(RESPONDENTS):,} respondents, seed {SEED}.", flush=True)
        respondents(max(RESPONDENTS)).to_csv(path, index=False)
        frame = pd.read_csv(path)
        r = _run_r(path)
    results = [_tables(frame.head(n), t, r) for n in RESPONDENTS for t in TABLES]
    results.append(_raking(r))
    print(_printed(results))


def respondents(n: int) -> pd.DataFrame:
    """Draw respondents: banner and questions as codes, a few per organisation."""
    rng = np.random.default_rng(SEED)
    columns = {name: rng.integers(1, k + 1, n) for name, k in BANNER.items()}
    columns |= {name: rng.integers(1, 6, n) for name in QUESTIONS}
    columns["organisation"] = rng.integers(0, n * 5, n)
    return pd.DataFrame(columns)


def _tables(frame: pd.DataFrame, tables: int, r: dict[str, float]) -> Result:
    """Time tables of one question by one banner question each."""
    stub = QUESTIONS[: tables // len(BANNER)]
    weighting = survey.rake(frame, TARGETS)
    design = survey.SurveyDesign(weight=weighting, psu="organisation")
    weight = weighting.weight.to_numpy()
    per_table = r.get(f"tables_{len(frame)}")
    return Result(
        f"{tables} tables x {len(frame):,} respondents",
        seconds(lambda: survey.crosstab(frame, stub, list(BANNER), design=design)),
        seconds(lambda: bare_tables(frame, stub, weight)),
        None if per_table is None else per_table * tables,
    )


def bare_tables(
    frame: pd.DataFrame, stub: list[str], weight: NDArray[np.float64]
) -> None:
    """Count the same tables, without and with weights, and nothing else."""
    columns = {name: frame[name].to_numpy() for name in (*stub, *BANNER)}
    for question in stub:
        for banner in BANNER:
            key = columns[question] * 16 + columns[banner]
            np.bincount(key)
            np.bincount(key, weights=weight)


def _raking(r: dict[str, float]) -> Result:
    """Time raking to three margins."""
    frame = respondents(RAKED)[list(BANNER)]
    scaled = r.get("raking")
    return Result(
        f"raking {RAKED:,} to {len(MORE_TARGETS)} margins",
        seconds(lambda: survey.rake(frame, MORE_TARGETS)),
        seconds(lambda: bare_raking(frame)),
        None if scaled is None else scaled * RAKED / max(RESPONDENTS),
    )


def bare_raking(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Rake respondent by respondent until the margins are met as closely as ours."""
    margins = [
        (frame[name].to_numpy(), np.array([0.0, *targets.values()]))
        for name, targets in MORE_TARGETS.items()
    ]
    weight = np.full(len(frame), 1 / len(frame))
    gap = 1.0
    while gap > 1e-10:
        gap = 0.0
        for position, targets in margins:
            share = np.bincount(position, weights=weight)
            gap = max(gap, float(np.abs(share - targets).max()))
            factor = targets / np.where(share > 0, share, 1.0)
            weight = weight * factor[position]
    return weight * len(frame)


def seconds(work: Callable[[], object]) -> float:
    """Give the shortest of three runs, or of fewer where they take long."""
    times: list[float] = []
    while len(times) < 3 and sum(times) < ENOUGH:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def _run_r(path: Path) -> dict[str, float]:
    """Let R time its tables on the same file; nothing where R is not there."""
    program = shutil.which("Rscript")
    if program is None:
        print("No Rscript: R survey is left out.")
        return {}
    command = [program, str(HERE / "tables.R"), str(path), *map(str, RESPONDENTS)]
    print("Timing R survey, which takes longest ...", flush=True)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        print(f"R survey is left out: {done.stderr.strip().splitlines()[-1]}")
        return {}
    found = json.loads(done.stdout)
    print(f"R {found.pop('r')}, survey {found.pop('survey')}")
    return {name: float(value) for name, value in found.items()}


def _machine() -> str:
    """Name the machine and the versions."""
    cores = os.cpu_count()
    versions = [
        f"{name} {version(name)}" for name in ("genai-survey", "numpy", "pandas")
    ]
    system = f"{platform.system()} {platform.machine()}, {cores} cores"
    return f"{system}, Python {platform.python_version()}, " + ", ".join(versions)


def _printed(results: list[Result]) -> str:
    """Write the results as a table."""
    head = ["task", "ours", "numpy", "R survey", "ours/numpy", "R/ours"]
    rows = [head, *(_row(result) for result in results)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(head))]
    lines = [
        "  ".join(
            text.ljust(w) if i == 0 else text.rjust(w)
            for i, (text, w) in enumerate(zip(row, wide, strict=True))
        )
        for row in rows
    ]
    return "\n".join(["", *lines, "", *_notes(results)])


def _row(result: Result) -> list[str]:
    """Write one result."""
    return [
        result.task,
        _time(result.ours),
        _time(result.numpy),
        _time(result.r),
        _ratio(result.ours, result.numpy),
        _ratio(result.r, result.ours),
    ]


def _time(value: float | None) -> str:
    """Write seconds."""
    return "-" if value is None else f"{value:.3f} s"


def _ratio(one: float | None, other: float | None) -> str:
    """Write how many times as long the first took."""
    return "-" if one is None or not other else f"{one / other:.1f}"


def _notes(results: list[Result]) -> list[str]:
    """Say what is compared."""
    notes = [
        "One table is one question by one banner question.",
        "ours: shares, standard errors, intervals, design effects, three bases,",
        "  letters, Rao-Scott test; weights raked to two margins, organisation as PSU.",
        "numpy: counts and weighted counts of the same tables, nothing else;",
        "  raking respondent by respondent.",
    ]
    if any(result.r is not None for result in results):
        notes += [
            "R survey: shares, standard errors, design effects and test, same design;",
            "  3 tables timed, and scaled to the number of tables;",
            f"  calibrate() timed at {max(RESPONDENTS):,} respondents, and scaled.",
        ]
    return notes


if __name__ == "__main__":
    main()
