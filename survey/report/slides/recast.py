"""Charts and tables of a former deck with the numbers of this run.

Numbers, labels and intervals are new; colours that a person gave to a series, and to
a bar that is still there, stay.
"""

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from survey.report.look import Look
from survey.report.slides.chart_xml import chart_xml
from survey.report.slides.drawing_xml import select
from survey.report.slides.plots import Plot
from survey.report.slides.tables import Grid
from survey.report.slides.workbook import workbook

if TYPE_CHECKING:
    from pptx.parts.chart import ChartPart

_KEPT: Final = ("externalData", "userShapes")
_LOOKS: Final = ("spPr", "marker")
_ROLES: Final = ("main", "net", "total", "dont_know", "paper")


def recast_chart(part: "ChartPart", plot: Plot, look: Look) -> None:
    """Give a chart new numbers.

    Parameters
    ----------
    part : ChartPart
        The chart of the former deck.
    plot : Plot
        The chart as it is now.
    look : Look
        Colours of the house; a bar in one of them was not coloured by hand.
    """
    from pptx.oxml import parse_xml

    root = part._element  # noqa: SLF001 - the library has no other way
    made = parse_xml(chart_xml(plot))
    former = {_series_name(series): series for series in select(root, ".//c:ser")}
    for series in select(made, ".//c:ser"):
        name = _series_name(series)
        if name.strip() and name in former:
            _keep_look(former[name], series, look)
    for child in list(root):
        if _tag(child) not in _KEPT:
            root.remove(child)
    new = [child for child in made if _tag(child) != "externalData"]
    for position, child in enumerate(new):
        root.insert(position, child)
    part.chart_workbook.update_from_xlsx_blob(workbook(plot))


def recast_table(table: Any, grid: Grid) -> bool:
    """Give the cells of a table new texts, if it has the same rows and columns.

    Parameters
    ----------
    table : Table
        The table of the former deck.
    grid : Grid
        The table as it is now.

    Returns
    -------
    bool
        Whether it was done.
    """
    same = len(table.rows) == len(grid.cells)
    if not same or len(table.columns) != len(grid.widths):
        return False
    for row, cells in zip(table.rows, grid.cells, strict=True):
        for old, new in zip(row.cells, cells, strict=True):
            runs = [run for p in old.text_frame.paragraphs for run in p.runs]
            if runs:
                for run in runs[1:]:
                    run._r.getparent().remove(run._r)  # noqa: SLF001 - no other way
                runs[0].text = new.text
            elif new.text:
                old.text_frame.text = new.text
    return True


def _keep_look(old: Any, new: Any, look: Look) -> None:
    """Take over how a series and its points were coloured."""
    for tag in _LOOKS:
        before, after = select(old, f"c:{tag}"), select(new, f"c:{tag}")
        if before and after:
            new.replace(after[0], deepcopy(before[0]))
    ours = {look.colour(role).lstrip("#").upper() for role in _ROLES}
    places = {label: at for at, label in _labels(new).items()}
    known = _labels(old)
    for point in select(old, "c:dPt"):
        at = places.get(known.get(int(select(point, "c:idx/@val")[0]), ""))
        tones = select(point, "./c:spPr/a:solidFill/a:srgbClr/@val")
        if at is not None and tones and tones[0].upper() not in ours:
            _put_point(new, at, deepcopy(point))


def _put_point(series: Any, at: int, point: Any) -> None:
    """Put the look of a point where the point stands now."""
    select(point, "c:idx")[0].set("val", str(at))
    others = select(series, "c:dPt")
    for other in others:
        number = int(select(other, "c:idx/@val")[0])
        if number == at:
            series.replace(other, point)
            return
        if number > at:
            other.addprevious(point)
            return
    before = others[-1:] or select(series, "c:invertIfNegative | c:marker")[-1:]
    before[0].addnext(point)


def _labels(series: Any) -> dict[int, str]:
    """Give the labels of the rows of a series by number."""
    points = select(series, "c:cat//c:pt")
    return {int(point.get("idx")): "".join(point.itertext()) for point in points}


def _series_name(series: Any) -> str:
    """Give the name of a series."""
    return "".join(str(text) for text in select(series, "c:tx//c:v/text()"))


def _tag(element: Any) -> str:
    """Give the name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]
