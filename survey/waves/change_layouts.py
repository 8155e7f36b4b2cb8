"""Columns of several banner questions in one layout, to be estimated at once.

Covariances between columns of different banner questions mean nothing here, and are
not to be used.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout, Columns
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# The work grows with the square of the slots that are taken together.
_MOST_SLOTS = 64


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """Layouts of several banner questions as one.

    Attributes
    ----------
    layout : ColumnLayout
        All columns, those of one banner question after those of another. It is about
        sums alone: the places of respondents are left out.
    places : tuple of int
        Which layouts they are.
    starts : tuple of int
        Their first columns.
    pairs, lumps : int arrays (J,), (L,)
        Where pairs and lumps stand among those of all layouts; empty for one alone.
    """

    layout: ColumnLayout
    places: tuple[int, ...]
    starts: tuple[int, ...]
    pairs: Ints
    lumps: Ints


def together(layouts: Sequence[ColumnLayout]) -> list[Together]:
    """Take layouts of single response questions together, as far as they are small.

    Parameters
    ----------
    layouts : sequence of ColumnLayout
        Banner questions over one design.

    Returns
    -------
    list of Together
        Every layout is in one of them; one of a multiple response question alone.

    Examples
    --------
    Total, and two sizes, over three respondents: four columns in one layout.

    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> from survey.estimation.layout import lay_out, total_column
    >>> design = resolve(None, pd.DataFrame(index=range(3)))
    >>> sizes = Columns(("1", "2"), ("", ""), np.array([1, 2, 2]),
    ...                 np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1]]))
    >>> both = together([lay_out(each, design) for each in (total_column(3), sizes)])
    >>> [(each.places, each.starts) for each in both]
    [((0, 1), (0, 1))]
    >>> both[0].layout.member
    array([[1., 0., 0., 0.],
           [0., 1., 0., 0.],
           [0., 1., 1., 0.],
           [0., 1., 0., 1.]])
    """
    return [_joined(layouts, places) for places in _groups(layouts)]


def totals_together(both: Together, totals: Sequence[CellTotals]) -> CellTotals:
    """Put the totals of a question over several layouts together.

    Parameters
    ----------
    both : Together
        Layouts.
    totals : sequence of CellTotals
        Of one question, over every layout that was given to `together`.

    Returns
    -------
    CellTotals
        Over `both.layout`.
    """
    mine = [totals[place] for place in both.places]
    if len(mine) == 1:
        return mine[0]
    return CellTotals(
        np.concatenate([each.w for each in mine])[both.pairs],
        np.concatenate([each.n for each in mine])[both.lumps],
        np.concatenate([each.w2 for each in mine])[both.lumps],
        _optional([each.w_square for each in mine], both.lumps),
        _optional([each.w2_square for each in mine], both.lumps),
        _optional([each.centre for each in mine], slice(None)),
    )


def _optional(parts: Sequence[Floats | None], order: Ints | slice) -> Floats | None:
    """Put sums together that only numbers have."""
    known = [part for part in parts if part is not None]
    return np.concatenate(known)[order] if known else None


def _groups(layouts: Sequence[ColumnLayout]) -> Iterator[list[int]]:
    """Choose the layouts that are taken together."""
    group: list[int] = []
    slots = 0
    for place, layout in enumerate(layouts):
        if not layout.columns.single:
            # Its slots overlap, and its numbers have one centre.
            yield [place]
            continue
        if group and slots + len(layout.member) > _MOST_SLOTS:
            yield group
            group, slots = [], 0
        group.append(place)
        slots += len(layout.member)
    if group:
        yield group


def _joined(layouts: Sequence[ColumnLayout], places: Sequence[int]) -> Together:
    """Make one layout of several; one alone stays as it is."""
    mine = [layouts[place] for place in places]
    none = np.zeros(0, dtype=np.intp)
    if len(mine) == 1:
        return Together(mine[0], tuple(places), (0,), none, none)
    members = [layout.columns.membership for layout in mine]
    heights = _starts([len(member) for member in members])
    widths = _starts([member.shape[1] for member in members])
    cell = np.concatenate([layout.cell for layout in mine])
    pattern = _numbered([layout.pattern for layout in mine], heights)
    pairs = np.lexsort((pattern, cell))
    lumps = _lumps(mine, pairs)
    columns = Columns((), (), none, _diagonal(members))
    of_lumps = _numbered([layout.lump_pattern for layout in mine], heights)[lumps]
    layout = _beside(mine, columns, cell[pairs], pattern[pairs], lumps, of_lumps)
    return Together(layout, tuple(places), tuple(widths), pairs, lumps)


def _beside(
    layouts: Sequence[ColumnLayout],
    columns: Columns,
    cell: Ints,
    pattern: Ints,
    lumps: Ints,
    lump_pattern: Ints,
) -> ColumnLayout:
    """Make the patterns of several questions those of one."""
    weight2 = np.concatenate([layout.lump_weight2 for layout in layouts])[lumps]
    return replace(
        layouts[0],
        columns=columns,
        pair=columns.pattern,
        cell=cell,
        pattern=pattern,
        shared=sum(layout.shared for layout in layouts),
        lump=columns.pattern,
        lump_pattern=lump_pattern,
        lumped=sum(layout.lumped for layout in layouts),
        # Everybody is in every layout, and counts once.
        lump_weight2=weight2 / len(layouts),
        slot_of=np.eye(len(columns.membership)),
        member=columns.membership,
        entry=np.arange(pattern.size),
        slot=pattern,
    )


def _lumps(layouts: Sequence[ColumnLayout], pairs: Ints) -> Ints:
    """Say where the lumps stand: those of shared units, then the others by pair."""
    starts = _starts([layout.lump_pattern.size for layout in layouts])
    first = [s + np.arange(e.lumped) for s, e in zip(starts, layouts, strict=True)]
    of_pair = [
        np.arange(layout.cell.size) + (start + layout.lumped - layout.shared)
        for start, layout in zip(starts, layouts, strict=True)
    ]
    shared = sum(layout.shared for layout in layouts)
    return np.concatenate([*first, np.concatenate(of_pair)[pairs[shared:]]])


def _starts(sizes: Sequence[int]) -> list[int]:
    """Say where every part begins."""
    return [sum(sizes[:place]) for place in range(len(sizes))]


def _numbered(parts: Sequence[Ints], starts: Sequence[int]) -> Ints:
    """Give numbers one after the other."""
    each = [part + start for part, start in zip(parts, starts, strict=True)]
    return np.concatenate(each).astype(np.intp)


def _diagonal(members: Sequence[Floats]) -> Floats:
    """Put memberships along the diagonal of one matrix."""
    heights = _starts([len(member) for member in members])
    widths = _starts([member.shape[1] for member in members])
    whole = np.zeros(np.sum([member.shape for member in members], axis=0))
    for member, row, column in zip(members, heights, widths, strict=True):
        height, width = member.shape
        whole[row : row + height, column : column + width] = member
    return whole
