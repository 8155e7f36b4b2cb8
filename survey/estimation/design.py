"""SurveyDesign: how respondents were drawn, and the arrays that follow from it.

Domains subset the estimate, never the design: all respondents stay in the strata.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from survey.errors import DesignError, some
from survey.estimation.cells import DesignCells, form_cells
from survey.estimation.strata import Strata, form_strata
from survey.responses.table import Responses
from survey.weighting.weighting import Weighting

LonelyPsu = Literal["fail", "remove", "certainty", "adjust", "average"]
Column = str | pd.Series | Sequence[Any] | NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class SurveyDesign:
    """How respondents were drawn.

    Attributes
    ----------
    weight : str, Series, array or Weighting, optional
        Weight of every respondent, on any scale; 1 for everyone when omitted.
        Respondents with weight 0 are in no estimate. A `Weighting` carries its
        margins into the variance.
    strata, psu : str, Series or array, optional
        Stratum and primary sampling unit. The same PSU id in two strata is two
        PSUs. Without `psu` every respondent is one.
    fpc : str, Series or array, optional
        PSUs in the population of each stratum (all at least 1), or the fraction of
        them that was drawn (all at most 1).
    lonely_psu : {"fail", "remove", "certainty", "adjust", "average"}
        What to do with a stratum that has one PSU: raise an error; leave it out of
        the variance (the next two names give the same number); measure it from the
        mean of all strata; or give it the average variance of the other strata.

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
        What is known of the H strata.
    degrees_of_freedom : int
        PSUs minus strata, of the whole design.
    """

    weight: NDArray[np.float64]
    weight2: NDArray[np.float64]
    used: NDArray[np.bool_]
    cell: NDArray[np.intp]
    cells: DesignCells
    strata: Strata
    degrees_of_freedom: int


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
    DesignError
        A column is missing; weights are negative, missing, infinite or all 0;
        strata or PSUs are missing for respondents; an fpc is smaller than the
        sample or differs inside a stratum; a stratum has one PSU.

    Examples
    --------
    Four respondents in two strata leave two degrees of freedom.

    >>> firms = pd.DataFrame({"region": ["n", "n", "s", "s"]})
    >>> resolve(SurveyDesign(strata="region"), firms).degrees_of_freedom
    2
    """
    design = SurveyDesign() if design is None else design
    if design.lonely_psu not in get_args(LonelyPsu):
        raise DesignError(
            f"lonely_psu {design.lonely_psu!r} is not known. "
            f"Use one of {some(get_args(LonelyPsu))}."
        )
    index = (data.frame if isinstance(data, Responses) else data).index
    if not len(index):
        raise DesignError("the data have no respondents, so there is no design.")
    weight = _weight(design.weight, data, index)
    stratum, names = _stratum(design.strata, data, index)
    psu = _psu(design.psu, data, index, stratum)
    strata = form_strata(
        stratum, names, psu, _fpc(design.fpc, data, index), design.lonely_psu
    )
    margins, base_weight = _calibration(design.weight, index)
    cell, cells = form_cells(stratum, psu, weight, margins, base_weight)
    degrees = int(strata.n_psu.sum()) - len(names)
    return ResolvedDesign(weight, weight**2, weight > 0, cell, cells, strata, degrees)


def _column(
    what: str, given: ArrayLike, data: Responses | pd.DataFrame, index: pd.Index
) -> pd.Series:
    """Give a design column, from a name or from values."""
    if isinstance(given, str):
        return _named(what, given, data)
    if isinstance(given, pd.Series) and not given.index.equals(index):
        absent = ~index.isin(given.index)
        if absent.any() or not given.index.is_unique:
            raise DesignError(
                f"{what} is a Series whose index is not that of the data "
                f"({int(absent.sum())} respondents without a value). "
                "Give it the index of the data, or give a column name."
            )
        return given.reindex(index)
    values = np.asarray(given)
    if values.shape != (len(index),):
        raise DesignError(
            f"{what} has shape {values.shape}, but the data have {len(index)} "
            "respondents. Give one value for each."
        )
    return pd.Series(values, index=index)


def _named(what: str, name: str, data: Responses | pd.DataFrame) -> pd.Series:
    """Find a column among the answers, then among the paradata."""
    frames = [data] if isinstance(data, pd.DataFrame) else [data.frame, data.paradata]
    for frame in frames:
        if name in frame.columns:
            column = frame[name]
            if isinstance(column, pd.DataFrame):
                raise DesignError(
                    f"{what}: the data have {column.shape[1]} columns {name!r}. "
                    "Rename all but one."
                )
            return column
    known = [str(column) for frame in frames for column in frame.columns]
    raise DesignError(
        f"{what} column {name!r} is not in the data. Columns are {some(known)}."
    )


def _weight(
    given: Column | Weighting | None, data: Responses | pd.DataFrame, index: pd.Index
) -> NDArray[np.float64]:
    """Give the weight of every respondent, checked."""
    if given is None:
        return np.ones(len(index))
    if isinstance(given, Weighting):
        return given.weight.to_numpy(dtype=float)[_order(given, index)]
    weight = _numbers("weight", _column("weight", given, data, index))
    bad = ~np.isfinite(weight) | (weight < 0)
    if bad.any():
        raise DesignError(
            f"weight is negative, missing or infinite for {int(bad.sum())} of "
            f"{len(index)} respondents (ids {some(index[bad])}). "
            "Correct these weights, or leave the respondents out."
        )
    if not weight.any():
        raise DesignError(
            f"weight is 0 for all {len(index)} respondents. Check the column."
        )
    return weight


def _numbers(what: str, column: pd.Series) -> NDArray[np.float64]:
    """Read a column as numbers; what cannot be read is an error."""
    numbers = pd.to_numeric(column, errors="coerce")
    words = numbers.isna() & column.notna()
    if words.any():
        raise DesignError(
            f"{what} is no number for {int(words.sum())} respondents "
            f"({some(column[words].unique())}). Check the column."
        )
    return numbers.to_numpy(dtype=float, na_value=np.nan)


def _order(weighting: Weighting, index: pd.Index) -> NDArray[np.intp]:
    """Give the place of every respondent of the data in a weighting."""
    theirs = weighting.weight.index
    if theirs.equals(index):
        return np.arange(len(index))
    order = theirs.get_indexer(index) if theirs.is_unique else np.array([-1])
    if len(theirs) != len(index) or (order < 0).any():
        raise DesignError(
            f"the weighting was made on {len(theirs)} respondents and the data have "
            f"{len(index)}; they must be the same. Weight these data again, or give "
            "all respondents and name a domain."
        )
    return np.asarray(order, dtype=np.intp)


def _calibration(
    given: Column | Weighting | None, index: pd.Index
) -> tuple[NDArray[np.intp] | None, NDArray[np.float64] | None]:
    """Give positions on the margins (n, margins), and weights before them (n,)."""
    if not isinstance(given, Weighting) or not given.margins:
        return None, None
    order = _order(given, index)
    positions = [margin.position[order] for margin in given.margins]
    base_weight = given.base_weight.to_numpy(dtype=float)[order]
    return np.column_stack(positions), base_weight


def _stratum(
    given: Column | None, data: Responses | pd.DataFrame, index: pd.Index
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Give the stratum of every respondent, and the names of the strata."""
    if given is None:
        return np.zeros(len(index), dtype=np.intp), ("all",)
    code, names = _groups("strata", _column("strata", given, data, index), index)
    return code, tuple(str(name) for name in names)


def _psu(
    given: Column | None,
    data: Responses | pd.DataFrame,
    index: pd.Index,
    stratum: NDArray[np.intp],
) -> NDArray[np.intp]:
    """Give the PSU of every respondent, numbered stratum by stratum."""
    if given is None:
        psu: NDArray[np.intp] = np.empty(len(index), dtype=np.intp)
        psu[np.argsort(stratum, kind="stable")] = np.arange(len(index))
        return psu
    code, names = _groups("psu", _column("psu", given, data, index), index)
    nested = np.unique(stratum * len(names) + code, return_inverse=True)
    return np.asarray(nested[1], dtype=np.intp)


def _groups(
    what: str, column: pd.Series, index: pd.Index
) -> tuple[NDArray[np.intp], pd.Index]:
    """Give a number to the groups of a column in sorted order; blanks are an error."""
    blank = column.isna().to_numpy()
    if blank.any():
        raise DesignError(
            f"{what} is missing for {int(blank.sum())} of {len(index)} respondents "
            f"(ids {some(index[blank])}). Fill it in, or leave the respondents out."
        )
    code, names = pd.factorize(column.to_numpy(), sort=True)
    return code.astype(np.intp), pd.Index(names)


def _fpc(
    given: Column | None, data: Responses | pd.DataFrame, index: pd.Index
) -> NDArray[np.float64] | None:
    """Give the finite population correction as the column states it."""
    if given is None:
        return None
    fpc = _numbers("fpc", _column("fpc", given, data, index))
    bad = np.isnan(fpc) | (fpc <= 0)
    if bad.any():
        raise DesignError(
            f"fpc is missing, 0 or negative for {int(bad.sum())} of {len(index)} "
            f"respondents (ids {some(index[bad])}). Give population counts or "
            "sampling fractions."
        )
    return fpc
