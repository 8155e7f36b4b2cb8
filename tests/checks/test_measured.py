"""What the rules find among 2,000 records: all that was planted, hardly anyone else."""

from collections.abc import Callable
from dataclasses import replace
from math import erf, log, sqrt

import numpy as np
import pandas as pd
import pytest

from survey.checks.check import FLAGS, flags
from survey.responses.table import Responses

Honest = Callable[..., Responses]
N = 2_000
# Spreads of the logarithm of honest times; web surveys have 0.3 to 0.5.
SPREADS = (0.3, 0.4, 0.5)


def found(data: Responses, flag: str) -> set[str]:
    column = flags(data)[flag]
    return set(map(str, column.index[column]))


def with_seconds(data: Responses, seconds: pd.Series) -> Responses:
    return replace(data, paradata=data.paradata.assign(seconds=seconds))


@pytest.mark.parametrize("seed", [1, 2])
def test_honest_records_carry_no_flag_but_that_of_fast_readers(
    honest: Honest, seed: int
) -> None:
    counts = flags(honest(seed, N, spread=0.5)).sum()
    assert counts.drop("speeder").to_dict() == {f: 0 for f in FLAGS if f != "speeder"}


@pytest.mark.parametrize("spread", SPREADS)
def test_fast_readers_are_as_many_as_the_limit_lets_through(
    honest: Honest, spread: float
) -> None:
    # Below a third of the median with the chance Phi(-ln 3 / spread): 0.01 %, 0.3 %
    # and 1.4 %; four standard errors of a count are its bound.
    chance = (1 + erf(-log(3) / spread / sqrt(2))) / 2
    most = N * chance + 4 * sqrt(N * chance * (1 - chance)) + 1
    assert len(found(honest(3, N, spread=spread), "speeder")) <= most


def test_speeders_are_found_from_a_third_of_the_median_on(honest: Honest) -> None:
    data = honest(4, N, spread=0.3)
    seconds = data.paradata["seconds"].copy()
    median = float(seconds.median())
    ids = list(data.frame.index)
    planted = {
        share: ids[start : start + 20]
        for start, share in zip(
            range(0, 100, 20), (0.5, 0.4, 0.3, 0.2, 0.05), strict=True
        )
    }
    for share, people in planted.items():
        seconds[people] = share * median
    # Over night, never timed, and a clock that ran backwards.
    seconds[ids[100:150]] = 60_000.0
    seconds[ids[150:180]] = np.nan
    seconds[ids[180:190]], seconds[ids[190:200]] = 0.0, -5.0
    flagged = found(with_seconds(data, seconds), "speeder")
    fast = {p for share in (0.3, 0.2, 0.05) for p in planted[share]}
    assert fast <= flagged
    assert len(flagged - fast) <= 1
    assert not flagged & set(ids[100:200])


def test_a_tenth_of_speeders_does_not_hide_itself(honest: Honest) -> None:
    data = honest(5, N, spread=0.3)
    seconds = data.paradata["seconds"].copy()
    fast = list(data.frame.index[:200])
    seconds[fast] = 0.25 * float(seconds.median())
    assert set(fast) <= found(with_seconds(data, seconds), "speeder")


def test_straight_lines_are_found_and_crooked_ones_are_not(honest: Honest) -> None:
    data = honest(6, N)
    frame = data.frame.copy()
    grids = [name for name in frame.columns if name.startswith("g")]
    ids = list(frame.index)
    # Down all three grids, down two of them, and with one item that differs in each.
    for place, code in enumerate("1245"):
        frame.loc[ids[place * 10 : place * 10 + 10], grids] = code
    frame.loc[ids[40:60], [name for name in grids if name[1] in "01"]] = "2"
    frame.loc[ids[60:80], grids] = "4"
    frame.loc[ids[60:80], [f"g{i}_3" for i in range(3)]] = "5"
    assert found(replace(data, frame=frame), "straightliner") == set(ids[:40])


def test_copies_are_duplicates_and_near_ones_are_not(honest: Honest) -> None:
    data = honest(7, N)
    frame = data.frame.copy()
    ids = list(frame.index)
    frame.iloc[1000:1050] = frame.iloc[0:50].to_numpy()
    frame.iloc[1050:1100] = frame.iloc[50:100].to_numpy()
    # One closed answer of 50 copies differs; their texts are set apart as well.
    frame.loc[ids[1050:1100], "s0"] = [
        "1" if code != "1" else "2" for code in frame.loc[ids[1050:1100], "s0"]
    ]
    copies = replace(data, frame=frame)
    assert found(copies, "duplicate") == set(ids[1000:1050])
    apart = copies.paradata.assign(organisation=[f"firm {i}" for i in range(N)])
    assert found(replace(copies, paradata=apart), "duplicate") == set()
    apart.loc[ids[1000:1010], "organisation"] = [f"firm {i}" for i in range(10)]
    same_firm = replace(copies, paradata=apart)
    assert found(same_firm, "duplicate") == set(ids[1000:1010])


def test_open_answers_that_were_planted_are_found(honest: Honest) -> None:
    data = honest(8, N)
    frame = data.frame.copy()
    ids = list(frame.index)
    mash = ["wqeqwe", "blabla", "öäöäöä", "adsfadsf", "Poiuyt", "asdf jklö"]
    frame.loc[ids[: len(mash)], "t"] = mash
    long = "We would need lawyers who know what a model is and who read its licence."
    frame.loc[ids[20:23], "t"] = [long, long.upper(), long.replace(" ", "  ")]
    frame.loc[ids[30], "t"] = "What stands in the way?"
    planted = replace(data, frame=frame)
    assert found(planted, "gibberish") == set(ids[: len(mash)])
    assert found(planted, "copied") == set(ids[21:23])


def test_programs_that_were_planted_are_found(honest: Honest) -> None:
    data = honest(9, N)
    finished = data.paradata["finished"].copy()
    ids = list(data.frame.index)
    # 2,000 in ten days are 0.02 in ten seconds; 12 at once stand out, 9 do not.
    finished[ids[:12]] = "2025-03-05 03:00:01"
    finished[ids[12:21]] = "2025-03-06 03:00:01"
    planted = replace(data, paradata=data.paradata.assign(finished=finished))
    assert found(planted, "bot") == set(ids[:12])
