"""Input of trimming: rules, limits and outcomes that fit each other.

What cannot be used is refused before any weight is touched.
"""

from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import WeightingError, some
from survey.weighting.trim_rules import Rule

Floats = NDArray[np.float64]


def check_rule(
    rule: str, lower: float | None, upper: float | None, *, with_outcomes: bool
) -> None:
    """Refuse an unknown rule, and limits or outcomes that do not go with it.

    Parameters
    ----------
    rule : str
        Name of the rule.
    lower, upper : float or None
        Limits, in units of the rule.
    with_outcomes : bool
        Whether outcomes are given.

    Raises
    ------
    WeightingError
        The rule is not known, or cannot use what is given.

    Examples
    --------
    >>> check_rule("median", None, 5.0, with_outcomes=False)
    """
    if rule not in get_args(Rule):
        raise WeightingError(
            f"trimming rule {rule!r} is not known. Choose one of "
            f"{some(get_args(Rule))}."
        )
    given = [limit for limit in (lower, upper) if limit is not None]
    if (rule == "potter") == bool(given):
        raise WeightingError(
            "Potter's rule finds the cap itself. Leave upper and lower out."
            if given
            else f"rule {rule!r} needs upper, lower or both."
        )
    if with_outcomes and rule != "potter":
        raise WeightingError(
            f"rule {rule!r} does not look at outcomes. Leave them out, or choose "
            "rule='potter'."
        )
    most = 1.0 if rule == "quantile" else np.inf
    if not all(0 <= limit <= most and np.isfinite(limit) for limit in given):
        raise WeightingError(
            f"limits of rule {rule!r} are numbers from 0"
            f"{' to 1' if rule == 'quantile' else ' on'}; {some(given)} cannot be used."
        )
    if given != sorted(set(given)):
        raise WeightingError(
            f"lower {lower!r} is not below upper {upper!r}. Exchange them."
        )


def outcome_numbers(
    outcomes: pd.DataFrame, index: pd.Index, used: NDArray[np.bool_]
) -> Floats:
    """Give outcomes as numbers, in the order of the weights.

    Parameters
    ----------
    outcomes : DataFrame (n, K)
        Columns of numbers.
    index : Index (n,)
        Ids of the weights.
    used : bool array (n,)
        Weights above 0.

    Returns
    -------
    float array (n, K)
        Numbers, NaN where missing.

    Raises
    ------
    WeightingError
        Rows are missing, or a column has no numbers or one value only.

    Examples
    --------
    >>> uses = pd.DataFrame({"uses": [1, 0]}, index=["b", "a"])
    >>> outcome_numbers(uses, pd.Index(["a", "b"]), np.full(2, True)).tolist()
    [[0.0], [1.0]]
    """
    if not outcomes.index.equals(index):
        known = outcomes.index.is_unique and index.isin(outcomes.index).all()
        if not known:
            raise WeightingError(
                f"outcomes have {len(outcomes)} rows, and not the ids of the "
                f"{len(index)} weights. Give them the index of the weights."
            )
        outcomes = outcomes.loc[index]
    numeric = [pd.api.types.is_numeric_dtype(kind) for kind in outcomes.dtypes]
    wrong = [
        name
        for name, fits in zip(outcomes.columns, numeric, strict=True)
        if not fits or _is_constant(outcomes.loc[used, name])
    ]
    if wrong or outcomes.empty:
        raise WeightingError(
            f"outcomes need columns of numbers with several values; "
            f"{some(wrong) or 'there is none'}. Write answers as 0 and 1."
        )
    return outcomes.to_numpy(dtype=float, na_value=np.nan)


def _is_constant(column: pd.Series) -> bool:
    """Say whether a column of numbers has fewer than two values."""
    known = column.dropna().to_numpy()
    return known.size == 0 or bool((known == known[0]).all())
