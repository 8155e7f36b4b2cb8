"""Replicates: replicate weights given in the file or made from the design.

Replicates multiply the weights of design cells, so a table of any replicate follows
from the same totals as the table itself.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from survey.errors import DesignError, some
from survey.estimation.strata import Strata

Floats = NDArray[np.float64]
Method = Literal["jk1", "jkn", "brr", "fay", "bootstrap", "sdr"]

_MADE = ("jk1", "jkn", "brr", "fay", "bootstrap")
_PAIR = 2
# A singular value below this share of the largest counts as 0, as in R survey.
_RANK = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Replicates:
    """Replicate weights, as multiples of the weights.

    Attributes
    ----------
    factor : float array (G, L)
        L multiples of the weight of every group: PSU, respondent or design cell.
    scale : float
        Factor of the sum of squared deviations.
    rscales : float array (L,)
        Factor of every replicate.
    mse : bool
        Whether deviations are from the estimate, and not from the mean of the
        replicates.
    """

    factor: Floats
    scale: float
    rscales: Floats
    mse: bool

    def covariance(self, estimates: Floats, estimate: Floats) -> Floats:
        """Give the covariance of estimates from their replicates.

        Parameters
        ----------
        estimates : float array (L, ..., T)
            Estimates by replicate; NaN where a replicate has none, which is left out
            for that estimate.
        estimate : float array (..., T)
            Estimates from all weights.

        Returns
        -------
        float array (..., T, T)
            Covariance of the last axis.
        """
        lost = np.isnan(estimates)
        shape = (-1, *(1,) * (estimates.ndim - 1))
        kept = (self.rscales > 0).reshape(shape) & ~lost
        centre = estimate
        if not self.mse:
            counted = np.maximum(kept.sum(axis=0), 1)
            centre = np.where(kept, estimates, 0.0).sum(axis=0) / counted
        deviation = np.where(lost, 0.0, estimates - centre)
        deviation = deviation * np.sqrt(self.rscales * self.scale).reshape(shape)
        by_estimate = np.moveaxis(deviation, 0, -1)
        return np.asarray(by_estimate @ np.swapaxes(by_estimate, -1, -2))


def check_method(method: str | None, *, given: bool) -> None:
    """Refuse a replicate method that is not known, or that cannot be made here.

    Parameters
    ----------
    method : str or None
        Name of the method.
    given : bool
        Whether replicate weights are given.

    Raises
    ------
    DesignError
        The method cannot be used.
    """
    if method is None:
        if given:
            raise DesignError(
                "replicate weights need the method that made them. "
                f"Give method, one of {some(get_args(Method))}."
            )
        return
    if method not in get_args(Method):
        raise DesignError(
            f"method {method!r} is not known. Use one of {some(get_args(Method))}."
        )
    if not given and method not in _MADE:
        raise DesignError(
            f"method {method!r} cannot be made here. Give replicate_weights, or use "
            f"one of {some(_MADE)}."
        )


def given_replicates(
    factor: Floats,
    method: str,
    *,
    rho: float = 0.0,
    scale: float | None = None,
    rscales: Floats | None = None,
    mse: bool = False,
) -> Replicates:
    """Give replicates of a file their scales.

    Parameters
    ----------
    factor : float array (n, L)
        Replicate weight over weight.
    method : {"jk1", "jkn", "brr", "fay", "bootstrap", "sdr"}
        How they were made.
    rho : float, default 0
        Fay's coefficient, 0 up to but not including 1.
    scale : float, optional
        Factor of the sum of squares. Without it 1 / L for BRR, 1 / (L (1 - rho)^2)
        for Fay, (L - 1) / L for JK1, 1 / (L - 1) for the bootstrap, 4 / L for SDR
        and 1 for JKn.
    rscales : float array (L,), optional
        Factor of every replicate; needed for JKn.
    mse : bool, default False
        Whether deviations are from the estimate.

    Returns
    -------
    Replicates
        Factors and scales.

    Raises
    ------
    DesignError
        Scales are missing or contradict the replicates.

    References
    ----------
    .. [1] Wolter (2007), Introduction to Variance Estimation, chapters 3 to 5.
    .. [2] Fay and Train (1995), Proceedings of the Section on Government Statistics,
       154-159.

    Examples
    --------
    >>> given_replicates(np.ones((5, 4)), "sdr").scale
    1.0
    """
    count = factor.shape[1]
    if method == "jkn" and rscales is None:
        raise DesignError(
            f"the {count} JKn replicates need rscales, one factor (n - 1) / n for "
            "each. Take them from the documentation of the file."
        )
    factors = np.ones(count) if rscales is None else np.asarray(rscales, dtype=float)
    if factors.shape not in {(count,), ()} or not (factors >= 0).all():
        raise DesignError(
            f"rscales has {factors.size} values for {count} replicates; give one "
            "value of 0 or more for each."
        )
    usual = {
        "jk1": (count - 1) / count,
        "brr": 1 / count,
        "fay": 1 / (count * (1 - rho) ** 2),
        "bootstrap": 1 / max(count - 1, 1),
        "sdr": 4 / count,
    }.get(method, 1.0)
    used = usual if scale is None else float(scale)
    return Replicates(factor, used, np.broadcast_to(factors, (count,)), mse)


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
    rscales = left[home] * np.where(lone[psus], (many - 1) / many, 1 / weight_up)
    if not psus.size:
        raise DesignError("no stratum has two PSUs, so there is nothing to leave out.")
    return Replicates(factor, 1.0, rscales, mse)


def _bootstrap(
    strata: Strata, stratum: NDArray[np.intp], replicates: int, seed: int, *, mse: bool
) -> Replicates:
    """Draw n - 1 PSUs with replacement in every stratum, and rescale."""
    if replicates < _PAIR:
        raise DesignError(f"replicates is {replicates}; give at least 2, such as 500.")
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

    if not 0 <= rho < 1:
        raise DesignError(f"rho is {rho:g}; Fay's coefficient is at least 0, below 1.")
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


def replicate_degrees(weights: Floats) -> int:
    """Give the degrees of freedom: the rank of the replicate weights, less 1.

    Parameters
    ----------
    weights : float array (G, L)
        Replicate weights of all groups.

    Returns
    -------
    int
        As ``degf`` of a replicate design in R `survey`.

    Examples
    --------
    >>> replicate_degrees(np.array([[0, 1.5, 1.5], [1.5, 0, 1.5], [1.5, 1.5, 0]]))
    2
    """
    gram = (
        weights.T @ weights
        if weights.shape[0] > weights.shape[1]
        else (weights @ weights.T)
    )
    values = np.linalg.eigvalsh(gram)
    return int((values > values.max() * _RANK**2).sum()) - 1
