"""Blocks: the cells, bases and notes of one question, as columns of a frame."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.estimates import Estimates, precision_notes
from survey.responses.variable import Row
from survey.tabulation.layout import TableOptions
from survey.tabulation.lines import Lines
from survey.tabulation.small_bases import HIDDEN, PROTECTS, base_class, base_note

_NUMBERS = ("estimate", "std_error", "conf_low", "conf_high", "deff", "count")
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
    kinds = [_statistic(row, lines.kind) for row in lines.rows]
    tables = [part.table for part in parts]
    blocks = [_cells(lines, parts, tables, kinds, heading, options)]
    for name in parts[0].others:
        tables = [part.others[name] for part in parts]
        kinds = [name] * len(lines.rows)
        blocks.append(_cells(lines, parts, tables, kinds, heading, options))
    if len(blocks) == 1:
        return blocks[0]
    return {
        name: np.concatenate([np.asarray(block[name]) for block in blocks])
        for name in blocks[0]
    }


def _cells(
    lines: Lines,
    parts: Sequence[Part],
    tables: Sequence[Estimates],
    kinds: Sequence[str],
    heading: Heading,
    options: TableOptions,
) -> dict[str, NDArray[np.generic]]:
    """Write the cells of one kind of percentage."""
    height, width = len(lines.rows), len(heading.points)
    state = _cell_state(parts, height)
    hidden = state >= HIDDEN
    numbers = {
        name: np.where(hidden, np.nan, _beside([getattr(t, name) for t in tables]))
        for name in _NUMBERS
    }
    main = kinds[:1] != [name for name in kinds[:1] if name in parts[0].others]
    total = np.full((height, 1), "", dtype=object)
    blank = np.full((height, width), "", dtype=object)
    marks = np.hstack([total, *(part.letters for part in parts)]) if main else blank
    against = {
        name: np.hstack([total, *(part.against[name] for part in parts)])
        for name in parts[0].against
        if main
    }
    column_hidden = _state(parts) >= HIDDEN
    notes = np.tile(_notes(parts, options.min_base), (height, 1)).astype(object)
    notes[hidden & ~column_hidden] = base_note(PROTECTS, options.min_base)
    return {
        "question": np.full(height * width, lines.variable.name, dtype=object),
        "code": _repeated([row.code for row in lines.rows], width),
        "label": _repeated([row.label for row in lines.rows], width),
        "banner": np.tile(np.array(heading.banners, dtype=object), height),
        "point": np.tile(np.array(heading.points, dtype=object), height),
        "statistic": _repeated(kinds, width),
        **{name: value.ravel() for name, value in numbers.items()},
        **{
            name: np.broadcast_to(value, (height, width)).ravel()
            for name, value in _bases(tables, column_hidden).items()
        },
        "letters": marks.ravel(),
        "note": notes.ravel(),
        "against_rest": against.get("rest", blank).ravel(),
        "against_total": against.get("total", blank).ravel(),
        "weighting": blank.ravel(),
    }


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
        **_bases(tables, hidden),
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
    tables: Sequence[Estimates], hidden: NDArray[np.bool_]
) -> dict[str, NDArray[np.float64]]:
    """Give the three bases of every column; that of a hidden one may tell a count."""
    found = (
        _beside([table.precision.base for table in tables]),
        _beside([table.base_weighted for table in tables]),
        _beside([table.precision.base_effective for table in tables]),
    )
    # Nobody in a column is nothing to hide.
    secret = hidden & (found[0] > 0)
    return {
        name: np.where(secret, np.nan, value)
        for name, value in zip(_BASES, found, strict=True)
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
