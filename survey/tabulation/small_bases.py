"""Small bases: which columns of a question are hidden, and which are marked.

A hidden column cannot be recovered by subtracting the visible ones from Total.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SHOWN: Final = 0
SMALL: Final = 1
HIDDEN: Final = 2
PROTECTS: Final = 3


def judge_bases(
    base: NDArray[np.float64], *, min_base: int, small_base: int, exclusive: bool
) -> NDArray[np.intp]:
    """Decide which columns of one banner question are shown.

    Parameters
    ----------
    base : float array (C,)
        Unweighted base of every column, without Total.
    min_base : int
        Columns below are hidden.
    small_base : int
        Columns below are marked.
    exclusive : bool
        Whether a respondent is in one column at most.

    Returns
    -------
    int array (C,)
        `SHOWN`, `SMALL`, `HIDDEN`, or `PROTECTS` for a column that is hidden because
        another one is.

    Notes
    -----
    Where exactly one column of exclusive ones is hidden, it is Total less the
    others; the next smallest is hidden as well [1]_. A column without respondents
    has nothing to recover, and neither counts nor protects.

    References
    ----------
    .. [1] Willenborg and de Waal (2001), Elements of Statistical Disclosure Control,
       chapter 4: secondary suppression.

    Examples
    --------
    >>> judge_bases(np.array([200.0, 12, 80, 150]), min_base=30, small_base=100,
    ...             exclusive=True).tolist()
    [0, 2, 3, 0]
    """
    state = np.where(base < small_base, SMALL, SHOWN)
    state = np.where(base < min_base, HIDDEN, state)
    secret = (state == HIDDEN) & (base > 0)
    if exclusive and secret.sum() == 1 and (state != HIDDEN).any():
        visible = np.where(state == HIDDEN, np.inf, base)
        state[int(np.argmin(visible))] = PROTECTS
    return np.asarray(state, dtype=np.intp)


def base_note(state: int, min_base: int) -> str:
    """Say in words what was decided.

    Parameters
    ----------
    state : int
        From `judge_bases`.
    min_base : int
        Base below which a column is hidden.

    Returns
    -------
    str
        Note of the cells; empty for a column that is shown.

    Examples
    --------
    >>> base_note(HIDDEN, 30)
    'hidden: base below 30'
    """
    notes = {
        SMALL: "small base",
        HIDDEN: f"hidden: base below {min_base}",
        PROTECTS: "hidden: protects another cell",
    }
    return notes.get(state, "")
