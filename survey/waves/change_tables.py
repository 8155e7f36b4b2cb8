"""Cells of both waves as they are compared: as published, or tabulated anew.

A cell that is hidden in the tables of either wave is hidden here. On another base a
cell is hidden as well where it would tell how few respondents the bases differ by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey.responses.variable import Variable
from survey.stub import banner_variables
from survey.study.model import Study
from survey.tabulation.layout import Crosstab
from survey.tabulation.tabulate import tabulate
from survey.wave.options import total_options
from survey.wave.result import Cell, Key, WaveResult, cells_of
from survey.waves.change_parts import Compared, RowPair
from survey.waves.change_points import PointPair


@dataclass(frozen=True, slots=True, eq=False)
class WaveCells:
    """Cells of one wave, published and anew, with their degrees of freedom.

    Attributes
    ----------
    published, anew : mapping of (question, code, banner, point) to Cell
        Questions that were tabulated anew have a number for a name.
    degrees : mapping of (question, banner, point) to float
        Degrees of freedom of both.
    banner : tuple of Variable
        Banner questions.
    min_base : int
        Base below which a cell is hidden.
    """

    published: Mapping[Key, Cell]
    anew: Mapping[Key, Cell]
    degrees: Mapping[tuple[str, str, str], float]
    banner: tuple[Variable, ...]
    min_base: int


def both_waves(
    study: Study,
    results: tuple[WaveResult, WaveResult],
    compared: Sequence[Compared],
    *,
    banner: bool,
) -> tuple[WaveCells, WaveCells]:
    """Collect the cells of two waves, and tabulate what was not published.

    Parameters
    ----------
    study : Study
        Says what is hidden.
    results : (WaveResult, WaveResult)
        The older and the newer wave.
    compared : sequence of Compared
        All questions.
    banner : bool
        Whether the banner is compared as well.

    Returns
    -------
    (WaveCells, WaveCells)
        In the order of the results.
    """
    anew = [(place, each) for place, each in enumerate(compared) if each.fresh]
    older = [(place, each.older) for place, each in anew if each.older is not None]
    newer = [(place, each.newer) for place, each in anew if each.newer is not None]
    return (
        _cells(study, results[0], older, banner=banner),
        _cells(study, results[1], newer, banner=banner),
    )


def _cells(
    study: Study,
    result: WaveResult,
    parts: Sequence[tuple[int, Variable]],
    *,
    banner: bool,
) -> WaveCells:
    """Collect the cells of one wave."""
    across = tuple(banner_variables(study, result.responses)) if banner else ()
    degrees = _degrees(result.crosstab)
    anew: dict[Key, Cell] = {}
    if parts:
        stub = [replace(v, name=named(place)) for place, v in parts]
        table = tabulate(stub, across, result.design, total_options(study))
        anew = {cell.key: cell for cell in cells_of(table)}
        degrees |= _degrees(table)
    return WaveCells(result.cells, anew, degrees, across, study.report.min_base)


def named(place: int) -> str:
    """Give a part that is tabulated anew a name that no question has."""
    return f":{place}"


def _degrees(table: Crosstab) -> dict[tuple[str, str, str], float]:
    """Give the degrees of freedom of all columns."""
    names = ("question", "banner", "point", "degrees_of_freedom")
    columns = [table.bases[name].tolist() for name in names]
    return {
        (question, banner, point): degrees
        for question, banner, point, degrees in zip(*columns, strict=True)
    }


@dataclass(frozen=True, slots=True)
class CellPair:
    """A cell in both waves, with degrees of freedom; hidden where one of them is."""

    before: Cell
    after: Cell
    degrees_before: float
    degrees_after: float


def cell_pair(
    waves: tuple[WaveCells, WaveCells],
    each: Compared,
    anew: str,
    row: RowPair,
    point: PointPair,
) -> CellPair | None:
    """Find a cell in both waves.

    Parameters
    ----------
    waves : (WaveCells, WaveCells)
        The older and the newer wave.
    each : Compared
        The question.
    anew : str
        Its name where it was tabulated anew, else empty.
    row : RowPair
        Row that is compared.
    point : PointPair
        Column that is compared.

    Returns
    -------
    CellPair or None
        None where there is no such cell, or one of them is hidden.
    """
    older, newer = waves
    before = _shown(
        older,
        (each.earlier, row.earlier, row.older),
        (anew, row.code) if anew else None,
        (point.earlier_banner, point.earlier),
    )
    after = _shown(
        newer,
        (each.name, row.code, row.newer),
        (anew, row.code) if anew else None,
        (point.banner, point.point),
    )
    if before is None or after is None:
        return None
    return CellPair(before, after, _freedom(older, before), _freedom(newer, after))


def _shown(
    wave: WaveCells,
    own: tuple[str, str, tuple[str, ...]],
    anew: tuple[str, str] | None,
    column: tuple[str, str],
) -> Cell | None:
    """Find the cell of one wave; None where it, or a part of it, is hidden."""
    name, code, codes = own
    each = [wave.published.get((name, c, *column)) for c in (code, *codes)]
    published = [cell for cell in each if cell is not None]
    if any(cell.hidden for cell in published):
        return None
    if anew is None:
        return wave.published.get((name, code, *column))
    found = wave.anew.get((*anew, *column))
    if found is None or found.hidden:
        return None
    left = {cell.base_unweighted - found.base_unweighted for cell in published}
    return None if any(0 < few < wave.min_base for few in left) else found


def _freedom(wave: WaveCells, cell: Cell) -> float:
    """Give the degrees of freedom of a cell."""
    return wave.degrees[cell.question, cell.banner, cell.point]
