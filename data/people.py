"""Organisations and the people who answer for them.

Organisations stay the same from wave to wave; some take part again, and some send
several respondents.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from draws import allocate, normal, order
from numpy.typing import NDArray

TRAITS = ("maturity", "openness", "caution")
# How strongly the size of an organisation shifts each trait.
SIZE_EFFECT = {"maturity": 0.55, "openness": -0.15, "caution": 0.10}
SIZES = REGIONS = 4
FIRST_NUMBER = 10_000
# Prime to each other, so that numbers look opaque and never repeat.
NUMBER_STEP, NUMBER_RANGE = 7_919, 89_989


@dataclass(frozen=True, slots=True)
class Pool:
    """All organisations so far, and those with a complete record in the last wave."""

    made: int
    last_wave: pd.DataFrame


def draw_organisations(
    total: int,
    settings: Mapping[str, Any],
    industry: list[float],
    pool: Pool,
    kept: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Draw organisations, some of them from the wave before.

    Parameters
    ----------
    total : int
        How many.
    settings : mapping
        Entry of the wave in ``plan.yaml`` with the shares of size and region.
    industry : list of float
        Shares of the industries.
    pool : Pool
        Organisations so far.
    kept : int
        How many of the last wave take part again, at most.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row per organisation: number, size, region, industry, traits, and the
        uniform number ``stage_draw`` that decided its stage before (NaN if new).
    """
    wanted = allocate(total, settings["size"], settings["region"])
    have = np.zeros((SIZES, REGIONS), dtype=int)
    if not kept:
        return _new_organisations(wanted, industry, pool.made, rng)
    again = _again(wanted, allocate(kept, settings["size"], settings["region"]), pool)
    np.add.at(have, (again["size"].to_numpy(int), again["region"].to_numpy(int)), 1)
    new = _new_organisations(wanted - have, industry, pool.made, rng)
    return pd.concat([again, new], ignore_index=True)


def _again(
    wanted: NDArray[np.int_], kept: NDArray[np.int_], pool: Pool
) -> pd.DataFrame:
    """Choose organisations of the last wave, cell by cell of size and region."""
    quota = np.minimum(wanted, kept)
    last = pool.last_wave
    rank = last.groupby(["size", "region"]).cumcount().to_numpy(int)
    cell = last["size"].to_numpy(int), last["region"].to_numpy(int)
    again: NDArray[np.bool_] = rank < quota[cell]
    return last[again]


def _new_organisations(
    counts: NDArray[np.int_],
    industry: list[float],
    made: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Make new organisations with given numbers per size and region."""
    size, region = np.repeat(np.indices(counts.shape).reshape(2, -1), counts.ravel(), 1)
    count = len(size)
    serial = made + np.arange(count)
    step = (size - 1.5) / 1.12
    traits = {
        name: SIZE_EFFECT[name] * step
        + np.sqrt(1 - SIZE_EFFECT[name] ** 2) * normal(rng, count)
        for name in TRAITS
    }
    kind = (rng.random(count)[:, None] > np.cumsum(industry)[:-1]).sum(axis=1)
    return pd.DataFrame(
        {
            "number": FIRST_NUMBER + serial * NUMBER_STEP % NUMBER_RANGE,
            "size": size,
            "region": region,
            "industry": kind,
            **traits,
            "stage_draw": np.full(count, np.nan),
        }
    )


def add_second_respondents(
    organisations: pd.DataFrame, extra: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Let some organisations answer two, three or four times.

    Parameters
    ----------
    organisations : DataFrame
        One row per organisation.
    extra : int
        How many further respondents there are.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        One row per respondent, with traits of their own.
    """
    # Larger organisations are more likely to send several people.
    chance = rng.random(len(organisations)) * (1 + organisations["size"].to_numpy(int))
    first = np.argsort(-chance, kind="stable")
    several = [first[0], first[0], first[0], first[1], first[1], first[2], first[2]]
    rows = np.concatenate(
        [np.arange(len(organisations)), several, first[3 : extra - 4]]
    )
    people = organisations.iloc[rows].reset_index(drop=True)
    return people.assign(
        **{
            name: 0.9 * people[name].to_numpy(float) + 0.436 * normal(rng, len(people))
            for name in TRAITS
        }
    )


def add_interviews(
    people: pd.DataFrame,
    settings: Mapping[str, Any],
    speeders: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Give every record its start, duration and language, in order of time.

    Parameters
    ----------
    people : DataFrame
        One row per record with ``region`` and ``status``.
    settings : mapping
        Entry of the wave in ``plan.yaml``.
    speeders : int
        How many complete records took less than two minutes.
    rng : Generator
        Source of randomness.

    Returns
    -------
    DataFrame
        With ``started``, ``finished`` (datetime, whole seconds), ``language``.
    """
    count = len(people)
    day = np.floor(rng.random(count) ** 1.4 * settings["days"])
    start = day * 86_400 + (7 + 13 * rng.random(count)) * 3_600
    started = pd.Timestamp(settings["first_day"]) + pd.to_timedelta(start // 1, "s")
    seconds = np.maximum(np.exp(np.log(740) + 0.35 * normal(rng, count)), 330)
    seconds *= np.select([people["status"] == "partial"], [0.45], 1.0)
    seconds = np.where(people["status"] == "screened_out", 25 + seconds / 40, seconds)
    # Some leave the page open over night.
    seconds += np.where(rng.random(count) < 0.01, 50_000, 0)
    complete = np.flatnonzero(people["status"] == "complete")
    fast = complete[order(rng, len(complete))[:speeders]]
    seconds[fast] = 45 + np.floor(65 * rng.random(speeders))
    german = (people["region"] == 1) & (rng.random(count) < settings["german"])
    timed = people.assign(
        started=started,
        finished=started + pd.to_timedelta(seconds // 1, "s"),
        language=np.where(german, "de", "en"),
    )
    return timed.sort_values("started", kind="stable", ignore_index=True)
