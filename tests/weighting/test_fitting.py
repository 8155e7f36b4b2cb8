import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from survey.errors import RakingError
from survey.weighting.combinations import combine, table_of
from survey.weighting.fitting import fit_cells, fit_tables
from survey.weighting.recipe import raked
from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]


def plain_raking(base: Floats, margins: tuple[Margin, ...], gap: float) -> Floats:
    """Scale the weights of respondents, margin by margin, until nothing moves."""
    weight = base / base.sum()
    for _ in range(200_000):
        largest = 0.0
        for margin in margins:
            share = np.bincount(margin.position, weight, margin.targets.size)
            largest = max(largest, float(np.abs(share - margin.targets).max()))
            weight = weight * (margin.targets / share)[margin.position]
        if largest < gap:
            return weight * (np.count_nonzero(weight) / weight.sum())
    raise AssertionError("plain raking did not end")


def problem(
    seed: int, sizes: tuple[int, ...], respondents: int, lean: float
) -> tuple[Floats, tuple[Margin, ...]]:
    """Draw answers that hang together, base weights, and targets that can be met."""
    rng = np.random.default_rng(seed)
    base, other = rng.uniform(0.2, 5, (2, respondents))
    trait = rng.normal(size=respondents)
    margins = []
    for k, size in enumerate(sizes):
        mixed = lean * trait + (1 - lean) * rng.normal(size=respondents)
        place = np.argsort(np.argsort(mixed)) * size // respondents
        moved = other * np.exp(0.5 * np.sin(place + k))
        other = moved / moved.mean()
        margins.append((f"m{k}", tuple(map(str, range(size))), place))
    shares = [np.bincount(p, other, len(c)) / other.sum() for _, c, p in margins]
    placed = (
        Margin(name, codes, share, place)
        for (name, codes, place), share in zip(margins, shares, strict=True)
    )
    return base, tuple(placed)


@pytest.mark.parametrize(
    ("sizes", "respondents", "lean"),
    [
        ((3,), 30, 0.5),
        ((1, 1), 30, 0.5),
        ((2, 3), 200, 0.9),
        ((4, 5, 10), 2000, 0.7),
        ((30, 40, 50), 3000, 0.3),
        ((4, 5, 10, 2, 3, 6, 4, 8), 5000, 0.5),
        ((2,) * 14, 3000, 0.4),
    ],
)
def test_weights_are_those_of_plain_raking(
    sizes: tuple[int, ...], respondents: int, lean: float
) -> None:
    base, margins = problem(3, sizes, respondents, lean)
    weight, _, gap = raked(base, margins, tolerance=1e-13)
    assert gap <= 1e-13
    np.testing.assert_allclose(weight, plain_raking(base, margins, 1e-14), rtol=1e-9)


@settings(deadline=None, max_examples=60)
@given(
    st.integers(0, 10_000),
    st.lists(st.integers(1, 5), min_size=1, max_size=6),
    st.floats(0, 0.8),
)
def test_random_problems(seed: int, sizes: list[int], lean: float) -> None:
    base, margins = problem(seed, tuple(sizes), 400, lean)
    weight, _, _ = raked(base, margins, tolerance=1e-13)
    np.testing.assert_allclose(weight, plain_raking(base, margins, 1e-14), rtol=1e-9)


def test_respondents_who_do_not_count_change_nothing() -> None:
    base, margins = problem(5, (3, 4, 2), 600, 0.5)
    base[::3] = 0
    held = np.flatnonzero(base)
    few = tuple(Margin(m.name, m.codes, m.targets, m.position[held]) for m in margins)
    weight, _, _ = raked(base, margins)
    assert (weight[::3] == 0).all()
    np.testing.assert_allclose(weight[held], raked(base[held], few)[0], rtol=1e-12)


def test_a_slow_fit_takes_fewer_passes_than_plain_raking() -> None:
    # Plain raking shrinks the gap by the square of the correlation of the fitted
    # table, here 0.91.
    table = np.array([[0.49, 0.01], [0.01, 0.49]])
    half = np.array([0.5, 0.5])
    place = np.arange(4)
    rows = Margin("r", ("a", "b"), np.array([0.51, 0.49]), place // 2)
    columns = Margin("c", ("a", "b"), half, place % 2)
    start = table.ravel()
    cells, cell = combine([rows, columns])
    factor, passes = fit_cells(cells, table_of(cells, cell, start), [rows, columns])
    fitted, plain = fit_tables(
        start[:, None], [rows.position, columns.position], [rows, columns]
    )
    assert plain > 100
    assert passes < 20
    np.testing.assert_allclose(start * factor[cell], fitted[:, 0], atol=2e-10)


def test_tables_are_fitted_each_on_its_own() -> None:
    base, margins = problem(9, (3, 4), 12, 0.2)
    start = np.column_stack([base, base[::-1] ** 2, np.ones(12)])
    positions = [margin.position for margin in margins]
    together, _ = fit_tables(start, positions, margins)
    for k in range(3):
        alone = raked(start[:, k], margins)[0] / 12
        np.testing.assert_allclose(together[:, k], alone, atol=2e-10)


def test_contradictory_margins_end_in_an_error_and_no_warning() -> None:
    place = np.array([0] * 10 + [1] * 10)
    one = Margin("age", ("young", "old"), np.array([0.7, 0.3]), place)
    two = Margin("sex", ("m", "f"), np.array([0.3, 0.7]), place)
    with pytest.raises(RakingError, match="margin 'age' is still off target after"):
        raked(np.ones(20), (one, two), max_passes=100_000)


def test_an_empty_category_is_said_without_a_pass() -> None:
    place = np.array([0, 0, 1])
    one = Margin("age", ("young", "old"), np.array([0.5, 0.5]), place)
    two = Margin("sex", ("m", "f"), np.array([0.5, 0.5]), np.array([0, 1, 1]))
    with pytest.raises(RakingError, match=r"old: wanted 50.0%, got 0.0%"):
        raked(np.array([1.0, 1.0, 0.0]), (one, two))


def test_passes_are_limited() -> None:
    base, margins = problem(3, (4, 5, 10), 500, 0.7)
    with pytest.raises(RakingError, match="after 1 pass:"):
        raked(base, margins, max_passes=1)
