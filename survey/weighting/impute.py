"""Imputation of missing answers on margins: a random donor for every respondent.

A donor gives all answers that a respondent lacks, so that they go together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """Answers after imputation.

    Attributes
    ----------
    codes : object array (n, D)
        Texts; what was filled stands where an answer was missing.
    agreed : int array (n,)
        On how many answers a respondent and the donor agree; -1 where nothing was
        filled.
    known : int array (n,)
        How many answers the respondent gave.
    """

    codes: Texts
    agreed: NDArray[np.intp]
    known: NDArray[np.intp]


def impute(
    codes: Texts,
    missing: Bools,
    fill: Bools,
    base_weight: Floats,
    *,
    names: Sequence[str],
    seed: int = 0,
) -> Imputed:
    """Fill missing answers from donors who agree on the other answers.

    A random hot deck [1]_: a donor is drawn with probability proportional to its base
    weight from the respondents who agree on all answers given. Where nobody does, the
    questions are gone through in their order, and one on which none of the donors left
    agrees is disregarded; at last everybody may be the donor.

    Parameters
    ----------
    codes : object array (n, D)
        Answers to D questions, the most important one first.
    missing : bool array (n, D)
        Where there is no answer.
    fill : bool array (D,)
        Questions to fill. The missing answers to others are not compared.
    base_weight : float array (n,)
        Respondents of weight 0 neither give nor receive.
    names : sequence of str
        Names of the D questions, for messages.
    seed : int, default 0
        Start of the random numbers; the same seed gives the same answers to the same
        respondents in the same order.

    Returns
    -------
    Imputed
        Answers, and how alike donors are.

    Raises
    ------
    MarginError
        Nobody gave the answers that are to be filled.

    References
    ----------
    .. [1] Andridge and Little (2010), International Statistical Review 78(1), 40-64.

    Examples
    --------
    The third firm has the size of the only other one in the south.

    >>> firms = np.array([["s", "north"], ["l", "south"], ["", "south"]], dtype=object)
    >>> done = impute(firms, firms == "", np.array([True, False]), np.ones(3),
    ...               names=["size", "region"])
    >>> done.codes[2].tolist(), done.agreed.tolist()
    (['l', 'south'], [-1, -1, 1])
    """
    used = base_weight > 0
    wanted = missing & fill
    rows = np.flatnonzero(wanted.any(axis=1) & used)
    number = _numbers(codes, missing)
    filled, agreed = codes.copy(), np.full(len(codes), -1, dtype=np.intp)
    random = np.random.default_rng(seed)
    patterns, group = np.unique(number[rows], axis=0, return_inverse=True)
    for k, pattern in enumerate(patterns):
        lacking = (pattern < 0) & fill
        able = used & ~missing[:, lacking].any(axis=1)
        if not able.any():
            raise MarginError(_nobody(names, lacking, int(used.sum())))
        donors, alike = _donors(number, pattern, able)
        mine = rows[group.reshape(-1) == k]
        chance = base_weight[donors] / base_weight[donors].sum()
        chosen = random.choice(donors, size=mine.size, p=chance)
        filled[np.ix_(mine, lacking)] = codes[np.ix_(chosen, lacking)]
        agreed[mine] = alike
    return Imputed(filled, agreed, (~missing).sum(axis=1).astype(np.intp))


def _numbers(codes: Texts, missing: Bools) -> NDArray[np.intp]:
    """Give every answer a number that does not depend on the order of respondents."""
    columns: list[Any] = [
        pd.factorize(codes[:, d].astype(str), sort=True)[0]
        for d in range(codes.shape[1])
    ]
    return np.where(missing, -1, np.column_stack(columns)).astype(np.intp)


def _donors(
    number: NDArray[np.intp], pattern: NDArray[np.intp], able: Bools
) -> tuple[NDArray[np.intp], int]:
    """Find the donors who agree, question by question."""
    donors = np.flatnonzero(able)
    alike = 0
    for d in np.flatnonzero(pattern >= 0):
        closer = donors[number[donors, d] == pattern[d]]
        if closer.size:
            donors, alike = closer, alike + 1
    return donors, alike


def _nobody(names: Sequence[str], lacking: Bools, used: int) -> str:
    """Say which answers nobody can give."""
    asked = [name for name, each in zip(names, lacking, strict=True) if each]
    return (
        f"none of {used} respondents answered {some(asked)} together, so that there is "
        "no donor. Choose another policy for missing answers, or drop a margin."
    )
