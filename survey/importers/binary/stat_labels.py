"""What files of SPSS and Stata say about a variable, as a label of a column."""

from survey.importers.binary.por_dictionary import End
from survey.importers.binary.series import numeral
from survey.importers.binary.statfile import StatColumn
from survey.importers.labels import tidy
from survey.importers.raw import ColumnLabel

_MEASURES = ("nominal", "ordinal", "scale")


def described(column: StatColumn) -> ColumnLabel:
    """Give the label of a column.

    Parameters
    ----------
    column : StatColumn
        A variable.

    Returns
    -------
    ColumnLabel
        Texts on one line. Extended missing values of Stata are ``.a`` to ``.z``.

    Examples
    --------
    >>> import numpy as np
    >>> values = ((1.0, "small"), ("a", "refused"))
    >>> label = described(
    ...     StatColumn("size", "Size", "%8.0g", "", values, (), np.ones(1), None))
    >>> dict(label.values)
    {'1': 'small', '.a': 'refused'}
    """
    is_text = not hasattr(column.cells, "dtype")
    return ColumnLabel(
        question=column.name,
        wording=tidy(column.wording),
        values={
            _code(value, is_text=is_text): tidy(text) for value, text in column.values
        },
        measure=column.measure if column.measure in _MEASURES else "",
    )


def _code(value: End, *, is_text: bool) -> str:
    """Write a value; a letter among numbers is an extended missing value."""
    lettered = isinstance(value, str) and not is_text
    return f".{value}" if lettered else numeral(value)
