"""SurveyDesign: how respondents were drawn, and the arrays that follow from it.

Domains subset the estimate, never the design: all respondents stay in the strata.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError, EstimationError, some
from survey.estimation.calibration import (
    Calibration,
    find_calibration,
    recalibrated,
    remade_replicates,
)
from survey.estimation.cells import DesignCells, form_cells
from survey.estimation.design_columns import (
    Column,
    by_stage,
    find_column,
    respondents,
    weight_numbers,
)
from survey.estimation.made_replicates import made_degrees, made_replicates
from survey.estimation.replicate_columns import replicate_columns
from survey.estimation.replicates import (
    Method,
    Replicates,
    check_method,
    given_replicates,
    replicate_degrees,
)
from survey.estimation.stages import Stages, form_stages
from survey.estimation.stored_sums import StoredSums
from survey.estimation.strata import Strata
from survey.importers.stored import StoredData
from survey.responses.table import Responses
from survey.weighting.weighting import Weighting

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SurveyDesign:
    """How respondents were drawn.

    Attributes
    ----------
    weight : str, Series, array or Weighting, optional
        Weight of every respondent, on any scale; 1 for everyone when omitted.
        Respondents with weight 0 are in no estimate. A `Weighting` carries its
        margins into the variance.
    strata, psu : str, Series, array, or list of str, optional
        Stratum and primary sampling unit. The same PSU id in two strata is two
        PSUs. Without `psu` every respondent is one. A list of column names gives
        the units of several stages.
    fpc : str, Series, array, or list of str, optional
        PSUs in the population of each stratum (all at least 1), or the fraction of
        them that was drawn (all at most 1); a list has one column for each stage.
    lonely_psu : {"fail", "remove", "certainty", "adjust", "average"}
        What to do with a stratum that has one PSU: raise an error; leave it out of
        the variance (the next two names give the same number); measure it from the
        mean of all strata; or give it the average variance of the other strata.
    calibration : sequence of str or tuple of str
        Columns whose weighted shares are population figures, because the weights of
        the file were raked or calibrated to them. A tuple is a crossed margin. Not
        needed with a `Weighting`.
    replicate_weights : list of str, DataFrame or array (n, L), optional
        Replicate weights of the file.
    method : {"jk1", "jkn", "brr", "fay", "bootstrap", "sdr"}, optional
        How the replicate weights were made; without `replicate_weights`, how to
        make them here (all but ``sdr``). Linearisation when omitted.
    combined : bool, default True
        Whether replicate weights contain the weight; False when they are factors.
    scale, rscales : float, sequence of float, optional
        Factor of the sum of squares, and of every replicate, where the method's own
        does not hold. Given JKn weights need `rscales`.
    rho : float, default 0
        Fay's coefficient.
    replicates, seed : int, default 500 and 0
        Number and seed of bootstrap replicates made here.
    mse : bool, default False
        Whether replicates are compared with the estimate, and not with their mean.

    Examples
    --------
    >>> SurveyDesign(weight="w", strata="region").lonely_psu
    'fail'
    """

    weight: Column | Weighting | None = None
    strata: Column | None = None
    psu: Column | None = None
    fpc: Column | None = None
    lonely_psu: LonelyPsu = "fail"
    calibration: Sequence[str | tuple[str, ...]] = ()
    replicate_weights: Sequence[str] | pd.DataFrame | Floats | None = None
    method: Method | None = None
    combined: bool = True
    scale: float | None = None
    rscales: Sequence[float] | Floats | None = None
    rho: float = 0.0
    replicates: int = 500
    seed: int = 0
    mse: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedDesign:
    """A design as arrays.

    Attributes
    ----------
    weight, weight2 : float arrays (n,)
        Weight of every respondent, and its square.
    used : bool array (n,)
        Respondents whose weight is above 0.
    cell : int array (n,)
        Design cell of every respondent.
    cells : DesignCells
        What is known of the D design cells.
    strata : Strata
        What is known of the H strata of the first stage.
    degrees_of_freedom : int
        PSUs minus strata that have a respondent with a weight above 0; with
        replicates, the rank of their weights less 1.
    replicates : Replicates or None
        Replicate factors by design cell.
    sums : StoredSums or None
        Where groups of stored data stand for respondents: what was counted in them.
        Then the weights above are sums over groups.
    """

    weight: Floats
    weight2: Floats
    used: NDArray[np.bool_]
    cell: NDArray[np.intp]
    cells: DesignCells
    strata: Strata
    degrees_of_freedom: int
    replicates: Replicates | None = None
    sums: StoredSums | None = None


def resolve(
    design: SurveyDesign | None, data: Responses | pd.DataFrame
) -> ResolvedDesign:
    """Look up the columns of a design, check them, and form the design cells.

    Parameters
    ----------
    design : SurveyDesign or None
        None is equal weights, every respondent a PSU, one stratum.
    data : Responses or DataFrame
        All respondents, n rows. Names are looked up among the answers, then among
        the paradata.

    Returns
    -------
    ResolvedDesign
        Arrays over n respondents, D design cells and H strata.

    Raises
    ------
    EstimationError
        The data are stored data, of which the estimate needs every respondent.
    DesignError
        A column is missing; weights are negative, missing, infinite or all 0;
        strata or PSUs are missing for respondents; an fpc is smaller than the
        sample or differs inside a stratum; a stratum has one PSU; replicates do not
        fit the design.

    Examples
    --------
    Four respondents in two strata leave two degrees of freedom.

    >>> firms = pd.DataFrame({"region": ["n", "n", "s", "s"]})
    >>> resolve(SurveyDesign(strata="region"), firms).degrees_of_freedom
    2
    """
    if isinstance(data, StoredData):
        raise EstimationError(
            f"this estimate needs every respondent, and those of {data.name} stay "
            "where they are stored. Load the columns that it needs as a DataFrame, "
            "such as data.frame.select(...).collect().to_pandas()."
        )
    design = SurveyDesign() if design is None else design
    check_design(design)
    if not len(respondents(data)):
        raise DesignError("the data have no respondents, so there is no design.")
    weight = _weight(design.weight, data)
    calibration = find_calibration(design.weight, design.calibration, weight, data)
    if design.method is not None:
        return _replicated(design, data, weight, calibration)
    stages = _stages(design, data)
    cell, cells = form_cells(
        stages,
        weight,
        calibration.position,
        calibration.base_weight,
        columns=calibration.columns,
    )
    used = weight > 0
    degrees = _occupied(stages.psu[used]) - _occupied(stages.stratum[used])
    return ResolvedDesign(weight, weight**2, used, cell, cells, stages.strata, degrees)


def with_rows(design: ResolvedDesign, rows: NDArray[np.intp]) -> ResolvedDesign:
    """Leave respondents with weight 0 out of the arrays, not out of the design.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    rows : int array (m,)
        Respondents that stay; all others have weight 0.

    Returns
    -------
    ResolvedDesign
        Arrays over m respondents; strata, units and replicates are those of all.

    Raises
    ------
    DesignError
        A respondent that is left out has a weight above 0.

    Examples
    --------
    >>> firms = pd.DataFrame({"w": [1.0, 0.0, 2.0]})
    >>> design = resolve(SurveyDesign(weight="w"), firms)
    >>> with_rows(design, np.array([0, 2])).weight.tolist()
    [1.0, 2.0]
    """
    left = np.delete(design.weight, rows)
    if left.any():
        raise DesignError(
            f"{np.count_nonzero(left)} respondents with a weight above 0 would be left "
            "out of the design. Give all of them, and name a domain."
        )
    return replace(
        design,
        weight=design.weight[rows],
        weight2=design.weight2[rows],
        used=design.used[rows],
        cell=design.cell[rows],
    )


def _occupied(group: NDArray[np.intp]) -> int:
    """Count groups that occur."""
    return int(np.count_nonzero(np.bincount(group)))


def check_design(design: SurveyDesign) -> None:
    """Refuse options that are not known or that contradict each other.

    Parameters
    ----------
    design : SurveyDesign
        How respondents were drawn.

    Raises
    ------
    DesignError
        What is wrong, and what to write instead.
    """
    if not isinstance(design, SurveyDesign):
        raise DesignError(
            f"design is a {type(design).__name__}. Give one SurveyDesign, such as "
            'SurveyDesign(weight="w").'
        )
    if design.lonely_psu not in get_args(LonelyPsu):
        raise DesignError(
            f"lonely_psu {design.lonely_psu!r} is not known. "
            f"Use one of {some(get_args(LonelyPsu))}."
        )
    given = design.replicate_weights is not None
    check_method(design.method, given=given)
    if design.rho and design.method != "fay":
        raise DesignError(
            f"rho is {design.rho:g}, Fay's coefficient, and method is "
            f'{design.method!r}. Give method="fay", or leave rho out.'
        )
    documented = design.scale is not None or design.rscales is not None
    if not given and (documented or not design.combined):
        raise DesignError(
            "scale, rscales and combined=False describe replicate weights of the file, "
            "and there are none. Give replicate_weights, or leave them out."
        )
    sampling = {"strata": design.strata, "psu": design.psu, "fpc": design.fpc}
    also = [name for name, value in sampling.items() if value is not None]
    if given and also:
        raise DesignError(
            f"replicate weights hold the design already, and {some(also)} given as "
            "well would not be used. Give one of the two."
        )


def _weight(given: Column | Weighting | None, data: Responses | pd.DataFrame) -> Floats:
    """Give the weight of every respondent, checked."""
    if given is None:
        return np.ones(len(respondents(data)))
    if isinstance(given, Weighting):
        order = given.order(respondents(data))
        return weight_numbers(given.weight.to_numpy(dtype=float)[order], data)
    return weight_numbers(given, data)


def _stages(
    design: SurveyDesign, data: Responses | pd.DataFrame, most: int | None = None
) -> Stages:
    """Look up strata, units and fpc of every stage, or of the first few."""
    given = {"strata": design.strata, "psu": design.psu, "fpc": design.fpc}
    columns = {name: by_stage(column, data) for name, column in given.items()}
    for name, stages in columns.items():
        # A stage that adds nothing to the variance has to be in the data as well.
        for column in stages[1:]:
            find_column(name, column, data)
    strata, psu, fpc = (stages[:most] for stages in columns.values())
    return form_stages(data, strata, psu, fpc, design.lonely_psu)


def _replicated(
    design: SurveyDesign,
    data: Responses | pd.DataFrame,
    weight: Floats,
    calibration: Calibration,
) -> ResolvedDesign:
    """Resolve a design with replicate weights, given or made."""
    made = design.replicate_weights is None
    # Replicates drop whole PSUs, so the later stages are in them already.
    stages = _stages(design, data, 1)
    position, columns = calibration.position, calibration.columns
    if calibration.made is not None:
        # Nothing but the respondent has one factor in every replicate.
        position = np.arange(weight.size, dtype=np.intp)[:, None]
        columns = (np.zeros((weight.size, 0)),)
    cell, cells = form_cells(
        stages, weight, position, calibration.base_weight, columns=columns, pool=False
    )
    if made:
        replicates, degrees = made_by(design, stages, cells)
    else:
        replicates, degrees = _given(design, data, weight, calibration)
    if calibration.made is not None:
        replicates = _of_recipe(replicates, cell, weight, calibration)
    elif calibration.margins:
        replicates = recalibrated(replicates, cells, calibration.margins)
    return ResolvedDesign(
        weight,
        weight**2,
        weight > 0,
        cell,
        cells,
        stages.strata,
        degrees,
        replicates,
    )


def _of_recipe(
    replicates: Replicates,
    cell: NDArray[np.intp],
    weight: Floats,
    calibration: Calibration,
) -> Replicates:
    """Make the weights of every replicate again; a cell is one respondent."""
    by_person = replace(replicates, factor=replicates.factor[cell])
    again = remade_replicates(by_person, weight, calibration)
    return replace(again, factor=again.factor[np.argsort(cell)])


def made_by(
    design: SurveyDesign, stages: Stages, cells: DesignCells
) -> tuple[Replicates, int]:
    """Make replicates of the PSUs, by design cell.

    Parameters
    ----------
    design : SurveyDesign
        With a method.
    stages : Stages
        Strata and units of the first stage.
    cells : DesignCells
        Cells of units, none of which is pooled.

    Returns
    -------
    Replicates, int
        Replicate factors, and degrees of freedom.
    """
    stratum = np.zeros(cells.unit_scale.size, dtype=np.intp)
    stratum[cells.unit] = cells.stratum
    made = made_replicates(
        stages.strata,
        stratum,
        str(design.method),
        rho=design.rho,
        replicates=design.replicates,
        seed=design.seed,
        mse=design.mse,
        lonely_psu=design.lonely_psu,
    )
    degrees = made_degrees(stages.strata, str(design.method), made.rscales.size)
    by_cell = Replicates(made.factor[cells.unit], made.scale, made.rscales, made.mse)
    return by_cell, degrees


def _given(
    design: SurveyDesign,
    data: Responses | pd.DataFrame,
    weight: Floats,
    calibration: Calibration,
) -> tuple[Replicates, int]:
    """Take replicates from the file; every respondent is a design cell."""
    start = calibration.start
    before = weight if start is None else start
    columns = replicate_columns(design.replicate_weights, data)
    factor = columns
    if design.combined:
        lost = (before == 0) & (columns > 0).any(axis=1)
        if lost.any():
            ids = some(respondents(data)[lost])
            raise DesignError(
                f"{int(lost.sum())} respondents have weight 0 and replicate weights "
                f"above 0 (ids {ids}). Correct the weight, or give combined=False."
            )
        factor = columns / np.where(before > 0, before, 1.0)[:, None]
    rscales = None if design.rscales is None else np.asarray(design.rscales, float)
    replicates = given_replicates(
        factor,
        str(design.method),
        rho=design.rho,
        scale=design.scale,
        rscales=rscales,
        mse=design.mse,
    )
    return replicates, replicate_degrees(factor * before[:, None])
