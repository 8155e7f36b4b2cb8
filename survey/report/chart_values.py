"""What the parts of a figure say: numbers, colours, feet. Nothing is estimated."""

from collections.abc import Sequence
from math import isfinite
from typing import Final

from survey.questionnaire.model import Question
from survey.report.cells import total_cell
from survey.report.context import Context, base_line, method_line, source_line
from survey.report.document import ChartRow, ChartValue, Flag
from survey.report.numbers import percent
from survey.report.scale_kind import are_ranks, direction
from survey.responses.variable import Row
from survey.wave.result import Cell, QuestionResult

_MOST_TOLD: Final = 40


def drawn(context: Context, cell: Cell | None) -> ChartValue:
    """Give a drawn number with its interval.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell or None
        None where the wave did not ask.

    Returns
    -------
    ChartValue
        A hidden one has a text that says why it is hidden.
    """
    if cell is None or cell.hidden:
        text = context.say("figure_hidden", n=context.study.report.min_base)
        if cell is not None and cell.protects:
            text = context.say("figure_protects")
        return ChartValue(None, text, flag="hidden")
    text = percent(cell.estimate, context.language)
    flag: Flag = "small" if cell.small else ""
    low = cell.conf_low if isfinite(cell.conf_low) else None
    high = cell.conf_high if isfinite(cell.conf_high) else None
    return ChartValue(cell.estimate, text, low, high, flag)


def put(context: Context, question: Question, title: str = "") -> str:
    """Give the question as it was put.

    Parameters
    ----------
    context : Context
        The wave.
    question : Question
        The question.
    title : str
        What stands above it, and need not be said twice.

    Returns
    -------
    str
        The label where there is no wording; empty where that is the title.
    """
    words = context.text(question.wording) or context.text(question.label)
    return "" if words == title else words


def strong_first(context: Context, question: Question) -> bool:
    """Say whether a scale begins with its strong end: the end that a net takes in.

    Parameters
    ----------
    context : Context
        The wave.
    question : Question
        The question.

    Returns
    -------
    bool
        What the study says, by its nets or ``top_first``; where it says nothing, what
        the words of the answers say. A ranking begins with its best rank.
    """
    if question.id in context.study.top_first or are_ranks(question):
        return True
    ends = [c.code for c in question.categories if not (c.dont_know or c.missing)]
    nets = context.study.nets.get(question.id, ())
    if not nets:
        return direction(question) == "falling"
    return any(ends[0] in net.codes and ends[-1] not in net.codes for net in nets)


def colour_roles(
    context: Context, question: Question, rows: Sequence[Row]
) -> list[str]:
    """Say what colour role the answers of a question have.

    Parameters
    ----------
    context : Context
        The wave.
    question : Question
        The question.
    rows : sequence of Row
        Its answers.

    Returns
    -------
    list of str
        One role for each row.
    """
    plan = context.study.indicators.preference
    preference = plan is not None and question.id in {plan.overall, plan.dimensions}
    steps = [row for row in rows if row.role == "category"]
    if question.ordered and strong_first(context, question):
        steps.reverse()
    roles = []
    for row in rows:
        if row.role in {"dont_know", "missing"}:
            roles.append("dont_know")
        elif preference and plan is not None:
            sides = {"open": plan.open, "proprietary": plan.proprietary}
            found = [side for side, codes in sides.items() if row.code in codes]
            roles.append(found[0] if found else "neutral")
        else:
            at = steps.index(row) + 1 if row in steps else len(steps)
            roles.append(f"scale:{at}/{max(len(steps), 1)}")
    return roles


def told_in_words(
    context: Context, key: str, title: str, rows: Sequence[ChartRow]
) -> str:
    """Put a figure into words.

    Parameters
    ----------
    context : Context
        The wave.
    key : str
        Name of the sentence.
    title : str
        Title of the figure.
    rows : sequence of ChartRow
        What is drawn.

    Returns
    -------
    str
        For people who cannot see the figure.
    """
    told = [
        f"{row.label}: {', '.join(value.text for value in row.values)}"
        for row in rows[:_MOST_TOLD]
    ]
    return f"{title}. {context.say(key, values='; '.join(told))}"


def footer(
    context: Context, result: QuestionResult, kind: str = "bars_are"
) -> tuple[str, ...]:
    """Give base, method and source of a figure, one line each.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.
    kind : {"bars_are", "net_is", "stacks_are", "funnel_is"}
        Where the intervals stand.

    Returns
    -------
    tuple of str
        Three lines.
    """
    if result.question.id in _margins(context):
        kind = "margin_is"
    cells = [total_cell(context, v, v.rows[0]) for v in result.variables if v.rows]
    known = [cell for cell in cells if cell is not None]
    return (
        base_line(context, result.question, known),
        method_line(context, kind),
        source_line(context),
    )


def _margins(context: Context) -> tuple[str, ...]:
    """Name the questions whose shares the weights are made to meet."""
    plan = context.study.main_weights
    if plan is not None:
        met = [plan.columns(m) for m in plan.margins if len(m) == 1]
        return tuple(name for columns in met for name in columns)
    singles = [m for m in context.study.design.calibration if len(m) == 1]
    return tuple(name for margin in singles for name in margin)


def with_hollow(
    context: Context, lines: tuple[str, ...], rows: Sequence[ChartRow]
) -> tuple[str, ...]:
    """Explain hollow points, where there are any.

    Parameters
    ----------
    context : Context
        The wave.
    lines : tuple of str
        Foot of a figure.
    rows : sequence of ChartRow
        What is drawn.

    Returns
    -------
    tuple of str
        The foot.
    """
    if not any(value.flag == "small" for row in rows for value in row.values):
        return lines
    said = context.say("hollow", n=context.study.report.small_base)
    return (lines[0], f"{lines[1]} {said}", *lines[2:])
