"""Draft which columns describe the record or identify a person.

What is neither is a question, also where its header looks like one of a platform:
weights in kilograms and a marital status are answers.
"""

import re
from collections.abc import Mapping
from typing import Final

from survey.importers.labels import comparable
from survey.importers.personal import personal_values
from survey.importers.system import HEADERS, Role, role_of, squeezed
from survey.questionnaire.columns import (
    Column,
    are_dates,
    are_integers,
)
from survey.questionnaire.drafting.weight import sizes_of
from survey.questionnaire.model import Paradata

_FIELDS: Final = tuple(Paradata.model_fields)
_COMPLETE: Final = {"complete", "completed", "true", "finished", "vollständig"}
_SCREENED: Final = {
    "disqualified",
    "screened out",
    "screened_out",
    "screen out",
    "screenout",
    "ausgescreent",
}
_PERSON = re.compile(
    r"\b(e-?mail|ip)[ -]?(address|adresse)\b|\b(full|first|last) name\b|\byour name\b"
    r"|\b(tele)?phone$|\b(tele)?phone number\b|\b(mobile|cell) number\b"
    r"|\b(telefon|handy|mobil|ruf)(nummer|nr)\b|\b(ihr|vollständiger) name\b"
    r"|\bpanel(ist)?[ -]?(id|nummer)\b|\b(your|ihre) e-?mail\b"
    r"|^(q\d+[. ]*)?(name|e-?mail)$"
)
_MOMENT = re.compile(r"\d[T ]+(\d{1,2}:\d{2}(?::\d{2})?)")
_LEAST_IDS: Final = 5
_WEIGHT_MEAN: Final = (0.5, 2.0)


def role_in_export(column: Column, records: int) -> Role:
    """Say what a column is that is no question.

    Parameters
    ----------
    column : Column
        What the export holds.
    records : int
        How many records there are.

    Returns
    -------
    Role
        Empty for a question.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = Column("Start Date", ColumnLabel(), {}, np.zeros(2, bool), numeric=False)
    >>> role_in_export(held, 2)
    'other'
    """
    label = column.label
    if not label.question and not label.wording and not column.values:
        return "other"
    role = role_of(column.name)
    if role == "status":
        return _status_role(column)
    if label.values:
        return ""
    if role == "weight":
        return role if _is_weight(column) else ""
    by_platform = not label.question and not label.wording
    return role or _role_by_values(column, records) or ("other" if by_platform else "")


def with_declared_weight(
    roles: Mapping[str, Role], columns: Mapping[str, Column], weight: str
) -> dict[str, Role]:
    """Make the column that the file declares as its weight the only one.

    Parameters
    ----------
    roles : mapping of name to Role
        What each column is by its header and its cells.
    columns : mapping of name to Column
        All columns of the export.
    weight : str
        Column that the file declares; empty where there is none.

    Returns
    -------
    dict of name to Role
        As it was where the column holds anything but numbers from 0.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = Column("W2", ColumnLabel(), {"1.5": 1}, np.ones(1, bool), numeric=True)
    >>> with_declared_weight({"W2": ""}, {"W2": held}, "W2")
    {'W2': 'weight'}
    """
    if weight not in columns or not sizes_of(columns[weight]):
        return dict(roles)
    others: dict[str, Role] = {
        name: "other" if role == "weight" else role for name, role in roles.items()
    }
    return others | {weight: "weight"}


def complete_values(column: Column) -> tuple[str, ...]:
    """Give the values of a status that mean a complete record.

    Parameters
    ----------
    column : Column
        The status.

    Returns
    -------
    tuple of str
        Known words, values whose label is such a word, and 1 under "Finished".

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Complete": 3, "Partial": 1}
    >>> held = Column("Status", ColumnLabel(), counts, np.ones(4, bool), numeric=False)
    >>> complete_values(held)
    ('Complete',)
    """
    words = _COMPLETE | ({"1"} if squeezed(column.name) == "finished" else set())
    return _with_words(column, words)


def screened_out_values(column: Column) -> tuple[str, ...]:
    """Give the values of a status that mean screened out.

    Parameters
    ----------
    column : Column
        The status.

    Returns
    -------
    tuple of str
        Known words, and values whose label is such a word.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Complete": 3, "Disqualified": 1}
    >>> held = Column("Status", ColumnLabel(), counts, np.ones(4, bool), numeric=False)
    >>> screened_out_values(held)
    ('Disqualified',)
    """
    return _with_words(column, _SCREENED)


def draft_paradata(
    columns: Mapping[str, Column], roles: Mapping[str, Role]
) -> Paradata:
    """Choose the column for every field that describes the record.

    Parameters
    ----------
    columns : mapping of name to Column
        All columns of the export.
    roles : mapping of name to Role
        What each of them is.

    Returns
    -------
    Paradata
        Where several columns have a role, the one with the better known header.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = Column("id", ColumnLabel(), {"7": 1}, np.ones(1, bool), numeric=False)
    >>> draft_paradata({"id": held}, {"id": "respondent"}).respondent
    'id'
    """
    chosen: dict[str, str] = {}
    for field in _FIELDS:
        names = [name for name, role in roles.items() if role == field]
        filled = [name for name in names if columns[name].values]
        if filled:
            chosen[field] = min(filled, key=_precedence)
    return Paradata(**chosen)


def _status_role(column: Column) -> Role:
    """Tell a status of the record from a time and from an answer."""
    if are_dates(column.values):
        return "finished"
    if complete_values(column):
        return "status"
    asked = column.label.question and (column.numeric or column.label.values)
    return "" if asked else "other"


def _with_words(column: Column, words: set[str]) -> tuple[str, ...]:
    """Give the values that are among words, themselves or by their label."""
    labels = column.label.values
    return tuple(
        value
        for value in column.values
        if comparable(labels.get(value, value)) in words
    )


def _role_by_values(column: Column, records: int) -> Role:
    """Say what a column is that is no question, from what it holds."""
    if _identifies(column):
        return "personal"
    if _is_record_id(column, records):
        return "respondent"
    return "other" if _is_stamp(column) else ""


def _is_stamp(column: Column) -> bool:
    """Tell moments that a platform notes; people are asked for days or times of day."""
    if column.label.option or not are_dates(column.values):
        return False
    clocks = [_MOMENT.search(value) for value in column.values]
    return all(clocks) and any(clock[1].strip("0:") for clock in clocks if clock)


def _is_weight(column: Column) -> bool:
    """Tell weights of respondents from weights in kilograms."""
    sizes = sizes_of(column)
    if not sizes:
        return False
    total = sum(sizes[value] * count for value, count in column.counts.items())
    low, high = _WEIGHT_MEAN
    return low <= total / column.answers <= high


def _identifies(column: Column) -> bool:
    """Tell whether a column names a person: by its header, or by what it holds."""
    label = column.label
    named = any(_PERSON.search(comparable(t)) for t in (label.wording, label.option))
    return bool(column.values) and (
        personal_values(column.values) != ""
        or (named and len(column.values) > column.answers / 2)
    )


def _is_record_id(column: Column, records: int) -> bool:
    """Tell running numbers of the records from answers."""
    name = squeezed(column.name)
    return (
        name.endswith(("id", "nr", "nummer", "number"))
        and records >= _LEAST_IDS
        and len(column.values) == records
        and are_integers([value.removesuffix(".0") for value in column.values])
    )


def _precedence(name: str) -> int:
    """Rank headers of the same role; unknown ones come last."""
    order = [header for headers in HEADERS.values() for header in headers]
    header = squeezed(name)
    return order.index(header) if header in order else len(order)
