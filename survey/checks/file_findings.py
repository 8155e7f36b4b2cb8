"""Findings about questions and the file as a whole; they flag no record."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from survey.checks.open_answers import formula_texts
from survey.checks.straight import grid_lines
from survey.finding import Finding
from survey.responses.table import ANSWERED, NOT_ASKED, Responses
from survey.said import counted, said

MUCH_MISSING: Final = 0.2
MUCH_STRAIGHT: Final = 0.25
LEAST_STRAIGHT: Final = 10
WRONG_SHARE: Final = 0.05


def organisations(responses: Responses) -> list[Finding]:
    """Report organisations that several people answered for.

    Parameters
    ----------
    responses : Responses
        Coded answers; ``paradata`` holds ``organisation``.

    Returns
    -------
    list of Finding
        One note at most.
    """
    if "organisation" not in responses.paradata:
        return []
    sizes = responses.paradata["organisation"].dropna().value_counts()
    several = sizes[sizes > 1]
    if several.empty:
        return []
    message = counted(
        len(several),
        "{count} organisation was answered for by several people ({records} records). "
        "Name the organisation as PSU, so that errors account for it.",
        "{count} organisations were answered for by several people ({records} records, "
        "up to {most} each). Name the organisation as PSU, so that errors account for "
        "it.",
        records=int(several.sum()),
        most=int(several.max()),
    )
    return [Finding("note", "several_respondents", "", message, int(several.sum()))]


def empty_rows(responses: Responses) -> list[Finding]:
    """Report rows of the file that hold nothing.

    Parameters
    ----------
    responses : Responses
        Coded answers, with the file they came from.

    Returns
    -------
    list of Finding
        One note at most.
    """
    count = responses.source.empty_rows
    if not count:
        return []
    message = counted(
        count,
        "{count} row of the file holds no value at all and is no record.",
        "{count} rows of the file hold no value at all and are no records.",
    )
    return [Finding("note", "empty_rows", "", message, count, "left out")]


def item_nonresponse(responses: Responses) -> list[Finding]:
    """Report questions that more than a fifth of those asked did not answer.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    list of Finding
        A note for each such question; open questions are left out.
    """
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
            said(
                "{share:.0%} of the {asked} asked did not answer {question!r}.",
                share=float(share),
                asked=int(n),
                question=str(name),
            ),
            int(n - a),
        )
        for name, share, n, a in zip(
            responses.states.columns, missing, asked, answered, strict=True
        )
        if share > MUCH_MISSING
        and name not in optional
        and not str(name).endswith("_text")
    ]


def straight_grids(responses: Responses) -> list[Finding]:
    """Report grids that many answered with one code.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    list of Finding
        A note for each grid of four and more items that a quarter of those who
        answered it, and ten at least, went through in a straight line.
    """
    found = []
    for each in grid_lines(responses):
        lines, given = int(each.straight.sum()), int(each.answered.sum())
        if lines >= max(LEAST_STRAIGHT, MUCH_STRAIGHT * given):
            message = said(
                "{lines} of {given} records give every item of {question!r} the same "
                "answer. One opinion on all of them, or items that are not read.",
                lines=lines,
                given=given,
                question=each.question,
            )
            found.append(
                Finding("note", "straight_grid", each.question, message, lines)
            )
    return found


def formulas(responses: Responses) -> list[Finding]:
    """Report texts that begin like a formula.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    list of Finding
        A note for each open question with such texts.
    """
    return [
        Finding(
            "note",
            "formula_text",
            name,
            counted(
                count,
                "{count} text in {question!r} begins with '=', '+', '-' or '@'.",
                "{count} texts in {question!r} begin with '=', '+', '-' or '@'.",
                question=name,
            ),
            count,
            "written as text, never as a formula",
        )
        for name, count in formula_texts(responses).items()
    ]


def graver(findings: Sequence[Finding], responses: Responses) -> list[Finding]:
    """Raise unknown codes to an error where they make the numbers wrong.

    Parameters
    ----------
    findings : sequence of Finding
        What did not fit while the answers were bound.
    responses : Responses
        Coded answers.

    Returns
    -------
    list of Finding
        The same; codes that are not in the questionnaire are an error where they
        are a twentieth of the answers to their question and more.
    """
    answered = (responses.states == ANSWERED).sum()
    return [
        replace(f, severity="error")
        if f.check == "unknown_code"
        and f.count >= WRONG_SHARE * (f.count + int(answered.get(f.question, 0)))
        else f
        for f in findings
    ]
