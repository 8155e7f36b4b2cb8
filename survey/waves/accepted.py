"""What a study accepts between two waves: recodes, and questions it vouches for.

A reason stands for its own step. Between waves further apart it holds only where no
other step changed what is asked without a reason of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from survey.questionnaire.model import Questionnaire
from survey.study.model import Study, Wave
from survey.waves.match import Pair
from survey.waves.own_changes import own_changes, own_effect


@dataclass(frozen=True, slots=True)
class Accepted:
    """What the study accepts between two waves, by question.

    ``strict`` says that the waves follow each other, so that a recode has to fit.
    """

    recodes: Mapping[str, Mapping[str, Mapping[str, tuple[str, ...]]]]
    reasons: Mapping[str, Mapping[str, str]]
    strict: bool


def accepted_between(
    study: Study | None, names: tuple[str, str], instruments: Sequence[Questionnaire]
) -> Accepted:
    """Collect what waves accept, from the one after the older to the newer.

    Parameters
    ----------
    study : Study or None
        Its waves.
    names : (str, str)
        Ids of the newer and of the older wave.
    instruments : sequence of Questionnaire
        Of the older wave, of those between, and of the newer one; or of the two
        alone, where every reason is taken.

    Returns
    -------
    Accepted
        Of several reasons for a question the newest.

    Examples
    --------
    >>> waves = [Wave(id=i, file="", questionnaire="") for i in ("a", "b")]
    >>> study = Study(name="s", title="S", waves=waves)
    >>> accepted_between(study, ("b", "a"), ()).strict
    True
    """
    waves: Sequence[Wave] = study.waves if study else ()
    place = {wave.id: i for i, wave in enumerate(waves)}
    first, last = place.get(names[1], -1) + 1, place.get(names[0], -1)
    steps = waves[first : last + 1]
    reasons = {q: reason for wave in steps for q, reason in wave.comparable.items()}
    pairs = list(pairwise(instruments)) if len(instruments) > len(names) else []
    lost = {
        name
        for wave, (older, newer) in zip(steps, pairs, strict=False)
        for name in reasons
        if name not in wave.comparable and _asks_otherwise(name, newer, older)
    }
    return Accepted(
        {q: recode for wave in steps for q, recode in wave.recodes.items()},
        {q: reason for q, reason in reasons.items() if q not in lost},
        strict=last == first,
    )


def _asks_otherwise(name: str, newer: Questionnaire, older: Questionnaire) -> bool:
    """Tell whether a question of that id was put in words that ask something else."""
    now, before = newer.question(name), older.question(name)
    if now is None or before is None:
        return False
    changes = own_changes(Pair(now, before))
    return any(own_effect(change).verdict == "not_comparable" for change in changes)
