"""Every kind of figure holds what comes: long labels, many rows, nothing, all."""

import re
from dataclasses import replace
from itertools import pairwise
from pathlib import Path as File
from typing import get_args

import numpy as np
import pytest

from survey.report import charts, style
from survey.report.charts_curve import CURVES
from survey.report.charts_heat import STEPS
from survey.report.charts_lines import apart
from survey.report.charts_scale import before_middle
from survey.report.charts_stacked import in_order
from survey.report.document import (
    ChartBlock,
    ChartKind,
    ChartRow,
    ChartSeries,
    ChartValue,
)
from survey.report.lettering import measure
from survey.report.look import HOUSE
from survey.report.marks import Box, Dot, Drawing, Line, Path, Words
from survey.report.page_parts import PAGE, page_parts
from survey.report.painting import svg

KINDS = get_args(ChartKind)
COUNTS = {
    "pairs": 2,
    "stacked": 5,
    "scale": 5,
    "diverging": 4,
    "heat": 7,
    "lines": 3,
    "scatter": 2,
    "curve": 2,
    "states": 17,
}
LABELS = {
    "long": "Concerns about security, privacy and the protection of data " * 7,
    "unbroken": "Donaudampfschifffahrtsgesellschaft" * 12,
    "right to left": "אבטחה ופרטיות של מידע ארגוני",
    "arabic": "الأمن والخصوصية وحماية البيانات",
    "emoji": "🚀🚀🚀 Größe 👩‍🚀 " * 6,
    "chinese": "日本語のラベル" * 12,
    "mathematics": "$x$ and \\frac{1}{2} #read() <script>",
    "lines": "two\nlines\tand\x00 more",
    "empty": "",
}
HIDDEN = ChartValue(None, "hidden: base below 30", flag="hidden")
PATTERNS = {
    "zeros": lambda _: ChartValue(0.0, "0%", 0.0, 0.02),
    "all": lambda _: ChartValue(1.0, "100%", 0.97, 1.0),
    "mixed": lambda n: (
        HIDDEN if n % 4 == 3 else ChartValue(0.1 + 0.8 / (n + 1), "41%", 0.0, 0.95)
    ),
    "hidden": lambda _: HIDDEN,
    "words": lambda _: ChartValue(0.3, "30% (between 27% and 33%, small base)"),
}
CASES = (
    (1, "zeros"),
    (1, "all"),
    (2, "hidden"),
    (7, "mixed"),
    (7, "words"),
    (40, "mixed"),
)


def series_of(kind: str, label: str) -> tuple[ChartSeries, ...]:
    count = COUNTS.get(kind, 1)
    roles = {
        "pairs": ("weighted", "unweighted"),
        "diverging": ("open", "proprietary", "neutral", "dont_know"),
        "scale": (*(f"scale:{n}/4" for n in range(1, 5)), "dont_know"),
    }.get(kind, ("main",) * count)
    return tuple(ChartSeries(f"{label} {n}", role) for n, role in enumerate(roles))


def block_of(kind: ChartKind, label: str, rows: int, pattern: str) -> ChartBlock:
    count = COUNTS.get(kind, 1)
    made = PATTERNS[pattern]
    drawn = tuple(
        ChartRow(
            label,
            tuple(made(n * count + m) for m in range(count)),
            "net" if kind == "scatter" else "category",
            group=f"{label}{n % 3}" if kind == "curve" else "",
            side_text="+3",
        )
        for n in range(rows)
    )
    series = series_of(kind, label)
    block = ChartBlock(
        "b", kind, label, label, series, drawn, (label, label), "", "Net"
    )
    return with_states(block, label) if kind == "states" else block


def with_states(block: ChartBlock, label: str = "") -> ChartBlock:
    """The same figure with places of states instead of shares, and a legend."""
    legend = tuple(ChartSeries(f"{role} {label}", role) for role in style.STATES)
    rows = tuple(
        replace(row, values=tuple(as_state(value) for value in row.values))
        for row in block.rows
    )
    grouped = tuple(
        replace(one, group=f"{label}{n // 6}") for n, one in enumerate(block.series)
    )
    return replace(block, rows=rows, series=grouped, legend=legend)


def as_state(value: ChartValue) -> ChartValue:
    if value.estimate is None:
        return value
    return ChartValue(float(int(value.estimate * 4)), value.text)


def words(drawing: Drawing) -> list[Words]:
    return [mark for mark in drawing.marks if isinstance(mark, Words)]


def text_boxes(drawing: Drawing) -> np.ndarray:
    """Left, bottom, right and top of every text, as wide as it is measured."""
    found = []
    for mark in words(drawing):
        wide = measure(mark.text, mark.size, bold=mark.bold)
        before = {"left": 0, "center": wide / 2, "right": wide}[mark.align]
        below, above = (part * mark.size / 72 for part in (-0.22, 0.72))
        if mark.turned:
            low = mark.y - before
            found.append((mark.x - above, low, mark.x - below, low + wide))
            continue
        left = mark.x - before
        found.append((left, mark.y + below, left + wide, mark.y + above))
    return np.array(found).reshape(-1, 4)


def assert_apart(drawing: Drawing) -> None:
    boxes = text_boxes(drawing)
    slack = 0.5 / 72

    assert (boxes[:, :2] >= -slack).all()
    assert (boxes[:, 2] <= drawing.width + slack).all()
    assert (boxes[:, 3] <= drawing.height + slack).all()
    one, other = boxes[:, None, :], boxes[None, :, :]
    low = np.maximum(one[..., :2], other[..., :2])
    high = np.minimum(one[..., 2:], other[..., 2:])
    meet = ((high - low) > slack).all(axis=-1)
    np.fill_diagonal(meet, val=False)
    told = [words(drawing)[n].text for n in np.argwhere(meet)[:2].ravel()]
    assert not meet.any(), told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("bare", [False, True])
def test_texts_never_meet_and_are_never_cut(
    kind: ChartKind, label: str, *, bare: bool
) -> None:
    for rows, pattern in CASES:
        block = block_of(kind, LABELS[label], rows, pattern)
        assert_apart(charts.layout(block, bare=bare))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pattern", PATTERNS)
def test_type_on_a_slide_has_12_points_or_more(kind: ChartKind, pattern: str) -> None:
    for rows in (1, 40):
        drawing = charts.layout(block_of(kind, LABELS["long"], rows, pattern))

        assert drawing.width == style.WIDTH
        assert min(mark.size for mark in words(drawing)) >= 12


def column_of_a_page() -> tuple[float, float]:
    """Width and height in inches that the report gives a figure."""
    template = File(charts.__file__).with_name("report.typ").read_text(encoding="utf-8")
    (width,) = set(re.findall(r"measure\(drawn, width: (\d+)mm\)", template))
    (height,) = set(re.findall(r'format: "svg", height: (\d+)mm', template))
    return int(width) / 25.4, int(height) / 25.4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("label", ["long", "chinese", "lines"])
def test_type_in_a_report_can_be_read(kind: ChartKind, label: str) -> None:
    width, height = column_of_a_page()
    for rows in (1, 7, 40):
        block = block_of(kind, LABELS[label], rows, "mixed")
        made = page_parts(block)
        assert tuple(row for part in made for row in part.rows) == block.rows
        for part in made:
            drawing = charts.layout(part, bare=True)
            scale = min(width / drawing.width, height / drawing.height)

            assert scale * min(mark.size for mark in words(drawing)) >= 6.5


def test_a_page_is_as_large_as_the_template_says() -> None:
    assert pytest.approx(column_of_a_page()) == PAGE


def test_parts_of_a_figure_have_the_same_axis() -> None:
    shares_of_rows = [(0.01 * n, 0.01 * n) for n in range(1, 41)]
    one, two = page_parts(figure("pairs", *(shares(*pair) for pair in shares_of_rows)))
    # Row 20 ends the first part, row 40 the second.
    last = [max(box.width for box in bars(part, bare=True)) for part in (one, two)]

    assert last[1] / last[0] == pytest.approx(0.40 / 0.20, rel=0.01)


@pytest.mark.parametrize("kind", KINDS)
def test_marks_stay_on_the_sheet(kind: ChartKind) -> None:
    for pattern in PATTERNS:
        drawing = charts.layout(block_of(kind, "Cost", 9, pattern))
        for mark in drawing.marks:
            if isinstance(mark, Box):
                assert mark.x >= -1e-9
                assert mark.x + mark.width <= drawing.width + 1e-9
                assert 0 <= mark.y <= mark.y + mark.height <= drawing.height + 1e-9


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_values_leave_nothing_to_measure(kind: ChartKind) -> None:
    """All that is drawn of hidden values is the same, whatever they are."""
    block = block_of(kind, "Cost", 3, "hidden")
    filled = {HOUSE.colour(one.role) for one in in_order(block)} - {style.PAPER}
    legend = len(block.series) if kind in charts._WITH_LEGEND else 0
    drawing = charts.layout(block)
    fills = [mark.fill for mark in drawing.marks if isinstance(mark, Box)]

    assert sum(fill in filled for fill in fills) == legend
    assert not any(isinstance(mark, Dot) for mark in drawing.marks)
    assert any(HIDDEN.text in mark.text for mark in words(drawing))


def figure(kind: ChartKind, *rows: tuple[ChartValue, ...]) -> ChartBlock:
    series = series_of(kind, "Wave")[: len(rows[0])]
    drawn = tuple(ChartRow(f"Row {n}", values) for n, values in enumerate(rows))
    block = ChartBlock("b", kind, "", "", series, drawn, (), "")
    return with_states(block) if kind == "states" else block


def bars(block: ChartBlock, *, bare: bool = False) -> list[Box]:
    return [
        mark
        for mark in charts.layout(block, bare=bare).marks
        if isinstance(mark, Box) and mark.height > 0.2
    ]


def shares(*several: float) -> tuple[ChartValue, ...]:
    return tuple(ChartValue(share, f"{share:.0%}") for share in several)


def test_pairs_stand_under_each_other() -> None:
    upper, lower = bars(figure("pairs", shares(0.6, 0.3)))

    assert upper.fill == style.COLOURS["weighted"]
    assert lower.fill == style.COLOURS["unweighted"]
    assert lower.width == pytest.approx(upper.width / 2)
    assert upper.y == pytest.approx(lower.y + lower.height)


def test_half_of_a_middle_step_is_on_each_side() -> None:
    values = shares(0.1, 0.2, 0.4, 0.2, 0.1)
    roles = [f"scale:{n}/5" for n in range(1, 6)]
    series = tuple(ChartSeries(role, role) for role in roles)
    rows = (ChartRow("even", values), ChartRow("up", shares(0, 0, 0.5, 0.25, 0.25)))
    block = ChartBlock("b", "scale", "", "", series, rows, (), "")
    (axis,) = [m for m in charts.layout(block).marks if isinstance(m, Line)]
    middles = [box for box in bars(block) if box.fill == style.colour("scale:3/5")]

    # 0.1 + 0.2 and half of 0.4.
    assert before_middle(values) == pytest.approx(0.5)
    for box in middles:
        assert box.x + box.width / 2 == pytest.approx(axis.x0)


def test_dont_know_stands_apart_from_the_scale() -> None:
    block = figure("scale", shares(0.2, 0.2, 0.2, 0.2, 0.2))
    *steps, apart_from = bars(block)

    assert apart_from.fill == style.COLOURS["dont_know"]
    assert apart_from.x > steps[-1].x + steps[-1].width + 0.2
    for one, following in pairwise(steps):
        assert one.x + one.width == pytest.approx(following.x)


def test_series_with_the_same_label_are_not_mixed_up() -> None:
    series = (ChartSeries("", "scale:1/2"), ChartSeries("", "scale:2/2"))
    rows = (ChartRow("Cost", shares(0.25, 0.75)),)
    low, high = bars(ChartBlock("b", "scale", "", "", series, rows, (), ""))

    assert high.width == pytest.approx(3 * low.width)


def test_fields_get_darker_with_their_number() -> None:
    values = shares(0.0, 0.1, 0.2, 0.3, 0.5, 0.6, 0.7)
    fills = [style.luminance(box.fill) for box in bars(figure("heat", values))]

    assert len(fills) == STEPS
    assert fills == sorted(fills, reverse=True)


def test_a_hidden_field_is_hatched_and_the_legend_says_why() -> None:
    drawing = charts.layout(figure("heat", (*shares(0.5), HIDDEN)))
    slanted = [m for m in drawing.marks if isinstance(m, Line) and m.x0 != m.x1]
    boxes = [m for m in drawing.marks if isinstance(m, Box) and m.fill == style.PAPER]

    assert "hidden: base below 30" in [mark.text for mark in words(drawing)]
    for line in slanted:
        assert any(
            box.x - 1e-9 <= min(line.x0, line.x1)
            and max(line.x0, line.x1) <= box.x + box.width + 1e-9
            and box.y - 1e-9 <= min(line.y0, line.y1)
            and max(line.y0, line.y1) <= box.y + box.height + 1e-9
            for box in boxes
        )
    assert len(slanted) > 4


def test_stages_are_centred() -> None:
    wide, narrow = bars(figure("funnel", shares(0.8), shares(0.2)))

    assert wide.x + wide.width / 2 == pytest.approx(narrow.x + narrow.width / 2)
    assert narrow.width == pytest.approx(wide.width / 4)


def drawn_lines(block: ChartBlock) -> list[Line]:
    return [
        m for m in charts.layout(block).marks if isinstance(m, Line) and m.weight == 2.5
    ]


def test_a_line_goes_from_wave_to_wave() -> None:
    one, two = drawn_lines(figure("lines", shares(0.2, 0.4, 0.4)))

    assert (one.x1, one.y1) == (two.x0, two.y0)
    assert one.y1 > one.y0
    assert two.y1 == pytest.approx(two.y0)


def test_a_line_has_a_gap_where_waves_cannot_be_compared_or_are_hidden() -> None:
    first, second, third = shares(0.2, 0.4, 0.5)
    unlinked = ChartValue(0.5, "50%", linked=False)

    assert len(drawn_lines(figure("lines", (first, second, third)))) == 2
    assert len(drawn_lines(figure("lines", (first, second, unlinked)))) == 1
    assert drawn_lines(figure("lines", (first, HIDDEN, third))) == []


def test_a_gap_says_in_which_wave_and_why() -> None:
    first, _, third = shares(0.2, 0.4, 0.5)
    drawing = charts.layout(figure("lines", (first, HIDDEN, third)))

    assert "Wave 1: hidden: base below 30" in [mark.text for mark in words(drawing)]


def test_names_move_as_little_as_possible() -> None:
    # Two that meet share the way; the third is far enough away.
    assert apart([1.0, 1.0, 5.0], [1.0, 1.0, 1.0], 0.0, 9.0) == (1.5, 0.5, 5.0)
    # Against the floor, a block moves up.
    assert apart([0.0, 0.0], [1.0, 1.0], 0.0, 9.0) == (1.5, 0.5)
    assert apart([], [], 0.0, 1.0) == ()


def points(count: int, named: int, **changes: object) -> ChartBlock:
    """Points on a spiral, which lie close and far."""
    rows = tuple(
        ChartRow(
            f"organisation/model-{n}",
            (ChartValue(10 ** (n % 7), ""), ChartValue(1.0 + (n * 37) % 1000, "")),
            "net" if n < named else "category",
        )
        for n in range(count)
    )
    series = (ChartSeries("Downloads"), ChartSeries("Likes"))
    block = ChartBlock("b", "scatter", "", "", series, rows, (), "", logarithmic=True)
    return replace(block, **changes)


def dots(drawing: Drawing) -> list[Dot]:
    return [mark for mark in drawing.marks if isinstance(mark, Dot)]


@pytest.mark.parametrize("count", [1, 40, 1000])
def test_names_of_points_meet_neither_names_nor_named_points(count: int) -> None:
    drawing = charts.layout(points(count, 30))
    found = [n for n, mark in enumerate(words(drawing)) if "/model-" in mark.text]
    boxes = text_boxes(drawing)[found]
    named = [dot for dot in dots(drawing) if dot.opacity == 1]

    assert_apart(drawing)
    assert len(dots(drawing)) == count
    assert len(found) >= min(count, 5)
    for left, low, right, high in boxes:
        for dot in named:
            assert not (left < dot.x < right and low < dot.y < high)


def test_many_points_are_small_and_let_others_shine_through() -> None:
    few, many = (dots(charts.layout(points(count, 0)))[0] for count in (10, 1000))

    assert many.radius < few.radius
    assert many.opacity < few.opacity <= 1
    assert f'fill-opacity="{many.opacity:g}"' in svg(charts.layout(points(1000, 0)))


def test_a_decade_is_as_wide_as_any_other() -> None:
    rows = tuple(
        ChartRow("", (ChartValue(10.0**n, ""), ChartValue(10.0**n, "")))
        for n in range(4)
    )
    places = [(dot.x, dot.y) for dot in dots(charts.layout(points(0, 0, rows=rows)))]
    steps = np.diff(np.array(places), axis=0)

    assert steps == pytest.approx(np.tile(steps[0], (3, 1)))


def test_a_curve_goes_through_its_points_and_breaks_at_hidden_ones() -> None:
    values = [(0.0, 0.0), (0.5, 0.2), (0.75, None), (0.9, 0.6), (1.0, 1.0)]
    rows = tuple(
        ChartRow("", (ChartValue(x, ""), ChartValue(y, "few" if y is None else "")))
        for x, y in values
    )
    series = (ChartSeries("Models"), ChartSeries("Downloads"))
    block = ChartBlock("b", "curve", "", "", series, rows, (), "", language="de")
    drawing = charts.layout(block)
    first, second = [mark for mark in drawing.marks if isinstance(mark, Path)]
    texts = [mark.text for mark in words(drawing)]
    (x0, y0), (x1, y1) = first.points
    wide, high = 2 * (x1 - x0), 5 * (y1 - y0)

    assert second.points[-1] == pytest.approx((x0 + wide, y0 + high))
    assert "Nicht gezeichnet (1): few" in texts
    assert "100\u00a0%" in texts


def test_lines_of_a_curve_differ_without_colour() -> None:
    patterns = {(dashed, weight) for _, dashed, weight in CURVES}
    assert len(patterns) == len(CURVES)


def test_a_field_has_the_colour_and_the_mark_of_its_state() -> None:
    legend = tuple(ChartSeries(role, role) for role in style.STATES)
    values = tuple(ChartValue(float(n), mark) for n, mark in enumerate("abcde"))
    series = tuple(ChartSeries(f"Component {n}", group="Class") for n in range(5))
    rows = (ChartRow("Model", values),)
    block = ChartBlock("b", "states", "", "", series, rows, (), "", legend=legend)
    drawing = charts.layout(block)
    fills = [mark.fill for mark in drawing.marks if isinstance(mark, Box)]
    marks = [mark.text for mark in words(drawing) if mark.text in "abcde"]

    # Once in the field, once in the legend.
    assert [fills.count(one) for one in style.STATES.values()] == [2] * 5
    assert sorted(marks) == sorted("abcde" * 2)
    assert [m.text for m in words(drawing) if m.turned] == [s.label for s in series]
    assert [m.text for m in words(drawing)].count("Class") == 1
