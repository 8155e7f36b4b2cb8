"""Waves that do not belong together, and what a study accepts between them.

Each mistake has a message of its own, with file and line where it stands in the study.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import Final

import pandas as pd

from survey.errors import StudyError, some
from survey.finding import Finding
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.paradata import times
from survey.responses.table import ANSWERED, Responses
from survey.said import counted, said
from survey.study.model import Study, Wave
from survey.waves.answers import compare_answers
from survey.waves.match import Pair, pair_questions
from survey.waves.recodes import recode_problems
from survey.yaml_file import YamlFile, read_yaml

# Below half of its questions a file is hardly that of its questionnaire.
LEAST_FOUND: Final = 0.5
# Few answers agree by chance; a whole file that agrees was copied.
LEAST_SHARED: Final = 5
LEAST_RECORDS: Final = 20
SAME: Final = 0.9
# Questions that tell records apart at first sight.
_FIRST: Final = 10


def check_acceptance(
    path: Path, study: Study, questionnaires: Sequence[Questionnaire]
) -> None:
    """Refuse a study that accepts what its questionnaires do not have.

    Parameters
    ----------
    path : Path
        The study file, for the lines.
    study : Study
        All of its waves.
    questionnaires : sequence of Questionnaire
        One per wave, oldest first.

    Raises
    ------
    StudyError
        At most eight problems, each with file and line.
    """
    source = read_yaml(path, StudyError)
    problems = list(acceptance_problems(study, source, questionnaires))
    if problems:
        raise StudyError("\n".join(problems[:8]))


def acceptance_problems(
    study: Study, source: YamlFile, questionnaires: Sequence[Questionnaire]
) -> Iterator[str]:
    """Find recodes and reasons of a study that do not fit its questionnaires.

    Parameters
    ----------
    study : Study
        The study.
    source : YamlFile
        Its file, for the lines.
    questionnaires : sequence of Questionnaire
        One per wave, oldest first.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    for number, wave in enumerate(study.waves):
        newer = questionnaires[number]
        for part in ("recodes", "comparable"):
            for name in getattr(wave, part):
                place = source.place(("waves", number, part, name))
                if number == 0:
                    text = "no earlier wave to be compared with"
                    yield f"{place}: wave {wave.id!r} has {text}. Remove {part!r}."
                elif newer.question(name) is None:
                    known = some([q.id for q in newer.questions], 60)
                    yield (
                        f"{place}: there is no question {name!r} in {newer.id}. "
                        f"Questions: {known}."
                    )
        if number and wave.recodes:
            older = questionnaires[number - 1], study.waves[number - 1]
            yield from _recode_problems(number, wave, newer, older, source)


def _recode_problems(
    number: int,
    wave: Wave,
    newer: Questionnaire,
    older: tuple[Questionnaire, Wave],
    source: YamlFile,
) -> Iterator[str]:
    """Find what is wrong with the recodes of a wave."""
    before, wave_before = older
    pairs = pair_questions(newer, before, wave.comparable).pairs
    of = {pair.newer.id: pair for pair in pairs if not pair.reused}
    for name, stated in wave.recodes.items():
        key = ("waves", number, "recodes", name)
        if name in of:
            for code, text in _of_pair(of[name], stated, wave, wave_before):
                yield f"{source.place((*key, code))}: recode of {name!r}: {text}"
        elif newer.question(name) is not None:
            yield (
                f"{source.place(key)}: {name!r} has no counterpart in wave "
                f"{wave_before.id!r}, so there is nothing to recode. Remove it."
            )


def _of_pair(
    pair: Pair,
    stated: Mapping[str, Mapping[str, tuple[str, ...]]],
    wave: Wave,
    before: Wave,
) -> list[tuple[str, str]]:
    """Find what is wrong with the recode of one question."""
    codes = compare_answers(pair.newer, pair.older, vouched=False).codes
    names = wave.id, before.id
    return recode_problems(stated, names, pair.newer, pair.older, codes)


def wave_findings(study: Study, waves: Sequence[Responses]) -> tuple[Finding, ...]:
    """Find waves whose files were mixed up.

    Parameters
    ----------
    study : Study
        The study.
    waves : sequence of Responses
        Answers of all waves, in the order of the study.

    Returns
    -------
    tuple of Finding
        A file that answers few questions of its wave, the same records in two waves,
        and waves whose records are older than those of the wave before.
    """
    names = [wave.id for wave in study.waves]
    named = list(zip(names, waves, strict=True))
    found = [_foreign(name, responses) for name, responses in named]
    found += [_copied(first, second) for first, second in combinations(named, 2)]
    found += [_out_of_order(first, second) for first, second in pairwise(named)]
    found += [_untranslated(name, responses) for name, responses in named]
    return tuple(finding for finding in found if finding is not None)


_Named = tuple[str, Responses]


def _foreign(wave: str, responses: Responses) -> Finding | None:
    """Find that the file of a wave holds few of its questions."""
    asked = [q for q in responses.questionnaire.questions if q.kind != "text"]
    found = sum(_has_answers(responses, question) for question in asked)
    if not asked or found >= LEAST_FOUND * len(asked):
        return None
    message = said(
        "Only {found} of {asked} questions have any answer in {file}: it may be the "
        "file of another wave or study.",
        found=found,
        asked=len(asked),
        file=responses.source.name,
    )
    missing = len(asked) - found
    return Finding("error", "wave_of_another_study", "", message, missing, wave=wave)


def _has_answers(responses: Responses, question: Question) -> bool:
    """Tell whether anybody answered a question."""
    names = [question.id, *(f"{question.id}_{item.code}" for item in question.items)]
    known = [name for name in names if name in responses.states]
    return any((responses.states[name] == ANSWERED).any() for name in known)


def _copied(first: _Named, second: _Named) -> Finding | None:
    """Find that two waves hold the same records."""
    (name, one), (other_name, other) = first, second
    same_file = one.source.sha256 == other.source.sha256
    count = len(other.frame) if same_file else _same_records(one.frame, other.frame)
    if not same_file and count < SAME * min(len(one.frame), len(other.frame)):
        return None
    message = counted(
        count,
        "{count} record of wave {wave} is also a record of wave {other}, answer by "
        "answer: one of the files stands in the study twice.",
        "{count} records of wave {wave} are also records of wave {other}, answer by "
        "answer: one of the files stands in the study twice.",
        wave=other_name,
        other=name,
    )
    return Finding("error", "wave_twice", "", message, count, wave=other_name)


def _same_records(one: pd.DataFrame, other: pd.DataFrame) -> int:
    """Count records that two waves share, by all answers to the same questions.

    Where they are too few to be reported, no fewer than there are.
    """
    shared = [name for name in one if name in other]
    if len(shared) < LEAST_SHARED or min(len(one), len(other)) < LEAST_RECORDS:
        return 0
    # Records that differ in a few answers already need no look at the others.
    few = _same_answers(one[shared[:_FIRST]], other[shared[:_FIRST]])
    if few < SAME * min(len(one), len(other)):
        return few
    return _same_answers(one[shared], other[shared])


def _same_answers(one: pd.DataFrame, other: pd.DataFrame) -> int:
    """Count the rows that two tables share."""
    keys = [
        pd.util.hash_pandas_object(frame.astype(str), index=False)
        for frame in (one, other)
    ]
    counts = [key.value_counts() for key in keys]
    both = pd.concat(counts, axis=1, join="inner")
    return int(both.min(axis=1).sum())


def _out_of_order(first: _Named, second: _Named) -> Finding | None:
    """Find that a wave was answered before the one that precedes it in the study."""
    (name, older), (newer_name, newer) = first, second
    began, began_later = _middle(older), _middle(newer)
    if began is None or began_later is None or began <= began_later:
        return None
    message = said(
        "Half of the records of wave {newer} began before {date}, and half of those of "
        "wave {older} after {later}, although the study names {older} first. Put the "
        "waves in the order in which they were answered.",
        newer=newer_name,
        date=f"{began_later:%Y-%m-%d}",
        older=name,
        later=f"{began:%Y-%m-%d}",
    )
    count = len(newer.frame)
    return Finding("error", "waves_out_of_order", "", message, count, wave=newer_name)


def _middle(responses: Responses) -> pd.Timestamp | None:
    """Give the day and time by which half of the records had begun."""
    if "started" not in responses.paradata:
        return None
    began = times(responses.paradata["started"]).dropna().sort_values()
    return None if began.empty else began.iloc[len(began) // 2]


def _untranslated(wave: str, responses: Responses) -> Finding | None:
    """Find questions that lack a language in which the questionnaire was put."""
    asked = responses.questionnaire
    spoken = [language for language in asked.languages if language]
    names = [q.id for q in asked.questions if _lacks(q, spoken)]
    if not names:
        return None
    message = counted(
        len(names),
        "The questionnaire says that it was put in {languages}; {count} question lacks "
        "one of them: {names}. What differs there from another wave is not seen.",
        "The questionnaire says that it was put in {languages}; {count} questions lack "
        "one of them: {names}. What differs there from another wave is not seen.",
        languages=tuple(spoken),
        names=tuple(names),
    )
    return Finding(
        "warning", "wave_without_translation", "", message, len(names), wave=wave
    )


def _lacks(question: Question, languages: Sequence[str]) -> bool:
    """Tell whether a question or an answer has no text in one of the languages.

    A wording without a language is that of the export, whatever was spoken.
    """
    texts = [c.label for c in question.categories]
    texts += [question.wording] if "" not in question.wording else []
    texts += [item.label for item in question.items]
    return any(language not in text for text in texts if text for language in languages)
