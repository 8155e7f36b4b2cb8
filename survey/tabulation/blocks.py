"""Blocks: the cells, bases and notes of one question, as columns of a frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.table import Estimates, precision_notes
from survey.responses.variable import Row, Variable
from survey.tabulation.small_bases import HIDDEN, base_note

MEAN = Row("mean", "Mean", ())
_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "deff", "count")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One question against one banner question: Total, then its C - 1 points.

    Attributes
    ----------
    table : Estimates
        R rows in C columns.
    state : int array (C,)
        What was decided about each base; see `judge_bases`.
    letters : object array (R, C - 1)
        Columns that each cell exceeds.
    """

    table: Estimates
    state: NDArray[np.intp]
    letters: NDArray[np.object_]


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table: name of the banner question, and label."""

    banners: tuple[str, ...]
    points: tuple[str, ...]


def cell_columns(
    variable: Variable,
    rows: Sequence[Row],
    parts: Sequence[Part],
    heading: Heading,
    min_base: int,
) -> Mapping[str, object]:
    """Write the cells of one question as columns of the cell frame.

    Parameters
    ----------
    variable : Variable
        The question.
    rows : sequence of Row
        Its R rows.
    parts : sequence of Part
        One for each banner question.
    heading : Heading
        The columns of the whole table, Total first.
    min_base : int
        Base below which a column is hidden.

    Returns
    -------
    mapping of column to values
        R x columns values each, row by row.
    """
    height, width = len(rows), len(heading.points)
    hidden = _state(parts) >= HIDDEN
    numbers = {
        name: np.where(hidden, np.nan, _beside([getattr(p.table, name) for p in parts]))
        for name in _NUMBERS
    }
    total = np.full((height, 1), "", dtype=object)
    marks = np.hstack([total, *(part.letters for part in parts)])
    notes = np.array(_notes(parts, min_base), dtype=object)
    return {
        "question": np.full(height * width, variable.name, dtype=object),
        "code": _repeated([row.code for row in rows], width),
        "label": _repeated([row.label for row in rows], width),
        "banner": np.tile(np.array(heading.banners, dtype=object), height),
        "point": np.tile(np.array(heading.points, dtype=object), height),
        "statistic": _repeated([_statistic(row) for row in rows], width),
        **{name: value.ravel() for name, value in numbers.items()},
        **{name: np.tile(value, height) for name, value in _bases(parts).items()},
        "letters": marks.ravel(),
        "note": np.tile(notes, height),
    }


def base_columns(
    variable: Variable, parts: Sequence[Part], heading: Heading, min_base: int
) -> Mapping[str, object]:
    """Write the bases of one question as columns of the base frame.

    Parameters
    ----------
    variable, parts, heading, min_base
        As for `cell_columns`.

    Returns
    -------
    mapping of column to values
        One value per column of the table.
    """
    width = len(heading.points)
    degrees = _beside([part.table.precision.degrees_of_freedom for part in parts])
    return {
        "question": np.full(width, variable.name, dtype=object),
        "banner": np.array(heading.banners, dtype=object),
        "point": np.array(heading.points, dtype=object),
        "base_text": np.full(width, variable.base_text, dtype=object),
        **_bases(parts),
        "degrees_of_freedom": degrees.astype(np.intp),
        "note": np.array(_notes(parts, min_base), dtype=object),
    }


def stacked(
    blocks: Sequence[Mapping[str, object]], columns: Sequence[str]
) -> pd.DataFrame:
    """Stack blocks of columns; texts and numbers keep their types.

    Parameters
    ----------
    blocks : sequence of mapping
        Blocks with the same columns.
    columns : sequence of str
        Columns of the frame, also where there is no block.

    Returns
    -------
    DataFrame
        All blocks, in order.
    """
    if not blocks:
        return pd.DataFrame(columns=list(columns))
    return pd.DataFrame(
        {
            name: np.concatenate([np.asarray(block[name]) for block in blocks])
            for name in columns
        }
    )


def _state(parts: Sequence[Part]) -> NDArray[np.intp]:
    """Give what was decided about every column, Total first."""
    return np.concatenate([parts[0].state[:1], *(part.state[1:] for part in parts)])


def _beside(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Put banner questions side by side with one Total, the last axis being columns."""
    return np.concatenate([parts[0], *(part[..., 1:] for part in parts[1:])], axis=-1)


def _repeated(texts: Sequence[str], times: int) -> NDArray[np.object_]:
    """Repeat every text for all columns of its row."""
    return np.repeat(np.array(texts, dtype=object), times)


def _statistic(row: Row) -> str:
    """Name the statistic of a row."""
    if row is MEAN:
        return "mean"
    return "net" if row.role == "net" else "share"


def _bases(parts: Sequence[Part]) -> dict[str, NDArray[np.float64] | NDArray[np.intp]]:
    """Give the three bases of every column."""
    tables = [part.table for part in parts]
    base = _beside([table.precision.base for table in tables])
    return {
        "base_unweighted": base.astype(np.intp),
        "base_weighted": _beside([table.base_weighted for table in tables]),
        "base_effective": _beside([t.precision.base_effective for t in tables]),
    }


def _notes(parts: Sequence[Part], min_base: int) -> list[str]:
    """Say what is to be known of every column."""
    why = [precision_notes(part.table.precision) for part in parts]
    missing = why[0][:1] + [note for notes in why for note in notes[1:]]
    notes = []
    for decided, reason in zip(_state(parts).tolist(), missing, strict=True):
        shown = "" if decided >= HIDDEN else reason
        texts = [base_note(decided, min_base), shown]
        notes.append("; ".join(text for text in texts if text))
    return notes
