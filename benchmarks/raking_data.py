"""Generated respondents and targets for raking, as files that every program reads."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from respondents import SEED

# Categories of the margins; a problem takes the first three, or all.
SIZES = (4, 5, 10, 2, 3, 6, 4, 8)
RESPONDENTS = 1_000_000
# Part of the variance that the answers of one respondent share.
KINDS = {"unrelated": 0.0, "related": 0.5}
# No category is rarer than this, in the sample or in the population.
RAREST = 0.03


def write(folder: Path) -> None:
    """Write codes (respondents x margins, from 1) and target shares of both kinds."""
    for kind, shared in KINDS.items():
        rng = np.random.default_rng(SEED)
        trait = rng.normal(size=RESPONDENTS)
        columns, targets = [], {}
        for k, size in enumerate(SIZES):
            own = rng.normal(size=RESPONDENTS)
            score = shared**0.5 * trait + (1 - shared) ** 0.5 * own
            cuts = np.quantile(score, np.cumsum(_shares(rng, size))[:-1])
            columns.append(np.searchsorted(cuts, score) + 1)
            codes = range(1, size + 1)
            goals = _shares(rng, size).tolist()
            targets[f"m{k + 1}"] = dict(zip(codes, goals, strict=True))
        np.save(folder / f"{kind}.npy", np.column_stack(columns))
        path = folder / f"{kind}.json"
        path.write_text(json.dumps(targets), encoding="utf-8")


def _shares(rng: np.random.Generator, size: int) -> NDArray[np.float64]:
    """Draw shares of which none is very small."""
    drawn = np.maximum(rng.dirichlet(np.full(size, 5.0)), RAREST)
    return np.asarray(drawn / drawn.sum())
