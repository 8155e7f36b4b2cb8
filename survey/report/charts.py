"""Figures: a chart as a value becomes a drawing, and the drawing becomes files.

All files of a figure come from one drawing, so they cannot differ.
"""

import struct
import zlib
from collections.abc import Sequence
from concurrent.futures import Executor, Future
from dataclasses import asdict
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from survey.report import style
from survey.report.charts_bars import bars, dots
from survey.report.charts_frame import CONTENT, surround
from survey.report.charts_stacked import diverging, in_order, stacked
from survey.report.document import ChartBlock
from survey.report.marks import Drawing, paint, shifted
from survey.report.typesetting import typeset

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ImageFormat = Literal["png", "svg", "pdf"]
IMAGE_FORMATS: Final[tuple[ImageFormat, ...]] = ("png", "svg", "pdf")

_SHAPES: Final = {
    "bars": bars,
    "dots": dots,
    "stacked": stacked,
    "diverging": diverging,
}
_HEADER_END: Final = 33
_INCHES_PER_METRE: Final = 39.3701


def layout(block: ChartBlock, *, bare: bool = False) -> Drawing:
    """Lay out a figure.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    bare : bool, default False
        Leave out margins, title, question and footer, for a page that sets them
        itself.

    Returns
    -------
    Drawing
        13.33 inches wide; 7.5 inches high, or higher where there are many rows.
    """
    has_legend = block.kind in ("stacked", "diverging")
    frame, around = surround(block, in_order(block) if has_legend else (), bare=bare)
    marks = (*_SHAPES[block.kind](block, frame), *around)
    if not bare:
        return Drawing(style.WIDTH, frame.height, marks)
    moved = tuple(shifted(mark, -style.MARGIN) for mark in marks)
    return Drawing(CONTENT, frame.height, moved)


def draw(block: ChartBlock) -> "Figure":
    """Draw a figure with matplotlib, to be shown in a notebook or worked on.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.

    Returns
    -------
    Figure
        Without axes; the marks are in inches.
    """
    return paint(layout(block))


def image(block: ChartBlock, kind: ImageFormat, *, language: str = "en") -> bytes:
    """Make one file of a figure.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    kind : {"png", "svg", "pdf"}
        PNG has 300 dots per inch; SVG holds its letters as outlines, so that it
        looks the same everywhere; PDF embeds its fonts.
    language : str, default "en"
        Language of the texts, for readers' software.

    Returns
    -------
    bytes
        Contents of the file, the same for the same figure.
    """
    return _image(block, layout(block), kind, language)


def begin(
    workers: Executor,
    blocks: Sequence[ChartBlock],
    kinds: Sequence[ImageFormat] = IMAGE_FORMATS,
    *,
    language: str = "en",
) -> dict[str, "Future[bytes]"]:
    """Start making the files of many figures.

    The typesetter works outside the interpreter lock, so a pool of threads is
    enough and no second process is needed.

    Parameters
    ----------
    workers : Executor
        Who makes them.
    blocks : sequence of ChartBlock
        The figures.
    kinds : sequence of {"png", "svg", "pdf"}
        Formats of each.
    language : str, default "en"
        Language of the texts.

    Returns
    -------
    dict of str to Future
        File name and contents to come, in the order of figures and formats.
    """
    waiting: dict[str, Future[bytes]] = {}
    for block in blocks:
        drawing = layout(block)
        for kind in kinds:
            made = workers.submit(_image, block, drawing, kind, language)
            waiting[f"{block.name}.{kind}"] = made
    return waiting


def save(
    block: ChartBlock,
    folder: str | Path,
    formats: Sequence[ImageFormat] = IMAGE_FORMATS,
) -> tuple[Path, ...]:
    """Write the files of one figure.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    folder : str or Path
        Where the files go; it has to exist.
    formats : sequence of {"png", "svg", "pdf"}
        Which files.

    Returns
    -------
    tuple of Path
        The files.
    """
    written = tuple(Path(folder) / f"{block.name}.{kind}" for kind in formats)
    for path, kind in zip(written, formats, strict=True):
        path.write_bytes(image(block, kind))
    return written


def as_data(drawing: Drawing) -> dict[str, Any]:
    """Turn a drawing into what a template reads.

    Parameters
    ----------
    drawing : Drawing
        The marks.

    Returns
    -------
    dict
        Width, height and marks, each with its ``kind``.
    """
    marks = [{"kind": type(mark).__name__, **asdict(mark)} for mark in drawing.marks]
    return {"width": drawing.width, "height": drawing.height, "marks": marks}


def _image(
    block: ChartBlock, drawing: Drawing, kind: ImageFormat, language: str
) -> bytes:
    """Set one file of a drawing."""
    title = style.clean(block.title) or block.name
    alt = style.clean(block.alt) or title
    data = {"title": title, "alt": alt, "language": language}
    made = typeset("figure.typ", {**data, "drawing": as_data(drawing)}, kind)
    if kind == "png":
        return _with_resolution(made)
    return _with_description(made, title, alt) if kind == "svg" else made


def _with_resolution(png: bytes) -> bytes:
    """Say in a PNG how large it is on paper; slide programs go by that."""
    dots = round(style.DPI * _INCHES_PER_METRE)
    body = b"pHYs" + struct.pack(">IIB", dots, dots, 1)
    chunk = struct.pack(">I", 9) + body + struct.pack(">I", zlib.crc32(body))
    return png[:_HEADER_END] + chunk + png[_HEADER_END:]


def _with_description(svg: bytes, title: str, alt: str) -> bytes:
    """Give an SVG a title and a description for people who cannot see it."""
    end = svg.index(b">") + 1
    words = f"<title>{escape(title)}</title><desc>{escape(alt)}</desc>"
    return svg[: end - 1] + b' role="img">' + words.encode() + svg[end:]
