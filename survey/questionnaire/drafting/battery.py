"""Draft a question of columns that only their names and values put together.

Ticks are options of one question, everything else is an item of a grid.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survey.questionnaire.columns import Column
from survey.questionnaire.drafting.categories import is_scale
from survey.questionnaire.drafting.groups import battery_texts
from survey.questionnaire.drafting.numbered import are_ticks
from survey.questionnaire.drafting.single import draft_column
from survey.questionnaire.drafting.spread import draft_spread
from survey.questionnaire.model import Category, Item


def draft_battery(
    name: str, columns: Sequence[Column], typed: Sequence[Column]
) -> dict[str, Any]:
    """Draft columns that share the start of their names, and their values.

    Parameters
    ----------
    name : str
        The start of their names, without the last underscore.
    columns : sequence of Column
        Items or options.
    typed : sequence of Column
        What was typed beside one of them, named ``NAME_other``.

    Returns
    -------
    dict
        Fields of a `Question`; an empty kind where they are questions of their own.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> ones = np.ones(9, bool)
    >>> held = [
    ...     Column(f"q4_{i}", ColumnLabel(), {"0": 5, "1": 4}, ones, numeric=False)
    ...     for i in (1, 2, 3)
    ... ]
    >>> drafted = draft_battery("q4", held, [])
    >>> drafted["kind"], drafted["counted_value"], drafted["categories"][2].column
    ('multiple', '1', 'q4_3')
    """
    wording, labels = battery_texts(columns)
    codes = [column.name.removeprefix(f"{name}_") for column in columns]
    if are_ticks(columns):
        options = [
            _option(c, text, code)
            for c, text, code in zip(columns, labels, codes, strict=True)
        ]
        fields = _with_codes(draft_spread(options, wording), columns)
        return _with_typed(fields, typed)
    counts: dict[str, int] = {}
    for column in columns:
        for value, count in column.counts.items():
            counts[value] = counts.get(value, 0) + count
    fields = draft_column(replace(columns[0], counts=counts))
    if fields["kind"] != "single":
        return {"kind": ""}
    items = tuple(
        Item(code=code, label={"": label}, column=column.name)
        for code, label, column in zip(codes, labels, columns, strict=True)
    )
    categories = fields["categories"]
    grid = {"kind": "grid", "categories": categories, "items": items}
    return grid | {
        "ordered": is_scale(categories),
        "specify": typed[0].name if typed else None,
    }


def _option(column: Column, text: str, code: str) -> Column:
    """Give a column of ticks as an option, with labels in the place of values."""
    told = column.label.values
    counts = {told.get(value, value): count for value, count in column.counts.items()}
    label = replace(column.label, option=text, option_code=code, values={})
    return replace(column, label=label, counts=counts)


def _with_codes(fields: dict[str, Any], columns: Sequence[Column]) -> dict[str, Any]:
    """Put the value that means chosen in the place of its label."""
    counted = fields.get("counted_value")
    values = {text: value for value, text in columns[0].label.values.items()}
    return fields | {"counted_value": values.get(counted or "", counted)}


def _with_typed(fields: dict[str, Any], typed: Sequence[Column]) -> dict[str, Any]:
    """Put texts at the options beside which they were typed."""
    beside = {text.name.removesuffix("_other"): text.name for text in typed}
    categories: tuple[Category, ...] = fields.get("categories", ())
    placed = tuple(
        c.model_copy(update={"specify": beside.get(c.column or "")}) for c in categories
    )
    return fields | {"categories": placed}
