"""What holds for the weights of any respondents and any targets that can be met."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from survey.errors import RakingError
from survey.weighting.calibrate import calibrate
from survey.weighting.feasible import coarse, smallest_upper
from survey.weighting.margins import place_margin
from survey.weighting.rake import rake
from survey.weighting.rows import find_rows

DISTANCES = ("raking", "linear", "logit")
SLOW = settings(deadline=None, max_examples=40)


@st.composite
def surveys(draw: Any) -> tuple[pd.DataFrame, np.ndarray]:
    """Give respondents with base weights, and other weights of 1/3 to 3 times them."""
    n = draw(st.integers(6, 50))
    numbers = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    spread = draw(st.sampled_from([0.0, 0.4, 1.0]))
    frame = pd.DataFrame(
        {
            "a": numbers.choice(list("pqrs"), n),
            "b": numbers.choice(list("uvw"), n),
            "c": numbers.choice(list("xy"), n),
            "number": np.exp(numbers.normal(0, draw(st.sampled_from([0.2, 1.5])), n)),
            "base": np.exp(numbers.normal(0, spread, n)),
        }
    )
    return frame, frame["base"].to_numpy() * numbers.uniform(1 / 3, 3, n)


def _targets(frame: pd.DataFrame, other: np.ndarray, *names: Any) -> dict[Any, Any]:
    weights = pd.Series(other / other.sum())
    columns = {
        name: frame[name if isinstance(name, str) else [*name]] for name in names
    }
    keys = {
        name: column
        if isinstance(column, pd.Series)
        else pd.Series(list(column.itertuples(index=False, name=None)))
        for name, column in columns.items()
    }
    return {name: weights.groupby(key).sum().to_dict() for name, key in keys.items()}


def _everything(frame: pd.DataFrame, other: np.ndarray) -> dict[str, Any]:
    return {
        "margins": _targets(frame, other, "a", ("b", "c")),
        "totals": {"number": float(other @ frame["number"] / other.sum())},
        "population": 1,
    }


def _misses(made: Any, frame: pd.DataFrame, goal: dict[str, Any]) -> float:
    weight = made.weight / made.weight.sum()
    found = _targets(frame, weight.to_numpy(), *goal["margins"])
    shares = [
        abs(found[name][code] - share)
        for name, targets in goal["margins"].items()
        for code, share in targets.items()
    ]
    scale = np.sqrt((frame["number"] ** 2).mean())
    means = [
        abs(weight @ frame[name] - mean) / scale
        for name, mean in goal.get("totals", {}).items()
    ]
    return max(shares + means)


def _limits(frame: pd.DataFrame, other: np.ndarray) -> tuple[float, float]:
    """Give limits that the other weights keep."""
    g = (other / other.mean()) / (frame["base"] / frame["base"].mean())
    return min(float(g.min()), 0.99), max(float(g.max()), 1.01)


@SLOW
@given(surveys(), st.sampled_from(["raking", "rake"]))
def test_margins_hold_for_any_positive_table(survey: Any, method: str) -> None:
    frame, other = survey
    goal = {"margins": _targets(frame, other, "a", "b", ("b", "c"))}
    if method == "rake":
        made = rake(frame, **goal, base_weight="base", max_passes=20_000)
    else:
        made = calibrate(frame, **goal, base_weight="base")
    assert _misses(made, frame, goal) <= 1.1e-10
    assert made.weight.mean() == pytest.approx(1, abs=1e-12)
    assert (made.weight > 0).all()


@SLOW
@given(surveys(), st.sampled_from(DISTANCES))
def test_limits_and_targets_hold_at_once_where_they_can(
    survey: Any, distance: Any
) -> None:
    frame, other = survey
    goal, (low, high) = _everything(frame, other), _limits(frame, other)
    made = calibrate(
        frame, **goal, base_weight="base", distance=distance, limits=(low, high)
    )
    assert _misses(made, frame, goal) <= 1e-9
    assert (made.weight >= low * made.base_weight).all()
    assert (made.weight <= high * made.base_weight).all()


@SLOW
@given(surveys(), st.sampled_from(["raking", "linear"]))
def test_limits_of_weights_and_targets_hold_at_once(survey: Any, distance: Any) -> None:
    frame, other = survey
    weight = other / other.mean()
    low, high = min(float(weight.min()), 0.99), max(float(weight.max()), 1.01)
    made = calibrate(
        frame,
        **_everything(frame, other),
        base_weight="base",
        distance=distance,
        weight_limits=(low, high),
    )
    assert low <= made.weight.min()
    assert made.weight.max() <= high


@SLOW
@given(surveys(), st.sampled_from(DISTANCES), st.floats(1e-3, 1e4))
def test_the_scale_of_base_weights_and_of_the_population_is_nothing(
    survey: Any, distance: Any, scale: float
) -> None:
    frame, other = survey
    goal = _everything(frame, other)
    limits = tuple(np.array(_limits(frame, other)) * [0.9, 1.1])
    one = calibrate(frame, **goal, base_weight="base", distance=distance, limits=limits)
    larger = {**goal, "population": scale, "totals": {"number": 0.0}}
    larger["totals"]["number"] = goal["totals"]["number"] * scale
    two = calibrate(
        frame,
        **larger,
        base_weight=frame["base"] * scale,
        distance=distance,
        limits=limits,
    )
    np.testing.assert_allclose(one.weight, two.weight, rtol=1e-6)


@SLOW
@given(surveys(), st.sampled_from(DISTANCES), st.integers(0, 1000))
def test_rows_in_another_order_have_the_same_weights(
    survey: Any, distance: Any, seed: int
) -> None:
    frame, other = survey
    goal = _everything(frame, other)
    limits = tuple(np.array(_limits(frame, other)) * [0.9, 1.1])
    more = {"base_weight": "base", "distance": distance, "limits": limits}
    order = np.random.default_rng(seed).permutation(len(frame))
    one = calibrate(frame, **goal, **more).weight
    two = calibrate(frame.iloc[order], **goal, **more).weight
    np.testing.assert_allclose(two, one.iloc[order], rtol=1e-6)
    assert two.index.equals(frame.index[order])


@SLOW
@given(surveys())
def test_one_margin_is_post_stratification_by_every_distance(survey: Any) -> None:
    frame, other = survey
    margins = _targets(frame, other, ("a", "b"))
    targets = pd.Series(margins["a", "b"])
    cells = pd.MultiIndex.from_frame(frame[["a", "b"]])
    base = frame["base"] / frame["base"].sum()
    held = base.groupby(cells).sum()
    wanted = base * targets[cells].to_numpy() / held[cells].to_numpy() * len(frame)
    for distance in DISTANCES:
        made = calibrate(
            frame, margins, base_weight="base", distance=distance, limits=(0.01, 100)
        )
        np.testing.assert_allclose(made.weight, wanted, rtol=1e-6)


@SLOW
@given(surveys(), st.sampled_from(DISTANCES), st.floats(0.05, 0.95))
def test_limits_that_cannot_do_always_raise_and_those_named_do(
    survey: Any, distance: Any, part: float
) -> None:
    frame, other = survey
    margins = _targets(frame, other, "a", ("b", "c"))
    placed = [place_margin(frame, *each) for each in margins.items()]
    base = frame["base"].to_numpy()
    rows, _ = find_rows(placed, np.zeros((len(frame), 0)), base, base, base)
    least = smallest_upper(coarse(rows, rows.base), 0.0)
    assert least is not None
    assume(least > 1.01)
    low, high = 0.001, 1 + part * (least - 1) - 1e-3
    assume(high > 1.001)
    more = {"base_weight": "base", "distance": distance}
    with pytest.raises(RakingError) as caught:
        calibrate(frame, margins, limits=(low, high), **more)
    start, _, rest = str(caught.value).partition("smallest upper limit that can is ")
    assert start.startswith(f"with limits 0.001 to {high:g} the margins cannot all be")
    named = float(rest.split(maxsplit=1)[0].rstrip(".,"))
    assert named >= least - 1e-8
    enough = 0.0 if "without a lower limit" in start else low
    made = calibrate(frame, margins, limits=(enough, named), **more)
    assert made.gap <= 1e-10
