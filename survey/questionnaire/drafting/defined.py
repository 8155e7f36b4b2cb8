"""Draft a question from what the definition of the survey says of it.

Kind, wording, answers and cap are taken as they are; the export only tells which
column holds what. Where its columns do not fit the definition, the answers decide.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final

from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.labels import comparable
from survey.importers.raw import is_user_missing
from survey.questionnaire.columns import Column
from survey.questionnaire.drafting.categories import is_scale
from survey.questionnaire.drafting.places import bare_name, located, with_columns
from survey.questionnaire.drafting.ranked import find_ranked
from survey.questionnaire.drafting.ranking import (
    rank_columns,
    ranks_by_column,
    ranks_by_item,
    ranks_in_cell,
)
from survey.questionnaire.drafting.single import draft_column
from survey.questionnaire.drafting.spread import counted_value, is_typed_other
from survey.questionnaire.model import Category, Item
from survey.questionnaire.scales import is_dont_know, is_none, is_other
from survey.questionnaire.wording import most_choices, short_label

_DELIMITER: Final = ";"

# What is put behind the id of a question, and its fields.
Drafted = tuple[str, dict[str, Any]]


def draft_defined(
    definition: QuestionDefinition, columns: Sequence[Column]
) -> list[Drafted] | None:
    """Draft a question from its definition.

    Parameters
    ----------
    definition : QuestionDefinition
        What the platform says.
    columns : sequence of Column
        Its columns in the export, at least one.

    Returns
    -------
    list of (str, dict) or None
        What is put behind the id, and fields of a `Question`: the question, and texts
        typed beside it that have no place there. None where the columns do not fit.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> size = Column("q1", ColumnLabel("q1"), {"1": 2}, np.ones(2, bool), numeric=True)
    >>> choices = (Choice("1", {"en": "Small"}), Choice("2", {"en": "Large"}))
    >>> asked = QuestionDefinition("q1", "single", {"en": "Size?"}, choices)
    >>> ((_, fields),) = draft_defined(asked, [size])
    >>> [c.label for c in fields["categories"]]
    [{'en': 'Small'}, {'en': 'Large'}]
    """
    definition = with_columns(definition)
    typed = [column for column in columns if _is_typed(column)]
    mains = [column for column in columns if column not in typed]
    if not mains:
        mains, typed = list(columns), []
    texts = defined_texts(definition)
    if definition.kind in {"numeric", "text"} and len(mains) > 1:
        return _fields_apart(definition, mains) + _left(typed)
    drafters = {
        "single": _single,
        "multiple": _multiple,
        "grid": _grid,
        "ranking": _ranking,
        "numeric": _open,
        "text": _open,
    }
    drafter = drafters.get(definition.kind)
    fields = drafter(definition, mains) if drafter else None
    if fields is None:
        return None
    for column in typed:
        fields = _with_typed(fields, column)
    beside = [fields.get("specify"), *(c.specify for c in fields.get("categories", ()))]
    left = [column for column in typed if column.name not in beside]
    return [("", texts | fields), *_left(left)]


def _is_typed(column: Column) -> bool:
    """Tell a text typed beside an answer, also by the name that platforms give it."""
    return bare_name(column.name) != comparable(column.name) or is_typed_other(column)


def _left(typed: Sequence[Column]) -> list[Drafted]:
    """Draft typed texts that have no place in their question."""
    drafted = []
    for number, column in enumerate(typed, 1):
        text = column.label.option or column.label.wording or column.name
        fields = {"kind": "text", "column": column.name, "wording": {"": text}}
        label = {"label": {"": short_label(text)}}
        drafted.append((f"_text_{number}", label | fields))
    return drafted


def _fields_apart(
    definition: QuestionDefinition, mains: Sequence[Column]
) -> list[Drafted]:
    """Draft several numbers or texts of one question, each as its own."""
    labels = {
        column.name: _text(choice)
        for choice in definition.items or definition.categories
        for code, column in located([choice], mains).items()
    }
    drafted = []
    for number, column in enumerate(mains, 1):
        own = column.label.option or column.label.wording or column.name
        label = labels.get(column.name, {"": own})
        wording = {
            language: f"{definition.wording.get(language, '')} {text}".strip()
            for language, text in label.items()
        }
        texts = {"label": {k: short_label(text) for k, text in label.items()}}
        kind = {"kind": definition.kind, "column": column.name, "wording": wording}
        drafted.append((f"_{number}", texts | kind))
    return drafted


def defined_texts(definition: QuestionDefinition) -> dict[str, Any]:
    """Give label and wording of a definition in all its languages.

    Parameters
    ----------
    definition : QuestionDefinition
        What the platform says.

    Returns
    -------
    dict
        Fields of a `Question`; empty where it has no wording.

    Examples
    --------
    >>> defined_texts(QuestionDefinition("q1", wording={"de": "Wie groß?"}))["label"]
    {'de': 'Wie groß?'}
    """
    wording = {language: text for language, text in definition.wording.items() if text}
    if not wording:
        return {}
    label = {language: short_label(text) for language, text in wording.items()}
    return {"label": label, "wording": wording}


def _text(choice: Choice) -> dict[str, str]:
    """Give the label of a choice, or its code where it has none."""
    return {k: text for k, text in choice.label.items() if text} or {"": choice.code}


def _categories(
    choices: Sequence[Choice],
    columns: Mapping[str, Column],
    *,
    multiple: bool = False,
    missing: Sequence[Any] = (),
) -> tuple[Category, ...]:
    """Turn choices into categories; the platform's word on exclusive ones counts."""
    told = any(choice.exclusive for choice in choices)
    return tuple(
        Category(
            code=choice.code,
            label=_text(choice),
            exclusive=choice.exclusive
            or (multiple and not told and any(map(is_none, choice.label.values()))),
            missing=is_user_missing(choice.code, missing),
            dont_know=any(map(is_dont_know, choice.label.values()))
            and not is_user_missing(choice.code, missing),
            column=columns[choice.code].name if choice.code in columns else None,
        )
        for choice in choices
    )


def _open(
    definition: QuestionDefinition, mains: Sequence[Column]
) -> dict[str, Any] | None:
    """Draft a number or a text."""
    if len(mains) != 1:
        return None
    return {"kind": definition.kind, "column": mains[0].name}


def _single(
    definition: QuestionDefinition, mains: Sequence[Column]
) -> dict[str, Any] | None:
    """Draft a single response question in one column, or one column per answer."""
    if not definition.categories:
        return None
    missing = mains[0].missing
    if len(mains) == 1:
        found: dict[str, Column] = {}
        place = {"column": mains[0].name}
    else:
        found, place = located(definition.categories, mains), {}
        if len(found) < len(mains):
            return None
    categories = _categories(definition.categories, found, missing=missing)
    scale = is_scale(_in_one_language(categories))
    return {"kind": "single", "categories": categories, "ordered": scale, **place}


def _multiple(
    definition: QuestionDefinition, mains: Sequence[Column]
) -> dict[str, Any] | None:
    """Draft a multiple response question: a column per answer, or all in one."""
    found = located(definition.categories, mains)
    left = [column for column in mains if column not in found.values()]
    if not definition.categories or len(left) > 1 or (left and found):
        return None
    fields: dict[str, Any] = {
        "kind": "multiple",
        "categories": _categories(definition.categories, found, multiple=True),
        "max_choices": definition.max_choices or _cap(definition),
    }
    if left:
        drafted = draft_column(left[0])
        delimiter = drafted.get("delimiter") or _DELIMITER
        return fields | {"column": left[0].name, "delimiter": delimiter}
    return fields | {"counted_value": counted_value(mains) or None}


def _cap(definition: QuestionDefinition) -> int | None:
    """Read the cap off the wording, where the platform does not enforce it."""
    caps = map(most_choices, definition.wording.values())
    return next((cap for cap in caps if cap), None)


def _grid(
    definition: QuestionDefinition, mains: Sequence[Column]
) -> dict[str, Any] | None:
    """Draft a grid with a column per item."""
    found = located(definition.items, mains)
    if not definition.categories or len(found) < len(mains):
        return None
    items = tuple(
        Item(code=i.code, label=_text(i), column=found[i.code].name)
        for i in definition.items
        if i.code in found
    )
    categories = _categories(definition.categories, {}, missing=mains[0].missing)
    scale = is_scale(_in_one_language(categories))
    return {
        "kind": "grid",
        "categories": categories,
        "items": items,
        "ordered": scale,
    }


def _ranking(
    definition: QuestionDefinition, mains: Sequence[Column]
) -> dict[str, Any] | None:
    """Draft a ranking, with a column per item, a column per rank, or one in all."""
    things = definition.categories or definition.items
    labels = {choice.code: _text(choice) for choice in things}
    ranks = located(definition.items, mains) if definition.categories else {}
    if len(ranks) == len(mains):
        return ranks_by_column(labels, {code: ranks[code].name for code in ranks})
    found = located(things, mains)
    if len(found) == len(mains):
        columns = {code: column.name for code, column in found.items()}
        own = {code: label for code, label in labels.items() if code in columns}
        return ranks_by_item(own, columns, len(things))
    if len(mains) == 1 and labels:
        return {"column": mains[0].name} | _ranked_cell(mains[0], labels)
    if found or not labels:
        return None
    in_order = {str(rank): column.name for rank, column in enumerate(mains, 1)}
    return ranks_by_column(labels, rank_columns(mains) or in_order)


def _ranked_cell(
    column: Column, labels: Mapping[str, Mapping[str, str]]
) -> dict[str, Any]:
    """Draft a ranking in one cell; codes of an XLSForm have a blank between them."""
    by_blank = {len(text.split()) for text in column.values if _are(text, labels)}
    if by_blank and all(_are(text, labels) for text in column.values):
        return ranks_in_cell(labels, " ", max(by_blank)) | _base(by_blank, labels)
    names = [*labels, *(text for label in labels.values() for text in label.values())]
    found = find_ranked(column, names)
    ranks = found.ranks if found else len(labels)
    drafted = ranks_in_cell(labels, found.delimiter if found else _DELIMITER, ranks)
    return drafted | ({} if found and found.complete else {"base": "asked"})


def _are(text: str, labels: Mapping[str, object]) -> bool:
    """Tell whether a cell holds codes with blanks between them."""
    return all(code in labels for code in text.split())


def _base(sizes: AbstractSet[int], labels: Mapping[str, object]) -> dict[str, Any]:
    """Take everyone as base where records did not rank all."""
    return {} if sizes == {len(labels)} else {"base": "asked"}


def _in_one_language(categories: Iterable[Category]) -> list[Category]:
    """Give categories with the label of their first language only."""
    return [
        c.model_copy(update={"label": {"": next(iter(c.label.values()))}})
        for c in categories
    ]


def _with_typed(fields: dict[str, Any], typed: Column) -> dict[str, Any]:
    """Put a typed text at the category that invites it, or at the question."""
    if fields["kind"] in {"numeric", "text"}:
        return fields
    if fields["kind"] == "grid":
        return fields if fields.get("specify") else fields | {"specify": typed.name}
    categories = list(fields["categories"])
    free = [i for i, category in enumerate(categories) if not category.specify]
    named = [i for i in free if _is_beside(typed, categories[i])]
    other = [i for i in free if any(map(is_other, categories[i].label.values()))]
    if named or other:
        at = (named or other)[0]
        categories[at] = categories[at].model_copy(update={"specify": typed.name})
    elif typed.label.option_code == "other":
        new = Category(code="other", label={"": "Other"}, aliases=("-oth-",))
        categories.append(new.model_copy(update={"specify": typed.name}))
    return fields | {"categories": tuple(categories)}


def _is_beside(typed: Column, category: Category) -> bool:
    """Tell whether the name of a typed text holds the code of a category."""
    return bare_name(typed.name).endswith(f"_{comparable(category.code)}")
