"""Variable: one question, grid item or column, ready to be tabulated.

This is all that the estimation engine sees of a questionnaire.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Role = Literal["category", "net", "dont_know", "missing", "exclusive"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a stub: a category, or a net of several codes.

    `codes` are the codes that count; a category counts its own code only.
    `code` is what results call the row; `depth` indents categories under a net.
    """

    code: str
    label: str
    codes: tuple[str, ...]
    role: Role = "category"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class Variable:
    """Answers of all respondents to one question, as arrays.

    Attributes
    ----------
    name, label : str
        Id in results, and short label for people.
    codes : tuple of str
        The K codes in the order of the questionnaire.
    rows : tuple of Row
        What a table shows: categories and nets, in order.
    position : int array (n,) or None
        Index into `codes` for exclusive answers, -1 where there is none; None for
        multiple response and numbers.
    chosen : bool array (n, K) or None
        Multiple response: which codes each respondent chose.
    value : float array (n,) or None
        Numeric answer, NaN where there is none.
    base : bool array (n,)
        Respondents in the base.
    base_text : str
        What the base is, in words: ``answered``, ``asked``, ``named at least one``.
    """

    name: str
    label: str
    codes: tuple[str, ...]
    rows: tuple[Row, ...]
    position: NDArray[np.intp] | None
    chosen: NDArray[np.bool_] | None
    value: NDArray[np.float64] | None
    base: NDArray[np.bool_]
    base_text: str = "answered"
