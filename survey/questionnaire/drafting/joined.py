"""Recognise cells that hold several answers, and words typed in place of an answer.

What the cells show is written into the draft: the delimiter, the options, and an
"other" that takes what is no option, so that nothing typed becomes a category.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from survey.importers.joined_options import find_joined
from survey.importers.personal import names_person, personal_value
from survey.questionnaire.columns import Column, sort_key
from survey.questionnaire.drafting.categories import category, text_categories
from survey.questionnaire.model import Category
from survey.questionnaire.scales import is_other
from survey.questionnaire.wording import answer_hint, asks_for_words, most_choices

_LEAST_OFTEN: Final = 5
_SHARE_OFTEN: Final = 0.005
_MOST_OPTIONS: Final = 40
_LEAST_COVERED: Final = 0.8
_MOSTLY_ONCE: Final = 2 / 3
_LONGEST: Final = 200
_OTHER_CODE: Final = "other"
_LEAST_NAMES: Final = 3
_NAMES: Final = re.compile(r"[a-z][a-z0-9_-]*(?: [a-z][a-z0-9_-]*)*")


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a column, and whether words were typed in place of one.

    Attributes
    ----------
    labels : tuple of str
        Options as the export spells them.
    typed : bool
        Whether cells hold anything else.
    delimiter : str
        What separates several answers; empty where a cell holds one.
    """

    labels: tuple[str, ...]
    typed: bool
    delimiter: str = ""


def joined_options(column: Column, known: Sequence[str] = ()) -> Options | None:
    """Find the options of a column with several answers in a cell.

    Parameters
    ----------
    column : Column
        What the export holds.
    known : sequence of str
        Options that value labels or a definition tell.

    Returns
    -------
    Options or None
        None where a cell holds one answer.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Cost": 3, "Cost;Law": 2, "Law": 1}
    >>> filled = np.ones(6, bool)
    >>> column = Column("why", ColumnLabel("why"), counts, filled, numeric=False)
    >>> joined_options(column)
    Options(labels=('Cost', 'Law'), typed=False, delimiter=';')
    """
    if column.numeric:
        return None
    asked = answer_hint(f"{column.label.wording} {column.name}") == "many"
    found = find_joined(column.counts, known, several=asked)
    if found is None:
        return _spaced(column.counts)
    plain = tuple(option for option in found.options if not _identifies(option))
    typed = found.typed > 0 or len(plain) < len(found.options)
    return Options(plain, typed, found.delimiter)


def _spaced(counts: Mapping[str, int]) -> Options | None:
    """Take cells such as ``cost skills law`` apart: the names of options in an XLSForm.

    Nearly every name stands alone in a cell as well, which "very" of "very good" does
    not.
    """
    if not all(map(_NAMES.fullmatch, counts)):
        return None
    rows = [text.split() for text in counts]
    joined = sum(counts[" ".join(row)] for row in rows if len(row) > 1)
    names = {name for row in rows for name in row}
    alone = {row[0] for row in rows if len(row) == 1}
    repeated = any(len(set(row)) < len(row) for row in rows)
    if repeated or joined < _LEAST_OFTEN or len(names) < _LEAST_NAMES:
        return None
    if len(alone) < _LEAST_COVERED * len(names) or len(names) > _MOST_OPTIONS:
        return None
    return Options(tuple(sorted(names)), typed=False, delimiter=" ")


def _identifies(text: str) -> bool:
    """Tell a text that somebody typed about a person from an option."""
    return names_person(text) or personal_value(text) != ""


def draft_joined(column: Column) -> dict[str, Any] | None:
    """Draft a column with several answers in a cell.

    Parameters
    ----------
    column : Column
        Texts without value labels.

    Returns
    -------
    dict or None
        Fields of a `Question`; None where a cell holds one answer.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Cost": 3, "Cost;Law": 2, "Law": 1}
    >>> filled = np.ones(6, bool)
    >>> column = Column("why", ColumnLabel("why"), counts, filled, numeric=False)
    >>> [c.label[""] for c in draft_joined(column)["categories"]]
    ['Cost', 'Law']
    """
    options = joined_options(column)
    if options is None:
        return None
    categories = text_categories(options.labels, multiple=True)
    return {
        "kind": "multiple",
        "delimiter": options.delimiter,
        "categories": with_typed(categories, options, column.name),
        "max_choices": most_choices(column.label.wording),
    }


def draft_joined_labels(column: Column) -> dict[str, Any] | None:
    """Draft a column with several codes in a cell, whose labels the file tells.

    Parameters
    ----------
    column : Column
        With value labels.

    Returns
    -------
    dict or None
        Fields of a `Question`; None where a cell holds one answer.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> label = ColumnLabel("why", values={"1": "Cost", "2": "Law"})
    >>> counts = {"1": 3, "1,2": 2, "2": 1}
    >>> column = Column("why", label, counts, np.ones(6, bool), numeric=False)
    >>> [c.code for c in draft_joined_labels(column)["categories"]]
    ['1', '2']
    """
    labels = column.label.values
    found = joined_options(column, [*labels, *labels.values()])
    if found is None:
        return None
    categories = tuple(
        category(code, labels[code] or code, multiple=True)
        for code in sorted(labels, key=sort_key)
    )
    return {
        "kind": "multiple",
        "delimiter": found.delimiter,
        "categories": categories,
        "max_choices": most_choices(column.label.wording),
    }


def options_with_typed(column: Column) -> Options | None:
    """Find the options of a column that also holds words typed for "other".

    Parameters
    ----------
    column : Column
        One answer in each cell.

    Returns
    -------
    Options or None
        None unless a few answers cover most records and most others stand there once.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Asia": 9, "Europe": 8, "on the moon": 1, "at sea": 1}
    >>> filled = np.ones(19, bool)
    >>> column = Column("where", ColumnLabel("where"), counts, filled, numeric=False)
    >>> options_with_typed(column)
    Options(labels=('Asia', 'Europe'), typed=True, delimiter='')
    """
    least = max(_LEAST_OFTEN, round(_SHARE_OFTEN * column.answers))
    often = {
        text: n
        for text, n in column.counts.items()
        if n >= least and not _identifies(text)
    }
    rest = [n for text, n in column.counts.items() if text not in often]
    if not rest or not 1 < len(often) <= _MOST_OPTIONS:
        return None
    if max(map(len, often)) > _LONGEST or asks_for_words(
        f"{column.label.wording} {column.name}"
    ):
        return None
    covered = sum(often.values()) >= _LEAST_COVERED * column.answers
    once = sum(n == 1 for n in rest) >= _MOSTLY_ONCE * len(rest)
    return Options(tuple(often), typed=True) if covered and once else None


def with_typed(
    categories: tuple[Category, ...], options: Options, column: str
) -> tuple[Category, ...]:
    """Let "other" take the words typed in the column of the answers.

    Parameters
    ----------
    categories : tuple of Category
        Made of the options.
    options : Options
        Whether anything else was typed.
    column : str
        Name of the column.

    Returns
    -------
    tuple of Category
        With an "other" whose ``specify`` is the column; as they were where nothing
        was typed.

    Examples
    --------
    >>> cost = Category(code="1", label="Cost")
    >>> found = with_typed((cost,), Options(("Cost",), True), "why")
    >>> found[1].code, found[1].specify
    ('other', 'why')
    """
    if not options.typed:
        return categories
    own = [c.code for c in categories if is_other(c.label.get("", ""))]
    if not own:
        other = Category(code=_OTHER_CODE, label={"": "Other"}, specify=column)
        return (*categories, other)
    update = {"specify": column}
    return tuple(
        c.model_copy(update=update) if c.code == own[-1] else c for c in categories
    )
