"""Nothing in a figure overlaps or is cut, whatever the labels and numbers are."""

import xml.etree.ElementTree as ET
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from survey.report import charts, style
from survey.report.charts_stacked import in_order
from survey.report.document import (
    ChartBlock,
    ChartKind,
    ChartRow,
    ChartSeries,
    ChartValue,
    Report,
)
from survey.report.lettering import measure, quiet_about_glyphs
from survey.report.marks import Box, Dot, Drawing, Line, Words

LONG = "Concerns about security, privacy and the protection of personal data " * 6
LABELS = (
    "Cost",
    LONG[:400],
    "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen" * 3,
    "$x$ and \\frac{1}{2}",
    '#read("/etc/passwd")',
    "<script>alert(1)</script> & more",
    "=HYPERLINK(1)",
    "two\nlines",
    "אבטחה ופרטיות",
    "日本語のラベル",
    "🚀 Größe 👩‍🚀 (früher)",
    "الأمن والخصوصية",
    "",
)
ROLES = ("open", "proprietary", "neutral", "dont_know")

KINDS = get_args(ChartKind)
SERIES = {
    "stacked": (1, 7),
    "scale": (1, 8),
    "diverging": (4, 4),
    "pairs": (2, 2),
    "heat": (1, 9),
    "lines": (1, 5),
    "scatter": (2, 2),
    "curve": (2, 2),
    "states": (1, 17),
}
GROUPED = ("dots", "heat", "states")
LEGEND = tuple(ChartSeries(role.partition(":")[2], role) for role in style.STATES)

shares = st.one_of(st.sampled_from([0.0, 1.0, 0.001, 0.5]), st.floats(0, 1))
names = st.one_of(st.sampled_from(LABELS), st.text(max_size=60))


def figures(report: Report) -> list[ChartBlock]:
    return [
        block
        for page in report.pages
        for block in page.blocks
        if isinstance(block, ChartBlock)
    ]


@st.composite
def values(draw: st.DrawFn) -> ChartValue:
    if draw(st.integers(0, 9)) == 0:
        return ChartValue(None, "n/a (base below 30)", flag="hidden")
    share = draw(shares)
    if draw(st.booleans()):
        return ChartValue(share, f"{share:.0%}")
    half = draw(st.floats(0, 0.2))
    flag = draw(st.sampled_from(["", "small"]))
    return ChartValue(
        share, f"{share:.0%}", max(share - half, 0), min(share + half, 1), flag
    )


@st.composite
def blocks(draw: st.DrawFn) -> ChartBlock:
    kind = draw(st.sampled_from(KINDS))
    many = draw(st.integers(*SERIES.get(kind, (1, 1))))
    row = st.builds(
        ChartRow,
        names,
        st.lists(values(), min_size=many, max_size=many).map(tuple),
        st.sampled_from(["category", "net", "total", "dont_know"]),
        st.sampled_from(["", "Size", LONG]) if kind in GROUPED else st.just(""),
        st.sampled_from(["", "+12 (+7 to +17)"]),
    )
    rows = draw(st.lists(row, min_size=1, max_size=40))
    apart = {"diverging": ROLES, "scale": ("dont_know",)}.get(kind, ())
    roles = [*apart, *["main"] * many][:many]
    series = [ChartSeries(draw(names), role) for role in roles]
    if kind in ("stacked", "scale"):
        rows = [replace(one, values=normed(one.values)) for one in rows]
    if kind == "states":
        rows = [replace(one, values=places(one.values)) for one in rows]
    return ChartBlock(
        "name",
        kind,
        draw(names),
        draw(names),
        tuple(series),
        tuple(rows),
        tuple(draw(st.lists(names, max_size=4))),
        "alt",
        draw(st.sampled_from(["", "Net (open minus proprietary)"])),
        draw(st.sampled_from([None, 1.0])),
        legend=LEGEND if kind == "states" else (),
    )


def places(several: tuple[ChartValue, ...]) -> tuple[ChartValue, ...]:
    """Places of states instead of shares."""
    return tuple(
        value
        if value.estimate is None
        else ChartValue(float(round(value.estimate * 4)), value.text[:1])
        for value in several
    )


def normed(several: tuple[ChartValue, ...]) -> tuple[ChartValue, ...]:
    """Let the shares of a stacked row add up to 1."""
    total = sum(value.estimate or 0 for value in several)
    return tuple(
        value
        if value.estimate is None or not total
        else ChartValue(value.estimate / total, value.text)
        for value in several
    )


def text_boxes(block: ChartBlock) -> tuple[np.ndarray, tuple[float, float]]:
    """Left, bottom, right and top of every text as it is drawn, in inches."""
    figure = charts.draw(block)
    renderer = figure.canvas.get_renderer()
    with quiet_about_glyphs():
        boxes = [text.get_window_extent(renderer) for text in figure.texts]
    corners = [(box.x0, box.y0, box.x1, box.y1) for box in boxes]
    width, height = figure.get_size_inches()
    return np.array(corners).reshape(-1, 4) / style.DPI, (width, height)


def assert_tidy(block: ChartBlock) -> None:
    """Every text lies inside the sheet, and no two touch."""
    boxes, (width, height) = text_boxes(block)
    # Half a point: hinting moves a letter by up to a pixel.
    slack = 0.5 / 72

    assert (boxes[:, :2] >= -slack).all()
    assert (boxes[:, 2] <= width + slack).all()
    assert (boxes[:, 3] <= height + slack).all()
    first, second = boxes[:, None, :], boxes[None, :, :]
    wide = np.minimum(first[..., 2], second[..., 2]) - np.maximum(
        first[..., 0], second[..., 0]
    )
    high = np.minimum(first[..., 3], second[..., 3]) - np.maximum(
        first[..., 1], second[..., 1]
    )
    meet = (wide > slack) & (high > slack)
    np.fill_diagonal(meet, val=False)
    assert not meet.any(), np.argwhere(meet)[:4]


@settings(max_examples=40, deadline=None)
@given(blocks())
def test_no_text_overlaps_or_is_cut(block: ChartBlock) -> None:
    assert_tidy(block)


def test_the_sample_is_tidy(report: Report) -> None:
    for block in figures(report):
        assert_tidy(block)


@pytest.mark.parametrize("rows", [1, 2, 10, 20, 30, 40])
@pytest.mark.parametrize("label", ["Cost", LONG[:400]])
def test_many_rows_stay_legible(rows: int, label: str) -> None:
    row = ChartRow(label, (ChartValue(1.0, "100%", 0.9, 1.0),))
    block = ChartBlock("b", "bars", LONG, LONG, (), (row,) * rows, (LONG,), "")
    drawing = charts.layout(block)
    sizes = {mark.size for mark in drawing.marks if isinstance(mark, Words)}

    assert_tidy(block)
    assert drawing.height >= style.HEIGHT
    assert min(sizes - {style.FOOTER_SIZE}) >= style.ROW_FLOOR


def words(drawing: Drawing) -> list[Words]:
    return [mark for mark in drawing.marks if isinstance(mark, Words)]


@settings(max_examples=40, deadline=None)
@given(st.lists(values(), min_size=1, max_size=30))
def test_numbers_stand_clear_of_bars_and_whiskers(several: list[ChartValue]) -> None:
    rows = tuple(ChartRow("Cost", (value,)) for value in several)
    drawing = charts.layout(ChartBlock("b", "bars", "", "", (), rows, (), ""))
    ends = [mark for mark in drawing.marks if isinstance(mark, (Box, Line))]

    for number in words(drawing):
        for mark in ends:
            right = mark.x + mark.width if isinstance(mark, Box) else mark.x1
            top = mark.y + mark.height if isinstance(mark, Box) else mark.y1
            bottom = mark.y if isinstance(mark, Box) else mark.y0
            beside = bottom <= number.y + number.size / 200 <= top
            if beside and number.text != "Cost":
                assert number.x >= right


def bar(value: ChartValue, role: str = "category") -> ChartBlock:
    row = ChartRow("Cost", (value,), role)
    return ChartBlock("b", "bars", "", "", (), (row,), (), "")


def boxes(block: ChartBlock) -> list[Box]:
    return [mark for mark in charts.layout(block).marks if isinstance(mark, Box)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_hidden_value_draws_nothing_but_its_text(kind: ChartKind) -> None:
    count = min(SERIES.get(kind, (1, 1))[1], 3)
    hidden = (ChartValue(None, "base below 30", flag="hidden"),) * count
    series = tuple(ChartSeries(role, role) for role in ROLES[:count])
    block = ChartBlock("b", kind, "", "", series, (ChartRow("Cost", hidden),), (), "")
    drawing = charts.layout(block)
    legend = count if kind in ("stacked", "scale", "pairs", "diverging") else 0

    assert any("base below 30" in mark.text for mark in words(drawing))
    assert sum(box.fill != style.PAPER for box in boxes(block)) == legend
    assert not any(isinstance(mark, Dot) for mark in drawing.marks)


def test_a_bar_is_as_long_as_its_share() -> None:
    rows = tuple(
        ChartRow("Cost", (ChartValue(share, f"{share:.0%}"),))
        for share in (0.8, 0.4, 0.0)
    )
    full, half, none = boxes(ChartBlock("b", "bars", "", "", (), rows, (), ""))

    assert half.width == pytest.approx(full.width / 2)
    assert none.width == 0
    assert full.x == half.x == none.x


def test_roles_decide_the_colour() -> None:
    value = ChartValue(0.5, "50%")

    assert boxes(bar(value))[0].fill == style.COLOURS["main"]
    assert boxes(bar(value, "net"))[0].fill == style.COLOURS["net"]
    assert boxes(bar(value, "dont_know"))[0].fill == style.COLOURS["dont_know"]


def test_a_small_base_is_drawn_hollow() -> None:
    (hollow,) = boxes(bar(replace(ChartValue(0.5, "50%"), flag="small")))

    assert hollow.fill == style.PAPER
    assert hollow.edge == style.COLOURS["main"]


def test_open_stands_right_and_proprietary_left() -> None:
    several = tuple(ChartValue(share, "x") for share in (0.4, 0.2, 0.3, 0.1))
    series = tuple(ChartSeries(role, role) for role in ROLES)
    block = ChartBlock(
        "b", "diverging", "", "", series, (ChartRow("Cost", several),), (), ""
    )
    bars = {mark.fill: mark for mark in boxes(block) if mark.height > 0.2}
    right, left, neutral, unknown = (bars[style.colour(role)] for role in ROLES)

    assert left.x + left.width == pytest.approx(right.x)
    assert right.width == pytest.approx(2 * left.width)
    assert neutral.x > right.x + right.width
    assert unknown.x == pytest.approx(neutral.x + neutral.width)
    assert [one.role for one in in_order(block)] == [
        "proprietary",
        "open",
        "neutral",
        "dont_know",
    ]


def test_the_total_is_a_line_through_all_rows() -> None:
    rows = (
        ChartRow("Total", (ChartValue(0.5, "50%"),), "total"),
        ChartRow("small", (ChartValue(0.25, "25%"),), group="Size"),
    )
    drawing = charts.layout(ChartBlock("b", "dots", "", "", (), rows, (), ""))
    (line,) = [m for m in drawing.marks if isinstance(m, Line) and m.dashed]
    total, small = (m for m in drawing.marks if isinstance(m, Dot))

    assert line.x0 == line.x1 == total.x
    assert small.x < total.x
    assert "Size" in [mark.text for mark in words(drawing)]


def test_marks_are_inside_the_sheet(report: Report) -> None:
    for block, bare in ((b, bare) for b in figures(report) for bare in (True, False)):
        drawing = charts.layout(block, bare=bare)
        for mark in words(drawing):
            wide = measure(mark.text, mark.size, bold=mark.bold)
            left = mark.x - {"left": 0, "center": wide / 2, "right": wide}[mark.align]
            assert left >= -0.01
            assert left + wide <= drawing.width + 0.01
            assert 0 <= mark.y <= drawing.height


def test_files_are_the_same_each_time(english: Report) -> None:
    for block in figures(english)[:2]:
        for kind in charts.IMAGE_FORMATS:
            assert charts.image(block, kind) == charts.image(block, kind)


def test_png_fills_a_projector(english: Report) -> None:
    from PIL import Image

    with Image.open(BytesIO(charts.image(figures(english)[1], "png"))) as picture:
        assert picture.size == (1920, 1080)
        assert picture.info["dpi"] == pytest.approx((144, 144), abs=0.01)
        assert picture.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_svg_is_xml_with_a_description(english: Report) -> None:
    block = replace(figures(english)[1], title="a < b & c", alt='says "x" <b>')
    root = ET.fromstring(charts.image(block, "svg"))  # noqa: S314 - our own file
    space = "{http://www.w3.org/2000/svg}"

    assert root.findtext(f"{space}title") == "a < b & c"
    assert root.findtext(f"{space}desc") == 'says "x" <b>'
    assert not root.findall(f".//{space}text")


def test_png_says_what_it_shows(english: Report) -> None:
    from PIL import Image

    block = replace(figures(english)[1], title="Größe", alt="41 % – <b> 🚀")
    with Image.open(BytesIO(charts.image(block, "png", language="de"))) as picture:
        picture.load()

        assert picture.info["Title"] == "Größe"
        assert picture.info["Description"] == "41 % – <b> 🚀"
        assert picture.info["Description"].lang == "de"


def test_pdf_says_what_it_shows(english: Report) -> None:
    block = replace(figures(english)[1], alt="says what it shows")
    root = PdfReader(BytesIO(charts.image(block, "pdf"))).trailer["/Root"]
    (figure,) = [part for part in parts(root["/StructTreeRoot"]) if "/Alt" in part]

    assert figure["/Alt"] == "says what it shows"


def parts(node: object) -> list[dict]:
    """Every element of the structure of a PDF."""
    node = getattr(node, "get_object", lambda: node)()
    if isinstance(node, list):
        return [found for one in node for found in parts(one)]
    if not isinstance(node, dict):
        return []
    return [node, *parts(node.get("/K", []))]


def test_pdf_holds_its_fonts_and_its_texts(report: Report) -> None:
    block = figures(report)[1]
    page = PdfReader(BytesIO(charts.image(block, "pdf"))).pages[0]
    text = page.extract_text()

    for row in block.rows:
        assert row.label in text
    for font in page["/Resources"]["/Font"].values():
        (inner,) = font.get_object()["/DescendantFonts"]
        described = inner.get_object()["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described)


@pytest.mark.parametrize(
    "label",
    ['#read("/etc/passwd")', "$x$ *bold* _it_ @ref <b>", "Größe `code` \\u{41}"],
)
def test_labels_print_as_they_are(label: str) -> None:
    block = replace(bar(ChartValue(0.5, "50%")), title=label)
    text = PdfReader(BytesIO(charts.image(block, "pdf"))).pages[0].extract_text()

    assert label in text


def test_a_letter_that_no_typeface_has_spares_the_others() -> None:
    # Without a typeface of emoji, only that of the placeholders of matplotlib has it.
    block = bar(ChartValue(0.5, "50%"))
    block = replace(block, rows=(replace(block.rows[0], label="🚀 Größe (old)"),))
    page = PdfReader(BytesIO(charts.image(block, "pdf"))).pages[0]
    named = {font.get_object()["/BaseFont"] for font in fonts_of(page)}

    assert named
    assert not any("LastResort" in name for name in named)
    assert "Größe" in page.extract_text()


def fonts_of(node: object, deep: int = 0) -> list:
    """Every font of a page, those of pictures on it included."""
    resources = node.get_object().get("/Resources", {})
    inner = resources.get("/XObject", {}).values() if deep < 5 else ()
    return [
        *resources.get("/Font", {}).values(),
        *(font for one in inner for font in fonts_of(one, deep + 1)),
    ]


def test_a_figure_for_notebooks_has_the_same_texts(english: Report) -> None:
    block = figures(english)[1]
    drawn = [text.get_text() for text in charts.draw(block).texts]

    assert drawn == [mark.text for mark in words(charts.layout(block))]


def test_no_two_series_share_a_colour() -> None:
    series = tuple(ChartSeries(str(n)) for n in range(6))
    several = tuple(ChartValue(1 / 6, "17%") for _ in series)
    block = ChartBlock(
        "b", "stacked", "", "", series, (ChartRow("Cost", several),), (), ""
    )

    for first, second in combinations(in_order(block), 2):
        assert style.colour(first.role) != style.colour(second.role)
