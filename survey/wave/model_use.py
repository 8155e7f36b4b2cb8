"""The models that respondents of a wave use: questions made from them, and tables.

The questions are those of any other answer from then on: weighted, hidden and compared
by the same rules.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.model_use.use import NamedModels, best_step, models_named
from survey.model_use.values import (
    OPENNESS,
    OPENNESS_CODES,
    TIER_CODES,
    UNKNOWN,
    USED_TIERS,
    Catalogue,
    step,
)
from survey.openness.values import TIERS
from survey.questionnaire.model import Category, Question, in_language
from survey.responses.table import ANSWERED, ASKED, Responses
from survey.said import Said, counted, said
from survey.study.model import Study
from survey.study.models_plan import codes_in

Bools = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class ModelsOfWave:
    """Responses with the questions made from the models, and what they rest on."""

    responses: Responses
    catalogue: Catalogue
    named: NamedModels
    best: Places
    findings: tuple[Finding, ...]


def models_of_wave(
    study: Study,
    responses: Responses,
    catalogue: Catalogue | None,
    words: Mapping[str, str],
) -> ModelsOfWave | None:
    """Add the questions that are made from the models in use.

    Parameters
    ----------
    study : Study
        Names the question on models.
    responses : Responses
        The records used.
    catalogue : Catalogue or None
        What the answers are matched to.
    words : mapping of str to str
        Labels of the questions and answers, in the language of the report.

    Returns
    -------
    ModelsOfWave or None
        ``models_openness`` and ``models_tiers`` stand after the question that they
        are made from; None where the study or the wave has no such question.
    """
    question = _asked(study, responses)
    if question is None or catalogue is None:
        return None
    named = _named(study, responses, question, catalogue)
    spoken = {study.language, *filter(None, responses.questionnaire.languages)}
    made = _questions(question, study.language, sorted(spoken), words)
    return ModelsOfWave(
        _with_answers(responses, question, made, named),
        catalogue,
        named,
        openness_places(named.used.best),
        tuple(_findings(question.id, named, catalogue)),
    )


def model_findings(
    study: Study, responses: Responses, catalogue: Catalogue | None
) -> tuple[Finding, ...]:
    """Report which answers on models are not matched, or only just.

    Parameters
    ----------
    study : Study
        Names the question on models.
    responses : Responses
        Records of a wave.
    catalogue : Catalogue or None
        What the answers are matched to.

    Returns
    -------
    tuple of Finding
        None where the study or the wave has no such question.
    """
    question = _asked(study, responses)
    if question is None or catalogue is None:
        return ()
    named = _named(study, responses, question, catalogue)
    return tuple(_findings(question.id, named, catalogue))


def _asked(study: Study, responses: Responses) -> Question | None:
    """Give the question on models, where the wave has it."""
    plan = study.models
    return responses.questionnaire.question(plan.question) if plan else None


def _named(
    study: Study, responses: Responses, question: Question, catalogue: Catalogue
) -> NamedModels:
    """Match the answers of a wave."""
    plan = study.models
    assert plan is not None
    codes = codes_in(plan, question)
    return models_named(
        responses, question, catalogue=catalogue, codes=codes, texts=plan.texts
    )


def openness_places(tiers: Bools) -> Places:
    """Give the answer of each respondent to ``models_openness``.

    Parameters
    ----------
    tiers : bool array (n, 7)
        Steps of the ladder that somebody uses.

    Returns
    -------
    int array (n,)
        Index into the codes of `OPENNESS_CODES`, and after them that of what cannot
        be rated.

    Examples
    --------
    >>> closed_and_iii = np.isin(np.arange(7), [0, 4])[None]
    >>> openness_places(closed_and_iii), openness_places(np.zeros((1, 7), bool))
    (array([0]), array([4]))
    """
    place = np.full(len(TIERS) + 1, len(OPENNESS_CODES), dtype=np.intp)
    for at, of_code in enumerate(OPENNESS_CODES.values()):
        place[[step(tier) for tier in of_code]] = at
    return place[best_step(tiers)]


def _questions(
    source: Question, language: str, spoken: Sequence[str], words: Mapping[str, str]
) -> tuple[Question, Question]:
    """Make the two questions; nobody was asked them, so one language is all of them."""
    asked = in_language(source.label, language)
    told = partial(dict.fromkeys, spoken)

    def made(name: str, codes: Sequence[str], *, several: bool) -> Question:
        return Question(
            id=name,
            kind="multiple" if several else "single",
            label=told(words[f"{name}_label"]),
            wording=told(words[f"{name}_wording"].format(question=asked)),
            categories=tuple(
                Category(code=code, label=told(words[f"{name}_{code}"]))
                for code in codes
            ),
            asked_if=source.asked_if,
        )

    return (
        made(OPENNESS, (*OPENNESS_CODES, UNKNOWN), several=False),
        made(USED_TIERS, (*TIER_CODES, UNKNOWN), several=True),
    )


def _with_answers(
    responses: Responses,
    source: Question,
    made: tuple[Question, Question],
    named: NamedModels,
) -> Responses:
    """Add the questions, their columns and their states."""
    index, used = responses.frame.index, named.used
    state = responses.states[source.id].to_numpy()
    # Whoever the base leaves out was asked, and has no answer here.
    state = np.where(used.base, ANSWERED, np.minimum(state, ASKED)).astype(np.int8)
    asked = list(responses.questionnaire.questions)
    at = next(i for i, question in enumerate(asked) if question.id == source.id) + 1
    asked[at:at] = made
    update = {"questions": tuple(asked)}
    columns = pd.DataFrame(_columns(made, named), index=index)
    states = pd.DataFrame({question.id: state for question in made}, index=index)
    return replace(
        responses,
        questionnaire=responses.questionnaire.model_copy(update=update),
        frame=pd.concat([responses.frame, columns], axis=1),
        states=pd.concat([responses.states, states], axis=1),
    )


def _columns(
    made: tuple[Question, Question], named: NamedModels
) -> dict[str, pd.Categorical | Bools]:
    """Give the columns of both questions."""
    used = named.used
    codes = [category.code for category in made[0].categories]
    places = np.where(used.base, openness_places(used.lowest), -1)
    kind = pd.CategoricalDtype(codes)
    columns: dict[str, pd.Categorical | Bools] = {
        OPENNESS: pd.Categorical.from_codes(places.astype(np.int64), dtype=kind)
    }
    for code, of_code in TIER_CODES.items():
        steps = [step(tier) for tier in of_code]
        several = used.lowest[:, steps]
        columns[f"{USED_TIERS}_{code}"] = np.asarray(several.any(axis=1), dtype=bool)
    columns[f"{USED_TIERS}_{UNKNOWN}"] = used.unknown
    return columns


def _findings(
    question: str, named: NamedModels, catalogue: Catalogue
) -> Iterator[Finding]:
    """Report how answers and texts were matched, and what was not; never the texts."""
    yield from _answer_findings(question, named, catalogue)
    texts = named.texts
    if texts is None or not texts.texts:
        return
    message = counted(
        texts.texts,
        "{count} record types a model: {id} matched by an id, {alias} by a name, "
        "{family} by a family among other words.",
        "{count} records type models: {id} matched by an id, {alias} by a name, "
        "{family} by a family among other words.",
        **{str(level): number for level, number in texts.levels.items()},
    )
    yield Finding("note", "models_matched", question, message, texts.texts)
    if texts.none:
        message = said(
            "{count} of them name nothing that {file} has.",
            count=texts.none,
            file=catalogue.file,
        )
        ids = named.unmatched
        yield Finding(
            "note", "models_unmatched", question, message, texts.none, "kept", ids
        )
    if texts.ambiguous:
        message = said(
            "{count} of them use a name that stands for several entries of {file}, so "
            "it is not matched.",
            count=texts.ambiguous,
            file=catalogue.file,
        )
        ids = named.ambiguous
        yield Finding(
            "warning",
            "models_ambiguous",
            question,
            message,
            texts.ambiguous,
            "kept",
            ids,
        )


def _answer_findings(
    question: str, named: NamedModels, catalogue: Catalogue
) -> Iterator[Finding]:
    """Report answers that the study leaves to their labels, and names of several."""
    if codes := named.doubtful:
        yield Finding("note", "models_doubtful", question, _doubtful(codes), len(codes))
    if codes := named.unrated:
        message = _unrated(codes, catalogue.file)
        yield Finding("warning", "models_unrated", question, message, len(codes))
    if names := named.shared:
        message = _shared(names, catalogue.file)
        yield Finding("warning", "models_shared", question, message, len(names))


def _doubtful(codes: tuple[str, ...]) -> Said:
    """Say which answers are matched by a part of their label."""
    return counted(
        len(codes),
        "{count} answer is matched by a family among other words of its label: "
        "{codes}. State under 'codes' what it stands for.",
        "{count} answers are matched by a family among other words of their labels: "
        "{codes}. State under 'codes' what they stand for.",
        codes=codes,
    )


def _unrated(codes: tuple[str, ...], file: str) -> Said:
    """Say which answers are matched by nothing."""
    return counted(
        len(codes),
        "{count} answer names no single entry of {file} and is not rated: {codes}. "
        "Give it an entry or '~' under 'codes'.",
        "{count} answers name no single entry of {file} and are not rated: {codes}. "
        "Give them an entry or '~' under 'codes'.",
        codes=codes,
        file=file,
    )


def _shared(names: tuple[str, ...], file: str) -> Said:
    """Say which names stand for several entries."""
    return counted(
        len(names),
        "{count} name of {file} stands for several entries and matches none: {names}. "
        "Leave it with one of them.",
        "{count} names of {file} stand for several entries and match none: {names}. "
        "Leave each with one of them.",
        names=names,
        file=file,
    )
