"""Names beside points: placed so that none meets another; one without room is left out.

Places beside the point come first; farther ones get a thin line back to it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import cos, hypot, inf, pi, sin
from typing import Final

Places = Sequence[tuple[float, float]]
Bounds = tuple[float, float, float, float]

_RINGS: Final = (0.3, 0.5, 0.75, 1.05, 1.4)
_ANGLES: Final = 12
_FAR: Final = 4.0
_CROSSED: Final = 12
_COVERED_MOST: Final = 5
_PAD: Final = 0.03
BESIDE: Final = {"r": (1, 0), "l": (-1, 0), "t": (0, 1), "b": (0, -1)}
"""Places beside a point as PowerPoint names them: to which side, and how far up."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a name stands: its middle in inches, and on which side of its point.

    `side` is empty where a line has to lead to the point.
    """

    x: float
    y: float
    side: str


@dataclass(frozen=True, slots=True)
class Field:
    """What names must not meet: ends of the plot, named points; and may a little.

    `every` are places (x, y) of which a name covers only a few: points, and those along
    a line.
    """

    bounds: Bounds
    named: Places
    every: Places
    radius: float


def spots(
    sizes: Sequence[tuple[float, float]], field: Field, *, sides: str = ""
) -> tuple[Spot | None, ...]:
    """Place names, the first ones first.

    Parameters
    ----------
    sizes : sequence of (float, float)
        Width and height of every name in inches; its point is the same row of
        ``field.named``.
    field : Field
        The plot and its points.
    sides : str, default ""
        Sides of the point on which a name may stand, such as ``rltb``; when empty on
        all of them, and away from it.

    Returns
    -------
    tuple of Spot or None
        None where there is no room.

    Examples
    --------
    >>> here = [(2.0, 2.0)]
    >>> spots([(1.0, 0.2)], Field((0, 0, 4, 4), here, here, 0.1))
    (Spot(x=2.65, y=2.0, side='r'),)
    """
    taken: list[Bounds] = []
    lines: list[tuple[float, float, float, float]] = []
    found: list[Spot | None] = []
    for number, size in enumerate(sizes):
        spot = _best(number, size, field, taken, lines, sides=sides)
        found.append(spot)
        if spot is None:
            continue
        taken.append(_box(spot, size))
        if not spot.side:
            lines.append((*field.named[number], spot.x, spot.y))
    return tuple(found)


def _best(
    number: int,
    size: tuple[float, float],
    field: Field,
    taken: Sequence[Bounds],
    lines: Sequence[Bounds],
    *,
    sides: str,
) -> Spot | None:
    """Give the place that covers the fewest points, of those that are free."""
    best, least = None, inf
    own = field.named[number]
    for spot, cost in _places(own[0], own[1], size, field.radius, sides=sides):
        if cost >= least:
            continue
        box = _box(spot, size)
        if not _free(box, field, number, taken):
            continue
        if any(_crosses(line, box) for line in lines):
            continue
        if not spot.side and _leads_through(
            (*own, spot.x, spot.y), field, number, taken
        ):
            continue
        covered = _inside(field.every, box)
        if covered <= _COVERED_MOST and cost + covered < least:
            best, least = spot, cost + covered
    return best


def _places(
    x: float, y: float, size: tuple[float, float], radius: float, *, sides: str
) -> Iterator[tuple[Spot, float]]:
    """List the places around a point, with what each of them costs."""
    wide, high = size[0] / 2, size[1] / 2
    gap = radius + 0.05
    for cost, side in enumerate(sides or BESIDE):
        right, up = BESIDE[side]
        yield Spot(x + right * (wide + gap), y + up * (high + gap), side), 0.1 * cost
    if sides:
        return
    for ring, angle in product(_RINGS, range(_ANGLES)):
        turn = 2 * pi * angle / _ANGLES
        at_x = x + cos(turn) * (ring + wide)
        yield Spot(at_x, y + sin(turn) * (ring + high), ""), _FAR * (1 + ring)


def _box(spot: Spot, size: tuple[float, float]) -> Bounds:
    """Give the ends of a name: left, bottom, right, top."""
    wide, high = size[0] / 2 + _PAD, size[1] / 2
    return spot.x - wide, spot.y - high, spot.x + wide, spot.y + high


def _free(box: Bounds, field: Field, number: int, taken: Sequence[Bounds]) -> bool:
    """Say whether a name is inside the plot, and meets no name and no named point."""
    left, bottom, right, top = field.bounds
    if box[0] < left or box[1] < bottom or box[2] > right or box[3] > top:
        return False
    if any(_meet(box, other) for other in taken):
        return False
    others = [*field.named[:number], *field.named[number + 1 :]]
    r = field.radius
    return _inside(others, (box[0] - r, box[1] - r, box[2] + r, box[3] + r)) == 0


def _meet(one: Bounds, other: Bounds) -> bool:
    """Say whether two boxes overlap."""
    across = one[0] < other[2] and other[0] < one[2]
    return across and one[1] < other[3] and other[1] < one[3]


def _inside(points: Places, box: Bounds) -> int:
    """Count the points in a box."""
    left, bottom, right, top = box
    return sum(left < x < right and bottom < y < top for x, y in points)


def _leads_through(
    line: Bounds, field: Field, number: int, taken: Sequence[Bounds]
) -> bool:
    """Say whether the line back to a point runs through a name or a named point."""
    if any(_crosses(line, box) for box in taken):
        return True
    others = [*field.named[:number], *field.named[number + 1 :]]
    r = field.radius
    return any(_crosses(line, (x - r, y - r, x + r, y + r)) for x, y in others)


def _crosses(line: Bounds, box: Bounds) -> bool:
    """Say whether a line runs through a box, looked at from point to point."""
    x0, y0, x1, y1 = line
    steps = max(int(hypot(x1 - x0, y1 - y0) / 0.03), _CROSSED)
    shares = (n / steps for n in range(steps + 1))
    way = [(x0 + at * (x1 - x0), y0 + at * (y1 - y0)) for at in shares]
    return _inside(way, box) > 0
