"""What weights cost: their spread, and whether an analyst should look again."""

from math import floor, log10

import pandas as pd

from survey.report.context import Context
from survey.report.numbers import decimal, percent, rounded, rounded_percent
from survey.study.weights import MadeWeights
from survey.weighting.distribution import WeightSummary, weight_summary
from survey.weighting.weighting import Weighting

# Below these an analyst looks again (Askia's rule), in percent.
_LOOK_AGAIN = 80
_CHECK_DESIGN = 70


def summary_of(context: Context, made: MadeWeights | None) -> WeightSummary:
    """Summarise a set of weights, those above 0 with mean 1.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights or None
        None, or the first of a wave: the weights of all tables.

    Returns
    -------
    WeightSummary
        What they look like.
    """
    if made is not None and made is not context.wave.made[0]:
        return weight_summary(made.weighting)
    weight = pd.Series(context.wave.weights / context.wave.weights.mean())
    return weight_summary(Weighting(weight, weight, (), 0, 0.0))


def cost_text(context: Context, key: str, made: MadeWeights | None) -> str:
    """Say how far weights spread, and what that costs.

    Parameters
    ----------
    context : Context
        The wave.
    key : str
        Name of the sentence.
    made : MadeWeights or None
        As for `summary_of`.

    Returns
    -------
    str
        A sentence.
    """
    found, language = summary_of(context, made), context.language
    return context.say(
        key,
        column=context.study.design.weight,
        low=weight_text(found.smallest, language),
        high=weight_text(found.largest, language),
        deff=decimal(found.deff, language, 2),
        efficiency=percent(found.efficiency / 100, language),
        effective=context.count(found.base_effective),
        n=context.count(found.respondents),
    )


def weight_text(weight: float, language: str) -> str:
    """Write a weight with two digits, and a small one with as many as tell it apart.

    Parameters
    ----------
    weight : float
        Above 0.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        Such as ``1.38`` or ``0.0052``.

    Examples
    --------
    >>> weight_text(1.375, "en"), weight_text(0.00524, "en"), weight_text(0.5, "de")
    ('1.38', '0.0052', '0,50')
    """
    return decimal(weight, language, max(2, 1 - floor(log10(weight))))


def efficiency_text(context: Context, made: MadeWeights | None) -> str:
    """Warn where the weights cost much.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights or None
        As for `summary_of`.

    Returns
    -------
    str
        Empty where they do not.
    """
    efficiency = summary_of(context, made).efficiency
    told = rounded(efficiency, 1)
    if told >= _LOOK_AGAIN:
        return ""
    key = "efficiency_70" if told < _CHECK_DESIGN else "efficiency_80"
    text = percent(efficiency / 100, context.language, 1)
    return context.say(key, efficiency=text)


def blurred(share: float) -> float:
    """Round a share of respondents to whole percent.

    Few weights are different, so that an exact share would be the count of a small
    group.

    Parameters
    ----------
    share : float
        0 to 1.

    Returns
    -------
    float
        0 to 1.

    Examples
    --------
    >>> blurred(6 / 888)
    0.01
    """
    return float(rounded_percent(share)) / 100
