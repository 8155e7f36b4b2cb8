"""Dimensions of margins: the category of every respondent on one question.

An answer that no band and no list of the mapping names is an error, never a guess.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some
from survey.responses.variable import Variable
from survey.said import Wording
from survey.weighting.mapping import Mapped, Recode
from survey.weighting.margins import code_text

Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Dimension:
    """Categories of n respondents on one question that margins are about.

    Attributes
    ----------
    name : str
        Question or column.
    codes : object array (n,)
        Category as text, empty where there is none.
    missing, outside : bool array (n,)
        Who gave no answer or does not know, and who is not in the population.
    labels : mapping of category to str
        What reports print, where it is known.
    notes : mapping of category to Wording
        How answers differ from targets.
    """

    name: str
    codes: Texts
    missing: Bools
    outside: Bools
    labels: Mapping[str, str]
    notes: Mapping[str, Wording]


def of_variable(
    variable: Variable, target: str, mapped: Mapped, used: Bools
) -> Dimension:
    """Give the categories of a question.

    Parameters
    ----------
    variable : Variable
        A question with one answer per respondent.
    target : str
        What the target file calls it.
    mapped : Mapped
        Bands.
    used : bool array (n,)
        Respondents who count.

    Returns
    -------
    Dimension
        "Don't know" and no answer are missing, unless a band holds the former.

    Raises
    ------
    MarginError
        The question has several answers, or the mapping does not fit its answers.
    """
    if variable.position is None:
        raise MarginError(
            f"margin {variable.name!r} allows several answers. Weight by questions "
            "with one answer."
        )
    recode = mapped.recodes.get(target)
    own = [row for row in variable.rows if row.role != "net"]
    unsure = {row.codes[0] for row in own if row.role in {"dont_know", "missing"}}
    labels = {row.codes[0]: row.label for row in own}
    names = np.array([*variable.codes, ""], dtype=object)
    if recode is None:
        answers = Recode({c: c for c in variable.codes if c not in unsure})
    else:
        _check_answers(variable, recode)
        # An answer that is no band keeps its label.
        kept = {code for code, band in recode.categories.items() if code == band}
        answers = recode
        labels = {code: text for code, text in labels.items() if code in kept}
    labels |= mapped.labels.get(target, {})
    return _placed(
        variable.name, names, variable.position, answers, unsure, used, labels
    )


def of_column(column: pd.Series, target: str, mapped: Mapped, used: Bools) -> Dimension:
    """Give the categories of a column of a plain table.

    Parameters
    ----------
    column : Series (n,)
        Texts or numbers; blanks are missing.
    target, mapped, used
        As for `of_variable`.

    Returns
    -------
    Dimension
        Categories.

    Raises
    ------
    MarginError
        An answer stands nowhere in the mapping.

    Examples
    --------
    >>> mapped = Mapped({}, {}, {"size": Recode({"1": "small"}, frozenset("9"))}, {})
    >>> sizes = pd.Series([1.0, 9.0, None], name="q4")
    >>> of_column(sizes, "size", mapped, np.ones(3, dtype=bool)).codes.tolist()
    ['small', '', '']
    """
    position, values = pd.factorize(column)
    texts = [code_text(value).strip() for value in values]
    names = np.array([*texts, ""], dtype=object)
    recode = mapped.recodes.get(target) or Recode({code: code for code in texts})
    labels = mapped.labels.get(target, {})
    return _placed(str(column.name), names, position, recode, set(), used, labels)


def _check_answers(variable: Variable, recode: Recode) -> None:
    """Refuse a mapping that names answers which the question does not have."""
    named = [*recode.categories, *recode.missing, *recode.outside]
    unknown = [code for code in named if code not in variable.codes]
    if unknown:
        raise MarginError(
            f"the mapping names the answers {some(unknown)}, and question "
            f"{variable.name!r} has {some(variable.codes)}. Correct the mapping."
        )


def _placed(
    name: str,
    names: Texts,
    position: NDArray[np.signedinteger],
    recode: Recode,
    unsure: AbstractSet[str],
    used: Bools,
    labels: Mapping[str, str],
) -> Dimension:
    """Recode answers, and refuse those that have no place."""
    category = np.array([recode.categories.get(each, "") for each in names], object)
    placed = category != ""
    lost = np.isin(names, list({"", *unsure, *recode.missing}))
    lost &= ~placed
    outside = np.isin(names, list(recode.outside))
    _check_known(name, names, (~(placed | lost | outside))[position] & used, position)
    return Dimension(
        name,
        np.asarray(category[position]),
        np.asarray(lost[position]),
        np.asarray(outside[position]),
        labels,
        recode.notes,
    )


def _check_known(
    name: str, names: Texts, unknown: Bools, position: NDArray[np.signedinteger]
) -> None:
    """Refuse answers that are in no band and in no list."""
    if not unknown.any():
        return
    counts = pd.Series(names[position[unknown]]).value_counts()
    shown = [f"{code} ({count} x)" for code, count in counts.items()]
    raise MarginError(
        f"margin {name!r}: {int(unknown.sum())} answers are in no band of the mapping: "
        f"{some(shown)}. Put each code in a band, or list it under 'missing_codes' or "
        "'outside'."
    )
