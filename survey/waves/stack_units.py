"""Units of several waves: who is in both, by ids that both waves share.

Ids that merely number the records of a wave prove nothing, and are not used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import StudyError
from survey.estimation.design import ResolvedDesign
from survey.study.model import Study
from survey.wave.result import WaveResult

Ints = NDArray[np.intp]
Objects = NDArray[np.object_]

INDEPENDENT = "none"
# Whole numbers that fill more than this share of their range were counted up.
_DENSE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Ids:
    """Ids of the respondents of several waves.

    Attributes
    ----------
    name : str
        Column that holds them; empty where no wave can be linked to another.
    values : tuple of object arrays (n,)
        One for each wave, None where there is no id; empty without a name.
    """

    name: str = ""
    values: tuple[Objects, ...] = ()


def ids_of(study: Study, results: Sequence[WaveResult]) -> Ids:
    """Find the ids by which units of one wave are known in another.

    Parameters
    ----------
    study : Study
        May name the column, or say that samples are independent.
    results : sequence of WaveResult
        The waves.

    Returns
    -------
    Ids
        The first of these that every wave has: the column that the study names under
        ``report: changes: unit``; the first-stage unit of the design; ``organisation``
        and ``respondent`` of the paradata. Unless the study names it, a column is not
        used where the ids of a wave are running numbers.

    Raises
    ------
    StudyError
        A wave does not have the column that the study names.
    """
    named = study.report.changes.unit
    if named == INDEPENDENT:
        return Ids()
    for name in [named] if named else _candidates(study):
        found = [_column(study, result, name) for result in results]
        values = tuple(each for each in found if each is not None)
        if len(values) == len(results) and (
            named or not any(map(running_numbers, values))
        ):
            return Ids(name, values)
        if named:
            lost = [r.wave.id for r, f in zip(results, found, strict=True) if f is None]
            raise StudyError(
                f"report: changes: unit: wave {lost[0]!r} has no column {name!r}. Name "
                "a column that every wave has, or 'none' for independent samples."
            )
    return Ids()


def _candidates(study: Study) -> Iterator[str]:
    """List the columns that may hold ids of units, the surest first."""
    yield from study.design.psu[:1]
    if "organisation" not in study.design.psu[:1]:
        yield "organisation"
    yield "respondent"


def _column(study: Study, result: WaveResult, name: str) -> Objects | None:
    """Find a column with at least one id; None where the wave has none."""
    if study.design.psu[:1] == (name,) and result.units:
        return np.array(result.units, dtype=object)
    for table in (result.responses.paradata, result.responses.frame):
        if name in table:
            values = table[name].astype(object)
            found = values.where(values.notna(), None).to_numpy(dtype=object)
            return found if values.notna().any() else None
    return None


def running_numbers(values: Objects) -> bool:
    """Say whether ids only number the records.

    Parameters
    ----------
    values : object array (n,)
        Ids, None where there is none.

    Returns
    -------
    bool
        Whether they are whole numbers that fill more than half of their range.

    Examples
    --------
    >>> running_numbers(np.array(["1", "2", "5"], object))
    True
    >>> running_numbers(np.array(["48129", "88437", "22954"], object))
    False
    """
    ids = {str(value) for value in values.tolist() if value is not None}
    if not ids or not all(each.isascii() and each.isdigit() for each in ids):
        return False
    numbers = [int(each) for each in ids]
    return len(numbers) > _DENSE * (max(numbers) - min(numbers) + 1)


def shared_ids(ids: Sequence[Objects], sizes: Sequence[int]) -> tuple[Ints, int]:
    """Give numbers to the ids that are in more than one wave.

    Parameters
    ----------
    ids : sequence of object arrays (n,)
        Ids by wave; none at all for independent samples.
    sizes : sequence of int
        Respondents of every wave.

    Returns
    -------
    int array (n,), int
        Number of the id of every respondent, -1 for an id that is in one wave alone;
        and how many are in more.

    Examples
    --------
    >>> code, shared = shared_ids([np.array(["a", "b"], object),
    ...                            np.array(["b", None], object)], [2, 2])
    >>> code.tolist(), shared
    ([-1, 0, 0, -1], 1)
    """
    if not ids:
        return np.full(sum(sizes), -1, dtype=np.intp), 0
    code, _ = pd.factorize(pd.Series(np.concatenate(ids), dtype=object))
    wave = pd.Series(np.repeat(np.arange(len(ids)), sizes))
    waves = wave.groupby(code).transform("nunique").to_numpy()
    shared = (code >= 0) & (waves > 1)
    found, number = np.unique(code[shared], return_inverse=True)
    result = np.full(code.size, -1, dtype=np.intp)
    result[shared] = number
    return result, found.size


def wave_units(designs: Sequence[ResolvedDesign]) -> Ints:
    """Give numbers to the first-stage units of designs, one wave after the other.

    Parameters
    ----------
    designs : sequence of ResolvedDesign
        One for each wave.

    Returns
    -------
    int array (n,)
        Unit of every respondent; a respondent who is a unit has a number alone.
    """
    found, start = [], 0
    for design in designs:
        psu = design.cells.psu[design.cell].copy()
        alone = psu == design.cells.psus
        psu[alone] = design.cells.psus + np.arange(int(alone.sum()))
        found.append(psu + start)
        start += design.cells.psus + int(alone.sum())
    return np.concatenate(found).astype(np.intp)


def joined_units(unit: Ints, wave: Ints, code: Ints) -> tuple[Ints, int]:
    """Make one unit of those that share an id.

    Parameters
    ----------
    unit : int array (n,)
        Unit of every respondent, by wave.
    wave : int array (n,)
        Place of the wave.
    code : int array (n,)
        From `shared_ids`.

    Returns
    -------
    int array (n,), int
        Unit over all waves, and how many are in more than one.

    Examples
    --------
    >>> joined_units(np.arange(4), np.array([0, 0, 1, 1]), np.array([-1, 0, 0, -1]))
    (array([0, 1, 1, 2]), 1)
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    units, linked = int(unit.max()) + 1, code >= 0
    size = units + int(code.max()) + 1
    links = (np.ones(int(linked.sum())), (unit[linked], units + code[linked]))
    graph = coo_array(links, shape=(size, size))
    label = connected_components(graph, directed=False)[1]
    joined = np.unique(label[unit], return_inverse=True)[1].astype(np.intp)
    waves = pd.Series(wave).groupby(joined).nunique()
    return joined, int((waves > 1).sum())
