import numpy as np
import pytest

from survey.weighting.feasible import (
    Room,
    coarse,
    largest_lower,
    opposed,
    smallest_upper,
)
from survey.weighting.limit_advice import limit_advice
from survey.weighting.rows import Rows


def _rows(
    base: list[float],
    positions: list[list[int]],
    targets: list[list[float]],
    values: list[float] | None = None,
    limits: tuple[float, float] = (0.5, 1.5),
) -> Rows:
    share = np.array(base) / sum(base)
    return Rows(
        share,
        tuple(np.array(place) for place in positions),
        np.zeros((share.size, 0)) if values is None else np.array(values)[:, None],
        np.full(share.size, limits[0]),
        np.full(share.size, limits[1]),
        tuple(np.array(target) for target in targets),
    )


# Two categories by two, of a quarter each.
SQUARE = ([1, 1, 1, 1], [[0, 0, 1, 1], [0, 1, 0, 1]])


def test_limits_of_one_margin_are_ratios_of_shares() -> None:
    rows = _rows([6, 3, 1], [[0, 1, 2]], [[0.3, 0.3, 0.4]])
    room = coarse(rows, rows.base)
    assert smallest_upper(room, 0) == pytest.approx(4, abs=1e-8)
    assert largest_lower(room, 9) == pytest.approx(0.5, abs=1e-8)
    assert smallest_upper(room, 0.6) is None
    assert largest_lower(room, 3.9) is None


def test_limits_of_two_margins_by_hand() -> None:
    # 0.8 in the first category of both: the corner (0, 0) holds at least 0.6, which is
    # 2.4 times its quarter, the two beside it 0.2 and the last one 0.
    rows = _rows(*SQUARE, [[0.8, 0.2], [0.8, 0.2]])
    room = coarse(rows, rows.base)
    assert smallest_upper(room, 0) == pytest.approx(2.4, abs=1e-8)
    # At most 3.2 in the corner; with a lower limit l the last one holds l / 4, those
    # beside 0.2 - l / 4, which are l / 4 or more: l = 0.4.
    assert largest_lower(room, 9) == pytest.approx(0.4, abs=1e-8)
    # With 2.6 the corner holds 0.65 or less, the last one 0.05 or less: l = 0.2.
    assert largest_lower(room, 2.6) == pytest.approx(0.2, abs=1e-8)


def test_limits_of_a_mean_by_hand() -> None:
    # Values 0 and 1, half each, and a mean of 0.8 wanted (values are less than that).
    rows = _rows([1, 1], [[0, 0]], [[1.0]], [-0.8, 0.2])
    room = coarse(rows, rows.base)
    assert smallest_upper(room, 0) == pytest.approx(1.6, abs=1e-8)
    assert largest_lower(room, 5) == pytest.approx(0.4, abs=1e-8)


def test_limits_of_weights_multiply_respondents() -> None:
    # The category of 0.5 of the population is 1 of 4 respondents, and 0.4 of the base.
    rows = _rows([1, 1, 1, 2], [[0, 0, 0, 1]], [[0.5, 0.5]])
    people = np.full(4, 0.25)
    assert smallest_upper(coarse(rows, people), 0) == pytest.approx(2, abs=1e-8)
    assert smallest_upper(coarse(rows, rows.base), 0) == pytest.approx(1.25, abs=1e-8)


def test_room_that_others_limit() -> None:
    # As before, but no weight above 1.9: 0.475 is less than the half that is wanted.
    rows = _rows([1, 1, 1, 2], [[0, 0, 0, 1]], [[0.5, 0.5]])
    people = np.full(4, 0.25)
    shut = Room(rows, rows.base, 0 * people, 1.9 * people)
    assert smallest_upper(shut, 0) is None
    wide = Room(rows, rows.base, 0 * people, 2.1 * people)
    assert smallest_upper(wide, 0) == pytest.approx(1.25, abs=1e-8)
    # The others have to come down from 0.6 of the base weights to half.
    first = Room(rows, rows.base, 0.6 * people, 9 * people)
    assert largest_lower(first, 9) == pytest.approx(5 / 6, abs=1e-8)


def test_targets_that_can_be_met_are_not_opposed() -> None:
    assert opposed(_rows(*SQUARE, [[0.9, 0.1], [0.001, 0.999]])) == []


def test_innocent_margins_and_totals_are_not_named() -> None:
    # Margins 0 and 2 are the same thing with other targets; margin 1 has its own.
    places = [[0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 1]]
    targets = [[0.6, 0.4], [0.3, 0.7], [0.5, 0.5]]
    found = opposed(_rows([1, 1, 1, 1], places, targets, [-1.0, 1.0, 1.0, -1.0]))
    assert found == [0, 5]
    # Every value is above the mean wanted.
    alone = opposed(_rows(*SQUARE, [[0.5, 0.5], [0.5, 0.5]], [1.0, 2.0, 1.0, 3.0]))
    assert alone == [4]


def test_a_category_without_respondents_is_named() -> None:
    assert opposed(_rows([1, 1], [[0, 1]], [[0.4, 0.4, 0.2]])) == [2]


def test_advice_is_given_only_where_limits_are_proved_too_narrow() -> None:
    rows = _rows(*SQUARE, [[0.8, 0.2], [0.8, 0.2]])
    people = rows.base
    assert limit_advice(rows, people, (0.1, 3.0), None) == []
    assert limit_advice(rows, people, None, None) == []
    assert limit_advice(rows, people, (0.3, 2.9), (0.1, 3.0)) == []
    start = "with limits 0.3 to 2.6 the margins cannot all be met; "
    (either,) = limit_advice(rows, people, (0.3, 2.6), None)
    assert str(either) == (
        f"{start}the smallest upper limit that can is 2.7, or the largest lower limit "
        "that can is 0.2."
    )
    first, second = limit_advice(rows, people, (0.3, 2.6), (0.1, 3.0))
    assert first == either
    assert str(second) == (
        "with weight limits 0.1 to 3 the margins cannot all be met; no other weight "
        "limits can."
    )
    (neither,) = limit_advice(rows, people, (0.5, 2.3), None)
    assert str(neither) == (
        "with limits 0.5 to 2.3 the margins cannot all be met; neither limit is wide "
        "enough; without a lower limit, the smallest upper limit that can is 2.4."
    )
    # 2.5 in the corner leave 0.025 to the last one.
    lower, upper = limit_advice(rows, people, (0.3, 2.9), (0.05, 2.5))
    assert str(lower).endswith("the largest lower limit that can is 0.1.")
    assert str(upper).endswith("the smallest upper limit that can is 2.7.")
