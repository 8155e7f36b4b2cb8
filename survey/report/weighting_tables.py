"""Tables on weights: key figures, margins, means, the largest weights."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from survey.report.context import Context
from survey.report.document import Flag, TableBlock, TableCell, TableColumn, TableRow
from survey.report.numbers import decimal, percent, points
from survey.report.table_notes import small_note
from survey.report.weighting_costs import blurred, summary_of, weight_text
from survey.report.weighting_margins import (
    MarginLine,
    margin_label,
    margin_lines,
)
from survey.report.weighting_texts import gap_text, in_steps
from survey.study.weights import MadeWeights
from survey.weighting.diagnostics import margin_name, total_table
from survey.weighting.distribution import largest_weights

HIDDEN = TableCell("", flag="hidden")
# Weights that differ by less are the same.
_SAME = 1e-9
_COUNTS = ("weights_respondents", "weights_total", "base_effective")


def figures_table(
    pairs: Sequence[tuple[Context, MadeWeights | None]], name: str
) -> TableBlock:
    """Put the key figures of weights side by side, wave by wave.

    Parameters
    ----------
    pairs : sequence of (Context, MadeWeights or None)
        Waves, the newest first, with the same set of weights; None where the weights
        are a column of the export.
    name : str
        Name of the table.

    Returns
    -------
    TableBlock
        Spread, cost, and how the fit ended.
    """
    newest = pairs[0][0]
    figures = [dict(_figures(*pair)) for pair in pairs]
    labels = dict.fromkeys(label for found in figures for label in found)
    blank = TableCell("")
    rows = [
        TableRow(label, tuple(found.get(label, blank) for found in figures))
        for label in labels
    ]
    heads = tuple(
        TableColumn(c.wave_label or c.say("share_weighted")) for c, _ in pairs
    )
    title, head = newest.say("weights_title"), newest.say("key_figure")
    return TableBlock(name, title, head, heads, tuple(rows))


def _figures(
    context: Context, made: MadeWeights | None
) -> Iterator[tuple[str, TableCell]]:
    """Give label and cell of every key figure."""
    found, language = summary_of(context, made), context.language

    def number(key: str, value: float) -> tuple[str, TableCell]:
        if key in _COUNTS:
            return context.say(key), TableCell(context.count(value), value, "count")
        return context.say(key), TableCell(
            weight_text(value, language), value, "decimal"
        )

    def share(key: str, value: float, limit: float) -> tuple[str, TableCell]:
        label = context.say(key, limit=decimal(limit, language, 1 if limit < 1 else 0))
        return label, _whole_percent(context, value)

    yield number("weights_respondents", found.respondents)
    yield number("weights_total", found.total)
    yield number("weights_smallest", found.smallest)
    yield number("weights_largest", found.largest)
    yield number("weights_ratio", found.ratio)
    yield number("deff", found.deff)
    efficiency = found.efficiency / 100
    text = percent(efficiency, language, 1)
    yield context.say("efficiency"), TableCell(text, efficiency, "percent")
    yield number("base_effective", found.base_effective)
    yield share("weights_below", found.below_three_tenths, 0.3)
    yield share("weights_above", found.above_three, 3)
    yield share("weights_above", found.above_five, 5)
    if made is not None:
        key = "weights_steps" if in_steps(made) else "weights_passes"
        passes = made.weighting.passes
        yield context.say(key), TableCell(context.count(passes), passes, "count")
        gap = 100 * made.weighting.gap
        text = gap_text(made.weighting.gap, language)
        yield context.say("weights_gap"), TableCell(text, gap, "text")


def margins_table(
    pairs: Sequence[tuple[Context, MadeWeights]], name: str
) -> TableBlock:
    """Put target, unweighted and weighted share of every category side by side.

    Parameters
    ----------
    pairs : sequence of (Context, MadeWeights)
        Waves, the newest first, with the same set of weights. Earlier ones show their
        unweighted shares.
    name : str
        Name of the table.

    Returns
    -------
    TableBlock
        A section for every margin.
    """
    context, made = pairs[0]
    lines = margin_lines(context, made)
    earlier = [
        {(line.margin, line.code): line for line in margin_lines(*pair)}
        for pair in pairs[1:]
    ]
    rows: list[TableRow] = []
    for margin, group in groupby(lines, key=lambda line: line.margin):
        rows.append(TableRow(margin_label(context, margin), (), "section"))
        for line in group:
            then = [found.get((line.margin, line.code)) for found in earlier]
            cells = (*_line(context, line), *(_share_then(context, t) for t in then))
            rows.append(TableRow(line.label, cells))
    keys = ("target", "share_unweighted", "share_weighted", "difference")
    heads = [context.say(key) for key in (*keys, "respondents", "base_effective")]
    heads += [context.say("unweighted_in", wave=c.wave_label) for c, _ in pairs[1:]]
    return TableBlock(
        name,
        context.say("weighting_title", wave=context.wave_label).rstrip(", "),
        context.say("category"),
        tuple(TableColumn(head) for head in heads),
        tuple(rows),
        tuple(_margin_notes(context, lines)),
    )


def _line(context: Context, line: MarginLine) -> tuple[TableCell, ...]:
    """Write a category: what its margin wants, what there was, what there is."""
    target, weighted = (_share(context, v) for v in (line.target, line.weighted))
    if line.hidden:
        return (target, HIDDEN, weighted, HIDDEN, HIDDEN, HIDDEN)
    moved, n = line.weighted - line.unweighted, line.respondents
    flag: Flag = "small" if n < context.study.report.small_base else ""
    base = line.base_effective
    return (
        target,
        _share(context, line.unweighted),
        weighted,
        TableCell(points(moved), 100 * moved, "points"),
        TableCell(context.count(n), float(n), "count", flag=flag),
        TableCell(context.count(base), base, "count"),
    )


def _share_then(context: Context, line: MarginLine | None) -> TableCell:
    """Write the unweighted share of a category in an earlier wave."""
    if line is None:
        return TableCell("n/a")
    return HIDDEN if line.hidden else _share(context, line.unweighted)


def _share(context: Context, share: float) -> TableCell:
    """Write a share with one digit."""
    return TableCell(percent(share, context.language, 1), share, "percent")


def _margin_notes(context: Context, lines: Sequence[MarginLine]) -> Iterator[str]:
    """Explain the columns, and what is not told."""
    yield context.say("margins_note")
    if any(line.hidden for line in lines):
        yield context.say("margins_crossed", min=context.study.report.min_base)
    yield small_note(context)


def totals_table(context: Context, made: MadeWeights, name: str) -> TableBlock:
    """Put the means of numbers side by side: population, unweighted, weighted.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        Weights that meet means.
    name : str
        Name of the table.

    Returns
    -------
    TableBlock
        A row for every number.
    """
    table = total_table(made.weighting)
    numbers = table[["target", "unweighted", "weighted"]].to_numpy(dtype=float)
    rows = tuple(
        TableRow(
            margin_label(context, question),
            tuple(TableCell(_mean(context, v), v, "decimal") for v in means),
        )
        for question, means in zip(table["name"], numbers.tolist(), strict=True)
    )
    keys = ("target", "share_unweighted", "share_weighted")
    heads = tuple(TableColumn(context.say(key)) for key in keys)
    title, head = context.say("totals_title"), context.say("number")
    return TableBlock(name, title, head, heads, rows)


def _mean(context: Context, value: float) -> str:
    """Write a mean."""
    return decimal(value, context.language, 2)


def largest_table(context: Context, made: MadeWeights, name: str) -> TableBlock:
    """List the largest weights with the categories that they come from.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        One set of weights.
    name : str
        Name of the table.

    Returns
    -------
    TableBlock
        Ten rows at most.
    """
    table = largest_weights(made.weighting)
    margins = [margin_name(margin) for margin in made.weighting.margins]
    told = {(x.margin, x.code): x for x in margin_lines(context, made)}
    keys = ["weight"] if _is_level(made) else ["weight", "factor"]
    rows = []
    for number, row in enumerate(table.to_dict("records"), start=1):
        lines = [told[margin, str(row[margin])] for margin in margins]
        hidden = any(line.hidden for line in lines)
        weights = [HIDDEN if hidden else _weight(context, row[key]) for key in keys]
        labels = (TableCell(line.label) for line in lines)
        cells = (*labels, *weights, _compared(context, int(row["count"])))
        rows.append(TableRow(str(number), cells))
    heads = [margin_label(context, margin) for margin in margins]
    heads += [context.say(f"{key}_of_record") for key in keys]
    notes = [context.say("largest_note")]
    if any(line.hidden for line in told.values()):
        notes.append(context.say("largest_hidden"))
    return TableBlock(
        name,
        context.say("largest_title"),
        context.say("rank_number"),
        tuple(TableColumn(head) for head in (*heads, context.say("respondents"))),
        tuple(rows),
        tuple(notes),
    )


def _is_level(made: MadeWeights) -> bool:
    """Say whether all weights were the same before the fit."""
    base = made.weighting.base_weight
    used = base[base > 0]
    return bool(used.max() - used.min() < _SAME)


def _weight(context: Context, weight: float) -> TableCell:
    """Write a weight."""
    text = weight_text(weight, context.language)
    return TableCell(text, float(weight), "decimal")


def _compared(context: Context, respondents: int) -> TableCell:
    """Say how a number of respondents compares with the smallest base."""
    # The number itself could complete a column that a table hides.
    least = context.study.report.min_base
    return TableCell(f"{'<' if respondents < least else '≥'}{least}")


def histogram_table(
    context: Context, bins: Sequence[tuple[str, float]], name: str
) -> TableBlock:
    """Put the histogram of weights into the workbook.

    Parameters
    ----------
    context : Context
        The wave.
    bins : sequence of (str, float)
        Label and share of respondents, 0 to 1.
    name : str
        Name of the table.

    Returns
    -------
    TableBlock
        Whole percentages, as in the figure.
    """
    rows = tuple(
        TableRow(label, (_whole_percent(context, share),)) for label, share in bins
    )
    head = (TableColumn(context.say("share_of_respondents")),)
    title = context.say("histogram_title")
    return TableBlock(name, title, context.say("weight"), head, rows, paper=False)


def _whole_percent(context: Context, share: float) -> TableCell:
    """Write a share of respondents, which does not tell exactly how many they are."""
    whole = blurred(share)
    value = whole if whole or not share else None
    return TableCell(context.percent(share), value, "percent")
