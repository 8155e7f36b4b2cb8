"""Cells with several answers, taken apart with the set of options.

Options may hold the delimiter themselves: of all ways to cut a cell, the one with the
fewest unknown pieces counts, and of those the one with the longest options.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from survey.importers.labels import comparable

# A comma without a blank behind it (Qualtrics) is another delimiter than one with it.
DELIMITERS: Final = (";", "|", "\n", ",", ", ")
COMMAS: Final = frozenset({",", ", "})
MOST_PIECES: Final = 100
_MANY_WAYS: Final = 2


@dataclass(frozen=True, slots=True)
class Parts:
    """A cell taken apart.

    Attributes
    ----------
    known : tuple of str
        Options, as the cell spells them.
    typed : tuple of str
        What is no option.
    ambiguous : bool
        Whether other options explain the cell as well.
    """

    known: tuple[str, ...]
    typed: tuple[str, ...]
    ambiguous: bool = False


def split(text: str, delimiter: str, options: Iterable[str]) -> Parts:
    """Take a cell apart with the set of its options.

    Parameters
    ----------
    text : str
        A cell.
    delimiter : str
        What separates the answers.
    options : iterable of str
        Options; they may hold the delimiter themselves.

    Returns
    -------
    Parts
        As few typed pieces as possible, and of those ways the one with the longest
        options.

    Examples
    --------
    >>> split("Yes, at work, No, my own words", ", ", ["Yes, at work", "No"])
    Parts(known=('Yes, at work', 'No'), typed=('my own words',), ambiguous=False)
    """
    return Splitter.of(delimiter, options).parts(text)


def mark_of(delimiter: str) -> str:
    """Give the character of a delimiter.

    Parameters
    ----------
    delimiter : str
        Such as one of `DELIMITERS`.

    Returns
    -------
    str
        Without the blank behind a comma.

    Examples
    --------
    >>> mark_of(", ")
    ','
    """
    return delimiter.strip() or delimiter


@dataclass(frozen=True, slots=True)
class Splitter:
    """A delimiter with a set of options, ready for many cells."""

    delimiter: str
    options: frozenset[str]
    longest: int

    @classmethod
    def of(cls, delimiter: str, options: Iterable[str]) -> "Splitter":
        """Prepare options: compared without case and blanks."""
        known = frozenset(filter(None, map(comparable, options)))
        mark = mark_of(delimiter)
        longest = max((option.count(mark) for option in known), default=0) + 1
        return cls(delimiter, known, longest)

    @property
    def mark(self) -> str:
        """The character that separates."""
        return mark_of(self.delimiter)

    @property
    def keeps_phrases(self) -> bool:
        """Whether typed pieces are put together again, as commas stand in phrases."""
        return self.delimiter in COMMAS

    def parts(self, text: str) -> Parts:
        """Take one cell apart."""
        pieces = text.split(self.mark)
        if len(pieces) > MOST_PIECES:
            return Parts((), (text.strip(),))
        return _parts(pieces, self)


def _parts(pieces: Sequence[str], splitter: Splitter) -> Parts:
    """Find the cheapest way through the pieces, from the last to the first."""
    count = len(pieces)
    # For each place: typed pieces, segments, where the first segment ends, ways.
    best: list[tuple[int, int, int, int]] = [(0, 0, count, 1)] * (count + 1)
    for start in range(count - 1, -1, -1):
        best[start] = _best_from(start, pieces, splitter, best)
    known: list[str] = []
    typed: list[list[str]] = []
    start, was_typed = 0, False
    mark = splitter.mark
    while start < count:
        end = best[start][2]
        text = mark.join(pieces[start:end]).strip()
        is_known = comparable(text) in splitter.options
        if is_known:
            known.append(text)
        elif text and was_typed and splitter.keeps_phrases:
            typed[-1].append(text)
        elif text:
            typed.append([text])
        start, was_typed = end, bool(text) and not is_known
    ambiguous = not best[0][0] and best[0][3] > 1
    return Parts(tuple(known), tuple(map(", ".join, typed)), ambiguous)


def _best_from(
    start: int,
    pieces: Sequence[str],
    splitter: Splitter,
    best: Sequence[tuple[int, int, int, int]],
) -> tuple[int, int, int, int]:
    """Find the best segment that begins at a piece."""
    mark = splitter.mark
    blank = not pieces[start].strip()
    after = best[start + 1]
    found = (after[0] + (not blank), after[1] + (not blank), start + 1, after[3])
    ways = after[3] if blank else 0
    for end in range(start + 1, min(start + splitter.longest, len(pieces)) + 1):
        if comparable(mark.join(pieces[start:end])) not in splitter.options:
            continue
        rest = best[end]
        ways += rest[3] if not rest[0] else 0
        if (rest[0], rest[1] + 1) <= found[:2]:
            found = (rest[0], rest[1] + 1, end, 0)
    return (*found[:3], min(ways, _MANY_WAYS))
