"""Headline numbers in pairs: with weights and without, or under two sets of them."""

from collections.abc import Sequence

from survey.report.by_weights import headline_in, weight_sets
from survey.report.chart_values import drawn, told_in_words, with_hollow
from survey.report.context import Context, method_line, source_line
from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.report.headlines import Headline
from survey.wave.result import Cell

_Pair = tuple[Headline, Cell, Cell]


def weighted_pairs(
    context: Context, found: Sequence[Headline]
) -> tuple[ChartBlock, ...]:
    """Draw the headline shares weighted and unweighted.

    Parameters
    ----------
    context : Context
        The wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    tuple of ChartBlock
        One figure; none without weights or shares.
    """
    pairs = [
        (headline, headline.weighted, headline.unweighted)
        for headline in found
        if headline.unweighted is not None and not headline.is_net
    ]
    if not context.weighted or not pairs:
        return ()
    series = (
        ChartSeries(context.say("share_weighted"), "weighted"),
        ChartSeries(context.say("share_unweighted"), "unweighted"),
    )
    texts = context.say("pairs_title"), context.say("pairs_put")
    return (_chart(context, "headlines_weighted", texts, series, pairs),)


def pairs_by_weights(
    context: Context, found: Sequence[Headline]
) -> tuple[ChartBlock, ...]:
    """Draw the headline shares under the weights of all tables and under others.

    Parameters
    ----------
    context : Context
        The wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    tuple of ChartBlock
        One figure for every further set of weights that the study makes.
    """
    main, *others = weight_sets(context) or (None,)
    charts = []
    for number, other in enumerate(others, start=1):
        assert main is not None
        cells = [(each, headline_in(other.cells, each)) for each in found]
        pairs = [
            (each, each.weighted, cell)
            for each, cell in cells
            if cell is not None and not each.is_net
        ]
        series = ChartSeries(main.label, "weighted"), ChartSeries(other.label, "other")
        put = context.say("pairs_put_sets", first=main.label, second=other.label)
        texts = context.say("pairs_title_sets"), put
        name = (
            f"headlines_by_weights_{number}" if number > 1 else "headlines_by_weights"
        )
        if pairs:
            charts.append(_chart(context, name, texts, series, pairs))
    return tuple(charts)


def _chart(
    context: Context,
    name: str,
    texts: tuple[str, str],
    series: tuple[ChartSeries, ...],
    pairs: Sequence[_Pair],
) -> ChartBlock:
    """Make a figure of pairs, in the order of the table of headlines."""
    title, put = texts
    rows = tuple(
        ChartRow(headline.label, tuple(drawn(context, cell) for cell in cells))
        for headline, *cells in pairs
    )
    lines = (_base(context, pairs), method_line(context, "bars_are"))
    return ChartBlock(
        name=name,
        kind="pairs",
        title=title,
        subtitle=put,
        series=series,
        rows=rows,
        footer=with_hollow(context, (*lines, source_line(context)), rows),
        alt=told_in_words(context, "alt_pairs", title, rows),
    )


def _base(context: Context, pairs: Sequence[_Pair]) -> str:
    """Name the bases of the headlines."""
    bases = sorted(headline.weighted.base_unweighted for headline, *_ in pairs)
    low, high = context.count(bases[0]), context.count(bases[-1])
    if low == high:
        return context.say("pairs_base", n=f"n = {low}")
    return context.say("pairs_base_range", low=low, high=high)
