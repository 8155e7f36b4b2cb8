"""Sums of stored questions by value: a grouping for each question, all in one query."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from survey.estimation.stored_asked import Coded, Groups, pattern_places
from survey.estimation.stored_ready import (
    check_weights,
    everyone,
    groups_of,
    in_order,
    ready,
)
from survey.estimation.stored_sums import StoredSums, TermSums
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.importers.stored_session import import_narwhals

if TYPE_CHECKING:
    from narwhals import Expr, LazyFrame

_SUMS = ("used", "sum_w", "sum_w2")


def count_values(
    data: StoredData, keys: list[str], weight: str | None, questions: Sequence[Coded]
) -> Groups:
    """Count questions by groups and by their own values.

    Parameters
    ----------
    data : StoredData
        All respondents.
    keys : list of str
        Columns of the groups.
    weight : str or None
        Column of weights.
    questions : sequence of Coded
        What is counted.

    Returns
    -------
    Groups
        As from `count_groups`.

    Raises
    ------
    DesignError
        As for `count_groups`.
    """
    names = list(dict.fromkeys([*keys, *(each.column for each in questions)]))
    place = {name: f"c{i}" for i, name in enumerate(names)}
    by = {key: place[key] for key in keys}
    source = ready(data, place, weight)
    parts = [_part(source, by, None, -1, weighted=weight is not None)]
    for i, each in enumerate(questions):
        value = (place[each.column], is_text(data, each.column))
        parts.append(_part(source, by, value, i, weighted=weight is not None))
    nw = import_narwhals()
    found = collected(nw.concat(parts), data.name, data.engine)
    found = in_order(found, by, data)
    whole = found["place"].to_numpy() == -1
    everybody = found[whole].reset_index(drop=True)
    check_weights(everybody)
    frame = everybody[list(by.values())].set_axis(keys, axis=1)
    rest = found[~whole & (found["number"].notna() | found["text"].notna())]
    group = np.zeros(len(rest), dtype=np.intp)
    if keys:
        group = pattern_places(frame, rest[list(by.values())].set_axis(keys, axis=1))
    terms = {
        each.name: _terms(each, i, rest, group, len(frame), data)
        for i, each in enumerate(questions)
    }
    return groups_of(everybody, frame, StoredSums(terms, {}))


def is_text(data: StoredData, name: str) -> bool:
    """Say whether the values of a column are texts, and no numbers."""
    nw = import_narwhals()
    kind = data.frame.collect_schema()[name]
    return not (kind.is_numeric() or kind == nw.Boolean)


def number_and_text(column: "Expr", *, text: bool) -> list["Expr"]:
    """Give a value as a number or as a text, whichever it is."""
    nw = import_narwhals()
    nothing = nw.lit(None)
    return [
        (nothing if text else column).cast(nw.Float64).alias("number"),
        (column if text else nothing).cast(nw.String).alias("text"),
    ]


def _part(
    source: "LazyFrame[Any]",
    by: dict[str, str],
    value: tuple[str, bool] | None,
    place: int,
    *,
    weighted: bool,
) -> "LazyFrame[Any]":
    """Group by the keys and one question; by the keys alone where there is none."""
    nw = import_narwhals()
    keys = list(by.values()) or ["k"]
    name = value[0] if value else "k"
    grouped = source.group_by(*dict.fromkeys([*keys, name]))
    found = grouped.agg(*everyone(weighted=weighted))
    sums = [nw.col(each) for each in ("n", *_SUMS)]
    if weighted:
        sums.append(nw.col("bad"))
    own = nw.lit(None) if value is None else nw.col(name)
    values = number_and_text(own, text=value is None or value[1])
    return found.select(
        *(nw.col(key) for key in keys), *values, nw.lit(place).alias("place"), *sums
    )


def _terms(
    question: Coded,
    place: int,
    found: pd.DataFrame,
    group: "np.ndarray[Any, np.dtype[np.intp]]",
    groups: int,
    data: StoredData,
) -> TermSums:
    """Put the sums of one question into a table of groups and values."""
    own = found["place"].to_numpy() == place
    part = "text" if is_text(data, question.column) else "number"
    given = [value if part == "text" else float(value) for value in question.values]
    term = pd.Index(given).get_indexer(found[part][own])
    tables = np.zeros((len(_SUMS), groups, len(given)))
    tables[:, group[own], term] = found.loc[own, list(_SUMS)].to_numpy(dtype=float).T
    return TermSums(*tables)
