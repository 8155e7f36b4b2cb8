"""Strata: how many PSUs each has, and how its PSU totals enter the variance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import DesignError, some

# Below this share of PSUs left in the population a stratum was counted in full.
_CENSUS = 1e-7


@dataclass(frozen=True, slots=True, eq=False)
class Strata:
    """H strata.

    Attributes
    ----------
    names : tuple of str
        In sorted order of the values.
    n_psu : int array (H,)
        PSUs in the sample.
    scale : float array (H,)
        Factor of the sum of squares of the PSU totals:
        ``(1 - n / N) n / (n - 1)``.
    centring : float array (H,)
        Factor of the squared stratum total that is taken off: ``scale / n``.
    sampled : float array (H,)
        Share of the PSUs in the population that were drawn; 0 without fpc.
    averaged : bool array (H,)
        Strata that get the average variance of the others.
    """

    names: tuple[str, ...]
    n_psu: NDArray[np.intp]
    scale: NDArray[np.float64]
    centring: NDArray[np.float64]
    sampled: NDArray[np.float64]
    averaged: NDArray[np.bool_]


def form_strata(
    stratum: NDArray[np.intp],
    names: tuple[str, ...],
    psu: NDArray[np.intp],
    fpc: NDArray[np.float64] | None,
    lonely_psu: str,
    count: NDArray[np.float64] | None = None,
) -> Strata:
    """Count PSUs, apply the fpc, and settle strata with one PSU.

    Parameters
    ----------
    stratum, psu : int arrays (n,)
        Stratum and PSU of every respondent; PSU numbers do not repeat over strata.
    names : tuple of str
        Names of the H strata.
    fpc : float array (n,) or None
        Population counts or sampling fractions.
    lonely_psu : str
        Rule for strata with one PSU.
    count : float array (n,), optional
        How many PSUs every entry stands for; 1 when omitted.

    Returns
    -------
    Strata
        Factors of every stratum.

    Raises
    ------
    DesignError
        The fpc contradicts the sample, or a stratum has one PSU and the rule is
        ``fail``.

    Notes
    -----
    The rules are those of the option ``survey.lonely.psu`` of R. A stratum that was
    counted in full has no variance, and one PSU is enough for it. ``adjust`` takes
    the PSU total as it is, because the linearised totals of the whole sample have
    mean 0.

    References
    ----------
    .. [1] Lumley (2010), Complex Surveys, section 2.2 and appendix B.

    Examples
    --------
    >>> three = form_strata(np.array([0, 0, 0]), ("all",), np.arange(3), None, "fail")
    >>> three.scale.tolist()
    [1.5]
    """
    first = np.unique(psu, return_index=True)[1]
    each = None if count is None else count[first]
    n_psu = np.bincount(stratum[first], each, len(names)).astype(np.intp)
    left = _left(stratum, names, n_psu, fpc)
    lonely = (n_psu == 1) & (left >= _CENSUS)
    if lonely.any() and lonely_psu == "fail":
        raise DesignError(_lonely_message(names, lonely))
    scale = left * n_psu / np.maximum(n_psu - 1, 1)
    centring = scale / n_psu
    # A single PSU is its own mean: it gives 0, except under the rule "adjust".
    scale[n_psu == 1] = left[n_psu == 1] if lonely_psu == "adjust" else 0.0
    centring[n_psu == 1] = 0.0
    averaged = lonely & (lonely_psu == "average")
    if averaged.all():
        raise DesignError(
            'no stratum has two PSUs, so lonely_psu="average" has nothing to '
            'average. Merge strata, or choose lonely_psu="adjust".'
        )
    return Strata(names, n_psu, scale, centring, 1 - left, averaged)


def _lonely_message(names: tuple[str, ...], lonely: NDArray[np.bool_]) -> str:
    """Say which strata have one PSU, and what can be done."""
    which = [names[h] for h in np.flatnonzero(lonely)]
    if len(names) == 1:
        return (
            "the sample has one PSU, so no variance can be estimated. "
            "Give more PSUs, or no psu column."
        )
    strata, have = ("stratum", "has") if len(which) == 1 else ("strata", "have")
    return (
        f"{strata} {some(which)} {have} one PSU, so no variance can be estimated "
        'there. Merge strata, or choose lonely_psu="adjust" (or "certainty", '
        '"average", "remove").'
    )


def _left(
    stratum: NDArray[np.intp],
    names: tuple[str, ...],
    n_psu: NDArray[np.intp],
    fpc: NDArray[np.float64] | None,
) -> NDArray[np.float64]:
    """Give the share of PSUs of every stratum that were not drawn."""
    if fpc is None:
        return np.ones(len(names))
    stated = np.zeros(len(names))
    stated[stratum] = fpc
    _check_fpc(stratum, names, stated, fpc)
    if (fpc <= 1).all():
        return 1 - stated
    small = stated < n_psu
    if small.any():
        h = int(np.flatnonzero(small)[0])
        raise DesignError(
            f"fpc is smaller than the sample in {int(small.sum())} strata: stratum "
            f"{names[h]!r} has {n_psu[h]} PSUs and fpc {stated[h]:g}. "
            "Give the number of PSUs in the population."
        )
    return 1 - n_psu / stated


def _check_fpc(
    stratum: NDArray[np.intp],
    names: tuple[str, ...],
    stated: NDArray[np.float64],
    fpc: NDArray[np.float64],
) -> None:
    """Refuse an fpc that differs inside a stratum or mixes counts and fractions."""
    differs = np.unique(stratum[fpc != stated[stratum]])
    if differs.size:
        raise DesignError(
            f"fpc differs inside {differs.size} strata "
            f"({some(names[h] for h in differs)}). Give one value for each stratum."
        )
    if (fpc > 1).any() and (fpc < 1).any():
        raise DesignError(
            f"fpc mixes population counts ({fpc.max():g}) and sampling fractions "
            f"({fpc.min():g}). Give one kind for all strata."
        )
