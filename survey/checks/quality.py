"""Flags on records that may not be honest answers. Flags only: a study decides."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.questionnaire.model import Question
from survey.responses.table import ANSWERED, Responses

BoolArray = NDArray[np.bool_]
SPEEDER_SHARE: Final = 1 / 3
STRAIGHT_ITEMS: Final = 4
STRAIGHT_GRIDS: Final = 2
DUPLICATE_ANSWERS: Final = 8


def speeders(responses: Responses, complete: BoolArray) -> BoolArray:
    """Flag complete records that took less than a third of the median time.

    Parameters
    ----------
    responses : Responses
        Coded answers; ``paradata`` holds ``seconds``.
    complete : bool array (n,)
        Complete records, which make the median. The median does not mind records
        that were left open for days.

    Returns
    -------
    bool array (n,)
        True for speeders; nobody where the export has no times.
    """
    nobody = np.zeros(len(responses.frame), dtype=bool)
    if "seconds" not in responses.paradata:
        return nobody
    seconds = responses.paradata["seconds"].to_numpy(dtype=float)
    timed = complete & np.isfinite(seconds) & (seconds > 0)
    if not timed.any():
        return nobody
    limit = SPEEDER_SHARE * float(np.median(seconds[timed]))
    return np.asarray(timed & (seconds < limit), dtype=bool)


def straightliners(responses: Responses) -> BoolArray:
    """Flag records that gave one and the same answer down every grid.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    bool array (n,)
        True where at least two grids with four or more answered items were
        answered, each with a single code. "Don't know" counts as an answer here:
        it is the quickest one to tick.
    """
    lines = np.zeros(len(responses.frame), dtype=int)
    grids = np.zeros(len(responses.frame), dtype=int)
    for question in responses.questionnaire.questions:
        if len(question.items) >= STRAIGHT_ITEMS:
            codes = _grid_codes(responses, question)
            answered = (codes >= 0).sum(axis=1) >= STRAIGHT_ITEMS
            low = np.where(codes >= 0, codes, np.iinfo(codes.dtype).max).min(axis=1)
            grids += answered
            lines += answered & (low == codes.max(axis=1))
    return np.asarray((grids >= STRAIGHT_GRIDS) & (lines == grids), dtype=bool)


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
        the same organisation.
    """
    flagged = np.zeros(len(responses.frame), dtype=bool)
    if "respondent" in responses.paradata:
        order = np.argsort(~complete, kind="stable")
        ids = responses.paradata["respondent"].iloc[order]
        flagged[order] = (ids.duplicated() & ids.notna()).to_numpy()
    answered = (responses.states.to_numpy() == ANSWERED).sum(axis=1)
    same = _same_answers(responses)
    return np.asarray(flagged | (same & (answered >= DUPLICATE_ANSWERS)))


def _same_answers(responses: Responses) -> BoolArray:
    """Say which records repeat all answers, and the organisation, of an earlier one."""
    if responses.frame.columns.empty:
        return np.zeros(len(responses.frame), dtype=bool)
    columns = [responses.frame[name] for name in responses.frame.columns]
    if "organisation" in responses.paradata:
        columns.append(responses.paradata["organisation"])
    codes = np.column_stack([pd.factorize(column)[0] for column in columns])
    return pd.DataFrame(codes).duplicated().to_numpy()


def formula_texts(responses: Responses) -> dict[str, int]:
    """Count open answers that a spreadsheet would take for a formula.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    dict of column to count
        Columns without any are left out.
    """
    counts = {}
    for name in text_columns(responses):
        texts = responses.frame[name].dropna().astype(str)
        number = int(texts.str.match(r"[=+\-@]").sum())
        if number:
            counts[name] = number
    return counts


def text_columns(responses: Responses) -> Sequence[str]:
    """Give the columns with texts that respondents typed."""
    open_questions = {
        q.id for q in responses.questionnaire.questions if q.kind == "text"
    }
    return [
        str(name)
        for name in responses.frame.columns
        if name in open_questions or str(name).endswith("_text")
    ]


def _grid_codes(responses: Responses, question: Question) -> NDArray[np.int64]:
    """Give the positions of the answers to a grid, one column per item."""
    columns = [
        responses.frame[f"{question.id}_{item.code}"].cat.codes.to_numpy(dtype=np.int64)
        for item in question.items
    ]
    return np.column_stack(columns)
