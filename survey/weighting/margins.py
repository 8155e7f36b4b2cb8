"""Margins: respondents placed on the categories that have targets.

A code that only one side has, a blank and a target of 0 are refused by name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, RakingError, some
from survey.responses.values import shortest
from survey.weighting.places import Places, places_of
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]
Margins = Mapping[str | tuple[str, ...], Mapping[object, float]]
BaseWeight = str | pd.Series | Weighting

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


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Weights before a fit.

    Attributes
    ----------
    weight : float array (n,)
        Weights, of which those above 0 have mean 1.
    made : Weighting or None
        The weighting that made them, where one did.
    order : int array (n,) or None
        Place of every respondent in `made`.
    given : float array (n,) or None
        Weights as they were given, on their own scale; `weight` when None.
    """

    weight: Floats
    made: Weighting | None = None
    order: NDArray[np.intp] | None = None
    given: Floats | None = None

    @property
    def used(self) -> NDArray[np.bool_]:
        """Respondents who count (n,)."""
        return self.weight > 0

    @property
    def start(self) -> Floats:
        """Weights before the first step (n,), on the scale that they came in."""
        if self.made is None or self.order is None:
            return self.weight if self.given is None else self.given
        return self.made.start.to_numpy(dtype=float)[self.order]


def find_base(respondents: pd.DataFrame, given: BaseWeight | None) -> Base:
    """Give the weights before a fit, checked.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent.
    given : str, Series or Weighting, optional
        Column, values with the same index, or weights made in an earlier step.

    Returns
    -------
    Base
        Weights with mean 1 among those above 0.

    Raises
    ------
    RakingError
        There are no respondents, or weights are negative, missing, or all 0.

    Examples
    --------
    >>> find_base(pd.DataFrame({"w": [2.0, 6.0, 0.0]}), "w").weight.tolist()
    [0.5, 1.5, 0.0]
    """
    if not len(respondents):
        raise RakingError("there are no respondents to weight.")
    if given is None:
        return Base(np.ones(len(respondents)))
    if isinstance(given, Weighting):
        order = given.order(respondents.index)
        return Base(mean_one(given.weight.to_numpy(dtype=float)[order]), given, order)
    if isinstance(given, str):
        if given not in respondents.columns:
            raise RakingError(
                f"base weight column {given!r} is not among the columns "
                f"({some(respondents.columns)})."
            )
        given = _one_column(respondents, given)
    if not isinstance(given, pd.Series):
        raise RakingError(
            f"base_weight is a {type(given).__name__}. Give the name of a column, a "
            "Series with the index of the respondents, or a Weighting."
        )
    numbers = pd.to_numeric(_in_order(given, respondents.index), errors="coerce")
    base = numbers.to_numpy(dtype=float, na_value=np.nan)
    bad = ~np.isfinite(base) | (base < 0)
    if bad.any():
        raise RakingError(
            f"base weights are negative, missing or infinite for {int(bad.sum())} of "
            f"{base.size} respondents (ids {some(respondents.index[bad])}). "
            "Correct them, or leave the respondents out."
        )
    if not base.any():
        raise RakingError(f"base weights are 0 for all {base.size} respondents.")
    # By a power of two, which is exact, so that weights of any size can be added up.
    return Base(mean_one(np.ldexp(base, -np.frexp(base.max())[1])), given=base)


def mean_one(weight: Floats) -> Floats:
    """Scale weights so that those above 0 have mean 1.

    Parameters
    ----------
    weight : float array (n,)
        Weights of 0 or more, one of them above 0.

    Returns
    -------
    float array (n,)
        Weights.

    Examples
    --------
    >>> mean_one(np.array([0.0, 1.0, 3.0])).tolist()
    [0.0, 0.5, 1.5]
    """
    return np.asarray(weight * (np.count_nonzero(weight) / weight.sum()))


def _in_order(given: pd.Series, index: pd.Index) -> pd.Series:
    """Bring base weights into the order of the respondents."""
    if given.index.equals(index):
        return given
    if not given.index.is_unique:
        raise RakingError(
            f"base_weight is a Series of {given.size} values whose index has "
            "duplicates and is not that of the respondents. Give it their index."
        )
    return given.reindex(index)


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


def _one_column(respondents: pd.DataFrame, name: str) -> pd.Series:
    """Give a column, and refuse several of one name."""
    column = respondents[name]
    if isinstance(column, pd.DataFrame):
        raise MarginError(
            f"there are {column.shape[1]} columns {name!r}. Rename all but one."
        )
    return column


def _margin_column(respondents: pd.DataFrame, name: str) -> pd.Series:
    """Give the column of a margin."""
    if name not in respondents.columns:
        raise MarginError(
            f"margin column {name!r} is not among the columns "
            f"({some(respondents.columns)})."
        )
    return _one_column(respondents, name)


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
