"""The figure of a set of weights: how many respondents have which weight."""

from itertools import pairwise

from survey.report.chart_values import told_in_words
from survey.report.context import Context, source_line
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.weighting_costs import blurred, weight_text
from survey.weighting.distribution import WeightHistogram, weight_histogram
from survey.weighting.weighting import Weighting

_BINS = 12
# Weights that differ by a smaller factor are equal.
_LEVEL = 1 + 1e-6


def histogram_of(weighting: Weighting) -> WeightHistogram | None:
    """Count weights in bins.

    Parameters
    ----------
    weighting : Weighting
        Weights.

    Returns
    -------
    WeightHistogram or None
        None where all weights are the same.
    """
    weight = weighting.weight.to_numpy(dtype=float)
    used = weight[weight > 0]
    if used.max() < _LEVEL * used.min():
        return None
    return weight_histogram(used, _BINS)


def bins_of(context: Context, found: WeightHistogram) -> list[tuple[str, float]]:
    """Give label and share of every bin.

    Parameters
    ----------
    context : Context
        The wave.
    found : WeightHistogram
        Counts.

    Returns
    -------
    list of (str, float)
        Such as ``0.50 to 0.82``, and the share of respondents, 0 to 1.
    """
    ends = [weight_text(edge, context.language) for edge in found.edges.tolist()]
    labels = [
        context.say("limits_between", low=low, high=high)
        for low, high in pairwise(ends)
    ]
    shares = (found.counts / found.counts.sum()).tolist()
    return list(zip(labels, shares, strict=True))


def histogram_chart(context: Context, found: WeightHistogram, name: str) -> ChartBlock:
    """Make the figure of a distribution of weights.

    Parameters
    ----------
    context : Context
        The wave.
    found : WeightHistogram
        Counts.
    name : str
        Stem of the files.

    Returns
    -------
    ChartBlock
        A bar per bin, as long as its share in whole percent.
    """
    rows = tuple(
        ChartRow(label, (_bar(context, share),))
        for label, share in bins_of(context, found)
    )
    title = context.say("histogram_title")
    return ChartBlock(
        name=name,
        kind="bars",
        title=title,
        subtitle=context.say("histogram_log" if found.log else "histogram_even"),
        series=(ChartSeries(context.say("share_of_respondents")),),
        rows=rows,
        footer=(
            context.say("histogram_base", n=context.count(int(found.counts.sum()))),
            source_line(context),
        ),
        alt=told_in_words(context, "alt_bars", title, rows),
    )


def _bar(context: Context, share: float) -> ChartValue:
    """Give one bar."""
    return ChartValue(blurred(share), context.percent(share))
