"""The same numbers under each set of weights that a study makes.

Sets may leave out different respondents. How many, a base tells only where they are
no small group.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Literal

from survey.indicators.preference import NET
from survey.report.cells import (
    base_cell,
    interval_cell,
    net_interval,
    points_cell,
    share_cell,
    shown_rows,
)
from survey.report.context import Context
from survey.report.document import TableBlock, TableCell, TableColumn, TableRow
from survey.report.headlines import Headline
from survey.report.numbers import decimal
from survey.report.table_notes import small_note
from survey.report.table_rows import STATISTICS, statistic_cell
from survey.report.weighting_costs import summary_of
from survey.report.weighting_texts import weights_label
from survey.responses.variable import Variable
from survey.study.weights import MadeWeights
from survey.wave.result import Cell
from survey.weighting.distribution import WeightSummary

Cells = Mapping[tuple[str, str], Cell]


@dataclass(frozen=True, slots=True, eq=False)
class WeightSet:
    """Toplines under one set of weights."""

    label: str
    made: MadeWeights
    cells: Cells


def weight_sets(context: Context) -> tuple[WeightSet, ...]:
    """Collect the toplines under each set of weights of a wave.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of WeightSet
        The weights of all tables first; empty where the study makes none.
    """
    wave = context.wave
    total = {(c.question, c.code): c for c in wave.cells.values() if not c.banner}
    found = [(made, total) for made in wave.made[:1]]
    found += [
        (variant.made, dict(variant.cells))
        for variant in wave.variants
        if variant.kind == "weights" and variant.made is not None
    ]
    return tuple(
        WeightSet(weights_label(context, made.plan), made, cells)
        for made, cells in found
    )


def headlines_by_weights(
    context: Context, found: Sequence[Headline]
) -> tuple[TableBlock, ...]:
    """Put the headlines under each set of weights side by side.

    Parameters
    ----------
    context : Context
        The wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    tuple of TableBlock
        One table, with design effects and effective bases at its foot; none where the
        study makes one set of weights.
    """
    sets = weight_sets(context)
    if len(sets) < len(("one", "two")):
        return ()
    rows = [
        TableRow(
            headline.label,
            _pairs(
                context,
                [headline_in(each.cells, headline) for each in sets],
                is_net=headline.is_net,
            ),
        )
        for headline in found
    ]
    costs = [c for each in sets for c in (summary_of(context, each.made), None)]
    table = TableBlock(
        "headlines_by_weights",
        context.say("by_weights_title"),
        context.say("indicator"),
        _columns(context, sets),
        (*rows, *cost_rows(context, costs)),
        (context.say("by_weights_note"), small_note(context)),
    )
    return (table,)


def weights_toplines(context: Context) -> TableBlock:
    """Put all questions under each set of weights side by side, for the workbook.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    TableBlock
        Number and interval of every row of Total.
    """
    sets = weight_sets(context)
    rows: list[TableRow] = []
    for result in context.wave.questions:
        for variable in result.variables:
            title = context.text(result.question.label)
            if len(result.variables) > 1:
                title = f"{title}: {variable.label}"
            rows.append(TableRow(title, (), "section"))
            rows += _variable_rows(context, variable, sets)
    return TableBlock(
        "toplines_by_weights",
        context.say("by_weights_toplines"),
        "",
        _columns(context, sets),
        tuple(rows),
        (small_note(context), context.say("table_notes_round")),
        paper=False,
    )


def number_cell(context: Context, cell: Cell | None, *, is_net: bool) -> TableCell:
    """Write a share, or a net preference in points.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell or None
        None where the wave did not ask.
    is_net : bool
        Which of the two it is.

    Returns
    -------
    TableCell
        Text for paper, value for a spreadsheet. It stands beside the same number
        under other weights, so it has no text without weights.
    """
    made = points_cell(context, cell) if is_net else share_cell(context, cell)
    return replace(made, plain="")


def comparable_base(context: Context, cell: Cell, main: Cell | None) -> bool:
    """Say whether a base may be told beside that of the weights of all tables.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        Under other weights.
    main : Cell or None
        Under the weights of all tables.

    Returns
    -------
    bool
        False where the difference would be a group below the smallest base.
    """
    if main is None or not isfinite(main.base_unweighted):
        return False
    apart = abs(cell.base_unweighted - main.base_unweighted)
    return apart == 0 or apart >= context.study.report.min_base


def cost_rows(
    context: Context, found: Sequence[WeightSummary | None]
) -> list[TableRow]:
    """Make the rows at the foot: design effect and effective base of weights.

    Parameters
    ----------
    context : Context
        The wave.
    found : sequence of WeightSummary or None
        One for each column; None leaves it empty.

    Returns
    -------
    list of TableRow
        Two rows.
    """
    language, blank = context.language, TableCell("")
    deffs = tuple(
        TableCell(decimal(each.deff, language, 2), each.deff, "decimal")
        if each is not None
        else blank
        for each in found
    )
    bases = tuple(
        TableCell(context.count(each.base_effective), each.base_effective, "count")
        if each is not None
        else blank
        for each in found
    )
    return [
        TableRow(context.say("deff"), deffs, "base"),
        TableRow(context.say("effective"), bases, "base"),
    ]


def headline_in(cells: Cells, headline: Headline) -> Cell | None:
    """Give a headline under other weights.

    Parameters
    ----------
    cells : mapping of (question, code) to Cell
        Toplines under these weights.
    headline : Headline
        The headline.

    Returns
    -------
    Cell or None
        None where they do not have it.
    """
    return cells.get((headline.weighted.question, headline.weighted.code))


def _columns(context: Context, sets: Sequence[WeightSet]) -> tuple[TableColumn, ...]:
    """Make two columns for every set: number and interval."""
    heads = (context.say("share_weighted"), context.level_interval)
    return tuple(TableColumn(head, group=each.label) for each in sets for head in heads)


def _pairs(
    context: Context, cells: Sequence[Cell | None], *, is_net: bool
) -> tuple[TableCell, ...]:
    """Write numbers of one kind, each with its interval."""
    shown = []
    for cell in cells:
        ends = interval_cell(context, cell)
        if is_net and cell is not None and not cell.hidden:
            ends = TableCell(net_interval(context, cell))
        shown += [number_cell(context, cell, is_net=is_net), ends]
    return tuple(shown)


def _variable_rows(
    context: Context, variable: Variable, sets: Sequence[WeightSet]
) -> Iterator[TableRow]:
    """Make the rows of a question: base, answers, numbers, net preference."""
    name = variable.name
    if variable.rows:
        key = name, variable.rows[0].code
        bases = [_base(context, each.cells, sets[0].cells, key) for each in sets]
        yield TableRow(context.say("base_unweighted"), _spaced(bases), "base")
    for row in shown_rows(variable):
        found = [each.cells.get((name, row.code)) for each in sets]
        role: Literal["net", "category"] = "net" if row.role == "net" else "category"
        cells = _pairs(context, found, is_net=False)
        yield TableRow(row.label, cells, role, row.depth)
    yield from _number_rows(context, variable, sets)
    nets = [each.cells.get((f"{name}:{NET}", "mean")) for each in sets]
    if any(cell is not None for cell in nets):
        cells = _pairs(context, nets, is_net=True)
        yield TableRow(context.say("net_points"), cells, "net")


def _number_rows(
    context: Context, variable: Variable, sets: Sequence[WeightSet]
) -> Iterator[TableRow]:
    """Make the rows of mean, median and deviation."""
    for kind in STATISTICS:
        found = [each.cells.get((variable.name, kind)) for each in sets]
        if any(cell is not None for cell in found):
            numbers = [
                TableCell("") if c is None else statistic_cell(context, variable, c)
                for c in found
            ]
            yield TableRow(context.say(kind), _spaced(numbers), "statistic")


def _base(
    context: Context, cells: Cells, main: Cells, key: tuple[str, str]
) -> TableCell:
    """Write a base, where it does not tell a small group."""
    cell = cells.get(key)
    if cell is None:
        return TableCell("")
    if cell.hidden or comparable_base(context, cell, main.get(key)):
        return base_cell(context, cell, "base_unweighted")
    return TableCell(f"≥{context.study.report.min_base}")


def _spaced(cells: Sequence[TableCell]) -> tuple[TableCell, ...]:
    """Leave the column of the interval empty."""
    return tuple(c for cell in cells for c in (cell, TableCell("")))
