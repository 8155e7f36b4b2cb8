"""The design of stored data, over groups that stand for their respondents.

A design is stated by names of columns, because there are no rows to match others to.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.errors import DesignError
from survey.estimation.calibration import find_calibration, recalibrated
from survey.estimation.cells import form_cells
from survey.estimation.design import ResolvedDesign, SurveyDesign, check_design, made_by
from survey.estimation.design_columns import by_stage
from survey.estimation.stages import Stages, form_stages
from survey.estimation.stored_asked import Groups, check_columns
from survey.estimation.sums import count_by
from survey.importers.stored import StoredData

Floats = NDArray[np.float64]


def design_columns(design: SurveyDesign, data: StoredData) -> list[str]:
    """Name the columns that a design groups by.

    Parameters
    ----------
    design : SurveyDesign
        How respondents were drawn.
    data : StoredData
        All respondents.

    Returns
    -------
    list of str
        Strata, units, finite population corrections and margins.

    Raises
    ------
    DesignError
        A part of the design is no name, is not in the data, or needs respondents.
    """
    check_design(design)
    if design.replicate_weights is not None:
        raise DesignError(
            "replicate weights of the file are not available for stored data. Name "
            "strata and psu instead, or load the columns that you need as a DataFrame."
        )
    if design.method is not None and design.psu is None:
        raise DesignError(
            f"method {design.method!r} makes replicates of respondents, and stored "
            "respondents have none of their own. Name psu, or leave method out."
        )
    found: list[str] = []
    for what in ("weight", "strata", "psu", "fpc", "calibration"):
        names = _names(what, getattr(design, what))
        check_columns(data, names, what)
        if what == "weight":
            _check_number(data, names)
            continue
        found += names
    return list(dict.fromkeys(found))


def _names(what: str, given: Any) -> list[str]:
    """Give the names of a part of a design."""
    if given is None:
        return []
    if isinstance(given, str):
        return [given]
    names: list[str] = []
    parts: Sequence[Any] = given if isinstance(given, (list, tuple)) else (None,)
    for part in parts:
        inner = part if isinstance(part, tuple) else (part,)
        if not all(isinstance(name, str) for name in inner):
            raise DesignError(
                f"{what} is a {type(given).__name__}, and stored data take names of "
                "columns. Write the values into the data and name the column; margins "
                "that weights meet are named with calibration."
            )
        names += inner
    return names


def _check_number(data: StoredData, names: Sequence[str]) -> None:
    """Refuse a weight that is no number."""
    schema = data.frame.collect_schema()
    for name in names:
        if not schema[name].is_numeric():
            raise DesignError(
                f"weight column {name!r} holds {schema[name]} and no numbers. Name "
                "another column."
            )


def resolve_groups(design: SurveyDesign, groups: Groups) -> ResolvedDesign:
    """Form the design cells of groups.

    Parameters
    ----------
    design : SurveyDesign
        Checked by `design_columns`.
    groups : Groups
        G groups by the columns of the design, and others.

    Returns
    -------
    ResolvedDesign
        Arrays over G groups: the weight is the sum of weights of a group.

    Raises
    ------
    DesignError
        As for `resolve`.
    """
    _check_filled(design, groups)
    stages = _stages(design, groups)
    calibration = find_calibration(
        None, design.calibration, groups.weight, groups.frame
    )
    made = design.method is not None
    cell, cells = form_cells(
        stages,
        groups.weight,
        calibration.position,
        calibration.base_weight,
        columns=calibration.columns,
        pool=not made,
        size=_unit_sizes(design, groups, stages),
    )
    replicates, degrees = None, _degrees(design, groups, stages)
    if made:
        replicates, degrees = made_by(design, stages, cells)
        if calibration.margins:
            replicates = recalibrated(replicates, cells, calibration.margins)
    return ResolvedDesign(
        groups.weight,
        groups.weight2,
        groups.used > 0,
        cell,
        cells,
        stages.strata,
        degrees,
        replicates,
        groups.sums,
    )


def _unit_sizes(design: SurveyDesign, groups: Groups, stages: Stages) -> Floats:
    """Count the respondents of every unit; without units each is one."""
    units = int(stages.unit.max()) + 1
    if design.psu is None:
        return np.ones(units)
    return count_by(stages.unit, units, groups.n)


def _stages(design: SurveyDesign, groups: Groups) -> Stages:
    """Form strata and units; replicates drop whole units of the first stage."""
    most = None if design.method is None else 1
    given = (design.strata, design.psu, design.fpc)
    strata, psu, fpc = (by_stage(each, groups.frame)[:most] for each in given)
    lonely = design.lonely_psu
    return form_stages(groups.frame, strata, psu, fpc, lonely, groups.n)


def _check_filled(design: SurveyDesign, groups: Groups) -> None:
    """Refuse respondents of whom the design knows nothing."""
    for what in ("strata", "psu", "fpc", "calibration"):
        for name in _names(what, getattr(design, what)):
            blank = groups.frame[name].isna().to_numpy()
            if blank.any():
                raise DesignError(
                    f"{what} column {name!r} is missing for "
                    f"{int(groups.n[blank].sum())} of {int(groups.n.sum())} "
                    "respondents. Fill it in, or leave the respondents out."
                )


def _degrees(design: SurveyDesign, groups: Groups, stages: Stages) -> int:
    """Count units minus strata with a respondent whose weight is above 0."""
    used = groups.used > 0
    strata = np.unique(stages.stratum[used]).size
    if design.psu is None:
        return int(groups.used.sum()) - strata
    return np.unique(stages.psu[used]).size - strata
