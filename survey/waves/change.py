"""The change of every cell between two waves, with its standard error.

What both waves share lowers or raises the error, and what is hidden in one of them
has no change.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.study.model import Study
from survey.wave.result import WaveResult
from survey.waves.change_parts import MEAN, Compared, RowPair
from survey.waves.change_points import TOTAL, PointPair, compared_points
from survey.waves.change_rows import compared_rows
from survey.waves.change_spread import banners_of, spreads
from survey.waves.change_tables import CellPair, WaveCells, both_waves, cell_pair, named
from survey.waves.change_tests import (
    NUMBERS,
    change_numbers,
    side_by_side,
    with_spread,
)
from survey.waves.contract import Consequence, WaveContract
from survey.waves.stack import Stack, stacked
from survey.waves.stack_units import ids_of, shared_ids
from survey.waves.values import Against, CellChange

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """One cell of the report: its question, row and column."""

    question: int
    each: Compared
    row: RowPair
    point: PointPair
    consequence: Consequence
    anew: str


def wave_changes(
    newer: WaveResult,
    older: WaveResult,
    contract: WaveContract,
    study: Study,
    *,
    against: Against,
    banner: bool = True,
) -> tuple[CellChange, ...]:
    """Compare every cell of a wave with the same cell of an earlier one.

    Parameters
    ----------
    newer, older : WaveResult
        Two waves of a study.
    contract : WaveContract
        What can be compared.
    study : Study
        Says what is hidden, and how changes are tested.
    against : {"previous", "first", "year_before"}
        What the older wave is.
    banner : bool, default True
        Whether the columns of the banner are compared, or Total alone.

    Returns
    -------
    tuple of CellChange
        One for each row and column of the newer wave, in the order of its tables;
        without numbers where it is not comparable, or hidden in either wave.

    Raises
    ------
    StudyError
        A wave does not have the ids that the study names.

    Notes
    -----
    Independent samples: the variance is the sum of both variances as published, for
    designs of any kind. Where units are in both waves, the waves are stacked and the
    variance is ``v_1 + v_2 - 2 v_12`` [1]_, with the totals of a unit added up over
    the waves. Given replicates take part in this where both waves have the same
    number and scale, and count as independent otherwise; replicates that are made
    here give way to linearisation.

    Test and interval use t with the smaller degrees of freedom of the two columns. A
    share of 0 % or 100 % gets the binomial variance of the pooled share, as for the
    letters. P-values are adjusted over all changes that this call returns.

    References
    ----------
    .. [1] Kish (1965), Survey Sampling, section 12.4: correlations from overlaps.
    """
    compared = compared_rows(newer, older, contract, study)
    points = compared_points(newer, older, contract) if banner else (TOTAL,)
    waves = both_waves(study, (older, newer), compared, banner=banner)
    places = _places(compared, points)
    pairs = [_pair(waves, place) for place in places]
    stack = _stack_of(study, older, newer)
    table = side_by_side(pairs)
    if stack is not None:
        shown = {place.point for place, pair in zip(places, pairs, strict=True) if pair}
        # A column that is hidden everywhere costs as much as any other.
        wanted = [p if p in shown else replace(p, earlier="") for p in points]
        table = with_spread(table, _spread(stack, places, wanted, waves))
    shares = np.array([place.row.statistic != MEAN for place in places], dtype=bool)
    rows = change_numbers(table, shares, study.report).T.tolist()
    overlap = 0 if stack is None else stack.overlap
    names = newer.wave.id, older.wave.id, against
    return tuple(
        _change(place, row, names, overlap)
        for place, row in zip(places, rows, strict=True)
    )


def _change(
    place: _Place, row: Sequence[float], names: tuple[str, str, Against], overlap: int
) -> CellChange:
    """Put the change of one cell together."""
    newer, older, against = names
    numbers: dict[str, Any] = dict(zip(NUMBERS, row, strict=True))
    numbers["level"] = int(numbers["level"])
    return CellChange(
        question=place.each.name,
        code=place.row.code,
        banner=place.point.banner,
        point=place.point.point,
        statistic=place.row.statistic,
        newer=newer,
        older=older,
        against=against,
        overlap=overlap,
        consequence=place.consequence,
        **numbers,
    )


def _places(compared: Sequence[Compared], points: Sequence[PointPair]) -> list[_Place]:
    """List rows and columns, each with the consequence that decides."""
    return [
        _Place(
            number,
            each,
            row,
            point,
            row.consequence if not row.compared or point.earlier else point.consequence,
            anew,
        )
        for number, each in enumerate(compared)
        for anew in (named(number) if each.fresh else "",)
        for row in each.rows
        for point in points
    ]


def _pair(waves: tuple[WaveCells, WaveCells], place: _Place) -> CellPair | None:
    """Find a cell in both waves; None where it is hidden or not compared."""
    if not place.row.compared or not place.point.earlier:
        return None
    return cell_pair(waves, place.each, place.anew, place.row, place.point)


def _stack_of(study: Study, older: WaveResult, newer: WaveResult) -> Stack | None:
    """Stack two waves that share units; None for independent samples."""
    ids = ids_of(study, [older, newer])
    designs = older.design, newer.design
    sizes = [design.used.size for design in designs]
    if not shared_ids(ids.values, sizes)[1]:
        return None
    given = bool(study.design.replicate_weights)
    if given and not _same_replicates(older, newer):
        return None
    rule = study.design.lonely_psu
    return stacked(*designs, ids=ids.values, lonely_psu=rule, aligned=given)


def _same_replicates(older: WaveResult, newer: WaveResult) -> bool:
    """Say whether replicates of two waves belong together."""
    one, two = older.design.replicates, newer.design.replicates
    return (
        one is not None
        and two is not None
        and one.scale == two.scale
        and np.array_equal(one.rscales, two.rscales)
    )


def _spread(
    stack: Stack,
    places: Sequence[_Place],
    points: Sequence[PointPair],
    waves: tuple[WaveCells, WaveCells],
) -> Floats:
    """Give variances, covariance and degrees of freedom of every cell (5, G)."""
    older, newer = waves
    banners = banners_of(stack, points, newer.banner, older.banner)
    compared = {
        place.question: place.each for place in places if place.each.newer is not None
    }
    found = spreads(list(compared.values()), stack, banners)
    known = [place.row.compared for place in places]
    result = np.full((5, len(places)), np.nan)
    result[:, known] = np.concatenate([each.reshape(5, -1) for each in found], axis=1)
    return result
