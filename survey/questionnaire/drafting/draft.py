"""Draft a questionnaire from an export alone.

Every column is a question, describes the record, or identifies a person. Nothing
that a respondent answered is left out because it was hard to recognise: what is no
scale, no list and no number is reported as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from survey.importers.definition import QuestionDefinition
from survey.importers.raw import RawTable, is_user_missing
from survey.questionnaire.columns import Column, column_of
from survey.questionnaire.drafting.battery import draft_battery
from survey.questionnaire.drafting.beside import code_beside
from survey.questionnaire.drafting.categories import category
from survey.questionnaire.drafting.conditions import (
    identifier,
    routing_is_stated,
    with_routing,
)
from survey.questionnaire.drafting.defined import Drafted, defined_texts, draft_defined
from survey.questionnaire.drafting.folded import fold
from survey.questionnaire.drafting.groups import Group, battery_texts, group_columns
from survey.questionnaire.drafting.paradata import (
    complete_values,
    draft_paradata,
    role_in_export,
    screened_out_values,
    with_declared_weight,
)
from survey.questionnaire.drafting.places import columns_of
from survey.questionnaire.drafting.single import draft_column
from survey.questionnaire.drafting.spread import draft_spread, is_typed_other
from survey.questionnaire.model import Category, Question, Questionnaire
from survey.questionnaire.scales import is_other
from survey.questionnaire.wording import short_label

_OTHER_VALUES: Final = {"-oth-", "other"}


def draft_questionnaire(raw: RawTable) -> Questionnaire:
    """Draft a questionnaire that an analyst can edit.

    Parameters
    ----------
    raw : RawTable
        An export.

    Returns
    -------
    Questionnaire
        One question for each that the file tells of, every category and item with
        its column. Codes are those of the file; where it has none they are numbers
        in the order of the options, of the scale, or of the letters.

    Notes
    -----
    Who was asked cannot be told from answers, so ``routing`` is ``unknown`` unless a
    definition of the survey tells it for every question.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> frame = pd.DataFrame({"use": ["Yes", "No", "Yes", "No"]}, dtype=str)
    >>> labels = {"use": ColumnLabel("use", "Do you use AI?")}
    >>> raw = RawTable(frame, labels, {}, (), Source("wave.csv", "", "plain"))
    >>> [(q.id, q.kind) for q in draft_questionnaire(raw).questions]
    [('use', 'single')]
    """
    columns = {name: column_of(raw, name) for name in map(str, raw.frame.columns)}
    records = len(raw.frame)
    roles = {name: role_in_export(held, records) for name, held in columns.items()}
    roles = with_declared_weight(roles, columns, raw.weight)
    asked = {name: column for name, column in columns.items() if not roles[name]}
    paradata = draft_paradata(columns, roles)
    stem = raw.source.name.rsplit(".", 1)[0]
    status = columns.get(paradata.status or "")
    return Questionnaire(
        id=identifier(stem) or "survey",
        title={"": stem},
        paradata=paradata,
        complete=complete_values(status) if status else (),
        screened_out=screened_out_values(status) if status else (),
        personal=tuple(name for name, role in roles.items() if role == "personal"),
        **_asked(raw, asked),
    )


def _asked(raw: RawTable, columns: Mapping[str, Column]) -> dict[str, Any]:
    """Draft the questions, and say whether their routing is known."""
    told = {
        name: column.label.question
        for name, column in columns.items()
        if column.label.question in raw.definitions
    }
    told |= columns_of(raw.definitions, columns)
    groups = group_columns(columns, raw.sets, told)
    questions = _questions(groups, raw.definitions)
    routed = with_routing(questions, raw.definitions)
    known = bool(raw.definitions) and routing_is_stated(routed, raw.definitions)
    languages = {key for q in routed for key in q.wording if key}
    return {
        "questions": routed,
        "routing": "stated" if known else "unknown",
        "languages": tuple(sorted(languages)) or ("",),
    }


def _questions(
    groups: Sequence[Group], definitions: Mapping[str, QuestionDefinition]
) -> tuple[Question, ...]:
    """Draft the questions of all groups, each with an id of its own."""
    drafted = [
        (f"{identifier(group.name) or f'q_{number}'}{suffix}", fields)
        for number, group in enumerate(groups, 1)
        for suffix, fields in _defined(group, definitions) or _in_group(group)
    ]
    ids = _unique_ids(name for name, _ in drafted)
    return tuple(
        Question(id=name, **fields)
        for name, (_, fields) in zip(ids, drafted, strict=True)
    )


def _defined(
    group: Group, definitions: Mapping[str, QuestionDefinition]
) -> list[Drafted]:
    """Draft the questions of a group from their definition; none where it has none."""
    definition = definitions.get(group.name)
    if definition is None:
        return []
    drafted = draft_defined(definition, group.columns)
    if drafted is None:
        texts = defined_texts(definition)
        plain = _in_group(group)
        return [(plain[0][0], plain[0][1] | texts)] if len(plain) == 1 else plain
    fallback = _texts(group.columns[0].label.wording, group.name)
    return [(suffix, fallback | fields) for suffix, fields in drafted]


def _in_group(group: Group) -> list[Drafted]:
    """Draft the questions that stand in a group of columns."""
    if group.stored:
        return _in_set(group)
    if group.battery:
        return _battery(group)
    wording = group.columns[0].label.wording
    typed = [column for column in group.columns if is_typed_other(column)]
    mains = [c for c in group.columns if c not in typed] or list(group.columns)
    if len(mains) == 1 and (len(group.columns) == 1 or not mains[0].label.option):
        fields = _with_beside(draft_column(mains[0]), typed)
        placed = {c.specify for c in fields.get("categories", ())}
        typed = [column for column in typed if column.name not in placed]
        fields = _with_other(fields, typed)
        return [("", _texts(wording, mains[0].name) | fields), *_left(typed[1:])]
    whole = _have_options(mains)
    fields = draft_spread(group.columns, wording) if whole else {"kind": ""}
    if not fields["kind"]:
        return _apart(group.columns, wording)
    left = typed[1:] if fields["kind"] == "grid" else []
    return [("", _texts(wording, group.columns[0].name) | fields), *_left(left)]


def _left(typed: Sequence[Column]) -> list[Drafted]:
    """Draft further texts typed beside a question as questions of their own."""
    return [
        (f"_text_{number}", _texts(column.label.option, column.name) | fields)
        for number, column in enumerate(typed, 1)
        for fields in [{"kind": "text", "column": column.name}]
    ]


def _in_set(group: Group) -> list[Drafted]:
    """Draft a multiple response set of the file."""
    stored = group.stored
    assert stored is not None
    typed = [c for c in group.columns if c.name not in stored.columns]
    mains = [c for c in group.columns if c not in typed]
    fields = {
        "kind": "multiple",
        "categories": _mentions(mains)
        if stored.counted_value is None
        else _dichotomies(mains, stored.name),
        "counted_value": stored.counted_value,
    }
    wording = stored.label or mains[0].label.wording
    texts = _texts(wording, stored.name)
    return [("", texts | _with_other(fields, typed)), *_left(typed[1:])]


def _mentions(columns: Sequence[Column]) -> tuple[Category, ...]:
    """Draft the answers of a set with one mention in each column."""
    labels: dict[str, str] = {}
    for column in columns:
        labels |= dict(column.label.values) or {v: v for v in column.values}
    missing = columns[0].missing
    return tuple(
        category(
            code, text or code, multiple=True, missing=is_user_missing(code, missing)
        )
        for code, text in labels.items()
    )


def _dichotomies(columns: Sequence[Column], name: str) -> tuple[Category, ...]:
    """Draft the answers of a set with one column each, coded by their names."""
    codes = [column.name.removeprefix(f"{name}_") for column in columns]
    own = all(code != column.name for code, column in zip(codes, columns, strict=True))
    shared = battery_texts(columns)[1]
    return tuple(
        category(
            code if own else str(number),
            column.label.option or text,
            multiple=True,
            column=column.name,
        )
        for number, (code, column, text) in enumerate(
            zip(codes, columns, shared, strict=True), 1
        )
    )


def _battery(group: Group) -> list[Drafted]:
    """Draft columns that share their values and the start of their names."""
    typed = [column for column in group.columns if column.label.option_code == "other"]
    mains = [column for column in group.columns if column not in typed]
    fields = draft_battery(group.name, mains, typed)
    if not fields["kind"]:
        return _apart(group.columns, "")
    left = typed[1:] if fields["kind"] == "grid" else []
    return [("", _texts(battery_texts(mains)[0], group.name) | fields), *_left(left)]


def _have_options(columns: Iterable[Column]) -> bool:
    """Tell whether every column stands for an option or item."""
    return all(column.label.option for column in columns)


def _apart(members: Sequence[Column], wording: str) -> list[Drafted]:
    """Draft every column, or every row of a checkbox grid, as its own question."""
    typed = [column for column in members if is_typed_other(column)]
    mains = [column for column in members if column not in typed]
    folded = fold(mains) if _have_options(mains) else None
    drafted = []
    if folded:
        for number, (item, row) in enumerate(
            zip(folded.items, folded.columns, strict=True), 1
        ):
            fields = _row(row, folded.points)
            drafted.append((f"_{number}", _texts(f"{wording} {item}", item) | fields))
        mains = []
    for number, column in enumerate([*mains, *typed], len(drafted) + 1):
        label = column.label
        text = f"{wording or label.wording} {label.option}".strip()
        fields = _texts(text, label.option or column.name) | draft_column(column)
        drafted.append((f"_{number}", fields))
    return drafted


def _row(row: Sequence[Column], points: Sequence[str]) -> dict[str, Any]:
    """Draft one row of a checkbox grid."""
    categories = tuple(
        category(str(number), point, multiple=True, column=column.name)
        for number, (point, column) in enumerate(zip(points, row, strict=True), 1)
    )
    return {"kind": "multiple", "categories": categories}


def _with_beside(fields: dict[str, Any], typed: Sequence[Column]) -> dict[str, Any]:
    """Put texts at the categories whose codes their names tell."""
    if fields["kind"] not in {"single", "multiple"}:
        return fields
    told = {code_beside(text, fields["column"]): text.name for text in typed}
    categories = tuple(
        c.model_copy(update={"specify": c.specify or told.get(c.code)})
        for c in fields["categories"]
    )
    return fields | {"categories": categories}


def _with_other(fields: dict[str, Any], typed: Sequence[Column]) -> dict[str, Any]:
    """Put a text typed beside "other" at its category, or make one for it."""
    if not typed:
        return fields
    if fields["kind"] not in {"single", "multiple"}:
        return fields | {"specify": typed[0].name}
    known: tuple[Category, ...] = fields["categories"]
    codes = [c.code for c in known if c.code in _OTHER_VALUES]
    codes += [c.code for c in known if is_other(c.label.get("", ""))]
    if not codes:
        other = Category(
            code="other", label={"": "Other"}, aliases=("-oth-",), specify=typed[0].name
        )
        return fields | {"categories": (*known, other)}
    update = {"specify": typed[0].name}
    categories = [
        c.model_copy(update=update) if c.code == codes[0] else c for c in known
    ]
    return fields | {"categories": tuple(categories)}


def _texts(wording: str, fallback: str) -> dict[str, Any]:
    """Give label and wording of a question."""
    text = wording or fallback
    return {"label": {"": short_label(text)}, "wording": {"": text}}


def _unique_ids(names: Iterable[str]) -> list[str]:
    """Give every group an id that no other has, also in another case."""
    ids: list[str] = []
    taken: set[str] = set()
    for number, name in enumerate(names, 1):
        base = identifier(name) or f"q_{number}"
        found, again = base, 1
        while found.casefold() in taken:
            again += 1
            found = f"{base}_{again}"
        taken.add(found.casefold())
        ids.append(found)
    return ids
