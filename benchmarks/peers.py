"""What other programs took for a few tables, and whether their numbers are ours.

Numbers are compared so that like is timed with like.
"""

from dataclasses import dataclass

import pandas as pd
from respondents import Items

# The items timed: one of single response, one of a multiple response set.
SINGLE, MULTIPLE = "q1", "m1_1"
# Each table is timed so often, and the shortest time counts.
REPEATS = 2
CELL = ["design", "code", "banner", "point"]
TABLE = ["design", "item", "banner"]


@dataclass(frozen=True, slots=True)
class Peer:
    """What a program took and gave.

    Attributes
    ----------
    name, version : str
        Of the program.
    cells : DataFrame
        design, code, banner, point, estimate, std_error of `SINGLE` and `MULTIPLE`.
    tables : DataFrame
        design, item, banner, seconds, statistic (Rao-Scott, second order, F).
    """

    name: str
    version: str
    cells: pd.DataFrame
    tables: pd.DataFrame

    def seconds(self, design: str, items: Items) -> float:
        """Scale the seconds of the timed tables to all tables of a design."""
        timed = self.tables[self.tables["design"] == design]
        banner = timed.groupby("item")["seconds"].sum()
        single = float(banner[SINGLE]) * len(items.single)
        return single + float(banner[MULTIPLE]) * len(items.multiple)


def agreement(peer: Peer, ours: Peer) -> str:
    """Say how far the numbers of a program are from ours."""
    cells = peer.cells.merge(ours.cells, on=CELL, validate="1:1")
    tables = peer.tables.merge(ours.tables, on=TABLE, validate="1:1")
    if len(cells) != len(peer.cells) or len(tables) != len(peer.tables):
        raise SystemExit(f"{peer.name}: some of its cells or tests are not in ours.")
    worst = [
        f"{words} to {_apart(frame, column):.0e}"
        for words, frame, column in (
            ("shares", cells, "estimate"),
            ("standard errors", cells, "std_error"),
            ("Rao-Scott F", tables, "statistic"),
        )
    ]
    return (
        f"{peer.name} and ours agree in {len(cells)} cells and {len(tables)} tests, "
        f"largest relative difference: {', '.join(worst)}."
    )


def _apart(merged: pd.DataFrame, column: str) -> float:
    """Give the largest relative difference of a column."""
    theirs, own = merged[f"{column}_x"], merged[f"{column}_y"]
    return float(((theirs - own) / own).abs().max())
