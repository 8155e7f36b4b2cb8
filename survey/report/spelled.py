"""Emoji that no typeface of a report has, spelled out in brackets by Unicode name.

Figures and PDF would print an empty box for them. Files that are read with the
typefaces of the reader's machine (HTML, XLSX, PPTX, CSV) keep them as they are.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from unicodedata import category, name

from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.report.lettering import covered
from survey.report.look import HOUSE, Look

_SYMBOL: Final = re.compile("[\u2190-\u2bff\u3000-\u33ff\U0001f000-\U0001fbff]")
_JOINER: Final = "\u200d"
_SILENT: Final = {_JOINER, "\ufe0e", "\ufe0f", "\u20e3"}
_FLAG: Final = "REGIONAL INDICATOR SYMBOL LETTER "
_KINDS: Final = ("So", "Sk", "Cn")


def spelled(text: str, look: Look = HOUSE) -> str:
    r"""Spell out the emoji of a text that no typeface of a look has.

    Parameters
    ----------
    text : str
        Any text.
    look : Look
        Typefaces.

    Returns
    -------
    str
        Emoji that are joined to one picture share their brackets.

    Examples
    --------
    >>> spelled("Lift off \U0001f680"), spelled("\U0001f469\u200d\U0001f680")
    ('Lift off [rocket]', '[woman, rocket]')
    >>> spelled("\U0001f1e9\U0001f1ea 41 %")
    '[flag DE] 41 %'
    """
    if text.isascii() or not _SYMBOL.search(text):
        return text
    made: list[str] = []
    run: list[str] = []
    joined = False
    for one in text:
        if _unknown(one, look):
            if run and not (joined or _joins(run, one)):
                made.append(_told(run))
                run = []
            run.append(one)
            joined = False
        elif run and one in _SILENT:
            joined = joined or one == _JOINER
        else:
            made += [_told(run), one] if run else [one]
            run, joined = [], False
    return "".join([*made, _told(run)] if run else made)


def spelled_block(block: ChartBlock, look: Look = HOUSE) -> ChartBlock:
    """Spell out the emoji of a figure; its alternative text stays.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    look : Look
        Typefaces.

    Returns
    -------
    ChartBlock
        The same one where there are none.
    """
    rows = tuple(_row(row, look) for row in block.rows)
    series, legend = (
        tuple(_series(one, look) for one in several)
        for several in (block.series, block.legend)
    )
    return replace(
        block,
        title=spelled(block.title, look),
        subtitle=spelled(block.subtitle, look),
        side_head=spelled(block.side_head, look),
        footer=tuple(spelled(line, look) for line in block.footer),
        rows=rows,
        series=series,
        legend=legend,
    )


def spelled_data(data: Any, look: Look = HOUSE) -> Any:
    """Spell out the emoji of all texts in what a template shows.

    Parameters
    ----------
    data : any
        Mappings, lists and texts, as JSON holds them.
    look : Look
        Typefaces.

    Returns
    -------
    any
        The same with other texts.
    """
    if isinstance(data, str):
        return spelled(data, look)
    if isinstance(data, Mapping):
        return {key: spelled_data(value, look) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [spelled_data(value, look) for value in data]
    return data


def _row(row: ChartRow, look: Look) -> ChartRow:
    """Spell out the emoji of a row."""
    texts = (row.label, row.group, row.side_text, *(v.text for v in row.values))
    if all(text.isascii() or not _SYMBOL.search(text) for text in texts):
        return row
    values = tuple(replace(v, text=spelled(v.text, look)) for v in row.values)
    return replace(
        row,
        label=spelled(row.label, look),
        group=spelled(row.group, look),
        side_text=spelled(row.side_text, look),
        values=values,
    )


def _series(series: ChartSeries, look: Look) -> ChartSeries:
    """Spell out the emoji of a series."""
    label, group = spelled(series.label, look), spelled(series.group, look)
    return replace(series, label=label, group=group)


def _unknown(one: str, look: Look) -> bool:
    """Say whether a character is a symbol that no typeface has."""
    symbol = bool(_SYMBOL.match(one)) and category(one) in _KINDS
    return symbol and not covered(one, look)


def _joins(run: list[str], one: str) -> bool:
    """Say whether a character is one picture with those before: a flag, a skin."""
    half = len(run) == 1 and name(run[0], "").startswith(_FLAG)
    return (half and name(one, "").startswith(_FLAG)) or category(one) == "Sk"


def _told(run: list[str]) -> str:
    """Name the emoji of one picture."""
    names = [name(one, f"U+{ord(one):04X}") for one in run]
    if all(one.startswith(_FLAG) for one in names):
        return f"[flag {''.join(one[-1] for one in names)}]"
    return f"[{', '.join(n if n.startswith('U+') else n.lower() for n in names)}]"
