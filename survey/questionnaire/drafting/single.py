"""Draft a question whose answer stands in one column.

Numbers, lists, scales and words are told apart by what the cells hold; cells with
several answers are taken apart.
"""

from typing import Any, Final

from survey.importers.labels import comparable
from survey.importers.personal import names_person
from survey.importers.raw import is_user_missing
from survey.questionnaire.columns import (
    Column,
    are_integers,
    are_numbers,
    as_number,
    sort_key,
)
from survey.questionnaire.drafting.categories import (
    YES_NO,
    category,
    single,
    text_categories,
)
from survey.questionnaire.drafting.joined import (
    draft_joined,
    draft_joined_labels,
    options_with_typed,
    with_typed,
)
from survey.questionnaire.drafting.ranked import draft_ranked
from survey.questionnaire.scales import is_dont_know, scale_positions
from survey.questionnaire.wording import asks_for_words

_FEW: Final = 12
_MANY: Final = 80
_MOST_LABELS: Final = 200
_REPEATED: Final = 2
_MUCH_REPEATED: Final = 10
_LARGEST_CODE: Final = 100
_LONGEST: Final = 200
_MOSTLY: Final = 0.8
_PADDED: Final = 0.05
# What questionnaires write for no answer beside codes that are not negative.
_MISSING_CODES: Final = frozenset({"-7", "-8", "-9", "-66", "-77", "-88", "-99"})


def draft_column(column: Column) -> dict[str, Any]:
    """Draft kind and answers of a question from its only column.

    Parameters
    ----------
    column : Column
        What the export holds.

    Returns
    -------
    dict
        Fields of a `Question`: kind, column, and what the kind needs.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"No": 9, "Not sure": 2, "Yes": 7}
    >>> filled = np.ones(18, bool)
    >>> drafted = draft_column(
    ...     Column("use", ColumnLabel("use"), counts, filled, numeric=False))
    >>> drafted["kind"], [(c.code, c.label[""]) for c in drafted["categories"]]
    ('single', [('1', 'Yes'), ('2', 'No'), ('3', 'Not sure')])
    """
    place: dict[str, Any] = {"column": column.name}
    if column.label.values:
        several = draft_ranked(column) or draft_joined_labels(column)
        return place | (several or _labelled(column))
    if asks_for_words(f"{column.label.wording} {column.name}"):
        return place | _unjoined(column)
    several = draft_ranked(column) or draft_joined(column)
    return place | (several or _unjoined(column))


def _unjoined(column: Column) -> dict[str, Any]:
    """Draft a column with one answer in each cell and no value labels."""
    if are_numbers(column.values):
        return _digits(column) if _is_padded(column) else _numbers(column)
    if _mostly_numbers(column):
        return {"kind": "numeric"}
    return _closed_or_text(column)


def _closed_or_text(column: Column) -> dict[str, Any]:
    """Draft a column of texts with one answer in each cell."""
    if _is_closed(column):
        return single(text_categories(column.values))
    options = options_with_typed(column)
    if not options:
        return {"kind": "text"}
    return single(with_typed(text_categories(options.labels), options, column.name))


def _labelled(column: Column) -> dict[str, Any]:
    """Draft a column with value labels; values without a label join them."""
    labels = dict(column.label.values)
    bare = [value for value in column.values if value not in labels]
    valid = [v for v in bare if not is_user_missing(v, column.missing)]
    steps = [v for v in labels if not is_user_missing(v, column.missing)]
    if column.numeric and len(valid) > max(_FEW, 2 * len(steps)):
        return {"kind": "numeric"}
    if column.numeric and valid and not steps:
        return {"kind": "numeric"}
    if not column.numeric and len(valid) > _FEW:
        return {"kind": "text"}
    labels |= {value: value for value in bare}
    # An ordered categorical lists its texts from low to high.
    named = column.label.measure == "ordinal" and all(v == t for v, t in labels.items())
    codes = list(labels) if named else sorted(labels, key=sort_key)
    categories = tuple(
        category(
            code,
            labels[code] or code,
            missing=is_user_missing(code, column.missing),
        )
        for code in codes
    )
    return single(categories)


def _numbers(column: Column) -> dict[str, Any]:
    """Draft a column of numbers: few whole ones in a text file may be codes."""
    values = column.values
    if column.numeric or not are_integers(values) or len(values) > _FEW:
        return {"kind": "numeric"}
    sizes = [float(value) for value in values]
    if min(sizes) < -_LARGEST_CODE or max(sizes) > _LARGEST_CODE:
        return {"kind": "numeric"}
    if column.answers < _REPEATED * len(values):
        return {"kind": "numeric"}
    rest = [value for value in values if value not in _MISSING_CODES]
    missing = set(values) - set(rest) if rest and min(map(float, rest)) >= 0 else set()
    return single(tuple(category(v, v, missing=v in missing) for v in values))


def _is_padded(column: Column) -> bool:
    """Tell texts of digits, such as postal codes, which are no size of anything.

    Some have a zero in front, and all the same length; or a twentieth of them has.
    """
    if column.numeric:
        return False
    padded = [v for v in column.values if len(v) > 1 and v[0] == "0" and v.isdigit()]
    alike = len({len(value) for value in column.values}) == 1
    often = sum(column.counts[v] for v in padded) >= _PADDED * column.answers
    return bool(padded) and (alike or often)


def _digits(column: Column) -> dict[str, Any]:
    """Draft a column of texts of digits: few that come again are codes."""
    values = column.values
    if len(values) > _FEW or column.answers < _REPEATED * len(values):
        return {"kind": "text"}
    return single(tuple(category(v, v) for v in values))


def _mostly_numbers(column: Column) -> bool:
    """Tell numbers with a few typed texts among them ("ca. 40") from categories."""
    numbers = {v: n for v, n in column.counts.items() if as_number(v) is not None}
    shared = sum(numbers.values()) >= _MOSTLY * column.answers
    return shared and len(numbers) > _FEW


def _is_closed(column: Column) -> bool:
    """Tell answers that were ticked from answers that were typed."""
    labels = list(column.values)
    if len(labels) > _MOST_LABELS or any(map(names_person, labels)):
        return False
    steps = [label for label in labels if not is_dont_know(label)]
    if len(steps) > 1 and scale_positions(steps):
        return True
    if steps and all(comparable(label) in YES_NO for label in steps):
        return True
    if not labels or max(map(len, labels)) > _LONGEST:
        return False
    if asks_for_words(f"{column.label.wording} {column.name}"):
        return False
    few = len(labels) <= _FEW and column.answers >= _REPEATED * len(labels)
    many = len(labels) <= _MANY and column.answers >= _MUCH_REPEATED * len(labels)
    return few or many
