"""What a report says, without any format. Writers compute nothing.

All texts are finished texts in the language of the report: rounded, translated,
not escaped. Each writer escapes for its own format.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from survey.finding import Finding
from survey.report.look import HOUSE, Look

if TYPE_CHECKING:
    import pandas as pd

Flag = Literal["", "small", "hidden"]
ChartKind = Literal[
    "bars",
    "pairs",
    "stacked",
    "scale",
    "dots",
    "diverging",
    "heat",
    "funnel",
    "lines",
    "scatter",
    "curve",
    "states",
]


@dataclass(frozen=True, slots=True)
class TableCell:
    """One cell of a table.

    `text` is what paper shows (``41 %``, ``-``, ``n/a``); `value` is the unrounded
    number for a spreadsheet (a share is 0 to 1), None where there is none or it is
    hidden; `number_format` is ``percent``, ``points`` (a difference in percentage
    points, -100 to 100), ``count``, ``decimal`` or ``text``;
    `letters` are the columns it exceeds; `recipe` is question, base, filter,
    weight, method and test in words. `plain` is the text of the same cell without
    weights, empty where there is none or it is hidden.
    """

    text: str
    value: float | None = None
    number_format: Literal["percent", "points", "count", "decimal", "text"] = "text"
    letters: str = ""
    flag: Flag = ""
    recipe: str = ""
    plain: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: its label, its cells, and what it is."""

    label: str
    cells: tuple[TableCell, ...]
    role: Literal["category", "net", "base", "statistic", "section"] = "category"
    depth: int = 0


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a table: banner point, its letter, the banner question above."""

    label: str
    letter: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class TableBlock:
    """A table: stub down the side, banner across.

    A table that is too long for paper has `paper` False and stands in the workbook.
    """

    name: str
    title: str
    stub_head: str
    columns: tuple[TableColumn, ...]
    rows: tuple[TableRow, ...]
    notes: tuple[str, ...] = ()
    paper: bool = True


@dataclass(frozen=True, slots=True)
class ChartValue:
    """One drawn number: share 0 to 1 (or any number), interval, and finished text.

    A hidden value has `estimate` None and `text` saying why. In a figure of lines,
    `linked` is False where a value cannot be compared with the one before it.
    """

    estimate: float | None
    text: str
    low: float | None = None
    high: float | None = None
    flag: Flag = ""
    linked: bool = True


@dataclass(frozen=True, slots=True)
class ChartSeries:
    """One category of a stacked or diverging chart, or the one series of bars.

    `role` decides the colour, the same on every page: ``open``, ``proprietary``,
    ``neutral``, ``dont_know``, ``main``, ``scale:I/K`` for step I of K, or
    ``weighted`` and ``unweighted`` (or ``other``: a second set of weights) in pairs.
    In a figure of states, columns side by side with the same `group` stand under it.
    """

    label: str
    role: str = "main"
    group: str = ""


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One row of a chart: label, values (one per series), and what it is."""

    label: str
    values: tuple[ChartValue, ...]
    role: Literal["category", "net", "total", "dont_know"] = "category"
    group: str = ""
    side_text: str = ""


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """A figure as a value.

    Attributes
    ----------
    name : str
        Stem of the files under ``figures/``; safe as a file name.
    kind : str
        ``bars``: one series, a row per category, interval drawn. ``pairs``: the same
        with two series, two bars per row. ``stacked``: a row per item, a series per
        category, adds up to 100 %. ``scale``: the same for the steps of a scale,
        around its middle (half of a middle step to each side); series with the role
        ``dont_know`` stand apart, `side_text` may hold the net. ``dots``: one series,
        a row per banner point under its `group`, interval drawn. ``diverging``: first
        series to the right (open), second to the left (proprietary), further ones
        (neutral, don't know) as a light band of their own, `side_text` holds the net.
        ``heat``: a row per item, a series per category, numbers on fields whose
        colour grows with them; hidden fields are hatched and the legend says why.
        ``funnel``: one series, a row per
        stage from the widest down, centred, the interval in the text. ``lines``: a
        series per wave, a row per line with its name at its end, interval drawn, a
        gap where a value is hidden or not linked; two waves are a slope chart.
        ``scatter``: a row per point with two values, across and up, on the axes named
        by the two series; its name is written where the row has the role ``net``.
        ``curve``: the same two values, points of one `group` joined in their order,
        one line per group. ``states``: a row per item, a field per series; the
        estimate of a value is the place of its state in `legend`, its text the mark
        that stands on the field.
    title : str
        The finding, or the short label of the question.
    subtitle : str
        The question as it was put.
    series, rows
        What is drawn.
    footer : tuple of str
        Base with n, method, source: one line each.
    alt : str
        What the figure shows, for people who cannot see it.
    side_head : str
        Head above the side texts (``Net (open minus proprietary)``).
    maximum : float or None
        Right end of the axis; None lets the writer choose.
    logarithmic : bool
        Whether both axes of a scatter are logarithmic; then all values are above 0.
    reference : tuple of (float, float)
        Points of a thin line behind a scatter or a curve: a fit, or the diagonal.
    legend : tuple of ChartSeries
        States of a figure of states, with the roles ``state:open``,
        ``state:unlicensed``, ``state:invalid``, ``state:absent``, ``state:optional``.
    language : str
        Language of the numbers along the axes of a scatter or a curve.
    """

    name: str
    kind: ChartKind
    title: str
    subtitle: str
    series: tuple[ChartSeries, ...]
    rows: tuple[ChartRow, ...]
    footer: tuple[str, ...]
    alt: str
    side_head: str = ""
    maximum: float | None = None
    logarithmic: bool = False
    reference: tuple[tuple[float, float], ...] = ()
    legend: tuple[ChartSeries, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Note:
    """A paragraph, or a list of points when `points` is given."""

    text: str
    points: tuple[str, ...] = ()
    kind: Literal["text", "finding", "caution"] = "text"


Block = TableBlock | ChartBlock | Note


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the report: a heading and what stands under it."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    section: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that a run has to say.

    Attributes
    ----------
    name : str
        Stem of the output folder, safe as a file name.
    title, subtitle, language : str
        As printed on the cover; language is ``en`` or ``de``.
    cautions : tuple of str
        What the cover must say (``synthetic data``, ``opt-in sample``).
    pages : tuple of Page
        In reading order.
    findings : tuple of Finding
        About the data.
    results : DataFrame
        Every published cell, with the columns of ``results.csv``.
    headlines : tuple of str
        Key findings in sentences, as the terminal and the first page show them.
    provenance : mapping
        What ``run.json`` holds: inputs with hashes, versions, options, warnings.
    words : mapping of str to str
        Fixed words the writers need, in the language of the report (``contents``,
        ``page``, ``source`` ...).
    look : Look
        Colours, fonts and logo of the house.
    template : bytes
        Presentation whose master the slides take; empty for ours.
    """

    name: str
    title: str
    subtitle: str
    language: str
    cautions: tuple[str, ...]
    pages: tuple[Page, ...]
    findings: tuple[Finding, ...]
    results: "pd.DataFrame"
    headlines: tuple[str, ...]
    provenance: Mapping[str, Any]
    words: Mapping[str, str] = field(default_factory=dict)
    look: Look = HOUSE
    template: bytes = field(default=b"", repr=False)
