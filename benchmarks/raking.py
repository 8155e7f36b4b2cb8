"""Raking beside other programs: ours to a gap of 1e-10, each of them as it comes."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from clock import ratio_text, table_text, time_text
from peer_r import rscript
from peer_weights import Problem, Timed, run
from raking_data import RESPONDENTS, write

PEERS = ("rimpy polars", "rimpy pandas", "weightipy", "svy")
# A program that misses a margin by this much has not raked.
MISSED = 0.001
# R is timed with fewer respondents and three margins, and scaled.
RAKED_IN_R = 100_000


def raking() -> str:
    """Time every program on every problem, and write tables of seconds and gaps."""
    with tempfile.TemporaryDirectory() as text:
        folder = Path(text)
        print(f"Writing {RESPONDENTS:,} respondents for raking.", flush=True)
        write(folder)
        timed = [run(name, folder) for name in ("ours", *PEERS, "numpy")]
        r = _r_text(folder)
    versions = "\n".join(f"{each.program}: {each.version}" for each in timed)
    return "\n\n".join([versions, _seconds(timed), _gaps(timed), r])


def _seconds(timed: list[Timed]) -> str:
    """Write the seconds, and how much longer the fastest of the others took."""
    head = ["seconds", *(each.program for each in timed), "fastest/ours"]
    rows = []
    for problem in timed[0].found:
        took = [each.found.get(problem, (None, 1.0)) for each in timed]
        peers = [t for t, gap in took[1:-1] if t is not None and gap < MISSED]
        ratio = ratio_text(min(peers), took[0][0]) if peers else "-"
        texts = [_seconds_text(*each) for each in took]
        rows.append([_title(problem), *texts, ratio])
    return f"{table_text(head, rows)}\n* misses a margin by {MISSED} or more"


def _seconds_text(seconds: float | None, gap: float) -> str:
    """Write seconds, marked where the margins were missed."""
    if seconds is None:
        return "-"
    return f"{'' if gap < MISSED else '* '}{seconds:.4f}"


def _gaps(timed: list[Timed]) -> str:
    """Write the largest difference between a weighted share and its target."""
    head = ["gap", *(each.program for each in timed)]
    rows = [
        [
            _title(problem),
            *(
                f"{each.found[problem][1]:.0e}" if problem in each.found else "-"
                for each in timed
            ),
        ]
        for problem in timed[0].found
    ]
    return table_text(head, rows)


def _title(problem: Problem) -> str:
    """Name a problem."""
    kind, margins, respondents = problem
    return f"{respondents:,} x {margins}, {kind}"


def _r_text(folder: Path) -> str:
    """Let R rake some of the respondents, and scale its seconds to all."""
    codes = np.load(folder / "unrelated.npy")[:RAKED_IN_R, :3]
    shares = pd.read_json(folder / "unrelated.json").iloc[:, :3]
    frame = pd.DataFrame(codes, columns=shares.columns)
    targets = shares.rename_axis("code").reset_index().melt("code", var_name="margin")
    paths = [folder / "respondents.csv", folder / "targets.csv"]
    frame.to_csv(paths[0], index=False)
    targets.dropna().rename(columns={"value": "share"}).to_csv(paths[1], index=False)
    said = rscript("raking.R", *map(str, paths))
    took = None if said is None else float(said) * RESPONDENTS / RAKED_IN_R
    return f"R survey, {_title(('unrelated', 3, RESPONDENTS))}: {time_text(took)}"


if __name__ == "__main__":
    print(raking())
