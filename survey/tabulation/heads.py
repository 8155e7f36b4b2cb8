"""Heads: banner questions laid over the design, and the columns that they make.

Total stands before all banner questions, and letters start again with each of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.estimation.design import ResolvedDesign
from survey.estimation.layout import (
    ColumnLayout,
    Columns,
    columns_of,
    lay_out,
    total_column,
)
from survey.responses.variable import Variable
from survey.tabulation.blocks import Heading
from survey.tabulation.column_tests import letter_of
from survey.tabulation.layout import BannerPoint, TableOptions
from survey.tabulation.reference_tests import with_complements


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One banner question, laid over the design.

    Attributes
    ----------
    name : str
        Banner question; empty for Total alone.
    columns : Columns
        Total and its C - 1 points.
    layout : ColumnLayout
        The same columns over the design, and after them the rest of each point
        where columns are tested against the rest.
    testable : bool
        Whether association with it is tested: single response.
    """

    name: str
    columns: Columns
    layout: ColumnLayout
    testable: bool

    @property
    def width(self) -> int:
        """Number of columns, Total included."""
        return len(self.columns.codes) + 1


def heads_of(
    banner: Sequence[Variable], design: ResolvedDesign, options: TableOptions
) -> list[Head]:
    """Lay banner questions over the design; Total alone where there are none.

    Parameters
    ----------
    banner : sequence of Variable
        Banner questions.
    design : ResolvedDesign
        Design of the same respondents.
    options : TableOptions
        Says whether columns are tested against the rest.

    Returns
    -------
    list of Head
        At least one.

    Raises
    ------
    QuestionError
        A banner question holds numbers.
    """
    if not banner:
        columns = total_column(design.used.size)
        return [Head("", columns, lay_out(columns, design), testable=False)]
    heads = []
    for variable in banner:
        columns = columns_of(variable)
        laid = with_complements(columns) if "rest" in options.against else columns
        single = variable.position is not None
        heads.append(Head(variable.name, columns, lay_out(laid, design), single))
    return heads


def points_of(
    banner: Sequence[Variable], heads: Sequence[Head]
) -> tuple[BannerPoint, ...]:
    """List the columns after Total; letters start again with every banner question.

    Parameters
    ----------
    banner : sequence of Variable
        Banner questions.
    heads : sequence of Head
        The same questions, laid over the design.

    Returns
    -------
    tuple of BannerPoint
        Points of all banner questions.
    """
    points: list[BannerPoint] = []
    for variable, head in zip(banner, heads, strict=False):
        labels = zip(head.columns.codes, head.columns.labels, strict=True)
        points += [
            BannerPoint(variable.name, variable.label, code, label, letter_of(place))
            for place, (code, label) in enumerate(labels)
        ]
    return tuple(points)


def heading_of(columns: Sequence[BannerPoint]) -> Heading:
    """Write the columns of a table, Total first."""
    return Heading(
        ("", *(point.banner for point in columns)),
        ("Total", *(point.label for point in columns)),
    )
