"""Questions made from the models in use keep to the contract of their source.

Whoever is offered another list of models names other models: a step of the ladder is
compared only where the list of answers is the same, or the study accepts the change.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from survey.model_use.values import OPENNESS, USED_TIERS
from survey.waves.consequences import STATISTICS
from survey.waves.contract import ChangeKind, Consequence, QuestionContract

_LIST_CHANGES: Final[tuple[ChangeKind, ...]] = (
    "options_added",
    "options_removed",
    "options_merged",
    "options_split",
)


def model_contracts(
    source: str, done: Mapping[str, QuestionContract]
) -> dict[str, QuestionContract]:
    """Give the contracts of the questions that are made from the models in use.

    Parameters
    ----------
    source : str
        The question on models.
    done : mapping of str to QuestionContract
        Contracts of all questions.

    Returns
    -------
    dict of str to QuestionContract
        With the changes and consequences of their source; empty where a wave has
        none.

    Examples
    --------
    >>> from survey.waves.contract import Change
    >>> same = QuestionContract("models_tiers", "models_tiers", ())
    >>> added = QuestionContract(
    ...     "m", "m", (Change("options_added", "m", "x"),),
    ...     consequences={("share", ""): Consequence("comparable")})
    >>> found = model_contracts("m", {"m": added, "models_tiers": same})
    >>> found["models_tiers"].consequence("share", "closed")
    Consequence(verdict='not_comparable', because='options_added')
    """
    if source not in done:
        return {}
    return {
        name: _like(done[name], done[source])
        for name in (OPENNESS, USED_TIERS)
        if name in done
    }


def _like(own: QuestionContract, source: QuestionContract) -> QuestionContract:
    """Give a contract with what happened to its source."""
    share = source.consequence("share")
    kinds = [c.kind for c in source.changes if c.kind in _LIST_CHANGES]
    if kinds and share.verdict != "not_comparable" and not source.reason:
        share = Consequence("not_comparable", kinds[0])
    return replace(
        own,
        changes=source.changes,
        consequences={(statistic, ""): share for statistic in STATISTICS},
        common_base=source.common_base,
        earlier_base=source.earlier_base,
        reason=source.reason,
    )
