"""Rows of ``results.csv`` on changes since earlier waves.

What cannot be compared, or is hidden, has a row on Total alone, with its reason and no
number.
"""

from collections.abc import Iterator
from math import nan
from typing import Any

import pandas as pd

from survey.indicators.preference import NET
from survey.report.cells import TOTAL
from survey.report.change_reasons import is_compared
from survey.report.change_words import arrow
from survey.report.context import Context
from survey.tabulation.layout import CELL_COLUMNS
from survey.tabulation.small_bases import HIDDEN, base_note
from survey.waves.values import Against, CellChange

Row = dict[str, Any]
_STATISTICS: dict[Against, str] = {
    "previous": "change",
    "first": "change_first",
    "year_before": "change_year_before",
}


def change_rows(context: Context) -> pd.DataFrame:
    """Give the changes of a wave since earlier ones.

    Parameters
    ----------
    context : Context
        The newer wave.

    Returns
    -------
    DataFrame
        In the columns of ``results.csv`` but the wave, with the statistic ``change``
        (against the previous wave), ``change_first`` or ``change_year_before``. The
        estimate is the difference, the base that of the newer wave, and the letters are
        the arrow. The note names the older wave, the number in it, p-values, and the
        smallest change that could be found, or says why there is none.
    """
    changes = context.waves.changes if context.waves else {}
    rows = [
        row
        for (newer, _), found in changes.items()
        if newer == context.wave.wave.id
        for change in found.values()
        for row in _row(context, change)
    ]
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def _row(context: Context, change: CellChange) -> Iterator[Row]:
    """Write one change; nothing for a column that has none."""
    compared = is_compared(context, change)
    if change.hidden and change.point != TOTAL:
        return
    key = (change.question, change.code, change.banner, change.point)
    cell = context.wave.cells.get(key)
    score = change.question.endswith(f":{NET}")
    label = cell.label if cell else change.code
    yield {
        "question": change.question.removesuffix(f":{NET}"),
        "code": NET if score else change.code,
        "label": _label(context, change, label),
        "banner": change.banner,
        "point": change.point,
        "statistic": _STATISTICS[change.against],
        "estimate": change.difference,
        "std_error": change.std_error,
        "conf_low": change.conf_low,
        "conf_high": change.conf_high,
        "deff": nan,
        "count": nan,
        "base_unweighted": nan if change.hidden else change.base_after,
        "base_weighted": nan,
        "base_effective": nan,
        "letters": arrow(change),
        "note": _note(context, change, compared=compared),
    }


def _label(context: Context, change: CellChange, label: str) -> str:
    """Name a mean and a net in words, as the rows of their levels do."""
    if change.statistic != "mean":
        return label
    return context.say("net_preference" if ":" in change.question else "mean")


def _note(context: Context, change: CellChange, *, compared: bool) -> str:
    """Say with which wave a number was compared, and what it rests on."""
    against = f"against {change.older}"
    because = change.consequence
    if not compared:
        return f"not comparable: {because.because or 'new'}; {against}"
    if change.hidden:
        return f"{base_note(HIDDEN, context.study.report.min_base)}; {against}"
    parts = [
        f"{against}: {change.before:.6g} to {change.after:.6g}",
        f"p {change.p_value:.6g}",
        f"adjusted p {change.p_adjusted:.6g}",
        f"detectable {change.detectable:.6g}",
        f"overlap {change.overlap}" if change.overlap else "",
        "" if because.verdict == "comparable" else because.verdict.replace("_", " "),
        because.because,
    ]
    return "; ".join(filter(None, parts))
