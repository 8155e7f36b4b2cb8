"""Blocks: the cells, bases and notes of one question, as columns of a frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.estimates import Estimates, precision_notes, table_notes
from survey.estimation.intervals import Precision
from survey.responses.variable import Row
from survey.tabulation.layout import TableOptions
from survey.tabulation.lines import Lines
from survey.tabulation.small_bases import (
    HIDDEN,
    PROTECTS,
    base_class,
    base_note,
    judge_bases,
)

_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "deff", "count")
_MARKS = ("letters", "against_rest", "against_total")
_BASES = ("base_unweighted", "base_weighted", "base_effective")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One question against one banner question: Total, then its C - 1 points.

    Attributes
    ----------
    table : Estimates
        R rows in C columns.
    state : int array (C,)
        What was decided about each base; see `protect`.
    mirrored : bool array (R,)
        Rows that are hidden in all points, because they are hidden columns of the
        table turned round.
    letters : object array (R, C - 1)
        Columns that each cell exceeds.
    against : mapping of str to object array (R, C - 1)
        Marks of the tests against ``rest`` and ``total``.
    others : mapping of statistic to Estimates
        Shares of rows and of the total.
    """

    table: Estimates
    state: NDArray[np.intp]
    mirrored: NDArray[np.bool_]
    letters: NDArray[np.object_]
    against: Mapping[str, NDArray[np.object_]]
    others: Mapping[str, Estimates]


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table: name of the banner question, and label."""

    banners: tuple[str, ...]
    points: tuple[str, ...]


def cell_columns(
    lines: Lines, parts: Sequence[Part], heading: Heading, options: TableOptions
) -> Mapping[str, object]:
    """Write the cells of one question as columns of the cell frame.

    Parameters
    ----------
    lines : Lines
        R rows of the question.
    parts : sequence of Part
        One for each banner question.
    heading : Heading
        The columns of the whole table, Total first.
    options : TableOptions
        Minimum base.

    Returns
    -------
    mapping of column to values
        R x columns values each, row by row; then those of other percentages.
    """
    height = len(lines.rows)
    state = _cell_state(parts, height)
    kinds = [_statistic(row, lines.kind) for row in lines.rows]
    tables = [part.table for part in parts]
    column_hidden = _state(parts) >= HIDDEN
    notes = np.tile(_notes(parts, options.min_base), (height, 1)).astype(object)
    notes[(state >= HIDDEN) & ~column_hidden] = base_note(PROTECTS, options.min_base)
    blocks = [
        _cells(lines, kinds, tables, state, heading)
        | _bases(tables, column_hidden, height)
        | _marks(parts, height)
        | {"note": notes.ravel()}
    ]
    for name in parts[0].others:
        tables = [part.others[name] for part in parts]
        precision = _precision(tables)
        missing = precision_notes(precision)
        own = _own_state(state, precision.base.reshape(state.shape), options)
        blocks.append(
            _cells(lines, [name] * height, tables, own, heading)
            | _bases(tables, own >= HIDDEN, height)
            | dict.fromkeys(_MARKS, np.full(own.size, "", dtype=object))
            | {"note": _notes_of(own.ravel(), missing, options.min_base)}
        )
    if len(blocks) == 1:
        return blocks[0]
    return {
        name: np.concatenate([np.asarray(block[name]) for block in blocks])
        for name in blocks[0]
    }


def _cells(
    lines: Lines,
    kinds: Sequence[str],
    tables: Sequence[Estimates],
    state: NDArray[np.intp],
    heading: Heading,
) -> dict[str, NDArray[np.generic]]:
    """Write the names and numbers of the cells of one kind of percentage."""
    height, width = state.shape
    numbers = {
        name: np.where(
            state >= HIDDEN, np.nan, _beside([getattr(t, name) for t in tables])
        )
        for name in _NUMBERS
    }
    return {
        "question": np.full(height * width, lines.variable.name, dtype=object),
        "code": _repeated([row.code for row in lines.rows], width),
        "label": _repeated([row.label for row in lines.rows], width),
        "banner": np.tile(np.array(heading.banners, dtype=object), height),
        "point": np.tile(np.array(heading.points, dtype=object), height),
        "statistic": _repeated(kinds, width),
        "weighting": np.full(height * width, "", dtype=object),
        **{name: value.ravel() for name, value in numbers.items()},
    }


def _marks(parts: Sequence[Part], height: int) -> dict[str, NDArray[np.object_]]:
    """Write letters, and marks against the rest and Total; Total itself has none."""
    total = np.full((height, 1), "", dtype=object)
    width = 1 + sum(part.letters.shape[1] for part in parts)
    found = {name: np.full(height * width, "", dtype=object) for name in _MARKS}
    found["letters"] = np.hstack([total, *(part.letters for part in parts)]).ravel()
    for name in parts[0].against:
        marks = np.hstack([total, *(part.against[name] for part in parts)])
        found[f"against_{name}"] = marks.ravel()
    return found


def base_columns(
    lines: Lines, parts: Sequence[Part], heading: Heading, options: TableOptions
) -> Mapping[str, object]:
    """Write the bases of one question as columns of the base frame.

    Parameters
    ----------
    lines, parts, heading, options
        As for `cell_columns`.

    Returns
    -------
    mapping of column to values
        One value per column of the table.
    """
    width = len(heading.points)
    tables = [part.table for part in parts]
    degrees = _beside([table.precision.degrees_of_freedom for table in tables])
    hidden = _state(parts) >= HIDDEN
    base = _beside([table.precision.base for table in tables])
    return {
        "question": np.full(width, lines.variable.name, dtype=object),
        "banner": np.array(heading.banners, dtype=object),
        "point": np.array(heading.points, dtype=object),
        "base_text": np.full(width, lines.variable.base_text, dtype=object),
        **_bases(tables, hidden, 1),
        "degrees_of_freedom": np.where(hidden, np.nan, degrees),
        "base_class": base_class(_state(parts), base, options.min_base),
        "note": np.array(_notes(parts, options.min_base), dtype=object),
        "weighting": np.full(width, "", dtype=object),
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


def _cell_state(parts: Sequence[Part], height: int) -> NDArray[np.intp]:
    """Give what was decided about every cell (R, columns)."""
    state = np.tile(_state(parts), (height, 1))
    start = 1
    for part in parts:
        points = slice(start, start + part.state.size - 1)
        start = points.stop
        more = part.mirrored[:, None] & (state[:, points] < HIDDEN)
        state[:, points] = np.where(more, PROTECTS, state[:, points])
    return state


def _state(parts: Sequence[Part]) -> NDArray[np.intp]:
    """Give what was decided about every column, Total first."""
    return np.concatenate([parts[0].state[:1], *(part.state[1:] for part in parts)])


def _beside(parts: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Put banner questions side by side with one Total, the last axis being columns."""
    return np.concatenate([parts[0], *(part[..., 1:] for part in parts[1:])], axis=-1)


def _repeated(texts: Sequence[str], times: int) -> NDArray[np.object_]:
    """Repeat every text for all columns of its row."""
    return np.repeat(np.array(texts, dtype=object), times)


def _statistic(row: Row, kind: str) -> str:
    """Name the statistic of a row."""
    if kind != "share":
        return kind
    return "net" if row.role == "net" else "share"


def _bases(
    tables: Sequence[Estimates], hidden: NDArray[np.bool_], height: int
) -> dict[str, NDArray[np.float64]]:
    """Give the three bases of every cell; that of a hidden one may tell a count."""
    found = (
        _beside([table.precision.base for table in tables]),
        _beside([table.base_weighted for table in tables]),
        _beside([table.precision.base_effective for table in tables]),
    )
    # Nobody in a column is nothing to hide.
    secret = hidden & (found[0] > 0)
    shape = height, secret.shape[-1]
    return {
        name: np.broadcast_to(np.where(secret, np.nan, value), shape).ravel()
        for name, value in zip(_BASES, found, strict=True)
    }


def _precision(tables: Sequence[Estimates]) -> Precision:
    """Put the bases of banner questions side by side, one for each cell (cells,)."""

    def of_cells(name: str) -> NDArray[np.float64]:
        values = [
            np.broadcast_to(getattr(t.precision, name), t.estimate.shape)
            for t in tables
        ]
        return _beside(values).ravel()

    return Precision(
        of_cells("base"),
        of_cells("base_effective"),
        of_cells("degrees_of_freedom"),
        of_cells("lost"),
    )


def _own_state(
    state: NDArray[np.intp], base: NDArray[np.float64], options: TableOptions
) -> NDArray[np.intp]:
    """Judge cells that stand on the base of a row by it; what is hidden stays so."""
    own = judge_bases(base, min_base=options.min_base, small_base=options.small_base)
    return np.asarray(np.where(state >= HIDDEN, state, own), dtype=np.intp)


def _notes(parts: Sequence[Part], min_base: int) -> list[str]:
    """Say what is to be known of every column."""
    why = [table_notes(part.table) for part in parts]
    missing = why[0][:1] + [note for notes in why for note in notes[1:]]
    return _notes_of(_state(parts), missing, min_base)


def _notes_of(
    state: NDArray[np.intp], missing: Sequence[str], min_base: int
) -> list[str]:
    """Say what was decided, and of what is shown why it has no interval."""
    notes = []
    for decided, reason in zip(state.tolist(), missing, strict=True):
        shown = "" if decided >= HIDDEN else reason
        texts = [base_note(decided, min_base), shown]
        notes.append("; ".join(text for text in texts if text))
    return notes
