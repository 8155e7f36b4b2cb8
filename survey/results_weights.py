"""Rows of ``results.csv`` on weights: diagnostics, margins, numbers under others.

What a table of the report does not tell is missing here as well.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from math import nan
from typing import Any

import pandas as pd

from survey.report.by_weights import comparable_base, weight_sets
from survey.report.cells import TOTAL
from survey.report.context import Context
from survey.report.weighting_charts import bins_of, histogram_of
from survey.report.weighting_costs import blurred, summary_of
from survey.report.weighting_margins import MarginLine, margin_lines
from survey.report.weighting_texts import in_steps, recipe_texts
from survey.study.weights import MadeWeights
from survey.tabulation.layout import CELL_COLUMNS
from survey.tabulation.small_bases import HIDDEN, base_note
from survey.wave.result import Cell, Variant
from survey.weighting.diagnostics import margin_name, total_table
from survey.weighting.distribution import largest_weights

Row = dict[str, Any]
_TEXTS = ("question", "code", "label", "banner", "point", "statistic")
_POINTS = {
    "target": "share",
    "unweighted": "share",
    "weighted": "share",
    "difference": "weighting",
    "base_effective": "weighting",
}


def weighting_cells(context: Context) -> pd.DataFrame:
    """Give what is known of the weights of a wave.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    DataFrame
        In the columns of ``results.csv`` but the wave. The banner is
        ``weights:NAME``. Diagnostics have the question ``weights:NAME`` and the
        statistic ``weighting``; margins have their question, and the points ``target``,
        ``unweighted``, ``weighted``, ``difference`` and ``base_effective``.
    """
    rows: list[Row] = []
    for made in context.wave.made:
        name = f"weights:{made.plan.name}"
        rows += _diagnostics(context, made, name)
        rows += _distribution(context, made, name)
        rows += _margins(context, made, name)
        rows += _totals(made, name)
        rows += _largest(context, made, name)
    column = context.study.design.weight
    if column and not context.wave.made:
        rows += _diagnostics(context, None, f"weights:{column}")
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def other_cells(context: Context) -> pd.DataFrame:
    """Give the Total column under other weights.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    DataFrame
        In the columns of ``results.csv`` but the wave. Other weights of the study have
        the banner ``weights`` and their name as point; variants of the first ones have
        the banner ``sensitivity`` and points such as ``without size`` and ``cap 3``.
        Bases and counts are missing where they would tell a small group.
    """
    sets = weight_sets(context)
    main = sets[0].cells if sets else {}
    rows = [
        asdict(_guarded(context, cell, main.get(key)))
        | {"banner": banner, "point": point, "letters": ""}
        for variant in context.wave.variants
        for banner, point in [_place(variant)]
        for key, cell in variant.cells.items()
    ]
    return pd.DataFrame(rows, columns=list(CELL_COLUMNS))


def _place(variant: Variant) -> tuple[str, str]:
    """Give banner and point of a variant."""
    if variant.kind == "weights":
        return "weights", variant.name
    return "sensitivity", f"{variant.kind} {variant.name}".strip()


def _guarded(context: Context, cell: Cell, main: Cell | None) -> Cell:
    """Leave out what would tell a group that only one set of weights counts."""
    if cell.hidden or comparable_base(context, cell, main):
        return cell
    return replace(cell, count=nan, base_unweighted=nan)


def _row(*texts: str, estimate: float, **others: Any) -> Row:
    """Make a row of an estimate without an error."""
    blank = dict.fromkeys(CELL_COLUMNS, nan) | {"letters": "", "note": ""}
    named = dict(zip(_TEXTS, texts, strict=True))
    return {**blank, **named, "estimate": estimate, **others}


def _diagnostics(
    context: Context, made: MadeWeights | None, name: str
) -> Iterator[Row]:
    """Give the key figures of weights; shares are 0 to 1."""
    notes = {}
    if made is not None:
        notes = {"passes": " ".join(recipe_texts(context, made))}
    for code, value in _figures(context, made).items():
        label = code.replace("_", " ")
        yield _row(
            *(name, code, label, name, TOTAL, "weighting"),
            estimate=float(value),
            note=notes.get(code, ""),
        )


def _figures(context: Context, made: MadeWeights | None) -> Mapping[str, float]:
    """Name the key figures of weights."""
    summary = summary_of(context, made)
    found: dict[str, float] = {}
    if made is not None:
        passes = "steps" if in_steps(made) else "passes"
        found = {passes: made.weighting.passes, "gap": made.weighting.gap}
    found |= {
        "respondents": summary.respondents,
        "sum": summary.total,
        "min": summary.smallest,
        "max": summary.largest,
        "ratio": summary.ratio,
        "deff": summary.deff,
        "efficiency": summary.efficiency / 100,
        "effective_base": summary.base_effective,
        "below_0.3": blurred(summary.below_three_tenths),
        "above_3": blurred(summary.above_three),
        "above_5": blurred(summary.above_five),
    }
    trimming = made.weighting.trimming if made is not None else None
    if trimming is not None:
        found |= {
            "trimmed_low": trimming.trimmed_low,
            "trimmed_high": trimming.trimmed_high,
            "trimmed_moved": trimming.moved,
            "effective_base_before_trimming": trimming.base_effective_before,
        }
    return found


def _distribution(context: Context, made: MadeWeights, name: str) -> Iterator[Row]:
    """Give the histogram of weights, in whole percent as the figure shows it."""
    found = histogram_of(made.weighting)
    bins = [] if found is None else bins_of(context, found)
    for number, (label, share) in enumerate(bins, start=1):
        texts = (name, f"histogram_{number}", label, name, TOTAL, "weighting")
        yield _row(*texts, estimate=blurred(share))


def _margins(context: Context, made: MadeWeights, name: str) -> Iterator[Row]:
    """Give target, unweighted and weighted share of every category."""
    for line in margin_lines(context, made):
        told = _told(line)
        for point, statistic in _POINTS.items():
            value, hidden = (
                told[point],
                base_note(HIDDEN, context.study.report.min_base),
            )
            yield _row(
                *(line.margin, line.code, line.label, name, point, statistic),
                estimate=nan if value is None else value,
                note=hidden if value is None else "",
            )


def _told(line: MarginLine) -> Mapping[str, float | None]:
    """Give the numbers of a category; None where the report hides them."""
    found: dict[str, float | None] = {
        "target": line.target,
        "unweighted": line.unweighted,
        "weighted": line.weighted,
        "difference": line.weighted - line.unweighted,
        "base_effective": line.base_effective,
    }
    known = ("target", "weighted")
    return {k: v if k in known or not line.hidden else None for k, v in found.items()}


def _totals(made: MadeWeights, name: str) -> Iterator[Row]:
    """Give target, unweighted and weighted mean of every number."""
    for row in total_table(made.weighting).to_dict("records"):
        for point in ("target", "unweighted", "weighted"):
            question = str(row["name"])
            texts = (question, "mean", "", name, point, "mean")
            yield _row(*texts, estimate=float(row[point]))


def _largest(context: Context, made: MadeWeights, name: str) -> Iterator[Row]:
    """Give the largest weights, with their categories as labels."""
    told = {(line.margin, line.code): line for line in margin_lines(context, made)}
    margins = [margin_name(margin) for margin in made.weighting.margins]
    records = largest_weights(made.weighting).to_dict("records")
    for number, row in enumerate(records, start=1):
        lines = [told[margin, str(row[margin])] for margin in margins]
        hidden = any(line.hidden for line in lines)
        label = " × ".join(line.label for line in lines)
        yield _row(
            *(name, f"largest_{number}", label, name, TOTAL, "weighting"),
            estimate=nan if hidden else float(row["weight"]),
            note=base_note(HIDDEN, context.study.report.min_base) if hidden else "",
        )
