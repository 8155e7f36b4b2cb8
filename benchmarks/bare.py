"""The floor: numpy.bincount for the cells of the same tables, and nothing else."""

import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from respondents import BANNER, CODES, Items


@dataclass(frozen=True, slots=True)
class Floor:
    """Seconds with making the keys of the cells, and of the bincount calls alone."""

    whole: float
    calls: float


def floor(frame: pd.DataFrame, items: Items, *, clustered: bool) -> Floor:
    """Give the shortest of three runs."""
    runs = [_run(frame, items, clustered=clustered) for _ in range(3)]
    return Floor(min(run.whole for run in runs), min(run.calls for run in runs))


def _run(frame: pd.DataFrame, items: Items, *, clustered: bool) -> Floor:
    """Count every table three times: respondents, weights, squared weights."""
    start = time.perf_counter()
    weight = frame["w"].to_numpy()
    squared = weight * weight
    columns = [_column(frame, name, clustered=clustered) for name in BANNER]
    calls = 0.0
    for answer, codes in _answers(frame, items):
        for column in columns:
            # One multiplication and one addition give the cell of a respondent.
            key = column * codes + answer
            begun = time.perf_counter()
            np.bincount(key)
            np.bincount(key, weights=weight)
            np.bincount(key, weights=squared)
            calls += time.perf_counter() - begun
    return Floor(time.perf_counter() - start, calls)


def _column(frame: pd.DataFrame, name: str, *, clustered: bool) -> NDArray[np.intp]:
    """Give the column of each respondent, apart for each PSU where there are any."""
    point = frame[name].cat.codes.to_numpy().astype(np.intp)
    return frame["psu"].to_numpy() * BANNER[name] + point if clustered else point


def _answers(frame: pd.DataFrame, items: Items) -> list[tuple[NDArray[np.int8], int]]:
    """Give the answers to each item from 0, which is missing, and how many codes."""
    single = [frame[name].cat.codes.to_numpy() + np.int8(1) for name in items.single]
    multiple = [frame[name].to_numpy() for name in items.multiple]
    return [(a, CODES + 1) for a in single] + [(a, 2) for a in multiple]
