import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.errors import RakingError
from survey.weighting.trim_rules import (
    Limits,
    find_limits,
    inverse_beta_cap,
    least_error_cap,
    trimmed,
)


def _in_rounds(weight: np.ndarray, limits: Limits) -> np.ndarray:
    """Share what is cut off, round after round, as trimWeights of R does."""
    for _ in range(20_000):
        cut = np.clip(weight, limits.lower, limits.upper)
        outside = np.abs(weight - cut) > 1e-13
        if not outside.any():
            break
        cut[~outside] += (weight - cut).sum() / (~outside).sum()
        weight = cut
    return weight


def test_the_share_of_those_at_the_cap_goes_on_to_the_others() -> None:
    # 2.4 gives a third each to three, which lifts 1.2 above the cap. In the end two are
    # at the cap, and the two others share the remaining 1.2.
    weight = np.array([0.2, 0.2, 1.2, 2.4])
    found = trimmed(weight, Limits(upper=1.4))
    np.testing.assert_allclose(found, [0.6, 0.6, 1.4, 1.4], rtol=1e-14)
    once = trimmed(weight, Limits(upper=1.4), strict=False)
    np.testing.assert_allclose(once, [0.2 + 1 / 3, 0.2 + 1 / 3, 1.2 + 1 / 3, 1.4])


def test_small_weights_are_lifted() -> None:
    # Two are lifted by 0.4 together; the two others give 0.2 each.
    found = trimmed(np.array([0.3, 0.3, 1.1, 2.3]), Limits(lower=0.5))
    np.testing.assert_allclose(found, [0.5, 0.5, 0.9, 2.1], rtol=1e-14)


def test_a_cap_at_the_mean_makes_all_weights_equal() -> None:
    found = trimmed(np.array([0.5, 0.7, 1.8]), Limits(upper=1.0))
    np.testing.assert_allclose(found, [1, 1, 1], rtol=1e-14)


@settings(deadline=None)
@given(
    st.lists(st.floats(0.01, 10), min_size=3, max_size=30),
    st.floats(0.0, 0.95),
    st.floats(1.05, 4),
)
def test_the_end_is_that_of_the_rounds(
    weight: list[float], lower: float, upper: float
) -> None:
    values = np.array(weight) / np.mean(weight)
    limits = Limits(lower, upper)
    assume(not (limits.below(values) | limits.above(values)).all())
    found = trimmed(values, limits)
    np.testing.assert_allclose(found, _in_rounds(values, limits), rtol=1e-8)
    assert found.mean() == pytest.approx(1, abs=1e-12)
    assert lower - 1e-12 <= found.min() <= found.max() <= upper + 1e-12


def test_limits_that_leave_nobody_untrimmed() -> None:
    with pytest.raises(
        RakingError, match=r"all 2 weights are outside the limits 0\.9 to"
    ):
        trimmed(np.array([0.5, 1.5]), Limits(0.9, 1.1))
    with pytest.raises(RakingError, match=r"limits up to 0\.9, so every weight would"):
        trimmed(np.array([0.5, 1.5]), Limits(upper=0.9))
    with pytest.raises(RakingError, match=r"from 1\.1, so .* Move the lower limit"):
        trimmed(np.array([0.5, 1.5]), Limits(lower=1.1))


def test_limits_of_every_rule() -> None:
    weight = np.array([0.4, 0.6, 0.8, 1.2, 2.0])
    assert find_limits(weight, "absolute", (0.5, 1.5)) == Limits(0.5, 1.5)
    found = find_limits(weight, "median", (0.5, 2))
    assert (found.lower, found.upper) == pytest.approx((0.4, 1.6))
    # The quantile 0.9 of five weights is 0.6 of the way from the fourth to the fifth.
    found = find_limits(weight, "quantile", (None, 0.9))
    assert (found.lower, found.upper) == pytest.approx((-np.inf, 1.2 + 0.6 * 0.8))
    assert find_limits(weight, "potter", (None, None)).upper == inverse_beta_cap(weight)


def test_inverse_beta_has_the_moments_of_the_weights() -> None:
    from scipy.stats import beta

    weight = np.array([0.2, 0.5, 0.8, 1.0, 1.1, 2.4])
    ratio = (6 - 1) / (6 * weight.var(ddof=1))
    first, second = ratio + 2, (6 - 1) * (ratio + 1)
    # The mean and the variance of 1 / (6 x) under the beta distribution.
    mean = (first + second - 1) / (first - 1) / 6
    square = mean * (first + second - 2) / (first - 2) / 6
    assert mean == pytest.approx(1)
    assert square - mean**2 == pytest.approx(weight.var(ddof=1))
    cap = inverse_beta_cap(weight)
    assert beta.cdf(1 / (6 * cap), first, second) == pytest.approx(0.01, abs=1e-12)


def test_equal_weights_have_no_cap() -> None:
    assert inverse_beta_cap(np.ones(5)) == np.inf
    assert inverse_beta_cap(np.ones(1)) == np.inf
    assert least_error_cap(np.ones(4), np.array([[0.0, 1, 0, 1]]).T) == np.inf


def _error(weight: np.ndarray, after: np.ndarray, outcome: np.ndarray) -> float:
    """Potter's estimate, written out."""
    n = outcome.size
    means, variances = [], []
    for w in (weight, after):
        mean = sum(w * outcome) / sum(w)
        residual = w * (outcome - mean) / sum(w)
        means.append(mean)
        variances.append(n / (n - 1) * sum(residual**2))
    v, t = variances
    return ((means[1] - means[0]) ** 2 - v + 2 * (v * t) ** 0.5) / v


def test_the_cap_of_the_smallest_error_beats_all_others() -> None:
    random = np.random.default_rng(4)
    weight = random.lognormal(0, 0.8, 150)
    weight /= weight.mean()
    outcomes = np.column_stack(
        [random.random(150) < 0.3, random.normal(size=150) + weight / 4]
    )
    tried = np.quantile(weight, np.linspace(0.8, 1, 41))
    errors = [
        np.mean(
            [_error(weight, trimmed(weight, Limits(upper=c)), y) for y in outcomes.T]
        )
        for c in tried
    ]
    best = tried[int(np.argmin(errors))]
    assert weight.min() < best < weight.max()
    assert least_error_cap(weight, outcomes) == pytest.approx(best, rel=1e-14)


def test_missing_outcomes_are_left_out_of_the_error() -> None:
    weight = np.repeat([0.8, 2.8], [90, 10])
    outcome = np.tile([0.0, 1.0], 50)
    found = least_error_cap(weight, outcome[:, None])
    unknown = np.full((100, 1), np.nan)
    assert least_error_cap(weight, np.column_stack([outcome, unknown])) == found
    assert least_error_cap(weight, unknown) == np.inf
