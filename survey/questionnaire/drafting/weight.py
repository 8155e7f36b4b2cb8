"""Find the columns of an export that may be weights.

The file's own word comes first, then the header; a weight is a number of 0 or more
for everyone.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from survey.importers.labels import comparable
from survey.importers.raw import RawTable
from survey.questionnaire.columns import Column, as_number

_NAME: Final = re.compile(
    r"(^|[_ .-])((p|f|final|survey|sample|base|case)?_?(weights?|wgts?|wts?)"
    r"|pw|gewicht\w*|gew|pond\w*|poids|peso|hochrechnung\w*)(\d*|[_ .-].*)$"
    r"|^wt[a-z0-9]+$|^\w*(gewicht|gewichtung)$"
)
_NO_WEIGHT: Final = re.compile(
    r"\b(kg|kilograms?|kilos?|pounds?|lbs?|body|k(ö|oe)rper\w*|open.?weights?)\b"
)
# Somebody's weight is called so as well, and is hardly below this many kilograms.
_BARE: Final = {"weight", "gewicht"}
_HEAVY: Final = 20.0


@dataclass(frozen=True, slots=True)
class LikelyWeight:
    """A column that may be the weight.

    Attributes
    ----------
    column : str
        Its name.
    reason : str
        Why it is proposed.
    declared : bool
        Whether the file itself says so.
    """

    column: str
    reason: str
    declared: bool


def likely_weights(
    raw: RawTable, columns: Mapping[str, Column]
) -> tuple[LikelyWeight, ...]:
    """List the columns that may be weights.

    Parameters
    ----------
    raw : RawTable
        The export.
    columns : mapping of name to Column
        What its columns hold.

    Returns
    -------
    tuple of LikelyWeight
        The one that the file declares first.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> from survey.questionnaire.columns import column_of
    >>> raw = RawTable(pd.DataFrame({"gewicht": [0.5, 1.5]}),
    ...     {"gewicht": ColumnLabel()}, {}, (), Source("a.sav", "", ""))
    >>> [w.reason for w in likely_weights(raw, {"gewicht": column_of(raw, "gewicht")})]
    ['named like a weight; mean 1, from 0.5 to 1.5']
    """
    found = []
    for name, column in columns.items():
        declared = name == raw.weight
        sizes = sizes_of(column)
        if not sizes or not (declared or _is_named(column)):
            continue
        if not declared and (len(sizes) == 1 or column.answers < len(column.filled)):
            continue
        why = "declared as weight by the file" if declared else "named like a weight"
        reason = f"{why}; {_described(column, sizes)}"
        found.append(LikelyWeight(name, reason, declared))
    return tuple(sorted(found, key=lambda weight: not weight.declared))


def _is_named(column: Column) -> bool:
    """Tell whether a header says weight, and the label does not say kilograms."""
    label = f"{column.label.wording} {column.label.option}"
    name = comparable(column.name)
    if column.label.values or _NO_WEIGHT.search(f"{name} {comparable(label)}"):
        return False
    return bool(_NAME.search(name)) and not (name in _BARE and _mean(column) > _HEAVY)


def _mean(column: Column) -> float:
    """Give the mean of a column of numbers; 0 where it holds none."""
    sizes = sizes_of(column)
    total = sum(size * column.counts[value] for value, size in sizes.items())
    return total / column.answers if sizes else 0.0


def sizes_of(column: Column) -> dict[str, float]:
    """Give the number of every value of a column that may be a weight.

    Parameters
    ----------
    column : Column
        What the export holds.

    Returns
    -------
    dict of value to float
        Empty unless all values are numbers from 0.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = Column("w", ColumnLabel(), {"0.5": 1}, np.ones(1, bool), numeric=True)
    >>> sizes_of(held)
    {'0.5': 0.5}
    """
    sizes = {value: as_number(value) for value in column.values}
    known = {value: size for value, size in sizes.items() if size is not None}
    usable = len(known) == len(sizes) and all(size >= 0 for size in known.values())
    return known if usable else {}


def _described(column: Column, sizes: Mapping[str, float]) -> str:
    """Give mean and range of weights in words."""
    low, high = min(sizes.values()), max(sizes.values())
    return f"mean {_mean(column):.4g}, from {low:.4g} to {high:.4g}"
