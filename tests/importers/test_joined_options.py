import random

import pytest

from survey.importers.joined_options import find_joined

OPTIONS = (
    "Cost",
    "Law and ethics",
    "Time, effort, or people",
    "Skills (training, hiring)",
    "No, nothing",
    "No, not sure",
)


def cells(delimiter: str, seed: int = 1, records: int = 300) -> dict[str, int]:
    draw = random.Random(seed)  # noqa: S311 - test data
    found: dict[str, int] = {}
    for _ in range(records):
        chosen = [option for option in OPTIONS if draw.random() < 0.35]
        text = delimiter.join(chosen)
        if text:
            found[text] = found.get(text, 0) + 1
    return found


@pytest.mark.parametrize("delimiter", [";", "|", "\n", ",", ", "])
@pytest.mark.parametrize("seed", range(5))
def test_options_are_found_whatever_separates_them(delimiter: str, seed: int) -> None:
    counts = cells(delimiter, seed)
    found = find_joined(counts)

    assert found is not None
    assert found.delimiter == delimiter
    assert set(found.options) == set(OPTIONS)
    assert (found.typed, found.ambiguous) == (0, 0)


def test_what_was_typed_is_no_option() -> None:
    counts = cells(", ")
    typed = [f"my own reason {i}, number {i}" for i in range(20)]
    found = find_joined({**counts, **{f"Cost, {text}": 1 for text in typed}})

    assert found is not None
    assert set(found.options) == set(OPTIONS)
    assert found.typed == 20


@pytest.mark.parametrize(
    "counts",
    [
        {"Yes, in production": 40, "Yes, in a pilot": 30, "No": 20},
        {"Portland, OR": 20, "Austin, TX": 30, "Dallas, TX": 25, "Salem, OR": 20},
        {"1,250": 5, "2,500": 4, "10,000": 8},
        {"2,5": 5, "3,5": 4, "4": 8},
        {"44.361,50": 5, "3,5": 4, "4": 8},
        {f"I like it, because of reason {i}, and more": 1 for i in range(50)},
        {"Agree": 5, "Disagree": 4},
        {},
    ],
)
def test_one_answer_in_each_cell_stays_one(counts: dict[str, int]) -> None:
    assert find_joined(counts) is None


def test_codes_with_commas_are_joined_and_no_decimals() -> None:
    found = find_joined({"1": 9, "2": 4, "1,3,7": 3, "2,3": 5, "1,2,7": 2})

    assert found is not None
    assert (found.delimiter, found.options) == (",", ("1", "2", "3", "7"))


def test_options_that_are_known_win_over_what_the_cells_suggest() -> None:
    counts = {"Cost, Law": 9, "Cost, Law, Time": 3, "Time": 5}
    found = find_joined(counts, ["Cost, Law", "Time"])

    assert found is not None
    assert found.options == ("Cost, Law", "Time")
    assert found.ambiguous == 0


def test_a_wording_that_asks_for_several_answers_needs_less_evidence() -> None:
    counts = {"Asia": 60, "Europe": 60, "Asia, Europe": 2, "Africa": 30}

    assert find_joined(counts) is None
    found = find_joined(counts, several=True)
    assert found is not None
    assert set(found.options) == {"Asia", "Europe", "Africa"}


def test_ambiguous_cells_are_counted() -> None:
    names = ["Cost", "Law", "Cost, Law"]
    cells = ["Cost", "Law", "Cost, Law", "Law, Cost, Law"]
    found = find_joined(dict.fromkeys(cells, 5), names)

    assert found is not None
    assert found.ambiguous == 5 + 5
