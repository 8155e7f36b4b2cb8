"""RawTable: what an export holds, before anyone says what it means.

Importers know nothing of questionnaires. They deliver values as typed and
whatever the platform tells about its columns.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from survey.importers.definition import QuestionDefinition


@dataclass(frozen=True, slots=True)
class ColumnLabel:
    """What the platform says about one column.

    Attributes
    ----------
    question : str
        Id of the question the column belongs to (``q4``, ``barriers``); empty for
        columns the platform adds itself (respondent id, dates, status).
    wording : str
        Text of the question.
    option : str
        Label of the option or grid item the column stands for; empty where the
        column holds the whole answer.
    option_code : str
        Code of that option or item where the name of the column tells it
        (``SQ001`` of ``barriers[SQ001]``); ``other`` for a free-text companion.
    values : mapping of code to label
        Value labels.
    measure : str
        ``nominal``, ``ordinal``, ``scale`` or empty.
    """

    question: str = ""
    wording: str = ""
    option: str = ""
    option_code: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""


@dataclass(frozen=True, slots=True)
class MissingRange:
    """User-missing values from `low` to `high`, both included.

    A single value has `low` equal to `high`. Numbers are compared as numbers when
    both ends are numbers, as texts otherwise.
    """

    low: float | str
    high: float | str


def is_user_missing(value: str, ranges: Iterable[MissingRange]) -> bool:
    """Say whether a value was declared missing.

    Parameters
    ----------
    value : str
        Value as text.
    ranges : iterable of MissingRange
        Values and ranges declared in the file.

    Returns
    -------
    bool
        True inside any of them.

    Examples
    --------
    >>> is_user_missing("98", [MissingRange(97.0, 99.0)])
    True
    """
    for limits in ranges:
        if isinstance(limits.low, str) or isinstance(limits.high, str):
            if str(limits.low) <= value <= str(limits.high):
                return True
        elif limits.low <= number_or_nan(value) <= limits.high:
            return True
    return False


def number_or_nan(value: str) -> float:
    """Read a number as a program writes it.

    Parameters
    ----------
    value : str
        Any text.

    Returns
    -------
    float
        NaN where the text is no number.

    Examples
    --------
    >>> number_or_nan("2.5"), number_or_nan("many")
    (2.5, nan)
    """
    try:
        return float(value)
    except ValueError:
        return float("nan")


@dataclass(frozen=True, slots=True)
class MultipleSet:
    """A multiple response set stored in the file.

    Attributes
    ----------
    name, label : str
        Name without the leading ``$``, and text.
    columns : tuple of str
        Names of the columns of the set.
    counted_value : str or None
        Value that means chosen (multiple dichotomy); None for a set of
        categories, where each column holds one mention.
    """

    name: str
    label: str
    columns: tuple[str, ...]
    counted_value: str | None


@dataclass(frozen=True, slots=True)
class Source:
    """Where a table came from.

    Attributes
    ----------
    name : str
        File name without its folder.
    sha256 : str
        Hash of the file's bytes.
    layout : str
        ``surveymonkey``, ``limesurvey``, ``spss``, ``plain`` ...
    encoding : str
        Text encoding; empty for binary formats.
    reasons : tuple of str
        Why the layout was recognised, and what was skipped on the way
        (``688 empty rows``).
    empty_rows : int
        Rows without any value that were left out.
    """

    name: str
    sha256: str
    layout: str
    encoding: str = ""
    reasons: tuple[str, ...] = ()
    empty_rows: int = 0


@dataclass(frozen=True, slots=True)
class RawTable:
    """An export as it was read.

    Attributes
    ----------
    frame : DataFrame
        One row per record. Columns have unique names and are either text (dtype
        ``str``, blank is missing) or ``float64`` (numbers of a binary format).
        Dates are ISO 8601 texts.
    labels : mapping of column name to ColumnLabel
        One entry for every column, in the order of the frame.
    missing : mapping of column name to tuple of MissingRange
        User-missing values; columns without any are left out.
    sets : tuple of MultipleSet
        Multiple response sets of the file.
    source : Source
        File, hash, layout.
    definitions : mapping of question to QuestionDefinition
        What a definition of the survey says of its questions, where there is one.
    weight : str
        Column that the file declares as its weight; empty where there is none.
    """

    frame: pd.DataFrame
    labels: Mapping[str, ColumnLabel]
    missing: Mapping[str, tuple[MissingRange, ...]]
    sets: tuple[MultipleSet, ...]
    source: Source
    definitions: Mapping[str, QuestionDefinition] = field(default_factory=dict)
    weight: str = ""
