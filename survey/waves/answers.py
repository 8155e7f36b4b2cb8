"""What differs between the answers of a question in two waves.

Answers are paired by their labels, never by a code alone where labels exist; a scale
whose labels or steps changed is another scale, whatever its codes are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from survey.importers.labels import comparable
from survey.questionnaire.drafting.options import has_label, match_options
from survey.questionnaire.drafting.similar import is_reworded, plain_text
from survey.questionnaire.model import Category, Question
from survey.waves.contract import Change
from survey.waves.joined import joined_answers, joined_kind, shared_bands
from survey.waves.match import is_scale, substance
from survey.waves.texts import differing_texts, label_of, steps_of

Codes = tuple[str, ...]


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
    ended = match_options(*(_ends(q.categories) for q in (older, newer))).codes
    newer, older = _who_stays(newer), _who_stays(older)
    bands, joined = shared_bands(newer.categories, older.categories)
    joined = joined or joined_answers(newer.categories, older.categories)
    found = _matched(newer, older, bands, joined, vouched=vouched)
    if is_scale(newer) or is_scale(older):
        found = _as_scale(newer, older, found)
    changes = (*_code_changes(newer, older, found), *_order_change(newer, older, found))
    codes = {**found.codes, **{code: (was,) for code, was in ended.items()}}
    return replace(found, codes=codes, changes=changes)


def _ends(categories: Sequence[Category]) -> list[Category]:
    """List the answers that end the interview."""
    return [category for category in categories if category.screen_out]


def _who_stays(question: Question) -> Question:
    """Leave out answers that end the interview: nobody in the data gave them."""
    kept = tuple(c for c in question.categories if not c.screen_out)
    return question.model_copy(update={"categories": kept})


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
    moved = _otherwise_labelled(codes, now, before)
    codes = {c: was for c, was in codes.items() if c not in moved or vouched}
    if vouched:
        codes |= {code: code for code in left}
    found: dict[str, Codes] = {code: (was,) for code, was in codes.items()}
    for some_now, some_before in joined:
        found |= dict.fromkeys(some_now, some_before)
    return Answers(
        {c.code: found[c.code] for c in newer.categories if c.code in found},
        tuple(joined),
        tuple(c for c in options.added if c not in codes and c not in left),
        tuple(c for c in options.absent if c not in codes.values() and c not in left),
        () if vouched else (*left, *moved),
    )


def _otherwise_labelled(
    codes: Mapping[str, str], newer: Sequence[Category], older: Sequence[Category]
) -> list[str]:
    """List codes whose label stayed in one language and is another one in a second."""
    was = {category.code: category.label for category in older}
    found = []
    for category in newer:
        now, before = category.label, was.get(codes.get(category.code, ""), {})
        pairs = [(before[name], now[name]) for name in now if name in before]
        same = any(plain_text(one) == plain_text(other) for one, other in pairs)
        if same and not all(is_reworded(one, other) for one, other in pairs):
            found.append(category.code)
    return found


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
        kind = joined_kind(some_now, some_before)
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
        Change(
            "options_reworded",
            name,
            c,
            *(differing_texts(now[c].label, before[c].label) or ("", "")),
        )
        for c in found.relabelled
        if c in before
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


def _listed(entries: Mapping[str, Category], codes: Codes) -> str:
    """List the labels of codes."""
    return " | ".join(label_of(entries[code]) for code in codes)
