"""All checks of one wave: flags per record, findings for people, exclusions by rule."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
import pandas as pd

from survey.checks.disposition import dispositions
from survey.checks.quality import (
    duplicates,
    formula_texts,
    speeders,
    straightliners,
)
from survey.finding import SEVERITIES, Finding
from survey.responses.table import ANSWERED, NOT_ASKED, Responses

Flag = Literal[
    "screened_out", "partial", "empty", "duplicate", "speeder", "straightliner"
]
FLAGS: tuple[Flag, ...] = get_args(Flag)
MOST_IDS = 20
MUCH_MISSING = 0.2

_MEANING: dict[Flag, str] = {
    "screened_out": "were screened out",
    "partial": "are partial: the interview was broken off",
    "empty": "hold no answer at all",
    "duplicate": "repeat another record (same id, or same answers and organisation)",
    "speeder": "took less than a third of the median time",
    "straightliner": "gave one and the same answer down every grid",
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
        Index as the respondents, one bool column for each of ``screened_out,
        partial, empty, duplicate, speeder, straightliner``.
    """
    disposition = dispositions(responses)
    complete = (disposition == "complete").to_numpy()
    columns = {
        "screened_out": (disposition == "screened_out").to_numpy(),
        "partial": (disposition == "partial").to_numpy(),
        "empty": (disposition == "empty").to_numpy(),
        "duplicate": duplicates(responses, complete),
        "speeder": speeders(responses, complete),
        "straightliner": straightliners(responses),
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
        What did not fit while the answers were bound, flagged records, several
        respondents of one organisation, questions many did not answer, texts that
        look like formulas; errors first.
    """
    return _findings(responses, flags(responses))


def _findings(responses: Responses, flagged: pd.DataFrame) -> tuple[Finding, ...]:
    """Put all findings of a wave together, errors first."""
    found = [
        *responses.findings,
        *(_flagged(flagged, flag) for flag in FLAGS if flagged[flag].any()),
        *_organisations(responses),
        *_nonresponse(responses),
        *_formulas(responses),
    ]
    return tuple(sorted(found, key=lambda f: SEVERITIES.index(f.severity)))


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
    flagged = flags(responses)
    found = tuple(
        replace(f, action="excluded by the study") if f.check in rules else f
        for f in _findings(responses, flagged)
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
    message = f"{len(ids)} of {len(flagged)} records {_MEANING[flag]}."
    listed = tuple(map(str, ids[:MOST_IDS]))
    return Finding("warning", flag, "", message, len(ids), "kept", listed)


def _organisations(responses: Responses) -> list[Finding]:
    """Report organisations that several people answered for."""
    if "organisation" not in responses.paradata:
        return []
    sizes = responses.paradata["organisation"].dropna().value_counts()
    several = sizes[sizes > 1]
    if several.empty:
        return []
    message = (
        f"{len(several)} organisations were answered for by several people "
        f"({int(several.sum())} records, up to {int(several.max())} each). Name the "
        "organisation as PSU, so that errors account for it."
    )
    return [Finding("note", "several_respondents", "", message, int(several.sum()))]


def _nonresponse(responses: Responses) -> list[Finding]:
    """Report questions that many of those asked did not answer."""
    states = responses.states.to_numpy()
    asked = (states != NOT_ASKED).sum(axis=0)
    answered = (states == ANSWERED).sum(axis=0)
    missing = np.where(asked > 0, 1 - answered / np.maximum(asked, 1), 0)
    optional = {q.id for q in responses.questionnaire.questions if q.kind == "text"}
    return [
        Finding(
            "note",
            "item_nonresponse",
            str(name),
            f"{share:.0%} of the {n} asked did not answer {name!r}.",
            int(n - a),
        )
        for name, share, n, a in zip(
            responses.states.columns, missing, asked, answered, strict=True
        )
        if share > MUCH_MISSING
        and name not in optional
        and not str(name).endswith("_text")
    ]


def _formulas(responses: Responses) -> list[Finding]:
    """Report texts that begin like a formula."""
    return [
        Finding(
            "note",
            "formula_text",
            name,
            f"{count} texts in {name!r} begin with '=', '+', '-' or '@'.",
            count,
            "written as text, never as a formula",
        )
        for name, count in formula_texts(responses).items()
    ]
