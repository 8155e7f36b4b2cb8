"""Small reports for slides, and ways to look into a deck."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from pptx import Presentation

from survey.report.document import (
    ChartBlock,
    ChartRow,
    ChartSeries,
    ChartValue,
    Page,
    Report,
)


def _chart(kind: str, series: int = 1, count: int = 3, **changes: Any) -> ChartBlock:
    """A figure with shares that tell row and series: 11 %, 12 %, ... 21 %, 22 % ..."""
    roles = ["open", "proprietary", "neutral", "dont_know", "main"]
    if kind == "scale":
        roles = [f"scale:{step}/{series}" for step in range(1, series + 1)]
    made = []
    for row in range(count):
        shares = [(10 * (row + 1) + at + 1) / 100 for at in range(series)]
        values = tuple(
            ChartValue(s, f"{round(s * 100)}%", s - 0.03, s + 0.05) for s in shares
        )
        made.append(ChartRow(f"Row {row + 1}", values))
    block = ChartBlock(
        "figure",
        kind,
        "A finding",
        "A question?",
        tuple(ChartSeries(f"Series {at + 1}", roles[at]) for at in range(series)),
        tuple(made),
        ("Base: everyone, n = 90.", "Source: made up."),
        "What the figure shows.",
    )
    return replace(block, **changes)


@pytest.fixture
def with_chart(english: Report) -> Callable[[ChartBlock], Report]:
    """A report of one figure."""

    def make(block: ChartBlock) -> Report:
        return replace(english, pages=(Page("page", "Page", (block,), "Part"),))

    return make


def _parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """All parts of a file, those of embedded workbooks too."""
    with ZipFile(BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            yield name, part
            if name.endswith(".xlsx"):
                yield from _parts(part)


def _opened(content: bytes) -> Any:
    return Presentation(BytesIO(content))


def _shape(deck: Any, name: str) -> Any:
    """The first shape of a deck whose name ends like this."""
    found = [s for slide in deck.slides for s in slide.shapes if s.name.endswith(name)]
    return found[0]


def _changed(content: bytes, edit: Callable[[Any], None]) -> bytes:
    """A deck that a person has edited."""
    deck = _opened(content)
    edit(deck)
    stream = BytesIO()
    deck.save(stream)
    return stream.getvalue()


@pytest.fixture
def chart() -> Callable[..., ChartBlock]:
    return _chart


@pytest.fixture
def opened() -> Callable[[bytes], Any]:
    return _opened


@pytest.fixture
def shape() -> Callable[[Any, str], Any]:
    return _shape


@pytest.fixture
def parts() -> Callable[[bytes], Iterator[tuple[str, bytes]]]:
    return _parts


@pytest.fixture
def changed() -> Callable[[bytes, Callable[[Any], None]], bytes]:
    return _changed
