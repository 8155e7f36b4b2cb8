"""Questions made from the models in use keep to the contract of their source.

Whoever is offered another list of models names other models: a step of the ladder is
compared only where the list of answers and the texts are the same, or the study accepts
the change.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Final

from survey.model_use.values import OPENNESS, USED_TIERS
from survey.study.models_plan import ModelsPlan
from survey.waves.consequences import STATISTICS
from survey.waves.contract import ChangeKind, Consequence, QuestionContract

_LIST_CHANGES: Final[tuple[ChangeKind, ...]] = (
    "options_added",
    "options_removed",
    "options_merged",
    "options_split",
)


def model_contracts(
    plan: ModelsPlan, done: Mapping[str, QuestionContract], alone: Collection[str] = ()
) -> dict[str, QuestionContract]:
    """Give the contracts of the questions that are made from the models in use.

    Parameters
    ----------
    plan : ModelsPlan
        Names the question on models, and further texts.
    done : mapping of str to QuestionContract
        Contracts of all questions.
    alone : collection of str
        Questions that one of the waves does not have.

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
    >>> plan = ModelsPlan(catalogue="models.yaml", question="m")
    >>> found = model_contracts(plan, {"m": added, "models_tiers": same})
    >>> found["models_tiers"].consequence("share", "closed")
    Consequence(verdict='not_comparable', because='options_added')
    """
    if plan.question not in done:
        return {}
    texts = sorted(set(plan.texts) & set(alone))
    return {
        name: _like(done[name], done[plan.question], texts)
        for name in (OPENNESS, USED_TIERS)
        if name in done
    }


def _like(
    own: QuestionContract, source: QuestionContract, texts: Sequence[str]
) -> QuestionContract:
    """Give a contract with what happened to its source and its texts."""
    share = source.consequence("share")
    if texts and share.verdict != "not_comparable" and not source.reason:
        share = Consequence("not_comparable", "options_added")
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
