"""The report on paper: a report becomes what the template shows, and that a PDF.

Texts travel as JSON; the template is fixed. Nothing that comes from data is ever
read as markup.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from survey.report import style
from survey.report.charts import image
from survey.report.document import (
    Block,
    ChartBlock,
    Note,
    Page,
    Report,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.look import Look
from survey.report.page_parts import PAGE, page_parts
from survey.report.table_parts import parts
from survey.report.typesetting import typeset
from survey.report.wording import action_text, words
from survey.said import tell

_ROOMY_COLUMNS: Final = 6
_ROOMY_ROWS: Final = 40
_SMALL_ROWS: Final = 6
_SHORT_TEXT: Final = 11
_LONG_WORD: Final = re.compile(r"\S{30}(?=\S)")
_FINDINGS: Final = "findings"
_ROLES: Final = ("accent", "ink", "muted", "rule", "proprietary")
_NARROW_COLUMNS: Final = 3
_LONG_ROWS: Final = 100
_SIZE: Final = re.compile(rb'(?:width|height)="([\d.]+)pt"')
_BREAK_HERE: Final = "\u200b"


def pdf(report: Report, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """Set a report as PDF.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.
    pictures : mapping of str to bytes, optional
        The figures by name, as `image` makes them for a page; made here if omitted.

    Returns
    -------
    bytes
        A tagged PDF (PDF/UA-1) with bookmarks and embedded fonts: cover, contents,
        pages by section, findings on the data. The same report gives the same bytes.
    """
    fixed = {**words(report.language), **report.words}
    pages = pages_with_findings(report)
    data = {
        "title": _tidy(report.title) or report.name,
        "subtitle": _tidy(report.subtitle),
        "language": report.language,
        "cautions": [_tidy(text) for text in report.cautions],
        "headlines": [_tidy(text) for text in report.headlines],
        "words": fixed,
        "sheets": list(_sheets(pages, _drawn(report, pictures or {}))),
        "look": {role: report.look.colours[role] for role in _ROLES},
        "logo": _logo(report.look),
    }
    return typeset("report.typ", data, look=report.look)


def _logo(look: Look) -> dict[str, Any] | None:
    """Turn the logo of a house into data, byte by byte."""
    if not look.logo:
        return None
    return {"kind": look.logo_kind, "bytes": list(look.logo)}


def _drawn(report: Report, pictures: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Give the pictures of all figures, making those that are not there."""
    return {
        block.name: _pictures(block, pictures.get(block.name), report.look)
        for page in report.pages
        for block in page.blocks
        if isinstance(block, ChartBlock)
    }


def _pictures(block: ChartBlock, picture: bytes | None, look: Look) -> list[str]:
    """Give the picture of a figure, or several where one could not be read."""
    found = picture or image(block, "page", look=look)
    wide, high = (float(length) for length in _SIZE.findall(found)[:2])
    if high / wide <= PAGE[1] / PAGE[0]:
        return [found.decode()]
    parts = page_parts(block, look)
    if len(parts) == 1:
        return [found.decode()]
    return [image(part, "page", look=look).decode() for part in parts]


def pages_with_findings(report: Report) -> tuple[Page, ...]:
    """Give the pages of a report, and one of the findings where none shows them.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.

    Returns
    -------
    tuple of Page
        In reading order.
    """
    fixed = {**words(report.language), **report.words}
    if not report.findings or _has_findings(report, fixed):
        return report.pages
    return (*report.pages, _findings(report, fixed))


def _tidy(text: str) -> str:
    """Prepare a text for paper; very long words may break."""
    return _LONG_WORD.sub(lambda word: word.group() + _BREAK_HERE, style.clean(text))


def _sheets(
    pages: Sequence[Page], pictures: Mapping[str, Sequence[str]]
) -> Iterator[dict[str, Any]]:
    """Turn pages into what follows one another on paper.

    A section begins a sheet, and so does a page with a figure that is not small.
    """
    section = ""
    for page in pages:
        title = _tidy(page.title) or page.name
        headings = [{"level": 2 if page.section else 1, "title": title}]
        opens = not page.section or page.section != section
        if page.section and opens:
            headings.insert(0, {"level": 1, "title": _tidy(page.section)})
        section = page.section
        shown = [block for block in page.blocks if _on_paper(block)]
        drawn = any(isinstance(block, ChartBlock) for block in shown)
        tabled = [isinstance(block, TableBlock) for block in shown]
        yield {
            "begins": opens or (drawn and not _is_small(shown)),
            "headings": headings,
            # A figure behind a table may stand on another page than the heading.
            "blocks": [
                _block(block, "" if any(tabled[:n]) else title, pictures)
                if isinstance(block, ChartBlock)
                else _block(block, title, pictures)
                for n, block in enumerate(shown)
            ],
        }


def _is_small(blocks: Sequence[Block]) -> bool:
    """Say whether a page fits below another one: few rows, and few columns."""
    rows = [len(b.rows) for b in blocks if not isinstance(b, Note)]
    columns = [len(b.columns) for b in blocks if isinstance(b, TableBlock)]
    return sum(rows) <= _SMALL_ROWS and max(columns, default=0) <= _ROOMY_COLUMNS


def _on_paper(block: Block) -> bool:
    """Say whether a block is printed; long tables stand in the workbook only."""
    return not isinstance(block, TableBlock) or block.paper


def _is_dense(block: TableBlock) -> bool:
    """Say whether a table is set small: it has many columns, or very many rows."""
    return len(block.columns) > _ROOMY_COLUMNS or len(block.rows) > _ROOMY_ROWS


def _is_long(block: TableBlock) -> bool:
    """Say whether a table is set in two columns: it is long, and narrow."""
    narrow = len(block.columns) <= _NARROW_COLUMNS
    return narrow and len(block.rows) > _LONG_ROWS


def _block(
    block: Block, heading: str, pictures: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Turn a block into data; a title that repeats the heading is left out."""
    match block:
        case ChartBlock():
            return {"kind": "chart", "value": _chart(block, heading, pictures)}
        case TableBlock():
            return {"kind": "table", "value": _table(block, heading)}
        case _:
            return {"kind": "note", "value": _note(block)}


def _note(block: Note) -> dict[str, Any]:
    """Turn a note into data."""
    points = [_tidy(point) for point in block.points]
    return {"text": _tidy(block.text), "points": points, "kind": block.kind}


def _title(text: str, heading: str) -> str:
    """Give the title of a block, unless it stands above already."""
    return "" if _tidy(text) == heading else _tidy(text)


def _chart(
    block: ChartBlock, heading: str, pictures: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Turn a figure into data; the page sets its title, question and footer."""
    return {
        "title": _title(block.title, heading),
        "subtitle": _tidy(block.subtitle),
        "footer": [_tidy(line) for line in block.footer],
        "alt": _tidy(block.alt or block.title) or block.name,
        "svgs": pictures[block.name],
    }


def _table(block: TableBlock, heading: str) -> dict[str, Any]:
    """Turn a table into data."""
    return {
        "title": _title(block.title, heading),
        "stub_head": _tidy(block.stub_head),
        "notes": [_tidy(note) for note in block.notes],
        "dense": _is_dense(block),
        "twice": _is_long(block),
        "parts": [_part(block, positions) for positions in parts(block)],
    }


def _part(block: TableBlock, positions: Sequence[int]) -> dict[str, Any]:
    """Turn some columns of a table into data."""
    columns = [block.columns[n] for n in positions]
    rows = [_row(block, n, positions) for n in range(len(block.rows))]
    letters = [len(cell["letters"]) for row in rows for cell in row["cells"]]
    return {
        "groups": [
            {"label": _tidy(group), "span": len(list(run))}
            for group, run in groupby(columns, key=lambda column: column.group)
        ],
        "columns": [
            {
                "label": _tidy(column.label),
                "letter": _tidy(column.letter),
                "share": _share(row.cells[n].text for row in block.rows if row.cells),
            }
            for n, column in zip(positions, columns, strict=True)
        ],
        "stub": _share([row.label for row in block.rows]) or 4,
        "letters": max(letters, default=0),
        "rows": rows,
    }


def _is_last_base(block: TableBlock, position: int) -> bool:
    """Say whether a rule divides this row from what follows."""
    after = block.rows[position + 1].role if position + 1 < len(block.rows) else "base"
    return (block.rows[position].role == "base") != (after == "base")


def _share(texts: Iterator[str] | Sequence[str]) -> float:
    """Give the share of the page that a column of long texts wants, 0 for short."""
    longest = max((len(text) for text in texts), default=0)
    return 0.0 if longest <= _SHORT_TEXT else min(longest, 90) ** 0.5


def _row(block: TableBlock, number: int, positions: Sequence[int]) -> dict[str, Any]:
    """Turn a row into data; a section row has no cells."""
    row = block.rows[number]
    cells = row.cells or (TableCell(""),) * len(block.columns)
    return {
        "label": _tidy(row.label),
        "role": row.role,
        "depth": row.depth,
        "last_base": _is_last_base(block, number),
        "cells": [_cell(cells[n]) for n in positions],
    }


def _cell(cell: TableCell) -> dict[str, Any]:
    """Turn a cell into data; a small base carries an asterisk."""
    return {
        "text": marked(cell),
        "letters": _tidy(cell.letters),
        "flag": cell.flag,
    }


def marked(cell: TableCell) -> str:
    """Give the text of a cell, with an asterisk where its base is small.

    Two asterisks stand for a hidden number that has no text of its own.

    Parameters
    ----------
    cell : TableCell
        A cell of a table.

    Returns
    -------
    str
        What paper shows.

    Examples
    --------
    >>> marked(TableCell("41%", flag="small")), marked(TableCell("", flag="hidden"))
    ('41%*', '**')
    """
    text = style.clean(cell.text)
    if cell.flag == "hidden":
        return text or "**"
    return f"{text}*" if cell.flag == "small" and not text.endswith("*") else text


def _has_findings(report: Report, fixed: dict[str, str]) -> bool:
    """Say whether the pages show the findings on the data already."""
    titles = (fixed["data_findings"], fixed["page_data"])
    return any(page.name == _FINDINGS or page.title in titles for page in report.pages)


def _findings(report: Report, fixed: dict[str, str]) -> Page:
    """Make a page of the findings on the data."""
    heads = ("severity", "check", "question", "count", "action")
    columns = tuple(TableColumn(fixed[head]) for head in heads)
    rows = tuple(
        TableRow(
            tell(finding.said, report.language),
            (
                TableCell(fixed[f"severity_{finding.severity}"]),
                TableCell(finding.check),
                TableCell(finding.question),
                TableCell(str(finding.count), finding.count, "count"),
                TableCell(action_text(finding.action, report.language)),
            ),
        )
        for finding in report.findings
    )
    block = TableBlock(_FINDINGS, "", fixed["message"], columns, rows)
    return Page(_FINDINGS, fixed["data_findings"], (block,))
