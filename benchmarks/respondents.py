"""The generated survey that every program of the benchmark tabulates.

The same seed gives the same answers; one file of them is read by all.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

SEED = 2025
BANNER = {"size": 5, "industry": 12, "region": 5}
CODES = 5
STRATA, PSUS = 20, 50
MISSING = 0.03


@dataclass(frozen=True, slots=True)
class Items:
    """Names of columns: single response, and sets of 0/1 columns."""

    single: tuple[str, ...]
    sets: dict[str, list[str]]

    @property
    def multiple(self) -> list[str]:
        """All 0/1 columns."""
        return [name for columns in self.sets.values() for name in columns]


def items_of(tables: int) -> Items:
    """Name the items of so many tables: three of five single, the rest sets of 5."""
    items = tables // len(BANNER)
    single = items * 3 // 5
    sets: dict[str, list[str]] = {}
    for place in range(items - single):
        name = f"m{place // 5 + 1}"
        sets.setdefault(name, []).append(f"{name}_{place % 5 + 1}")
    return Items(tuple(f"q{i + 1}" for i in range(single)), sets)


def draw(respondents: int, tables: int) -> pd.DataFrame:
    """Draw respondents; answers depend on the size, so that letters are given."""
    rng = np.random.default_rng(SEED)
    banner = {name: rng.integers(0, k, respondents) for name, k in BANNER.items()}
    stratum = rng.integers(0, STRATA, respondents, dtype=np.int16)
    within = rng.integers(0, PSUS, respondents, dtype=np.int16)
    columns = {
        "w": np.round(rng.uniform(0.2, 5.0, respondents), 3),
        "stratum": stratum,
        "psu": stratum * np.int16(PSUS) + within,
    }
    answers = {name: _categories(codes, BANNER[name]) for name, codes in banner.items()}
    items = items_of(tables)
    for name in items.single:
        answers[name] = _categories(_answers(rng, banner["size"]), CODES)
    for name in items.multiple:
        chance = rng.uniform(0.1, 0.5) + 0.02 * banner["size"]
        answers[name] = (rng.random(respondents) < chance).astype(np.int8)
    return pd.DataFrame(columns | answers)


def _answers(rng: np.random.Generator, size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Draw the codes of one question, -1 where the answer is missing."""
    codes = (CODES * rng.random(size.size) ** (0.8 + 0.1 * size)).astype(np.int64)
    return np.where(rng.random(size.size) < MISSING, -1, codes)


def _categories(codes: NDArray[np.int64], count: int) -> pd.Categorical:
    """Make one byte per respondent of codes from 0."""
    labels = [str(code + 1) for code in range(count)]
    return pd.Categorical.from_codes(codes.astype(np.int8), labels)


def read(path: Path, items: Items) -> pd.DataFrame:
    """Read the file into columns of few bytes."""
    categories = dict.fromkeys((*items.single, *BANNER), "category")
    small = dict.fromkeys(items.multiple, "int8")
    design = {"stratum": "int16", "psu": "int16"}
    return pd.read_csv(path, dtype=categories | small | design)
