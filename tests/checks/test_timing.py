from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.checks.timing import programs, speeders, swarms
from survey.responses.table import Responses

Make = Callable[..., Responses]
SCALE = [{"code": code, "label": str(code)} for code in (1, 2, 3)]
MINUTES_OPEN = 42_200


def ask(n: int) -> list[dict[str, Any]]:
    return [
        {"id": f"q{i}", "kind": "single", "label": f"Q{i}", "categories": SCALE}
        for i in range(n)
    ]


def times(*seconds: float) -> list[str]:
    start = pd.Timestamp("2025-03-03 09:00:07")
    return [str(start + pd.Timedelta(seconds=s)) for s in seconds]


def fast(data: Responses) -> list[int]:
    everyone = np.ones(len(data.frame), dtype=bool)
    return np.flatnonzero(speeders(data, everyone)).tolist()


def test_a_third_of_the_median_is_the_limit(responses: Make) -> None:
    # Median of 300, 600, 600, 900, 199, 200 is 450, its third 150; with 149 it is
    # 300 and 100: nobody is below, and 99 is.
    given = ["300", "600", "600", "900", "99", "100", "200"]
    data = responses({"q0": ["1"] * 7, "s": given}, *ask(1), paradata={"seconds": "s"})
    assert fast(data) == [4]


@pytest.mark.parametrize("left_open", [1, 3])
def test_a_record_left_open_for_a_month_changes_nothing(
    responses: Make, left_open: int
) -> None:
    given = ["600"] * 9 + ["150"] + [str(MINUTES_OPEN * 60)] * left_open
    columns = {"q0": ["1"] * len(given), "s": given}
    assert fast(responses(columns, *ask(1), paradata={"seconds": "s"})) == [9]


def test_who_was_asked_less_is_no_speeder(responses: Make) -> None:
    # The last but one answers 2 of 10 questions in 120 s, 60 s each as the others;
    # the last answers all in 120 s.
    few: list[str | None] = ["1"] * 5 + [None, "1"]
    columns: dict[str, list[Any]] = {f"q{i}": few for i in range(2, 10)}
    columns |= {"q0": ["1"] * 7, "q1": ["1"] * 7, "s": ["600"] * 5 + ["120"] * 2}
    assert fast(responses(columns, *ask(10), paradata={"seconds": "s"})) == [6]


@pytest.mark.parametrize("odd", ["", "-5", "0", "soon"])
def test_times_that_are_none_do_not_count(responses: Make, odd: str) -> None:
    columns = {"q0": ["1"] * 4, "s": ["600", "600", "600", odd or None]}
    assert fast(responses(columns, *ask(1), paradata={"seconds": "s"})) == []


def test_no_times_no_speeders(responses: Make) -> None:
    assert fast(responses({"q0": ["1", "2"]}, *ask(1))) == []


def from_address(
    responses: Make, addresses: list[str], moments: list[str]
) -> list[int]:
    columns = {"q0": ["1"] * len(moments), "IP Address": addresses, "End": moments}
    data = responses(columns, *ask(1), paradata={"finished": "End"})
    return np.flatnonzero(swarms(data)).tolist()


def test_five_in_a_minute_from_one_address(responses: Make) -> None:
    moments = times(0, 10, 25, 40, 60, 500, 20)
    addresses = ["192.0.2.1"] * 6 + ["192.0.2.2"]
    assert from_address(responses, addresses, moments) == [0, 1, 2, 3, 4]


def test_five_in_more_than_a_minute_are_colleagues(responses: Make) -> None:
    assert from_address(responses, ["192.0.2.1"] * 5, times(0, 10, 25, 40, 61)) == []


def test_five_addresses_are_five_people(responses: Make) -> None:
    addresses = [f"192.0.2.{i}" for i in range(5)]
    assert from_address(responses, addresses, times(*[3] * 5)) == []


def test_addresses_are_not_kept(responses: Make) -> None:
    data = responses({"q0": ["1", "2"], "ipaddr": ["192.0.2.1", "192.0.2.1"]}, *ask(1))
    assert data.paradata["address"].tolist() == [0.0, 0.0]


def at_once(responses: Make, seconds: list[float]) -> list[int]:
    columns = {"q0": ["1"] * len(seconds), "End": times(*seconds)}
    data = responses(columns, *ask(1), paradata={"finished": "End"})
    return np.flatnonzero(swarms(data)).tolist()


def test_ten_within_ten_seconds_stand_out(responses: Make) -> None:
    steady = [i * 977.0 for i in range(30)]
    assert at_once(responses, [*steady, *[5_003.0 + i for i in range(10)]]) == [
        *range(30, 40)
    ]
    assert at_once(responses, [*steady, *[5_003.0 + i for i in range(9)]]) == []


def test_a_busy_day_is_no_swarm(responses: Make) -> None:
    # Two a second all day long: 20 in ten seconds are usual.
    assert at_once(responses, [i * 0.5 for i in range(2_000)]) == []


def test_records_that_were_loaded_together_are_no_swarm(responses: Make) -> None:
    assert at_once(responses, [0.0, 9_007.0, *[5_003.0] * 30]) == []


def test_times_in_whole_minutes_tell_nothing(responses: Make) -> None:
    moments = [
        "2025-03-03 09:00",
        *["2025-03-03 10:15"] * 12,
        *times(*range(0, 9000, 1000)),
    ]
    columns = {"q0": ["1"] * len(moments), "End": moments}
    data = responses(columns, *ask(1), paradata={"finished": "End"})
    assert not swarms(data).any()


def test_a_low_score_is_a_program(responses: Make) -> None:
    columns = {"q0": ["1"] * 4, "Q_RecaptchaScore": ["0.9", "0.4", "0.5", None]}
    assert programs(responses(columns, *ask(1))).tolist() == [False, True, False, False]
