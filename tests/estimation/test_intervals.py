from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, special

from survey.estimation.intervals import Precision, share_interval


def _precision(base: float, effective: float, degrees: float) -> Precision:
    return Precision(np.array(base), np.array(effective), np.array(degrees))


def _excess(logit: float, share: float, allowed: float) -> float:
    yes, no = special.expit(logit), special.expit(-logit)
    deviance = 2 * (special.rel_entr(share, yes) + special.rel_entr(1 - share, no))
    return float(deviance - allowed)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.97])
@pytest.mark.parametrize("deff", [0.4, 1.0, 6.0])
@pytest.mark.parametrize("n", [12, 400])
@pytest.mark.parametrize("conf_level", [0.5, 0.95, 0.999])
def test_likelihood_is_the_root_of_its_deviance(
    share: float, deff: float, n: int, conf_level: float
) -> None:
    variance = deff * share * (1 - share) / (n - 1)
    degrees = n // 2
    found = share_interval(
        np.array(share),
        np.sqrt(np.array(variance)),
        _precision(n, n / 2, degrees),
        method="likelihood",
        conf_level=conf_level,
    )
    quantile = special.stdtrit(degrees, (1 + conf_level) / 2)
    allowed = quantile**2 * variance * n / ((n - 1) * share * (1 - share))
    centre = special.logit(share)
    wanted = [
        optimize.brentq(_excess, *ends, args=(share, allowed), xtol=1e-13, rtol=1e-14)
        for ends in ((-700, centre), (centre, 700))
    ]
    ours = [float(found.low), float(found.high)]
    np.testing.assert_allclose(ours, special.expit(wanted), rtol=1e-10)


def test_likelihood_by_hand() -> None:
    # With n - 1 = 99 and p = 0.5 the deviance at x is -log(4 x (1 - x)), which is a
    # quadratic equation in x.
    n, variance = 100, 0.25 / 99
    quantile = special.stdtrit(99, 0.975)
    allowed = quantile**2 * variance * n / (99 * 0.25)
    low = (1 - np.sqrt(1 - np.exp(-allowed))) / 2
    found = share_interval(
        np.array(0.5),
        np.sqrt(np.array(variance)),
        _precision(n, n, 99),
        method="likelihood",
    )
    assert float(found.low) == pytest.approx(low, rel=1e-12)
    assert float(found.high) == pytest.approx(1 - low, rel=1e-12)


@settings(deadline=None)
@given(
    st.floats(1e-6, 1 - 1e-6),
    st.floats(0.01, 50),
    st.integers(2, 100_000),
    st.floats(0.01, 0.999),
)
def test_likelihood_holds_the_share_and_mirrors(
    share: float, deff: float, n: int, conf_level: float
) -> None:
    error = np.sqrt(np.array(deff * share * (1 - share) / (n - 1)))
    known = _precision(n, n, max(n - 1, 1))
    options: dict[str, Any] = {"method": "likelihood", "conf_level": conf_level}
    found = share_interval(np.array(share), error, known, **options)
    mirrored = share_interval(np.array(1 - share), error, known, **options)
    assert 0 <= found.low < share < found.high <= 1
    assert float(mirrored.high) == pytest.approx(1 - float(found.low), abs=1e-9)
    assert float(mirrored.low) == pytest.approx(1 - float(found.high), abs=1e-9)


def test_likelihood_of_a_table() -> None:
    share = np.array([[0.0, 0.2, np.nan], [1.0, 0.8, np.nan]])
    error = np.array([[0.0, 0.05, np.nan], [0.0, 0.05, np.nan]])
    bases = Precision(
        np.array([30.0, 50.0, 0.0]),
        np.array([30.0, 40.0, 0.0]),
        np.array([29.0, 49.0, 0.0]),
    )
    found = share_interval(share, error, bases, method="likelihood")
    edge = 1 - 0.025 ** (1 / 30)
    np.testing.assert_allclose(found.low[:, 0], [0, 1 - edge], rtol=1e-12)
    np.testing.assert_allclose(found.high[:, 0], [edge, 1], rtol=1e-12)
    assert found.low[0, 1] == pytest.approx(1 - found.high[1, 1], rel=1e-12)
    assert np.isnan(found.low[:, 2]).all()


def test_a_share_known_exactly_has_no_length() -> None:
    found = share_interval(
        np.array(0.3), np.array(0.0), _precision(10, 10, 9), method="likelihood"
    )
    assert (float(found.low), float(found.high)) == (0.3, 0.3)
