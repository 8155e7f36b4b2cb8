"""XLSForm: the definition of a KoboToolbox or ODK form, as a workbook."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from survey.errors import DataFileError
from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.definitions.condition import Routed, all_of
from survey.importers.definitions.xlsform_relevant import most_choices, translate
from survey.importers.definitions.xlsform_sheets import (
    KINDS,
    Asked,
    Form,
    Group,
    list_of,
    read_sheets,
    texts_of,
)
from survey.importers.labels import tidy

_FOLDED: Final = {"table-list", "likert", "list-nolabel"}


def read_xlsform(path: Path, data: bytes) -> Mapping[str, QuestionDefinition]:
    """Read what an XLSForm asks.

    Parameters
    ----------
    path : Path
        The file, for messages.
    data : bytes
        Its content.

    Returns
    -------
    mapping of question to QuestionDefinition
        Columns are named as the form does, without groups. Notes, calculations,
        places and media are no questions.

    Raises
    ------
    DataFileError
        The workbook is damaged, or is no XLSForm.

    References
    ----------
    XLSForm.org, reference of question types, groups and relevance.

    Examples
    --------
    >>> read_xlsform(Path("form.xlsx"), b"PK nonsense")
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: form.xlsx: the workbook cannot be opened (...
    """
    form = read_sheets(data, str(path))
    if not form.asked:
        raise DataFileError(
            f"{path}: the sheet 'survey' has no question under the headers 'type' and"
            " 'name'. Name the XLSForm of the survey."
        )
    grids = _grids(form)
    folded = {name: group for group, names in grids.items() for name in names}
    ids = _ids(form, folded)
    codes = {
        ids[a.name]: tuple(c.code for c in _choices(a, form))
        for a in form.asked
        if a.name in ids
    }
    several = {ids[a.name] for a in form.asked if a.kind == "select_multiple"}
    found: dict[str, QuestionDefinition] = {}
    for asked in form.asked:
        routed = _routed(asked, ids, codes, several)
        for made in _made(asked, form, folded, routed):
            found.setdefault(made.question, made)
    return found


def _choices(asked: Asked, form: Form) -> tuple[Choice, ...]:
    """Give the answers of a question."""
    if asked.kind in {"acknowledge", "trigger"}:
        return (Choice("OK", {"": "OK"}),)
    listed = form.choices.get(asked.list_name, ())
    other = "or_other" in asked.row.get("type", "").replace("or other", "or_other")
    known = {choice.code for choice in listed}
    extra = (Choice("other", {"": "Other"}),) if other and "other" not in known else ()
    return (*listed, *extra)


def _grids(form: Form) -> dict[str, tuple[str, ...]]:
    """Name the groups that are grids, and their questions."""
    members: dict[str, list[Asked]] = {}
    for asked in form.asked:
        if asked.groups and asked.groups[-1].kind in {"group", "score"}:
            members.setdefault(asked.groups[-1].row.get("name", ""), []).append(asked)
    return {
        group: tuple(a.name for a in found)
        for group, listed in members.items()
        if (found := [a for a in listed if a.row.get("appearance") != "label"])
        and group
        and _is_grid(found)
    }


def _is_grid(found: Sequence[Asked]) -> bool:
    """Tell whether questions of a group are shown as one table."""
    first = found[0]
    shown = set(first.groups[-1].row.get("appearance", "").split())
    shown |= set(first.row.get("appearance", "").split())
    same = {
        (a.kind, a.list_name, a.row.get("relevant", ""), len(a.groups)) for a in found
    }
    table = bool(shown & _FOLDED) or first.kind == "score__row"
    return (
        table
        and len(same) == 1
        and len(found) > 1
        and first.kind in {"select_one", "score__row"}
    )


def _ids(form: Form, folded: Mapping[str, str]) -> dict[str, str]:
    """Give the id of every question that only one question of the form has."""
    counts = Counter(asked.name for asked in form.asked)
    return {
        name: f"{folded[name]}/{name}" if name in folded else name
        for name, count in counts.items()
        if count == 1
    }


def _routed(
    asked: Asked,
    ids: Mapping[str, str],
    codes: Mapping[str, tuple[str, ...]],
    several: set[str],
) -> Routed:
    """Say who is asked: everyone for whom the groups and the question are relevant."""
    texts = [group.row.get("relevant", "") for group in asked.groups]
    parts = []
    for text in (*texts, asked.row.get("relevant", "")):
        known = re.sub(
            r"\$\{\s*([^{}]{1,200}?)\s*\}",
            lambda found: f"${{{ids.get(found[1], found[1])}}}",
            text,
        )
        parts.append(Routed(translate(known, codes, several).said, tidy(text)))
    return all_of(parts)


def _made(
    asked: Asked, form: Form, folded: Mapping[str, str], routed: Routed
) -> list[QuestionDefinition]:
    """Make the definitions of a question: one, or its row of a grid."""
    choices = _choices(asked, form)
    matrix = asked.groups[-1] if asked.groups else Group("", {})
    if matrix.kind == "kobomatrix":
        return _matrix(asked, matrix, form, routed)
    if asked.name in folded:
        return _grid(asked, form, folded, routed)
    made = QuestionDefinition(
        question=asked.name,
        kind=KINDS[asked.kind],
        wording=texts_of(asked.row, form.language),
        categories=choices,
        max_choices=most_choices(asked.row.get("constraint", "")),
        asked_if=routed.said,
        routing=routed.words,
    )
    return [made]


def _grid(
    asked: Asked, form: Form, folded: Mapping[str, str], routed: Routed
) -> list[QuestionDefinition]:
    """Make the definition of a grid from the questions of its group."""
    own = asked.groups[-1]
    rows = [a for a in form.asked if a.name in folded and a.groups == asked.groups]
    grid = QuestionDefinition(
        question=folded[asked.name],
        kind="grid",
        wording=texts_of(own.row, form.language),
        categories=_choices(asked, form),
        items=tuple(
            Choice(a.name, texts_of(a.row, form.language), column=a.name) for a in rows
        ),
        asked_if=routed.said,
        routing=routed.words,
    )
    return [grid]


def _matrix(
    asked: Asked, matrix: Group, form: Form, routed: Routed
) -> list[QuestionDefinition]:
    """Make the definitions of a column of a matrix of KoboToolbox.

    A choice is a grid over the rows; anything else is a question for each row.
    """
    name, wording = matrix.row.get("name", ""), texts_of(asked.row, form.language)
    rows = form.choices.get(list_of(matrix.row), ())
    grid = QuestionDefinition(
        question=f"{name}_{asked.name}",
        kind="grid",
        wording=wording,
        categories=_choices(asked, form),
        items=tuple(
            replace(row, column=f"{name}_{row.code}_{asked.name}") for row in rows
        ),
        asked_if=routed.said,
        routing=routed.words,
    )
    if asked.kind == "select_one":
        return [grid]
    return [
        replace(
            grid,
            question=row.column,
            kind=KINDS[asked.kind],
            wording={
                language: f"{text}: {row.label.get(language, row.code)}"
                for language, text in wording.items()
            },
            items=(),
        )
        for row in grid.items
    ]
