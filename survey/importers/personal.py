"""Values that identify a person, known by what they look like.

A value counts only when all of it has the form: a version number beside others is no
address, and an amount is no telephone number.
"""

import re
from collections.abc import Collection
from ipaddress import ip_address
from typing import Final, Literal

Personal = Literal["e-mail address", "IP address", "telephone number", "coordinate", ""]
MOST_SIGNS: Final = 254

_MAIL = re.compile(r"(?:mailto:)?[^@\s<>,;]{1,64}@[^@\s<>,;]{1,200}\.[^\W\d_]{2,24}")
_MAIL_INSIDE = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}\.[^\W\d_]{2,24}"
)
_IP_INSIDE = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
_PHONE = re.compile(r"(?:\+|00)[1-9](?:[ ()/.-]{0,2}\d){7,14}")
_PHONE_INSIDE = re.compile(r"(?<![\w+])\+[1-9](?:[ ()/.-]{0,2}\d){7,14}")
_PLACE = re.compile(
    r"\(?-?\d{1,2}\.\d{4,}\s*[,;/ ]\s*-?\d{1,3}\.\d{4,}(?: [\d.]+){0,2}\)?"
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
        name a house; a telephone number its country.

    Examples
    --------
    >>> [personal_value(v) for v in ("a@example.org", "192.0.2.7", "+49 30 1234567")]
    ['e-mail address', 'IP address', 'telephone number']
    >>> personal_value("52.5200, 13.4050"), personal_value("3.11.2")
    ('coordinate', '')
    """
    text = value.strip()
    if not text or len(text) > MOST_SIGNS:
        return ""
    if _MAIL.fullmatch(text):
        return "e-mail address"
    if _PHONE.fullmatch(text):
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
    kinds = [personal_value(value) for value in values]
    found = {kind for kind in kinds if kind}
    return next((kind for kind in found if kinds.count(kind) * 2 > len(kinds)), "")


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


def without_personal(text: str) -> str:
    """Put a sign in the place of addresses and telephone numbers in a text.

    Parameters
    ----------
    text : str
        A sentence that quotes values of an export.

    Returns
    -------
    str
        The text with ``(address)`` for every e-mail and IP address, and
        ``(telephone)`` for every number with the sign of its country.

    Examples
    --------
    >>> without_personal("2 answers: 'a@example.org', '192.0.2.7'")
    "2 answers: '(address)', '(address)'"
    >>> without_personal("1 answer: '+49 30 1234567', 3 x +5")
    "1 answer: '(telephone)', 3 x +5"
    """
    if "@" in text:
        text = _MAIL_INSIDE.sub("(address)", text)
    text = _PHONE_INSIDE.sub("(telephone)", text)
    return _IP_INSIDE.sub("(address)", text)


def _is_address(text: str) -> bool:
    """Say whether a text is an IP address of version 4 or 6."""
    if text.count(".") != len(("a", "b", "c")) and text.count(":") < len(("a", "b")):
        return False
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
