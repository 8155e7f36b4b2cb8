"""Words that say what an answer is: don't know, none, other, a step of a scale.

English and German. Only whole labels are judged, never words inside a long one, so
an option that merely mentions a word is not taken for a scale.
"""

import re
from collections.abc import Sequence
from typing import Final

from survey.importers.labels import comparable

_DONT_KNOW = re.compile(
    r"(i )?(don'?t|do not|cannot|can'?t) ?(know|say|tell)\b.{0,40}"
    r"|(i'?m |i am )?(not sure|unsure|uncertain|undisclosed)( yet)?"
    r"|(un)?familiar \(n/a\)|no opinion|no answer|prefer not to (say|answer).{0,20}"
    r"|(i )?(would )?(rather|prefer) not (to )?(say|answer)|decline to answer|refused"
    r"|not applicable|does not apply|n/?a|n\.a\.|dk|dkns|dk/ns|not stated"
    r"|unknown|unbekannt"
    r"|(wei(ß|ss) (ich )?nicht|kann ich nicht (sagen|beurteilen)).{0,40}"
    r"|keine angaben?|k\.\s?a\.|trifft (auf uns )?nicht zu \(n/a\)|nicht anwendbar"
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

_INTENSITY: Final = {
    "not at all": 0.0,
    "not": 0.2,
    "not so": 0.6,
    "not very": 0.6,
    "not too": 0.6,
    "not particularly": 0.6,
    "hardly": 0.5,
    "slightly": 1.0,
    "a little": 1.0,
    "a bit": 1.0,
    "somewhat": 1.3,
    "rather": 1.5,
    "moderately": 2.0,
    "fairly": 2.1,
    "": 2.5,
    "quite": 2.7,
    "mostly": 2.8,
    "very": 3.0,
    "highly": 3.2,
    "strongly": 3.4,
    "extremely": 4.0,
    "completely": 4.0,
    "totally": 4.0,
    "fully": 4.0,
    "überhaupt nicht": 0.0,
    "gar nicht": 0.0,
    "nicht": 0.2,
    "nicht sehr": 0.6,
    "weniger": 0.8,
    "kaum": 0.5,
    "wenig": 1.0,
    "etwas": 1.2,
    "eher": 1.5,
    "mäßig": 2.0,
    "ziemlich": 2.7,
    "sehr": 3.0,
    "äußerst": 4.0,
    "voll": 4.0,
    "völlig": 4.0,
}
_ADVERBS: Final = {comparable(adverb): size for adverb, size in _INTENSITY.items()}
_OPPOSITE: Final = {
    "disagree": "agree",
    "ineffective": "effective",
    "unimportant": "important",
    "insignificant": "significant",
    "unlikely": "likely",
    "dissatisfied": "satisfied",
    "unsatisfied": "satisfied",
    "unfavorable": "favorable",
    "unfavorably": "favorably",
    "unfamiliar": "familiar",
    "uncomfortable": "comfortable",
    "unconcerned": "concerned",
    "negative": "positive",
    "difficult": "easy",
    "insecure": "secure",
    "unwichtig": "wichtig",
    "unzufrieden": "zufrieden",
    "unwahrscheinlich": "wahrscheinlich",
    "negativ": "positiv",
    "schlecht": "gut",
    "schwierig": "einfach",
}
_NEUTRAL = re.compile(
    r"neutral|neither\b.{0,40}|undecided|no difference|(about )?the same"
    r"|teils[/, -]*teils|weder noch|unentschieden|unverändert"
)
# One scale in each paragraph, from less to more; words of the same step after "/".
_SCALES: Final = """
never < almost never/hardly ever/very rarely < rarely/seldom < occasionally <
sometimes < often/frequently/regularly/usually < very often/very frequently/most
of the time < almost always/nearly always < always/all the time

very poor < poor/below average < average < good/above average < excellent

never < less than once a month/less often < yearly/annually < quarterly <
monthly/once a month/a few times a month/several times a month < weekly/once a
week/a few times a week/several times a week < almost daily < daily/once a
day/every day < several times a day/multiple times a day < hourly

nie/niemals < fast nie < selten/seltener < gelegentlich < manchmal < mehrmals
pro monat/monatlich < mehrmals pro woche/wöchentlich < oft/häufig < sehr
oft/sehr häufig < fast täglich < täglich < fast immer < immer

very poor < poor < fair < average < good < very good < excellent

very low < low < medium/moderate < high < very high

sehr gering/sehr niedrig < gering/niedrig < mittel < hoch < sehr hoch

not at all/no extent/to no extent < very little/to a very small extent < a
little/to a small extent/to a limited extent/slightly < somewhat/to some extent
< moderately/to a moderate extent < a lot/to a large extent/to a great
extent/considerably < a great deal/to a very great extent/to a very large
extent/completely

gar nicht/überhaupt nicht < in geringem maße < teilweise/in mittlerem maße < in
hohem maße < in sehr hohem maße/vollständig

stimme überhaupt nicht zu/stimme gar nicht zu < stimme nicht zu/lehne ab <
stimme eher nicht zu < teils, teils/teils teils/weder noch/neutral < stimme eher
zu < stimme zu < stimme voll zu/stimme voll und ganz zu/stimme völlig zu

trifft überhaupt nicht zu/trifft gar nicht zu < trifft nicht zu < trifft eher
nicht zu < teils, teils/teils teils < trifft eher zu < trifft zu < trifft voll
zu/trifft voll und ganz zu

decrease significantly/significantly decrease/decrease a lot < decrease/decrease
somewhat/decrease slightly/slightly decrease < stay the same/remain the same/no
change/about the same < increase/increase somewhat/increase slightly/slightly
increase < increase significantly/significantly increase/increase a lot

decrease strongly/strongly decrease < decrease < decrease slightly < stay the
same/remain the same/no change < increase slightly < increase < increase
strongly/strongly increase

none < a few/few < some < many/about half < most < all/nearly all

beginner < intermediate < advanced < expert

small < medium < large

klein < mittel < groß
"""
_STEPS: Final = tuple(
    tuple(tuple(step.split("/")) for step in comparable(scale).split(" < "))
    for scale in _SCALES.split("\n\n")
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
    for scale in _STEPS:
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
    if _NEUTRAL.fullmatch(text):
        return "", 0.0
    if text.endswith(" at all") and text.startswith("not "):
        text = f"not at all {text.removeprefix('not ').removesuffix(' at all')}"
    adverb, _, word = text.rpartition(" ")
    if adverb not in _ADVERBS or (not adverb and word in _ADVERBS):
        return "", 1.0
    if word in _OPPOSITE:
        return _OPPOSITE[word], -_ADVERBS[adverb]
    return word, _ADVERBS[adverb]


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
