"""Tell keyboard mash from words, in any script: doubt speaks for the respondent.

A text is gibberish when most of its letters stand in words that nobody means: runs
along the keys of a keyboard, one sign or syllable over and over, long words without a
vowel, long words from four neighbouring keys, "bla bla". Acronyms, short words, numbers
and scripts that write no vowels are left alone.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import Final

JUNK_SHARE: Final = 0.6
LEAST_LETTERS: Final = 4
LEAST_RUN: Final = 3
NO_VOWEL_LETTERS: Final = 6
HOME_ROW_LETTERS: Final = 7
HOME_ROW_VOWELS: Final = 0.2
FEW_KEYS: Final = 4
FEW_KEYS_LETTERS: Final = 6
FEW_KEYS_VOWELS: Final = 1 / 3
READ_SIGNS: Final = 400
KNOWN_WORDS: Final = 50_000

_ROWS: Final = (
    ("qwertyuiop", "asdfghjkl", "zxcvbnm"),
    ("qwertzuiopü", "asdfghjklöä", "yxcvbnm"),
    ("azertyuiop", "qsdfghjklm", "wxcvbn"),
    ("йцукенгшщзхъ", "фывапролджэ", "ячсмитьбю"),
)
_FORWARD: Final = frozenset(
    pair for rows in _ROWS for row in rows for pair in pairwise(row)
)
_BACKWARD: Final = frozenset((right, left) for left, right in _FORWARD)
_HOME: Final = frozenset("asdfghjklöä")
# The rest of the upper row makes words such as retweet and Wetter.
_FEW: Final = tuple(
    frozenset(row[start : start + FEW_KEYS])
    for row in ("qwer", "asdfghjklöä")
    for start in range(len(row) - FEW_KEYS + 1)
)
_VOWELS: Final = frozenset("aeiouyäöüаеёиоуыэюяіїє")  # noqa: RUF001 - Cyrillic is meant
# Words and names that happen to lie along a row of keys.
_WORDS: Final = frozenset({"wert", "azer", "uiuiui", "смит"})
_LETTERS = re.compile(r"[^\W\d_]+")
_OVER_AND_OVER = re.compile(r"(.{1,3}?)\1{3,}")
_TO_AND_FRO = re.compile(r"(.)(.)(?:\1\2){2,}")
_FILLER = re.compile(r"(?:bl[au]+[hb]*){2,}|(?:yadda|yada){2,}")
_DRAWN_OUT = re.compile(r"(.)\1\1")
_PLAIN = re.compile(r"[a-zа-яё]+")  # noqa: RUF001 - Cyrillic is meant


def is_gibberish(text: str) -> bool:
    """Tell whether a text is keyboard mash.

    Parameters
    ----------
    text : str
        An open answer; its first 400 signs are read.

    Returns
    -------
    bool
        True when words that nobody means hold at least 60 % of its letters, and four
        letters or more.

    Examples
    --------
    >>> [is_gibberish(t) for t in ("asdfasdf", "xxxxx", "bla bla", "GDPR, HTTPS", "-")]
    [True, True, True, False, False]
    """
    words = list(words_of(text))
    together = "".join(words).lower()
    letters = len(together)
    if _FILLER.fullmatch(together):
        return True
    if letters >= LEAST_LETTERS and together not in _WORDS and _along_keys(together):
        return True
    junk = sum(len(word) for word in words if is_junk(word))
    return junk >= LEAST_LETTERS and junk >= JUNK_SHARE * letters


def words_of(text: str) -> Iterator[str]:
    """Split the first 400 signs of a text into runs of letters.

    Parameters
    ----------
    text : str
        Any text.

    Yields
    ------
    str
        Letters only, as typed, composed (NFC).

    Examples
    --------
    >>> list(words_of("GPT-4, Claude"))
    ['GPT', 'Claude']
    """
    composed = unicodedata.normalize("NFC", text[:READ_SIGNS])
    return (found.group() for found in _LETTERS.finditer(composed))


@lru_cache(maxsize=KNOWN_WORDS)
def is_junk(word: str) -> bool:
    """Tell whether a word is one that nobody means.

    Parameters
    ----------
    word : str
        Letters only.

    Returns
    -------
    bool
        False for words of fewer than four letters.

    Examples
    --------
    >>> is_junk("qwertz"), is_junk("Angstschweiß"), is_junk("фывафыва")
    (True, False, True)
    """
    low = word.lower()
    if len(low) < LEAST_LETTERS or low in _WORDS:
        return False
    return (
        _OVER_AND_OVER.fullmatch(low) is not None
        or _along_keys(low)
        or _to_and_fro(low)
        or _on_few_keys(low)
        or (not word.isupper() and (_without_vowel(low) or _on_home_row(low)))
    )


def _along_keys(word: str) -> bool:
    """Tell whether a word is made of runs of three and more neighbouring keys."""
    start = 0
    while start < len(word):
        end = max(_run(word, start, _FORWARD), _run(word, start, _BACKWARD))
        if end - start < LEAST_RUN:
            return False
        start = end
    return True


def _run(word: str, start: int, neighbours: frozenset[tuple[str, str]]) -> int:
    """Give the end of the run of neighbouring keys that begins at a place."""
    end = start + 1
    while end < len(word) and (word[end - 1], word[end]) in neighbours:
        end += 1
    return end


def _without_vowel(word: str) -> bool:
    """Tell a long word without a vowel; accents and a drawn-out pffft are no mash."""
    if len(word) < NO_VOWEL_LETTERS or not _PLAIN.fullmatch(word):
        return False
    return _VOWELS.isdisjoint(word) and not _DRAWN_OUT.search(word)


def _on_home_row(word: str) -> bool:
    """Tell a long word typed on the home row with hardly a vowel."""
    if len(word) < HOME_ROW_LETTERS or not _HOME.issuperset(word):
        return False
    vowels = sum(sign in _VOWELS for sign in word)
    return vowels <= HOME_ROW_VOWELS * len(word)


def _to_and_fro(word: str) -> bool:
    """Tell two neighbouring keys in turns, three times and more."""
    return _TO_AND_FRO.fullmatch(word) is not None and (
        (word[0], word[1]) in _FORWARD | _BACKWARD
    )


def _on_few_keys(word: str) -> bool:
    """Tell a long word from four neighbouring keys with few vowels."""
    if len(word) < FEW_KEYS_LETTERS or not any(keys.issuperset(word) for keys in _FEW):
        return False
    vowels = sum(sign in _VOWELS for sign in word)
    return vowels <= FEW_KEYS_VOWELS * len(word)
