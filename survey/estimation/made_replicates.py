"""Replicates made here: jackknife, balanced halves and bootstrap.

Every method starts from the strata and PSUs of the first stage.
"""

import numpy as np
from numpy.typing import NDArray

from survey.errors import DesignError, some
from survey.estimation.replicates import Replicates, check_rho
from survey.estimation.strata import Strata

_PAIR = 2


def made_replicates(
    strata: Strata,
    stratum: NDArray[np.intp],
    method: str,
    *,
    rho: float = 0.0,
    replicates: int = 500,
    seed: int = 0,
    mse: bool = False,
    lonely_psu: str = "fail",
) -> Replicates:
    """Make replicates from strata and PSUs.

    Parameters
    ----------
    strata : Strata
        H strata.
    stratum : int array (P,)
        Stratum of every PSU.
    method : {"jk1", "jkn", "brr", "fay", "bootstrap"}
        JK1 drops one PSU of an unstratified sample, JKn one PSU of its stratum; BRR
        and Fay take half of the strata of two PSUs; the bootstrap draws n - 1 PSUs
        with replacement in every stratum and rescales [1]_.
    rho : float, default 0
        Fay's coefficient.
    replicates : int, default 500
        Replicates of the bootstrap.
    seed : int, default 0
        Seed of the bootstrap.
    mse : bool, default False
        Whether deviations are from the estimate.
    lonely_psu : str, default "fail"
        Rule for strata with one PSU; ``adjust`` drops it in a replicate of its own,
        the others leave it in all replicates.

    Returns
    -------
    Replicates
        Factors by PSU.

    Raises
    ------
    DesignError
        The method does not fit the strata.

    References
    ----------
    .. [1] Rao, Wu and Yue (1992), Survey Methodology 18(2), 209-217.
    .. [2] McCarthy (1969), Review of the International Statistical Institute 37(3),
       239-264.

    Examples
    --------
    Three PSUs: each is left out once, and the others count 3 / 2.

    >>> from survey.estimation.strata import form_strata
    >>> psu = np.arange(3)
    >>> one = form_strata(np.zeros(3, int), ("all",), psu, None, "fail")
    >>> made_replicates(one, np.zeros(3, int), "jk1").factor[0].tolist()
    [0.0, 1.5, 1.5]
    """
    if method == "jk1" and len(strata.names) > 1:
        raise DesignError(
            f"JK1 is for a sample without strata, and there are {len(strata.names)}. "
            'Use method="jkn".'
        )
    if method in ("jk1", "jkn"):
        return _jackknife(strata, stratum, lonely_psu, mse=mse)
    if method == "bootstrap":
        return _bootstrap(strata, stratum, replicates, seed, mse=mse)
    check_rho(method, rho, given=False)
    return _balanced(strata, stratum, rho if method == "fay" else 0.0, mse=mse)


def _jackknife(
    strata: Strata, stratum: NDArray[np.intp], lonely_psu: str, *, mse: bool
) -> Replicates:
    """Leave one PSU out after the other."""
    size, left = strata.n_psu, 1 - strata.sampled
    many = len(strata.names)
    lone = size[stratum] == 1
    dropped = (left[stratum] > 0) & (~lone | ((lonely_psu == "adjust") & (many > 1)))
    psus = np.flatnonzero(dropped)
    home = stratum[psus]
    inside = stratum[:, None] == home
    weight_up = size[home] / np.maximum(size[home] - 1, 1)
    factor = np.where(inside, weight_up, 1.0)
    spread = np.where(lone[psus], many / max(many - 1, 1), 1.0)
    factor = np.where(~inside, spread, factor)
    factor[psus, np.arange(psus.size)] = 0.0
    # R applies no finite population correction to a PSU that is alone.
    rscales = np.where(lone[psus], (many - 1) / many, left[home] / weight_up)
    if not psus.size:
        raise DesignError("no stratum has two PSUs, so there is nothing to leave out.")
    scale = stratum.size / psus.size if strata.averaged.any() else 1.0
    return Replicates(factor, scale, rscales, mse)


def _bootstrap(
    strata: Strata, stratum: NDArray[np.intp], replicates: int, seed: int, *, mse: bool
) -> Replicates:
    """Draw n - 1 PSUs with replacement in every stratum, and rescale."""
    if replicates < _PAIR:
        raise DesignError(f"replicates is {replicates}; give at least 2, such as 500.")
    if seed < 0:
        raise DesignError(f"seed is {seed}; give 0 or more.")
    rng = np.random.default_rng(seed)
    factor = np.ones((stratum.size, replicates))
    for h, size in enumerate(strata.n_psu):
        if size < _PAIR:
            continue
        drawn = rng.multinomial(size - 1, np.full(size, 1 / size), size=replicates)
        stretch = np.sqrt(1 - strata.sampled[h])
        factor[stratum == h] = 1 - stretch + stretch * drawn.T * size / (size - 1)
    return Replicates(factor, 1 / (replicates - 1), np.ones(replicates), mse)


def _balanced(
    strata: Strata, stratum: NDArray[np.intp], rho: float, *, mse: bool
) -> Replicates:
    """Take one PSU of every pair, balanced by a Hadamard matrix."""
    from scipy.linalg import hadamard

    wrong = np.flatnonzero(strata.n_psu != _PAIR)
    if wrong.size:
        names = some(strata.names[h] for h in wrong)
        raise DesignError(
            f"balanced replicates need two PSUs in every stratum; {wrong.size} strata "
            f"have more or fewer ({names}). Pair the PSUs, or use another method."
        )
    if strata.sampled.any():
        raise DesignError(
            "balanced replicates take no finite population correction. Leave fpc "
            'out, or use method="jkn".'
        )
    count = 1 << len(strata.names).bit_length()
    signs = hadamard(count)[:, 1 : len(strata.names) + 1].T.astype(float)
    first = np.zeros(stratum.size, dtype=bool)
    first[np.unique(stratum, return_index=True)[1]] = True
    half = np.where(first[:, None], signs[stratum], -signs[stratum])
    factor = 1 + half * (1 - rho)
    return Replicates(factor, 1 / (count * (1 - rho) ** 2), np.ones(count), mse)


def made_degrees(strata: Strata, method: str, count: int) -> int:
    """Give the degrees of freedom of replicates made here.

    Parameters
    ----------
    strata : Strata
        H strata.
    method : str
        How they were made.
    count : int
        Replicates.

    Returns
    -------
    int
        The rank of the replicate weights, less 1: PSUs minus strata, without strata
        that were counted in full, and at most one less than the replicates.

    Examples
    --------
    >>> from survey.estimation.strata import form_strata
    >>> psu = np.arange(4)
    >>> two = form_strata(np.array([0, 0, 1, 1]), ("a", "b"), psu, None, "fail")
    >>> made_degrees(two, "jkn", 4)
    2
    """
    varied = (strata.n_psu >= _PAIR) & (strata.sampled < 1)
    if method in ("jk1", "jkn"):
        return count - int(varied.sum())
    return min(int((strata.n_psu - 1)[varied].sum()), count - 1)
