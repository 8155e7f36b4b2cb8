"""Raking: weights under which every margin of the sample meets its target.

Raking has converged when the margins are met, not when the weights stop moving.
"""

from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError
from survey.weighting.base import Base, BaseWeight, find_base
from survey.weighting.calibrate import calibrate
from survey.weighting.distances import Limits
from survey.weighting.margins import Margins, place_margin
from survey.weighting.recipe import before, raked
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]


def rake(
    respondents: pd.DataFrame,
    margins: Margins,
    *,
    base_weight: BaseWeight | None = None,
    limits: Limits | None = None,
    weight_limits: Limits | None = None,
    tolerance: float = 1e-10,
    max_passes: int = 2000,
) -> Weighting:
    """Weight respondents so that every sample margin matches its target.

    Iterative proportional fitting [1]_: each margin is scaled to its target in
    turn, pass after pass, until all of them hold at once.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent, one column of categories per margin, no blanks.
    margins : mapping of column, or tuple of columns, to {code: target}
        Targets above 0: shares that sum to 1 within 1e-6, or counts (any sum of 2
        or more), which are divided by their sum. A tuple of columns is a crossed
        margin, and its codes are tuples. Codes match as text: ``"1"`` is 1 and 1.0.
    base_weight : str, Series or Weighting, optional
        Weight of each respondent before raking: a column, values with the same
        index, or weights made in an earlier step; 1 for everyone when omitted.
        Respondents with weight 0 stay out.
    limits : tuple of two floats, optional
        Smallest and largest multiple of the base weight, ``low < 1 < high``, held
        exactly. With limits of either kind the fit is that of `calibrate`.
    weight_limits : tuple of two floats, optional
        Smallest and largest weight, where the mean is 1.
    tolerance : float, default 1e-10
        Largest gap allowed between a weighted share and its target.
    max_passes : int, default 2000
        Passes over all margins before giving up; not used with limits.

    Returns
    -------
    Weighting
        Weights, those above 0 with mean 1, and the margins, which the variance needs.

    Raises
    ------
    MarginError
        Targets and answers have different codes, a target is 0 or no number,
        targets do not sum to 1, or a margin has blanks.
    RakingError
        Base weights or limits cannot be used, or the margins cannot all be met.

    See Also
    --------
    calibrate : Other distances, and totals of numbers.
    deff_kish : Variance that the weights cost.
    margin_table : Targets beside what was achieved.

    Notes
    -----
    The fit runs on the table of distinct combinations of categories, so its cost
    does not grow with the respondents. One crossed margin is post-stratification.

    References
    ----------
    .. [1] Deming and Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444.

    Examples
    --------
    Three of four firms answering are small; in the population it is half.

    >>> firms = pd.DataFrame({"size": ["small", "small", "small", "large"]})
    >>> rake(firms, {"size": {"small": 0.5, "large": 0.5}}).weight.round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    if not margins:
        raise MarginError("there is no margin to rake to. Name at least one.")
    if limits is not None or weight_limits is not None:
        return calibrate(
            respondents,
            margins,
            base_weight=base_weight,
            limits=limits,
            weight_limits=weight_limits,
            tolerance=tolerance,
        )
    base = find_base(respondents, base_weight)
    used = None if base.weight.all() else base.used
    placed = tuple(
        place_margin(respondents, name, targets, used)
        for name, targets in margins.items()
    )
    weight, passes, gap = raked(base.weight, placed, tolerance, max_passes)
    again = partial(_again, base, placed, tolerance, max_passes)
    index = respondents.index
    return Weighting(
        pd.Series(weight, index=index, name="weight", copy=False),
        pd.Series(base.weight, index=index, name="base_weight", copy=False),
        placed,
        passes,
        gap,
        start_weight=pd.Series(base.start, index=index, name="start_weight"),
        again=None if base.made is None else again,
        steps=() if base.made is None else base.made.steps,
    )


def _again(
    base: Base,
    placed: tuple[Margin, ...],
    tolerance: float,
    max_passes: int,
    start: Floats,
) -> Floats:
    """Make the weights again from other start weights."""
    return raked(before(base, start), placed, tolerance, max_passes)[0]
