"""Which models respondents use: answers and texts, matched to a catalogue.

The texts themselves leave this module only as counts, because they may name people.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.model_use.match import (
    NameIndex,
    find_models,
    name_index,
    shared_names,
    strictness,
)
from survey.model_use.values import (
    LEVELS,
    Catalogue,
    Level,
    Match,
    Matches,
    TextCounts,
    Used,
    step,
)
from survey.openness.values import TIERS
from survey.questionnaire.model import Question
from survey.responses.table import ANSWERED, Responses

Bools = NDArray[np.bool_]
Key = TypeVar("Key", bound=str)


@dataclass(frozen=True, slots=True)
class NamedModels:
    """What respondents name.

    Attributes
    ----------
    used : Used
        Steps of the ladder by respondent.
    entries : frozenset of str
        Entries that somebody names.
    texts : TextCounts or None
        None where nobody could type a text.
    unmatched : tuple of str
        Ids of the respondents whose text names nothing known.
    ambiguous : tuple of str
        Ids of the respondents with a name of several entries.
    doubtful, unrated : tuple of str
        Codes of which the study says nothing: matched by a family among other words,
        and matched by nothing.
    shared : tuple of str
        Names of several entries of the catalogue, as they are compared.
    """

    used: Used
    entries: frozenset[str]
    texts: TextCounts | None
    unmatched: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    unrated: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """What is found answer by answer; it grows."""

    rows: dict[str, Bools]
    unknown: Bools
    typed: Bools
    partly: Bools
    none: Bools
    ambiguous: Bools
    levels: dict[Level, Bools] = field(default_factory=dict)


def code_entries(
    question: Question, stated: Mapping[str, str | None], index: NameIndex
) -> dict[str, Match | None]:
    """Say which entry of the catalogue each answer stands for.

    Parameters
    ----------
    question : Question
        The question on models.
    stated : mapping of str to str or None
        What the study says; None cannot be rated.
    index : NameIndex
        Names of the catalogue.

    Returns
    -------
    dict of code to Match or None
        Where the study says nothing: what the code, the label or an alias names
        alone, by the best level; what it states counts as an id.
    """
    return {
        category.code: _stated(stated[category.code])
        if category.code in stated
        else _named((category.code, *category.label.values(), *category.aliases), index)
        for category in question.categories
    }


def _stated(entry: str | None) -> Match | None:
    """Give the match that a study states."""
    return None if entry is None else Match(entry, "id")


def _named(names: Sequence[str], index: NameIndex) -> Match | None:
    """Give the one entry that the names of an answer mean."""
    found = [find_models(name, index).found for name in names]
    alone = [matches[0] for matches in found if len(matches) == 1]
    return min(alone, key=strictness, default=None)


def models_named(
    responses: Responses,
    question: Question,
    *,
    catalogue: Catalogue,
    codes: Mapping[str, str | None],
    texts: Sequence[str] = (),
) -> NamedModels:
    """Match the answers to a question on models.

    Parameters
    ----------
    responses : Responses
        Coded answers of n respondents.
    question : Question
        The question on models: multiple, single or text.
    catalogue : Catalogue
        Models and families.
    codes : mapping of str to str or None
        What the study says of single answers.
    texts : sequence of str
        Further text questions in which models are named.

    Returns
    -------
    NamedModels
        Only those who answered the question are in it.
    """
    index = name_index(catalogue.entries.values(), catalogue.not_models)
    base = _base(responses, question)
    found = _nothing(len(base))
    matched = _read_texts(responses, question, texts, index, base, found)
    meant = code_entries(question, codes, index)
    for code, match in meant.items():
        chosen = base & _chosen(responses, question, code)
        if match is not None:
            _add(found.rows, match.entry, chosen)
            continue
        named = matched.get(f"{question.id}_{code}_text")
        found.unknown = found.unknown | (chosen if named is None else chosen & ~named)
    if question.kind == "text":
        found.unknown = found.unknown | (base & ~matched[question.id])
    ids = responses.frame.index.astype(str).to_numpy()
    return NamedModels(
        _used(base, found, catalogue),
        frozenset(entry for entry, rows in found.rows.items() if rows.any()),
        _counts(found) if matched else None,
        tuple(ids[found.none].tolist()),
        tuple(ids[found.ambiguous].tolist()),
        doubtful=tuple(c for c, m in meant.items() if m and m.level == "family"),
        unrated=_unrated(question, {*codes, *(c for c, m in meant.items() if m)}),
        shared=shared_names(index),
    )


def _unrated(question: Question, known: Collection[str]) -> tuple[str, ...]:
    """List the answers that name a model which is not known, and take no text."""
    return tuple(
        category.code
        for category in question.categories
        if category.code not in known
        and not (category.dont_know or category.missing or category.specify)
    )


def _nothing(respondents: int) -> _Found:
    """Begin without any match."""
    nobody = np.zeros(respondents, dtype=bool)
    return _Found(
        rows={},
        unknown=nobody,
        typed=nobody,
        partly=nobody,
        none=nobody,
        ambiguous=nobody,
    )


def _base(responses: Responses, question: Question) -> Bools:
    """Say who is in the base of the question."""
    answered = responses.states[question.id].to_numpy() == ANSWERED
    out = [c.code for c in question.categories if c.missing]
    if not question.dont_know_in_base:
        out += [c.code for c in question.categories if c.dont_know]
    for code in out:
        answered = answered & ~_chosen(responses, question, code)
    return np.asarray(answered, dtype=bool)


def _chosen(responses: Responses, question: Question, code: str) -> Bools:
    """Say who chose an answer."""
    frame = responses.frame
    if question.kind == "multiple":
        return frame[f"{question.id}_{code}"].to_numpy(dtype=bool)
    return frame[question.id].isin([code]).to_numpy(dtype=bool)


def _read_texts(
    responses: Responses,
    question: Question,
    texts: Sequence[str],
    index: NameIndex,
    base: Bools,
    found: _Found,
) -> dict[str, Bools]:
    """Match all texts, and say by column who names something known."""
    codes = [*(category.code for category in question.categories), "other"]
    columns = [f"{question.id}_{code}_text" for code in codes]
    if question.kind == "text":
        columns.append(question.id)
    return {
        name: _read_text(responses.frame[name], index, base, found)
        for name in dict.fromkeys((*columns, *texts))
        if name in responses.frame
    }


def _read_text(
    column: pd.Series, index: NameIndex, base: Bools, found: _Found
) -> Bools:
    """Match the texts of a column, each different text once."""
    places, distinct = pd.factorize(column)
    read = [find_models(str(text), index) for text in distinct]
    rows = [base & (places == place) for place in range(len(read))]
    matched = np.zeros(len(base), dtype=bool)
    for matches, mask in zip(read, rows, strict=True):
        _note(matches, mask, found)
        if matches.found:
            matched |= mask
        for match in matches.found:
            _add(found.rows, match.entry, mask)
    return matched


def _note(matches: Matches, mask: Bools, found: _Found) -> None:
    """Count what became of a text."""
    found.typed = found.typed | mask
    if not matches.found:
        found.none = found.none | mask
    elif matches.unmatched:
        found.partly = found.partly | mask
    if matches.ambiguous:
        found.ambiguous = found.ambiguous | mask
    for level in {match.level for match in matches.found}:
        _add(found.levels, level, mask)


def _add(rows: dict[Key, Bools], key: Key, mask: Bools) -> None:
    """Add respondents to those of a key."""
    rows[key] = rows[key] | mask if key in rows else mask


def _used(base: Bools, found: _Found, catalogue: Catalogue) -> Used:
    """Put respondents on the ladder."""
    lowest = np.zeros((len(base), len(TIERS)), dtype=bool)
    best = lowest.copy()
    for name, rows in found.rows.items():
        entry = catalogue.entries[name]
        lowest[:, step(entry.lowest)] |= rows
        best[:, step(entry.best)] |= rows
    return Used(base, lowest, best, found.unknown)


def _counts(found: _Found) -> TextCounts:
    """Count respondents by what their texts name."""
    return TextCounts(
        texts=int(found.typed.sum()),
        levels={
            level: int(found.levels[level].sum()) if level in found.levels else 0
            for level in LEVELS
        },
        partly=int(found.partly.sum()),
        none=int(found.none.sum()),
        ambiguous=int(found.ambiguous.sum()),
    )


def best_step(tiers: Bools) -> NDArray[np.intp]:
    """Give the most open step that each respondent uses.

    Parameters
    ----------
    tiers : bool array (n, 7)
        Steps of the ladder, from closed up.

    Returns
    -------
    int array (n,)
        Place of the step; -1 where there is none.

    Examples
    --------
    >>> best_step(np.array([[True, False, True], [False, False, False]])).tolist()
    [2, -1]
    """
    top = tiers.shape[1] - 1 - tiers[:, ::-1].argmax(axis=1)
    return np.where(tiers.any(axis=1), top, -1).astype(np.intp)
