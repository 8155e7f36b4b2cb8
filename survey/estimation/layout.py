"""ColumnLayout: the columns of a table, laid over the design cells.

Columns may overlap (multiple response, nets, Total). Respondents are therefore
counted by answer pattern, and a pattern belongs to any number of columns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import QuestionError
from survey.estimation.answers import combinations, row_matrix
from survey.estimation.design import ResolvedDesign
from survey.estimation.sums import count_by, renumber, sum_by
from survey.responses.variable import Variable

# Gaps are filled up to this share of the pairs.
_NEARLY = 1.25


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """C columns as patterns of answers; column 0 is Total.

    Attributes
    ----------
    codes, labels : tuple of str
        Code and label of the columns after Total.
    pattern : int array (n,)
        Pattern of every respondent.
    membership : float array (patterns, C)
        1 where the pattern belongs to the column.
    single : bool
        Whether patterns are the codes of a single response question, and so few.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    pattern: NDArray[np.intp]
    membership: NDArray[np.float64]
    single: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class ColumnLayout:
    """Columns over a design: J occupied pairs of design cell and pattern.

    Attributes
    ----------
    columns : Columns
        The columns.
    design : ResolvedDesign
        The design.
    pair : int array (n,)
        Pair of every respondent; pairs are sorted by design cell.
    cell, pattern : int arrays (J,)
        Design cell and pattern of every pair.
    shared : int
        Pairs before this one are in units of several respondents; in the pairs from
        here on respondents are units of their own.
    lump : int array (n,)
        Lump of every respondent. Squared weights are needed only where respondents
        are units of their own: there every pair is a lump. The others are lumped by
        pattern, and their lumps come first.
    lump_pattern : int array (L,)
        Pattern of every lump.
    lumped : int
        Lumps before this one are of units of several respondents.
    lump_weight2 : float array (L,)
        Sum of squared weights, with or without an answer.
    slot_of : float array (patterns, K)
        Slots are what covariances are taken of: the patterns of a single response
        question, and the columns of a multiple response one, whose patterns may be
        many. 1 where the pattern counts in the slot.
    member : float array (K, C)
        1 where the slot belongs to the column.
    entry, slot : int arrays (E,)
        Pair and slot of every entry, in the order of the pairs.
    """

    columns: Columns
    design: ResolvedDesign
    pair: NDArray[np.intp]
    cell: NDArray[np.intp]
    pattern: NDArray[np.intp]
    shared: int
    lump: NDArray[np.intp]
    lump_pattern: NDArray[np.intp]
    lumped: int
    lump_weight2: NDArray[np.float64]
    slot_of: NDArray[np.float64]
    member: NDArray[np.float64]
    entry: NDArray[np.intp]
    slot: NDArray[np.intp]

    @property
    def complete(self) -> bool:
        """Whether every design cell has a pair for every pattern, in order."""
        return self.cell.size == self.design.cells.stratum.size * len(
            self.columns.membership
        )

    @property
    def lump_cell(self) -> NDArray[np.intp]:
        """Design cell of every lump of respondents who are units of their own."""
        return self.cell[self.shared :]


def total_column(n: int) -> Columns:
    """Give the single column Total over `n` respondents."""
    return Columns((), (), np.zeros(n, dtype=np.intp), np.ones((1, 1)))


def columns_of(variable: Variable) -> Columns:
    """Make columns of the rows of a variable.

    Parameters
    ----------
    variable : Variable
        Banner question, single or multiple response.

    Returns
    -------
    Columns
        Total, then one column for each category and net.

    Raises
    ------
    QuestionError
        The question holds numbers.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> size = Variable("size", "", ("1", "2"), (Row("1", "small", ("1",)),),
    ...                 np.array([0, 1, -1]), None, None, np.array([True] * 3))
    >>> columns_of(size).membership
    array([[1., 0.],
           [1., 1.],
           [1., 0.]])
    """
    if variable.value is not None and variable.position is None:
        raise QuestionError(
            f"{variable.name!r} holds numbers and cannot be a banner or a domain. "
            "Put it in bands first."
        )
    rows = row_matrix(variable.codes, variable.rows)
    if variable.position is not None:
        pattern = np.where(variable.base, variable.position + 1, 0)
        member = np.vstack([np.zeros(rows.shape[1]), rows])
    else:
        assert variable.chosen is not None, "a variable has position, chosen or value"
        pattern, distinct = combinations(variable.chosen & variable.base[:, None])
        member = ((distinct @ rows) > 0).astype(float)
    return Columns(
        tuple(row.code for row in variable.rows),
        tuple(row.label for row in variable.rows),
        pattern.astype(np.intp),
        np.hstack([np.ones((len(member), 1)), member]),
        variable.position is not None,
    )


def cross(first: Columns, second: Columns) -> Columns:
    """Cross columns with columns: every combination that somebody has.

    Parameters
    ----------
    first, second : Columns
        Columns over the same respondents.

    Returns
    -------
    Columns
        Total, then the combinations; codes and labels are joined by ``" x "``.

    Examples
    --------
    >>> a = Columns(("1",), ("small",), np.array([0, 1]), np.array([[1, 0], [1, 1.]]))
    >>> b = Columns(("n",), ("north",), np.array([0, 1]), np.array([[1, 0], [1, 1.]]))
    >>> cross(a, b).labels
    ('small x north',)
    """
    key = first.pattern * len(second.membership) + second.pattern
    occurring, pattern = np.unique(key, return_inverse=True)
    one = first.membership[occurring // len(second.membership), 1:]
    two = second.membership[occurring % len(second.membership), 1:]
    member = (one[:, :, None] * two[:, None, :]).reshape(len(occurring), -1)
    kept = np.flatnonzero(member.any(axis=0))
    pairs = [divmod(int(c), two.shape[1]) for c in kept]
    return Columns(
        tuple(f"{first.codes[i]} x {second.codes[j]}" for i, j in pairs),
        tuple(f"{first.labels[i]} x {second.labels[j]}" for i, j in pairs),
        pattern.astype(np.intp),
        np.hstack([np.ones((len(member), 1)), member[:, kept]]),
        first.single and second.single,
    )


def lay_out(columns: Columns, design: ResolvedDesign) -> ColumnLayout:
    """Lay columns over a design.

    Parameters
    ----------
    columns : Columns
        Columns over n respondents.
    design : ResolvedDesign
        Design of the same respondents.

    Returns
    -------
    ColumnLayout
        The occupied pairs of design cell and pattern, and the few that are not where
        nearly all are; never a full product that is mostly empty.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame({"q": [1, 2, 2]}))
    >>> lay_out(total_column(3), design).lump_weight2.tolist()
    [3.0]
    """
    patterns = len(columns.membership)
    key = design.cell * patterns + columns.pattern
    size = design.cells.stratum.size * patterns
    present, pair = renumber(key, size)
    if size <= _NEARLY * present.size:
        # Nearly all are occupied, and without gaps sums need no rearranging.
        present, pair = np.arange(size), key
    cell, pattern = present // patterns, present % patterns
    units = design.cells.unit_scale.size
    shared = int(np.searchsorted(design.cells.unit[cell], units))
    lumped = patterns if shared else 0
    lump = pair
    if shared:
        lump = np.where(pair < shared, columns.pattern, pair + (lumped - shared))
    lump_pattern = np.concatenate([np.arange(lumped), pattern[shared:]])
    return ColumnLayout(
        columns,
        design,
        pair,
        cell,
        pattern,
        shared,
        lump,
        lump_pattern,
        lumped,
        count_by(lump, lump_pattern.size, design.weight2),
        *_slots(columns, pattern),
    )


def _slots(
    columns: Columns, pattern: NDArray[np.intp]
) -> tuple[
    NDArray[np.float64], NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]
]:
    """Give slots by pattern, columns by slot, and the pair and slot of every entry."""
    member = columns.membership
    if columns.single:
        return np.eye(len(member)), member, np.arange(pattern.size), pattern
    entry, slot = np.nonzero(member[pattern])
    return member, np.eye(member.shape[1]), entry, slot


def pattern_totals(
    layout: ColumnLayout, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Add up pairs by pattern.

    Parameters
    ----------
    layout : ColumnLayout
        Columns over the design.
    values : float array (J, K)
        Sums by pair.

    Returns
    -------
    float array (patterns, K)
        Sums by pattern.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame({"q": [1, 2, 2]}))
    >>> pattern_totals(lay_out(total_column(3), design), np.array([[5.0]]))
    array([[5.]])
    """
    patterns = len(layout.columns.membership)
    if layout.complete:
        flat = values.reshape(-1, patterns * values.shape[1])
        return np.asarray(flat.sum(axis=0)).reshape(patterns, values.shape[1])
    return sum_by(layout.pattern, values, patterns)
