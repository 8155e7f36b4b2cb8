"""Draft the questionnaire of a new wave as a version of an earlier one.

Ids, codes and wording of the earlier wave stay; what differs is written and listed. A
question whose values would be read as other answers than before is a new question.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from survey.errors import some
from survey.importers.raw import RawTable
from survey.questionnaire.drafting.differences import Difference, Finds, difference
from survey.questionnaire.drafting.like import (
    Match,
    is_same_wording,
    match_questions,
)
from survey.questionnaire.drafting.options import (
    conflicts,
    has_label,
    match_options,
)
from survey.questionnaire.model import (
    Paradata,
    Question,
    Questionnaire,
    in_language,
)
from survey.questionnaire.routing import parse_routing, questions_of


@dataclass(frozen=True, slots=True)
class Version:
    """A new wave beside the questionnaire of an earlier one.

    Attributes
    ----------
    questionnaire : Questionnaire
        The instrument of the new wave, complete.
    records : mapping of str to value
        Paradata and what else describes the record, as far as it differs.
    changes : mapping of question id to dict
        Fields of old questions that differ, and all fields of new ones.
    dropped : tuple of str
        Old questions that the export does not hold.
    added : tuple of str
        New questions.
    remarks : tuple of str
        What was matched how, what is new, dropped and changed: one line each.
    notes : mapping of question id to tuple of str
        Remarks on single questions.
    """

    questionnaire: Questionnaire
    records: Mapping[str, Any]
    changes: Mapping[str, Mapping[str, Any]]
    dropped: tuple[str, ...]
    added: tuple[str, ...]
    remarks: tuple[str, ...]
    notes: Mapping[str, tuple[str, ...]]


def draft_version(
    old: Questionnaire, new: Questionnaire, raw: RawTable, finds: Finds
) -> Version:
    """Compare the draft of a new wave with an earlier questionnaire.

    Parameters
    ----------
    old : Questionnaire
        The instrument of the earlier wave.
    new : Questionnaire
        The draft of the new wave.
    raw : RawTable
        The export of the new wave.
    finds : callable
        Gives the columns of the export in which a question is found.

    Returns
    -------
    Version
        The instrument of the new wave, and what differs.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> why = {"id": "why", "kind": "text", "label": "Why?", "column": "why"}
    >>> old = Questionnaire(id="a", title="A", questions=[why])
    >>> new = Questionnaire(id="b", title="B", questions=[{**why, "column": "q9"}])
    >>> raw = RawTable(pd.DataFrame({"q9": ["x"]}), {"q9": ColumnLabel()}, {}, (),
    ...     Source("b.csv", "", ""))
    >>> draft_version(old, new, raw, lambda question: frozenset()).changes
    {'why': {'column': 'q9'}}
    """
    matches, moved = [], []
    for match in match_questions(old, new):
        values = _moved_values(match, raw)
        if values:
            moved.append((match, values))
        else:
            matches.append(match)
    of = {match.old.id: match for match in matches}
    needed = _codes_in_routing(old)
    differences = {
        name: difference(match, finds, needed.get(name, frozenset()))
        for name, match in of.items()
    }
    dropped = tuple(q.id for q in old.questions if q.id not in of)
    _release(old, differences, dropped)
    added = _added(old, new, matches)
    records = _records(old, new, raw)
    whole = _merged(old, new, differences, dropped, added)
    whole = whole.model_copy(update=records)
    changes = {n: d.fields for n, d in differences.items() if d.fields}
    changes |= {q.id: _all_fields(q) for q in added}
    remarks = _remarks(matches, moved, old, dropped, added, differences)
    notes = {n: tuple(d.notes) for n, d in differences.items() if d.notes}
    names = tuple(question.id for question in added)
    return Version(whole, records, changes, dropped, names, tuple(remarks), notes)


def _moved_values(match: Match, raw: RawTable) -> tuple[str, ...]:
    """List values of a coded column that the old codes would read as other answers."""
    names = [match.new.column] if match.new.column else []
    names += [item.column for item in match.new.items if item.column]
    codes = match_options(match.old.categories, match.new.categories).codes
    labels: dict[str, str] = {}
    for name in names:
        labels |= dict(raw.labels[name].values)
    own = {c.code: in_language(c.label, "") for c in match.new.categories}
    if labels:
        labels = {value: own.get(value, label) for value, label in labels.items()}
    return conflicts(match.old.categories, labels, codes)


def _codes_in_routing(questionnaire: Questionnaire) -> dict[str, frozenset[str]]:
    """List the codes that routing speaks of, by question."""
    found: dict[str, frozenset[str]] = {}
    for question in questionnaire.questions:
        if question.asked_if:
            for part in questions_of(parse_routing(question.asked_if)):
                known = found.get(part.question, frozenset())
                found[part.question] = known | set(part.codes)
    return found


def _release(
    old: Questionnaire, differences: Mapping[str, Difference], dropped: Sequence[str]
) -> None:
    """Remove routing that goes by a question which the new wave did not ask."""
    for question in old.questions:
        if question.id not in differences or not question.asked_if:
            continue
        named = {c.question for c in questions_of(parse_routing(question.asked_if))}
        if named & set(dropped):
            found = differences[question.id]
            found.fields["asked_if"] = None
            found.notes.append(f"asked_if was: {question.asked_if}")


def _added(
    old: Questionnaire, new: Questionnaire, matches: Sequence[Match]
) -> list[Question]:
    """Give the new questions ids that the old questionnaire does not use."""
    known = {match.new.id for match in matches}
    taken = {name.casefold() for q in old.questions for name in _names(q)}
    found = []
    for question in new.questions:
        if question.id in known:
            continue
        name, number = question.id, 1
        while name.casefold() in taken:
            name = f"{question.id}_new{number if number > 1 else ''}"
            number += 1
        # Its routing speaks of ids and codes of the draft.
        fresh = question.model_copy(update={"id": name, "asked_if": None})
        taken |= {name.casefold() for name in _names(fresh)}
        found.append(fresh)
    return found


def _names(question: Question) -> list[str]:
    """List the names that answers to a question are kept under."""
    codes = [category.code for category in question.categories]
    codes += [item.code for item in question.items]
    return [question.id, *(f"{question.id}_{code}" for code in codes)]


def _merged(
    old: Questionnaire,
    new: Questionnaire,
    differences: Mapping[str, Difference],
    dropped: Sequence[str],
    added: Sequence[Question],
) -> Questionnaire:
    """Put the instrument of the new wave together."""
    kept = [
        q.model_copy(update=differences[q.id].fields)
        for q in old.questions
        if q.id not in dropped
    ]
    update = {"id": new.id, "title": new.title, "questions": (*kept, *added)}
    return old.model_copy(update=update)


def _records(old: Questionnaire, new: Questionnaire, raw: RawTable) -> dict[str, Any]:
    """Say what describes the record, as far as it differs."""
    columns = set(map(str, raw.frame.columns))
    fields = {
        name: getattr(old.paradata, name)
        if getattr(old.paradata, name) in columns
        else getattr(new.paradata, name)
        for name in Paradata.model_fields
    }
    personal = [name for name in old.personal if name in columns]
    personal += [name for name in new.personal if name not in personal]
    found: dict[str, Any] = {
        "paradata": Paradata(**fields),
        "personal": tuple(personal),
        "complete": old.complete,
        "screened_out": old.screened_out,
    }
    if fields["status"] != old.paradata.status:
        found |= {"complete": new.complete, "screened_out": new.screened_out}
    return {name: value for name, value in found.items() if value != getattr(old, name)}


def _all_fields(question: Question) -> dict[str, Any]:
    """Give the fields of a question that differ from their defaults."""
    return {
        name: getattr(question, name)
        for name, info in type(question).model_fields.items()
        if name != "id"
        and (
            info.is_required()
            or getattr(question, name) != info.get_default(call_default_factory=True)
        )
    }


def _by_code_alone(match: Match) -> bool:
    """Tell whether only codes say that the answers of a question are the same."""
    bare = [c for c in match.new.categories if not has_label(c)]
    return bool(bare) and any(map(has_label, match.old.categories))


def _remarks(
    matches: Sequence[Match],
    moved: Sequence[tuple[Match, tuple[str, ...]]],
    old: Questionnaire,
    dropped: Sequence[str],
    added: Sequence[Question],
    differences: Mapping[str, Difference],
) -> list[str]:
    """Say what was matched how, what is new, dropped and changed."""
    lines = [f"{len(matches)} of {len(old.questions)} questions are asked again:"]
    for how in dict.fromkeys(match.how for match in matches):
        pairs = [
            m.old.id if m.old.id == m.new.id else f"{m.old.id} (here {m.new.id})"
            for m in matches
            if m.how == how
        ]
        check = ", check them" if how == "similar wording" else ""
        lines.append(f"  by {how}{check}: {', '.join(pairs)}")
    bare = [match.old.id for match in matches if _by_code_alone(match)]
    if bare:
        names = ", ".join(bare)
        lines.append(f"  answers by code alone, as this file has no labels: {names}")
    for match, values in moved:
        lines.append(
            f"{match.old.id}: {some(values)} of this file are codes of other answers "
            f"in {old.id}, so it stands here as a new question."
        )
    if added:
        lines.append(f"New: {', '.join(question.id for question in added)}")
        lines += [
            f"  {now.id} has the wording of {before.id}, but other answers or kind"
            for now in added
            for before in old.questions
            if before.id in dropped and is_same_wording(before, now)
        ]
    if dropped:
        lines.append(f"Dropped: {', '.join(dropped)}")
    changed = [name for name, found in differences.items() if found.notes]
    if changed:
        lines.append("Changed:")
        lines += [f"  {n}: {'; '.join(differences[n].notes)}" for n in changed]
    return lines
