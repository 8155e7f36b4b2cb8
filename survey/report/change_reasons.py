"""Why two waves cannot be compared, in words; the contract alone decides."""

from survey.report.change_words import wave_name
from survey.report.context import Context
from survey.waves.contract import Consequence
from survey.waves.values import CellChange


def because_text(
    context: Context, consequence: Consequence, newer: str, older: str
) -> str:
    """Say what stands in the way of a comparison.

    Parameters
    ----------
    context : Context
        Any wave.
    consequence : Consequence
        What decides.
    newer, older : str
        Ids of the waves.

    Returns
    -------
    str
        Such as ``scale changed in 2025``.
    """
    waves = [w.id for w in context.study.waves]
    names = {"newer": wave_name(context, newer), "older": wave_name(context, older)}
    next_to = abs(waves.index(newer) - waves.index(older)) == 1
    when = context.say("change_when" if next_to else "change_between", **names)
    if consequence.verdict == "recode":
        return context.say("change_needs_recode", when=when)
    return context.say(f"because_{consequence.because or 'new'}", when=when)


def reason_text(
    context: Context, consequence: Consequence, newer: str, older: str
) -> str:
    """Say in place of a number why two waves cannot be compared.

    Parameters
    ----------
    context : Context
        Any wave.
    consequence : Consequence
        What decides.
    newer, older : str
        Ids of the waves.

    Returns
    -------
    str
        Such as ``not comparable: scale changed in 2025``.
    """
    because = because_text(context, consequence, newer, older)
    return context.say("not_comparable", reason=because)


def why_none(context: Context, change: CellChange) -> str:
    """Say why a change has no number.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        One that is hidden.

    Returns
    -------
    str
        The reason of the contract; empty where a base is too small.
    """
    if is_compared(context, change):
        return ""
    return reason_text(context, change.consequence, change.newer, change.older)


def is_compared(context: Context, change: CellChange) -> bool:
    """Say whether the contract allows a comparison.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        Any change.

    Returns
    -------
    bool
        False for a recode that the study does not accept, and for a common base that
        cannot be told from the answers.
    """
    verdict = change.consequence.verdict
    if not change.hidden or verdict == "comparable":
        return True
    if verdict != "common_base" or context.waves is None:
        return False
    pair = context.waves.contracts[change.newer, change.older]
    pact = pair.questions.get(question_of(context, change.question))
    return pact is not None and bool(pact.common_base)


def question_of(context: Context, name: str) -> str:
    """Name the question of a variable.

    Parameters
    ----------
    context : Context
        The wave.
    name : str
        A question, an item of a grid, or the score of either.

    Returns
    -------
    str
        Id of the question.
    """
    own = name.partition(":")[0]
    for result in context.wave.questions:
        if any(variable.name == own for variable in result.variables):
            return result.question.id
    return own
