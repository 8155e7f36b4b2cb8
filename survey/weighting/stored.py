"""Raking of stored data: the fit sees distinct combinations, and never a respondent.

Respondents of one combination have one factor, which is a product of one factor per
margin; so the weights go back to the engine as an expression.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import reduce

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, RakingError, some
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.weighting.diagnostics import margin_rows
from survey.weighting.margins import Margins, code_text
from survey.weighting.rake import rake
from survey.weighting.stored_factors import factor_expression
from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]

_N, _W, _W2, _USED = "__n", "__w", "__w2", "__used"
_LEFT_OUT, _COUNTS, _WRONG = range(3)


@dataclass(frozen=True, slots=True, eq=False)
class StoredWeighting:
    """Weights of stored data, and how they were made.

    Attributes
    ----------
    weight : narwhals.Expr
        Weight of every respondent; those above 0 have mean 1.
    combinations : DataFrame
        One row per combination that counts: the columns of the margins, respondents
        ``base_unweighted``, sums ``base_weight`` and ``base_weight2`` of base weights
        and of their squares, and ``factor``, the weight divided by the base weight.
    margins : tuple of Margin
        Margins that the weights meet, with a position per combination.
    passes : int
        Passes over all margins.
    gap : float
        Largest difference between a weighted share and its target.
    """

    weight: nw.Expr
    combinations: pd.DataFrame
    margins: tuple[Margin, ...]
    passes: int
    gap: float

    @property
    def respondents(self) -> int:
        """Respondents with a weight above 0."""
        return int(self.combinations["base_unweighted"].sum())

    @property
    def base_effective(self) -> float:
        """Respondents that would know as much with equal weights."""
        table = self.combinations
        squares = float((table["factor"] ** 2 * table["base_weight2"]).sum())
        return float((table["factor"] * table["base_weight"]).sum()) ** 2 / squares

    @property
    def deff_kish(self) -> float:
        """Factor by which unequal weights raise the variance."""
        return self.respondents / self.base_effective

    @property
    def weighting_efficiency(self) -> float:
        """Effective base in percent of the respondents."""
        return 100 / self.deff_kish


def rake_stored(
    data: StoredData,
    margins: Margins,
    *,
    base_weight: str | None = None,
    tolerance: float = 1e-10,
    max_passes: int = 2000,
) -> StoredWeighting:
    """Rake stored data, with one query.

    Parameters
    ----------
    data : StoredData
        With one column of categories per margin, no blanks.
    margins : mapping of column, or tuple of columns, to {code: target}
        As for `rake`.
    base_weight : str, optional
        Column of weights before raking; 1 for everyone when omitted. Respondents with
        weight 0 stay out.
    tolerance, max_passes
        As for `rake`.

    Returns
    -------
    StoredWeighting
        The same weights as `rake` gives in memory, as an expression.

    Raises
    ------
    MarginError
        As for `rake`.
    RakingError
        Base weights are missing, negative or all 0, or the margins cannot all be met.
    DataFileError
        The engine could not.

    See Also
    --------
    rake : The same in memory, also with limits.
    with_weight : The data with the weights as a column.

    Examples
    --------
    >>> from survey.importers.stored import open_data
    >>> firms = open_data(pd.DataFrame({"size": ["small", "small", "small", "large"]}))
    >>> made = rake_stored(firms, {"size": {"small": 0.5, "large": 0.5}})
    >>> made.combinations["factor"].round(3).tolist(), round(made.deff_kish, 3)
    ([2.0, 0.667], 1.333)
    """
    if not margins:
        raise MarginError("there is no margin to rake to. Name at least one.")
    names = _columns(margins)
    table = _combinations(data, names, base_weight)
    _check_blanks(table, names)
    for name, targets in margins.items():
        _check_codes(table, name, targets)
    fitted = rake(
        table[names],
        margins,
        base_weight=table[_W],
        tolerance=tolerance,
        max_passes=max_passes,
    )
    weight = fitted.weight.to_numpy(dtype=float)
    number = int(table[_N].sum())
    factor = weight * (number / weight.sum()) / table[_W].to_numpy(dtype=float)
    multiple = factor_expression(table, fitted.margins, factor)
    return StoredWeighting(
        _base(base_weight) * multiple,
        _result(table, names, factor),
        fitted.margins,
        fitted.passes,
        fitted.gap,
    )


def _result(table: pd.DataFrame, names: list[str], factor: Floats) -> pd.DataFrame:
    """Give the combinations with the names that users see."""
    return table[names].assign(
        base_unweighted=table[_N],
        base_weight=table[_W],
        base_weight2=table[_W2],
        factor=factor,
    )


def with_weight(
    data: StoredData, weighting: StoredWeighting, name: str = "weight"
) -> StoredData:
    """Add the weights as a column.

    Parameters
    ----------
    data : StoredData
        What was weighted.
    weighting : StoredWeighting
        Its weights.
    name : str, default "weight"
        Name of the column.

    Returns
    -------
    StoredData
        The same data with one column more.

    Raises
    ------
    RakingError
        There is such a column.

    Examples
    --------
    >>> from survey.importers.stored import open_data
    >>> firms = open_data(pd.DataFrame({"size": ["s", "s", "s", "l"]}))
    >>> made = rake_stored(firms, {"size": {"s": 0.5, "l": 0.5}})
    >>> weighted = with_weight(firms, made).frame.collect("pandas").to_native()
    >>> sorted(weighted["weight"].round(3))
    [0.667, 0.667, 0.667, 2.0]
    """
    known = data.frame.collect_schema().names()
    if name.lower() in {column.lower() for column in known}:
        raise RakingError(
            f"{data.name} has a column {name!r} already. Give the weights another name."
        )
    return replace(data, frame=data.frame.with_columns(weighting.weight.alias(name)))


def stored_margin_table(weighting: StoredWeighting) -> pd.DataFrame:
    """Put targets beside unweighted and weighted shares.

    Parameters
    ----------
    weighting : StoredWeighting
        Weights and margins.

    Returns
    -------
    DataFrame
        As `margin_table` gives it.

    Examples
    --------
    >>> from survey.importers.stored import open_data
    >>> firms = open_data(pd.DataFrame({"size": ["s", "s", "s", "l"]}))
    >>> made = rake_stored(firms, {"size": {"s": 0.5, "l": 0.5}})
    >>> stored_margin_table(made)[["code", "unweighted", "base_unweighted"]]
      code  unweighted  base_unweighted
    0    s        0.75                3
    1    l        0.25                1
    """
    table = weighting.combinations
    factor = table["factor"].to_numpy(dtype=float)
    sums = (
        table["base_unweighted"].to_numpy(dtype=float),
        factor * table["base_weight"].to_numpy(dtype=float),
        factor**2 * table["base_weight2"].to_numpy(dtype=float),
    )
    frames = []
    for margin in weighting.margins:
        n, w, w2 = (_by_code(margin, each) for each in sums)
        frames.append(margin_rows(margin, n.astype(np.intp), w, w2))
    return pd.concat(frames, ignore_index=True)


def _by_code(margin: Margin, amount: Floats) -> Floats:
    """Add amounts of combinations up by category."""
    sums = np.bincount(margin.position, weights=amount, minlength=len(margin.codes))
    return sums.astype(np.float64, copy=False)


def _columns(margins: Margins) -> list[str]:
    """List the columns of all margins, each once."""
    parts = [(name,) if isinstance(name, str) else tuple(name) for name in margins]
    return list(dict.fromkeys(column for part in parts for column in part))


def _combinations(
    data: StoredData, names: list[str], base_weight: str | None
) -> pd.DataFrame:
    """Sum base weights by combination, of the respondents who count."""
    known = data.frame.collect_schema().names()
    unknown = [n for n in (*names, base_weight) if n is not None and n not in known]
    if unknown:
        raise MarginError(
            f"{data.name} has no column {some(unknown)} (columns: {some(known)}). "
            "Correct its name in the margins or in base_weight."
        )
    weight = _base(base_weight)
    wrong = weight.is_null() | (weight < 0) | ~weight.is_finite()
    used = nw.when(wrong).then(nw.lit(_WRONG)).when(weight > 0).then(nw.lit(_COUNTS))
    frame = data.frame.select(
        *names, **{_W: weight, _USED: used.otherwise(nw.lit(_LEFT_OUT))}
    )
    sums = (
        frame.with_columns(**{_W2: nw.col(_W) * nw.col(_W)})
        .group_by(*names, _USED)
        .agg(**{_N: nw.len(), _W: nw.col(_W).sum(), _W2: nw.col(_W2).sum()})
    )
    table = collected(sums, data.name, data.engine).sort_values(names, kind="stable")
    _check_base(table, base_weight)
    return table[table[_USED] == _COUNTS].reset_index(drop=True)


def _base(base_weight: str | None) -> nw.Expr:
    """Give base weights as numbers."""
    weight: nw.Expr = nw.lit(1.0) if base_weight is None else nw.col(base_weight)
    return weight.cast(nw.Float64)


def _check_base(table: pd.DataFrame, base_weight: str | None) -> None:
    """Refuse base weights that are no weights."""
    number = int(table[_N].sum())
    if not number:
        raise RakingError("there are no respondents to weight.")
    wrong = int(table.loc[table[_USED] == _WRONG, _N].sum())
    if wrong:
        raise RakingError(
            f"base weights {base_weight!r} are negative, missing or infinite for "
            f"{wrong} of {number} respondents. Correct them, or leave the respondents "
            "out."
        )
    if not (table[_USED] == _COUNTS).any():
        raise RakingError(f"base weights are 0 for all {number} respondents.")


def _check_blanks(table: pd.DataFrame, names: list[str]) -> None:
    """Refuse respondents without a category."""
    for name in names:
        blank = int(table.loc[table[name].isna(), _N].sum())
        if blank:
            raise MarginError(
                f"margin {name!r} is missing for {blank} of {int(table[_N].sum())} "
                "respondents. Give them a class of their own with a target, or leave "
                "them out."
            )


def _check_codes(
    table: pd.DataFrame, name: str | tuple[str, ...], targets: Mapping[object, float]
) -> None:
    """Refuse categories of respondents that have no target."""
    columns = [name] if isinstance(name, str) else list(name)
    parts = [table[column].map(code_text) for column in columns]
    codes = reduce(lambda one, other: one + " x " + other, parts)
    known = {
        " x ".join(map(code_text, code if isinstance(code, tuple) else (code,)))
        for code in dict(targets)
    }
    # Truth values have two spellings, which `rake` brings together.
    is_truth = len(columns) == 1 and pd.api.types.is_bool_dtype(table[columns[0]])
    strange = table.loc[~codes.isin(known), _N].groupby(codes).sum()
    if len(strange) and not is_truth:
        raise MarginError(
            f"margin {' x '.join(columns)!r} has no target for "
            f"{some(strange.index)} ({int(strange.sum())} respondents). Merge the "
            "codes on both sides so that they match."
        )
