"""Frames of a model: estimates with t intervals, and Wald tests of its terms.

What has no sampling variance has no test, and a note says so.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey.errors import some

Floats = NDArray[np.float64]

# A variance or direction below this share of the largest is rounding.
_FLAT = 1e-12


def estimate_frame(
    value: Floats, variance: Floats, degrees: int, conf_level: float
) -> pd.DataFrame:
    """Write estimates with their t tests and intervals.

    Parameters
    ----------
    value, variance : float arrays (T,)
        Estimates and their variances.
    degrees : int
        Degrees of freedom, at least 1.
    conf_level : float
        Confidence level.

    Returns
    -------
    DataFrame
        ``estimate, std_error, statistic, p_value, conf_low, conf_high``; no statistic
        without variance.

    Examples
    --------
    The t quantile of one degree of freedom is 12.706.

    >>> found = estimate_frame(np.array([1.0]), np.array([4.0]), 1, 0.95)
    >>> found.round(3).iloc[0].tolist()
    [1.0, 2.0, 0.5, 0.705, -24.412, 26.412]
    """
    error = np.sqrt(np.maximum(variance, 0.0))
    tested = error > 0
    statistic = np.divide(value, error, out=np.full_like(value, np.nan), where=tested)
    half = special.stdtrit(degrees, (1 + conf_level) / 2) * error
    return pd.DataFrame(
        {
            "estimate": value,
            "std_error": error,
            "statistic": statistic,
            "p_value": 2 * special.stdtr(degrees, -np.abs(statistic)),
            "conf_low": value - half,
            "conf_high": value + half,
        }
    )


def with_odds(coefficients: pd.DataFrame) -> pd.DataFrame:
    """Add odds ratios to log odds.

    Parameters
    ----------
    coefficients : DataFrame
        ``estimate, conf_low, conf_high`` among its columns.

    Returns
    -------
    DataFrame
        The same, with ``odds_ratio, odds_low, odds_high``.

    Examples
    --------
    >>> log_odds = pd.DataFrame({"estimate": [0.0], "conf_low": [-1], "conf_high": [1]})
    >>> with_odds(log_odds).iloc[0].round(3).tolist()
    [0.0, -1.0, 1.0, 1.0, 0.368, 2.718]
    """
    ends = {"odds_ratio": "estimate", "odds_low": "conf_low", "odds_high": "conf_high"}
    with np.errstate(over="ignore"):
        odds = {name: np.exp(coefficients[end]) for name, end in ends.items()}
    return coefficients.assign(**odds)


def term_tests(
    beta: Floats, covariance: Floats, terms: Mapping[str, slice], degrees: int
) -> pd.DataFrame:
    """Test for every term that all its coefficients are 0.

    Parameters
    ----------
    beta : float array (p,)
        Coefficients.
    covariance : float array (p, p)
        Their covariance.
    terms : mapping of term to slice
        Coefficients of every term; the intercept, "1", is not tested.
    degrees : int
        Degrees of freedom of the denominator.

    Returns
    -------
    DataFrame
        ``term, statistic`` (F), ``ndf, ddf, p_value``; no statistic where the
        covariance has not as many directions as the term has coefficients.

    Notes
    -----
    Wald tests, as ``regTermTest`` of R `survey` makes them: ``b' V^-1 b`` over the
    number of coefficients.

    Examples
    --------
    With one coefficient F is the square of t.

    >>> found = term_tests(np.array([3.0]), np.eye(1), {"x": slice(0, 1)}, 5)
    >>> found[["term", "statistic", "ndf", "ddf"]]
      term  statistic  ndf  ddf
    0    x        9.0    1    5
    """
    rows = []
    for term, place in terms.items():
        if term == "1":
            continue
        size = place.stop - place.start
        statistic = _wald(beta[place], covariance[place, place]) / size
        p_value = float(special.fdtrc(size, degrees, statistic))
        rows.append((term, statistic, size, degrees, p_value))
    return pd.DataFrame(rows, columns=["term", "statistic", "ndf", "ddf", "p_value"])


def _wald(beta: Floats, covariance: Floats) -> float:
    """Give the squared length of coefficients in units of their covariance."""
    error = np.sqrt(np.diag(covariance))
    if not (error > 0).all():
        return float("nan")
    # On one scale, so that units of the predictors do not look like collinearity.
    correlation = covariance / np.outer(error, error)
    if np.linalg.eigvalsh(correlation)[0] < _FLAT:
        return float("nan")
    scaled = beta / error
    return float(scaled @ np.linalg.solve(correlation, scaled))


def untested(frames: Sequence[pd.DataFrame]) -> tuple[str, ...]:
    """Say which terms have no test, and why.

    Parameters
    ----------
    frames : sequence of DataFrame
        Coefficients, tests and effects, with ``term``, ``statistic`` and, but for
        tests, ``estimate``.

    Returns
    -------
    tuple of str
        Notes, or none.

    Examples
    --------
    >>> untested([pd.DataFrame({"term": ["x"], "statistic": [np.nan]})])
    ("no test of 'x': no sampling variance, or more coefficients than PSUs show",)
    """
    undefined, exact = [], []
    for frame in frames:
        number = frame.get("estimate", pd.Series(0.0, index=frame.index)).notna()
        none = frame["statistic"].isna()
        undefined += [str(term) for term in frame.loc[~number, "term"]]
        exact += [str(term) for term in frame.loc[none & number, "term"]]
    notes = {
        f"no effect of {some(undefined)}: not defined beside the answers of some "
        "respondents": undefined,
        f"no test of {some(dict.fromkeys(exact))}: no sampling variance, or more "
        "coefficients than PSUs show": exact,
    }
    return tuple(note for note, terms in notes.items() if terms)
