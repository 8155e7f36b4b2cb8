"""From answers and targets to the input of raking.

Respondents without a category and categories without a population stop the run, unless
a policy for them is chosen by name. Whatever a policy does, a finding counts it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import permutations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some
from survey.finding import Finding
from survey.responses.variable import Variable
from survey.weighting.base import Base, BaseWeight, find_base, mean_one
from survey.weighting.categories import (
    Plan,
    categories,
    joined,
    labels,
    misfits,
    population,
)
from survey.weighting.dimensions import of_column, of_variable
from survey.weighting.mapping import BETWEEN, BandMap, Mapped, apply_mapping
from survey.weighting.policies import (
    Missing,
    Sample,
    Zero,
    missing_answers,
    outside_population,
    zero_targets,
)
from survey.weighting.recipe import before
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class WeightingInput:
    """What a fit takes, and what was done to make it.

    Attributes
    ----------
    codes : DataFrame (n, M)
        Category of every respondent on every margin, as text. A crossed margin is one
        column, ``size x region``.
    margins : mapping of margin to {category: share}
        Targets above 0, with sum 1.
    findings : tuple of Finding
        What was imputed, left out or kept as a class of its own.
    base_weight : Series (n,)
        Weights before the fit, those above 0 with mean 1; 0 for who is left out.
    start : Series or Weighting
        What the fit takes as base weight: a Weighting where one was given, so that a
        replicate goes through its steps as well.
    population : float, optional
        Size of the population, where the targets tell.
    labels : mapping of margin to {category: label}
        What reports print.
    """

    codes: pd.DataFrame
    margins: Mapping[str | tuple[str, ...], Mapping[object, float]]
    findings: tuple[Finding, ...]
    base_weight: pd.Series
    start: pd.Series | Weighting
    population: float | None = None
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


def weighting_input(
    margins: Sequence[Variable | tuple[Variable, ...]],
    targets: Targets,
    respondents: pd.Index,
    *,
    missing: Missing | Mapping[str, Missing] = "error",
    zero: Zero = "error",
    base_weight: pd.Series | Weighting | None = None,
    mapping: Mapping[str, BandMap] | None = None,
    seed: int = 0,
) -> WeightingInput:
    """Bring answers and targets together, margin by margin.

    Parameters
    ----------
    margins : sequence of Variable or tuple of Variable
        Questions to weight by, each with one answer per respondent; a tuple is a
        crossed margin, whose targets are called ``size x region``.
    targets : Targets
        Population shares or counts of the same questions, and of the same codes or
        with a mapping.
    respondents : Index (n,)
        Ids of the respondents.
    missing : {"own_class", "impute", "exclude", "error"}, or mapping of question to one
        Respondents without a category keep their share of the sample as a class of
        their own, take the answers of a random donor who agrees on the other margins,
        get weight 0, or raise an error. Questions that a mapping does not name raise.
    zero : {"error", "exclude"}
        A target of 0 raises an error, or goes, and its respondents get weight 0.
    base_weight : Series or Weighting, optional
        Weight of each respondent before the fit; shares of the sample are weighted
        with it.
    mapping : mapping of margin to BandMap, optional
        Bands that replace those of the target file.
    seed : int, default 0
        Start of the random numbers of ``impute``.

    Returns
    -------
    WeightingInput
        What `rake` and `calibrate` take.

    Raises
    ------
    MarginError
        The targets lack a margin, a question has several answers, answers are in no
        band, or respondents or targets need a policy that was not chosen.
    RakingError
        Base weights cannot be used.

    Examples
    --------
    >>> from survey.responses.recode import variables
    >>> firms = pd.DataFrame({"size": ["s", "s", "l", None]})
    >>> targets = Targets(population="firms", source="register", as_of="2024",
    ...     unit="firms", margins={"size": {"s": 60, "l": 140}})
    >>> given = weighting_input(variables(firms, "size"), targets, firms.index,
    ...                         missing="exclude")
    >>> given.margins, given.population
    ({'size': {'s': 0.3, 'l': 0.7}}, 200.0)
    >>> given.base_weight.tolist()
    [1.0, 1.0, 1.0, 0.0]
    """
    bands = {**targets.mapping, **(mapping or {})}
    mapped = apply_mapping(targets.margins, bands, targets.labels)
    base = find_base(pd.DataFrame(index=respondents), base_weight)
    crossed = [each if isinstance(each, tuple) else (each,) for each in margins]
    asked = {v.name: v for each in crossed for v in each}
    called = {name: _dimension_of(name, bands, targets) for name in asked}
    plans = [_plan([v.name for v in each], called, mapped) for each in crossed]
    dimensions = tuple(
        of_variable(v, called[name], mapped, base.used) for name, v in asked.items()
    )
    sample = _policies(
        Sample(dimensions, base.weight, respondents),
        *(plans, mapped, missing, zero, seed),
    )
    return _input(sample, plans, mapped, targets, base)


def frame_input(
    respondents: pd.DataFrame,
    targets: Targets,
    *,
    margins: Sequence[str | tuple[str, ...]] | None = None,
    missing: Missing | Mapping[str, Missing] = "error",
    zero: Zero = "error",
    base_weight: BaseWeight | None = None,
    mapping: Mapping[str, BandMap] | None = None,
    seed: int = 0,
) -> WeightingInput:
    """Bring the columns of a plain table and targets together.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent; blanks are missing.
    targets : Targets
        Population shares or counts of its columns.
    margins : sequence of str or tuple of str, optional
        Margins as the target file calls them, or columns; all margins of the target
        file when omitted.
    missing, zero, mapping, seed
        As for `weighting_input`.
    base_weight : str, Series or Weighting, optional
        Column, values with the same index, or weights made in an earlier step.

    Returns
    -------
    WeightingInput
        What `rake` and `calibrate` take.

    Raises
    ------
    MarginError
        As for `weighting_input`, or a column is not there.
    RakingError
        Base weights cannot be used.

    Examples
    --------
    >>> firms = pd.DataFrame({"q4": [1, 1, 3]})
    >>> targets = Targets(population="firms", source="register", as_of="2024",
    ...     unit="firms", margins={"size": {"s": 0.4, "m": 0.3, "l": 0.3}},
    ...     mapping={"size": {"column": "q4", "bands": [
    ...         {"targets": ["s", "m"], "codes": ["1", "2"]},
    ...         {"targets": ["l"], "codes": ["3"]}]}})
    >>> given = frame_input(firms, targets)
    >>> given.margins
    {'q4': {'s + m': 0.7, 'l': 0.3}}
    >>> given.codes["q4"].tolist()
    ['s + m', 's + m', 'l']
    """
    bands = {**targets.mapping, **(mapping or {})}
    mapped = apply_mapping(targets.margins, bands, targets.labels)
    base = find_base(respondents, base_weight)
    wanted = tuple(targets.margins) if margins is None else margins
    crossed = [[_column_of(name, bands) for name in _names(each)] for each in wanted]
    called = {c: _dimension_of(c, bands, targets) for each in crossed for c in each}
    plans = [_plan(columns, called, mapped) for columns in crossed]
    dimensions = tuple(
        of_column(_find(respondents, column), name, mapped, base.used)
        for column, name in called.items()
    )
    sample = _policies(
        Sample(dimensions, base.weight, respondents.index),
        *(plans, mapped, missing, zero, seed),
    )
    return _input(sample, plans, mapped, targets, base)


def _names(margin: str | tuple[str, ...]) -> Sequence[str]:
    """Give the dimensions of a margin."""
    return margin.split(BETWEEN) if isinstance(margin, str) else margin


def _column_of(name: str, bands: Mapping[str, BandMap]) -> str:
    """Give the column that holds the answers of a dimension."""
    return (bands[name].column or name) if name in bands else name


def _dimension_of(column: str, bands: Mapping[str, BandMap], targets: Targets) -> str:
    """Give the name that the targets have for a question or column."""
    found = [name for name, each in bands.items() if each.column == column]
    own = any(column in _names(name) for name in targets.margins)
    if own and column not in found and _column_of(column, bands) == column:
        found.append(column)
    if len(found) > 1:
        raise MarginError(
            f"{column!r} would be used for several margins ({some(found)}). Keep one "
            "of them in the mapping and the targets, or name a copy of the column."
        )
    return found[0] if found else column


def _find(respondents: pd.DataFrame, name: str) -> pd.Series:
    """Give a column of a plain table."""
    found = respondents.get(name)
    if not isinstance(found, pd.Series):
        raise MarginError(
            f"margin column {name!r} is not among the columns, or there several times "
            f"({some(respondents.columns)}). Name its column in the mapping."
        )
    return found


def _plan(names: Sequence[str], called: Mapping[str, str], mapped: Mapped) -> Plan:
    """Find the targets of a margin, whose dimensions may stand in any order."""
    for order in permutations(names):
        target = BETWEEN.join(called[name] for name in order)
        if target in mapped.margins:
            return Plan(BETWEEN.join(order), target, order)
    raise MarginError(
        f"margin {BETWEEN.join(names)!r} has no targets. The target file has "
        f"{some(mapped.margins)}; add it there, or leave it out of margins."
    )


def _policies(
    sample: Sample,
    plans: Sequence[Plan],
    mapped: Mapped,
    missing: Missing | Mapping[str, Missing],
    zero: Zero,
    seed: int,
) -> Sample:
    """Leave out, impute, or refuse; an excluded respondent is no donor."""
    sample = outside_population(sample)
    for plan in plans:
        codes = joined(sample, plan)
        goals = mapped.margins[plan.target]
        sample = zero_targets(sample, plan.name, codes, goals, zero)
    return missing_answers(sample, missing, seed)


def _input(
    sample: Sample,
    plans: Sequence[Plan],
    mapped: Mapped,
    targets: Targets,
    base: Base,
) -> WeightingInput:
    """Put together what a fit takes."""
    columns: dict[str, Texts] = {}
    margins: dict[str | tuple[str, ...], Mapping[object, float]] = {}
    for plan in plans:
        goals = {c: v for c, v in mapped.margins[plan.target].items() if v}
        columns[plan.name], shares = categories(sample, plan, goals)
        margins[plan.name] = shares
    used = {plan.target for plan in plans}
    unused = tuple(found for found in mapped.findings if found.question in used)
    size, differing = population(plans, mapped, targets)
    weight = pd.Series(
        mean_one(sample.base_weight), index=sample.index, name="base_weight"
    )
    start = pd.Series(np.where(weight > 0, base.start, 0.0), index=sample.index)
    return WeightingInput(
        pd.DataFrame(columns, index=sample.index),
        margins,
        (*unused, *misfits(sample), *sample.findings, *differing),
        weight,
        start if base.made is None else _left_out(base, weight),
        size,
        {plan.name: labels(sample, plan, mapped, margins[plan.name]) for plan in plans},
    )


def _left_out(base: Base, weight: pd.Series) -> Weighting:
    """Give the weighting that made the base, with weight 0 for who is left out."""
    made = base.made
    assert made is not None
    kept = weight.to_numpy(dtype=float) > 0
    count = int((base.used & ~kept).sum())
    if not count:
        return made
    return Weighting(
        weight=weight.rename("weight"),
        base_weight=weight,
        margins=(),
        passes=0,
        gap=0.0,
        start_weight=pd.Series(base.start, index=weight.index),
        again=partial(_again_without, base, kept),
        steps=(*made.steps, f"respondents left out (weight 0): {count}"),
    )


def _again_without(base: Base, kept: NDArray[np.bool_], start: Floats) -> Floats:
    """Go through the earlier steps, then leave out the same respondents."""
    return mean_one(np.where(kept, before(base, start), 0.0))
