"""Raking: weights under which every margin of the sample meets its target.

Raking has converged when the margins are met, not when the weights stop moving.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, RakingError, some
from survey.responses.values import shortest
from survey.weighting.fitting import fit_tables
from survey.weighting.misses import achieved_shares, why_not
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]
Margins = Mapping[str | tuple[str, ...], Mapping[object, float]]

# Targets that sum to this or more are counts, not shares.
_COUNTS_FROM = 2.0
# Published shares are rounded; a sum this close to 1 is 1.
_SUM_GAP = 1e-6


def rake(
    respondents: pd.DataFrame,
    margins: Margins,
    *,
    base_weight: str | pd.Series | None = None,
    tolerance: float = 1e-10,
    max_passes: int = 2000,
) -> Weighting:
    """Weight respondents so that every sample margin matches its target.

    Iterative proportional fitting [1]_: each margin is scaled to its target in
    turn, pass after pass, until all of them hold at once.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent, one column of categories per margin, no blanks.
    margins : mapping of column, or tuple of columns, to {code: target}
        Targets above 0: shares that sum to 1 within 1e-6, or counts (any sum of 2
        or more), which are divided by their sum. A tuple of columns is a crossed
        margin, and its codes are tuples. Codes match as text: ``"1"`` is 1 and 1.0.
    base_weight : str or Series, optional
        Weight of each respondent before raking, a column or values with the same
        index; 1 for everyone when omitted.
    tolerance : float, default 1e-10
        Largest gap allowed between a weighted share and its target.
    max_passes : int, default 2000
        Passes over all margins before giving up.

    Returns
    -------
    Weighting
        Weights with mean 1, and the margins, which the variance needs.

    Raises
    ------
    MarginError
        Targets and answers have different codes, a target is 0 or no number,
        targets do not sum to 1, or a margin has blanks.
    RakingError
        Base weights cannot be used, or the margins cannot all be met.

    See Also
    --------
    deff_kish : Variance that the weights cost.
    margin_table : Targets beside what was achieved.

    Notes
    -----
    The fit runs on the table of distinct combinations of categories, so its cost
    does not grow with the respondents. One crossed margin is post-stratification.

    References
    ----------
    .. [1] Deming and Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444.

    Examples
    --------
    Three of four firms answering are small; in the population it is half.

    >>> firms = pd.DataFrame({"size": ["small", "small", "small", "large"]})
    >>> rake(firms, {"size": {"small": 0.5, "large": 0.5}}).weight.round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    if not margins:
        raise MarginError("there is no margin to rake to. Name at least one.")
    base = _base_weight(respondents, base_weight)
    fitted = tuple(
        _margin(respondents, name, targets) for name, targets in margins.items()
    )
    cell, positions = _cells(fitted)
    start = np.bincount(cell, weights=base).astype(np.float64, copy=False)
    tables, passes = fit_tables(
        start[:, None],
        list(positions),
        fitted,
        tolerance=tolerance,
        max_passes=max_passes,
    )
    weight = base * (tables[:, 0] / np.where(start > 0, start, 1.0))[cell]
    weight = weight / weight.mean()
    gaps = [float(np.abs(achieved_shares(m, weight) - m.targets).max()) for m in fitted]
    # Not <=, so that a gap that is no number is refused as well.
    if not max(gaps) <= tolerance:
        raise RakingError(why_not(fitted, gaps, weight, passes))
    return Weighting(
        pd.Series(weight, index=respondents.index, name="weight"),
        pd.Series(base, index=respondents.index, name="base_weight"),
        fitted,
        passes,
        max(gaps),
    )


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


def _base_weight(respondents: pd.DataFrame, given: str | pd.Series | None) -> Floats:
    """Give base weights with mean 1, checked."""
    if not len(respondents):
        raise RakingError("there are no respondents to weight.")
    if given is None:
        return np.ones(len(respondents))
    if isinstance(given, str):
        if given not in respondents.columns:
            raise RakingError(
                f"base weight column {given!r} is not among the columns "
                f"({some(respondents.columns)})."
            )
        given = _one_column(respondents, given)
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
    return np.asarray(base / base.mean())


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


def _margin(
    respondents: pd.DataFrame,
    name: str | tuple[str, ...],
    targets: Mapping[object, float],
) -> Margin:
    """Check a margin and place every respondent on it."""
    columns = (name,) if isinstance(name, str) else tuple(name)
    label = " x ".join(columns)
    if len(columns) == 1 and name in respondents:
        targets = _of_truth(_one_column(respondents, columns[0]), targets)
    codes, shares = _targets(label, columns, targets)
    position, answered = _answers(respondents, columns)
    counts = np.bincount(position, minlength=len(answered))
    _check_codes(label, codes, dict(zip(answered, counts.tolist(), strict=True)))
    place = {code: k for k, code in enumerate(codes)}
    order = np.array([place[code] for code in answered], dtype=np.intp)
    return Margin(name, codes, shares, order[position])


def _one_column(respondents: pd.DataFrame, name: str) -> pd.Series:
    """Give a column, and refuse several of one name."""
    column = respondents[name]
    if isinstance(column, pd.DataFrame):
        raise MarginError(
            f"there are {column.shape[1]} columns {name!r}. Rename all but one."
        )
    return column


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
    respondents: pd.DataFrame, columns: tuple[str, ...]
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Give the category of every respondent as a number, and the names."""
    position, names = _column(respondents, columns[0])
    for column in columns[1:]:
        second, second_names = _column(respondents, column)
        key = position * len(second_names) + second
        occurring, place = np.unique(key, return_inverse=True)
        position = place.astype(np.intp)
        names = tuple(
            f"{names[k // len(second_names)]} x {second_names[k % len(second_names)]}"
            for k in occurring.tolist()
        )
    return position, names


def _column(
    respondents: pd.DataFrame, column: str
) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Give the categories of one column as numbers; blanks are an error."""
    if column not in respondents.columns:
        raise MarginError(
            f"margin column {column!r} is not among the columns "
            f"({some(respondents.columns)})."
        )
    position, values = pd.factorize(_one_column(respondents, column))
    blank = position < 0
    if blank.any():
        raise MarginError(
            f"margin {column!r} is missing for {int(blank.sum())} of {len(blank)} "
            f"respondents (ids {some(respondents.index[blank])}). Give them a class "
            "of their own with a target, or leave them out."
        )
    # 1 and "1" in one column are one category.
    texts = [code_text(value) for value in values]
    names = tuple(dict.fromkeys(texts))
    place = np.array([names.index(text) for text in texts], dtype=np.intp)
    return place[position], names


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
    raise MarginError("\n".join(lines))


def _cells(margins: tuple[Margin, ...]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give a number to the combinations that occur, and place them on every margin."""
    first, cell = np.unique(
        margins[0].position, return_index=True, return_inverse=True
    )[1:]
    for margin in margins[1:]:
        key = cell * margin.targets.size + margin.position
        first, cell = np.unique(key, return_index=True, return_inverse=True)[1:]
    positions = np.array([margin.position[first] for margin in margins])
    return cell.astype(np.intp), positions
