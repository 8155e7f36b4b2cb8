"""Scales: whether the items of a grid may be read as one scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from survey.errors import EstimationError
from survey.responses.variable import Variable

FEWEST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Reliability:
    """Cronbach's alpha of the items of a grid.

    `alpha` is at most 1; `low` and `high` end its confidence interval;
    `respondents` answered every item on the scale. Weights are not used.
    """

    alpha: float
    low: float
    high: float
    items: int
    respondents: int


def reliability(variables: Sequence[Variable], conf_level: float) -> Reliability:
    """Give Cronbach's alpha of the items of a grid.

    Parameters
    ----------
    variables : sequence of Variable
        One per item, all on the same ordered scale. "Don't know" is no step of it.
    conf_level : float
        Confidence level, such as 0.95.

    Returns
    -------
    Reliability
        Over the respondents who answered every item.

    Raises
    ------
    EstimationError
        There are fewer than two items, or fewer than three such respondents.

    References
    ----------
    .. [1] Cronbach (1951), Psychometrika 16(3), 297-334.
    .. [2] Feldt, Woodruff and Salih (1987), Applied Psychological Measurement 11(1),
       93-103, for the interval.

    Examples
    --------
    Two items that always agree measure the same: alpha is 1.

    >>> position = np.array([0, 1, 2, 1])
    >>> item = Variable("a", "A", ("1", "2", "3"), (), position, None, None,
    ...                 np.ones(4, dtype=bool))
    >>> reliability([item, item], 0.95).alpha
    1.0
    """
    import pingouin

    table = pd.DataFrame({i: _steps(v) for i, v in enumerate(variables)}).dropna()
    if len(variables) < FEWEST_ITEMS or len(table) <= FEWEST_ITEMS:
        raise EstimationError(
            f"a scale needs two items and three respondents who answered all of them; "
            f"here are {len(variables)} items and {len(table)} respondents. Leave it "
            "out of 'scales'."
        )
    alpha, ends = pingouin.cronbach_alpha(data=table, ci=conf_level)
    return Reliability(
        round(float(alpha), 12),
        float(ends[0]),
        float(ends[1]),
        len(variables),
        len(table),
    )


def _steps(variable: Variable) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Give the step of every respondent on the scale, NaN for "don't know"."""
    assert variable.position is not None
    unsure = [row.codes[0] for row in variable.rows if row.role != "category"]
    steps = [np.nan if c in unsure else i for i, c in enumerate(variable.codes)]
    return np.array([*steps, np.nan], dtype=float)[variable.position]
