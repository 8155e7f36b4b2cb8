"""Stored data made ready to be summed: short names, weights and their squares."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survey.errors import DesignError
from survey.estimation.stored_asked import Groups, plain_column, typed
from survey.estimation.stored_sums import StoredSums
from survey.importers.stored import StoredData
from survey.importers.stored_session import import_narwhals

if TYPE_CHECKING:
    from narwhals import Expr, LazyFrame


def ready(
    data: StoredData, place: dict[str, str], weight: str | None
) -> "LazyFrame[Any]":
    """Take the columns that a query needs.

    Parameters
    ----------
    data : StoredData
        All respondents.
    place : dict
        Short name of every column, so that no name of the data is one of ours.
    weight : str or None
        Column of weights; None is 1 for everyone.

    Returns
    -------
    narwhals.LazyFrame
        The columns, the constant ``k``, the weight ``w`` and its square ``w2``, and
        ``one``, which is 1 where the weight is above 0.
    """
    nw = import_narwhals()
    chosen = [plain_column(data, name).alias(alias) for name, alias in place.items()]
    own = nw.lit(1.0) if weight is None else nw.col(weight).cast(nw.Float64)
    found = data.frame.select(*chosen, own.alias("w"), nw.lit(0).alias("k"))
    used = nw.when(nw.col("w") > 0).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return found.with_columns(
        (nw.col("w") * nw.col("w")).alias("w2"), used.alias("one")
    )


def everyone(*, weighted: bool) -> Iterator["Expr"]:
    """Add up weights, and count those that cannot be."""
    nw = import_narwhals()
    w = nw.col("w")
    yield nw.len().alias("n")
    if not weighted:
        for name in ("used", "sum_w", "sum_w2"):
            yield nw.len().alias(name)
        return
    bad = w.is_null() | ~w.is_finite() | (w < 0)
    yield nw.when(bad).then(nw.lit(1.0)).otherwise(nw.lit(0.0)).sum().alias("bad")
    yield nw.col("one").sum().alias("used")
    yield w.sum().alias("sum_w")
    yield nw.col("w2").sum().alias("sum_w2")


def check_weights(found: pd.DataFrame) -> None:
    """Refuse weights that are none, and data without respondents.

    Parameters
    ----------
    found : DataFrame (G, columns)
        Sums of `everyone` by group.

    Raises
    ------
    DesignError
        Weights are negative, missing, infinite or all 0, or there is nobody.
    """
    size = int(found["n"].sum())
    if not size:
        raise DesignError("the data have no respondents, so there is no design.")
    bad = int(found["bad"].sum()) if "bad" in found else 0
    if bad:
        raise DesignError(
            f"weight is negative, missing or infinite for {bad} of {size} "
            "respondents. Correct these weights, or leave the respondents out."
        )
    if not found["sum_w"].any():
        raise DesignError(f"weight is 0 for all {size} respondents. Check the column.")
    squares = found["sum_w2"].to_numpy(dtype=float)
    if not np.isfinite(squares).all() or ((squares == 0) & (found["sum_w"] > 0)).any():
        raise DesignError(
            "weights are too large or too small to be squared. Divide all weights by "
            "their mean."
        )


def in_order(found: pd.DataFrame, by: dict[str, str], data: StoredData) -> pd.DataFrame:
    """Sort the groups of a result, so that the engine does not decide on their order.

    Parameters
    ----------
    found : DataFrame (G, columns)
        The result of a query.
    by : dict
        Short name of every key.
    data : StoredData
        All respondents.

    Returns
    -------
    DataFrame (G, columns)
        Sorted, with the keys as a DataFrame has them.
    """
    schema = data.frame.collect_schema()
    for key, alias in by.items():
        found[alias] = typed(found[alias], schema[key])
    names = list(by.values()) or ["k"]
    return found.sort_values(names, kind="stable", ignore_index=True)


def groups_of(found: pd.DataFrame, frame: pd.DataFrame, sums: StoredSums) -> Groups:
    """Put groups together with what was counted in them.

    Parameters
    ----------
    found : DataFrame (G, columns)
        Sums of `everyone`.
    frame : DataFrame (G, keys)
        The groups.
    sums : StoredSums
        Sums of the questions.

    Returns
    -------
    Groups
        All of it.
    """
    names = ("n", "used", "sum_w", "sum_w2")
    n, used, w, w2 = (found[name].to_numpy(dtype=float) for name in names)
    return Groups(frame, n, used, w, w2, sums)
