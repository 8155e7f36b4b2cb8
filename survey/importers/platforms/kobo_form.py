"""What an XLSForm adds to an export of KoboToolbox or ODK.

A form names its questions without groups, so its columns are found by the last part of
a header, or by their labels where the headers are labels.
"""

from collections.abc import Mapping
from dataclasses import replace

from survey.importers.companions import with_definitions
from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.labels import comparable
from survey.importers.platforms.kobo import with_sets
from survey.importers.raw import RawTable


def with_form(raw: RawTable, definitions: Mapping[str, QuestionDefinition]) -> RawTable:
    """Add to an export what its XLSForm says.

    Parameters
    ----------
    raw : RawTable
        The export.
    definitions : mapping of question to QuestionDefinition
        From `survey.importers.definitions.xlsform.read_xlsform`.

    Returns
    -------
    RawTable
        Wording, labels and definitions, whose columns are those of the export.

    Raises
    ------
    DataFileError
        No question of the form is in the export.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> frame = pd.DataFrame({"firm/use": ["y"], "_id": ["7"]}, dtype=str)
    >>> labels = {"firm/use": ColumnLabel("use", "use"), "_id": ColumnLabel()}
    >>> raw = RawTable(frame, labels, {}, (), Source("a.csv", "", "kobo"))
    >>> use = QuestionDefinition("use", "single", {"en": "Use?"}, (Choice("y", {}),))
    >>> with_form(raw, {"use": use}).labels["firm/use"].wording
    'Use?'
    """
    named = {
        each: _with_columns(definition, raw) for each, definition in definitions.items()
    }
    return with_sets(with_definitions(raw, named))


def _with_columns(definition: QuestionDefinition, raw: RawTable) -> QuestionDefinition:
    """Name the columns of the export that stand for answers and rows."""
    return replace(
        definition,
        categories=tuple(
            replace(choice, column=_option_column(definition, choice, raw))
            if definition.kind == "multiple"
            else choice
            for choice in definition.categories
        ),
        items=tuple(
            replace(item, column=_column_of(item, raw)) for item in definition.items
        ),
    )


def _option_column(
    definition: QuestionDefinition, choice: Choice, raw: RawTable
) -> str:
    """Find the column of an option, by code or by text."""
    wordings = {comparable(text) for text in definition.wording.values()}
    texts = {comparable(text) for text in (choice.code, *choice.label.values())}
    for name, label in raw.labels.items():
        own = label.question == definition.question
        asked = own or comparable(label.wording) in wordings
        if label.option and asked and comparable(label.option) in texts:
            return name
    return ""


def _column_of(item: Choice, raw: RawTable) -> str:
    """Find the column of a row of a grid, by name or by text."""
    texts = {comparable(text) for text in item.label.values()}
    for name, label in raw.labels.items():
        if label.question == item.column or comparable(label.wording) in texts:
            return name
    return item.column
