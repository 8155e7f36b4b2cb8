"""Raking 1,000,000 respondents to three margins, beside bare numpy and R survey."""

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from clock import best, ratio_text, table_text, time_text
from numpy.typing import NDArray
from peer_r import rscript
from respondents import SEED

import survey
from survey.weighting.margins import Margins

TARGETS: Margins = {
    "size": {1: 0.40, 2: 0.30, 3: 0.20, 4: 0.10},
    "region": {1: 0.30, 2: 0.25, 3: 0.20, 4: 0.15, 5: 0.10},
    "industry": {k + 1: (k + 1) / 55 for k in range(10)},
}
RAKED = 1_000_000
# R is timed with fewer respondents, and scaled.
RAKED_IN_R = 100_000


def raking() -> str:
    """Time raking and write one line."""
    rng = np.random.default_rng(SEED)
    frame = pd.DataFrame(
        {name: rng.integers(1, len(t) + 1, RAKED) for name, t in TARGETS.items()}
    )
    ours, _ = best(lambda: survey.rake(frame, TARGETS))
    bare, _ = best(lambda: bare_raking(frame))
    r = _run_r(frame.head(RAKED_IN_R))
    head = ["", "ours", "numpy", "R survey", "ours/numpy", "R/ours"]
    times = [time_text(ours), time_text(bare), time_text(r)]
    ratios = [ratio_text(ours, bare), ratio_text(r, ours)]
    title = f"raking {RAKED:,} to {len(TARGETS)} margins"
    return table_text(head, [[title, *times, *ratios]])


def bare_raking(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Rake respondent by respondent until the margins are met as closely as ours."""
    margins = [
        (frame[name].to_numpy(), np.array([0.0, *targets.values()]))
        for name, targets in TARGETS.items()
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


def _run_r(frame: pd.DataFrame) -> float | None:
    """Let R rake some of the respondents, and scale its seconds to all."""
    shares = [(m, c, s) for m, codes in TARGETS.items() for c, s in codes.items()]
    targets = pd.DataFrame(shares, columns=["margin", "code", "share"])
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder, "respondents.csv"), Path(folder, "targets.csv")]
        for part, path in zip((frame, targets), paths, strict=True):
            part.to_csv(path, index=False)
        said = rscript("raking.R", *map(str, paths))
    return None if said is None else float(said) * RAKED / len(frame)
