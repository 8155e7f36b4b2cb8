"""Find the columns of an export that hold a question.

Columns named in the questionnaire come first; then the platform's own id of the
question, a multiple response set, a column of that name, and equal wording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from survey.importers.labels import comparable
from survey.importers.raw import ColumnLabel, MultipleSet, RawTable
from survey.questionnaire.model import Category, Item, Question


@dataclass(frozen=True, slots=True)
class Location:
    """Where the answers to a question (or to one item of a grid) stand.

    One of `column`, `options` (a column per code) and `mentions` (a column per
    mention) is filled; `texts` are the columns of texts typed beside a category.
    """

    column: str | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    mentions: tuple[str, ...] = ()
    counted_value: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict)

    @property
    def found(self) -> bool:
        """Whether there is any column."""
        return bool(self.column or self.options or self.mentions or self.texts)


@dataclass(frozen=True, slots=True)
class ColumnIndex:
    """Ways to look a column up; keys are compared without case and blanks."""

    by_name: Mapping[str, str]
    by_question: Mapping[str, tuple[str, ...]]
    by_wording: Mapping[str, tuple[str, ...]]
    by_set: Mapping[str, MultipleSet]
    labels: Mapping[str, ColumnLabel]


def index_columns(raw: RawTable) -> ColumnIndex:
    """Make the look-up tables of an export.

    Parameters
    ----------
    raw : RawTable
        The export.

    Returns
    -------
    ColumnIndex
        Columns by name, question, wording and multiple response set.
    """
    by_question: dict[str, list[str]] = {}
    by_wording: dict[str, list[str]] = {}
    for name, label in raw.labels.items():
        if label.question:
            by_question.setdefault(comparable(label.question), []).append(name)
        if label.wording:
            by_wording.setdefault(comparable(label.wording), []).append(name)
    return ColumnIndex(
        {comparable(name): name for name in raw.frame.columns},
        {key: tuple(names) for key, names in by_question.items()},
        {key: tuple(names) for key, names in by_wording.items()},
        {comparable(s.name.lstrip("$")): s for s in raw.sets},
        raw.labels,
    )


def locate(question: Question, index: ColumnIndex) -> Location:
    """Find a question that is not a grid.

    Parameters
    ----------
    question : Question
        What to find.
    index : ColumnIndex
        Columns of the export.

    Returns
    -------
    Location
        Its columns; empty when the export does not hold it.
    """
    texts = _texts(question, index)
    if question.column:
        name = index.by_name.get(comparable(question.column))
        return Location(column=name, texts=texts)
    options = {
        c.code: index.by_name[comparable(c.column)]
        for c in question.categories
        if c.column and comparable(c.column) in index.by_name
    }
    if options:
        return Location(
            options=options, counted_value=question.counted_value, texts=texts
        )
    stored = index.by_set.get(comparable(question.id))
    if stored is not None:
        return _in_set(question, stored, index, texts)
    return _in_group(question, _group(question, index), index, texts)


def locate_items(
    question: Question, index: ColumnIndex
) -> tuple[tuple[Item, Location], ...]:
    """Find the items of a grid.

    Parameters
    ----------
    question : Question
        A grid.
    index : ColumnIndex
        Columns of the export.

    Returns
    -------
    tuple of (Item, Location)
        One for every item; the location is empty when the export lacks it.
    """
    group = _group(question, index)
    return tuple((item, _item(question, item, group, index)) for item in question.items)


def _item(
    question: Question, item: Item, group: Sequence[str], index: ColumnIndex
) -> Location:
    """Find one item of a grid; a ranking may stand in the column of the question."""
    if question.column:
        return Location(column=index.by_name.get(comparable(question.column)))
    if item.columns:
        names = {
            code: index.by_name.get(comparable(n)) for code, n in item.columns.items()
        }
        return Location(options={code: n for code, n in names.items() if n})
    candidates = [item.column] if item.column else []
    candidates += [f"{question.id}_{item.code}", f"{question.id}.{item.code}"]
    for name in candidates:
        if comparable(name) in index.by_name:
            return Location(column=index.by_name[comparable(name)])
    return Location(column=_option(item, group, index))


def _group(question: Question, index: ColumnIndex) -> tuple[str, ...]:
    """Columns that the platform puts under the question."""
    group = index.by_question.get(comparable(question.id), ())
    if group:
        return group
    if comparable(question.id) in index.by_name:
        return (index.by_name[comparable(question.id)],)
    for wording in question.wording.values():
        if comparable(wording) in index.by_wording:
            return index.by_wording[comparable(wording)]
    return ()


def _in_set(
    question: Question,
    stored: MultipleSet,
    index: ColumnIndex,
    texts: Mapping[str, str],
) -> Location:
    """Find the categories of a question in a multiple response set."""
    if stored.counted_value is None:
        return Location(mentions=stored.columns, texts=texts)
    found = _options(question, stored.columns, index)
    return Location(options=found, counted_value=stored.counted_value, texts=texts)


def _in_group(
    question: Question,
    group: Sequence[str],
    index: ColumnIndex,
    texts: Mapping[str, str],
) -> Location:
    """Find a question among the columns that the platform puts under it."""
    used = set(texts.values())
    options = {}
    if question.kind == "multiple" or len(group) > 1:
        options = _options(question, group, index)
    if options and (question.kind == "multiple" or len(options) > 1):
        return Location(
            options=options, counted_value=question.counted_value, texts=texts
        )
    left = [name for name in group if name not in used]
    return Location(column=left[0] if left else None, texts=texts)


def _options(
    question: Question, group: Sequence[str], index: ColumnIndex
) -> dict[str, str]:
    """Pair the categories of a question with the columns of a group."""
    found = {}
    for category in question.categories:
        direct = index.by_name.get(comparable(f"{question.id}_{category.code}"))
        name = direct or _option(category, group, index)
        if name:
            found[category.code] = name
    return found


def _option(
    entry: Category | Item, group: Sequence[str], index: ColumnIndex
) -> str | None:
    """Find the column of one category or item in a group."""
    codes = {comparable(entry.code)}
    if isinstance(entry, Category):
        codes |= {comparable(alias) for alias in entry.aliases}
    labels = {comparable(label) for label in entry.label.values()} | codes
    for name in group:
        if comparable(index.labels[name].option_code) in codes:
            return name
    for name in group:
        if comparable(index.labels[name].option) in labels:
            return name
    return None


def _texts(question: Question, index: ColumnIndex) -> dict[str, str]:
    """Find the texts typed beside categories."""
    found = {}
    for category in question.categories:
        # Words typed in the column of the answers themselves stand beside nothing.
        if category.specify and category.specify == question.column:
            continue
        names = [category.specify] if category.specify else []
        names += [f"{question.id}_{category.code}_other"]
        known = [
            index.by_name[comparable(n)]
            for n in names
            if comparable(n) in index.by_name
        ]
        if not known and category.specify:
            name = _option(category, _group(question, index), index)
            known = [name] if name else []
        if known:
            found[category.code] = known[0]
    return found
