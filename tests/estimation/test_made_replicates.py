"""Replicates made here have the properties that their methods promise."""

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import DesignError
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import mean, proportion, total
from survey.estimation.replicates import Replicates

# Two strata, of three and of two PSUs.
TINY = pd.DataFrame(
    {
        "s": ["a", "a", "a", "b", "b"],
        "y": [1.0, 4.0, 7.0, 2.0, 11.0],
        "w": [1.0, 2.0, 3.0, 2.0, 0.5],
        "n": [9, 9, 9, 4, 4],
    }
)
TINY_DESIGN = {"weight": "w", "strata": "s"}


def _paired() -> pd.DataFrame:
    """Seven strata of two PSUs, of three to five respondents each."""
    i = np.arange(56)
    return pd.DataFrame(
        {
            "s": i % 7,
            "p": (i // 7) % 2,
            "q": np.array(list("abc"))[(i * i + i // 5) % 3],
            "y": (i * 17 % 23).astype(float),
            "w": 0.5 + (i * 5 % 11),
        }
    )


PAIRED = _paired()
PAIRED_DESIGN = {"weight": "w", "strata": "s", "psu": "p"}


def _made(data: pd.DataFrame, **design: Any) -> Replicates:
    found = resolve(SurveyDesign(**design), data).replicates
    assert found is not None
    return found


def _error(data: pd.DataFrame, **design: Any) -> float:
    found = total(data, "y", design=SurveyDesign(**design))
    return float(found["std_error"].iloc[0])


def _resamples(left: dict[str, float]) -> list[np.ndarray]:
    """Write down the factors of all equally likely resamples of the tiny design.

    Of n PSUs n - 1 are drawn with replacement. A PSU drawn m times counts
    1 - f + f m n / (n - 1), with f the root of the share that was not drawn.
    """
    by_stratum = []
    for stratum, size in (("a", 3), ("b", 2)):
        stretch = np.sqrt(left[stratum])
        draws = itertools.product(range(size), repeat=size - 1)
        counts = [np.bincount(drawn, minlength=size) for drawn in draws]
        by_stratum.append(
            [1 - stretch + stretch * m * size / (size - 1) for m in counts]
        )
    return [np.concatenate(pair) for pair in itertools.product(*by_stratum)]


@pytest.mark.parametrize(
    ("fpc", "left"),
    [({}, {"a": 1.0, "b": 1.0}), ({"fpc": "n"}, {"a": 2 / 3, "b": 1 / 2})],
)
def test_the_bootstrap_expects_the_linearised_variance(
    fpc: dict[str, str], left: dict[str, float]
) -> None:
    resamples = _resamples(left)
    assert len(resamples) == 3**2 * 2
    value = (TINY["w"] * TINY["y"]).to_numpy()
    totals = np.array([factor @ value for factor in resamples])
    linearised = _error(TINY, **TINY_DESIGN, **fpc) ** 2
    assert totals.mean() == pytest.approx(value.sum(), rel=1e-12)
    assert totals.var() == pytest.approx(linearised, rel=1e-12)


@pytest.mark.parametrize(
    ("fpc", "left"),
    [({}, {"a": 1.0, "b": 1.0}), ({"fpc": "n"}, {"a": 2 / 3, "b": 1 / 2})],
)
def test_the_bootstrap_draws_every_resample(
    fpc: dict[str, str], left: dict[str, float]
) -> None:
    made = _made(TINY, **TINY_DESIGN, **fpc, method="bootstrap", replicates=600, seed=4)
    drawn = {tuple(np.round(column, 12)) for column in made.factor.T}
    assert drawn == {tuple(np.round(each, 12)) for each in _resamples(left)}
    assert made.scale == pytest.approx(1 / 599)


def test_a_seed_gives_the_same_numbers_twice() -> None:
    design = {**PAIRED_DESIGN, "method": "bootstrap", "replicates": 50}
    first = mean(PAIRED, "y", design=SurveyDesign(**design, seed=3))
    again = mean(PAIRED, "y", design=SurveyDesign(**design, seed=3))
    other = mean(PAIRED, "y", design=SurveyDesign(**design, seed=4))
    pd.testing.assert_frame_equal(first, again)
    assert first.loc[0, "std_error"] != other.loc[0, "std_error"]


def test_many_bootstrap_replicates_come_near_linearisation() -> None:
    # 4000 replicates leave an error of about 1 / sqrt(8000), 1.1 %, in the error.
    design = {**PAIRED_DESIGN, "method": "bootstrap", "replicates": 4000, "seed": 1}
    assert _error(PAIRED, **design) == pytest.approx(
        _error(PAIRED, **PAIRED_DESIGN), rel=0.035
    )


@pytest.mark.parametrize("how", [{"method": "brr"}, {"method": "fay", "rho": 0.4}])
def test_balanced_totals_equal_linearisation(how: dict[str, Any]) -> None:
    design = SurveyDesign(**PAIRED_DESIGN, **how)
    for name, by in (("y", None), ("q", None), ("y", "q")):
        ours = total(PAIRED, name, by=by, design=design)
        lines = total(PAIRED, name, by=by, design=SurveyDesign(**PAIRED_DESIGN))
        np.testing.assert_allclose(ours["std_error"], lines["std_error"], rtol=1e-12)


def test_half_samples_are_balanced() -> None:
    made = _made(PAIRED, **PAIRED_DESIGN, method="brr")
    signs = made.factor[::2] - 1
    assert made.factor.shape == (14, 8)
    np.testing.assert_array_equal(made.factor[::2] + made.factor[1::2], 2.0)
    np.testing.assert_array_equal(signs @ signs.T, 8 * np.eye(7))
    np.testing.assert_array_equal(signs.sum(axis=1), 0.0)


@pytest.mark.parametrize(
    "how",
    [
        {"method": "jkn"},
        {"method": "brr"},
        {"method": "fay", "rho": 0.4},
        {"method": "bootstrap", "replicates": 40},
    ],
)
@pytest.mark.parametrize("combined", [True, False])
def test_replicates_made_here_can_be_handed_over(
    how: dict[str, Any],
    combined: bool,  # noqa: FBT001 - pytest gives parameters by name
) -> None:
    made = resolve(SurveyDesign(**PAIRED_DESIGN, **how), PAIRED)
    assert made.replicates is not None
    weights = made.replicates.factor[made.cell]
    if combined:
        weights = weights * PAIRED["w"].to_numpy()[:, None]
    given = SurveyDesign(
        weight="w",
        replicate_weights=weights,
        combined=combined,
        rscales=made.replicates.rscales,
        method=how["method"],
        rho=how.get("rho", 0.0),
    )
    one = proportion(PAIRED, "q", by="s", design=SurveyDesign(**PAIRED_DESIGN, **how))
    two = proportion(PAIRED, "q", by="s", design=given)
    # The pairs of strata by code in which nobody is have no variance to compare.
    pd.testing.assert_frame_equal(one, two, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    ("data", "design", "words"),
    [
        (TINY, {**TINY_DESIGN, "method": "brr"}, r"1 strata have more or fewer .'a'"),
        (TINY, {**TINY_DESIGN, "method": "jk1"}, "there are 2. Use method=.jkn"),
        (
            PAIRED.assign(n=9),
            {**PAIRED_DESIGN, "fpc": "n", "method": "brr"},
            "take no finite population correction",
        ),
        (
            PAIRED,
            {**PAIRED_DESIGN, "method": "fay", "rho": 1.0},
            "rho is 1; Fay's coefficient",
        ),
        (
            PAIRED,
            {**PAIRED_DESIGN, "method": "bootstrap", "replicates": 1},
            "replicates is 1; give at least 2",
        ),
        (
            PAIRED.assign(n=2),
            {**PAIRED_DESIGN, "fpc": "n", "method": "jkn"},
            "nothing to leave out",
        ),
        (PAIRED, {"method": "sdr"}, "'sdr' cannot be made here"),
        (PAIRED, {"method": "jk2"}, "method 'jk2' is not known"),
    ],
)
def test_a_method_that_does_not_fit_is_explained(
    data: pd.DataFrame, design: dict[str, Any], words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        resolve(SurveyDesign(**design), data)
