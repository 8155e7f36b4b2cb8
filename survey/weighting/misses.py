"""Misses: why weights do not meet their margins."""

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]

_MOST_SHOWN = 8


def achieved_shares(margin: Margin, weight: Floats) -> Floats:
    """Give the weighted share of every category of a margin.

    Parameters
    ----------
    margin : Margin
        K categories of n respondents.
    weight : float array (n,)
        Weights.

    Returns
    -------
    float array (K,)
        Shares, 0 to 1.

    Examples
    --------
    >>> size = Margin("size", ("1", "2"), np.array([0.5, 0.5]), np.array([0, 0, 1]))
    >>> achieved_shares(size, np.array([1.0, 1.0, 2.0])).tolist()
    [0.5, 0.5]
    """
    total = np.bincount(margin.position, weights=weight, minlength=margin.targets.size)
    return np.asarray(total / weight.sum())


def why_not(
    margins: tuple[Margin, ...], gaps: list[float], weight: Floats, passes: int
) -> str:
    """Say which margin is off, by how much, and which empty cells cause it.

    Parameters
    ----------
    margins : tuple of Margin
        All margins.
    gaps : list of float
        Largest gap between share and target, by margin.
    weight : float array (n,)
        Weights that miss a margin.
    passes : int
        Passes over all margins.

    Returns
    -------
    str
        Several lines.
    """
    worst = margins[int(np.argmax(gaps))]
    achieved = achieved_shares(worst, weight)
    counts = np.bincount(worst.position, minlength=worst.targets.size)
    order = np.argsort(-np.abs(achieved - worst.targets))[:_MOST_SHOWN]
    unit = "pass" if passes == 1 else "passes"
    lines = [f"margin {_label(worst)!r} is still off target after {passes} {unit}:"]
    lines += [
        f"  {worst.codes[k]}: wanted {worst.targets[k]:.1%}, got {achieved[k]:.1%} "
        f"({counts[k]} respondents)"
        for k in order
    ]
    if len(worst.codes) > _MOST_SHOWN:
        lines.append(f"  and {len(worst.codes) - _MOST_SHOWN} more")
    empty = _empty_cells(margins, weight)
    if empty:
        shown = "; nor ".join(empty[:_MOST_SHOWN])
        more = len(empty) - _MOST_SHOWN
        rest = f"; and {more} more" if more > 0 else ""
        lines.append(f"No respondent has {shown}{rest}.")
    lines.append("Merge those codes or drop one of the margins.")
    return "\n".join(lines)


def _label(margin: Margin) -> str:
    """Give the name of a margin as one text."""
    return margin.name if isinstance(margin.name, str) else " x ".join(margin.name)


def _empty_cells(margins: tuple[Margin, ...], weight: Floats) -> list[str]:
    """List the pairs of categories of two margins that nobody has."""
    found = []
    for one, two in combinations(margins, 2):
        key = one.position * two.targets.size + two.position
        size = one.targets.size * two.targets.size
        held = np.bincount(key[weight > 0], minlength=size)
        for k in np.flatnonzero(held == 0):
            i, j = divmod(int(k), two.targets.size)
            found.append(
                f"{_label(one)} = {one.codes[i]!r} with {_label(two)} = "
                f"{two.codes[j]!r}"
            )
    return found
