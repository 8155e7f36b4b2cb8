"""Notes under the tables of a report: what the marks mean, and the tests."""

from collections.abc import Iterator, Sequence
from math import isfinite
from typing import get_args

import numpy as np

from survey.report.context import Context, quoted
from survey.report.numbers import decimal, p_text, percent
from survey.report.table_rows import STATISTICS, banner_points
from survey.responses.scale_rows import Box, scale_scores
from survey.responses.variable import Variable
from survey.wave.result import QuestionResult


def small_note(context: Context) -> str:
    """Explain the marks of small bases.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        For the foot of a table.
    """
    plan = context.study.report
    return context.say("table_notes_small", min=plan.min_base, small=plan.small_base)


def table_notes(context: Context, result: QuestionResult) -> tuple[str, ...]:
    """Explain letters, marks, rows, rounding and tests of a table.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.

    Returns
    -------
    tuple of str
        For the foot of the table.
    """
    crossed = bool(banner_points(context, result.question.id))
    notes = [*(_mark_notes(context) if crossed else ())]
    notes += [small_note(context), context.say("table_notes_round")]
    notes += row_notes(context, result)
    if len(result.variables) == 1 and crossed:
        notes.append(_association(context, result.variables[0]))
    return tuple(filter(None, notes))


def row_notes(context: Context, result: QuestionResult) -> list[str]:
    """Explain boxes, and the numbers behind a mean.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.

    Returns
    -------
    list of str
        None where the question has neither.
    """
    variable = result.variables[0]
    labels = {row.code: row.label for row in variable.rows if row.role != "net"}
    notes = []
    for row in variable.rows:
        if row.role == "net" and row.code in get_args(Box):
            answers = quoted(context, [labels[code] for code in row.codes], "or")
            notes.append(context.say("box_note", box=row.label, answers=answers))
    told = any((variable.name, k) in context.wave.unweighted for k in STATISTICS)
    if told and variable.value is None:
        notes.append(_scale_note(context, variable, labels))
    return notes


def adjustment(context: Context) -> str:
    """Say how letters are adjusted, and over which tests.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        Part of a sentence.
    """
    plan = context.study.report
    method = context.say(f"adjust_{plan.adjust}")
    if plan.adjust == "none":
        return method
    return f"{method} {context.say(f'family_{plan.family}')}"


def smallest_difference(context: Context) -> str:
    """Say which differences are not marked.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        A sentence; empty where every difference may be marked.
    """
    smallest = context.study.report.min_difference
    if smallest == 0:
        return ""
    hundred = 100 * smallest
    digits = 0 if hundred == round(hundred) else 1
    text = decimal(hundred, context.language, digits)
    return context.say("min_difference", points=text)


def _mark_notes(context: Context) -> Iterator[str]:
    """Explain letters, plus and minus."""
    levels = [percent(p, context.language) for p in context.study.report.levels]
    found = {"strict": levels[0], "loose": levels[1]}
    letters = context.say("table_notes_letters", **found, adjust=adjustment(context))
    yield f"{letters} {smallest_difference(context)}".strip()
    for name in context.study.report.against:
        yield context.say(f"table_notes_{name}", **found)


def _scale_note(context: Context, variable: Variable, labels: dict[str, str]) -> str:
    """Say from which number to which a scale runs."""
    scores = scale_scores(variable)
    known = np.flatnonzero(np.isfinite(scores))
    ends = [known[np.argmin(scores[known])], known[np.argmax(scores[known])]]
    low, high = (
        {"number": f"{scores[i]:g}", "label": labels[variable.codes[i]]} for i in ends
    )
    return context.say(
        "scale_note",
        low=low["number"],
        low_label=low["label"],
        high=high["number"],
        high_label=high["label"],
    )


def _association(context: Context, variable: Variable) -> str:
    """Write the tests of a question against each banner question."""
    tests = context.wave.crosstab.tests
    heads = {p.banner: p.banner_label for p in banner_points(context, variable.name)}
    mine = tests[
        (tests["question"] == variable.name)
        & tests["banner"].isin(heads)
        & (tests["code"] == "")
    ]
    numbers = mine[["statistic", "ndf", "ddf", "p_value"]].to_numpy(dtype=float)
    found = [
        _test(context, heads[banner], values)
        for banner, values in zip(
            mine["banner"].astype(str), numbers.tolist(), strict=True
        )
        if isfinite(values[3])
    ]
    if not found:
        return ""
    return context.say(_head(context, variable), tests="; ".join(found))


def _head(context: Context, variable: Variable) -> str:
    """Name the test of a question."""
    statistic = context.study.report.statistic
    if variable.chosen is None:
        return f"association_{statistic}"
    # Wald's test is defined for one answer, and not for all at once.
    return f"association_items_{'chisq' if statistic == 'chisq' else 'F'}"


def _test(context: Context, banner: str, values: Sequence[float]) -> str:
    """Write one test: F with two degrees of freedom, chi-square with one."""
    statistic, ndf, ddf, p_value = values
    language = context.language
    parts = {
        "banner": banner,
        "ndf": decimal(ndf, language),
        "value": decimal(statistic, language, 2),
        "p": p_text(p_value, language),
    }
    if isfinite(ddf):
        return context.say("test_f", ddf=decimal(ddf, language), **parts)
    return context.say("test_chisq", **parts)
