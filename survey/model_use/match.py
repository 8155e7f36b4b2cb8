"""Names of models in answers: by exact id, by alias, then by family, never by guess.

Case, punctuation and the form of signs do not matter; words are whole words. A name of
two entries is ambiguous and names none.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.model_use.values import LEVELS, Entry, Level, Match, Matches

_BETWEEN: Final = re.compile(r"[\W_]+")
_DIGITS: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")
_PARTS: Final = re.compile(
    r"[,;|\n\r&\u2022]|\b(?:and|or|und|oder|sowie)\b", re.IGNORECASE
)
# Who says what is not used does not say what is.
_DENIED: Final = frozenset(
    {
        *("not", "no", "never", "without", "except", "instead"),
        *("kein", "keine", "keinen", "keiner", "nicht", "ohne", "ausser", "statt"),
    }
)


@dataclass(frozen=True, slots=True)
class NameIndex:
    """Names of a catalogue, folded.

    Attributes
    ----------
    exact : mapping of str to tuple of Match
        What an answer means that is nothing but this name.
    inside : mapping of str to tuple of str
        Families by names that count inside a text; none for names of no model.
    longest : int
        Words of the longest of these.
    """

    exact: Mapping[str, tuple[Match, ...]]
    inside: Mapping[str, tuple[str, ...]]
    longest: int


def folded(text: str) -> str:
    """Give a text without case and punctuation, and digits apart from letters.

    Parameters
    ----------
    text : str
        An answer or a name.

    Returns
    -------
    str
        Words with one blank between them.

    Examples
    --------
    >>> folded("GPT-4o"), folded("Llama3.1"), folded("OpenGPT-X")
    ('gpt 4o', 'llama 3 1', 'opengpt x')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    # Some signs only show their parts after case is gone.
    plain = unicodedata.normalize("NFKC", plain)
    return _BETWEEN.sub(" ", _DIGITS.sub(" ", plain)).strip()


def name_index(entries: Collection[Entry], not_models: Sequence[str] = ()) -> NameIndex:
    """Index the names of a catalogue.

    Parameters
    ----------
    entries : collection of Entry
        Models and families.
    not_models : sequence of str
        Names that only look like a family's, such as those of programs.

    Returns
    -------
    NameIndex
        For `find_models`.
    """
    exact: dict[str, dict[str, Level]] = {}
    inside: dict[str, tuple[str, ...]] = {}
    for entry in entries:
        level: Level = "id" if entry.is_model else "alias"
        exact.setdefault(folded(entry.id), {})[entry.id] = level
        for name in (*entry.names, *entry.whole):
            exact.setdefault(folded(name), {}).setdefault(entry.id, "alias")
        for name in () if entry.is_model else entry.names:
            known = inside.get(folded(name), ())
            inside[folded(name)] = tuple(dict.fromkeys((*known, entry.id)))
    inside |= dict.fromkeys(map(folded, not_models), ())
    families = {entry.id: entry.family for entry in entries if entry.is_model}
    found = {
        name: tuple(
            Match(entry, level)
            for entry, level in levels.items()
            # A name that a model shares with its own family is that of the model.
            if entry not in {families.get(other) for other in levels}
        )
        for name, levels in exact.items()
    }
    longest = max((name.count(" ") + 1 for name in inside), default=0)
    return NameIndex(found, inside, longest)


def find_models(text: str, index: NameIndex) -> Matches:
    """Find the models and families that an answer names.

    Parameters
    ----------
    text : str
        What somebody typed, or the label of an answer.
    index : NameIndex
        Names of the catalogue.

    Returns
    -------
    Matches
        Each entry once, by the best level; and how many parts name nothing known.

    Examples
    --------
    >>> llama = Entry("llama", "Llama", "Meta", "llama", False, ("Llama",), (),
    ...               "restricted", "restricted", "stated", "licence", "2025")
    >>> index = name_index([llama])
    >>> find_models("Llama 3 und Ollama", index)
    Matches(found=(Match(entry='llama', level='family'),), unmatched=1, ambiguous=0)
    """
    whole = _exact(text, index)
    if whole is not None:
        return whole
    parts = [_of_part(part, index) for part in _PARTS.split(text)]
    return _together(part for part in parts if part is not None)


def _exact(text: str, index: NameIndex) -> Matches | None:
    """Match a text that is nothing but a name."""
    name = folded(text)
    found = index.exact.get(name)
    if found is None:
        return None
    if len(found) == 1:
        return Matches(found)
    ids = [match for match in found if match.level == "id"]
    return Matches(tuple(ids)) if len(ids) == 1 else Matches((), 1, 1)


def _of_part(part: str, index: NameIndex) -> Matches | None:
    """Match a part of an answer; None where nothing stands in it."""
    if not folded(part):
        return None
    whole = _exact(part, index)
    if whole is not None:
        return whole
    if "/" not in part:
        return _families(part, index)
    # A slash stands in ids, too, and was looked up with it first.
    pieces = [piece for piece in part.split("/") if folded(piece)]
    return _together(
        _exact(piece, index) or _families(piece, index) for piece in pieces
    )


def _families(part: str, index: NameIndex) -> Matches:
    """Find names of families among the words of a part, the longest first."""
    words = folded(part).split()
    if _DENIED.intersection(words):
        return Matches((), 1)
    found: list[Match] = []
    ambiguous = 0
    for families in _spans(words, index):
        if len(families) == 1:
            found.append(Match(families[0], "family"))
        ambiguous += len(families) > 1
    matched = tuple(dict.fromkeys(found))
    return Matches(matched, ambiguous or int(not matched), ambiguous)


def _spans(words: Sequence[str], index: NameIndex) -> Iterator[tuple[str, ...]]:
    """Give the families of every name among words; each word counts once."""
    free = [True] * len(words)
    for size in range(min(index.longest, len(words)), 0, -1):
        for start in range(len(words) - size + 1):
            end = start + size
            families = index.inside.get(" ".join(words[start:end]))
            if families is not None and all(free[start:end]):
                free[start:end] = [False] * size
                yield families


def _together(parts: Iterable[Matches]) -> Matches:
    """Put the matches of several parts together."""
    every = list(parts)
    best: dict[str, Match] = {}
    for part in every:
        for match in part.found:
            known = best.setdefault(match.entry, match)
            best[match.entry] = min(known, match, key=_strictness)
    return Matches(
        tuple(best.values()),
        sum(part.unmatched for part in every),
        sum(part.ambiguous for part in every),
    )


def _strictness(match: Match) -> int:
    """Give the sort key of a match: exact ones first."""
    return LEVELS.index(match.level)
