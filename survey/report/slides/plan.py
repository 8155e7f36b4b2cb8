"""Which slides there are, and what each of them says.

One message per slide. What does not fit on a slide stands whole in its notes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final, Literal

from survey.report.charts_axes import hidden_lines
from survey.report.charts_ticks import TWO_AXES
from survey.report.document import (
    ChartBlock,
    ChartRow,
    Note,
    Page,
    Report,
    TableBlock,
)
from survey.report.slides.line_plots import MOST_LINES
from survey.report.slides.point_plots import with_groups
from survey.report.style import clean
from survey.report.wording import say, words

_ROWS_MOST: Final = 22
_MOST: Final = {"lines": MOST_LINES, "states": 8, "scatter": 0, "curve": 0}
_TABLE_ROWS: Final = 12
_TABLE_COLUMNS: Final = 9
_METHODS: Final = "methods"


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide before it is laid out.

    Attributes
    ----------
    key : str
        Tells the slide from all others, also in the next run.
    kind : {"title", "text", "chart", "table"}
        What stands on it.
    section : str
        Section of the deck.
    title, subtitle : str
        The finding; the question as it was put.
    points : tuple of str
        Paragraphs of a slide of text.
    size : float
        Largest type size of these in points, the same on all slides that go on.
    chart, table : ChartBlock or TableBlock, optional
        What is drawn.
    rows : tuple of ChartRow
        Rows of the figure that this slide shows.
    footer : tuple of str
        Base with n, method, source.
    notes : tuple of str
        Paragraphs of the notes.
    """

    key: str
    kind: Literal["title", "text", "chart", "table"]
    section: str
    title: str
    subtitle: str = ""
    points: tuple[str, ...] = ()
    size: float = 0.0
    chart: ChartBlock | None = None
    table: TableBlock | None = None
    rows: tuple[ChartRow, ...] = ()
    footer: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def slides(report: Report) -> tuple[Slide, ...]:
    """Plan all slides of a report.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.

    Returns
    -------
    tuple of Slide
        Title, key findings, figures and small tables, methods.
    """
    made = [_first(report)]
    fixed = {**words(report.language), **report.words}
    opening = next((page.section for page in report.pages), "")
    if report.headlines:
        head = fixed["key_findings"]
        made.append(Slide("findings", "text", opening, head, points=report.headlines))
    for page in report.pages:
        made.extend(_page(report, page))
    return _named_apart(made)


def _first(report: Report) -> Slide:
    """Plan the first slide: title, subtitle, what a reader must know."""
    section = next((page.section for page in report.pages), "")
    return Slide(
        "title",
        "title",
        section,
        clean(report.title),
        clean(report.subtitle),
        tuple(clean(caution) for caution in report.cautions),
    )


def _page(report: Report, page: Page) -> Iterator[Slide]:
    """Plan the slides of a page."""
    if page.name == _METHODS:
        yield _methods(page)
        return
    charts = [block for block in page.blocks if isinstance(block, ChartBlock)]
    told = _told(page)
    # One sentence beside a figure stands in the notes of the figure.
    if told is not None and (not charts or len(told.points) > 1):
        yield told
    for chart in charts:
        if chart.rows and chart.series:
            yield from _chart(report, page, chart)
    for block in page.blocks:
        if isinstance(block, TableBlock) and not charts and _small(block):
            yield _table(report, page, block)


def _told(page: Page) -> Slide | None:
    """Plan the slide of the findings of a page; None without any."""
    notes = [block for block in page.blocks if isinstance(block, Note)]
    if not any(note.kind == "finding" for note in notes):
        return None
    points = [
        text
        for note in notes
        if note.kind in ("finding", "caution")
        for text in (note.text, *note.points)
        if text
    ]
    return Slide(
        f"{page.name}_told",
        "text",
        page.section,
        clean(page.title),
        points=tuple(points),
    )


def _methods(page: Page) -> Slide:
    """Plan the slide on how the numbers were made."""
    points = [
        text
        for block in page.blocks
        if isinstance(block, Note)
        for text in (block.text, *block.points)
        if text
    ]
    return Slide(
        page.name, "text", page.section, clean(page.title), points=tuple(points)
    )


def _chart(report: Report, page: Page, chart: ChartBlock) -> Iterator[Slide]:
    """Plan the slides of a figure; a long one needs several."""
    rows = with_groups(chart.rows) if chart.kind == "dots" else chart.rows
    unseen = hidden_lines(chart) if chart.kind in TWO_AXES else ()
    parts = _parts(rows, _MOST.get(chart.kind, _ROWS_MOST))
    for number, part in enumerate(parts, start=1):
        title = clean(chart.title)
        if len(parts) > 1:
            title = say(
                report.language,
                "slides_part",
                title=title,
                number=number,
                parts=len(parts),
            )
        yield Slide(
            key=chart.name if number == 1 else f"{chart.name}~{number}",
            kind="chart",
            section=page.section,
            title=title,
            subtitle=clean(chart.subtitle),
            chart=chart,
            rows=part,
            footer=tuple(clean(line) for line in (*chart.footer, *unseen)),
            notes=_chart_notes(report, page, chart),
        )


def _parts(rows: Sequence[ChartRow], most: int) -> list[tuple[ChartRow, ...]]:
    """Split rows evenly, between groups where that is possible; 0 splits nothing."""
    if len(rows) <= most or not most:
        return [tuple(rows)]
    wanted = ceil(len(rows) / ceil(len(rows) / most))
    heads = [at for at, row in enumerate(rows) if not row.values]
    between = [at for at in heads if wanted // 2 < at <= most]
    end = min(between, key=lambda at: abs(at - wanted), default=wanted)
    return [tuple(rows[:end]), *_parts(rows[end:], most)]


def _chart_notes(report: Report, page: Page, chart: ChartBlock) -> tuple[str, ...]:
    """Say how the numbers of a figure were made, and what it shows."""
    recipes = _recipes(page)
    told = _told(page)
    lines = [
        _named(report, "slides_question", chart.subtitle),
        *(told.points if told is not None and len(told.points) == 1 else ()),
        *chart.footer,
        *(_named(report, "slides_recipe", recipe) for recipe in recipes[:1]),
        _named(report, "slides_alt", chart.alt),
    ]
    return tuple(clean(line) for line in lines if line)


def _recipes(page: Page) -> list[str]:
    """Find how the numbers of the tables of a page were made."""
    tables = [block for block in page.blocks if isinstance(block, TableBlock)]
    cells = (cell for t in tables for row in t.rows for cell in row.cells)
    return [cell.recipe for cell in cells if cell.recipe]


def _named(report: Report, key: str, text: str) -> str:
    """Put a word before a text, if there is one."""
    return say(report.language, key, text=text) if text else ""


def _small(table: TableBlock) -> bool:
    """Say whether a table can be read on a slide."""
    few = len(table.rows) <= _TABLE_ROWS and len(table.columns) <= _TABLE_COLUMNS
    return bool(few and table.rows and table.columns and table.paper)


def _table(report: Report, page: Page, table: TableBlock) -> Slide:
    """Plan the slide of a table."""
    # The text of a note is the head of its points, which have a slide of their own.
    beside = [
        b.text for b in page.blocks if isinstance(b, Note) and b.text and not b.points
    ]
    recipes = [cell.recipe for row in table.rows for cell in row.cells if cell.recipe]
    notes = (*table.notes, *beside)
    made = [_named(report, "slides_recipe", recipe) for recipe in recipes[:1]]
    return Slide(
        key=table.name,
        kind="table",
        section=page.section,
        title=clean(table.title or page.title),
        table=table,
        footer=tuple(clean(line) for line in notes if line),
        notes=tuple(clean(line) for line in (*notes, *made) if line),
    )


def _named_apart(made: Sequence[Slide]) -> tuple[Slide, ...]:
    """Keep keys apart, should two figures share a name."""
    used: dict[str, int] = {}
    apart = []
    for slide in made:
        key = "-".join(clean(slide.key).split("/")) or slide.kind
        used[key] = used.get(key, 0) + 1
        apart.append(
            replace(slide, key=key if used[key] == 1 else f"{key}+{used[key]}")
        )
    return tuple(apart)
