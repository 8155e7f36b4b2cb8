"""Misses: why weights do not meet their margins, and what to do.

What is said to be impossible was proved so (see `feasible`).
"""

from collections.abc import Iterable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey.weighting.diagnostics import margin_name
from survey.weighting.feasible import opposed
from survey.weighting.rows import find_rows
from survey.weighting.weighting import Margin, Total

Floats = NDArray[np.float64]

_MOST_SHOWN = 8
# A gap up to this may be all that sums of rounded numbers allow.
_ROUNDING = 1e-12


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


def gaps_of(
    margins: Iterable[Margin], totals: Iterable[Total], weight: Floats, scales: Floats
) -> list[float]:
    """Give the largest gap of every margin, then of every total.

    Parameters
    ----------
    margins : iterable of Margin
        Of n respondents.
    totals : iterable of Total
        T numbers of n respondents.
    weight : float array (n,)
        Weights.
    scales : float array (T,)
        Units of the gaps of the totals.

    Returns
    -------
    list of float
        Largest difference between a share and its target, by margin; difference
        between mean and target, by total.

    Examples
    --------
    >>> size = Margin("size", ("1", "2"), np.array([0.4, 0.6]), np.array([0, 1]))
    >>> staff = Total("staff", np.array([10.0, 30.0]), 25.0)
    >>> gaps = gaps_of([size], [staff], np.ones(2), np.array([10.0]))
    >>> [round(gap, 6) for gap in gaps]
    [0.1, 0.5]
    """
    misses = [np.abs(achieved_shares(m, weight) - m.targets) for m in margins]
    pairs = zip(totals, scales.tolist(), strict=True)
    of_totals = [abs(_mean(t, weight) - t.target) / scale for t, scale in pairs]
    return [float(miss.max()) for miss in misses] + of_totals


def why_not(
    margins: tuple[Margin, ...],
    gaps: list[float],
    weight: Floats,
    passes: int,
    totals: tuple[Total, ...] = (),
    *,
    unit: str = "pass",
    limited: bool = False,
) -> str:
    """Say which margin is off, by how much, and which cells cause it.

    Parameters
    ----------
    margins : tuple of Margin
        All margins.
    gaps : list of float
        Largest gap by margin, then by total.
    weight : float array (n,)
        Weights that miss a margin; those of 0 do not count.
    passes : int
        Passes over all margins, or steps.
    totals : tuple of Total, optional
        Numbers whose means were to be met.
    unit : {"pass", "step"}
        What `passes` counts.
    limited : bool, default False
        Limits of the weights are known to be the cause.

    Returns
    -------
    str
        Several lines.
    """
    lines = _worst(margins, totals, gaps, weight, f"{passes} {_units(unit, passes)}")
    empty = _empty_cells(margins, weight)
    if empty:
        lines.append(f"No respondent has {_listed(empty, '; nor ', ';')}.")
    guilty = contradiction(margins, totals, weight)
    if guilty:
        names = [_target_text(margins, totals, k) for k in guilty]
        lines.append(
            "No weights of 0 or more meet these targets together: "
            f"{_listed(names, ', ', ',')}."
        )
    elif max(gaps) <= _ROUNDING:
        lines.append(
            f"The gap is {max(gaps):.1g}, which is rounding. Give a tolerance of "
            f"{_ROUNDING:g} or more."
        )
        return "\n".join(lines)
    elif not limited:
        more = _units(unit, 2)
        lines.append(f"No contradiction was found: more {more} may do.")
    lines.append(_remedy(len(margins), len(totals)))
    lines += _merger(margins, guilty, weight)
    return "\n".join(lines)


def _remedy(margins: int, totals: int) -> str:
    """Say what helps, by the number of margins and of totals."""
    merge = "Merge those codes or drop one of the margins."
    if not totals:
        return merge
    total = "Correct the total or its column, or drop it."
    return f"{merge} {total}" if margins else total


def contradiction(
    margins: tuple[Margin, ...], totals: tuple[Total, ...], weight: Floats
) -> list[int]:
    """Give the targets that contradict each other, whatever the weights.

    Parameters
    ----------
    margins : tuple of Margin
        Of n respondents.
    totals : tuple of Total
        Numbers of n respondents.
    weight : float array (n,)
        Weights; those of 0 do not count.

    Returns
    -------
    list of int
        Number of each target, counted through all margins, then the totals; empty
        where they can be met together.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> age = Margin("age", ("young", "old"), np.array([0.7, 0.3]), np.array([0, 1]))
    >>> sex = Margin("sex", ("m", "f"), np.array([0.3, 0.7]), np.array([0, 1]))
    >>> contradiction((age, sex), (), np.ones(2))
    [0, 3]
    """
    held = np.flatnonzero(weight > 0)
    if not held.size:
        return []
    parts = [_part(margin, held) for margin in margins]
    if not parts:
        parts = [Margin((), ("",), np.ones(1), np.zeros(held.size, dtype=np.intp))]
    centred = [total.value[held] - total.target for total in totals]
    values = np.array(centred).reshape(len(totals), held.size).T
    ones = np.ones(held.size)
    guilty = opposed(find_rows(parts, values, ones, ones, ones)[0])
    # Without margins the first target is the size of the population.
    return guilty if margins else [k - 1 for k in guilty if k]


def _part(margin: Margin, held: NDArray[np.intp]) -> Margin:
    """Give a margin of some of the respondents."""
    return Margin(margin.name, margin.codes, margin.targets, margin.position[held])


def _mean(total: Total, weight: Floats) -> float:
    """Give the weighted mean of a number."""
    return float(weight @ total.value / weight.sum())


def _units(unit: str, count: int) -> str:
    """Give the word for passes or steps."""
    return unit if count == 1 else {"pass": "passes"}.get(unit, f"{unit}s")


def _listed(names: list[str], between: str, last: str) -> str:
    """List the first names, and say how many more there are."""
    shown, more = between.join(names[:_MOST_SHOWN]), len(names) - _MOST_SHOWN
    return f"{shown}{last} and {more} more" if more > 0 else shown


def _worst(
    margins: tuple[Margin, ...],
    totals: tuple[Total, ...],
    gaps: list[float],
    weight: Floats,
    after: str,
) -> list[str]:
    """Say what is farthest off, with what was wanted and what was got."""
    k = int(np.argmax(gaps))
    if k >= len(margins):
        total = totals[k - len(margins)]
        got = _mean(total, weight)
        return [
            f"total {total.name!r} is still off target after {after}:",
            f"  mean: wanted {total.target:.6g}, got {got:.6g}",
        ]
    worst = margins[k]
    achieved = achieved_shares(worst, weight)
    counts = np.bincount(worst.position[weight > 0], minlength=worst.targets.size)
    order = np.argsort(-np.abs(achieved - worst.targets))[:_MOST_SHOWN]
    lines = [f"margin {margin_name(worst)!r} is still off target after {after}:"]
    lines += [
        f"  {worst.codes[k]}: wanted {worst.targets[k]:.1%}, got {achieved[k]:.1%} "
        f"({counts[k]} respondents)"
        for k in order
    ]
    if len(worst.codes) > _MOST_SHOWN:
        lines.append(f"  and {len(worst.codes) - _MOST_SHOWN} more")
    return lines


def _places(margins: tuple[Margin, ...]) -> list[tuple[Margin, int]]:
    """Give margin and category of every target of the margins, in their order."""
    return [(margin, k) for margin in margins for k in range(len(margin.codes))]


def _target_text(
    margins: tuple[Margin, ...], totals: tuple[Total, ...], number: int
) -> str:
    """Write one target in words."""
    places = _places(margins)
    if number >= len(places):
        total = totals[number - len(places)]
        return f"mean of {total.name!r} ({total.target:.6g})"
    margin, k = places[number]
    return f"{margin_name(margin)} = {margin.codes[k]!r} ({margin.targets[k]:.1%})"


def _merger(
    margins: tuple[Margin, ...], guilty: list[int], weight: Floats
) -> list[str]:
    """Propose a category to merge: the smallest of those that cause the miss."""
    places = _places(margins)
    sizes = [
        (int(np.count_nonzero(weight[margin.position == k] > 0)), margin, k)
        for margin, k in (places[number] for number in guilty if number < len(places))
        # Two categories that are merged say nothing any more.
        if len(margin.codes) > 2  # noqa: PLR2004 - two
    ]
    if not sizes:
        return []
    count, margin, k = min(sizes, key=lambda each: each[0])
    beside = margin.codes[k + 1 if k + 1 < len(margin.codes) else k - 1]
    category = f"{margin_name(margin)} {margin.codes[k]!r} ({count} respondents)"
    return [f"To begin with, merge {category} with {beside!r}."]


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
                f"{margin_name(one)} = {one.codes[i]!r} with {margin_name(two)} = "
                f"{two.codes[j]!r}"
            )
    return found
