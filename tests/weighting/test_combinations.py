import numpy as np
import pytest

from survey.weighting.combinations import (
    Pair,
    combine,
    on_left,
    on_right,
    product_of,
    shares_of,
    table_of,
)
from survey.weighting.weighting import Margin


def _margins(sizes: tuple[int, ...], respondents: int) -> tuple[Margin, ...]:
    rng = np.random.default_rng(len(sizes))
    return tuple(
        Margin(
            f"m{k}",
            tuple(map(str, range(size))),
            np.full(size, 1 / size),
            rng.integers(0, size, respondents),
        )
        for k, size in enumerate(sizes)
    )


# Whole tables, tables of those that occur, and both within one.
@pytest.mark.parametrize(
    ("sizes", "respondents"),
    [((4,), 20), ((3, 2, 5), 50), ((6, 7, 8, 9, 10), 200), ((40, 50, 60), 300)],
)
def test_sums_over_combinations_are_those_over_respondents(
    sizes: tuple[int, ...], respondents: int
) -> None:
    margins = _margins(sizes, respondents)
    weight = np.random.default_rng(1).uniform(0.1, 3, respondents)
    cells, cell = combine(margins)
    assert cell.max() < cells.size
    table = table_of(cells, cell, weight)
    assert table.size == cells.size
    for margin, share in zip(margins, shares_of(cells, table), strict=True):
        wanted = np.bincount(margin.position, weight, margin.targets.size)
        np.testing.assert_allclose(share, wanted / weight.sum(), atol=1e-14)


def test_products_are_those_of_each_respondent() -> None:
    margins = _margins((6, 7, 8, 9, 10), 200)
    rng = np.random.default_rng(2)
    factors = [rng.uniform(0.5, 2, margin.targets.size) for margin in margins]
    cells, cell = combine(margins)
    pairs = zip(factors, margins, strict=True)
    wanted = np.prod([factor[m.position] for factor, m in pairs], axis=0)
    np.testing.assert_allclose(product_of(cells, factors)[cell], wanted, rtol=1e-14)


def test_whole_tables_and_those_that_occur_have_the_same_sums() -> None:
    cells, cell = combine(_margins((6, 7), 30))
    assert isinstance(cells, Pair)
    assert cells.parts is None
    table = table_of(cells, cell, np.ones(30))
    held = np.flatnonzero(table)
    few = Pair(cells.left, cells.right, held.size, np.divmod(held, 7))
    for onto, size in ((on_left, 7), (on_right, 6)):
        factor = np.linspace(0.5, 2, size)
        np.testing.assert_allclose(
            onto(few, table[held], factor), onto(cells, table, factor), atol=1e-14
        )
