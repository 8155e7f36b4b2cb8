"""Factors of combinations as factors of margins, and these as an expression.

A margin has few categories where combinations are many.
"""

from functools import reduce
from operator import and_, mul

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]


def factor_expression(
    table: pd.DataFrame, margins: tuple[Margin, ...], factor: Floats
) -> nw.Expr:
    """Give the factor of a respondent by the categories of the margins.

    Parameters
    ----------
    table : DataFrame (Q,)
        Combinations: one column for each column of the margins.
    margins : tuple of Margin
        Category of every combination.
    factor : float array (Q,)
        Factor of every combination, a product of one factor per margin.

    Returns
    -------
    narwhals.Expr
        The same for respondents; 0 for who has no category.

    Examples
    --------
    >>> table = pd.DataFrame({"size": ["s", "l"]})
    >>> size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 1]))
    >>> frame = nw.from_native(pd.DataFrame({"size": ["l", "s", None]}))
    >>> made = factor_expression(table, (size,), np.array([0.5, 2.0]))
    >>> frame.select(made.round(9).alias("f"))["f"].to_list()
    [2.0, 0.5, 0.0]
    """
    factors = _split(margins, factor)
    chains = [_chain(table, m, f) for m, f in zip(margins, factors, strict=True)]
    return reduce(mul, chains)


def _split(margins: tuple[Margin, ...], factor: Floats) -> list[Floats]:
    """Give every category a factor, whose products are those of the combinations.

    Raking makes such products, so that the equations hold exactly; of their many
    solutions the one with the smallest logarithms is taken.
    """
    sizes = [margin.targets.size for margin in margins]
    starts = np.cumsum([0, *sizes[:-1]])
    design = np.zeros((factor.size, sum(sizes)))
    for margin, start in zip(margins, starts, strict=True):
        design[np.arange(factor.size), start + margin.position] = 1.0
    logs = np.linalg.lstsq(design, np.log(factor), rcond=None)[0]
    return np.split(np.exp(logs), starts[1:])


def _chain(table: pd.DataFrame, margin: Margin, factors: Floats) -> nw.Expr:
    """Give the factor of the category of a margin; 0 for who has none."""
    columns = [margin.name] if isinstance(margin.name, str) else list(margin.name)
    values = table[columns].assign(__place=margin.position).drop_duplicates()
    chain: nw.Expr = nw.lit(0.0)
    for *parts, place in values.itertuples(index=False, name=None):
        hits = [nw.col(c) == _plain(v) for c, v in zip(columns, parts, strict=True)]
        value = nw.lit(float(factors[int(place)]))
        chain = nw.when(reduce(and_, hits)).then(value).otherwise(chain)
    return chain


def _plain(value: object) -> object:
    """Give a value of numpy as one of Python."""
    return value.item() if isinstance(value, np.generic) else value
