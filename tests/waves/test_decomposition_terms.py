"""Terms of a change by hand; scores by a jackknife, intervals by simulation."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.waves.decomposition_spread import Pair, estimate, scores_of
from survey.waves.decomposition_terms import TERMS, Side, levels, terms
from survey.waves.stack import stacked
from survey.weighting.rake import rake

Floats = NDArray[np.float64]
RUNS = 300
# Four standard deviations of the share of these intervals that hold, at 95 %.
LEAST = 0.95 - 4 * np.sqrt(0.95 * 0.05 / RUNS)


def side(value: list[float], group: list[int], common: list[int] | None = None) -> Side:
    base = np.ones(len(value), dtype=bool)
    kept = base if common is None else np.array(common, dtype=bool)
    groups = max(group) + 1
    return Side(np.array(value), base, kept, np.array(group, dtype=np.intp), groups)


def test_a_change_by_hand() -> None:
    # Before: 4 small, 1 of them uses it; 2 large, 1 uses it. After: 2 small, 1 uses
    # it; 4 large, 3 use it, and two more who are outside the common base, both users.
    before = side([1, 0, 0, 0, 1, 0], [0, 0, 0, 0, 1, 1])
    after = side(
        [1, 0, 1, 1, 1, 0, 1, 1], [0, 0, 1, 1, 1, 1, 0, 1], [1, 1, 1, 1, 1, 1, 0, 0]
    )
    first, second = levels(before, np.ones(6)), levels(after, np.ones(8))
    found = dict(zip(TERMS, terms(second, second, first), strict=False))
    # Shares 2/3 and 1/3, then 1/3 and 2/3; rates 1/4 and 1/2, then 1/2 and 3/4.
    within = (2 / 3 + 1 / 3) / 2 * (1 / 2 - 1 / 4) * 2
    composition = (1 / 4 + 1 / 2) / 2 * (-1 / 3) + (1 / 2 + 3 / 4) / 2 * (1 / 3)
    assert found["total"] == pytest.approx(6 / 8 - 2 / 6)
    assert found["within"] == pytest.approx(within)
    assert found["composition"] == pytest.approx(composition)
    assert found["base"] == pytest.approx(6 / 8 - 4 / 6)
    assert found["targets"] == 0
    assert sum(list(found.values())[1:]) == pytest.approx(found["total"], abs=1e-15)


def test_targets_are_the_levels_under_both_weights() -> None:
    after = side([1, 1, 0, 0], [0, 0, 1, 1])
    before = levels(side([1, 0, 0, 0], [0, 0, 1, 1]), np.ones(4))
    # Own weights give the first segment 3/4, former targets 1/2.
    own = levels(after, np.array([3.0, 3, 1, 1]))
    again = levels(after, np.ones(4))
    found = dict(zip(TERMS, terms(own, again, before), strict=False))
    assert found["targets"] == pytest.approx(3 / 4 - 1 / 2)
    assert found["within"] == pytest.approx(1 / 2 * (1 - 1 / 2))
    assert found["composition"] == pytest.approx(0)
    assert found["total"] == pytest.approx(3 / 4 - 1 / 4)


def wave(seed: int, n: int) -> tuple[Side, Floats]:
    random = np.random.default_rng(seed)
    group = random.integers(0, 3, n)
    value = (random.random(n) < 0.2 + 0.2 * group).astype(float)
    base = random.random(n) < 0.9
    common = base & (random.random(n) < 0.8)
    value = np.where(base, value, 0.0)
    return Side(value, base, common, group, 3), random.uniform(0.5, 2.0, n)


def design(weight: Floats) -> ResolvedDesign:
    return resolve(SurveyDesign(weight=weight), pd.DataFrame(index=range(weight.size)))


def test_scores_are_the_derivatives_of_the_terms() -> None:
    (newer, own), (older, before) = wave(1, 60), wave(2, 50)
    again = own * np.linspace(0.7, 1.3, 60)
    scores = scores_of(Pair(newer, older, design(own), design(again), design(before)))

    def at(up: float, place: int, which: int) -> Floats:
        weights = [w.copy() for w in (before, own, again)]
        for number in (0,) if which == 0 else (1, 2):
            weights[number][place] *= 1 + up
        return terms(
            levels(newer, weights[1]),
            levels(newer, weights[2]),
            levels(older, weights[0]),
        )

    for which, found in enumerate(scores):
        for place in (0, 7, 31):
            # Central differences of a smooth function.
            slope = (at(1e-5, place, which) - at(-1e-5, place, which)) / 2e-5
            assert found[place] == pytest.approx(slope, abs=1e-9)


def test_errors_are_those_of_a_jackknife_done_by_hand() -> None:
    (newer, own), (older, before) = wave(3, 400), wave(4, 300)
    pair = Pair(newer, older, design(own), design(own), design(before))
    stack = stacked(pair.before, pair.own)
    found = estimate(pair, stack, 0.95)

    def left_out(place: int, which: int) -> Floats:
        weights = [before.copy(), own.copy()]
        weights[which][place] = 0
        after = levels(newer, weights[1])
        return terms(after, after, levels(older, weights[0]))

    variance = np.zeros(found.estimate.size)
    for which, n in ((0, 300), (1, 400)):
        each = np.array([left_out(place, which) for place in range(n)])
        variance += (n - 1) / n * ((each - each.mean(axis=0)) ** 2).sum(axis=0)
    told = found.std_error > 0
    # Both are right to the first order of 1/n.
    assert found.std_error[told] == pytest.approx(np.sqrt(variance[told]), rel=0.02)
    assert variance[~told] == pytest.approx(0, abs=1e-12)


def test_replicates_give_the_jackknife_itself() -> None:
    (newer, own), (older, before) = wave(5, 40), wave(6, 30)
    made = [
        resolve(SurveyDesign(weight=w, method="jk1"), pd.DataFrame(index=range(w.size)))
        for w in (own, before)
    ]
    pair = Pair(newer, older, made[0], made[0], made[1])
    found = estimate(pair, stacked(made[1], made[0]), 0.95)
    variance = np.zeros(found.estimate.size)
    for weight, other, which in ((own, before, 1), (before, own, 0)):
        n = weight.size
        each = []
        for place in range(n):
            less = np.where(np.arange(n) == place, 0.0, weight * n / (n - 1))
            after = levels(newer, less if which else other)
            each.append(terms(after, after, levels(older, other if which else less)))
        gap = np.array(each) - np.mean(each, axis=0)
        variance += (n - 1) / n * (gap**2).sum(axis=0)
    assert found.std_error**2 == pytest.approx(variance, rel=1e-9, abs=1e-15)


def holds(
    draw: Callable[[np.random.Generator], tuple[Pair, bool]], true: Floats
) -> Floats:
    """Give the share of intervals that hold the true terms."""
    random = np.random.default_rng(11)
    hits = np.zeros(true.size)
    for _ in range(RUNS):
        pair, panel = draw(random)
        ids = [np.arange(s.value.size).astype(object) for s in (pair.older, pair.newer)]
        stack = stacked(pair.before, pair.own, ids=ids if panel else ())
        found = estimate(pair, stack, 0.95)
        low, high = found.conf_low[: true.size], found.conf_high[: true.size]
        hits += (low <= true) & (true <= high)
    return hits / RUNS


def test_intervals_of_two_samples_hold_the_true_parts() -> None:
    share = np.array([[0.5, 0.3, 0.2], [0.4, 0.3, 0.3]])
    rate = np.array([[0.3, 0.5, 0.6], [0.4, 0.5, 0.8]])

    def draw(random: np.random.Generator) -> tuple[Pair, bool]:
        sides = []
        for w, n in ((0, 300), (1, 400)):
            group = random.choice(3, n, p=share[w])
            value = (random.random(n) < rate[w][group]).astype(float)
            everyone = np.ones(n, dtype=bool)
            sides.append(Side(value, everyone, everyone, group, 3))
        designs = [design(np.ones(s.value.size)) for s in sides]
        return Pair(sides[1], sides[0], designs[1], designs[1], designs[0]), False

    within = ((share[0] + share[1]) / 2 * (rate[1] - rate[0])).sum()
    composition = ((rate[0] + rate[1]) / 2 * (share[1] - share[0])).sum()
    true = np.array([within + composition, within, composition])
    assert holds(draw, true).min() >= LEAST


def test_intervals_of_raked_waves_hold_the_part_of_the_targets() -> None:
    # Sizes are raked to new targets; segments are regions, of which large firms have
    # more in the second.
    wanted = np.array([[0.7, 0.3], [0.5, 0.5]])
    region = np.array([0.3, 0.6])
    rate = np.array([[0.2, 0.5], [0.3, 0.7]])

    def draw(random: np.random.Generator) -> tuple[Pair, bool]:
        sides, made = [], []
        for w, n in ((0, 300), (1, 400)):
            size = random.choice(2, n, p=[0.4, 0.6])
            group = (random.random(n) < region[size]).astype(np.intp)
            value = (random.random(n) < rate[w][size]).astype(float)
            everyone = np.ones(n, dtype=bool)
            sides.append(Side(value, everyone, everyone, group, 2))
            firms = pd.DataFrame({"size": size.astype(str)})
            made.append(
                [
                    resolve(
                        SurveyDesign(
                            weight=rake(
                                firms, {"size": dict(zip("01", t, strict=True))}
                            )
                        ),
                        firms,
                    )
                    for t in wanted
                ]
            )
        return Pair(sides[1], sides[0], made[1][1], made[1][0], made[0][0]), False

    after, again, before = wanted[1] @ rate[1], wanted[0] @ rate[1], wanted[0] @ rate[0]
    # Former targets leave the shares of the regions alone, in the population.
    true = np.array([after - before, again - before, 0.0, after - again])
    found = holds(draw, true)
    assert found.min() >= LEAST


def test_intervals_of_a_panel_hold_and_are_shorter() -> None:
    def draw(random: np.random.Generator, *, panel: bool = True) -> tuple[Pair, bool]:
        n = 300
        group = random.choice(2, n, p=[0.6, 0.4])
        first = random.random(n) < np.array([0.3, 0.5])[group]
        # One in five who did not, starts; nobody stops.
        second = first | (random.random(n) < 0.2)
        everyone = np.ones(n, dtype=bool)
        older, newer = (
            Side(v.astype(float), everyone, everyone, group, 2) for v in (first, second)
        )
        alike = design(np.ones(n))
        return Pair(newer, older, alike, alike, alike), panel

    rates = np.array([0.3, 0.5])
    within = np.array([0.6, 0.4]) @ (0.2 * (1 - rates))
    found = holds(draw, np.array([within, within]))
    assert found.min() >= LEAST
    pair, _ = draw(np.random.default_rng(5))
    ids = [np.arange(300).astype(object)] * 2
    linked, alone = (
        estimate(pair, stacked(pair.before, pair.own, ids=given), 0.95).std_error[0]
        for given in (ids, ())
    )
    assert linked < 0.7 * alone
