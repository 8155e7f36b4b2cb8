"""The Python package svy: a few tables of the file, timed one by one."""

from functools import partial
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pandas as pd
from clock import best
from peers import MULTIPLE, REPEATS, SINGLE, Peer
from respondents import BANNER

DESIGNS = {
    "weights": {"wgt": "w"},
    "clusters": {"wgt": "w", "stratum": "stratum", "psu": "psu"},
}


def run_svy(path: Path) -> Peer | None:
    """Time the tables of svy; nothing where it is not installed."""
    if find_spec("svy") is None:
        print("No package svy: it is left out.")
        return None
    import polars as pl
    import svy

    frame = pl.read_csv(path)
    cells, tables = [], []
    for design, names in DESIGNS.items():
        sample = svy.Sample(frame, svy.Design(**names))
        # The first call prepares the design, which is not timed.
        _table(sample, SINGLE, "size")
        for item in (SINGLE, MULTIPLE):
            for banner in BANNER:
                took, found = best(partial(_table, sample, item, banner), REPEATS)
                key = {"design": design, "item": item, "banner": banner}
                cells.append(_cells(found[0], item, banner).assign(**key))
                statistic = found[1].stats.f.value
                tables.append({**key, "seconds": took, "statistic": statistic})
    versions = ", ".join(f"{name} {version(name)}" for name in ("svy", "polars"))
    return Peer("svy", versions, pd.concat(cells), pd.DataFrame(tables))


def _table(sample: Any, item: str, banner: str) -> tuple[Any, Any]:
    """Make shares with errors, intervals and design effects, and the test."""
    shares = sample.estimation.prop(item, by=banner, deff="wr", drop_nulls=True)
    return shares, sample.categorical.tabulate(item, banner, drop_nulls=True)


def _cells(found: Any, item: str, banner: str) -> pd.DataFrame:
    """Take shares and their errors, of an item of a set those who named it."""
    cells = found.to_polars().to_pandas()
    if item == MULTIPLE:
        cells = cells[cells[item] == 1].assign(**{item: MULTIPLE})
    names = {banner: "point", item: "code", "est": "estimate", "se": "std_error"}
    kept = cells.rename(columns=names)[list(names.values())]
    return kept.astype({"point": str, "code": str})
