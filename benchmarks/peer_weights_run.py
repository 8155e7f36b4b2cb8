"""Time the raking of one program, in a Python that has it.

Arguments: a program and a folder of `raking_data`. Printed as JSON: the version of the
program, then for each problem kind, margins, respondents, seconds and the largest
difference between a weighted share and its target.
"""

import json
import sys
from collections.abc import Callable
from importlib.metadata import version
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from clock import best
from numpy.typing import NDArray

RUNS = 5
Codes = dict[str, NDArray[np.int64]]
Targets = dict[str, dict[int, float]]
Work = Callable[[], Any]


def ours(codes: Codes, targets: Targets) -> Work:
    import pandas as pd

    import survey

    frame = pd.DataFrame(codes)
    return lambda: survey.rake(frame, targets).weight


def rimpy_polars(codes: Codes, targets: Targets) -> Work:
    import polars as pl
    import rimpy

    frame = pl.DataFrame(codes)
    return lambda: rimpy.rake(frame, targets)["weight"]


def rimpy_pandas(codes: Codes, targets: Targets) -> Work:
    import pandas as pd
    import rimpy

    frame = pd.DataFrame(codes)
    return lambda: rimpy.rake(frame, targets)["weight"]


def weightipy(codes: Codes, targets: Targets) -> Work:
    import pandas as pd
    import weightipy

    frame = pd.DataFrame(codes)
    percent = {n: {c: 100 * s for c, s in t.items()} for n, t in targets.items()}
    scheme = weightipy.scheme_from_dict(percent)
    return lambda: weightipy.weight_dataframe(frame, scheme)["weights"]


def svy(codes: Codes, targets: Targets) -> Work:
    import polars as pl
    import svy

    frame = pl.DataFrame(codes).with_columns(w=pl.lit(1.0))
    sample = svy.Sample(frame, svy.Design(wgt="w"))
    return lambda: sample.weighting.rake(shares=targets).data["rk_wgt"]


def bare(codes: Codes, targets: Targets) -> Work:
    """Rake respondent by respondent until the margins are met as closely as ours."""
    margins = [
        (codes[name], np.array([0.0, *shares.values()]))
        for name, shares in targets.items()
    ]

    def rake() -> NDArray[np.float64]:
        size = margins[0][0].size
        weight, gap = np.full(size, 1 / size), 1.0
        while gap > 1e-10:
            gap = 0.0
            for code, wanted in margins:
                share = np.bincount(code, weights=weight)
                gap = max(gap, float(np.abs(share - wanted).max()))
                weight *= (wanted / np.where(share > 0, share, 1.0))[code]
        return weight

    return rake


PROGRAMS = {
    "ours": (ours, "genai-survey"),
    "rimpy polars": (rimpy_polars, "rimpy"),
    "rimpy pandas": (rimpy_pandas, "rimpy"),
    "weightipy": (weightipy, "weightipy"),
    "svy": (svy, "svy"),
    "numpy": (bare, "numpy"),
}


def main(program: str, folder: Path) -> None:
    """Time every problem."""
    prepare, package = PROGRAMS[program]
    print(json.dumps(version(package)))
    for path in sorted(folder.glob("*.npy")):
        table = np.load(path)
        shares = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        for margins, size in product((3, 8), (10_000, 1_000_000)):
            names = list(shares)[:margins]
            codes = {name: table[:size, k].copy() for k, name in enumerate(names)}
            targets = {
                name: {int(code): share for code, share in shares[name].items()}
                for name in names
            }
            seconds, weight = best(prepare(codes, targets), RUNS)
            gap = _gap(np.asarray(weight), codes, targets)
            print(json.dumps([path.stem, margins, size, seconds, gap]), flush=True)


def _gap(weight: NDArray[np.float64], codes: Codes, targets: Targets) -> float:
    """Give the largest difference between a weighted share and its target."""
    part = weight / weight.sum()
    shares = {name: np.bincount(code, part)[1:] for name, code in codes.items()}
    wanted = {name: np.array(list(each.values())) for name, each in targets.items()}
    return float(max(np.abs(shares[name] - wanted[name]).max() for name in codes))


if __name__ == "__main__":
    # weightipy prints what it thinks of its fit; only our lines are JSON.
    main(sys.argv[1], Path(sys.argv[2]))
