"""Replicates: replicate weights, their scales and what follows from them.

Replicates multiply the weights of design cells, so a table of any replicate follows
from the same totals as the table itself.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from survey.errors import DesignError, some

Floats = NDArray[np.float64]
Method = Literal["jk1", "jkn", "brr", "fay", "bootstrap", "sdr"]

_MADE = ("jk1", "jkn", "brr", "fay", "bootstrap")
# A singular value below this share of the largest counts as 0, as in R survey.
_RANK = 1e-5
# Groups for each replicate that are looked at first.
_FEW = 2


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
    known : dict
        Degrees of freedom of domains, by their cells, as far as they were needed.
    """

    factor: Floats
    scale: float
    rscales: Floats
    mse: bool
    known: dict[bytes, int] = field(default_factory=dict, init=False, repr=False)

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
    check_rho(method, rho)
    usual = {
        "jk1": (count - 1) / count,
        "brr": 1 / count,
        "fay": 1 / (count * (1 - rho) ** 2),
        "bootstrap": 1 / max(count - 1, 1),
        "sdr": 4 / count,
    }.get(method, 1.0)
    used = usual if scale is None else float(scale)
    if not 0 < used < np.inf:
        raise DesignError(f"scale is {used:g}; give a number above 0.")
    return Replicates(factor, used, np.broadcast_to(factors, (count,)), mse)


def check_rho(method: str, rho: float, *, given: bool = True) -> None:
    """Refuse a coefficient of Fay that cannot be used.

    Parameters
    ----------
    method : str
        How the replicates were made; other methods than ``fay`` have no coefficient.
    rho : float
        The coefficient.
    given : bool, default True
        Whether the replicates are given: theirs is above 0, or they are BRR.

    Raises
    ------
    DesignError
        It is outside 0 to 1, or missing.
    """
    if method != "fay":
        return
    if not 0 <= rho < 1:
        raise DesignError(f"rho is {rho:g}; Fay's coefficient is at least 0, below 1.")
    if given and rho == 0:
        raise DesignError(
            "Fay replicates need rho, the coefficient that made them. Take it from "
            'the documentation of the file, or use method="brr".'
        )


def replicate_degrees(weights: Floats, most: int | None = None) -> int:
    """Give the degrees of freedom: the rank of the replicate weights, less 1.

    Parameters
    ----------
    weights : float array (G, L)
        Replicate weights of all groups, or of the groups in a domain.
    most : int, optional
        Degrees of freedom of the whole design, which a domain cannot exceed. (The
        rank can, where replicates are raked, but says nothing then.)

    Returns
    -------
    int
        As ``degf`` of a replicate design, or of its subset, in R `survey`; 0 without
        groups.

    Examples
    --------
    >>> replicate_degrees(np.array([[0, 1.5, 1.5], [1.5, 0, 1.5], [1.5, 1.5, 0]]))
    2
    """
    groups, replicates = weights.shape
    if not groups:
        return 0
    # A few groups of a large domain have the rank of all of them.
    step = groups // (_FEW * replicates)
    if most is not None and step > 1 and replicate_degrees(weights[::step]) >= most:
        return most
    wide = groups <= replicates
    gram = weights @ weights.T if wide else weights.T @ weights
    rank = len(gram)
    if not _is_full(gram):
        values = np.linalg.eigvalsh(gram)
        rank = int((values > values.max() * _RANK**2).sum())
    return rank - 1 if most is None else min(rank - 1, most)


def _is_full(gram: Floats) -> bool:
    """Say whether all eigenvalues are surely large enough, at the cost of few."""
    # The trace is no less than the largest eigenvalue.
    shifted = gram - np.trace(gram) * _RANK**2 * np.eye(len(gram))
    try:
        np.linalg.cholesky(shifted)
    except np.linalg.LinAlgError:
        return False
    return True


def domain_replicate_degrees(
    replicates: Replicates, weight: Floats, inside: NDArray[np.bool_], most: int
) -> int:
    """Give the degrees of freedom that replicates leave a domain.

    Parameters
    ----------
    replicates : Replicates
        Factors of D design cells.
    weight : float array (D,)
        Weights of the cells.
    inside : bool array (D,)
        Cells with a respondent in the domain.
    most : int
        Degrees of freedom of the whole design.

    Returns
    -------
    int
        As `replicate_degrees`. Many questions have the same base, so what was found
        is kept.

    Examples
    --------
    >>> made = Replicates(np.array([[0, 2.0], [2.0, 0]]), 0.5, np.ones(2), False)
    >>> domain_replicate_degrees(made, np.ones(2), np.array([True, True]), 1)
    1
    """
    key = np.packbits(inside).tobytes()
    if key not in replicates.known:
        weights = weight[inside][:, None] * replicates.factor[inside]
        replicates.known[key] = replicate_degrees(weights, most)
    return replicates.known[key]
