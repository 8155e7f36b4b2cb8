"""Figures: a chart as a value becomes a matplotlib figure, and that the files.

Matplotlib draws a figure once, as SVG with its letters as text. Typst sets that
drawing as PDF (fonts embedded, alternative text), as SVG with letters as outlines,
and as pixels, in a quarter of the time of matplotlib's own writers. All files of a
figure come from the same marks, so they cannot differ.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor, Future
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final, Literal

from survey.report import style
from survey.report.charts_bars import bars, dots, pairs
from survey.report.charts_curve import curve
from survey.report.charts_frame import surround
from survey.report.charts_funnel import funnel
from survey.report.charts_heat import heat, hidden_entries
from survey.report.charts_lines import lines
from survey.report.charts_points import scatter
from survey.report.charts_room import CONTENT
from survey.report.charts_scale import scale
from survey.report.charts_stacked import diverging, in_order, stacked
from survey.report.charts_states import state_entries, states
from survey.report.document import ChartBlock, ChartSeries
from survey.report.lettering import quiet_about_glyphs
from survey.report.look import HOUSE, Look
from survey.report.marks import Drawing, shifted
from survey.report.painting import paint, svg
from survey.report.spelled import spelled_block
from survey.report.typesetting import typeset

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ImageFormat = Literal["png", "svg", "pdf"]
PictureKind = Literal["png", "svg", "pdf", "page"]
IMAGE_FORMATS: Final[tuple[ImageFormat, ...]] = ("png", "svg", "pdf")

_HEADER_END: Final = 33
_INCHES_PER_METRE: Final = 39.3701
_SHAPES: Final = {
    "bars": bars,
    "pairs": pairs,
    "stacked": stacked,
    "scale": scale,
    "dots": dots,
    "diverging": diverging,
    "heat": heat,
    "funnel": funnel,
    "lines": lines,
    "scatter": scatter,
    "curve": curve,
    "states": states,
}
_WITH_LEGEND: Final = ("pairs", "stacked", "scale", "diverging")


def layout(block: ChartBlock, look: Look = HOUSE, *, bare: bool = False) -> Drawing:
    """Lay out a figure.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    look : Look
        Colours and typefaces.
    bare : bool, default False
        Leave out margins, title, question and footer, for a page that sets them
        itself.

    Returns
    -------
    Drawing
        13.33 inches wide; 7.5 inches high, or higher where there are many rows.
    """
    block = spelled_block(block, look)
    frame, around = surround(block, _legend(block), look, bare=bare)
    marks = (*_SHAPES[block.kind](block, frame), *around)
    if not bare:
        return Drawing(style.WIDTH, frame.height, marks)
    moved = tuple(shifted(mark, -style.MARGIN) for mark in marks)
    return Drawing(CONTENT, frame.height, moved)


def draw(block: ChartBlock, look: Look = HOUSE) -> "Figure":
    """Draw a figure with matplotlib, to be shown in a notebook or worked on.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    look : Look
        Colours and typefaces.

    Returns
    -------
    Figure
        Without axes; the marks are in inches.
    """
    return paint(layout(block, look), look)


def image(
    block: ChartBlock,
    kind: PictureKind,
    *,
    language: str = "en",
    look: Look = HOUSE,
) -> bytes:
    """Make one file of a figure.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    kind : {"png", "svg", "pdf", "page"}
        PNG has 144 dots per inch; SVG holds its letters as outlines, so that it
        looks the same everywhere; PDF embeds its fonts. ``page`` is an SVG with
        letters as text and without title and footer, for a page that sets them.
    language : str, default "en"
        Language of the texts, for readers' software.
    look : Look
        Colours and typefaces.

    Returns
    -------
    bytes
        Contents of the file, the same for the same figure.
    """
    if kind == "page":
        return _page(block, look)
    return _set(_sheet(block, language, look), kind, look)


def begin(
    workers: Executor,
    blocks: Sequence[ChartBlock],
    kinds: Sequence[PictureKind] = IMAGE_FORMATS,
    *,
    language: str = "en",
    look: Look = HOUSE,
) -> dict[tuple[str, PictureKind], "Future[bytes]"]:
    """Start making the files of many figures.

    Typst works outside the interpreter lock, so a pool of threads is enough and no
    second process is needed. Matplotlib is not safe in threads and draws here.

    Parameters
    ----------
    workers : Executor
        Who makes them.
    blocks : sequence of ChartBlock
        The figures.
    kinds : sequence of {"png", "svg", "pdf", "page"}
        Files of each.
    language : str, default "en"
        Language of the texts.
    look : Look
        Colours and typefaces.

    Returns
    -------
    dict of (name, kind) to Future
        Contents to come, in the order of figures and files.
    """
    waiting: dict[tuple[str, PictureKind], Future[bytes]] = {}
    for block in blocks:
        if "page" in kinds:
            ready: Future[bytes] = Future()
            ready.set_result(_page(block, look))
            waiting[block.name, "page"] = ready
        drawn = [kind for kind in kinds if kind != "page"]
        sheet = _sheet(block, language, look) if drawn else {}
        for kind in drawn:
            waiting[block.name, kind] = workers.submit(_set, sheet, kind, look)
    return waiting


def _legend(block: ChartBlock) -> tuple[ChartSeries, ...]:
    """Give what the legend of a figure shows, in order."""
    if block.kind == "heat":
        return hidden_entries(block)
    if block.kind == "states":
        return state_entries(block)
    return in_order(block) if block.kind in _WITH_LEGEND else ()


def _page(block: ChartBlock, look: Look) -> bytes:
    """Draw a figure without its margins, title and footer."""
    return svg(layout(block, look, bare=True), look).encode()


def _sheet(block: ChartBlock, language: str, look: Look) -> dict[str, Any]:
    """Draw a figure, and give what its template reads."""
    figure = draw(block, look)
    title = style.clean(block.title) or block.name
    return {
        "title": title,
        "alt": style.clean(block.alt) or title,
        "language": language,
        "svg": _svg(figure),
        "paper": look.colour("paper"),
        "width": figure.get_figwidth(),
        "height": figure.get_figheight(),
    }


def _svg(figure: "Figure") -> str:
    """Give a figure as SVG with its letters as text."""
    from matplotlib import rc_context

    stream = BytesIO()
    nothing = dict.fromkeys(("Creator", "Date", "Format", "Type"))
    with (
        quiet_about_glyphs(),
        rc_context({"svg.fonttype": "none", "svg.hashsalt": "genai-survey"}),
    ):
        figure.savefig(stream, format="svg", metadata=nothing)
    return stream.getvalue().decode()


def _set(sheet: Mapping[str, Any], kind: ImageFormat, look: Look) -> bytes:
    """Set one file of a drawing."""
    made = typeset("figure.typ", sheet, kind, look)
    if kind == "png":
        return _with_words(made, sheet)
    return _with_description(made, sheet) if kind == "svg" else made


def _with_words(png: bytes, sheet: Mapping[str, Any]) -> bytes:
    """Say in a PNG how large it is on paper, for slide programs, and what it shows."""
    dots = round(style.DPI * _INCHES_PER_METRE)
    chunks = [_chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1))]
    for key, text in ((b"Title", sheet["title"]), (b"Description", sheet["alt"])):
        told = sheet["language"].encode() + b"\0\0" + text.encode()
        chunks.append(_chunk(b"iTXt", key + b"\0\0\0" + told))
    return png[:_HEADER_END] + b"".join(chunks) + png[_HEADER_END:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    """Pack one chunk of a PNG."""
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))


def _with_description(svg: bytes, sheet: Mapping[str, Any]) -> bytes:
    """Give an SVG a title and a description for people who cannot see it."""
    end = svg.index(b">") + 1
    title, alt = escape(sheet["title"]), escape(sheet["alt"])
    words = f"<title>{title}</title><desc>{alt}</desc>"
    return svg[: end - 1] + b' role="img">' + words.encode() + svg[end:]
