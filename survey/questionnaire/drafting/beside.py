"""Find the answer beside which a text was typed, by the name of its column.

Decipher calls it ``Q2r5oe`` and Qualtrics ``Q2_5_TEXT``, where the answer is ``Q2r5``
or ``Q2_5``, or the code 5 in ``Q2``.
"""

import re
from collections.abc import Sequence
from typing import Final

from survey.questionnaire.columns import Column

_MARK: Final = re.compile(r"(?:oe|_text|_other)$", re.IGNORECASE)
_ROW: Final = re.compile(r"r(\d+)(?:c\d+)?|_(\w+)")


def beside_columns(
    typed: Sequence[Column], options: Sequence[Column]
) -> dict[str, Column]:
    """Pair options with the texts that were typed beside them.

    Parameters
    ----------
    typed : sequence of Column
        Texts.
    options : sequence of Column
        Columns that stand for options.

    Returns
    -------
    dict of name of an option to Column
        Texts whose name is that of an option, with a mark behind it.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> nobody = np.zeros(1, bool)
    >>> main, text = (Column(name, ColumnLabel(), {}, nobody, numeric=False)
    ...     for name in ("Q2r5", "Q2r5oe"))
    >>> beside_columns([text], [main])["Q2r5"].name
    'Q2r5oe'
    """
    known = {option.name for option in options}
    found = {_MARK.sub("", column.name): column for column in reversed(typed)}
    return {name: column for name, column in found.items() if name in known}


def code_beside(typed: Column, question: str) -> str:
    """Give the code of the answer beside which a text was typed.

    Parameters
    ----------
    typed : Column
        The text.
    question : str
        Name of the column that holds the codes.

    Returns
    -------
    str
        Empty where the name of the text does not tell.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> nobody = np.zeros(1, bool)
    >>> text = Column("Q4r5oe", ColumnLabel(), {}, nobody, numeric=False)
    >>> code_beside(text, "Q4")
    '5'
    """
    stem = _MARK.sub("", typed.name)
    if stem == typed.name or not stem.startswith(question):
        return ""
    found = _ROW.fullmatch(stem.removeprefix(question))
    return (found[1] or found[2]) if found else ""
