"""Margins: respondents placed on the categories that have targets.

A code that only one side has, a blank and a target of 0 are refused by name.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some
from survey.responses.values import shortest
from survey.weighting.base import one_column
from survey.weighting.places import Places, places_of
from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]
Margins = Mapping[str | tuple[str, ...], Mapping[object, float]]

# Targets that sum to this or more are counts, not shares.
_COUNTS_FROM = 2.0
# Published shares are rounded; a sum this close to 1 is 1.
_SUM_GAP = 1e-6


def code_text(value: object) -> str:
    """Write a category as the text that codes are compared by.

    Parameters
    ----------
    value : object
        A code from a table or a target file.

    Returns
    -------
    str
        ``"1"`` for 1, 1.0 and ``"1"``.

    Examples
    --------
    >>> code_text(1.0), code_text(True), code_text("north")
    ('1', '1', 'north')
    """
    if isinstance(value, (bool, np.bool_)):
        return str(int(value))
    if isinstance(value, (float, np.floating)) and np.isfinite(value):
        return shortest(float(value))
    return str(value)


def place_margin(
    respondents: pd.DataFrame,
    name: str | tuple[str, ...],
    targets: Mapping[object, float],
    used: NDArray[np.bool_] | None = None,
) -> Margin:
    """Check a margin and place every respondent on it.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent.
    name : str or tuple of str
        Column, or columns of a crossed margin.
    targets : mapping of code to number
        Targets above 0: shares that sum to 1, or counts.
    used : bool array (n,), optional
        Respondents who count; everyone when omitted.

    Returns
    -------
    Margin
        Codes, shares, and the category of every respondent.

    Raises
    ------
    MarginError
        Targets and answers have different codes, a target is 0 or no number,
        targets do not sum to 1, or the margin has blanks.

    Examples
    --------
    >>> firms = pd.DataFrame({"size": ["s", "l", "s"]})
    >>> place_margin(firms, "size", {"l": 20, "s": 60}).position.tolist()
    [1, 0, 1]
    """
    columns = (name,) if isinstance(name, str) else tuple(name)
    label = " x ".join(columns)
    # A Series of shares is a mapping in all but name.
    targets = dict(targets)
    found = [_margin_column(respondents, column) for column in columns]
    if len(columns) == 1:
        targets = _of_truth(found[0], targets)
    codes, shares = _targets(label, columns, targets)
    position, names = _answers(found, used)
    counted = position if used is None else position[used]
    counts = np.bincount(counted, minlength=len(names)).tolist()
    answered = dict.fromkeys(names, 0)
    # 1 and "1" in one column are one category.
    for code, count in zip(names, counts, strict=True):
        answered[code] += count
    _check_codes(label, codes, answered)
    place = {code: k for k, code in enumerate(codes)}
    # A code without a target is left where nobody counts.
    order = np.array([place.get(code, 0) for code in names], dtype=np.intp)
    return Margin(name, codes, shares, order[position])


def _margin_column(respondents: pd.DataFrame, name: str) -> pd.Series:
    """Give the column of a margin."""
    if name not in respondents.columns:
        raise MarginError(
            f"margin column {name!r} is not among the columns "
            f"({some(respondents.columns)})."
        )
    return one_column(respondents, name)


def _of_truth(
    column: pd.Series, targets: Mapping[object, float]
) -> Mapping[object, float]:
    """Let "True" and "False" stand for the values of a column of truth values."""
    if not pd.api.types.is_bool_dtype(column):
        return targets
    values = {"True": True, "False": False}
    changed = {values.get(str(code), code): goal for code, goal in targets.items()}
    # Two names of one value stay two, and are refused later.
    return changed if len(changed) == len(targets) else targets


def _targets(
    label: str, columns: tuple[str, ...], targets: Mapping[object, float]
) -> tuple[tuple[str, ...], Floats]:
    """Give codes as text and targets as shares with sum 1."""
    codes = tuple(_target_code(label, columns, code) for code in targets)
    if len(set(codes)) < len(codes):
        twice = sorted({code for code in codes if codes.count(code) > 1})
        raise MarginError(
            f"margin {label!r} has two targets for {some(twice)}. Keep one of them."
        )
    try:
        values = np.array(list(targets.values()), dtype=float)
    except (TypeError, ValueError):
        raise MarginError(
            f"margin {label!r} has targets that are no numbers "
            f"({some(targets.values())}). Give shares or counts."
        ) from None
    wrong = [c for c, v in zip(codes, values, strict=True) if not 0 < v < np.inf]
    if wrong or not codes:
        raise MarginError(
            f"margin {label!r} needs targets above 0; {some(wrong) or 'no code'} "
            "has none. Merge such a code with another, or leave out who gave it."
        )
    summed = float(values.sum())
    if summed < _COUNTS_FROM and abs(summed - 1) > _SUM_GAP:
        listed = ", ".join(f"{c} {v:.1%}" for c, v in zip(codes, values, strict=True))
        raise MarginError(
            f"margin {label!r} needs shares that sum to 1, but they sum to "
            f"{summed:.4f}: {listed}. Divide counts by their total."
        )
    return codes, values / summed


def _target_code(label: str, columns: tuple[str, ...], code: object) -> str:
    """Write a code of a target; a crossed margin has one part per column."""
    if len(columns) == 1:
        return code_text(code)
    if not isinstance(code, tuple) or len(code) != len(columns):
        raise MarginError(
            f"margin {label!r} is crossed, and its code {code!r} is no tuple of "
            f"{len(columns)} codes. Write one code for each column."
        )
    return " x ".join(code_text(part) for part in code)


def _answers(
    columns: list[pd.Series], used: NDArray[np.bool_] | None
) -> tuple[Places, tuple[str, ...]]:
    """Give the category of every respondent as a number, and the names."""
    position, names = _categories(columns[0], used)
    for column in columns[1:]:
        second, second_names = _categories(column, used)
        key = position.astype(np.intp) * len(second_names) + second
        position, occurring = pd.factorize(key)
        names = tuple(
            f"{names[k // len(second_names)]} x {second_names[k % len(second_names)]}"
            for k in occurring.tolist()
        )
    return position, names


def _categories(
    column: pd.Series, used: NDArray[np.bool_] | None
) -> tuple[Places, tuple[str, ...]]:
    """Give the categories of one column as numbers; blanks are an error."""
    position, values = places_of(column)
    if position.min(initial=0) < 0:
        blank = position < 0
        missing = blank if used is None else blank & used
        if missing.any():
            raise MarginError(
                f"margin {column.name!r} is missing for {int(missing.sum())} of "
                f"{len(blank)} respondents (ids {some(column.index[missing])}). Give "
                "them a class of their own with a target, or leave them out."
            )
        # Who does not count may have any place.
        position = np.where(blank, 0, position)
    return position, tuple(code_text(value) for value in values)


def _check_codes(label: str, codes: tuple[str, ...], answered: dict[str, int]) -> None:
    """Refuse codes that only the targets or only the answers have."""
    only_answered = {c: n for c, n in answered.items() if n and c not in codes}
    only_targets = [code for code in codes if not answered.get(code)]
    if not only_answered and not only_targets:
        return
    lines = [f"margin {label!r} and the respondents disagree on its codes."]
    if only_answered:
        count = sum(only_answered.values())
        lines.append(
            f"  answered but without a target: {some(sorted(only_answered))} "
            f"({count} respondents)"
        )
    if only_targets:
        lines.append(f"  with a target but never answered: {some(only_targets)}")
    lines.append("Merge the codes on both sides so that they match.")
    if only_answered:
        lines.append(
            "A code that is no answer, such as don't know, is left blank, or listed "
            "under missing_codes in the mapping of a target file."
        )
    raise MarginError("\n".join(lines))
