"""Domains: who is in them, and the tidy frame of estimators that look at respondents.

A domain subsets the estimate: scores outside it are 0 and stay in the design.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError, some
from survey.estimation.design import ResolvedDesign
from survey.estimation.effects import inverse
from survey.estimation.estimates import precision_notes
from survey.estimation.influence import domain_degrees
from survey.estimation.intervals import Interval, Precision
from survey.estimation.layout import Columns, columns_of, cross, total_column
from survey.estimation.sums import sum_by
from survey.responses.recode import variables
from survey.responses.scale_rows import code_numbers, scale_points
from survey.responses.table import Responses
from survey.responses.variable import Variable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Domains:
    """C groups of respondents, which may overlap.

    Attributes
    ----------
    codes, labels : tuple of str
        Code and label of every domain.
    inside : bool array (n, C)
        Who is in it, with a weight above 0.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    inside: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Bases:
    """Bases of C columns: weighted (C,), and what `Precision` holds."""

    weighted: Floats
    precision: Precision


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Estimates of R rows in C columns, arrays (R, C); NaN has a note."""

    estimate: Floats
    std_error: Floats
    interval: Interval
    deff: Floats
    note: NDArray[np.object_]


def domains_of(
    data: Responses | pd.DataFrame,
    by: str | Sequence[str] | None,
    design: ResolvedDesign,
) -> Domains:
    """Give the categories of one question, or of several crossed, as domains.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents, n rows.
    by : str, sequence of str or None
        Questions; None is one domain ``Total``.
    design : ResolvedDesign
        Design of the same respondents.

    Returns
    -------
    Domains
        Who is in which domain.

    Raises
    ------
    QuestionError
        There is no such question, or it holds numbers.
    EstimationError
        A name is that of a grid, or nobody answered it.

    Examples
    --------
    >>> from survey.estimation.design import resolve
    >>> firms = pd.DataFrame({"size": ["small", "large"]})
    >>> domains_of(firms, "size", resolve(None, firms)).inside
    array([[False,  True],
           [ True, False]])
    """
    columns = domain_columns(data, by, design)
    used = design.used[:, None]
    if not columns.codes:
        return Domains(("",), ("Total",), used)
    member = columns.membership[columns.pattern, 1:] > 0
    return Domains(columns.codes, columns.labels, member & used)


def domain_columns(
    data: Responses | pd.DataFrame,
    by: str | Sequence[str] | None,
    design: ResolvedDesign,
) -> Columns:
    """Give domains as the columns of a table, after Total.

    Parameters
    ----------
    data, by, design
        As for `domains_of`.

    Returns
    -------
    Columns
        Total, and one column for each category or combination that somebody has.

    Raises
    ------
    QuestionError, EstimationError
        As for `domains_of`.
    """
    names = [by] if isinstance(by, (str, int)) else list(by or ())
    each = [columns_of(one_variable(data, name)) for name in names]
    columns = reduce(cross, each) if each else total_column(design.used.size)
    if each and not columns.codes:
        raise EstimationError(
            f"nobody has an answer to {some(names)}, so it makes no domains. "
            "Name another question."
        )
    return columns


def one_variable(data: Responses | pd.DataFrame, name: str) -> Variable:
    """Give a question that is no grid.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents.
    name : str
        Question, item of a grid, or column.

    Returns
    -------
    Variable
        Its answers.

    Raises
    ------
    QuestionError
        There is no such question.
    EstimationError
        It is a grid of several items.
    """
    found = variables(data, name)
    if len(found) != 1:
        raise EstimationError(
            f"{name!r} is a grid of {len(found)} items and only one can be used here. "
            f"Name one item, such as {found[0].name!r}."
        )
    return found[0]


def numbers_of(
    variable: Variable, instead: str = "Ask for its proportions."
) -> Variable:
    """Give numbers, or the codes of a single response question as numbers.

    Parameters
    ----------
    variable : Variable
        Answers of n respondents.
    instead : str
        What to do where there are no numbers.

    Returns
    -------
    Variable
        The same with `value`; its base are respondents with a number, which "don't
        know" and other answers apart from a scale have not.

    Raises
    ------
    EstimationError
        The codes are no numbers, or it is multiple response.

    Examples
    --------
    >>> firms = pd.DataFrame({"score": ["1", "5", None]})
    >>> numbers_of(variables(firms, "score")[0]).value
    array([ 1.,  5., nan])
    """
    value = variable.value
    if value is None:
        value = _numbers(variable, instead)
    base = variable.base & np.isfinite(value)
    return replace(
        variable, codes=(), rows=(), position=None, value=value, chosen=None, base=base
    )


def _numbers(variable: Variable, instead: str) -> Floats:
    """Read the codes of a single response question as numbers (n,)."""
    if variable.position is None:
        raise EstimationError(
            f"{variable.name!r} is multiple response and has no numbers. {instead}"
        )
    numbers = code_numbers(variable)
    wordy = np.flatnonzero(scale_points(variable) & np.isnan(numbers))
    if wordy.size:
        words = [variable.codes[k] for k in wordy]
        raise EstimationError(
            f"{variable.name!r} has codes that are no numbers ({some(words, 3)}). "
            f"{instead}"
        )
    return np.append(numbers, np.nan)[variable.position]


def bases_of(design: ResolvedDesign, inside: Bools, *, per_head: bool = True) -> Bases:
    """Count the bases of C groups of respondents.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    inside : bool array (n, C)
        Who is in the base of which column.
    per_head : bool, default True
        Whether a replicate without anybody in the base says nothing; of a total it
        says 0.

    Returns
    -------
    Bases
        Unweighted, weighted and effective bases, and degrees of freedom.

    Examples
    --------
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame(index=range(4)))
    >>> bases_of(design, np.array([[True], [True], [True], [False]])).weighted
    array([3.])
    """
    weighted = design.weight @ inside
    effective = weighted**2 * inverse(design.weight2 @ inside)
    degrees = [domain_degrees(design, column) for column in inside.T]
    precision = Precision(
        inside.sum(axis=0).astype(float),
        effective,
        np.array(degrees, dtype=float),
        _lost(design, inside) if per_head else np.zeros_like(weighted),
    )
    return Bases(weighted, precision)


def _lost(design: ResolvedDesign, inside: Bools) -> Floats:
    """Count the replicates without anybody in each column (C,)."""
    if design.replicates is None:
        return np.zeros(inside.shape[1])
    factor = design.replicates.factor
    held = sum_by(design.cell, design.weight[:, None] * inside, len(factor))
    return np.asarray((factor.T @ held <= 0).sum(axis=0), dtype=np.float64)


def notes_of(bases: Bases, own: NDArray[np.object_]) -> NDArray[np.object_]:
    """Give every cell one note: why there is no interval comes first.

    Parameters
    ----------
    bases : Bases
        Bases of C columns.
    own : object array (R, C)
        Notes of the estimator, ``""`` where it has none.

    Returns
    -------
    object array (R, C)
        Notes.
    """
    general = np.array(precision_notes(bases.precision), dtype=object)
    return np.where(bases.precision.known & (own != ""), own, general)


def tidy(
    question: str,
    rows: Sequence[tuple[str, str]],
    columns: Sequence[str],
    cells: Cells,
    bases: Bases,
    more: Mapping[str, Floats] | None = None,
) -> pd.DataFrame:
    """Write estimates as the tidy frame of `proportion`, column by column.

    Parameters
    ----------
    question : str
        Name of what was estimated.
    rows : sequence of (code, label)
        R rows.
    columns : sequence of str
        C domains.
    cells : Cells
        Estimates.
    bases : Bases
        Bases of the columns.
    more : mapping of name to float array (R, C), optional
        Further columns of the frame.

    Returns
    -------
    DataFrame
        C times R rows.
    """
    values = {
        "estimate": cells.estimate,
        "std_error": cells.std_error,
        "conf_low": cells.interval.low,
        "conf_high": cells.interval.high,
        "deff": cells.deff,
    }
    ends = {
        "base_unweighted": bases.precision.base.astype(int),
        "base_weighted": bases.weighted,
        "base_effective": bases.precision.base_effective,
        "degrees_of_freedom": bases.precision.degrees_of_freedom.astype(int),
    }
    return pd.DataFrame(
        {
            "question": question,
            "code": [code for code, _ in rows] * len(columns),
            "label": [label for _, label in rows] * len(columns),
            "domain": np.repeat(np.array(columns, dtype=object), len(rows)),
            **{name: value.T.ravel() for name, value in values.items()},
            **{name: np.repeat(value, len(rows)) for name, value in ends.items()},
            "note": cells.note.T.ravel(),
            **{name: value.T.ravel() for name, value in (more or {}).items()},
        }
    )
