"""Which earlier waves a wave is compared with."""

import re
from collections.abc import Sequence
from itertools import pairwise

from survey.errors import StudyError
from survey.study.model import Wave
from survey.waves.values import Against

_YEAR = re.compile(r"(\d{4})(.*)")
_QUARTERS = {"Q1": "03", "Q2": "06", "Q3": "09", "Q4": "12"}


def baselines(waves: Sequence[Wave], newer: str) -> dict[Against, str]:
    """Name the waves that a wave is compared with.

    Parameters
    ----------
    waves : sequence of Wave
        Of the study, the oldest first.
    newer : str
        Id of the wave.

    Returns
    -------
    dict of {"previous", "first", "year_before"} to str
        Ids of the wave before, of the first wave, and of the wave of the same period
        one year before; each wave once, under the first of these names. Empty for the
        first wave.

    Raises
    ------
    StudyError
        The periods of the waves are not in order.

    Examples
    --------
    >>> times = {"a": "2024-06", "b": "2024-12", "c": "2025-06", "d": "2025-12"}
    >>> waves = [Wave(id=i, file="", questionnaire="", period=p)
    ...          for i, p in times.items()]
    >>> baselines(waves, "d")
    {'previous': 'c', 'first': 'a', 'year_before': 'b'}
    """
    _check_order(waves)
    ids = [wave.id for wave in waves]
    place = ids.index(newer)
    if not place:
        return {}
    wanted: list[tuple[Against, str]] = [
        ("previous", ids[place - 1]),
        ("first", ids[0]),
    ]
    same = _year_before(waves[place].period)
    wanted += [("year_before", w.id) for w in waves[:place] if same == w.period]
    found: dict[Against, str] = {}
    for against, wave in wanted:
        if wave not in found.values():
            found[against] = wave
    return found


def _year_before(period: str | None) -> str:
    """Give the same period of the year before; empty where there is none."""
    found = _YEAR.fullmatch(period or "")
    return f"{int(found[1]) - 1:04}{found[2]}" if found else ""


def _check_order(waves: Sequence[Wave]) -> None:
    """Refuse waves that stand in another order than their periods."""
    known = [wave for wave in waves if wave.period is not None]
    for before, after in pairwise(known):
        if _end_of(after) <= _end_of(before):
            raise StudyError(
                f"waves: {after.id!r} ({after.period}) stands after {before.id!r} "
                f"({before.period}). List the waves in the order of their periods, the "
                "oldest first, each period once."
            )


def _end_of(wave: Wave) -> str:
    """Give the last month of a period, as a text that sorts."""
    year, _, part = (wave.period or "").partition("-")
    return f"{year}-{_QUARTERS.get(part, part or '12')}"
