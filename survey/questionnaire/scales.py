"""Words that say what an answer is: don't know, none, other, a step of a scale.

English and German. Only whole labels are judged, never words inside a long one, so
an option that merely mentions a word is not taken for a scale.
"""

import re
from collections.abc import Sequence

from survey.importers.labels import comparable
from survey.questionnaire.scale_words import ADVERBS, NEUTRAL, OPPOSITE, STEPS

_DONT_KNOW = re.compile(
    r"(i )?(don'?t|do not|cannot|can'?t) ?(know|say|tell)\b.{0,40}"
    r"|(i'?m |i am )?(not sure|unsure|uncertain|undisclosed)( yet)?"
    r"|(un)?familiar \(n/a\)|no opinion|no answer|prefer not to (say|answer).{0,20}"
    r"|(i )?(would )?(rather|prefer) not (to )?(say|answer)|decline to answer|refused"
    r"|not applicable|does not apply|n/?a|n\.\s?a|dk( ?/ ?na)?|dkns|dk/ns|not stated"
    r"|unknown|unbekannt"
    r"|(wei(ß|ss) (ich )?nicht|kann ich nicht (sagen|beurteilen)).{0,40}"
    r"|keine angaben?|k\.\s?a|w\.\s?n|trifft (auf uns )?nicht zu \(n/a\)"
    r"|nicht anwendbar"
    r"|(das )?(m(ö|oe)chte|will) ich nicht (beantworten|sagen|angeben)"
    r"|(keine meinung|entf(ä|ae)llt|unsicher)"
)
_ALSO_DONT_KNOW = re.compile(
    r"^(don'?t know|not sure|not applicable|wei(ß|ss) nicht|keine angabe)\s*"
    r"(/|,|or|oder|and|\()"
)
_NONE = re.compile(
    r"none( of (the|these|them|our|my)\b.{0,40})?|nothing( of the above)?|neither"
    r"|(we (have|see|face) )?no (barriers?|concerns?|challenges?|obstacles?|reasons?"
    r"|issues?|problems?|plans?|use|benefits?|models?)( at all| so far| currently)?"
    r"|keine?[rsn]?( (davon|der (genannten|oben genannten).{0,30}))?|nichts( davon)?"
    r"|keine (h(ü|ue)rden|hemmnisse|bedenken|gr(ü|ue)nde|barrieren|probleme)"
)
_OTHER = re.compile(
    r"(an)?others?\b.{0,12}"
    r"|others?\b.{0,4}\(?(please |bitte )?(specify|describe|write|name|explain|add|list"
    r"|fill).{0,40}"
    r"|.{0,40}\b(please specify|please describe|bitte angeben|und zwar)\b.{0,20}"
    r"|(etwas )?andere[rsn]?\b.{0,40}|sonstige[rsn]?\b.{0,40}|-oth-|something else"
)

_NUMBER = re.compile(r"\d[\d.,\u00a0 ]*\d|\d")
_BAND = re.compile(
    r"(?:(?:less|fewer|under|below|up|more|over|above|at least|greater)\b ?(?:than|to)?"
    r"|unter|weniger als|bis(?: zu)?|über|mehr als|ab|[<>≤≥]=?|none)? ?"
    r"(?:[€$] ?)?N(?: ?[%€$])?(?: ?(?:years?|months?|employees|people|jahre|monate"
    r"|mitarbeiter\w*|beschäftigte|personen))?(?: ?(?:to|bis|-|\u2013|\u2014|and|und)"
    r"(?: unter| under)? ?(?:[€$] ?)?N)?"
    r" ?\+?(?: ?(?:or|and|und|oder) (?:more|over|above|older|mehr|fewer|less|younger"
    r"|unter|über))? ?[%€$]?(?: ?(?:years?|months?|employees|people|persons|jahre"
    r"|monate|mitarbeiter\w*|beschäftigte|personen|million|m|k|bn|times))?"
    r"(?: (?:old|ago|or more|or less|and more|und mehr))?"
)
_BELOW = re.compile(r"less|fewer|under|below|up to|unter|weniger|bis zu|<|≤")
_ABOVE = re.compile(r"more than|over|above|über|mehr als|>")
_LEAST_STEPS = 3
_BARE = re.compile(r"[\d.,]+")
_PREFIX = re.compile(r"\(?\d{1,2}[).:]?\s*[-\u2013\u2014=]?\s*(?=[^\W\d_])")


def is_dont_know(label: str) -> bool:
    """Tell whether an answer says that the respondent cannot or will not answer.

    Parameters
    ----------
    label : str
        Label of a category.

    Returns
    -------
    bool
        True for "don't know", "not sure", "not applicable", "keine Angabe" ...

    Examples
    --------
    >>> is_dont_know("Don't know or not sure"), is_dont_know("Know-how is missing")
    (True, False)
    """
    text = comparable(label).rstrip(".")
    return bool(_DONT_KNOW.fullmatch(text) or _ALSO_DONT_KNOW.match(text))


def is_none(label: str) -> bool:
    """Tell whether an answer excludes all others of a multiple response question.

    Parameters
    ----------
    label : str
        Label of a category.

    Returns
    -------
    bool
        True for "None of the above", "No barriers", "Keine davon" ...

    Examples
    --------
    >>> is_none("None of the above"), is_none("No budget")
    (True, False)
    """
    return bool(_NONE.fullmatch(comparable(label).rstrip(".")))


def is_other(label: str) -> bool:
    """Tell whether an answer invites to type something.

    Parameters
    ----------
    label : str
        Label of a category.

    Returns
    -------
    bool
        True for "Other (please specify)", "Sonstiges" ...

    Examples
    --------
    >>> is_other("Other (please specify)"), is_other("Other IT (e.g., Sys Admin)")
    (True, False)
    """
    return bool(_OTHER.fullmatch(comparable(label)))


def scale_positions(labels: Sequence[str]) -> tuple[float, ...] | None:
    """Place labels on the scale they belong to.

    Parameters
    ----------
    labels : sequence of str
        Labels without "don't know" and other special answers.

    Returns
    -------
    tuple of float or None
        Lower is less; None when the labels are no scale. Only the order counts.

    Examples
    --------
    >>> scale_positions(["Very important", "Not at all important", "Important"])
    (3.0, 0.0, 2.5)
    >>> scale_positions(["Europe", "Asia"]) is None
    True
    """
    texts = [comparable(label).rstrip(".") for label in labels]
    if all(map(_PREFIX.match, texts)) and not _banded(texts):
        texts = [_PREFIX.sub("", text, count=1) for text in texts]
    if len(set(texts)) != len(texts) or len(texts) < 2:  # noqa: PLR2004 - one is no scale
        return None
    for placed in (_listed(texts), _graded(texts), _banded(texts)):
        if placed is not None and len(set(placed)) == len(placed):
            return placed
    return None


def is_ordered(labels: Sequence[str]) -> bool:
    """Tell whether labels stand in the order of a scale, up or down.

    Parameters
    ----------
    labels : sequence of str
        Labels in the order of the questionnaire, without "don't know"; one label
        that is no step may stand at an end.

    Returns
    -------
    bool
        True when the order is that of a recognised scale.

    Examples
    --------
    >>> is_ordered(["Never", "Rarely", "Often"])
    True
    >>> is_ordered(["Often", "Never", "Rarely"])
    False
    """
    placed = scale_positions(labels)
    if placed or len(labels) <= _LEAST_STEPS:
        return _is_monotone(placed)
    return any(
        _is_monotone(scale_positions(steps)) for steps in (labels[:-1], labels[1:])
    )


def _is_monotone(placed: Sequence[float] | None) -> bool:
    """Tell whether positions go up or down all the way."""
    if not placed:
        return False
    return list(placed) in (sorted(placed), sorted(placed, reverse=True))


def _listed(texts: Sequence[str]) -> tuple[float, ...] | None:
    """Place texts on one of the scales that are listed step by step."""
    for scale in STEPS:
        places = {word: float(i) for i, step in enumerate(scale) for word in step}
        if all(text in places for text in texts):
            return tuple(places[text] for text in texts)
    return None


def _graded(texts: Sequence[str]) -> tuple[float, ...] | None:
    """Place texts such as "very important" by adverb, around a neutral middle."""
    graded = [_grade(text) for text in texts]
    stems = {stem for stem, _ in graded if stem}
    if len(stems) != 1 or any(not stem and score != 0 for stem, score in graded):
        return None
    bipolar = any(score < 0 for _, score in graded)
    if bipolar:
        return tuple(score for _, score in graded)
    return tuple(1.6 if not stem else score for stem, score in graded)


def _grade(text: str) -> tuple[str, float]:
    """Take a text apart into the quality and how much of it."""
    if NEUTRAL.fullmatch(text):
        return "", 0.0
    if text.endswith(" at all") and text.startswith("not "):
        text = f"not at all {text.removeprefix('not ').removesuffix(' at all')}"
    adverb, _, word = text.rpartition(" ")
    if adverb not in ADVERBS or (not adverb and word in ADVERBS):
        return "", 1.0
    if word in OPPOSITE:
        return OPPOSITE[word], -ADVERBS[adverb]
    return word, ADVERBS[adverb]


def _banded(texts: Sequence[str]) -> tuple[float, ...] | None:
    """Place texts such as "10 to 49" by their first number."""
    placed = []
    if all(map(_BARE.fullmatch, texts)):
        return None
    for text in texts:
        numbers = [_value(number) for number in _NUMBER.findall(text)]
        if not numbers or not _BAND.fullmatch(_NUMBER.sub("N", text).strip()):
            return None
        low = numbers[0] - 0.5 if _BELOW.search(text) else numbers[0]
        placed.append(low + 0.5 if _ABOVE.search(text) else low)
    return tuple(placed)


def _value(number: str) -> float:
    """Read a number with marks between its thousands."""
    digits = re.sub(r"[\u00a0 ]|[.,](?=\d{3}(?:\D|$))", "", number)
    whole, *decimals = re.split(r"[.,]", digits)
    return float(f"{whole}.{''.join(decimals)}")
