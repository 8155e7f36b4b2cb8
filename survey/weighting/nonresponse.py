"""Nonresponse: respondents who stand for those who were sampled and did not answer.

Everyone sampled stays in the file; who did not answer gets weight 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, WeightingError, some
from survey.weighting.base import Base, BaseWeight, find_base, mean_one
from survey.weighting.propensity import (
    Regressors,
    categories,
    fitted_propensity,
    regressors,
)
from survey.weighting.recipe import before
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
Method = Literal["classes", "propensity"]

# Digits in which propensities of units that are alike are equal.
_DIGITS = 12
_MOST_SHOWN = 8


@dataclass(frozen=True, slots=True, eq=False)
class _Classes:
    """Class of n sampled units; `like` has one row of places for each class."""

    position: NDArray[np.intp]
    names: tuple[str, ...]
    like: NDArray[np.intp] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Adjusted:
    """Weights (n,) and the factors of classes; of respondents where there is none."""

    weight: Floats
    factor: Floats
    names: tuple[str, ...] = ()
    respondents: NDArray[np.intp] | None = None


def adjust_nonresponse(
    sampled: pd.DataFrame,
    responded: str | pd.Series,
    by: str | Sequence[str],
    *,
    method: Method = "classes",
    base_weight: BaseWeight | None = None,
    classes: int | None = 5,
    min_class: int = 20,
    max_factor: float = 3.0,
) -> Weighting:
    """Raise the weights of respondents so that they stand for all who were sampled.

    Parameters
    ----------
    sampled : DataFrame (n,)
        One row for everyone sampled, whether they responded or not.
    responded : str or Series of bool (n,)
        Who responded: a column, or values with the same index.
    by : str or sequence of str
        Columns that are known of everyone.
    method : {"classes", "propensity"}, default "classes"
        ``classes``: the crossed categories of `by` are classes, in each of which the
        respondents take over the weight of all [1]_. ``propensity``: response is
        regressed on `by` (numbers as they are, other columns as factors) by weighted
        logistic regression, and units of similar propensity make the classes [2]_.
    base_weight : str, Series or Weighting, optional
        Weight of everyone sampled; 1 when omitted. Units of weight 0 stay out.
    classes : int or None, default 5
        With ``propensity``: classes with equal numbers of sampled units; None divides
        by the propensity itself.
    min_class : int, default 20
        Classes with fewer respondents are named in `steps`.
    max_factor : float, default 3.0
        Classes whose weights grow by more are named in `steps`.

    Returns
    -------
    Weighting
        Weights of everyone sampled: 0 for those who did not respond, mean 1 for the
        others; no margins. `steps` has classes, factors and what is noteworthy.

    Raises
    ------
    WeightingError
        Arguments cannot be used, or nobody responded.
    MarginError
        A column of `by` is not there or has blanks; a class has no respondent; in a
        category nobody or everybody responded (``propensity``).
    RakingError
        Base weights cannot be used, or response is predicted perfectly.

    References
    ----------
    .. [1] Oh and Scheuren (1983), in: Incomplete Data in Sample Surveys, vol. 2.
    .. [2] Little (1986), International Statistical Review 54(2), 139-157.

    Examples
    --------
    One of three small firms and one of one large firm responded.

    >>> firms = pd.DataFrame({"size": ["s", "s", "s", "l"], "back": [1, 0, 0, 1]})
    >>> adjust_nonresponse(firms, "back", "size").weight.tolist()
    [1.5, 0.0, 0.0, 0.5]
    """
    columns = (by,) if isinstance(by, str) else tuple(by)
    _check(method, columns, classes)
    base = find_base(sampled, base_weight)
    answered = _answered(sampled, responded, base.used)
    adjust = _adjustment(sampled, answered, columns, base.used, method, classes)
    made = adjust(base.weight)
    how = "" if method == "classes" else "propensity, "
    words = _in_words(made, answered, base.weight, min_class, max_factor)
    step = f"Nonresponse adjustment ({how}{' x '.join(columns)}): {words}"
    earlier = base.made
    return Weighting(
        pd.Series(mean_one(made.weight), index=sampled.index, name="weight"),
        pd.Series(base.weight, index=sampled.index, name="base_weight"),
        (),
        0,
        0.0,
        start_weight=pd.Series(base.start, index=sampled.index, name="start_weight"),
        again=partial(_again, adjust, base),
        steps=(*(() if earlier is None else earlier.steps), step),
    )


def _again(adjust: Callable[[Floats], _Adjusted], base: Base, start: Floats) -> Floats:
    """Make the weights again from other start weights."""
    return mean_one(adjust(mean_one(before(base, start))).weight)


def _check(method: str, columns: tuple[str, ...], classes: int | None) -> None:
    """Refuse an unknown method, no columns and too few classes."""
    if method not in get_args(Method):
        raise WeightingError(
            f"method {method!r} is not known. Choose one of {some(get_args(Method))}."
        )
    if not columns or len(set(columns)) < len(columns):
        raise WeightingError(
            f"by needs one or more different columns; it has {some(columns) or 'none'}."
        )
    if classes is not None and classes < 2:  # noqa: PLR2004 - one class adjusts nothing
        raise WeightingError(
            f"{classes} classes adjust nothing. Give 2 or more, or None to divide by "
            "the propensity."
        )


def _answered(
    sampled: pd.DataFrame, responded: str | pd.Series, used: Truths
) -> Truths:
    """Say who responded, of those who count."""
    if isinstance(responded, str):
        if responded not in sampled.columns:
            raise WeightingError(
                f"column {responded!r} of responded is not among the columns "
                f"({some(sampled.columns)})."
            )
        responded = sampled[responded]
    elif not isinstance(responded, pd.Series):
        raise WeightingError(
            f"responded is a {type(responded).__name__}. Give the name of a column, or "
            "a Series with the index of the sampled units."
        )
    elif not responded.index.equals(sampled.index):
        if not responded.index.is_unique:
            raise WeightingError(
                "responded is a Series whose index has duplicates and is not that of "
                "the sampled units. Give it their index."
            )
        responded = responded.reindex(sampled.index)
    numbers = pd.to_numeric(responded, errors="coerce")
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    bad = used & ~np.isin(values, (0.0, 1.0))
    if bad.any():
        raise WeightingError(
            f"responded is neither true nor false for {int(bad.sum())} of "
            f"{int(used.sum())} sampled units (ids {some(sampled.index[bad])}). Give "
            "1 or 0 to everyone."
        )
    answered = used & (values == 1)
    if not answered.any():
        raise WeightingError(f"none of {int(used.sum())} sampled units responded.")
    return np.asarray(answered)


def _adjustment(
    sampled: pd.DataFrame,
    answered: Truths,
    columns: tuple[str, ...],
    used: Truths,
    method: Method,
    classes: int | None,
) -> Callable[[Floats], _Adjusted]:
    """Give the function that adjusts base weights."""
    if method == "classes":
        found = _crossed(categories(sampled, columns, used), sampled, columns)
        return partial(_by_class, found, answered)
    made = regressors(sampled, columns, used)
    return partial(_by_propensity, made, answered, classes=classes)


def _crossed(
    margin: Margin, sampled: pd.DataFrame, columns: tuple[str, ...]
) -> _Classes:
    """Make classes of crossed categories, and say of what they are made."""
    first = np.array(
        [np.argmax(margin.position == k) for k in range(len(margin.codes))]
    )
    parts = [pd.factorize(sampled[name].iloc[first])[0] for name in columns]
    return _Classes(margin.position, margin.codes, np.column_stack(parts))


def _by_class(classes: _Classes, answered: Truths, weight: Floats) -> _Adjusted:
    """Let the respondents of each class take over the weight of all of it."""
    size = len(classes.names)
    place, counted = classes.position, weight > 0
    everyone = np.bincount(place, weights=weight, minlength=size)
    of_those = np.bincount(place, weights=weight * answered, minlength=size)
    sampled = np.bincount(place[counted], minlength=size)
    respondents = np.bincount(place[counted & answered], minlength=size)
    empty = np.flatnonzero((sampled > 0) & (respondents == 0))
    if empty.size:
        raise MarginError(_nobody(classes, empty, sampled, respondents))
    factor = np.divide(everyone, of_those, out=np.ones(size), where=of_those > 0)
    after = weight * factor[place] * answered
    return _Adjusted(after, factor, classes.names, respondents)


def _nobody(
    classes: _Classes,
    empty: NDArray[np.intp],
    sampled: NDArray[np.intp],
    respondents: NDArray[np.intp],
) -> str:
    """Say which classes have no respondent, and what is near to them."""
    lines = [f"{empty.size} of {sampled.size} classes have no respondent:"]
    for k in empty[:_MOST_SHOWN]:
        near = _near(classes, int(k), respondents)
        merge = f"; merge with {' or '.join(near)}" if near else ""
        lines.append(f"  {classes.names[k]!r} ({sampled[k]} sampled){merge}")
    if empty.size > _MOST_SHOWN:
        lines.append(f"  and {empty.size - _MOST_SHOWN} more")
    lines.append("Merge them with other classes, or ask for fewer.")
    return "\n".join(lines)


def _near(classes: _Classes, k: int, respondents: NDArray[np.intp]) -> list[str]:
    """List the classes with respondents that share most columns with a class."""
    if classes.like is None or not respondents.any():
        return []
    shared = (classes.like == classes.like[k]).sum(axis=1)
    shared[respondents == 0] = -1
    best = np.flatnonzero(shared == shared.max())
    largest = best[np.argsort(-respondents[best], kind="stable")][:3]
    return [f"{classes.names[j]!r} ({respondents[j]})" for j in largest]


def _by_propensity(
    made: Regressors, answered: Truths, weight: Floats, *, classes: int | None
) -> _Adjusted:
    """Adjust by the propensity itself, or in classes of it."""
    fitted = fitted_propensity(made, answered, weight)
    if classes is not None:
        return _by_class(_of_propensity(fitted, weight > 0, classes), answered, weight)
    factor = 1 / fitted
    return _Adjusted(weight * factor * answered, factor[answered & (weight > 0)])


def _of_propensity(fitted: Floats, used: Truths, classes: int) -> _Classes:
    """Make classes with equal numbers of sampled units; ties stay together."""
    rounded = fitted.round(_DIGITS)
    ends = np.quantile(rounded[used], np.arange(1, classes) / classes)
    place = np.searchsorted(ends, rounded)
    kept, position = np.unique(place, return_inverse=True)
    bounds = [rounded[used & (place == k)] for k in kept]
    names = tuple(f"propensity {b.min():.3g} to {b.max():.3g}" for b in bounds)
    return _Classes(position.astype(np.intp), names)


def _in_words(
    made: _Adjusted,
    answered: Truths,
    weight: Floats,
    min_class: int,
    max_factor: float,
) -> str:
    """Say how many responded, by what the weights grew, and what is noteworthy."""
    head = (
        f"{int(answered.sum())} of {int((weight > 0).sum())} sampled units responded "
        f"({weight[answered].sum() / weight.sum():.1%} weighted); "
    )
    if made.respondents is None:
        return head + _of_respondents(made.factor, max_factor)
    kept = made.respondents > 0
    factor, size = made.factor[kept], made.respondents[kept]
    names = np.array(made.names, dtype=object)[kept]
    text = head + f"{factor.size} classes, {_range(factor)}."
    small, large = size < min_class, factor > max_factor
    if small.any():
        found = [f"{n!r} ({k})" for n, k in zip(names[small], size[small], strict=True)]
        text += f" Fewer than {min_class} respondents in {_first(found)}."
    if large.any():
        pairs = zip(names[large], factor[large], strict=True)
        found = [f"{name!r} ({times:.3g})" for name, times in pairs]
        text += f" Weights times more than {max_factor:g} in {_first(found)}."
    return text


def _of_respondents(factor: Floats, max_factor: float) -> str:
    """Say by what weights grew that were divided by the propensity."""
    large = int((factor > max_factor).sum())
    text = f"{_range(factor)}."
    if large:
        text += f" Weights of {large} respondents times more than {max_factor:g}."
    return text


def _range(factor: Floats) -> str:
    """Say how far factors reach."""
    return f"weights times {factor.min():.3g} to {factor.max():.3g}"


def _first(found: list[str]) -> str:
    """List the first classes, and say how many more there are."""
    rest = len(found) - _MOST_SHOWN
    return ", ".join(found[:_MOST_SHOWN]) + (f" and {rest} more" if rest > 0 else "")
