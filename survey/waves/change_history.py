"""What the newest value of a row is among all comparable waves.

A record is claimed only where every difference that it rests on is significant, after
adjustment. Such a claim is wrong no more often than a single one of its tests: all of
them would have to be wrong at once (an intersection-union test, Berger 1982).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from survey.wave.result import Key, WaveResult
from survey.waves.values import CellChange

_HALF = 0.5
_STRICT = 2


@dataclass(frozen=True, slots=True)
class CellHistory:
    """What the newest value of a row is among earlier waves.

    Attributes
    ----------
    question, code, banner, point, statistic : str
        As in ``results.csv``, in the names of the newest wave.
    compared : tuple of str
        Ids of the earlier waves that can be compared without a gap, newest first.
    higher_than, lower_than : int
        How many of these in a row, from the previous one on, the newest value is above
        or below.
    highest_since, lowest_since : str
        The wave at which that row of waves ends, because the newest value is not above
        or below it; empty where there is none, and the value is the highest or lowest
        of all, or where `higher_than` or `lower_than` is 0.
    rises, falls : int
        Rises or falls in a row, wave after wave, up to the newest.
    first_above_half, first_below_half : bool
        Whether the newest interval is above (below) 50 % and the intervals of all
        earlier waves are below (above) it.
    """

    question: str
    code: str
    banner: str
    point: str
    statistic: str
    compared: tuple[str, ...]
    higher_than: int
    lower_than: int
    highest_since: str
    lowest_since: str
    rises: int
    falls: int
    first_above_half: bool
    first_below_half: bool


def histories(
    results: Sequence[WaveResult],
    changes: Iterable[CellChange],
) -> tuple[CellHistory, ...]:
    """Say of every row what its newest value is among all comparable waves.

    Parameters
    ----------
    results : sequence of WaveResult
        All waves, the oldest first.
    changes : iterable of CellChange
        Of the newest wave against every earlier one, and of every wave against the one
        before. Pairs that are missing end a row of waves.

    Returns
    -------
    tuple of CellHistory
        One for every cell of the newest wave that can be compared with the one before.

    Notes
    -----
    A difference counts where it would have an arrow at the stricter level: significant
    after adjustment, and large enough to be marked. A row of waves ends at the first
    wave that cannot be compared. Rises in a row follow a question under its id, and
    end where that changed.
    """
    ids = [result.wave.id for result in results]
    by_pair: dict[tuple[str, str], dict[Key, CellChange]] = {}
    for change in changes:
        pair = by_pair.setdefault((change.newer, change.older), {})
        pair[_key(change)] = change
    if len(ids) < _STRICT:
        return ()
    newest = by_pair.get((ids[-1], ids[-2]), {})
    found = (_history(key, ids, by_pair, results) for key in newest)
    return tuple(each for each in found if each is not None)


def _key(change: CellChange) -> Key:
    """Give question, code, banner question and point."""
    return (change.question, change.code, change.banner, change.point)


def _history(
    key: Key,
    ids: Sequence[str],
    by_pair: Mapping[tuple[str, str], Mapping[Key, CellChange]],
    results: Sequence[WaveResult],
) -> CellHistory | None:
    """Put the history of one cell together; None where nothing is compared."""
    earlier = [
        by_pair.get((ids[-1], older), {}).get(key) for older in reversed(ids[:-1])
    ]
    steps = [
        by_pair.get(pair, {}).get(key)
        for pair in reversed([*zip(ids[1:], ids, strict=False)])
    ]
    known = _unbroken(earlier)
    if not known:
        return None
    higher, lower = _in_a_row(known, 1), _in_a_row(known, -1)
    compared = tuple(change.older for change in known)
    shares = known[0].statistic != "mean"
    sides = _sides(key, results, len(known)) if shares else ()
    return CellHistory(
        *key,
        known[0].statistic,
        compared,
        higher,
        lower,
        _ends_at(compared, higher),
        _ends_at(compared, lower),
        _in_a_row(_unbroken(steps), 1),
        _in_a_row(_unbroken(steps), -1),
        first_above_half=sides[:1] == (1,) and set(sides[1:]) == {-1},
        first_below_half=sides[:1] == (-1,) and set(sides[1:]) == {1},
    )


def _unbroken(changes: Sequence[CellChange | None]) -> list[CellChange]:
    """Take changes up to the first that is missing, hidden or not comparable."""
    found = []
    for change in changes:
        if change is None or change.hidden:
            break
        found.append(change)
    return found


def _in_a_row(changes: Sequence[CellChange], sign: int) -> int:
    """Count the changes in one direction, up to the first that is not."""
    count = 0
    for change in changes:
        if change.level < _STRICT or change.difference * sign <= 0:
            break
        count += 1
    return count


def _ends_at(compared: Sequence[str], count: int) -> str:
    """Name the wave at which a row of waves ends."""
    return compared[count] if 0 < count < len(compared) else ""


def _sides(key: Key, results: Sequence[WaveResult], earlier: int) -> tuple[int, ...]:
    """Say for the newest wave and those before it on which side of half they are."""
    found = []
    for result in reversed(results[-1 - earlier :]):
        cell = result.cells.get(key)
        above = cell is not None and cell.conf_low > _HALF
        below = cell is not None and cell.conf_high < _HALF
        found.append(int(above) - int(below))
    return tuple(found)
