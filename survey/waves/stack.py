"""Stacked designs: the respondents of several waves in one design.

A unit that is in several waves is one unit, and its totals are added up over the
waves before they are squared. That is where the covariance of waves comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError
from survey.estimation.cells import DesignCells, form_cells
from survey.estimation.design import ResolvedDesign
from survey.estimation.replicates import Replicates
from survey.estimation.stages import Nodes, Stages
from survey.estimation.strata import Strata, form_strata
from survey.waves.stack_units import joined_units, shared_ids, wave_units

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Objects = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Stack:
    """Several waves in one design.

    Attributes
    ----------
    design : ResolvedDesign
        Of all n respondents, those of the first wave first.
    wave : int array (n,)
        Place of the wave of every respondent.
    overlap : int
        Units that are in more than one wave.
    moved : int
        Units of these that were in different strata; they count in that of the
        newest wave.
    """

    design: ResolvedDesign
    wave: Ints
    overlap: int
    moved: int


def stacked(
    *designs: ResolvedDesign,
    ids: Sequence[Objects] = (),
    lonely_psu: str = "adjust",
    aligned: bool = False,
) -> Stack:
    """Put the respondents of several waves into one design.

    Parameters
    ----------
    *designs : ResolvedDesign
        One for each wave, the oldest first.
    ids : sequence of object arrays (n,), optional
        Ids that are the same in all waves, None where there is none. Without them the
        samples are independent.
    lonely_psu : {"adjust", "certainty", "average", "remove"}
        Rule for strata that are left with one unit, because units moved.
    aligned : bool, default False
        Whether replicate r drops the same units in every wave, as replicate weights
        of a panel do.

    Returns
    -------
    Stack
        With the margins of every wave, so that residuals are taken inside it.

    Raises
    ------
    DesignError
        There is one wave alone, or replicates that do not belong together.

    Notes
    -----
    Without ids in common every stratum of every wave is a stratum: the variance of a
    difference is the sum of the variances, with all stages and corrections.

    With ids in common, first-stage units that share one are the same unit, and strata
    are not split by wave, except those without such a unit. The first stage alone
    counts. Its finite population correction is the smaller one where waves differ,
    and none in a design of several stages: the variance is rather too large. Weights
    of a wave that were raked or calibrated are so in the stack, wave by wave.

    Replicates are kept where they are aligned: of the same number and scale.
    Otherwise the stack is linearised.

    Examples
    --------
    Two waves of three respondents, two of whom are in both: four units.

    >>> from survey.estimation.design import resolve
    >>> one = resolve(None, pd.DataFrame(index=range(3)))
    >>> ids = [np.array(["a", "b", "c"], object), np.array(["b", "c", "d"], object)]
    >>> stack = stacked(one, one, ids=ids)
    >>> stack.overlap, stack.design.degrees_of_freedom
    (2, 3)
    >>> stacked(one, one).design.degrees_of_freedom
    4
    """
    _check(designs, ids)
    sizes = [design.used.size for design in designs]
    wave = np.repeat(np.arange(len(designs), dtype=np.intp), sizes)
    code, overlap = shared_ids(ids, sizes)
    if aligned or not overlap:
        design = _side_by_side(designs)
        if aligned:
            design = replace(design, replicates=_aligned(designs))
        return Stack(design, wave, overlap, 0)
    return _together(designs, wave, code, lonely_psu)


def _check(designs: Sequence[ResolvedDesign], ids: Sequence[Objects]) -> None:
    """Refuse what cannot be stacked."""
    if len(designs) < 2:  # noqa: PLR2004 - two waves make a stack
        raise DesignError(
            f"{len(designs)} design cannot be stacked. Give two or more, one for each "
            "wave."
        )
    given = [len(each) for each in ids]
    wanted = [design.used.size for design in designs]
    if ids and given != wanted:
        raise DesignError(
            f"the waves have {wanted} respondents and there are {given} ids. Give one "
            "id for each respondent of each wave."
        )


def _side_by_side(designs: Sequence[ResolvedDesign]) -> ResolvedDesign:
    """Put designs beside each other; they have no unit in common."""
    parts = [design.cells for design in designs]
    lone = [part.unit == part.unit_scale.size for part in parts]
    # Cells are sorted by unit, and those of units of their own stand last.
    order = np.argsort(np.concatenate(lone), kind="stable")
    place = np.argsort(order)
    starts = _starts([part.unit.size for part in parts])
    cell = [place[d.cell + s] for d, s in zip(designs, starts, strict=True)]
    return ResolvedDesign(
        weight=np.concatenate([design.weight for design in designs]),
        weight2=np.concatenate([design.weight2 for design in designs]),
        used=np.concatenate([design.used for design in designs]),
        cell=np.concatenate(cell),
        cells=_cells_beside(designs, order),
        strata=_strata_beside([design.strata for design in designs]),
        degrees_of_freedom=sum(design.degrees_of_freedom for design in designs),
    )


def _starts(sizes: Sequence[int]) -> list[int]:
    """Say where every part begins."""
    return [sum(sizes[:place]) for place in range(len(sizes))]


def _numbered(parts: Sequence[Ints], sizes: Sequence[int]) -> Ints:
    """Give groups numbers one after the other; the number after the last is none."""
    total = sum(sizes)
    return np.concatenate(
        [
            np.where(part == size, total, part + start)
            for part, size, start in zip(parts, sizes, _starts(sizes), strict=True)
        ]
    ).astype(np.intp)


def _cells_beside(designs: Sequence[ResolvedDesign], order: Ints) -> DesignCells:
    """Put the cells of designs beside each other, in the given order."""
    parts = [design.cells for design in designs]
    strata = [design.strata.scale.size for design in designs]
    units = [part.unit_scale.size for part in parts]
    basis, ratio = _calibration(parts)
    margins = [part.ratio.size for part in parts]
    calibration = _numbered([part.calibration for part in parts], margins)
    return DesignCells(
        stratum=_numbered([part.stratum for part in parts], strata)[order],
        psu=_numbered([p.psu for p in parts], [p.psus for p in parts])[order],
        psus=sum(part.psus for part in parts),
        unit=_numbered([part.unit for part in parts], units)[order],
        unit_scale=np.concatenate([part.unit_scale for part in parts]),
        scale=np.concatenate([part.scale for part in parts])[order],
        nodes=_nodes_beside(parts, order),
        calibration=calibration[order],
        weight=np.concatenate([part.weight for part in parts])[order],
        margins=np.zeros((ratio.size, 0), dtype=np.intp),
        basis=basis,
        ratio=ratio,
    )


def _calibration(parts: Sequence[DesignCells]) -> tuple[Floats, Floats]:
    """Give basis and ratio of the margins of all waves, each for itself."""
    ratio = np.concatenate([part.ratio for part in parts])
    basis = np.zeros((ratio.size, sum(part.basis.shape[1] for part in parts)))
    row = column = 0
    for part in parts:
        height, width = part.basis.shape
        basis[row : row + height, column : column + width] = part.basis
        row, column = row + height, column + width
    return basis, ratio


def _nodes_beside(parts: Sequence[DesignCells], order: Ints) -> tuple[Nodes, ...]:
    """Put strata and earlier units beside each other, the first stage at the end."""
    most = max(len(part.nodes) for part in parts)
    found = []
    for back in range(most, 0, -1):
        groups: list[Ints] = []
        factors: list[Floats] = []
        for part in parts:
            node = Nodes(np.zeros(part.unit.size, dtype=np.intp), np.zeros(1))
            if back <= len(part.nodes):
                node = part.nodes[-back]
            groups.append(node.group + sum(f.size for f in factors))
            factors.append(node.factor)
        found.append(Nodes(np.concatenate(groups)[order], np.concatenate(factors)))
    return tuple(found)


def _strata_beside(parts: Sequence[Strata]) -> Strata:
    """Put strata beside each other; the wave is part of their names."""
    return Strata(
        tuple(f"{w + 1}/{name}" for w, part in enumerate(parts) for name in part.names),
        np.concatenate([part.n_psu for part in parts]),
        np.concatenate([part.scale for part in parts]),
        np.concatenate([part.centring for part in parts]),
        np.concatenate([part.sampled for part in parts]),
        np.concatenate([part.averaged for part in parts]),
    )


def _aligned(designs: Sequence[ResolvedDesign]) -> Replicates:
    """Give the replicates of all waves, which drop the same units."""
    each = [d.replicates for d in designs if d.replicates is not None]
    first = each[0] if each else None
    if (
        first is None
        or len(each) < len(designs)
        or any(
            other.scale != first.scale
            or other.mse != first.mse
            or not np.array_equal(other.rscales, first.rscales)
            for other in each
        )
    ):
        numbers = [d.replicates.rscales.size if d.replicates else 0 for d in designs]
        raise DesignError(
            f"the waves have {numbers} replicates, and these belong together only in "
            "the same number and with the same scale. Take the samples as independent."
        )
    lone = [d.cells.unit == d.cells.unit_scale.size for d in designs]
    order = np.argsort(np.concatenate(lone), kind="stable")
    factor = np.concatenate([other.factor for other in each])[order]
    return Replicates(factor, first.scale, first.rscales, first.mse)


def _together(
    designs: Sequence[ResolvedDesign], wave: Ints, code: Ints, lonely_psu: str
) -> Stack:
    """Form one design in which waves share units."""
    weight = np.concatenate([design.weight for design in designs])
    unit, overlap = joined_units(wave_units(designs), wave, code)
    stratum, names, moved = _common_strata(designs, wave, unit, code)
    strata = _strata_together(designs, wave, (stratum, unit), names, lonely_psu)
    stages = Stages(
        strata,
        stratum,
        unit,
        stratum,
        unit,
        strata.scale,
        (Nodes(stratum, -strata.centring),),
    )
    cell, cells = _calibrated_cells(designs, stages, weight)
    used = weight > 0
    degrees = np.unique(unit[used]).size - np.unique(stratum[used]).size
    return Stack(
        ResolvedDesign(weight, weight**2, used, cell, cells, strata, degrees),
        wave,
        overlap,
        moved,
    )


def _calibrated_cells(
    designs: Sequence[ResolvedDesign], stages: Stages, weight: Floats
) -> tuple[Ints, DesignCells]:
    """Form the cells of the stack, with the margins that every wave meets."""
    parts = [design.cells for design in designs]
    basis, ratio = _calibration(parts)
    by_wave = [d.cells.calibration[d.cell] for d in designs]
    starts = _starts([part.ratio.size for part in parts])
    place = np.concatenate([p + s for p, s in zip(by_wave, starts, strict=True)])
    # Basis and ratio are known; those of the cells would be of the rows alone.
    unknown = [np.zeros((ratio.size, 0))]
    cell, cells = form_cells(stages, weight, place[:, None], columns=unknown)
    calibration = cells.margins[cells.calibration, 0]
    return cell, replace(
        cells,
        calibration=calibration,
        margins=np.zeros((ratio.size, 0), dtype=np.intp),
        basis=basis,
        ratio=ratio,
    )


def _common_strata(
    designs: Sequence[ResolvedDesign], wave: Ints, unit: Ints, code: Ints
) -> tuple[Ints, tuple[str, ...], int]:
    """Give every respondent a stratum, the names of strata, and units that moved."""
    own = np.concatenate(
        [
            np.array(d.strata.names, dtype=object)[d.cells.stratum[d.cell]]
            for d in designs
        ]
    )
    # The last respondent of a unit is of its newest wave.
    newest = pd.Series(own).groupby(unit).last()
    stratum = newest.to_numpy()[unit]
    moved = int(pd.Series(own).groupby(unit).nunique().gt(1).sum())
    shared = set(stratum[code >= 0].tolist())
    names = [
        s if s in shared else f"{s}/{w + 1}"
        for s, w in zip(stratum.tolist(), wave.tolist(), strict=True)
    ]
    place, found = pd.factorize(pd.Series(names, dtype=object), sort=True)
    return place.astype(np.intp), tuple(map(str, found)), moved


def _strata_together(
    designs: Sequence[ResolvedDesign],
    wave: Ints,
    placed: tuple[Ints, Ints],
    names: tuple[str, ...],
    lonely_psu: str,
) -> Strata:
    """Count the units of the common strata, also units that nobody is left of."""
    stratum, unit = placed
    several = any(len(design.cells.nodes) > 1 for design in designs)
    sampled = np.ones(len(names))
    extra: list[int] = []
    for w, design in enumerate(designs):
        own = design.cells.stratum[design.cell]
        mine = stratum[wave == w]
        present = _units_present(design)
        for h in np.unique(own).tolist():
            common = int(mine[own == h][-1])
            drawn = 0.0 if several else float(design.strata.sampled[h])
            sampled[common] = min(sampled[common], drawn)
            extra += [common] * int(design.strata.n_psu[h] - present[h])
    unseen = unit.max() + 1 + np.arange(len(extra), dtype=np.intp)
    stratum = np.concatenate([stratum, np.array(extra, dtype=np.intp)])
    rule = "adjust" if lonely_psu == "fail" else lonely_psu
    return form_strata(
        stratum, names, np.concatenate([unit, unseen]), sampled[stratum], rule
    )


def _units_present(design: ResolvedDesign) -> Ints:
    """Count the first-stage units of every stratum that have a respondent."""
    psu, stratum = wave_units([design]), design.cells.stratum[design.cell]
    first = np.unique(psu, return_index=True)[1]
    return np.bincount(stratum[first], minlength=design.strata.scale.size)
