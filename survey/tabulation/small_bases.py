"""Small bases: which columns of a question are hidden, and which are marked.

The base of a hidden column is not printed either, but how it compares with the limit.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

SHOWN: Final = 0
SMALL: Final = 1
HIDDEN: Final = 2
PROTECTS: Final = 3


def judge_bases(
    base: NDArray[np.float64], *, min_base: int, small_base: int
) -> NDArray[np.intp]:
    """Decide by their bases alone which columns are shown.

    Parameters
    ----------
    base : float array of any shape
        Unweighted bases.
    min_base : int
        Columns below are hidden.
    small_base : int
        Columns below are marked.

    Returns
    -------
    int array of the same shape
        `SHOWN`, `SMALL` or `HIDDEN`.

    See Also
    --------
    survey.tabulation.protection.protect : What else has to be hidden then.

    Examples
    --------
    >>> judge_bases(np.array([200.0, 12, 80]), min_base=30, small_base=100).tolist()
    [0, 2, 1]
    """
    state = np.where(base < small_base, SMALL, SHOWN)
    return np.asarray(np.where(base < min_base, HIDDEN, state), dtype=np.intp)


def base_note(state: int, min_base: int) -> str:
    """Say in words what was decided.

    Parameters
    ----------
    state : int
        From `judge_bases` or `protect`.
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


def base_class(
    state: NDArray[np.intp], base: NDArray[np.float64], min_base: int
) -> NDArray[np.object_]:
    """Write what stands in place of the base of a hidden column.

    Parameters
    ----------
    state : int array
        From `judge_bases` or `protect`.
    base : float array of the same shape
        Unweighted bases.
    min_base : int
        Base below which a column is hidden.

    Returns
    -------
    object array
        ``"<30"`` or, of a column that protects another, ``"≥30"``; empty where the
        base itself is printed.

    Notes
    -----
    The base of a hidden column is not printed, nor its weighted and effective base:
    where a question is asked because of an answer, its base is the count of that
    answer. A base of 0 says that there is nothing to hide.

    Examples
    --------
    >>> base_class(np.array([0, 2, 3]), np.array([200.0, 12, 80]), 30).tolist()
    ['', '<30', '≥30']
    """
    below = np.where(base > 0, f"<{min_base}", "")
    texts = np.where(state == PROTECTS, f"≥{min_base}", below)
    return np.where(state < HIDDEN, "", texts).astype(object)
