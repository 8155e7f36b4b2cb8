"""Find what separates several answers in a cell, and which options there are.

A comma is a delimiter only where the pieces beside it are answers of their own: they
recur, stand alone, and have changing neighbours. Pieces that never part are one
option; what does not recur was typed.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from survey.importers.joined import COMMAS, DELIMITERS, MOST_PIECES, Splitter, mark_of
from survey.importers.labels import comparable

_LONGEST: Final = 4000
_MOST_CELLS: Final = 3000
_MOST_ROUNDS: Final = 12
_FEW_RECORDS: Final = 15
_MOST_OPTIONS: Final = 80
_TOGETHER: Final = 0.98
_LEAST_TOGETHER: Final = 3
_LEAST_JOINED: Final = 0.05
_LEAST_PAIRS: Final = 6
_LEAST_CELLS: Final = 2
_LEAST_KNOWN: Final = 2 / 3
_LEAST_ALONE: Final = 1 / 3
_RARE: Final = 0.005
_CODES: Final = re.compile(r"\d{1,4}(?:,\d{1,4})*")
# A comma inside a number such as 1,250 separates nothing.
_PATTERNS: Final = {
    ";": re.compile(";"),
    "|": re.compile(r"\|"),
    "\n": re.compile("\n"),
    ",": re.compile(r",(?=\S)(?!(?<=\d,)\d)"),
    ", ": re.compile(r",(?=\s)"),
}
_SIGNS: Final = {
    mark: re.compile(rf"[(\[)\]]|{pattern.pattern}")
    for mark, pattern in _PATTERNS.items()
}
_START: Final = "\x02"
_END: Final = "\x03"


@dataclass(frozen=True, slots=True)
class Joined:
    """How the cells of a column are taken apart.

    Attributes
    ----------
    delimiter : str
        One of `DELIMITERS`.
    options : tuple of str
        Answers that could be chosen, the most frequent first.
    typed : int
        Cells with a piece that is none of them.
    ambiguous : int
        Cells that the options explain in more than one way.
    """

    delimiter: str
    options: tuple[str, ...]
    typed: int
    ambiguous: int


def find_joined(
    counts: Mapping[str, int], known: Iterable[str] = (), *, several: bool = False
) -> Joined | None:
    """Find what separates several answers in a cell, and the options.

    Parameters
    ----------
    counts : mapping of text to int
        Distinct cells of a column, and how often they stand there.
    known : iterable of str
        Options that a definition or value labels tell; they win over the cells.
    several : bool, default False
        Whether the question asks for several answers, so that less evidence will do.

    Returns
    -------
    Joined or None
        None where the cells hold one answer each, or free text.

    Examples
    --------
    >>> cells = {"Cost": 3, "Law": 2, "Cost, Law": 2, "Law, Time (hours, days)": 3}
    >>> found = find_joined(cells)
    >>> found.delimiter, found.options
    (', ', ('Law', 'Cost', 'Time (hours, days)'))
    """
    cells = _sample(counts)
    told = tuple(dict.fromkeys(known)) or _joined_codes(cells)
    least = _LEAST_CELLS if several or told else _LEAST_JOINED * sum(cells.values())
    for delimiter in DELIMITERS:
        pattern = re.compile(re.escape(mark_of(delimiter)))
        pattern = pattern if told else _PATTERNS[delimiter]
        joined = sum(n for text, n in cells.items() if pattern.search(text))
        if joined < max(least, _LEAST_CELLS):
            continue
        options = told or _options(cells, delimiter, several=several)
        found = _joined(cells, delimiter, options)
        if found and (several or told or _are_answers(cells, found)):
            return found
    return None


def _joined_codes(cells: Mapping[str, int]) -> tuple[str, ...]:
    """Find the codes in cells such as ``1,3,7``, which are no numbers of any kind.

    Three codes with a short one at the end are neither a decimal comma nor
    thousands; two codes alone must rise, and each must stand alone as well.
    """
    rows = [text.split(",") for text in cells]
    if not all(_CODES.fullmatch(text) for text in cells):
        return ()
    joined = [row for row in rows if len(row) > 1]
    rising = all(len(set(row)) == len(row) for row in joined)
    sure = [r for r in joined if len(r) > len("ab") and len(r[-1]) < len("abc")]
    found = Counter(code for row in rows for code in row)
    alone = {row[0] for row in rows if len(row) == 1}
    in_order = all(row == sorted(row, key=int) for row in joined)
    safe = len(sure) >= _LEAST_CELLS or (
        len(joined) >= _LEAST_PAIRS and in_order and alone >= set(found)
    )
    if not (rising and safe and len(found) <= _MOST_OPTIONS):
        return ()
    return tuple(sorted(found, key=int))


def _sample(counts: Mapping[str, int]) -> dict[str, int]:
    """Take the most frequent cells, very long ones apart."""
    short = Counter({t: n for t, n in counts.items() if len(t) <= _LONGEST})
    return dict(short.most_common(_MOST_CELLS))


def _pieces(text: str, delimiter: str) -> list[str]:
    """Cut a text at its delimiters, those in brackets and in numbers apart."""
    mark = mark_of(delimiter)
    if mark not in text:
        return [text.strip()]
    cuts = [-1]
    depth = 0
    for found in _SIGNS[delimiter].finditer(text):
        sign = found[0][0]
        depth = max(depth + (sign in "([") - (sign in ")]"), 0)
        if sign == mark and not depth:
            cuts.append(found.start())
    if depth:
        cuts = [-1, *(found.start() for found in _PATTERNS[delimiter].finditer(text))]
    ends = [*cuts[1:], len(text)]
    pieces = [text[a + 1 : b].strip() for a, b in zip(cuts, ends, strict=True)]
    return [piece for piece in pieces if piece]


def _options(
    cells: Mapping[str, int], delimiter: str, *, several: bool
) -> tuple[str, ...]:
    """Find the options: pieces that recur, put together where they never part."""
    rows = [(_pieces(text, delimiter), n) for text, n in cells.items()]
    rows = [(row, n) for row, n in rows if len(row) <= MOST_PIECES]
    if delimiter in COMMAS:
        rows = _put_together(rows, delimiter)
    found: Counter[str] = Counter()
    distinct: Counter[str] = Counter()
    spelling: dict[str, str] = {}
    for row, n in rows:
        for piece in set(row):
            key = comparable(piece)
            spelling.setdefault(key, piece)
            found[key] += n
            distinct[key] += 1
    total = sum(cells.values())
    if several and total <= _FEW_RECORDS:
        return tuple(spelling[key] for key, _ in found.most_common())
    least = max(_LEAST_CELLS, round(_RARE * total))
    kept = [k for k, n in found.most_common() if n >= least and _recurs(k, distinct, n)]
    return tuple(spelling[key] for key in kept)


def _recurs(key: str, distinct: Mapping[str, int], count: int) -> bool:
    """Tell an option from a text that one combination repeats."""
    return distinct[key] > 1 or count >= _LEAST_TOGETHER


def _put_together(
    rows: list[tuple[list[str], int]], delimiter: str
) -> list[tuple[list[str], int]]:
    """Join neighbours that never part, until none are left."""
    for _ in range(_MOST_ROUNDS):
        pairs = _inseparable(rows)
        if not pairs:
            return rows
        rows = [(_with_pairs(row, pairs, delimiter), n) for row, n in rows]
    return rows


def _inseparable(rows: Iterable[tuple[list[str], int]]) -> set[tuple[str, str]]:
    """Find neighbours of which the first never ends and the second never begins.

    One of them must have no other neighbour there: the pieces of one option, or of
    several that begin or end with the same words.
    """
    behind: dict[str, Counter[str]] = {}
    before: dict[str, Counter[str]] = {}
    for row, n in rows:
        line = [_START, *row, _END]
        for first, second in pairwise(line):
            behind.setdefault(first, Counter())[second] += n
            before.setdefault(second, Counter())[first] += n
    return {
        (first, second)
        for first, after in behind.items()
        for second, n in after.items()
        if first != _START and second != _END and n >= _LEAST_TOGETHER
        if after[_END] <= (1 - _TOGETHER) * after.total()
        if before[second][_START] <= (1 - _TOGETHER) * before[second].total()
        if n >= _TOGETHER * min(after.total(), before[second].total())
    }


def _with_pairs(
    row: list[str], pairs: set[tuple[str, str]], delimiter: str
) -> list[str]:
    """Join the pieces of a row that belong together."""
    done: list[str] = []
    joined = False
    for piece in row:
        if done and not joined and (done[-1], piece) in pairs:
            done[-1] = f"{done[-1]}{delimiter}{piece}"
            joined = True
        else:
            done.append(piece)
            joined = False
    return done


def _joined(
    cells: Mapping[str, int], delimiter: str, options: Sequence[str]
) -> Joined | None:
    """Take all cells apart, and judge whether that explains them."""
    if not 1 < len(options) <= _MOST_OPTIONS:
        return None
    splitter = Splitter.of(delimiter, options)
    parts = [(splitter.parts(text), n) for text, n in cells.items()]
    several = sum(n for part, n in parts if len(part.known) > 1)
    known = sum(n * len(part.known) for part, n in parts)
    strange = sum(n * len(part.typed) for part, n in parts)
    if several < _LEAST_CELLS or known < _LEAST_KNOWN * (known + strange):
        return None
    return Joined(
        delimiter,
        tuple(options),
        sum(n for part, n in parts if part.typed),
        sum(n for part, n in parts if part.ambiguous),
    )


def _are_answers(cells: Mapping[str, int], found: Joined) -> bool:
    """Tell answers from places and names, whose pieces never stand alone."""
    splitter = Splitter.of(found.delimiter, found.options)
    used: Counter[str] = Counter()
    alone: set[str] = set()
    for text, n in cells.items():
        part = splitter.parts(text)
        known = list(map(comparable, part.known))
        used.update(dict.fromkeys(known, n))
        if len(known) == 1 and not part.typed:
            alone.add(known[0])
    standing = sum(n for option, n in used.items() if option in alone)
    several = sum(n for text, n in cells.items() if len(splitter.parts(text).known) > 1)
    many = several >= _LEAST_JOINED * sum(cells.values())
    loose = found.delimiter in COMMAS
    return many and (not loose or standing >= _LEAST_ALONE * used.total())
