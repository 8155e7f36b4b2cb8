"""What a definition adds to an export: wording, options and value labels of columns.

Columns are found by name, by question id, then by wording. A definition of which
hardly a column is found belongs to another survey.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.labels import comparable
from survey.importers.raw import ColumnLabel, RawTable
from survey.importers.system import role_of

_LOOP = re.compile(r"(\d{1,4}_)(?=[A-Za-z])")
_UNCODED: Final = {"numeric", "text"}
_LEAST_CODES: Final = 0.5
_LEAST_FOUND: Final = 0.1
_TYPED: Final = re.compile(r"(?:^|_)TEXT$|comment\]?$|^other$")


@dataclass(frozen=True, slots=True)
class _Index:
    """Ways to find what a column stands for; keys are comparable texts."""

    columns: Mapping[str, tuple[QuestionDefinition, Choice]]
    questions: Mapping[str, QuestionDefinition]
    wordings: Mapping[str, QuestionDefinition]


def with_definitions(
    raw: RawTable, definitions: Mapping[str, QuestionDefinition]
) -> RawTable:
    """Add to an export what a definition of its survey says.

    Parameters
    ----------
    raw : RawTable
        The export.
    definitions : mapping of question to QuestionDefinition
        From a ``.qsf``, ``.lss`` or another definition.

    Returns
    -------
    RawTable
        With the definitions. Value labels are filled where the cells of a column are
        codes; where they are texts, the definition alone says the codes.

    Raises
    ------
    DataFileError
        Fewer than a tenth of the columns, or of the questions where there are fewer,
        are found in the other.

    Examples
    --------
    >>> from survey.importers.raw import Source
    >>> choices = (Choice("1", {"en": "Yes"}), Choice("2", {"en": "No"}))
    >>> use = QuestionDefinition("use", "single", {"en": "Do you use AI?"}, choices)
    >>> frame = pd.DataFrame({"use": ["1", "2"]}, dtype=str)
    >>> raw = RawTable(frame, {"use": ColumnLabel("use")}, {}, (), Source("a", "", ""))
    >>> label = with_definitions(raw, {"use": use}).labels["use"]
    >>> label.wording, label.values
    ('Do you use AI?', {'1': 'Yes', '2': 'No'})
    """
    index = _index(definitions)
    labels = dict(raw.labels)
    for name, label in raw.labels.items():
        found = _find(name, label, index)
        if found:
            labels[name] = _filled(raw.frame[name], name, label, *found)
    told = sum(labels[name] is not label for name, label in raw.labels.items())
    if told < _LEAST_FOUND * min(len(definitions), len(labels)):
        raise DataFileError(
            f"{raw.source.name}: {told} of its {len(labels)} columns are found in the"
            f" definition (questions {some(definitions)}), so it is not that of the"
            " same survey. Name the right one, or leave it out."
        )
    reason = f"definition of {len(definitions)} questions: {told} columns found in it"
    source = replace(raw.source, reasons=(*raw.source.reasons, reason))
    both = {**raw.definitions, **definitions}
    return replace(raw, labels=labels, definitions=both, source=source)


def with_column_labels(raw: RawTable, labels: Mapping[str, ColumnLabel]) -> RawTable:
    """Add to an export what the R syntax of LimeSurvey says of its columns.

    Parameters
    ----------
    raw : RawTable
        The R data file, or the CSV export of the same survey.
    labels : mapping of column to ColumnLabel
        From `survey.importers.definitions.limesurvey_r.read_r_syntax`.

    Returns
    -------
    RawTable
        Columns are found by name, ``why[SQ001]`` as ``why_SQ001``; by their place
        where none is and there are as many.

    Raises
    ------
    DataFileError
        No column is found.

    Examples
    --------
    >>> from survey.importers.raw import Source
    >>> frame = pd.DataFrame({"use": ["1", "2"]}, dtype=str)
    >>> raw = RawTable(frame, {"use": ColumnLabel("use")}, {}, (), Source("a", "", ""))
    >>> told = {"use": ColumnLabel("use", "Do you use AI?", values={"1": "Yes"})}
    >>> with_column_labels(raw, told).labels["use"].wording
    'Do you use AI?'
    """
    known = {_key(name): label for name, label in labels.items()}
    found = {name: known[_key(name)] for name in raw.labels if _key(name) in known}
    if not found and len(labels) == len(raw.labels):
        found = dict(zip(raw.labels, labels.values(), strict=True))
    if not found:
        raise DataFileError(
            f"{raw.source.name}: none of its {len(raw.labels)} columns is named in the"
            f" R syntax ({some(labels)}). Name the syntax of the same export."
        )
    reason = f"R syntax: labels of {len(found)} columns"
    source = replace(raw.source, reasons=(*raw.source.reasons, reason))
    return replace(raw, labels={**raw.labels, **found}, source=source)


def _key(name: str) -> str:
    """Give the form in which names of columns are compared."""
    return comparable(name.replace("][", "_").replace("[", "_").replace("]", ""))


def _index(definitions: Mapping[str, QuestionDefinition]) -> _Index:
    """Make the look-up tables of a definition."""
    columns: dict[str, tuple[QuestionDefinition, Choice]] = {}
    wordings: dict[str, list[QuestionDefinition]] = {}
    for definition in definitions.values():
        for choice in (*definition.categories, *definition.items):
            if choice.column:
                columns.setdefault(_key(choice.column), (definition, choice))
        for text in set(map(comparable, definition.wording.values())):
            wordings.setdefault(text, []).append(definition)
    return _Index(
        columns,
        {_key(d.question): d for d in definitions.values()},
        {text: found[0] for text, found in wordings.items() if len(found) == 1},
    )


def _find(
    name: str, label: ColumnLabel, index: _Index
) -> tuple[QuestionDefinition, Choice | None] | None:
    """Find the question of a column, and the answer or row that it stands for."""
    if role_of(name):
        return None
    for key in _names(name):
        if key in index.columns:
            return index.columns[key]
    keys = [key for text in (name, label.question) if text for key in _names(text)]
    found = [index.questions[key] for key in keys if key in index.questions]
    found += [d for d in [index.wordings.get(comparable(label.wording))] if d]
    return (found[0], _choice(found[0], label)) if found else None


def _names(name: str) -> Iterator[str]:
    """Give the names under which a column may be known, also within a loop."""
    yield _key(name)
    yield _key(_LOOP.sub("", name, count=1) if _LOOP.match(name) else name)


def _choice(definition: QuestionDefinition, label: ColumnLabel) -> Choice | None:
    """Find an answer or row by its text, or by its code."""
    choices = definition.items or definition.categories
    wanted = comparable(label.option)
    for choice in choices if wanted else ():
        if wanted in map(comparable, choice.label.values()):
            return choice
    by_code = {choice.code: choice for choice in choices}
    return by_code.get(label.option_code)


def _filled(
    cells: pd.Series,
    name: str,
    label: ColumnLabel,
    definition: QuestionDefinition,
    choice: Choice | None,
) -> ColumnLabel:
    """Fill the label of a column."""
    loop = _LOOP.match(name)
    question = f"{loop[1] if loop else ''}{definition.question}"
    wording = _first(definition.wording) or label.wording
    typed = _TYPED.search(name) or label.option_code == "other"
    if typed and definition.kind not in _UNCODED:
        return replace(label, question=label.question or question, wording=wording)
    if choice and (choice in definition.items or choice.column):
        label = replace(
            label, option=_first(choice.label) or label.option, option_code=choice.code
        )
    told = choice in definition.items if choice else not label.option
    values = _values(cells, definition) if told else {}
    return replace(
        label, question=question, wording=wording, values=values or label.values
    )


def _first(texts: Mapping[str, str]) -> str:
    """Give a text in the base language, which stands first."""
    return next(iter(texts.values()), "")


def _values(cells: pd.Series, definition: QuestionDefinition) -> dict[str, str]:
    """Give the labels of the codes, where the cells of a column are codes."""
    if definition.kind in _UNCODED:
        return {}
    labels = {c.code: _first(c.label) or c.code for c in definition.categories}
    texts = [_code(value) for value in cells.dropna().unique()]
    known = sum(all(p in labels for p in text.split(",")) for text in texts)
    return labels if known >= _LEAST_CODES * len(texts) else {}


def _code(value: object) -> str:
    """Give a cell as a code."""
    text = str(value).strip()
    return text.removesuffix(".0") if isinstance(value, float) else text
