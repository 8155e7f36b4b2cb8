"""From answers and targets to the input of raking.

Respondents who said "don't know" or nothing on a margin have no target category.
They keep their share of the sample as a class of their own, or stop the run.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some
from survey.finding import Finding
from survey.responses.variable import Variable
from survey.weighting.targets import Targets

OWN_CLASS = "no answer"


@dataclass(frozen=True, slots=True, eq=False)
class WeightingInput:
    """Codes of every respondent on every margin, targets, and what was done."""

    codes: pd.DataFrame
    margins: Mapping[str | tuple[str, ...], Mapping[object, float]]
    findings: tuple[Finding, ...]


def weighting_input(
    margins: Sequence[Variable],
    targets: Targets,
    respondents: pd.Index,
    *,
    missing: Literal["own_class", "error"],
    base_weight: pd.Series | None = None,
) -> WeightingInput:
    """Bring answers and targets together, margin by margin.

    Parameters
    ----------
    margins : sequence of Variable
        Questions to weight by, each with one answer per respondent.
    targets : Targets
        Population shares or counts of the same questions and codes.
    respondents : Index
        Ids of the respondents.
    missing : {"own_class", "error"}
        Respondents without a target category keep their share of the sample as a
        class of their own, or raise an error.
    base_weight : Series, optional
        Weight of each respondent before raking; shares of the sample are weighted
        with it.

    Returns
    -------
    WeightingInput
        What `rake` takes.

    Raises
    ------
    MarginError
        The targets lack a margin, a question has several answers, or respondents
        are without a target category and `missing` is ``error``.
    """
    columns: dict[str, NDArray[np.object_]] = {}
    wanted: dict[str | tuple[str, ...], Mapping[object, float]] = {}
    findings: list[Finding] = []
    base = _base(respondents, base_weight)
    for variable in margins:
        if variable.name not in targets.margins:
            raise MarginError(
                f"margin {variable.name!r} has no targets. The target file has "
                f"{some(targets.margins)}; add it there, or leave it out of margins."
            )
        codes, without = _codes(variable)
        columns[variable.name] = codes
        wanted[variable.name] = _shares(targets.margins[variable.name], without, base)
        if without.any():
            findings.append(_without_class(variable.name, without, missing))
    table = pd.DataFrame(columns, index=respondents)
    return WeightingInput(table, wanted, tuple(findings))


def _codes(variable: Variable) -> tuple[NDArray[np.object_], NDArray[np.bool_]]:
    """Give the code of every respondent, and who has no target category."""
    if variable.position is None:
        raise MarginError(
            f"margin {variable.name!r} allows several answers. Weight by questions "
            "with one answer."
        )
    unsure = [row.codes[0] for row in variable.rows if row.role == "dont_know"]
    names = np.array([*variable.codes, OWN_CLASS], dtype=object)
    names[np.isin(names, unsure)] = OWN_CLASS
    codes = names[variable.position]
    return codes, np.asarray(codes == OWN_CLASS, dtype=bool)


def _base(respondents: pd.Index, given: pd.Series | None) -> NDArray[np.float64]:
    """Give base weights as numbers; `rake` refuses those that are none."""
    if given is None:
        return np.ones(len(respondents))
    numbers = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float)
    usable = np.isfinite(numbers).all() and numbers.sum() > 0
    return numbers if usable else np.ones(len(respondents))


def _shares(
    targets: Mapping[str, float],
    without: NDArray[np.bool_],
    base: NDArray[np.float64],
) -> Mapping[object, float]:
    """Give target shares that leave room for those without a category."""
    share = float(base[without].sum() / base.sum())
    total = sum(targets.values())
    scaled: dict[object, float] = {
        code: value / total * (1 - share) for code, value in targets.items()
    }
    return {**scaled, OWN_CLASS: share} if share else scaled


def _without_class(
    name: str, without: NDArray[np.bool_], missing: Literal["own_class", "error"]
) -> Finding:
    """Report respondents without a target category, or refuse them."""
    count = int(without.sum())
    message = (
        f"{count} of {len(without)} respondents have no target category on margin "
        f"{name!r} (no answer or don't know)."
    )
    if missing == "error":
        raise MarginError(
            f"{message} Set weighting: missing: own_class to let them keep their share."
        )
    action = "kept with their share of the sample"
    return Finding("note", "margin_missing", name, message, count, action)
