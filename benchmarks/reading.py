"""Read 100 MB of CSV and 100 MB of .sav: ours beside the bare reader.

Each reads in a process of its own; called with a name and a path, it is one of them.
"""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

import numpy as np
import pandas as pd
import pyreadstat
from clock import table_text, time_text

from survey.importers.read import read

SEED, MEGABYTE = 20_251, 1_000_000
RUNS, BUDGET = 5, "at most 1.5"
READERS: Final[dict[str, Callable[[str], object]]] = {
    "survey.read": read,
    "pandas.read_csv": lambda path: pd.read_csv(path, dtype=str),
    "pyreadstat.read_sav": lambda path: pyreadstat.read_sav(path, user_missing=True),
}
_SCALE = ("Strongly agree", "Agree", "Neither agree nor disagree", "Disagree", "")
_WORDS = ("we", "use", "it", "for", "reviews", "tests", "and", "documents", "Größe")
# Respondents that fill 100 MB, more or less; the table says how much it was.
_CSV_RESPONDENTS, _SAV_RESPONDENTS = 111_500, 100_400


def reading() -> str:
    """Write both files, time the readers in turn, and write the table."""
    with tempfile.TemporaryDirectory(prefix="reading-") as folder:
        text, spss = Path(folder) / "wave.csv", Path(folder) / "wave.sav"
        _answers(_CSV_RESPONDENTS, as_text=True).to_csv(text, index=False)
        _write_sav(_answers(_SAV_RESPONDENTS, as_text=False), spss)
        rows = [_row(text, "pandas.read_csv"), _row(spss, "pyreadstat.read_sav")]
    head = ["", "MB", "ours", "bare", "ours/bare", "lowest", "highest"]
    return table_text(head, [*rows, ["budget", "", "", "", BUDGET, "", ""]])


def _answers(respondents: int, *, as_text: bool) -> pd.DataFrame:
    """Draw 150 codes, 40 answers of a scale in words, and 2 open ones."""
    rng = np.random.default_rng(SEED)
    codes = rng.integers(1, 8, (respondents, 150))
    columns: dict[str, object] = {
        f"q{k}": column.astype(str) if as_text else column.astype(float)
        for k, column in enumerate(codes.T)
    }
    scale, words = np.array(_SCALE), np.array(_WORDS)
    for k in range(40):
        columns[f"scale{k}"] = scale[rng.integers(0, len(scale), respondents)]
    for k in range(2):
        chosen = words[rng.integers(0, len(words), (respondents, 12))]
        columns[f"open{k}"] = [" ".join(row) for row in chosen]
    return pd.DataFrame(columns)


def _write_sav(answers: pd.DataFrame, path: Path) -> None:
    """Write a file as SPSS does: compressed by bytecode, labels, user-missing."""
    codes = [name for name in answers if name.startswith("q")]
    pyreadstat.write_sav(
        answers,
        str(path),
        row_compress=True,
        variable_value_labels={n: {1.0: "Yes", 7.0: "Refused"} for n in codes},
        missing_ranges={name: [7] for name in codes},
    )


def _row(path: Path, bare: str) -> list[str]:
    """Time ours and a bare reader in turn, so that both meet the same machine."""
    pairs = [(_seconds("survey.read", path), _seconds(bare, path)) for _ in range(RUNS)]
    ours, theirs = (median(column) for column in zip(*pairs, strict=True))
    ratios = [one / other for one, other in pairs]
    size = f"{path.stat().st_size / MEGABYTE:.0f}"
    shown = (f"{each:.2f}" for each in (ours / theirs, min(ratios), max(ratios)))
    name = f"{path.suffix}, {bare}"
    return [name, size, time_text(ours), time_text(theirs), *shown]


def _seconds(reader: str, path: Path) -> float:
    """Let a process of its own read a file, and give the seconds that took."""
    command = [sys.executable, __file__, reader, str(path)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return float(json.loads(done.stdout))


def _measured(reader: str, path: str) -> float:
    """Read a file once; loading of libraries is not timed."""
    import pyarrow  # noqa: F401, ICN001 - loaded by either reader at its first text

    start = time.perf_counter()
    _held = READERS[reader](path)
    return time.perf_counter() - start


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(json.dumps(_measured(*sys.argv[1:])))
    else:
        print(reading())
