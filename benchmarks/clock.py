"""Seconds, ratios and tables of text."""

import time
from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")

# Seconds after which a task is not run again.
ENOUGH = 5.0


def best(work: Callable[[], T], runs: int = 3) -> tuple[float, T]:
    """Give the seconds of the shortest run, and what came out of the last."""
    times: list[float] = []
    while True:
        start = time.perf_counter()
        found = work()
        times.append(time.perf_counter() - start)
        if len(times) == runs or sum(times) > ENOUGH:
            return min(times), found


def time_text(value: float | None) -> str:
    """Write seconds."""
    return "-" if value is None else f"{value:.3f} s"


def ratio_text(one: float | None, other: float | None) -> str:
    """Write how many times as long the first took."""
    return "-" if one is None or not other else f"{one / other:.1f}"


def table_text(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table, first column to the left, the others to the right."""
    lines = [head, *rows]
    wide = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return "\n".join(
        "  ".join(
            text.rjust(w) if i else text.ljust(w)
            for i, (text, w) in enumerate(zip(line, wide, strict=True))
        ).rstrip()
        for line in lines
    )
