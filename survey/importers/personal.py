"""Values that identify a person, known by what they look like.

A value counts only when all of it has the form: a version number beside others is no
address, and an amount is no telephone number.
"""

import re
from collections import Counter
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final, Literal

Personal = Literal["e-mail address", "IP address", "telephone number", "coordinate", ""]
MOST_SIGNS: Final = 254

_POSSIBLE = re.compile(r"[@:\d]")
_MAIL = re.compile(r"(?:mailto:)?[^@\s<>,;]{1,64}@[^@\s<>,;]{1,200}\.[^\W\d_]{2,24}")
_MAIL_INSIDE = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[^\W\d_]{2,24}"
)
_IP_INSIDE = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_PHONE = re.compile(r"(?:\+|00)[1-9](?:[ ()/.-]{0,2}\d){7,14}")
_IP_6_INSIDE = re.compile(
    r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\w:])"
)
_IP_6_SIGNS: Final = len("fe80::1")
_PHONE_INSIDE = re.compile(
    r"(?<![\w+])(?:\+[1-9](?:[ ()/.-]{0,2}\d){7,14}"
    # Without the sign of a country a number is known by how it is grouped.
    r"|00[1-9]\d{0,2}[ /.-]\(?\d(?:[ ()/.-]{0,2}\d){5,12}"
    r"|\(?0[1-9]\d{1,4}(?: ?[)/-] ?| )\d(?:[ -]?\d){4,9}"
    r"|(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-.])\d{3}[-.]\d{4})(?!\w)"
)
_PLACE = re.compile(
    r"\(?-?\d{1,2}\.\d{4,}\s*[,;/ ]\s*-?\d{1,3}\.\d{4,}(?: [\d.]+){0,2}\)?"
)
_PLACE_INSIDE = re.compile(
    r"(?<![\w.+-])-?\d{1,2}\.\d{4,8}\s?[,;/ ]\s?-?\d{1,3}\.\d{4,8}(?!\w)"
)


def personal_value(value: str) -> Personal:
    """Say what a value that identifies a person is.

    Parameters
    ----------
    value : str
        A cell of an export.

    Returns
    -------
    Personal
        Empty for everything else. A pair of coordinates needs four decimals, which
        name a house; a telephone number its country, or the groups of a German or
        American one.

    Examples
    --------
    >>> [personal_value(v) for v in ("a@example.org", "192.0.2.7", "+49 30 1234567")]
    ['e-mail address', 'IP address', 'telephone number']
    >>> personal_value("52.5200, 13.4050"), personal_value("3.11.2")
    ('coordinate', '')
    """
    text = value.strip()
    if len(text) > MOST_SIGNS or not _POSSIBLE.search(text):
        return ""
    if _MAIL.fullmatch(text):
        return "e-mail address"
    if _PHONE.fullmatch(text) or _PHONE_INSIDE.fullmatch(text):
        return "telephone number"
    if _PLACE.fullmatch(text):
        return "coordinate"
    return "IP address" if _is_address(text) else ""


def personal_values(values: Collection[str]) -> Personal:
    """Say what a column that identifies people holds.

    Parameters
    ----------
    values : collection of str
        Its distinct values.

    Returns
    -------
    Personal
        What more than half of them are; empty where no kind is.

    Examples
    --------
    >>> personal_values(["192.0.2.7", "2001:db8::1", "unknown"])
    'IP address'
    """
    kinds: Counter[Personal] = Counter()
    for value in values:
        kinds[personal_value(value)] += 1
        if kinds[""] * 2 >= len(values):
            return ""
    return next((kind for kind, n in kinds.items() if n * 2 > len(values)), "")


def holds_mail_address(text: str) -> bool:
    """Say whether an e-mail address stands in a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        False for a name on a social network (``@name``).

    Examples
    --------
    >>> holds_mail_address("Write to me: a@example.org."), holds_mail_address("@me")
    (True, False)
    """
    return "@" in text and _MAIL_INSIDE.search(text) is not None


def names_person(text: str) -> bool:
    """Say whether an open answer is or holds what identifies a person.

    Parameters
    ----------
    text : str
        What a respondent typed.

    Returns
    -------
    bool
        True for an e-mail address, a telephone number or coordinates. An IP address
        alone is none: ``8.8.8.8`` may be a version.

    Examples
    --------
    >>> names_person("Call me: 0151 23456789"), names_person("Version 3.11.2.4")
    (True, False)
    """
    if personal_value(text) not in {"", "IP address"} or holds_mail_address(text):
        return True
    return any(found.search(text) for found in (_PHONE_INSIDE, _PLACE_INSIDE))


def without_personal(text: str) -> str:
    """Put a sign in the place of what identifies a person in a text.

    Parameters
    ----------
    text : str
        A sentence that quotes values of an export.

    Returns
    -------
    str
        The text with ``(address)`` for every e-mail and IP address, ``(telephone)``
        for every number with the sign of its country or grouped as German and
        American ones are, and ``(place)`` for every pair of coordinates.

    Examples
    --------
    >>> without_personal("2 answers: 'a@example.org', '192.0.2.7'")
    "2 answers: '(address)', '(address)'"
    >>> without_personal("1 answer: '+49 30 1234567', 3 x +5")
    "1 answer: '(telephone)', 3 x +5"
    >>> without_personal("Call 0151 23456789 or meet me at 52.52001, 13.40495")
    'Call (telephone) or meet me at (place)'
    """
    if "@" in text:
        text = _MAIL_INSIDE.sub("(address)", text)
    text = _PLACE_INSIDE.sub("(place)", text)
    text = _PHONE_INSIDE.sub("(telephone)", text)
    if ":" in text:
        text = _IP_6_INSIDE.sub(_hidden_address, text)
    return _IP_INSIDE.sub("(address)", text)


def _hidden_address(found: re.Match[str]) -> str:
    """Hide an IP address of version 6; a time of day and `a::b` are none."""
    address = len(found[0]) >= _IP_6_SIGNS and _is_address(found[0])
    return "(address)" if address else found[0]


def _is_address(text: str) -> bool:
    """Say whether a text is an IP address of version 4 or 6."""
    if text.count(".") != len(("a", "b", "c")) and text.count(":") < len(("a", "b")):
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
