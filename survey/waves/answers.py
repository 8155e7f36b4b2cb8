"""What differs between the answers of a question in two waves.

Answers are paired by their labels, never by a code alone where labels exist; a scale
whose labels or steps changed is another scale, whatever its codes are.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.importers.labels import comparable
from survey.questionnaire.drafting.options import has_label, match_options
from survey.questionnaire.drafting.similar import is_reworded, plain_text
from survey.questionnaire.model import Category, Item, Question, in_language
from survey.waves.bands import Bands, bands_of, common_bands
from survey.waves.contract import Change
from survey.waves.match import is_scale, substance

Codes = tuple[str, ...]
_BETWEEN: Final = re.compile(r"\s+/\s+|/|\s*[,;&]\s*|\s+(?:and|or|und|oder)\s+")
_SHOWN: Final = "en"
_TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers of a question in two waves, side by side.

    Attributes
    ----------
    codes : mapping of str to tuple of str
        Newer codes, with the older ones that they stand for.
    joined : tuple of (tuple of str, tuple of str)
        Newer codes and older codes that say the same only when taken together.
    added, removed : tuple of str
        Newer and older codes without counterpart.
    relabelled : tuple of str
        Newer codes whose label says something else than before.
    scale : bool
        Whether the answers are a scale that changed.
    changes : tuple of Change
        All that differs.
    """

    codes: Mapping[str, Codes]
    joined: tuple[tuple[Codes, Codes], ...] = ()
    added: Codes = ()
    removed: Codes = ()
    relabelled: Codes = ()
    scale: bool = False
    changes: tuple[Change, ...] = ()


def compare_answers(newer: Question, older: Question, *, vouched: bool) -> Answers:
    """Compare the categories of a question in two waves.

    Parameters
    ----------
    newer, older : Question
        The question in both waves.
    vouched : bool
        Whether the study says that equal codes are equal answers.

    Returns
    -------
    Answers
        What stands for what, and what differs.

    Examples
    --------
    >>> older = Question(id="q", kind="single", label="Q", categories=[
    ...     {"code": 1, "label": "Law"}, {"code": 2, "label": "Cost"}])
    >>> newer = Question(id="q", kind="single", label="Q", categories=[
    ...     {"code": 1, "label": "Law"}, {"code": 3, "label": "Cost"}])
    >>> compare_answers(newer, older, vouched=False).codes
    {'1': ('1',), '3': ('2',)}
    """
    bands, joined = _bands(newer.categories, older.categories)
    joined = joined or _joined(newer.categories, older.categories)
    found = _matched(newer, older, bands, joined, vouched=vouched)
    if is_scale(newer) or is_scale(older):
        found = _as_scale(newer, older, found)
    changes = (*_code_changes(newer, older, found), *_order_change(newer, older, found))
    return replace(found, changes=changes)


def _matched(
    newer: Question,
    older: Question,
    bands: Mapping[str, str],
    joined: Sequence[tuple[Codes, Codes]],
    *,
    vouched: bool,
) -> Answers:
    """Pair what was not joined or taken apart."""
    gone = {code for now, _ in joined for code in now} | set(bands)
    gone_before = {c for _, before in joined for c in before} | set(bands.values())
    now = [c for c in newer.categories if c.code not in gone]
    before = [c for c in older.categories if c.code not in gone_before]
    options = match_options(before, now)
    codes = {**options.codes, **bands}
    left = [code for code in options.absent if code in options.added]
    if vouched:
        codes |= {code: code for code in left}
    found = {code: (code_before,) for code, code_before in codes.items()}
    for some_now, some_before in joined:
        found |= dict.fromkeys(some_now, some_before)
    return Answers(
        {c.code: found[c.code] for c in newer.categories if c.code in found},
        tuple(joined),
        tuple(c for c in options.added if c not in codes and c not in left),
        tuple(c for c in options.absent if c not in codes.values() and c not in left),
        () if vouched else tuple(left),
    )


def _bands(
    newer: Sequence[Category], older: Sequence[Category]
) -> tuple[dict[str, str], list[tuple[Codes, Codes]]]:
    """Find bands that are the same, and those that are only when joined."""
    bands, before = bands_of(substance(newer)), bands_of(substance(older))
    common = common_bands(bands, before)
    same = [pair for pair in common if _is_one_band(pair, bands, before)]
    joined = [pair for pair in common if pair not in same]
    return {now[0]: was[0] for now, was in same}, joined


def _joined(
    newer: Sequence[Category], older: Sequence[Category]
) -> list[tuple[Codes, Codes]]:
    """Find answers that were joined or taken apart, by their labels."""
    merged = [((code,), parts) for code, parts in _made_of(newer, older)]
    taken = {code for _, parts in merged for code in parts}
    done = {code for now, _ in merged for code in now}
    return merged + [
        (parts, (code,))
        for code, parts in _made_of(older, newer)
        if code not in taken and not done & set(parts)
    ]


def _is_one_band(pair: tuple[Codes, Codes], newer: Bands, older: Bands) -> bool:
    """Tell whether a single band of the one wave is a single one of the other."""
    (code, *more), (before, *more_before) = pair
    # A lowest band may begin at 0, 1 or 2: nobody is smaller.
    least = min(newer.values())[0], min(older.values())[0]
    starts = newer[code][0], older[before][0]
    same = newer[code][1] == older[before][1] and (
        starts[0] == starts[1] or starts == least
    )
    return same and not more and not more_before


def _made_of(
    wholes: Sequence[Category], parts: Sequence[Category]
) -> list[tuple[str, Codes]]:
    """Find categories whose label or aliases name several ones of the other wave."""
    known = {text: c.code for c in reversed(parts) for text in _names(c)}
    own = {text for c in wholes for text in _names(c)}
    found = []
    for whole in wholes:
        if any(text in known for text in map(plain_text, whole.label.values())):
            continue
        texts = [t for label in whole.label.values() for t in _BETWEEN.split(label)]
        texts = [plain_text(text) for text in (*texts, *whole.aliases)]
        codes = dict.fromkeys(known[t] for t in texts if t in known)
        kept = [c for c in codes if not _stands_alone(c, parts, own, whole)]
        if len(kept) >= _TWO:
            found.append((whole.code, tuple(kept)))
    return found


def _stands_alone(
    code: str, parts: Sequence[Category], own: set[str], whole: Category
) -> bool:
    """Tell whether a part goes on under its own label beside the whole."""
    part = next(c for c in parts if c.code == code)
    return bool((own - _names(whole)) & set(map(plain_text, part.label.values())))


def _names(category: Category) -> set[str]:
    """Give all texts that stand for a category."""
    texts = [*category.label.values(), *category.aliases]
    texts += [] if has_label(category) else [category.code]
    return set(map(plain_text, texts)) - {""}


def _as_scale(newer: Question, older: Question, found: Answers) -> Answers:
    """Take a list of steps as a whole: either all of them stayed, or it changed."""
    on_now = {c.code for c in substance(newer.categories) if not c.exclusive}
    on_before = {c.code for c in substance(older.categories) if not c.exclusive}
    lost = set(found.removed) | set(found.relabelled)
    new = set(found.added) | set(found.relabelled)
    if not (new & on_now or lost & on_before):
        return found
    return replace(
        found,
        scale=True,
        added=tuple(c for c in found.added if c not in on_now),
        removed=tuple(c for c in found.removed if c not in on_before),
        relabelled=tuple(c for c in found.relabelled if c not in on_now),
    )


def _code_changes(newer: Question, older: Question, found: Answers) -> list[Change]:
    """Say what happened to every answer."""
    name = newer.id
    now = {c.code: c for c in newer.categories}
    before = {c.code: c for c in older.categories}
    changes = []
    if found.scale:
        changes.append(
            Change("scale_changed", name, "", steps_of(older), steps_of(newer))
        )
    for some_now, some_before in found.joined:
        kind = "options_merged" if len(some_now) == 1 else "options_split"
        texts = _listed(before, some_before), _listed(now, some_now)
        changes.append(Change(kind, name, some_now[0], *texts))
    changes += [
        Change("options_added", name, c, "", label_of(now[c])) for c in found.added
    ]
    changes += [
        Change("options_removed", name, c, label_of(before[c]), "")
        for c in found.removed
    ]
    changes += [
        Change("options_reworded", name, c, label_of(before[c]), label_of(now[c]))
        for c in found.relabelled
    ]
    alone = {c: b[0] for c, b in found.codes.items() if len(b) == 1}
    together = {c for some_now, _ in found.joined for c in some_now}
    for code, code_before in alone.items():
        if code not in together:
            changes += _pair_changes(name, now[code], before[code_before])
    return changes


def _pair_changes(name: str, now: Category, before: Category) -> list[Change]:
    """Say how an answer that stayed differs in its label and code."""
    changes = []
    texts = differing_texts(now.label, before.label)
    if texts and has_label(now) and has_label(before):
        changes.append(Change("options_reworded", name, now.code, *texts))
    if comparable(now.code) != comparable(before.code):
        changes.append(Change("recoded", name, now.code, before.code, now.code))
    return changes


def _order_change(newer: Question, older: Question, found: Answers) -> list[Change]:
    """Say that the answers that stayed stand in another order."""
    alone = {c: b[0] for c, b in found.codes.items() if len(b) == 1}
    kept = {c.code for c in substance(older.categories)}
    now = [c.code for c in substance(newer.categories) if alone.get(c.code) in kept]
    place = {c.code: i for i, c in enumerate(older.categories)}
    before = sorted(now, key=lambda code: place[alone[code]])
    if now == before:
        return []
    labels = {c.code: c for c in newer.categories}
    return [
        Change(
            "options_reordered",
            newer.id,
            "",
            _listed(labels, tuple(before)),
            _listed(labels, tuple(now)),
        )
    ]


def differing_texts(
    now: Mapping[str, str], before: Mapping[str, str]
) -> tuple[str, str] | None:
    """Give a text of both waves in the first language in which it differs.

    Parameters
    ----------
    now, before : mapping of language to str
        Wordings or labels of the newer and of the older wave.

    Returns
    -------
    (str, str) or None
        Before and after; None where all languages that both have agree. Where a text
        is not merely reworded in one language, that one is given.

    Examples
    --------
    >>> differing_texts({"en": "All costs"}, {"en": "Costs", "de": "Kosten"})
    ('Costs', 'All costs')
    """
    shared = [language for language in before if language in now]
    pairs = [(before[language], now[language]) for language in shared]
    if not shared and now and before:
        pairs = [(in_language(before, "en"), in_language(now, "en"))]
    differ = [p for p in pairs if plain_text(p[0]) != plain_text(p[1])]
    if not shared and any(
        plain_text(a) == plain_text(b) for a in before.values() for b in now.values()
    ):
        return None
    hard = [pair for pair in differ if not is_reworded(*pair)]
    return next(iter([*hard, *differ]), None)


def label_of(entry: Category | Item) -> str:
    """Give the label of an answer or item, in English where it has one.

    Parameters
    ----------
    entry : Category or Item
        Of a questionnaire.

    Returns
    -------
    str
        The code where there is no label.

    Examples
    --------
    >>> label_of(Category(code=1, label={"de": "Ja", "en": "Yes"}))
    'Yes'
    """
    return in_language(entry.label, _SHOWN) or entry.code


def steps_of(question: Question) -> str:
    """List the steps of a scale.

    Parameters
    ----------
    question : Question
        With categories.

    Returns
    -------
    str
        Labels in their order.

    Examples
    --------
    >>> steps_of(Question(id="q", kind="single", label="Q",
    ...          categories=[{"code": 1, "label": "Low"}, {"code": 2, "label": "High"}]))
    'Low | High'
    """
    return " | ".join(label_of(c) for c in substance(question.categories))


def _listed(entries: Mapping[str, Category], codes: Codes) -> str:
    """List the labels of codes."""
    return " | ".join(label_of(entries[code]) for code in codes)
