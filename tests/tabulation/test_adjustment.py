import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.tabulation.adjustment import adjusted, adjusted_family, adjusted_over

P_VALUES = np.array(
    [[0.01, np.nan, 0.04, 0.03, 0.03], [0.9, 0.001, 0.2, np.nan, np.nan]]
)
METHODS = {"bonferroni": "bonf", "holm": "holm", "bh": "fdr_bh"}


@pytest.mark.parametrize("method", METHODS)
def test_every_row_as_pingouin_adjusts_it(method: str) -> None:
    ours = adjusted(P_VALUES, method)
    assert np.isnan(ours).tolist() == np.isnan(P_VALUES).tolist()
    for given_row, our_row in zip(P_VALUES, ours, strict=True):
        known = ~np.isnan(given_row)
        theirs = pingouin.multicomp(given_row[known], method=METHODS[method])[1]
        np.testing.assert_allclose(our_row[known], theirs, rtol=1e-14)


@pytest.mark.parametrize("method", METHODS)
def test_a_family_is_one_row(method: str) -> None:
    parts = [P_VALUES, P_VALUES[:, :0], np.array([[[0.02]]])]
    ours = adjusted_family(parts, method)
    assert [part.shape for part in ours] == [(2, 5), (2, 0), (1, 1, 1)]
    together = np.concatenate([part.ravel() for part in ours])
    flat = np.concatenate([part.ravel() for part in parts])
    np.testing.assert_array_equal(together, adjusted(flat[None], method)[0])


def test_no_adjustment_and_no_tests() -> None:
    assert adjusted_family([], "holm") == []
    np.testing.assert_array_equal(adjusted_family([P_VALUES], "none")[0], P_VALUES)
    empty = adjusted_family([P_VALUES[:, :0]], "bh")
    assert empty[0].shape == (2, 0)
    nothing = np.full((1, 2), np.nan)
    assert np.isnan(adjusted(nothing, "bh")).all()


@pytest.mark.parametrize(
    ("family", "tests"),
    # Rows of 2 tests; banner questions of 2 rows; two of these; two questions.
    [("row", 2), ("banner", 4), ("question", 8), ("table", 16)],
)
def test_the_family_decides_the_number_of_tests(family: str, tests: int) -> None:
    table = [[np.full((2, 2), 0.01)] * 2] * 2
    for question in adjusted_over(table, "bonferroni", family):
        for part in question:
            np.testing.assert_allclose(part, 0.01 * tests, rtol=1e-15)


def test_questions_may_have_other_shapes() -> None:
    table = [[np.full((3, 1), 0.01), np.full((3, 6), 0.2)], [np.full((1, 1), 0.04)]]
    shapes = [[part.shape for part in question] for question in table]
    for family in ("row", "banner", "question", "table"):
        found = adjusted_over(table, "holm", family)
        assert [[part.shape for part in question] for question in found] == shapes


@given(
    st.lists(st.floats(0, 1) | st.just(np.nan), min_size=1, max_size=30),
    st.sampled_from(sorted(METHODS)),
)
def test_adjusted_values_keep_the_order_and_never_fall(
    values: list[float], method: str
) -> None:
    p_value = np.array([values])
    ours = adjusted(p_value, method)[0]
    known = np.isfinite(p_value[0])
    assert (ours[known] >= p_value[0][known] * (1 - 1e-12)).all()
    assert (ours[known] <= 1).all()
    order = np.argsort(p_value[0][known], kind="stable")
    assert (np.diff(ours[known][order]) >= 0).all()
