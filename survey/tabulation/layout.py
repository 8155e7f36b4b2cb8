"""Crosstab: a finished table of numbers, and the options it was made with."""

from dataclasses import dataclass

import pandas as pd

from survey.estimation.intervals import check_interval
from survey.tabulation.column_tests import check_tests

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
TEST_COLUMNS = ("question", "banner", "statistic", "ndf", "ddf", "p_value")
BASE_COLUMNS = (
    "question",
    "banner",
    "point",
    "base_text",
    "base_unweighted",
    "base_weighted",
    "base_effective",
    "degrees_of_freedom",
    "note",
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
        Adjustment over the pairs of one row and banner question.

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

    def __post_init__(self) -> None:
        check_interval(self.interval, self.conf_level)
        check_tests(tuple(self.levels), self.adjust)


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
        base_effective, degrees_of_freedom, note``, one row per question and column.
    tests : DataFrame
        Rao-Scott F tests: ``question, banner, statistic, ndf, ddf, p_value``.
    notes : tuple of str
        What holds for the table as a whole.
    """

    stub: tuple[str, ...]
    banner: tuple[str, ...]
    columns: tuple[BannerPoint, ...]
    cells: pd.DataFrame
    bases: pd.DataFrame
    tests: pd.DataFrame
    notes: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Give a copy of the cells, one row each."""
        return self.cells.copy()
