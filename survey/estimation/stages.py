"""Stages: strata and sampling units of every stage of a design.

The variance is a signed sum of squared totals over the units and strata of all
stages; this module gives every one its factor.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError
from survey.estimation.design_columns import (
    Column,
    find_column,
    fpc_numbers,
    respondents,
    to_groups,
)
from survey.estimation.strata import Strata, form_strata
from survey.estimation.sums import renumber
from survey.responses.table import Responses

Ints = NDArray[np.intp]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """Groups of respondents whose squared totals enter the variance.

    Attributes
    ----------
    group : int array (n,) or (D,)
        Group of every respondent, or of every design cell.
    factor : float array (groups,)
        Factor of the squared total of the group; negative for strata.
    """

    group: Ints
    factor: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """Stages of a design over n respondents.

    Attributes
    ----------
    strata : Strata
        Strata of the first stage.
    stratum, psu : int arrays (n,)
        Stratum and PSU of every respondent; PSUs are numbered stratum by stratum.
    parent, unit : int arrays (n,)
        Stratum and unit of the last stage; the same as stratum and PSU in a design
        of one stage.
    scale : float array (parents,)
        Factor of the squared totals of the units of every last-stage stratum.
    nodes : tuple of Nodes
        All other groups: strata of the last stage, then units and strata of the
        earlier ones.
    """

    strata: Strata
    stratum: Ints
    psu: Ints
    parent: Ints
    unit: Ints
    scale: Floats
    nodes: tuple[Nodes, ...]


def form_stages(
    data: Responses | pd.DataFrame,
    strata: Sequence[Column],
    psu: Sequence[Column],
    fpc: Sequence[Column],
    lonely_psu: str,
    count: Floats | None = None,
) -> Stages:
    """Look up strata, units and fpc of every stage.

    Parameters
    ----------
    data : Responses or DataFrame
        All n respondents.
    strata, psu, fpc : sequences of columns
        One for each stage, first stage first. Without `psu` every respondent is a
        unit; without `fpc` the first stage alone counts.
    lonely_psu : str
        Rule for strata with one unit.
    count : float array (n,), optional
        How many respondents every row of the data stands for; 1 when omitted. It
        counts where respondents are units.

    Returns
    -------
    Stages
        Groups and factors.

    Raises
    ------
    DesignError
        Columns are missing or contradict each other.

    Notes
    -----
    A later stage adds its variance inside the units of the stage before, times the
    share of these that was drawn [1]_. Without finite population correction that
    share is 0, and the first stage holds all of the variance.

    References
    ----------
    .. [1] Sarndal, Swensson and Wretman (1992), Model Assisted Survey Sampling,
       section 4.3.

    Examples
    --------
    >>> firms = pd.DataFrame({"region": ["n", "n", "s", "s"]})
    >>> form_stages(firms, ["region"], [], [], "fail").scale.tolist()
    [2.0, 2.0]
    """
    _check_stages(strata, psu, fpc)
    size = len(respondents(data))
    names: tuple[str, ...] = ("all",)
    unit: Ints = np.zeros(size, dtype=np.intp)
    drawn = np.ones(size)
    levels: list[_Level] = []
    for stage in range(max(len(psu), 1)):
        here = slice(stage, stage + 1)
        parent, names = _inside("strata", strata[here], data, unit, names)
        below = stage + 1 < len(psu)
        unit, unit_names = _units(psu[here], data, parent, names, named=below)
        corrected = [fpc_numbers(given, data) for given in fpc[here]]
        found = form_strata(
            parent,
            names,
            unit,
            corrected[0] if corrected else None,
            lonely_psu,
            None if psu else count,
        )
        if stage and found.averaged.any():
            raise DesignError(
                f"{int(found.averaged.sum())} units of stage {stage} have one unit "
                'below them, and lonely_psu="average" is defined for the first stage '
                'alone. Choose lonely_psu="adjust" or "certainty".'
            )
        factor = np.zeros(len(names))
        factor[parent] = drawn
        levels.append(_Level(found, parent, unit, factor))
        drawn = drawn * found.sampled[parent]
        names = unit_names
        if not drawn.any():
            break
    first, last = levels[0], levels[-1]
    return Stages(
        first.strata,
        first.parent,
        first.unit,
        last.parent,
        last.unit,
        last.strata.scale * last.factor,
        _nodes(levels),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Level:
    """One stage: its strata, and the share of their ancestors that was drawn."""

    strata: Strata
    parent: Ints
    unit: Ints
    factor: Floats


def _check_stages(
    strata: Sequence[Column], psu: Sequence[Column], fpc: Sequence[Column]
) -> None:
    """Refuse stages that do not match."""
    stages = max(len(psu), 1)
    if len(strata) > stages:
        raise DesignError(
            f"strata name {len(strata)} stages and psu {stages}. Name one unit for "
            "each stage."
        )
    if fpc and len(fpc) != stages:
        raise DesignError(
            f"fpc names {len(fpc)} stages and psu {stages}. Give one fpc for each "
            "stage, or none."
        )


def _inside(
    what: str,
    given: Sequence[Column],
    data: Responses | pd.DataFrame,
    outer: Ints,
    outer_names: tuple[str, ...],
    *,
    named: bool = True,
) -> tuple[Ints, tuple[str, ...]]:
    """Give groups inside outer groups, numbered group by group, with their names.

    Names are for messages, and left out where there can be none.
    """
    if not given:
        return outer, outer_names
    code, names = to_groups(what, find_column(what, given[0], data))
    if len(outer_names) == 1:
        return code, tuple(map(str, names)) if named else ()
    key = outer * len(names) + code
    present, group = renumber(key, len(outer_names) * len(names))
    if not named:
        return group, ()
    texts = [f"{outer_names[k // len(names)]}/{names[k % len(names)]}" for k in present]
    return group, tuple(texts)


def _units(
    given: Sequence[Column],
    data: Responses | pd.DataFrame,
    parent: Ints,
    names: tuple[str, ...],
    *,
    named: bool,
) -> tuple[Ints, tuple[str, ...]]:
    """Give the unit of every respondent, numbered stratum by stratum."""
    if given:
        return _inside("psu", given, data, parent, names, named=named)
    unit: Ints = np.empty(parent.size, dtype=np.intp)
    unit[np.argsort(parent, kind="stable")] = np.arange(parent.size)
    return unit, ()


def _nodes(levels: Sequence[_Level]) -> tuple[Nodes, ...]:
    """Give the factors of all strata, and of the units before the last stage."""
    nodes: list[Nodes] = []
    for level in reversed(levels):
        if level is not levels[-1]:
            scale = np.zeros(int(level.unit.max()) + 1)
            scale[level.unit] = (level.factor * level.strata.scale)[level.parent]
            nodes.append(Nodes(level.unit, scale))
        nodes.append(Nodes(level.parent, -level.factor * level.strata.centring))
    return tuple(nodes)
