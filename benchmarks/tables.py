"""Time 150 tables beside R survey, svy and bare numpy, on one generated file.

Only work is timed that each of them has to do for a table; reading the file is not.
"""

import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import pandas as pd
from bare import floor
from clock import best, ratio_text, table_text, time_text
from growth import LIMIT, growth
from ours import TITLES, as_peer, tabulate
from peer_r import run_r
from peer_svy import run_svy
from peers import Peer, agreement
from raking import raking
from reading import reading
from respondents import SEED, Items, draw, items_of, read

RESPONDENTS, TABLES = 100_000, 150
HEAD = ["", "ours", "bincount", "svy", "R survey"]
RATIOS = ["R/ours", "svy/ours", "ours/bincount", "without keys"]
BUDGETS = ["budget", "", "", "", "", "at least 200", "at least 100", "at most 3", ""]


def main() -> None:
    """Run everything and print it."""
    print(_machine(), flush=True)
    print(_side_by_side(), flush=True)
    print(f"\nOurs alone, each case in a process of its own; limit {LIMIT} MiB")
    for design in TITLES:
        print(growth(design), flush=True)
    print("", raking(), sep="\n", flush=True)
    print("\nReading a file, median and range of the runs", reading(), sep="\n")


def _side_by_side() -> str:
    """Time the same tables in all programs."""
    items = items_of(TABLES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "respondents.csv"
        print(f"Writing {RESPONDENTS:,} respondents, seed {SEED}.", flush=True)
        draw(RESPONDENTS, TABLES).to_csv(path, index=False)
        frame = read(path, items)
        print("Timing R survey and svy, which take longest ...", flush=True)
        r, svy = run_r(path), run_svy(path)
    ours = as_peer(frame, items)
    for peer in (r, svy):
        if peer is not None:
            print(peer.version, agreement(peer, ours), sep="\n")
    rows = [_row(frame, items, design, svy, r) for design in TITLES]
    title = f"\n{TABLES} tables x {RESPONDENTS:,} respondents"
    return f"{title}\n{table_text(HEAD + RATIOS, [*rows, BUDGETS])}"


def _row(
    frame: pd.DataFrame, items: Items, design: str, svy: Peer | None, r: Peer | None
) -> list[str]:
    """Time ours and the floor with one design, and write the ratios."""
    ours, _ = best(lambda: tabulate(frame, items, design))
    bare = floor(frame, items, clustered=design == "clusters")
    theirs = [peer and peer.seconds(design, items) for peer in (svy, r)]
    return [
        TITLES[design],
        *map(time_text, (ours, bare.whole, *theirs)),
        *(ratio_text(each, ours) for each in reversed(theirs)),
        *(ratio_text(ours, each) for each in (bare.whole, bare.calls)),
    ]


def _machine() -> str:
    """Name the machine and the versions."""
    versions = [
        f"{name} {version(name)}" for name in ("genai-survey", "numpy", "pandas")
    ]
    system = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores"
    return f"{system}, Python {platform.python_version()}, " + ", ".join(versions)


if __name__ == "__main__":
    main()
