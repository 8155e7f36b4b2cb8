"""Axes of numbers: round, short, in the language of the report."""

import pytest

from survey.report.axis_formats import axis_format
from survey.report.charts_ticks import axes, axis, points, reference_runs
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue


def block(*pairs: tuple[float | None, float | None], **changes: object) -> ChartBlock:
    rows = tuple(
        ChartRow(f"Point {n}", tuple(ChartValue(one, f"{one}") for one in pair))
        for n, pair in enumerate(pairs)
    )
    series = (ChartSeries("Across"), ChartSeries("Up"))
    return ChartBlock("b", "scatter", "", "", series, rows, (), "", **changes)


@pytest.mark.parametrize(
    ("values", "language", "texts"),
    [
        ([0, 4], "en", ["0", "1", "2", "3", "4"]),
        ([0, 1200], "de", ["0", "200", "400", "600", "800", "1.000", "1.200"]),
        ([0.1, 0.42], "de", ["0,0", "0,1", "0,2", "0,3", "0,4", "0,5"]),
        ([1e6, 7.4e6], "en", ["0", "2 M", "4 M", "6 M", "8 M"]),
        ([0, 3e9], "de", ["0", "500 Mio.", "1,0 Mrd.", "1,5 Mrd.", "2,0 Mrd."]),
        # Far from 0, an axis does not begin there.
        ([96, 100], "en", ["96", "97", "98", "99", "100"]),
    ],
)
def test_numbers_along_an_axis(
    values: list[float], language: str, texts: list[str]
) -> None:
    side = axis(values, language, share=False)

    assert [text for _, text in side.ticks][: len(texts)] == texts
    assert side.low <= min(values) <= max(values) <= side.high


def test_decades_are_equally_far_apart() -> None:
    side = axis([3, 2e6], "en", share=False, logarithmic=True)

    assert [text for _, text in side.ticks] == [
        "1", "10", "100", "1,000", "10,000", "100,000", "1 M", "10 M",
    ]  # fmt: skip
    # 1,000 is three of seven decades up.
    assert side.share(1000.0) == pytest.approx(3 / 7)
    assert side.value(3 / 7) == pytest.approx(1000.0)


def test_a_point_of_which_one_number_is_hidden_is_not_drawn() -> None:
    figure = block((1.0, 2.0), (None, 3.0), (4.0, None), (5.0, 6.0))

    assert points(figure) == [(0, 1.0, 2.0), (3, 5.0, 6.0)]


def test_a_line_behind_points_ends_where_the_plot_ends() -> None:
    figure = block(
        (0.0, 0.0), (10.0, 10.0), reference=((-5.0, -5.0), (5.0, 5.0), (20.0, 5.0))
    )
    ((first, corner, last),) = reference_runs(figure, *axes(figure))

    assert first == pytest.approx((0.0, 0.0))
    assert corner == pytest.approx((0.5, 0.5))
    assert last == pytest.approx((1.0, 0.5))


def test_a_line_outside_is_not_drawn() -> None:
    figure = block((0.0, 0.0), (10.0, 10.0), reference=((11.0, 0.0), (11.0, 10.0)))

    assert list(reference_runs(figure, *axes(figure))) == []


def test_a_logarithmic_axis_has_no_place_for_zero() -> None:
    with pytest.raises(AssertionError, match="no place for 0"):
        axis([0.0, 10.0], "en", share=False, logarithmic=True)


@pytest.mark.parametrize(
    ("values", "log", "language", "code"),
    [
        ([0, 1200], False, "en", "#,##0"),
        ([0, 2], False, "en", "#,##0.0"),
        (
            [1, 5e9],
            True,
            "de",
            '[>=1000000000]#,##0,,," Mrd.";[>=1000000]#,##0,," Mio.";#,##0',
        ),
        ([0.01, 5], True, "en", "General"),
    ],
)
def test_programs_are_told_how_to_write_numbers(
    values: list[float],
    log: bool,  # noqa: FBT001 - a parameter of the cases
    language: str,
    code: str,
) -> None:
    side = axis(values, language, share=False, logarithmic=log)

    assert axis_format(side, language) == code
