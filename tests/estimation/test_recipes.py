"""Replicates of weights of several steps, from factors and from weights of the file."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import total
from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights
from survey.weighting.weighting import Weighting

N, L = 48, 12
_random = np.random.default_rng(4)
FIRMS = pd.DataFrame(
    {
        "size": np.resize(["s", "m", "l"], N),
        "back": np.resize([1, 1, 0, 1, 1], N),
        "uses": np.resize([1, 0, 0, 1, 1, 0, 1], N),
        "psu": np.repeat(np.arange(L), N // L),
        # Weights of a file count the population.
        "w": _random.gamma(4, 250, N),
    },
    index=_random.permutation(N),
)
FACTORS = pd.DataFrame(
    {f"r{k}": np.where(FIRMS["psu"] == k, 0, L / (L - 1)) for k in range(L)},
    index=FIRMS.index,
)
MARGINS = {"size": {"s": 0.5, "m": 0.3, "l": 0.2}}


def _adjusted(base: pd.Series) -> Weighting:
    return adjust_nonresponse(FIRMS, "back", "size", base_weight=base)


def _loose(base: pd.Series) -> Weighting:
    raked = rake(FIRMS, MARGINS, base_weight=base)
    return trim_weights(raked, rule="quantile", upper=0.9, refit=False)


def _cut(base: pd.Series) -> Weighting:
    return trim_weights(base, rule="median", upper=1.5)


@pytest.mark.parametrize("recipe", [_adjusted, _loose, _cut])
def test_given_replicate_weights_may_have_the_scale_of_the_file(
    recipe: Callable[[pd.Series], Weighting],
) -> None:
    made = recipe(FIRMS["w"])
    sums = []
    for name in FACTORS:
        base = FIRMS["w"] * FACTORS[name]
        again = recipe(base).weight
        # No margin fixes the size, so it varies as that of the replicate.
        size = made.weight.sum() * base.sum() / FIRMS["w"].sum()
        sums.append(float((again * FIRMS["uses"]).sum() * size / again.sum()))
    deviation = np.array(sums) - np.mean(sums)
    by_hand = np.sqrt((L - 1) / L * (deviation**2).sum())

    turned = np.arange(N)[::-1]
    weights = FIRMS.join(FACTORS.mul(FIRMS["w"], axis=0)).iloc[turned]
    options: dict[str, Any] = {"weight": made, "method": "jk1"}
    names = list(FACTORS)
    for design, data in (
        (SurveyDesign(psu="psu", **options), FIRMS),
        (SurveyDesign(replicate_weights=names, **options), weights),
        (
            SurveyDesign(replicate_weights=names, combined=False, **options),
            FIRMS.join(FACTORS).iloc[turned],
        ),
    ):
        found = total(data, "uses", design=design)["std_error"].iloc[0]
        assert found == pytest.approx(by_hand, rel=1e-9)


def test_ids_that_occur_twice_do_not_mix_a_recipe_up() -> None:
    twice = FIRMS.set_axis(np.repeat(np.arange(N // 2), 2))
    design = {}
    for name, data in (("once", FIRMS), ("twice", twice)):
        first = rake(data, {"size": MARGINS["size"]}, base_weight="w")
        made = trim_weights(
            rake(data, {"back": {0: 0.3, 1: 0.7}}, base_weight=first), upper=2.5
        )
        asked = SurveyDesign(weight=made, psu="psu", method="jk1")
        design[name] = resolve(asked, data).replicates
    assert design["once"] is not None
    assert design["twice"] is not None
    np.testing.assert_array_equal(design["once"].factor, design["twice"].factor)
