"""Variances of both waves and their covariance, from the stacked design.

A column of the tables stands twice in the stack, once for each wave, and the engine
gives the covariance of any two columns.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import prepare
from survey.estimation.estimates import Estimates
from survey.estimation.joint import join, tally_jointly
from survey.estimation.layout import (
    ColumnLayout,
    Columns,
    columns_of,
    lay_out,
    total_column,
)
from survey.estimation.table import estimate_tables, question_of
from survey.estimation.totals import Keys
from survey.responses.variable import Row, Variable
from survey.waves.change_layouts import Together, together, totals_together
from survey.waves.change_parts import Compared
from survey.waves.change_points import PointPair
from survey.waves.stack import Stack

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

# Questions whose totals are held at once.
_CHUNK = 8


@dataclass(frozen=True, slots=True, eq=False)
class Banners:
    """Banner questions of both waves over the stack.

    Attributes
    ----------
    layouts : tuple of ColumnLayout
        Total, then the banner questions.
    place : int array (points,)
        Layout of every point.
    before, after : int arrays (points,)
        Its column in either wave; -1 where nothing is compared.
    """

    layouts: tuple[ColumnLayout, ...]
    groups: tuple[Together, ...]
    place: NDArray[np.intp]
    before: NDArray[np.intp]
    after: NDArray[np.intp]


def banners_of(
    stack: Stack,
    points: Sequence[PointPair],
    newer: Sequence[Variable],
    older: Sequence[Variable],
) -> Banners:
    """Lay the banner questions of both waves over the stack.

    Parameters
    ----------
    stack : Stack
        The older wave first.
    points : sequence of PointPair
        Columns that are compared, Total first.
    newer, older : sequence of Variable
        Banner questions of the waves.

    Returns
    -------
    Banners
        Total alone where there are no banner questions.
    """
    sizes = np.bincount(stack.wave).tolist()
    columns = [(total_column(sizes[0]), total_column(sizes[1]))]
    named = {"": (0, 0)}
    before = {variable.name: columns_of(variable) for variable in older}
    for variable in newer:
        mine = [p for p in points if p.banner == variable.name and p.earlier]
        pairs = {p.earlier_banner for p in mine}
        for earlier in pairs & set(before):
            named[variable.name] = len(columns), len(before[earlier].codes)
            columns.append((before[earlier], columns_of(variable)))
    found = [_of_point(point, named, (newer, older)) for point in points]
    place, first, second = np.array(found, dtype=np.intp).T
    layouts = []
    for h, pair in enumerate(columns):
        here = np.flatnonzero((place == h) & (first >= 0))
        wanted = np.unique([first[here], second[here]])
        narrow = _only(stacked_columns(*pair), wanted)
        layouts.append(lay_out(narrow, stack.design))
        first[here] = 1 + np.searchsorted(wanted, first[here])
        second[here] = 1 + np.searchsorted(wanted, second[here])
    return _grouped(tuple(layouts), place, first, second)


def _grouped(
    layouts: tuple[ColumnLayout, ...], place: Ints, before: Ints, after: Ints
) -> Banners:
    """Take layouts together, and say where the columns of every point are then."""
    groups = tuple(together(layouts))
    where = np.zeros((2, len(layouts)), dtype=np.intp)
    for number, group in enumerate(groups):
        where[0, list(group.places)] = number
        where[1, list(group.places)] = group.starts
    group_of, start = where[:, place]
    known = before >= 0
    return Banners(
        layouts,
        groups,
        group_of,
        np.where(known, before + start, -1),
        np.where(known, after + start, -1),
    )


def _only(columns: Columns, wanted: NDArray[np.intp]) -> Columns:
    """Keep Total and some columns; who is in none of them is of one pattern."""
    kept = columns.membership[:, [0, *wanted]]
    member, pattern = np.unique(kept, axis=0, return_inverse=True)
    names = tuple(columns.codes[place - 1] for place in wanted)
    pattern = pattern.reshape(-1).astype(np.intp)[columns.pattern]
    return Columns(names, names, pattern, member, columns.single)


def _of_point(
    point: PointPair,
    named: dict[str, tuple[int, int]],
    banner: tuple[Sequence[Variable], Sequence[Variable]],
) -> tuple[int, int, int]:
    """Give layout and columns of a point."""
    place, width = named.get(point.banner, (0, 0))
    if not point.earlier or point.banner not in named:
        return 0, -1, -1
    if not point.banner:
        return 0, 1, 2
    newer = [v for v in banner[0] if v.name == point.banner]
    older = [v for v in banner[1] if v.name == point.earlier_banner]
    first = [row.label for row in older[0].rows].index(point.earlier)
    second = [row.label for row in newer[0].rows].index(point.point)
    # Everybody, Total and points of the older wave, Total and points of the newer.
    return place, 2 + first, 3 + width + second


def stacked_columns(older: Columns, newer: Columns) -> Columns:
    """Put the columns of two waves beside each other.

    Parameters
    ----------
    older, newer : Columns
        Columns of the respondents of either wave.

    Returns
    -------
    Columns
        Everybody, then Total and the points of the older wave, then those of the
        newer one, over the respondents of both.

    Examples
    --------
    >>> stacked_columns(total_column(1), total_column(2)).membership
    array([[1., 1., 0.],
           [1., 0., 1.]])
    """
    height, width = older.membership.shape
    patterns = height + len(newer.membership)
    member = np.zeros((patterns, 1 + width + newer.membership.shape[1]))
    member[:, 0] = 1.0
    member[:height, 1 : 1 + width] = older.membership
    member[height:, 1 + width :] = newer.membership
    pattern = np.concatenate([older.pattern, newer.pattern + height])
    names = tuple(str(place) for place in range(1, member.shape[1]))
    return Columns(names, names, pattern, member, older.single and newer.single)


def stacked_variable(older: Variable, newer: Variable) -> Variable:
    """Put the answers of two waves below each other.

    Parameters
    ----------
    older, newer : Variable
        The same rows over the respondents of either wave; their codes may differ.

    Returns
    -------
    Variable
        Over the respondents of both.

    Examples
    --------
    >>> yes = Row("yes", "", ("1",), "net")
    >>> old = Variable("q", "", ("1",), (yes,), np.array([0]), None, None,
    ...                np.ones(1, bool))
    >>> new = replace(old, codes=("0", "1"), position=np.array([0, 1]),
    ...               base=np.ones(2, bool))
    >>> both = stacked_variable(old, new)
    >>> both.codes, both.position.tolist()
    (('0:1', '1:0', '1:1'), [0, 1, 2])
    """
    base = np.concatenate([older.base, newer.base])
    alone = newer.position is None and newer.chosen is None
    if alone and older.value is not None and newer.value is not None:
        value = np.concatenate([older.value, newer.value])
        return replace(newer, value=value, base=base)
    if older.position is None or newer.position is None:
        return _by_row(older, newer, base)
    codes = tuple(
        f"{wave}:{code}" for wave, v in enumerate((older, newer)) for code in v.codes
    )
    after = np.where(newer.position >= 0, newer.position + len(older.codes), -1)
    rows = tuple(
        Row(new.code, new.label, _marked(old.codes, new.codes), "net")
        for old, new in zip(older.rows, newer.rows, strict=True)
    )
    position = np.concatenate([older.position, after])
    return replace(
        newer, codes=codes, rows=rows, position=position, value=None, base=base
    )


def _marked(older: Sequence[str], newer: Sequence[str]) -> tuple[str, ...]:
    """Tell the codes of the waves apart."""
    return (*(f"0:{code}" for code in older), *(f"1:{code}" for code in newer))


def _by_row(older: Variable, newer: Variable, base: Bools) -> Variable:
    """Put answers below each other by row, where several may be chosen."""
    codes = tuple(row.code for row in newer.rows)
    return replace(
        newer,
        codes=codes,
        rows=tuple(Row(code, code, (code,)) for code in codes),
        position=None,
        value=None,
        chosen=np.vstack([_in_rows(older), _in_rows(newer)]),
        base=base,
    )


def _in_rows(variable: Variable) -> Bools:
    """Say which rows count each respondent (n, R)."""
    place = {code: k for k, code in enumerate(variable.codes)}
    found = np.zeros((variable.base.size, len(variable.rows)), dtype=bool)
    for r, row in enumerate(variable.rows):
        counted = [place[code] for code in row.codes]
        if variable.chosen is not None:
            found[:, r] = variable.chosen[:, counted].any(axis=1)
        elif variable.position is not None:
            found[:, r] = np.isin(variable.position, counted)
    return found


def spreads(
    compared: Sequence[Compared], stack: Stack, banners: Banners
) -> list[Floats]:
    """Give variances and covariances of the rows that are compared.

    Parameters
    ----------
    compared : sequence of Compared
        Questions with rows that are compared.
    stack : Stack
        The older wave first.
    banners : Banners
        Their columns.

    Returns
    -------
    list of float arrays (5, R, points)
        Variance of the older wave and of the newer one, covariance, degrees of freedom
        of both; NaN for points that are not compared.
    """
    found: dict[int, Floats] = {}
    joint, keys = join(banners.layouts), Keys()
    for chunk in _chunks(compared):
        kind = compared[chunk[0]].kind
        counted = []
        for place in chunk:
            older, newer = compared[place].older, compared[place].newer
            assert older is not None, "rows are compared"
            assert newer is not None, "rows are compared"
            answers = prepare(
                stacked_variable(older, newer),
                stack.design.used,
                numbers=kind == "mean",
            )
            counted.append(tally_jointly(answers, banners.layouts, joint, keys))
        tables = [
            estimate_tables(
                [
                    question_of(totals_together(group, totals), group.layout)
                    for totals in counted
                ],
                group.layout,
                kind,
                interval="wald",
            )
            for group in banners.groups
        ]
        for q, place in enumerate(chunk):
            found[place] = _spread([table[q] for table in tables], banners)
    return [found[place] for place in range(len(compared))]


def _chunks(compared: Sequence[Compared]) -> Iterator[list[int]]:
    """Take a few questions of one kind at a time."""
    for kind in ("share", "mean"):
        places = [p for p, each in enumerate(compared) if each.kind == kind]
        for start in range(0, len(places), _CHUNK):
            yield places[start : start + _CHUNK]


def _spread(tables: Sequence[Estimates], banners: Banners) -> Floats:
    """Take the columns of every point out of the tables of a question."""
    rows, points = len(tables[0].estimate), banners.place.size
    found = np.full((5, rows, points), np.nan)
    for h, table in enumerate(tables):
        here = np.flatnonzero((banners.place == h) & (banners.before >= 0))
        one, two = banners.before[here], banners.after[here]
        degrees = table.precision.degrees_of_freedom
        found[:, :, here] = (
            table.covariance[:, one, one],
            table.covariance[:, two, two],
            table.covariance[:, one, two],
            np.broadcast_to(degrees[one], (rows, here.size)),
            np.broadcast_to(degrees[two], (rows, here.size)),
        )
    return found
