"""Sums of stored answers by group, as the engine that holds the data gives them.

Groups stand where respondents stand: a design column, a banner question and a weight
have one value for each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TermSums:
    """Sums of one question by G groups and T terms.

    A term is an answer of a single response question; of multiple response the first
    term is the base, and the others are the rows.

    Attributes
    ----------
    n, w, w2 : float arrays (G, T)
        Respondents with a weight above 0, sums of weights and of squared weights.
    pairs : float array (G, T, T) or None
        Multiple response: sums of squared weights of respondents in two terms.
    """

    n: Floats
    w: Floats
    w2: Floats
    pairs: Floats | None = None


@dataclass(frozen=True, slots=True, eq=False)
class NumberSums:
    """Sums of numbers by G groups; y is the number less the centre of the group.

    Attributes
    ----------
    n, w, w2 : float arrays (G,)
        Respondents with a number, and sums of their weights and squared weights.
    wy, wyy, w2y, w2yy : float arrays (G,)
        Sums of w y, w y^2, w^2 y and w^2 y^2.
    centre : float array (G,)
        What was taken off, one value for each pattern of the banner question.
    """

    n: Floats
    w: Floats
    w2: Floats
    wy: Floats
    wyy: Floats
    w2y: Floats
    w2yy: Floats
    centre: Floats


@dataclass(frozen=True, slots=True, eq=False)
class StoredSums:
    """All sums of G groups.

    Attributes
    ----------
    terms : mapping of str to TermSums
        By name of a question with codes.
    numbers : mapping of str to NumberSums
        By name of a question of numbers.
    """

    terms: Mapping[str, TermSums]
    numbers: Mapping[str, NumberSums]
