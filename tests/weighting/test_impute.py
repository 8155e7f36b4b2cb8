import numpy as np
import pytest
from numpy.typing import NDArray

from survey.errors import MarginError
from survey.weighting.impute import Imputed, impute

NAMES = ("size", "region", "sector")


def table(*rows: str) -> NDArray[np.object_]:
    return np.array(
        [[each.replace("-", "") for each in row.split()] for row in rows], dtype=object
    )


def fill(
    codes: NDArray[np.object_], base: list[float] | None = None, seed: int = 0
) -> Imputed:
    weight = np.ones(len(codes)) if base is None else np.array(base)
    everything = np.ones(codes.shape[1], dtype=bool)
    return impute(codes, codes == "", everything, weight, names=NAMES, seed=seed)


def test_a_donor_agrees_on_all_other_answers() -> None:
    codes = table("s N a", "l N b", "l S a", "- N b", "- S a", "- N a")
    done = fill(codes)
    assert done.codes[3:, 0].tolist() == ["l", "l", "s"]
    assert done.agreed.tolist() == [-1, -1, -1, 2, 2, 2]
    assert done.known.tolist() == [3, 3, 3, 2, 2, 2]
    assert (codes[3:, 0] == "").all()


def test_who_agrees_on_less_is_taken_where_nobody_agrees_on_all() -> None:
    # Nobody else is in the east: the sector decides. Nobody else has sector c: region.
    done = fill(table("s N a", "l S b", "- E b", "- N c", "- E c"))
    assert done.codes[2:4, 0].tolist() == ["l", "s"]
    assert done.agreed[2:].tolist() == [1, 1, 0]
    assert done.codes[4, 0] in {"s", "l"}


def test_one_donor_gives_all_that_is_missing() -> None:
    rows = ["s N a"] * 5 + ["l S a"] * 5 + ["- - a"] * 40
    done = fill(table(*rows))
    pairs = {tuple(row[:2]) for row in done.codes[10:].tolist()}
    assert pairs == {("s", "N"), ("l", "S")}


def test_donors_are_drawn_by_their_base_weight() -> None:
    rows = ["s N a", "l N a", "m N a"] + ["- N a"] * 9000
    done = fill(table(*rows), [1.0, 3.0, 0.0] + [1.0] * 9000)
    share = float((done.codes[3:, 0] == "l").mean())
    # 3 of 4, within four standard errors: sqrt(0.75 x 0.25 / 9000) = 0.0046.
    assert share == pytest.approx(0.75, abs=4 * 0.0046)
    assert "m" not in done.codes[3:, 0].tolist()


def test_a_seed_gives_the_same_answers_and_another_one_does_not() -> None:
    codes = table(*["s N a", "l N a"] * 10, *["- N a"] * 50)
    first = fill(codes, seed=7).codes.tolist()
    assert fill(codes, seed=7).codes.tolist() == first
    assert fill(codes, seed=8).codes.tolist() != first


def test_answers_that_are_not_to_be_filled_stay_missing_and_are_not_compared() -> None:
    codes = table("s - a", "l N a", "- - a", "- N a")
    wanted = np.array([True, False, False])
    done = impute(codes, codes == "", wanted, np.ones(4), names=NAMES)
    assert done.codes[:, 1].tolist() == ["", "N", "", "N"]
    assert done.codes[3, 0] == "l"
    assert done.agreed.tolist() == [-1, -1, 1, 2]


def test_respondents_without_weight_receive_nothing() -> None:
    done = fill(table("s N a", "- N a"), [1.0, 0.0])
    assert done.codes[1, 0] == ""
    assert done.agreed.tolist() == [-1, -1]


def test_nobody_can_give_what_nobody_has() -> None:
    with pytest.raises(MarginError, match="none of 2 respondents answered 'size' "):
        fill(table("- N a", "- S a"))
