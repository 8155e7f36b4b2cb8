"""Records that repeat another one: the same person, or the same answers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.questionnaire.model import Question
from survey.responses.table import ANSWERED, Responses
from survey.said import counted

BoolArray = NDArray[np.bool_]
Codes = NDArray[np.int64]
DUPLICATE_ANSWERS: Final = 8
CHANCE_TWINS: Final = 0.001
# A slider from 0 to 100 has so many.
MOST_CODES: Final = 101
_ROUNDED: Final = r"\d(?:[.,]\d+)?[eE]\+\d+"


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """Answers of all records as numbers, -1 for none; `closed` ones have few codes."""

    codes: Codes
    closed: bool


_NOTHING: Final = _Answers(np.zeros(0, dtype=np.int64), closed=False)


def duplicates(responses: Responses, complete: BoolArray) -> BoolArray:
    """Flag records that repeat another one.

    Parameters
    ----------
    responses : Responses
        Coded answers.
    complete : bool array (n,)
        Complete records. Where an id stands several times, its first complete
        record is the one that counts: who broke off and came back is no duplicate.

    Returns
    -------
    bool array (n,)
        True for the other records with the id of the one that counts, and for
        records with all the same answers (at least eight) as an earlier one from
        the same organisation, unless twins are to be expected.

    Notes
    -----
    Short questionnaires make honest twins, and so do answers that many give. A record
    is flagged only where less than 0.001 other records would give its answers by
    chance. The chance is that of a Markov chain: every answer to a question with up
    to 101 different ones, given the answer before it, as the sample answers them, so
    that "never" down a long grid is no rare thing. A multiple response question is
    one answer, and a blank is no evidence.

    Ids that a spreadsheet rounded (``1.14E+11``) name nobody and are not compared.
    """
    flagged = np.zeros(len(responses.frame), dtype=bool)
    ids = _ids(responses)
    if ids is not None:
        order = np.argsort(~complete, kind="stable")
        ordered = ids.iloc[order]
        flagged[order] = (ordered.duplicated() & ordered.notna()).to_numpy()
    answered = (responses.states.to_numpy() == ANSWERED).sum(axis=1)
    enough = answered >= DUPLICATE_ANSWERS
    return np.asarray(flagged | (_same_answers(responses) & enough), dtype=bool)


def rounded_ids(responses: Responses) -> list[Finding]:
    """Report ids that lost digits when a spreadsheet wrote the file.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    list of Finding
        One warning at most.
    """
    ids = responses.paradata.get("respondent")
    count = int(ids.str.fullmatch(_ROUNDED).sum()) if ids is not None else 0
    if not count:
        return []
    message = counted(
        count,
        "{count} id of a respondent is written like 1.14E+11: a spreadsheet rounded "
        "it, and it does not tell records apart. Export the file again, and do not "
        "save it from a spreadsheet.",
        "{count} ids of respondents are written like 1.14E+11: a spreadsheet rounded "
        "them, and they do not tell records apart. Export the file again, and do not "
        "save it from a spreadsheet.",
    )
    return [Finding("warning", "rounded_ids", "", message, count, "not compared")]


def _ids(responses: Responses) -> pd.Series | None:
    """Give the ids of the export, without those that were rounded."""
    if "respondent" not in responses.paradata:
        return None
    ids = responses.paradata["respondent"]
    return ids.mask(ids.str.fullmatch(_ROUNDED).eq(other=True))


def _same_answers(responses: Responses) -> BoolArray:
    """Say which records repeat an earlier one, organisation and rare answers alike."""
    n = len(responses.frame)
    if responses.frame.columns.empty or n == 0:
        return np.zeros(n, dtype=bool)
    answers = [a for q in responses.questionnaire.questions for a in _of(responses, q)]
    befores = [_NOTHING, *answers[:-1]]
    chances = [_log_chance(a, b) for a, b in zip(answers, befores, strict=True)]
    codes = [each.codes for each in answers]
    if "organisation" in responses.paradata:
        codes.append(pd.factorize(responses.paradata["organisation"])[0])
    same = pd.DataFrame(np.column_stack(codes)).duplicated().to_numpy()
    return np.asarray(same & (n * np.exp(np.sum(chances, axis=0)) < CHANCE_TWINS))


def _of(responses: Responses, question: Question) -> list[_Answers]:
    """Give the answers to a question numbers, column by column."""
    columns = [responses.frame[name] for name in _columns(responses, question)]
    codes = [_codes(column) for column in columns]
    if question.kind == "multiple" and codes:
        return [_Answers(_joint(codes), closed=False)]
    return [_Answers(each, closed=int(each.max()) < MOST_CODES) for each in codes]


def _joint(columns: Sequence[Codes]) -> Codes:
    """Give every combination of answers a number; none at all is -1."""
    joint = np.zeros(len(columns[0]), dtype=np.int64)
    for codes in columns:
        both = joint * (int(codes.max(initial=0)) + 2) + codes + 1
        joint = np.asarray(pd.factorize(both)[0], dtype=np.int64)
    given = np.any([codes >= 0 for codes in columns], axis=0)
    return np.asarray(np.where(given, joint, -1), dtype=np.int64)


def _columns(responses: Responses, question: Question) -> list[str]:
    """Name the columns of a question."""
    named = [f"{question.id}_{c.code}" for c in question.categories]
    named += [f"{question.id}_{item.code}" for item in question.items]
    typed = [f"{name}_text" for name in (question.id, *named)]
    possible = dict.fromkeys((question.id, *named, *typed))
    return [name for name in possible if name in responses.frame.columns]


def _codes(column: pd.Series) -> Codes:
    """Give the answers in a column numbers; no answer, and no tick, is -1."""
    if column.dtype == bool:
        return np.where(column.to_numpy(), 0, -1).astype(np.int64)
    if isinstance(column.dtype, pd.CategoricalDtype):
        return np.asarray(column.cat.codes, dtype=np.int64)
    return np.asarray(pd.factorize(column)[0], dtype=np.int64)


def _log_chance(answers: _Answers, before: _Answers) -> NDArray[np.float64]:
    """Give the logarithm of the chance of every answer, given the one before."""
    codes = answers.codes + 1
    # Conditions that hardly two records share would explain every answer.
    given = before.codes + 1 if answers.closed and before.closed else 0 * codes
    pairs = given * (int(codes.max(initial=0)) + 1) + codes
    chance = np.bincount(pairs)[pairs] / np.bincount(given)[given]
    return np.asarray(np.where(answers.codes < 0, 0.0, np.log(chance)), dtype=float)
