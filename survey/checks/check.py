"""All checks of one wave: flags per record, findings for people, exclusions by rule."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.checks.disposition import disposition_note, dispositions
from survey.checks.file_findings import (
    empty_rows,
    formulas,
    graver,
    item_nonresponse,
    organisations,
    straight_grids,
)
from survey.checks.open_answers import copied, gibberish
from survey.checks.personal import masked, personal
from survey.checks.repeats import duplicates, rounded_ids
from survey.checks.rules import trapped
from survey.checks.straight import straightliners
from survey.checks.timing import programs, speeders
from survey.finding import SEVERITIES, Finding
from survey.responses.table import Responses
from survey.said import Said, counted, said

Flag = Literal[
    "screened_out",
    "partial",
    "break_off",
    "empty",
    "duplicate",
    "speeder",
    "straightliner",
    "trap",
    "bot",
    "gibberish",
    "copied",
]
FLAGS: tuple[Flag, ...] = get_args(Flag)
MOST_IDS = 20

_MEANING: dict[Flag, Said] = {
    "screened_out": said("screened out"),
    "partial": said("partial (the interview was broken off)"),
    "break_off": said("broken off in the first half of the interview"),
    "empty": said("no answer at all"),
    "duplicate": said(
        "repeated from another record (same id, or same answers and organisation)"
    ),
    "speeder": said("filled in within less than a third of the median time"),
    "straightliner": said("one and the same answer down every grid"),
    "trap": said("an answer that no attentive person gives"),
    "bot": said("sent as programs do (many in seconds, or a low reCAPTCHA score)"),
    "gibberish": said("an open answer that is keyboard mash"),
    "copied": said("an open answer copied from the question or an earlier record"),
}


def flags(responses: Responses) -> pd.DataFrame:
    """Flag records that a study may want to exclude.

    Parameters
    ----------
    responses : Responses
        Coded answers of one wave.

    Returns
    -------
    DataFrame
        Index as the respondents, one bool column for each of `FLAGS`. A break-off
        is partial as well.
    """
    return _flags(responses, dispositions(responses))


def _flags(responses: Responses, outcome: pd.Series) -> pd.DataFrame:
    """Flag records, once it is known what became of them."""
    complete = (outcome == "complete").to_numpy()
    columns: dict[Flag, np.ndarray[tuple[int], np.dtype[np.bool_]]] = {
        "screened_out": (outcome == "screened_out").to_numpy(),
        "partial": outcome.isin(["partial", "break_off"]).to_numpy(),
        "break_off": (outcome == "break_off").to_numpy(),
        "empty": (outcome == "empty").to_numpy(),
        "duplicate": duplicates(responses, complete),
        "speeder": speeders(responses, complete),
        "straightliner": straightliners(responses),
        "trap": trapped(responses),
        "bot": programs(responses),
        "gibberish": gibberish(responses),
        "copied": copied(responses),
    }
    return pd.DataFrame(columns, index=responses.frame.index)


def check(responses: Responses) -> tuple[Finding, ...]:
    """Find everything about the data that a reader of the numbers should know.

    Parameters
    ----------
    responses : Responses
        Coded answers of one wave.

    Returns
    -------
    tuple of Finding
        What did not fit while the answers were bound, flagged records, what became
        of all records, empty rows of the file, several respondents of one
        organisation, questions many did not answer, grids many went through in a
        straight line, values that identify people, texts that look like formulas.
        Errors first, then what concerns most
        records.
    """
    outcome = dispositions(responses)
    return _findings(responses, outcome, _flags(responses, outcome))


def _findings(
    responses: Responses, outcome: pd.Series, flagged: pd.DataFrame
) -> tuple[Finding, ...]:
    """Put all findings of a wave together, the gravest first."""
    found = [
        *graver(responses.findings, responses),
        *(_flagged(flagged, flag) for flag in FLAGS if flagged[flag].any()),
        *rounded_ids(responses),
        *disposition_note(responses, outcome, flagged["duplicate"].to_numpy()),
        *empty_rows(responses),
        *organisations(responses),
        *item_nonresponse(responses),
        *straight_grids(responses),
        *personal(responses),
        *formulas(responses),
    ]
    by_gravity = sorted(found, key=lambda f: (SEVERITIES.index(f.severity), -f.count))
    return tuple(map(masked, by_gravity))


def exclude(
    responses: Responses, rules: Sequence[Flag]
) -> tuple[Responses, tuple[Finding, ...]]:
    """Leave flagged records out, by the rules of the study.

    Parameters
    ----------
    responses : Responses
        Coded answers of one wave.
    rules : sequence of {"screened_out", "partial", "empty", "duplicate", ...}
        Flags that exclude a record.

    Returns
    -------
    (Responses, tuple of Finding)
        The records that stay, and the findings of `check`, which say how many were
        left out and why.
    """
    outcome = dispositions(responses)
    flagged = _flags(responses, outcome)
    found = tuple(
        replace(f, action="excluded by the study") if f.check in rules else f
        for f in _findings(responses, outcome, flagged)
    )
    out = flagged[list(rules)].to_numpy().any(axis=1)
    keep = np.flatnonzero(~out)
    kept = replace(
        responses,
        frame=responses.frame.iloc[keep],
        states=responses.states.iloc[keep],
        paradata=responses.paradata.iloc[keep],
    )
    return kept, found


def _flagged(flagged: pd.DataFrame, flag: Flag) -> Finding:
    """Say how many records carry a flag."""
    ids = flagged.index[flagged[flag]]
    message = counted(
        len(flagged),
        "{flagged} of {count} record: {meaning}.",
        "{flagged} of {count} records: {meaning}.",
        flagged=len(ids),
        meaning=_MEANING[flag],
    )
    listed = tuple(map(str, ids[:MOST_IDS]))
    return Finding("warning", flag, "", message, len(ids), "kept", listed)
