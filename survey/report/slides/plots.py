"""Native charts as values: what stands in the workbook, and how it is drawn.

Nothing is estimated: columns that place a bar are sums of numbers that are shown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

INK: Final = "tx1"
PAPER: Final = "bg1"


@dataclass(frozen=True, slots=True)
class Label:
    """The number beside a drawn value.

    `text` is empty where the number format of the value prints it. `shift` moves it
    to the right, as a share of the width of the chart, and `drop` down, as a share of
    its height. A `named` label begins with the name of the series.
    """

    text: str = ""
    position: str = "outEnd"
    colour: str = INK
    shift: float = 0.0
    number_format: str = "0%"
    bold: bool = True
    drop: float = 0.0
    named: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """How one point is drawn, where it differs from its series."""

    fill: str
    line: str = ""
    joined: bool = True


@dataclass(frozen=True, slots=True)
class Series:
    """One column of the workbook, and how it is drawn.

    Attributes
    ----------
    name : str
        Head of the column.
    values : tuple of float or None
        None for a hidden or missing number: an empty cell.
    fill : str
        ``#RRGGBB`` or a colour of the theme; empty for a series that is not seen.
    labels : tuple of Label or None
        One for each value; none at all when empty.
    points : mapping of int to Point
        Points that look different.
    minus, plus : tuple of float or None
        Lengths of the interval to either side; none at all when empty.
    tone : str
        Colour of intervals that are thick, and of dots; thin ones are in ink.
    dot : float
        Half the width of a dot at the end of every bar, in the unit of the values;
        0 for none.
    shared : bool
        Whether the numbers are those of the first column.
    legend : bool
        Whether the legend names it.
    symbol : str
        Marker of its points as Office names it; ``none`` for none.
    size : int
        Points of the marker.
    dash : str
        Pattern of its line as Office names it; empty for none.
    weight : float
        Points of its line; 0 where points are not joined.
    cover : float
        How much a marker covers, 0 to 1.
    """

    name: str
    values: tuple[float | None, ...]
    fill: str = ""
    labels: tuple[Label | None, ...] = ()
    points: Mapping[int, Point] = field(default_factory=dict)
    minus: tuple[float | None, ...] = ()
    plus: tuple[float | None, ...] = ()
    tone: str = ""
    dot: float = 0.0
    shared: bool = False
    legend: bool = True
    symbol: str = "circle"
    size: int = 10
    dash: str = ""
    weight: float = 2.5
    cover: float = 1.0


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis of numbers that is seen: title, ends, step, number format.

    `rule` is the colour of the lines across the plot.
    """

    title: str
    low: float
    high: float
    step: float
    logarithmic: bool
    number_format: str
    rule: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart that is ready to be written.

    Attributes
    ----------
    kind : {"bars", "lines", "points"}
        Which chart of PowerPoint.
    labels : tuple of str
        Whole labels, as they stand in the workbook.
    shown : tuple of str
        The same, shortened to the room beside the chart.
    series : tuple of Series
        Columns of the workbook.
    stacked : bool
        Whether bars add up.
    overlap, gap : int
        Of bars, in percent.
    low, high : float
        Ends of the axis of values.
    crosses : float
        Where the axis of labels crosses it.
    box, key : tuple of float
        Left, top, width and height of the plot and of its legend, as shares of the
        chart.
    size : float
        Type size in points.
    across : tuple of float or None
        Of points, the values across; those of the series are up.
    scales : tuple of Scale
        Of points, the axes across and up.
    cut : tuple of str
        Names that were shortened, whole.
    """

    kind: Literal["bars", "lines", "points"]
    labels: tuple[str, ...]
    shown: tuple[str, ...]
    series: tuple[Series, ...]
    stacked: bool = False
    overlap: int = 0
    gap: int = 50
    low: float = 0.0
    high: float = 1.0
    crosses: float = 0.0
    box: tuple[float, float, float, float] = (0.3, 0.0, 0.7, 1.0)
    key: tuple[float, float, float, float] = (0.3, 0.0, 0.7, 0.1)
    size: float = 14.0
    across: tuple[float | None, ...] = ()
    scales: tuple[Scale, ...] = ()
    cut: tuple[str, ...] = ()

    @property
    def legend(self) -> bool:
        """Whether more than one series has to be told apart."""
        return sum(series.legend for series in self.series) > 1
