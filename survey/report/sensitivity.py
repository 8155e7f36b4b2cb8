"""How much the headlines depend on the weights: the same numbers under other ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil

from survey.report.by_weights import cost_rows, headline_in, number_cell
from survey.report.chart_values import drawn, told_in_words, with_hollow
from survey.report.context import Context, margin_name, source_line
from survey.report.document import (
    Block,
    ChartBlock,
    ChartRow,
    ChartSeries,
    Note,
    Page,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.headlines import Headline, headline_cells
from survey.report.numbers import decimal, percent, points, rounded, rounded_percent
from survey.report.table_notes import small_note
from survey.report.weighting_costs import summary_of
from survey.report.weighting_texts import weights_label
from survey.said import tell
from survey.wave.result import Variant

_FAILS = TableCell("x")
_MOST_ROWS = 36


@dataclass(frozen=True, slots=True)
class Band:
    """The lowest and the highest number of a headline."""

    headline: Headline
    low: float
    high: float


def sensitivity_pages(context: Context) -> tuple[Page, ...]:
    """Make the page of the headlines under other weights.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of Page
        One page; none where the wave has no headlines or the study makes no weights.
    """
    found = headline_cells(context)
    if not found or not context.wave.variants:
        return ()
    bands = [_band(context, headline) for headline in found]
    widest = max(bands, key=lambda band: band.high - band.low)
    blocks: tuple[Block, ...] = (
        Note(_finding(context, widest)),
        sensitivity_table(context, bands),
        *_charts(context, found),
    )
    title, section = context.say("page_sensitivity"), context.say("section_method")
    return (Page("sensitivity", title, blocks, section),)


def variant_label(context: Context, variant: Variant) -> str:
    """Say in words what differs under other weights.

    Parameters
    ----------
    context : Context
        The wave.
    variant : Variant
        Other weights.

    Returns
    -------
    str
        Such as ``Without size`` or ``No weight above 3``.
    """
    if variant.kind == "weights":
        return _short(context, variant)
    return context.say(f"variant_{variant.kind}", name=_short(context, variant))


def sensitivity_table(context: Context, bands: Sequence[Band]) -> TableBlock:
    """Put the headlines under all weights side by side.

    Parameters
    ----------
    context : Context
        The wave.
    bands : sequence of Band
        Headlines with their range.

    Returns
    -------
    TableBlock
        Weighted, unweighted, range, then a column for every variant, with design
        effects and effective bases at the foot. What cannot be met has an ``x``.
    """
    variants = _ordered(context)
    keys = ("share_weighted", "unweighted", "range")
    heads = [TableColumn(context.say(key)) for key in keys]
    heads += [
        TableColumn(_short(context, v), group=_group(context, v)) for v in variants
    ]
    rows = [_row(context, band, variants) for band in bands]
    made = [None if v.made is None else summary_of(context, v.made) for v in variants]
    main = summary_of(context, context.wave.made[0])
    title = context.say("sensitivity_title")
    return TableBlock(
        "sensitivity",
        title,
        context.say("indicator"),
        tuple(heads),
        (*rows, *cost_rows(context, [main, None, None, *made])),
        (
            context.say("sensitivity_note"),
            *_failures(context, variants),
            small_note(context),
        ),
    )


def _ordered(context: Context) -> tuple[Variant, ...]:
    """Put variants in the order of their groups: margins, limits, other weights."""
    order = ("without", "uncapped", "cap", "weights")
    return tuple(sorted(context.wave.variants, key=lambda v: order.index(v.kind)))


def _group(context: Context, variant: Variant) -> str:
    """Give the head above a variant."""
    kind = "cap" if variant.kind == "uncapped" else variant.kind
    return context.say(f"variant_group_{kind}")


def _short(context: Context, variant: Variant) -> str:
    """Name a variant under the head of its group."""
    plans = {plan.name: plan for plan in context.study.weighting}
    main = context.wave.made[0].plan
    if variant.kind == "weights":
        return weights_label(context, plans[variant.name])
    if variant.kind == "uncapped":
        return context.say("variant_no_limit")
    if variant.kind == "cap":
        number = float(variant.name)
        return decimal(number, context.language, 0 if number.is_integer() else 1)
    margins = {" x ".join(margin): main.columns(margin) for margin in main.margins}
    return margin_name(context, margins[variant.name])


def _band(context: Context, headline: Headline) -> Band:
    """Find the lowest and the highest number of a headline that is shown."""
    cells = [headline.weighted]
    cells += [
        c
        for v in context.wave.variants
        if (c := headline_in(v.cells, headline)) is not None
    ]
    shown = [cell.estimate for cell in cells if not cell.hidden]
    return Band(headline, min(shown), max(shown))


def _row(context: Context, band: Band, variants: Sequence[Variant]) -> TableRow:
    """Make the row of a headline."""
    headline = band.headline
    is_net = headline.is_net
    cells = [
        number_cell(context, headline.weighted, is_net=is_net),
        number_cell(context, headline.unweighted, is_net=is_net),
        TableCell(_range(context, band)),
    ]
    for variant in variants:
        cell = headline_in(variant.cells, headline)
        found = number_cell(context, cell, is_net=is_net)
        cells.append(_FAILS if variant.made is None else found)
    return TableRow(headline.label, tuple(cells))


def _range(context: Context, band: Band) -> str:
    """Write the range of a headline: ``38–44%``, ``+27 to +37``."""
    ends = _ends(context, band)
    if ends[0] == ends[1]:
        return ends[0]
    if band.headline.is_net:
        return context.say("rank", low=ends[0], high=ends[1])
    low = str(rounded_percent(band.low))
    return f"{low}–{ends[1]}"


def _ends(context: Context, band: Band) -> tuple[str, str]:
    """Write the lowest and the highest number of a headline."""
    if band.headline.is_net:
        return points(band.low), points(band.high)
    return context.percent(band.low), context.percent(band.high)


def _failures(context: Context, variants: Sequence[Variant]) -> Iterator[str]:
    """Say why a variant cannot be met."""
    for variant in variants:
        if variant.problem is not None:
            label = variant_label(context, variant)
            problem = tell(variant.problem, context.language).rstrip(".")
            text = f"{problem[:1].upper()}{problem[1:]}."
            yield context.say("sensitivity_fails", variant=label, problem=text)


def _finding(context: Context, widest: Band) -> str:
    """Say how far a headline moves at most."""
    moved, language = 100 * (widest.high - widest.low), context.language
    if not rounded(moved, 1):
        return context.say("sensitivity_finding_none")
    # Whole percentages seem to differ by more or less than their difference.
    low, high = (percent(end, language, 1) for end in (widest.low, widest.high))
    if widest.headline.is_net:
        low, high = _ends(context, widest)
    return context.say(
        "sensitivity_finding",
        points=decimal(moved, language),
        label=widest.headline.label,
        low=low,
        high=high,
    )


def _charts(context: Context, found: Sequence[Headline]) -> Iterator[ChartBlock]:
    """Make the figures of the shares: about as many headlines in each."""
    shares = [headline for headline in found if not headline.is_net]
    rows = [list(_rows(context, headline)) for headline in shares]
    highest = max((x.values[0].high or 0 for each in rows for x in each), default=0)
    pages = max(1, ceil(sum(map(len, rows)) / _MOST_ROWS))
    ends = [round(len(rows) * page / pages) for page in range(pages + 1)]
    for number, (start, end) in enumerate(pairwise(ends), start=1):
        name = "sensitivity_band" if number == 1 else f"sensitivity_band_{number}"
        drawn_rows = [row for each in rows[start:end] for row in each]
        if drawn_rows:
            yield _chart(context, drawn_rows, name, highest)


def _chart(
    context: Context, rows: Sequence[ChartRow], name: str, highest: float
) -> ChartBlock:
    """Make the figure of some headlines: a row for all tables, one per variant."""
    level = percent(context.level, context.language)
    lines = (context.say("sensitivity_bars", level=level), source_line(context))
    title = context.say("sensitivity_title")
    return ChartBlock(
        name=name,
        kind="dots",
        title=title,
        subtitle=context.say("sensitivity_subtitle"),
        series=(ChartSeries(context.say("share")),),
        rows=tuple(rows),
        footer=with_hollow(context, ("", *lines), rows)[1:],
        alt=told_in_words(context, "alt_dots", title, rows),
        maximum=highest,
    )


def _rows(context: Context, headline: Headline) -> Iterator[ChartRow]:
    """Make the rows of a headline."""
    group = headline.label
    main = context.say("variant_main")
    yield ChartRow(main, (drawn(context, headline.weighted),), "net", group)
    for variant in _ordered(context):
        cell = headline_in(variant.cells, headline)
        if cell is not None:
            label = variant_label(context, variant)
            yield ChartRow(label, (drawn(context, cell),), group=group)
