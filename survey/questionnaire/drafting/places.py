"""Find the columns of an export that a definition of the survey speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.labels import comparable
from survey.questionnaire.columns import Column

_TEXT: Final = "_text"


def columns_of(
    definitions: Mapping[str, QuestionDefinition], names: Iterable[str]
) -> dict[str, str]:
    """Say which question a column belongs to by the definition of the survey.

    Parameters
    ----------
    definitions : mapping of question to QuestionDefinition
        What the platform says.
    names : iterable of str
        Columns of the export.

    Returns
    -------
    dict of column to question
        Columns that the definition names, and those called like a question and one of
        its answers or items, also with ``_TEXT`` behind it.

    Examples
    --------
    >>> asked = QuestionDefinition("Q5", "multiple", {}, (Choice("1", {}),))
    >>> columns_of({"Q5": asked}, ["Q5_1", "Q5_1_TEXT", "Q51"])
    {'Q5_1': 'Q5', 'Q5_1_TEXT': 'Q5'}
    """
    known: dict[str, str] = {}
    for question, definition in definitions.items():
        named = with_columns(definition)
        for choice in (*named.categories, *named.items):
            known.setdefault(comparable(choice.column), question)
    known |= {comparable(question): question for question in definitions}
    found = {name: known.get(bare_name(name)) for name in names}
    return {name: question for name, question in found.items() if question}


def with_columns(definition: QuestionDefinition) -> QuestionDefinition:
    """Name the columns of answers and items after the question and their code.

    Parameters
    ----------
    definition : QuestionDefinition
        What the platform says.

    Returns
    -------
    QuestionDefinition
        The same; columns that it names itself are kept.

    Examples
    --------
    >>> asked = QuestionDefinition("Q5", "multiple", {}, (Choice("1", {}),))
    >>> with_columns(asked).categories[0].column
    'Q5_1'
    """

    def named(choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
        question = definition.question
        return tuple(
            replace(c, column=c.column or f"{question}_{c.code}") for c in choices
        )

    return replace(
        definition,
        categories=named(definition.categories),
        items=named(definition.items),
    )


def bare_name(name: str) -> str:
    """Give the name of a column without the mark of a typed text.

    Parameters
    ----------
    name : str
        Name of a column.

    Returns
    -------
    str
        In the form in which names are compared.

    Examples
    --------
    >>> bare_name("Q5_1_TEXT")
    'q5_1'
    """
    return comparable(name).removesuffix(_TEXT)


def located(choices: Sequence[Choice], columns: Sequence[Column]) -> dict[str, Column]:
    """Find the column of every choice that has one.

    Parameters
    ----------
    choices : sequence of Choice
        Answers or items.
    columns : sequence of Column
        Columns of the question.

    Returns
    -------
    dict of code to Column
        By the column that the definition names, else by code, else by label; no
        column stands for two choices.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> nobody = np.zeros(1, bool)
    >>> label = ColumnLabel("q1", option="Cost")
    >>> cost = Column("q1_a", label, {}, nobody, numeric=False)
    >>> located([Choice("7", {"": "cost"})], [cost])["7"].name
    'q1_a'
    """
    found: dict[str, Column] = {}
    left = {column.name: column for column in columns}
    ways = (_by_column, _by_code, _by_label)
    for stands_for in ways:
        for choice in choices:
            if choice.code in found:
                continue
            fits = (c for c in left.values() if stands_for(choice, c))
            column = next(fits, None)
            if column is not None:
                found[choice.code] = left.pop(column.name)
    return found


def _by_column(choice: Choice, column: Column) -> bool:
    """Tell whether the definition names the column."""
    return bool(choice.column) and comparable(choice.column) == comparable(column.name)


def _by_code(choice: Choice, column: Column) -> bool:
    """Tell whether the header holds the code."""
    code = column.label.option_code
    return bool(code) and comparable(code) == comparable(choice.code)


def _by_label(choice: Choice, column: Column) -> bool:
    """Tell whether the header holds the label."""
    labels = set(map(comparable, choice.label.values())) - {""}
    return comparable(column.label.option) in labels
