"""What became of every record, in the terms of AAPOR's Standard Definitions.

Numbers in brackets are the final disposition codes of those definitions.
"""

from typing import Final, Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.checks.rules import screened_out
from survey.finding import Finding
from survey.responses.paradata import status_masks
from survey.responses.table import ANSWERED, ASKED, Responses
from survey.said import Said, said

BoolArray = NDArray[np.bool_]
Disposition = Literal["complete", "partial", "break_off", "screened_out", "empty"]
DISPOSITIONS: tuple[Disposition, ...] = get_args(Disposition)
BREAK_OFF_SHARE: Final = 0.5
BREAK_OFF_QUESTIONS: Final = 8

_NAMES: Final[dict[str, Said]] = {
    "complete": said("complete (1.1)"),
    "partial": said("partial (1.2)"),
    "break_off": said("broken off early (2.12)"),
    "screened_out": said("screened out (4.1)"),
    "empty": said("without any answer"),
    "repeated": said("of them repeated"),
}


def dispositions(responses: Responses) -> pd.Series:
    """Say what became of every record.

    Parameters
    ----------
    responses : Responses
        Coded answers of one wave.

    Returns
    -------
    Series of str
        ``complete``, ``partial``, ``break_off``, ``screened_out`` or ``empty`` (no
        answer at all).

    Notes
    -----
    Where the export has a status, incomplete records with fewer than half of the
    answers that complete ones give (the median) are break-offs, the others partial;
    half is the limit that [1]_ names for a partial interview. Without a status, a
    record is complete unless its last answer stands in the first half of the closed
    questions, although it was asked later ones; that needs eight closed questions
    and a questionnaire with its routing. Screened out is who has such a status, or
    chose a category with ``screen_out``.

    References
    ----------
    .. [1] AAPOR, Standard Definitions: Final Dispositions of Case Codes and Outcome
       Rates for Surveys.
    """
    masks = status_masks(responses.paradata, responses.questionnaire)
    answered = (responses.states.to_numpy() == ANSWERED).sum(axis=1)
    result = np.where(answered > 0, "complete", "empty").astype(object)
    if masks.complete is None:
        result[_stopped(responses)] = "break_off"
    else:
        early = answered < _half(answered, masks.complete)
        unfinished = (answered > 0) & ~masks.complete
        result[unfinished] = np.where(early[unfinished], "break_off", "partial")
    result[masks.screened_out | screened_out(responses)] = "screened_out"
    return pd.Series(result, index=responses.frame.index, name="disposition")


def disposition_note(
    responses: Responses, outcome: pd.Series, duplicate: BoolArray
) -> list[Finding]:
    """Put into one sentence what became of the records.

    Parameters
    ----------
    responses : Responses
        Coded answers of one wave.
    outcome : Series of str
        As `dispositions` gives it.
    duplicate : bool array (n,)
        Records that repeat another one.

    Returns
    -------
    list of Finding
        A note named ``dispositions`` that counts the complete records; none where
        all are complete and none is repeated. An export holds those who opened the
        questionnaire: rates of response and participation need the number of people
        invited, and the note says so.
    """
    if (outcome == "complete").all() and not duplicate.any():
        return []
    counts = outcome.value_counts()
    numbers = {**dict(counts), "repeated": int(duplicate.sum())}
    outcomes = (
        said("{count} {outcome}", count=int(numbers[name]), outcome=text)
        for name, text in _NAMES.items()
        if numbers.get(name)
    )
    message = said(
        "{records} records by AAPOR disposition: {outcomes}. {completion} The export "
        "does not say how many were invited, so there is no response rate, nor a "
        "participation rate for an opt-in sample.",
        records=len(outcome),
        outcomes=tuple(outcomes),
        completion=_completion(responses, counts),
    )
    complete = int(counts.get("complete", 0))
    return [Finding("note", "dispositions", "", message, complete)]


def _completion(responses: Responses, counts: pd.Series) -> Said:
    """Say how many of those eligible finished, or that nobody knows."""
    if status_masks(responses.paradata, responses.questionnaire).complete is None:
        return said(
            "Without a status in the export, records with answers count as complete."
        )
    eligible = sum(int(counts.get(n, 0)) for n in ("complete", "partial", "break_off"))
    share = int(counts.get("complete", 0)) / max(eligible, 1)
    return said(
        "{share:.0%} of the {eligible} eligible ones are complete.",
        share=share,
        eligible=eligible,
    )


def _half(answered: NDArray[np.int64], complete: BoolArray) -> float:
    """Give half of the number of answers that complete records have."""
    given = answered[complete & (answered > 0)]
    return BREAK_OFF_SHARE * float(np.median(given)) if len(given) else 0.0


def _stopped(responses: Responses) -> BoolArray:
    """Say who answered nothing in the second half although there was more to answer."""
    typed = {q.id for q in responses.questionnaire.questions if q.kind == "text"}
    closed = [name for name in responses.states.columns if name not in typed]
    states = responses.states[closed].to_numpy()
    count = states.shape[1]
    known = responses.questionnaire.routing == "stated"
    if count < BREAK_OFF_QUESTIONS or not known:
        return np.zeros(len(states), dtype=bool)
    second = states[:, int(count * BREAK_OFF_SHARE) :]
    begun = (states == ANSWERED).any(axis=1)
    silent = ~(second == ANSWERED).any(axis=1)
    return np.asarray(begun & silent & (second == ASKED).any(axis=1), dtype=bool)
