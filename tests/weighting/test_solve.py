from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from survey.weighting.distances import multiples
from survey.weighting.rows import Rows, distinct, find_rows, spread, sums_of
from survey.weighting.solve import _hessian, newton
from survey.weighting.weighting import Margin

RNG = np.random.default_rng(20261122)
N = 60


def _margin(name: str, size: int) -> Margin:
    codes = tuple("abcdefg"[:size])
    place = np.arange(N) * (size + 1) // 2 % size
    return Margin(name, codes, np.full(size, 1 / size), place)


def _dense(rows: Rows) -> np.ndarray:
    blocks = [
        np.eye(target.size)[place]
        for place, target in zip(rows.positions, rows.targets, strict=True)
    ]
    return np.hstack([*blocks, rows.values])


def _rows() -> tuple[Rows, np.ndarray]:
    values = np.round(RNG.normal(size=(N, 2)), 1)
    low, high = np.full(N, 0.2), np.full(N, 4.0)
    margins = [_margin("x", 3), _margin("y", 2)]
    return find_rows(margins, values, np.linspace(1, 3, N), low, high)


def test_sums_and_products_are_those_of_the_matrix_that_is_not_made() -> None:
    rows, _ = _rows()
    amount, matrix = rows.base * np.linspace(0.5, 2, rows.base.size), _dense(rows)
    np.testing.assert_allclose(sums_of(rows, amount), matrix.T @ amount, atol=1e-14)
    np.testing.assert_allclose(
        _hessian(rows, amount), (matrix.T * amount) @ matrix, atol=1e-14
    )
    coefficient = np.arange(matrix.shape[1], dtype=float)
    np.testing.assert_allclose(spread(rows, coefficient), matrix @ coefficient)


def test_alike_respondents_are_one_row() -> None:
    rows, row = _rows()
    again, twice = find_rows(
        [_margin("x", 3)], np.zeros((N, 0)), np.ones(N), np.zeros(N), np.ones(N)
    )
    assert again.base.size == 3
    assert np.bincount(twice).sum() == N
    np.testing.assert_allclose(
        np.bincount(row, np.linspace(1, 3, N)), rows.base * 2 * N
    )


@pytest.mark.parametrize("largest", [3, 10**6, 2**40])
def test_combinations_of_keys_of_any_size(largest: int) -> None:
    one = np.array([0, largest, 0, largest, 1])
    two = np.array([5, 0, 5, largest, 0])
    cell, first = distinct([one, two, one])
    assert cell[0] == cell[2]
    assert len(set(cell.tolist())) == first.size == 4
    np.testing.assert_array_equal(one[first][cell], one)
    np.testing.assert_array_equal(two[first][cell], two)


@pytest.mark.parametrize("distance", ["raking", "linear", "logit"])
def test_multiples_rise_from_limit_to_limit_with_their_slope(distance: Any) -> None:
    u = np.linspace(-3, 3, 601)
    low, high = np.full(u.size, 0.4), np.full(u.size, 2.5)
    g, slope = multiples(distance, u, low, high)
    assert (np.diff(g) >= 0).all()
    assert g[300] == pytest.approx(1, abs=1e-15)
    assert slope[300] == pytest.approx(1, abs=1e-12)
    assert g.min() >= 0.4
    assert g.max() <= 2.5
    between = (slope[1:] > 0) & (slope[:-1] > 0)
    numeric = np.diff(g)[between] / np.diff(u)[between]
    middle = (slope[1:] + slope[:-1])[between] / 2
    np.testing.assert_allclose(numeric, middle, rtol=1e-4)


def test_the_last_steps_square_the_gap() -> None:
    rows, _ = _rows()
    gaps = []
    for steps in range(12):
        g, done = newton(rows, "raking", tolerance=1e-15, max_steps=steps)
        gaps.append(np.abs(sums_of(rows, rows.base * g) - rows.goal).max())
        if done < steps:
            break
    assert gaps[-1] <= 1e-14
    late = [(a, b) for a, b in pairwise(gaps) if 1e-7 < a < 1e-2]
    assert late
    assert all(b <= 100 * a**2 for a, b in late)


def test_margins_that_say_the_same_twice_do_no_harm() -> None:
    one = _margin("x", 3)
    free = np.full(N, -np.inf), np.full(N, np.inf)
    alone, row = find_rows([one], np.zeros((N, 0)), np.ones(N), *free)
    thrice, other = find_rows([one, one, one], np.zeros((N, 0)), np.ones(N), *free)
    a = newton(alone, "linear", tolerance=1e-12, max_steps=50)[0][row]
    b = newton(thrice, "linear", tolerance=1e-12, max_steps=50)[0][other]
    np.testing.assert_allclose(a, b, rtol=1e-12)


def test_a_start_where_every_row_of_a_category_is_cut_off() -> None:
    # The first category shall fall from 0.9 to 0.1, the largest limit is nearly needed.
    rows = Rows(
        np.array([0.9, 0.1]),
        (np.array([0, 1]),),
        np.zeros((2, 0)),
        np.full(2, 0.111),
        np.full(2, 9.001),
        (np.array([0.1, 0.9]),),
    )
    for distance in ("raking", "linear", "logit"):
        g, _ = newton(rows, distance, tolerance=1e-12, max_steps=200)
        np.testing.assert_allclose(g, [1 / 9, 9], rtol=1e-10)
