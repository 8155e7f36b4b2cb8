"""Names of models in answers: by exact id, by alias, then by family, never by guess.

Case, punctuation and the form of signs do not matter; words are whole words. A name of
two entries is ambiguous and names none, and neither does what somebody denies.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.model_use.values import LEVELS, Entry, Level, Match, Matches

_BETWEEN: Final = re.compile(r"[\W_]+")
_DIGITS: Final = re.compile(r"(?<=[^\W\d_])(?=\d)")
_SENTENCES: Final = re.compile(r"[;|\n\r\u2022]")
_PARTS: Final = re.compile(
    r"[,&]|\b(?:and|or|nor|und|oder|noch|sowie)\b", re.IGNORECASE
)
# Who says what is not used, or is only like it, does not say what is.
_DENIED: Final = frozenset(
    {
        *("not", "no", "never", "without", "except", "instead", "neither", "none"),
        *("don", "dont", "doesn", "doesnt", "didn", "isn", "aren", "won", "cannot"),
        *("avoid", "banned", "blocked", "forbidden", "prohibited", "stopped"),
        *("alternative", "alternatives", "similar", "style", "planned", "planning"),
        *("everything", "anything"),
        *("kein", "keine", "keinen", "keiner", "keines", "keinerlei", "nicht", "nie"),
        *("niemals", "weder", "ohne", "ausser", "statt", "anstatt", "anstelle"),
        *("verboten", "untersagt", "gesperrt", "ähnlich", "geplant"),
    }
)
# What is denied ends here: 'no GPT, only Llama'.
_CONTRASTS: Final = frozenset(
    {"only", "just", "but", "now", "nur", "sondern", "aber", "stattdessen", "jetzt"}
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
    family : mapping of str to str
        Family of every model that has one.
    makers : frozenset of str
        What stands before the slash in ids at a hub, where it is no name itself.
    """

    exact: Mapping[str, tuple[Match, ...]]
    inside: Mapping[str, tuple[str, ...]]
    longest: int
    family: Mapping[str, str]
    makers: frozenset[str]


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
    makers = {folded(name.split("/")[0]) for name in families if "/" in name}
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
    return NameIndex(found, inside, longest, families, frozenset(makers - {*exact}))


def shared_names(index: NameIndex) -> tuple[str, ...]:
    """List the names that stand for several entries and so match none.

    Parameters
    ----------
    index : NameIndex
        Names of the catalogue.

    Returns
    -------
    tuple of str
        Folded names, sorted.

    Examples
    --------
    >>> shared_names(name_index([]))
    ()
    """
    whole = {name for name in index.exact if _only(name, index) is None}
    return tuple(sorted(whole | {n for n, of in index.inside.items() if len(of) > 1}))


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
    sentences = (_of_sentence(part, index) for part in _SENTENCES.split(text))
    return _together(part for found in sentences for part in found)


def _exact(text: str, index: NameIndex) -> Matches | None:
    """Match a text that is nothing but a name."""
    name = folded(text)
    if name not in index.exact:
        return None
    match = _only(name, index)
    return Matches((), 1, 1) if match is None else Matches((match,))


def _only(name: str, index: NameIndex) -> Match | None:
    """Give the one entry of a name: the only one, or the only one by its id."""
    found = index.exact[name]
    ids = [match for match in found if match.level == "id"]
    chosen = found if len(found) == 1 else ids
    return chosen[0] if len(chosen) == 1 else None


def _of_sentence(sentence: str, index: NameIndex) -> Iterator[Matches]:
    """Match the parts of a list; what is denied stays so until a contrast."""
    carried = False
    for part in _PARTS.split(sentence):
        words = folded(part).split()
        before = _undenied(words)
        carried = carried and _CONTRASTS.isdisjoint(words)
        if words and (carried or before < len(words)):
            # 'No GPT, Claude' is about both, 'GPT (not tuned), Claude' is not.
            carried = carried or not any(_spans(words[:before], index))
            yield Matches((), 1)
        elif words:
            yield _of_part(part, index)


def _undenied(words: Sequence[str]) -> int:
    """Count the words before the first one that denies."""
    return next((i for i, word in enumerate(words) if word in _DENIED), len(words))


def _of_part(part: str, index: NameIndex) -> Matches:
    """Match a part of an answer."""
    whole = _exact(part, index)
    if whole is not None:
        return whole
    # A slash stands in ids, too, and was looked up with it first.
    pieces = [piece for piece in part.split("/") if folded(piece)]
    if len(pieces) > 1 and folded(pieces[0]) in index.makers:
        del pieces[0]
    found = _together(
        _exact(piece, index) or _families(piece, index) for piece in pieces
    )
    # In 'Qwen/Qwen2.5-7B' the family is the maker of the model that is named.
    known = {index.family.get(match.entry) for match in found.found}
    kept = tuple(match for match in found.found if match.entry not in known)
    return replace(found, found=kept)


def _families(part: str, index: NameIndex) -> Matches:
    """Find names of families among the words of a part, the longest first."""
    words = folded(part).split()
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
            best[match.entry] = min(known, match, key=strictness)
    return Matches(
        tuple(best.values()),
        sum(part.unmatched for part in every),
        sum(part.ambiguous for part in every),
    )


def strictness(match: Match) -> int:
    """Give the sort key of a match: exact ones first.

    Parameters
    ----------
    match : Match
        A match.

    Returns
    -------
    int
        0 for an id.

    Examples
    --------
    >>> strictness(Match("gpt", "alias")) < strictness(Match("gpt", "family"))
    True
    """
    return LEVELS.index(match.level)
