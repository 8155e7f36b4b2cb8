"""Drafts of a questionnaire and of a study, to be edited.

No file that is there is replaced unless the caller says so.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from survey.errors import OutputError, some
from survey.importers.labels import tidy
from survey.importers.raw import RawTable, Source
from survey.importers.read import read
from survey.questionnaire.columns import column_of
from survey.questionnaire.drafting.conditions import definition_of
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.drafting.ranked import ranked_line
from survey.questionnaire.drafting.routing import Pattern, asked_if_line, infer_routing
from survey.questionnaire.drafting.study import draft_study
from survey.questionnaire.drafting.uses import likely_uses
from survey.questionnaire.drafting.version import draft_version
from survey.questionnaire.drafting.weight import likely_weights
from survey.questionnaire.dump import dump_questionnaire, dump_version
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.bind import bind
from survey.responses.locate import ColumnIndex, index_columns, locate, locate_items
from survey.responses.table import NOT_ASKED, Responses

_HEAD: Final = (
    "Correct kinds, labels, codes and routing.\n"
    "A routing in a comment is what the answers show; remove its '#' where it is right."
)


def safe_name(text: str) -> str:
    """Make a name of a study, which is also the name of a folder.

    Parameters
    ----------
    text : str
        Such as the name of a file.

    Returns
    -------
    str
        Letters, digits, dots, dashes and underscores; ``export`` when none are left.

    Examples
    --------
    >>> safe_name("../Größe 2024")
    'Groe-2024'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-._") or "export"


def draft_files(
    export: str | Path,
    output: str | Path | None = None,
    *,
    layout: str | None = None,
    companions: Sequence[str | Path] = (),
    replace: bool = False,
    like: str | Path | None = None,
    heard: Callable[[Source], None] | None = None,
) -> tuple[Path, Path]:
    """Write a draft questionnaire and a draft study for an export.

    Parameters
    ----------
    export : str or Path
        The export.
    output : str or Path, optional
        Questionnaire file to write; ``questionnaires/NAME.yaml`` when omitted. The
        study stands beside it as ``NAME.study.yaml``.
    layout : str, optional
        Layout of the export, where it is not to be detected.
    companions : sequence of str or Path
        Its text twin, or a definition of the survey; see `survey.read`.
    replace : bool, default False
        Whether files that are there are replaced.
    like : str or Path, optional
        Questionnaire of an earlier wave. Its ids, codes and wording are kept, and only
        what differs is written, as a version that extends it.
    heard : callable, optional
        Called with how the export was read.

    Returns
    -------
    (Path, Path)
        Questionnaire and study.

    Raises
    ------
    OutputError
        A file is there already, or cannot be written.
    QuestionnaireError
        The earlier questionnaire is wrong.
    """
    source = Path(export)
    raw = read(source, layout=layout, companions=companions)
    if heard is not None:
        heard(raw.source)
    drafted = draft_questionnaire(raw)
    path = Path(output) if output else Path("questionnaires") / f"{drafted.id}.yaml"
    study = path.with_name(f"{path.stem}.study.yaml")
    _refuse_to_replace([path, study], replace=replace)
    text = _questionnaire_text(raw, drafted, source.name)
    if like is not None:
        drafted, text = _version_text(raw, drafted, Path(like), path)
    wave = _wave(source, path, layout, companions)
    _write({path: text, study: _study_text(raw, drafted, wave, path.stem)})
    return path, study


def _questionnaire_text(raw: RawTable, drafted: Questionnaire, name: str) -> str:
    """Write a draft of its own."""
    comment = f"Drafted from {name}. {_HEAD}"
    return dump_questionnaire(
        drafted, comment=comment, notes=routing_notes(raw, drafted)
    )


def _version_text(
    raw: RawTable, drafted: Questionnaire, like: Path, path: Path
) -> tuple[Questionnaire, str]:
    """Write what differs from an earlier questionnaire; give the whole one as well."""
    if like.resolve() == path.resolve():
        raise OutputError(
            f"{path}: a questionnaire cannot extend itself. Give another name with -o."
        )
    index = index_columns(raw)
    version = draft_version(
        load_questionnaire(like), drafted, raw, lambda q: _found_columns(q, index)
    )
    whole = version.questionnaire
    keys: dict[str, object] = {
        "extends": Path(os.path.relpath(like, path.parent)).as_posix(),
        "id": whole.id,
        "title": whole.title,
        **version.records,
    }
    if version.dropped:
        keys["drop"] = list(version.dropped)
    proven = routing_notes(raw, whole)
    notes = {**version.notes, **{n: proven[n] for n in version.added if n in proven}}
    comment = "\n".join(
        [f"{raw.source.name}, compared with {like.name}. {_HEAD}", "", *version.remarks]
    )
    text = dump_version(keys, version.changes, comment=comment, notes=notes)
    return whole, text


def _found_columns(question: Question, index: ColumnIndex) -> frozenset[str]:
    """List the columns of an export in which a question is found."""
    places = (
        [place for _, place in locate_items(question, index)]
        if question.kind == "grid"
        else [locate(question, index)]
    )
    names = [name for p in places for name in (p.column, *p.mentions)]
    names += [name for p in places for name in (*p.options.values(), *p.texts.values())]
    return frozenset(name for name in [*names, question.specify] if name)


def routing_notes(raw: RawTable, drafted: Questionnaire) -> dict[str, tuple[str, ...]]:
    """Give the routing that the answers prove, as comments of a questionnaire.

    Parameters
    ----------
    raw : RawTable
        The export.
    drafted : Questionnaire
        Its draft.

    Returns
    -------
    dict of question to tuple of str
        Lines for each question whose routing the draft does not know: what a
        definition of the survey says in words, and what the answers prove. Also why a
        column is taken as a ranking.
    """
    responses = bind(raw, drafted)
    rules = infer_routing([_pattern(responses, q) for q in drafted.questions])
    notes: dict[str, tuple[str, ...]] = {}
    for question in drafted.questions:
        ranked = _ranked_note(raw, question)
        if ranked:
            notes[question.id] = (ranked,)
        told = definition_of(raw.definitions, question)
        words = (told.routing or told.asked_if) if told else ""
        if question.asked_if is not None or (told and not words):
            continue
        lines = [f"routing of the platform: {tidy(words)}"] if words else []
        if question.id in rules:
            lines.append(asked_if_line(rules[question.id]))
        if lines:
            notes[question.id] = (*notes.get(question.id, ()), *lines)
    return notes


def _ranked_note(raw: RawTable, question: Question) -> str:
    """Say why a column is drafted as a ranking; empty where a definition says so."""
    if question.kind != "grid" or question.column not in raw.frame.columns:
        return ""
    return ranked_line(column_of(raw, str(question.column)))


def _pattern(responses: Responses, question: Question) -> Pattern:
    """Say who answered a question, and who gave which answer."""
    items = [f"{question.id}_{item.code}" for item in question.items]
    states = responses.states[items or [question.id]].to_numpy()
    filled = (states != NOT_ASKED).any(axis=1)
    codes = tuple(category.code for category in question.categories)
    if question.kind == "single":
        held = responses.frame[question.id].cat.codes.to_numpy()
        return Pattern(question.id, filled, codes, held[:, None] == range(len(codes)))
    if question.kind == "multiple":
        marks = [responses.frame[f"{question.id}_{c}"].to_numpy(bool) for c in codes]
        return Pattern(question.id, filled, codes, np.column_stack(marks))
    return Pattern(question.id, filled)


def _refuse_to_replace(paths: Sequence[Path], *, replace: bool) -> None:
    """Refuse to write over files that are there."""
    there = [str(path) for path in paths if path.exists() and not replace]
    if there:
        raise OutputError(
            f"{some(there)} is there already. Give another name with -o, or use "
            "--force to replace it."
        )


def _write(texts: Mapping[Path, str]) -> None:
    """Write files into folders that are made where they are missing."""
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        except OSError as problem:
            raise OutputError(
                f"{path}: cannot be written ({problem.strerror}). Choose another place."
            ) from None


def _wave(
    export: Path,
    questionnaire: Path,
    layout: str | None,
    companions: Sequence[str | Path],
) -> dict[str, Any]:
    """Describe the wave of an export, with paths relative to the questionnaire."""
    folder = questionnaire.parent
    wave: dict[str, Any] = {"id": "1", "file": os.path.relpath(export, folder)}
    if companions:
        wave["companions"] = [os.path.relpath(other, folder) for other in companions]
    wave["questionnaire"] = questionnaire.name
    return wave | ({"layout": layout} if layout else {})


def _study_text(
    raw: RawTable, drafted: Questionnaire, wave: Mapping[str, Any], stem: str
) -> str:
    """Write a study with one wave, and what its questions may be for."""
    study = {
        "name": safe_name(stem),
        "title": stem,
        "language": "en",
        "sample": "opt_in",
        "waves": [dict(wave)],
        "exclude": ["screened_out", "empty"],
    }
    columns = {name: column_of(raw, name) for name in map(str, raw.frame.columns)}
    weights = likely_weights(raw, columns)
    return draft_study(study, drafted, likely_uses(drafted), weights)
