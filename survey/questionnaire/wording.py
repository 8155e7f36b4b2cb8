"""What the wording of a question says: how many answers, and a short label for it."""

import re
from typing import Final, Literal

from survey.importers.labels import comparable, tidy

Hint = Literal["one", "many", ""]

_LONGEST: Final = 80
_SHORTEST: Final = 12
_NUMBERS: Final = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "zwei": 2,
    "drei": 3,
    "vier": 4,
    "fünf": 5,
    "sechs": 6,
}
_COUNT = rf"(\d{{1,2}}|{'|'.join(_NUMBERS)})"
_CAP = re.compile(
    rf"(?:up to|at most|maximum of|no more than|maximal|bis zu|höchstens|top)"
    rf" {_COUNT}\b"
    rf"|(?:select|choose|pick|check|name|nennen sie|wählen sie) (?:the |your |die )?"
    rf"(?:top )?{_COUNT}\b"
)
_MANY = re.compile(
    r"\ball (?:that|which) apply|(?:select|check|choose|mark|tick) (?:all|as many|any)"
    r"|multiple (?:answers|responses|choices|selections)|more than one answer"
    r"|mehrfach(?:nennung|auswahl|antwort)|mehrere (?:antworten|nennungen)"
    r"|alle(?:s)? zutreffende|was (?:trifft )?zutrifft"
)
_ONE = re.compile(
    r"(?:select|choose|pick|check|mark) (?:only |just )?(?:one|1|a single)\b"
    r"|(?:only|just) one (?:answer|response|option)|single (?:choice|response|answer)"
    r"|one (?:answer|response) only|best describes|\bnur eine\b|eine antwort\b"
    r"|einfach(?:auswahl|nennung)|bitte eine\b"
)
_EACH = re.compile(
    r"per row|for each|in each row|pro zeile|je zeile|für jede|je aussage"
)
_WORDS = re.compile(
    r"\bcomments?\b|anything else|in (?:your own )?words|please (?:explain|describe)"
    r"|\bfeedback\b|\bkommentare?\b|\banmerkung(?:en)?\b|in (?:eigenen )?worten"
    r"|möchten sie (?:uns )?noch"
)
_INSTRUCTION = re.compile(
    r"\s*[(\[][^()\[\]]*\b(?:select|check|choose|pick|mark|tick|please|apply|one|up to"
    r"|response|responses|answer|answers|mehrfach\w*|bitte|wählen|auswahl\w*|antwort\w*"
    r"|nennung\w*|required|pflicht\w*)\b[^()\[\]]*[)\]]\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[?!.:])\s+(?=[A-ZÄÖÜ\"\u201c\u201e(])")


def answer_hint(wording: str) -> Hint:
    """Say how many answers the wording asks for.

    Parameters
    ----------
    wording : str
        The question as it was put, instructions included.

    Returns
    -------
    {"one", "many", ""}
        Empty when it does not say.

    Examples
    --------
    >>> answer_hint("Which barriers? (select all that apply)"), answer_hint("Size?")
    ('many', '')
    """
    text = comparable(wording)
    if _MANY.search(text) or _CAP.search(text):
        return "many"
    return "one" if _ONE.search(text) else ""


def asks_for_words(text: str) -> bool:
    """Tell whether a wording or a name asks for an answer in words.

    Parameters
    ----------
    text : str
        The question as it was put, or the name of its column.

    Returns
    -------
    bool
        True for comments and explanations.

    Examples
    --------
    >>> asks_for_words("Is there anything else you would like to tell us?")
    True
    """
    return bool(_WORDS.search(comparable(text)))


def is_per_row(wording: str) -> bool:
    """Tell whether the wording asks for one answer in every row.

    Parameters
    ----------
    wording : str
        The question as it was put.

    Returns
    -------
    bool
        True for "select one response per row".

    Examples
    --------
    >>> is_per_row("How often? (select one response per row)")
    True
    """
    return bool(_EACH.search(comparable(wording)))


def most_choices(wording: str) -> int | None:
    """Give the largest number of answers that the wording allows.

    Parameters
    ----------
    wording : str
        The question as it was put.

    Returns
    -------
    int or None
        At least 2; None when there is no cap.

    Examples
    --------
    >>> most_choices("Name the barriers (select up to three)")
    3
    """
    found = _CAP.search(comparable(wording))
    if not found:
        return None
    word = found[1] or found[2]
    number = _NUMBERS.get(word) or int(word)
    return number if number > 1 else None


def short_label(wording: str) -> str:
    """Shorten a wording for the head of a table.

    Parameters
    ----------
    wording : str
        The question as it was put.

    Returns
    -------
    str
        Without the instruction in brackets; the first question where there are
        several sentences; at most 80 characters, cut at a word.

    Examples
    --------
    >>> short_label("How many people work for you? (select one)")
    'How many people work for you?'
    """
    text = tidy(_INSTRUCTION.sub(" ", tidy(wording))) or tidy(wording)
    text = re.sub(r"\s+([?.!,;:])", r"\1", text)
    if len(text) <= _LONGEST:
        return text
    sentences = [s for s in _SENTENCE.split(text) if len(s) >= _SHORTEST]
    asked = [s for s in sentences if s.endswith("?")] or sentences or [text]
    return _cut(asked[0])


def _cut(text: str) -> str:
    """Cut a text at a word and say that it was cut."""
    if len(text) <= _LONGEST:
        return text
    head = text[: _LONGEST - 1].rsplit(" ", 1)[0].rstrip(" ,;:-")
    return f"{head}\u2026"
