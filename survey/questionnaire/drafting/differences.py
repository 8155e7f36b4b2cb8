"""What differs at one question between two waves: options, labels, places."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from survey.errors import some
from survey.questionnaire.drafting.like import Match, columns_of, texts_of
from survey.questionnaire.drafting.options import (
    Options,
    free_codes,
    has_label,
    match_options,
)
from survey.questionnaire.model import Category, Item, Question, in_language

Finds = Callable[[Question], frozenset[str]]

_PLACES: Final = ("column", "delimiter", "counted_value", "specify")


@dataclass(slots=True)
class Difference:
    """What differs at one question while it is being written down.

    ``fields`` are keys of the question, ``notes`` remarks for the person who edits it.
    """

    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def difference(match: Match, finds: Finds, needed: frozenset[str]) -> Difference:
    """Write down what differs at a question of both waves.

    Parameters
    ----------
    match : Match
        The question in both waves.
    finds : callable
        Gives the columns of the new export in which a question is found.
    needed : frozenset of str
        Codes that routing speaks of, which are never dropped.

    Returns
    -------
    Difference
        Empty where nothing differs.

    Examples
    --------
    >>> why = Question(id="why", kind="text", label="Why?", column="why")
    >>> moved = why.model_copy(update={"column": "q9"})
    >>> difference(Match(why, moved, "same wording"), columns_of, frozenset()).fields
    {'column': 'q9'}
    """
    old, new = match.old, match.new
    found = Difference()
    if match.reworded:
        found.notes.append(f'wording in this file: "{texts_of(new)[0]}"')
    if old.kind != new.kind:
        found.notes.append(f"kind in this file looks like {new.kind}")
    # What the file itself declares missing needs no category.
    answers = [c for c in new.categories if not c.missing]
    if old.kind not in {"numeric", "text"}:
        _compare(found, "categories", old.categories, answers, needed)
    _compare(found, "items", old.items, new.items, frozenset())
    if not columns_of(new) <= finds(old.model_copy(update=found.fields)):
        _place(found, old, new)
    return found


def _compare(
    found: Difference,
    part: str,
    old: Sequence[Any],
    new: Sequence[Any],
    needed: frozenset[str],
) -> None:
    """Write down options that are new, dropped or reworded."""
    if not new:
        return
    options = match_options(old, new)
    of = {before: now for now, before in options.codes.items()}
    labels = {entry.code: in_language(entry.label, "") for entry in new}
    for code in options.reworded:
        found.notes.append(f'label of {code} in this file: "{labels[of[code]]}"')
    complete = all(map(has_label, new)) and _lists_all(part, new)
    gone = [c for c in options.absent if complete and c not in needed]
    if gone:
        found.notes.append(f"not in this file: {part} {some(gone)}")
    codes = free_codes([entry.code for entry in old], options.added)
    if codes:
        named = [f'{codes[c]} "{labels[c]}"' for c in options.added]
        found.notes.append(f"new {part}: {', '.join(named)}")
    if gone or codes:
        kept = [entry for entry in old if entry.code not in gone]
        fresh = [
            e.model_copy(update={"code": codes[e.code]}) for e in new if e.code in codes
        ]
        found.fields[part] = _special_last(kept, fresh)


def _lists_all(part: str, entries: Sequence[Any]) -> bool:
    """Tell whether an export shows options that nobody chose."""
    return part == "items" or all(entry.column or entry.specify for entry in entries)


def _special_last(kept: Sequence[Any], fresh: Sequence[Any]) -> tuple[Any, ...]:
    """Put new options before don't know, other and the like."""
    special = [e for e in kept if isinstance(e, Category) and _is_special(e)]
    return (*(e for e in kept if e not in special), *fresh, *special)


def _is_special(category: Category) -> bool:
    """Tell whether a category is no answer of substance."""
    return bool(
        category.dont_know or category.missing or category.exclusive or category.specify
    )


def _place(found: Difference, old: Question, new: Question) -> None:
    """Write down in which columns a question stands now."""
    for key in _PLACES:
        if getattr(new, key) != getattr(old, key):
            found.fields[key] = getattr(new, key)
    parts: dict[str, tuple[tuple[Any, ...], tuple[Any, ...]]] = {
        "categories": (old.categories, new.categories),
        "items": (old.items, new.items),
    }
    for part, (before, now) in parts.items():
        current = found.fields.get(part, before)
        placed = tuple(
            _moved(entry, now, match_options(before, now)) for entry in current
        )
        if placed != before:
            found.fields[part] = placed


def _moved(entry: Any, now: Sequence[Any], options: Options) -> Any:
    """Give an option the columns that it has in the new wave."""
    own = {options.codes.get(e.code): e for e in now if e.code in options.codes}
    fresh = own.get(entry.code)
    if fresh is None:
        return entry
    update: dict[str, Any] = {"column": fresh.column}
    if isinstance(entry, Category):
        update["specify"] = fresh.specify
    elif isinstance(entry, Item):
        update["columns"] = fresh.columns
    return entry.model_copy(update=update)
