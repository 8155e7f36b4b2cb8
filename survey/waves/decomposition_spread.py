"""Parts of a change with their standard errors, from the scores of both waves."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.influence import (
    domain_degrees,
    influence_covariance,
    unexplained,
)
from survey.estimation.intervals import Precision, t_interval
from survey.waves.decomposition_terms import (
    Side,
    gradients,
    level_scores,
    levels,
    terms,
)
from survey.waves.stack import Stack

Floats = NDArray[np.float64]

# A variance that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """A row of two waves, with the weights of both.

    Attributes
    ----------
    newer, older : Side
        Answers.
    own, again : ResolvedDesign
        The newer wave under its own targets, and under those of the older one.
    before : ResolvedDesign
        The older wave.
    """

    newer: Side
    older: Side
    own: ResolvedDesign
    again: ResolvedDesign
    before: ResolvedDesign


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """Terms of a change, in the order of `terms`, and the levels that they are made of.

    Attributes
    ----------
    estimate, std_error, conf_low, conf_high : float array (5 + 2 G,)
        The terms.
    own, again, before : float array (2 + 2 G,)
        Levels, as from `levels`.
    """

    estimate: Floats
    std_error: Floats
    conf_low: Floats
    conf_high: Floats
    own: Floats
    again: Floats
    before: Floats


def estimate(pair: Pair, stack: Stack, conf_level: float) -> Estimated:
    """Estimate all terms of a change.

    Parameters
    ----------
    pair : Pair
        A row of two waves.
    stack : Stack
        Both waves in one design, the older one first.
    conf_level : float
        Confidence level.

    Returns
    -------
    Estimated
        With t intervals on the smaller degrees of freedom of the two bases.
    """
    own, again = (levels(pair.newer, d.weight) for d in (pair.own, pair.again))
    before = levels(pair.older, pair.before.weight)
    found = terms(own, again, before)
    replicated = pair.own.replicates is not None
    variance = _replicated(pair) if replicated else _linearised(pair, stack)
    error = np.sqrt(variance)
    degrees = _degrees(pair, stack)
    known = np.full(found.shape, np.inf)
    precision = Precision(known, known, np.full(found.shape, degrees))
    ends = t_interval(found, error, precision, conf_level)
    return Estimated(found, error, ends.low, ends.high, own, again, before)


def scores_of(pair: Pair, *, explained: bool = False) -> tuple[Floats, Floats]:
    """Give the scores of all terms, less what the margins of the weights explain.

    Parameters
    ----------
    pair : Pair
        A row of two waves.
    explained : bool, default False
        Whether to leave in what the margins explain.

    Returns
    -------
    two float arrays (n, 5 + 2 G)
        Of the older and of the newer wave.
    """
    own, again = (levels(pair.newer, d.weight) for d in (pair.own, pair.again))
    before = levels(pair.older, pair.before.weight)
    of_own, of_again, of_before = gradients(again, before)
    parts = []
    for side, design, level, by in (
        (pair.older, pair.before, before, of_before),
        (pair.newer, pair.own, own, of_own),
        (pair.newer, pair.again, again, of_again),
    ):
        scores = level_scores(side, design.weight, level)
        parts.append((scores if explained else unexplained(design, scores)) @ by.T)
    return parts[0], parts[1] + parts[2]


def _linearised(pair: Pair, stack: Stack) -> Floats:
    """Give the variances of the terms from the scores of both waves."""
    scores = np.vstack(scores_of(pair))
    cells = stack.design.cells
    # The margins are out of the scores already, of each set of weights its own.
    plain = replace(cells, basis=np.zeros((cells.ratio.size, 0)))
    inside = np.concatenate([pair.older.base, pair.newer.base])
    if cells.basis.shape[1]:
        inside = np.ones_like(inside)
    everywhere = np.repeat(inside[:, None], scores.shape[1], axis=1)
    design = replace(stack.design, cells=plain)
    variance = np.diagonal(influence_covariance(design, scores, everywhere))
    # What the margins fix has no variance but that of the last digits.
    terms_of = np.vstack(scores_of(pair, explained=True))
    gross = np.einsum("nt,nt->t", terms_of, terms_of)
    return np.where(variance <= _ROUNDING * gross, 0.0, variance)


def _replicated(pair: Pair) -> Floats:
    """Add up the variances of both waves from their replicates."""
    whole = _terms(pair, pair.own.weight, pair.again.weight, pair.before.weight)
    own, again = _replicate_weights(pair.own), _replicate_weights(pair.again)
    of_newer = [
        _terms(pair, mine, other, pair.before.weight)
        for mine, other in zip(own.T, again.T, strict=True)
    ]
    of_older = [
        _terms(pair, pair.own.weight, pair.again.weight, weight)
        for weight in _replicate_weights(pair.before).T
    ]
    variance = np.zeros(whole.size)
    for design, found in ((pair.own, of_newer), (pair.before, of_older)):
        assert design.replicates is not None, "both waves have replicates"
        variance += np.diagonal(design.replicates.covariance(np.array(found), whole))
    return variance


def _replicate_weights(design: ResolvedDesign) -> Floats:
    """Give the weights of all replicates (n, L)."""
    assert design.replicates is not None, "the design has replicates"
    return design.weight[:, None] * design.replicates.factor[design.cell]


def _terms(pair: Pair, own: Floats, again: Floats, before: Floats) -> Floats:
    """Give the terms under any weights."""
    return terms(
        levels(pair.newer, own), levels(pair.newer, again), levels(pair.older, before)
    )


def _degrees(pair: Pair, stack: Stack) -> int:
    """Give the degrees of freedom of the base that has fewer, as for any change."""
    if pair.own.replicates is not None:
        return min(
            domain_degrees(pair.own, pair.newer.base),
            domain_degrees(pair.before, pair.older.base),
        )
    bases = (pair.older.base, pair.newer.base)
    wave = [np.full(base.size, place) for place, base in enumerate(bases)]
    place, inside = np.concatenate(wave), np.concatenate(bases)
    return min(domain_degrees(stack.design, inside & (place == w)) for w in (0, 1))
