"""Give the options of a new wave the codes that they had in the old one.

An option keeps its code where its label is the same or only reworded. A value that
would be read as another answer than before is a conflict, and never mapped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from survey.importers.labels import comparable
from survey.questionnaire.columns import as_number
from survey.questionnaire.drafting.similar import any_same, is_reworded
from survey.questionnaire.model import Category, Item
from survey.questionnaire.scales import is_dont_know, is_other

Entry = TypeVar("Entry", Category, Item)

_SAME: Final = "same"
_REWORDED: Final = "reworded"


@dataclass(frozen=True, slots=True)
class Options:
    """Options of a new wave beside those of the old one.

    Attributes
    ----------
    codes : mapping of str to str
        New code to old code, for options that are the same.
    reworded : tuple of str
        Old codes whose label changed a little.
    added : tuple of str
        New codes that the old wave did not have.
    absent : tuple of str
        Old codes that the new wave does not have.
    """

    codes: Mapping[str, str]
    reworded: tuple[str, ...]
    added: tuple[str, ...]
    absent: tuple[str, ...]


def match_options(old: Sequence[Entry], new: Sequence[Entry]) -> Options:
    """Pair options, or items of a grid, by their labels.

    Parameters
    ----------
    old, new : sequence of Category or Item
        Of one question in two waves.

    Returns
    -------
    Options
        Where the new wave has no label (the code stands for it), the code decides.

    Examples
    --------
    >>> old = [Category(code="1", label="Cost"), Category(code="2", label="Law")]
    >>> new = [Category(code="1", label="law "), Category(code="2", label="Skills")]
    >>> match_options(old, new)
    Options(codes={'1': '2'}, reworded=(), added=('2',), absent=('1',))
    """
    codes: dict[str, str] = {}
    reworded = []
    for way in (_SAME, _REWORDED):
        for entry in new:
            left = [o for o in old if o.code not in codes.values()]
            if entry.code in codes:
                continue
            fits = [o for o in left if _fits(o, entry, way)]
            if len(fits) == 1 or (fits and way == _SAME):
                codes[entry.code] = fits[0].code
                reworded += [fits[0].code] if way == _REWORDED else []
    return Options(
        codes,
        tuple(reworded),
        tuple(entry.code for entry in new if entry.code not in codes),
        tuple(entry.code for entry in old if entry.code not in codes.values()),
    )


def has_label(entry: Category | Item) -> bool:
    """Tell whether an option has a label, and not only its code.

    Parameters
    ----------
    entry : Category or Item
        As it was drafted.

    Returns
    -------
    bool
        False where all labels are the code.

    Examples
    --------
    >>> has_label(Category(code="3", label="3"))
    False
    """
    labels = map(comparable, entry.label.values())
    return any(label != comparable(entry.code) for label in labels)


def _fits(old: Category | Item, new: Category | Item, way: str) -> bool:
    """Tell whether two options are the same."""
    if way == _SAME and _typed_beside(old, new):
        return True
    if not has_label(new):
        known = {comparable(old.code), *map(comparable, _aliases(old))}
        return way == _SAME and comparable(new.code) in known
    before, now = [*old.label.values(), *_aliases(old)], list(new.label.values())
    if way == _SAME:
        return any_same(before, now) or _both(before, now)
    return any(is_reworded(one, other) for one in before for other in now)


def _typed_beside(old: Category | Item, new: Category | Item) -> bool:
    """Tell whether two categories have the same alias or the same typed text."""
    if not (isinstance(old, Category) and isinstance(new, Category)):
        return False
    aliases = set(map(comparable, old.aliases)) & set(map(comparable, new.aliases))
    return bool(aliases) or bool(old.specify and old.specify == new.specify)


def _aliases(entry: Category | Item) -> tuple[str, ...]:
    """Give other values that stand for a category."""
    return entry.aliases if isinstance(entry, Category) else ()


def _both(before: Sequence[str], now: Sequence[str]) -> bool:
    """Tell whether two labels invite to type something, or both say don't know."""
    return any(
        any(map(says, before)) and any(map(says, now))
        for says in (is_other, is_dont_know)
    )


def conflicts(
    old: Sequence[Category],
    labels: Mapping[str, str],
    codes: Mapping[str, str],
) -> tuple[str, ...]:
    """List values of a file that a questionnaire would read as another answer.

    Parameters
    ----------
    old : sequence of Category
        Answers that are to be kept.
    labels : mapping of value to label
        What the values of the file mean there.
    codes : mapping of str to str
        Value to code, for options that are the same.

    Returns
    -------
    tuple of str
        Values that are codes of the old wave and mean something else in the file.

    Examples
    --------
    >>> old = [Category(code="1", label="Yes"), Category(code="2", label="No")]
    >>> conflicts(old, {"1": "No", "2": "Yes"}, {"1": "2", "2": "1"})
    ('1', '2')
    """
    known = {_key(category.code): category.code for category in old}
    known |= {_key(a): c.code for c in old for a in c.aliases if _key(a) not in known}
    return tuple(
        value
        for value, label in labels.items()
        if _key(value) in known
        and comparable(label) != comparable(value)
        and codes.get(value) != known[_key(value)]
    )


def _key(code: str) -> str:
    """Give a code in the form in which values are compared with it."""
    number = as_number(code)
    if number is None:
        return comparable(code)
    return str(int(number)) if number.is_integer() else repr(number)


def free_codes(taken: Sequence[str], wanted: Sequence[str]) -> dict[str, str]:
    """Give new options codes that nothing else has.

    Parameters
    ----------
    taken : sequence of str
        Codes in use, those of dropped options as well.
    wanted : sequence of str
        Codes of the new options in their own file.

    Returns
    -------
    dict of str to str
        The wanted code where it is free, else the next number.

    Examples
    --------
    >>> free_codes(["1", "2", "99"], ["2", "x"])
    {'2': '3', 'x': 'x'}
    """
    used = set(taken)
    found = {}
    for code in wanted:
        number, free = 0, code
        while free in used:
            number += 1
            free = str(number)
        used.add(free)
        found[code] = free
    return found
