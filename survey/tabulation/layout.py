"""Crosstab: a finished table of numbers, and the options it was made with."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError, some
from survey.estimation.intervals import check_interval
from survey.tabulation.association import check_statistic
from survey.tabulation.column_tests import check_tests
from survey.tabulation.lines import check_summaries

CELL_COLUMNS = (
    "question",
    "code",
    "label",
    "banner",
    "point",
    "statistic",
    "estimate",
    "std_error",
    "conf_low",
    "conf_high",
    "deff",
    "count",
    "base_unweighted",
    "base_weighted",
    "base_effective",
    "letters",
    "note",
)
# Only in the frame of a crosstab: results.csv has the columns above.
ALL_CELL_COLUMNS = (*CELL_COLUMNS, "against_rest", "against_total", "weighting")
TEST_COLUMNS = (
    "question",
    "banner",
    "statistic",
    "ndf",
    "ddf",
    "p_value",
    "code",
    "test",
    "note",
    "weighting",
)
BASE_COLUMNS = (
    "question",
    "banner",
    "point",
    "base_text",
    "base_unweighted",
    "base_weighted",
    "base_effective",
    "degrees_of_freedom",
    "base_class",
    "note",
    "weighting",
)


@dataclass(frozen=True, slots=True)
class TableOptions:
    """How a table is made.

    Attributes
    ----------
    interval : str
        Interval of shares; see `share_interval`.
    conf_level : float
        Confidence level.
    min_base, small_base : int
        Unweighted bases below which a column is hidden, and marked.
    levels : tuple of float
        One or two significance levels of the letters.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment of the letters for many tests.
    family : {"row", "banner", "question", "table"}
        Tests that are adjusted together; see `adjusted_over`.
    min_difference : float
        Smallest difference of shares that is marked, 0.05 for 5 points.
    against : tuple of {"rest", "total"}
        What every column is tested against beside the other columns.
    statistic : {"F", "chisq", "wald", "adjusted_wald"}
        Test of association; see `rao_scott`.
    percent : tuple of {"column", "row", "total"}
        Percentages beside those of the column.
    summaries : mapping of question to tuple of {"mean", "median", "sd"}
        Lines beneath the shares.
    links : callable, optional
        Says which questions tell something of each other by their bases; see
        `protect`.

    Raises
    ------
    EstimationError
        An option is not known or outside its range.

    Examples
    --------
    >>> TableOptions(min_base=50).small_base
    100
    """

    interval: str = "logit"
    conf_level: float = 0.95
    min_base: int = 30
    small_base: int = 100
    levels: tuple[float, ...] = (0.05, 0.10)
    adjust: str = "none"
    family: str = "row"
    min_difference: float = 0.0
    against: tuple[str, ...] = ()
    statistic: str = "F"
    percent: tuple[str, ...] = ("column",)
    summaries: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    links: Callable[[Sequence[str]], NDArray[np.bool_]] | None = None

    def __post_init__(self) -> None:
        check_interval(self.interval, self.conf_level)
        check_tests(tuple(self.levels), self.adjust, self.family, self.min_difference)
        check_statistic(self.statistic)
        _check_bases(self.min_base, self.small_base)
        _check_known("against", self.against, ("rest", "total"))
        _check_known("percent", self.percent, ("column", "row", "total"))
        for wanted in self.summaries.values():
            check_summaries(wanted)


def _check_bases(*bases: int) -> None:
    """Refuse minimum bases that are negative."""
    if min(bases) < 0:
        raise EstimationError(
            f"min_base and small_base are {bases}; give numbers of 0 or more."
        )


def _check_known(what: str, given: Sequence[str], known: Sequence[str]) -> None:
    """Refuse a name that is not known."""
    unknown = [name for name in given if name not in known]
    if unknown:
        raise EstimationError(
            f"{what} {some(unknown)} is not known. Use {some(known)}."
        )


@dataclass(frozen=True, slots=True)
class BannerPoint:
    """One column of a table.

    Attributes
    ----------
    banner, banner_label : str
        Banner question.
    code, label : str
        Category or net of it.
    letter : str
        Letter that names the column in the tests. Letters start again with every
        banner question.
    """

    banner: str
    banner_label: str
    code: str
    label: str
    letter: str


@dataclass(frozen=True, slots=True, eq=False)
class Crosstab:
    """A table of any size, as numbers.

    Attributes
    ----------
    stub, banner : tuple of str
        Names of the questions down the side and across.
    columns : tuple of BannerPoint
        Points of every banner question; Total, which stands before them, is none.
    cells : DataFrame
        One row per question, row and column, in the order in which a table is read.
        Shares are 0 to 1; a hidden cell has NaN and says why in ``note``.
    bases : DataFrame
        ``question, banner, point, base_text, base_unweighted, base_weighted,
        base_effective, degrees_of_freedom, base_class, note, weighting``, one row
        per question and column. The bases of a hidden column are NaN, and
        `base_class` says that they are below the minimum.
    tests : DataFrame
        Tests of association: ``question, banner, statistic, ndf, ddf, p_value,
        code, test, note, weighting``. The code is that of an item of a multiple
        response question, empty for the question as a whole; the test is the
        statistic used; the note says why there is no test.
    titles : tuple of str
        Title of every stub question, which names its base.
    """

    stub: tuple[str, ...]
    banner: tuple[str, ...]
    columns: tuple[BannerPoint, ...]
    cells: pd.DataFrame
    bases: pd.DataFrame
    tests: pd.DataFrame
    titles: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Give a copy of the cells, one row each."""
        return self.cells.copy()

    def wide(self, column: str = "estimate") -> pd.DataFrame:
        """Give the table as it is read: rows down the side, banner points across.

        Parameters
        ----------
        column : str, default "estimate"
            What stands in the cells: any column of `cells`.

        Returns
        -------
        DataFrame
            Indexed by question, row and statistic; columns by banner question and
            point, by weighting where there are several.
        """
        across = ["banner", "point"]
        if (self.cells["weighting"] != "").any():
            across = ["weighting", *across]
        down = ["question", "code", "label", "statistic"]
        width = len(self.columns) + 1
        blocks = [each for _, each in self.cells.groupby("weighting", sort=False)]
        values = [each[column].to_numpy().reshape(-1, width) for each in blocks]
        first = blocks[0] if blocks else self.cells
        heads = pd.concat([each.iloc[:width] for each in blocks or [first]])
        return pd.DataFrame(
            np.hstack(values or [np.empty((0, 0))]),
            index=pd.MultiIndex.from_frame(first[down].iloc[::width]),
            columns=pd.MultiIndex.from_frame(heads[across]),
        )
