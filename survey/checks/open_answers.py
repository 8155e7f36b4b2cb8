"""Open answers that nobody meant: keyboard mash, copies, the question given back.

The texts themselves are never repeated in a finding, because they may name people.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.checks.gibberish import is_gibberish
from survey.questionnaire.model import Question
from survey.responses.table import Responses

BoolArray = NDArray[np.bool_]
LONG_SIGNS: Final = 40
LONG_WORDS: Final = 6
LONG_SIGNS_WITHOUT_BLANKS: Final = 20
QUESTION_SIGNS: Final = 30
DISTINCT_SHARE: Final = 0.3
LIST_WORDS: Final = 3

_PARTS = re.compile(r"[,;|\n]")
_BETWEEN = re.compile(r"[\W_]+")


def gibberish(responses: Responses) -> BoolArray:
    """Flag records with an open answer that is keyboard mash.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    bool array (n,)
        True where `is_gibberish` says so of any open answer.
    """
    flagged = np.zeros(len(responses.frame), dtype=bool)
    for name in text_columns(responses):
        places, texts = pd.factorize(responses.frame[name])
        mash = np.array([is_gibberish(str(text)) for text in texts], dtype=bool)
        flagged |= np.append(mash, values=False)[places]
    return flagged


def copied(responses: Responses) -> BoolArray:
    """Flag records whose open answer is a copy.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    bool array (n,)
        True where an open answer is the wording of its question (30 signs and more),
        or a long text (six words and 40 signs, or 20 signs in a script without
        blanks) that an earlier record gave to the same question. Case, blanks and
        punctuation do not matter. Lists (fewer than three words between commas) are
        left out, and so are answers that were prepared: parts of them stand in other
        answers too, or fewer than 30 % of the answers to the question differ.
    """
    flagged = np.zeros(len(responses.frame), dtype=bool)
    for name in text_columns(responses):
        texts = responses.frame[name].dropna()
        plain = texts.astype(str).map(_plain)
        given_back = plain.isin(_parts_of(_wordings(responses, name), plain))
        copies = given_back | _again(texts.astype(str), plain)
        flagged[responses.frame[name].notna().to_numpy()] |= copies.to_numpy()
    return flagged


def formula_texts(responses: Responses) -> dict[str, int]:
    """Count open answers that a spreadsheet would take for a formula.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    dict of column to count
        Columns without any are left out.
    """
    counts = {}
    for name in text_columns(responses):
        texts = responses.frame[name].dropna().astype(str)
        number = int(texts.str.match(r"[=+\-@]").sum())
        if number:
            counts[name] = number
    return counts


def text_columns(responses: Responses) -> Sequence[str]:
    """Give the columns with texts that respondents typed.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    sequence of str
        Open questions, and texts typed beside a category.
    """
    open_questions = {
        q.id for q in responses.questionnaire.questions if q.kind == "text"
    }
    return [
        str(name)
        for name in responses.frame.columns
        if name in open_questions or str(name).endswith("_text")
    ]


def _plain(text: str) -> str:
    """Give a text without case, punctuation and further blanks."""
    return _BETWEEN.sub(" ", text.casefold()).strip()


def _is_long(text: str) -> bool:
    """Tell whether two people would hardly write the same by chance."""
    if " " not in text:
        return len(text) >= LONG_SIGNS_WITHOUT_BLANKS and not text.isascii()
    return len(text) >= LONG_SIGNS and text.count(" ") >= LONG_WORDS - 1


def _again(texts: pd.Series, plain: pd.Series) -> pd.Series:
    """Say which long texts an earlier record gave."""
    nobody = pd.Series(data=False, index=plain.index)
    if len(plain.unique()) < DISTINCT_SHARE * len(plain):
        return nobody
    again = plain.duplicated() & plain.map(_is_long).astype(bool)
    if not again.any():
        return nobody
    options = _options(texts[~plain.duplicated()])
    prepared = [_is_list(text) or _is_joined(text, options) for text in texts[again]]
    again[again] = ~np.array(prepared, dtype=bool)
    return again


def _options(texts: pd.Series) -> Counter[str]:
    """Count in how many different texts each part between delimiters stands."""
    return Counter(
        part for text in texts for part in {*map(_plain, _PARTS.split(text))}
    )


def _is_joined(text: str, options: Mapping[str, int]) -> bool:
    """Tell options that a platform joined: their longest stands in other texts too."""
    longest = max(map(_plain, _PARTS.split(text)), key=len)
    return options[longest] > 1


def _is_list(text: str) -> bool:
    """Tell a list of names, which two people may well write alike."""
    parts = [part for part in _PARTS.split(text) if part.strip()]
    return len(parts) > 1 and len(text.split()) < LIST_WORDS * len(parts)


def _wordings(responses: Responses, name: str) -> list[str]:
    """Give the texts of the question that a column belongs to, in all languages."""
    asked = next(
        (q for q in responses.questionnaire.questions if _holds(q, name)), None
    )
    if asked is None:
        return []
    return [_plain(text) for text in (*asked.wording.values(), *asked.label.values())]


def _holds(question: Question, name: str) -> bool:
    """Say whether a column of texts belongs to a question."""
    return name == question.id or name.startswith(f"{question.id}_")


def _parts_of(wordings: Sequence[str], plain: pd.Series) -> list[str]:
    """Give the texts that stand in a wording."""
    texts = plain[plain.str.len() >= QUESTION_SIGNS].unique()
    return [t for t in texts if any(t in wording for wording in wordings)]
