"""Crosstab: look up questions by name and tabulate them in one call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import pandas as pd

from survey.errors import EstimationError
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.intervals import IntervalMethod
from survey.importers.stored import StoredData
from survey.questionnaire.model import BaseRule, Net
from survey.responses.table import Responses
from survey.responses.variable import Variable
from survey.tabulation.adjustment import Adjust, Family
from survey.tabulation.association import Statistic
from survey.tabulation.layout import Crosstab, TableOptions
from survey.tabulation.links import routing_links
from survey.tabulation.questions import (
    Recodes,
    Wanted,
    check_recodes,
    look_up,
    named_variables,
    summaries_of,
)
from survey.tabulation.stored_crosstab import (
    plan_table,
    tabulate_stored,
    values_of_questions,
)
from survey.tabulation.tabulate import tabulate


def crosstab(  # noqa: PLR0913 - every option of a table has a name here
    data: Responses | pd.DataFrame | StoredData,
    stub: str | Sequence[str | Variable],
    banner: str | Sequence[str | Variable] = (),
    *,
    design: SurveyDesign | Mapping[str, SurveyDesign] | None = None,
    nets: Mapping[str, Sequence[Net]] | None = None,
    outline: bool = False,
    sets: Mapping[str, Sequence[str]] | None = None,
    bands: Mapping[str, Sequence[float]] | None = None,
    numbers: Sequence[str] = (),
    boxes: Wanted = (),
    summaries: Wanted = (),
    percent: str | Sequence[str] = "column",
    interval: IntervalMethod = "logit",
    conf_level: float = 0.95,
    min_base: int = 30,
    small_base: int = 100,
    levels: float | tuple[float, ...] = (0.05, 0.10),
    adjust: Adjust = "none",
    family: Family = "row",
    min_difference: float = 0.0,
    against: str | Sequence[str] = (),
    statistic: Statistic = "F",
    base: BaseRule | None = None,
    language: str = "",
) -> Crosstab:
    """Tabulate questions against banner questions.

    Parameters
    ----------
    data : Responses, DataFrame or StoredData
        All respondents. Missing values of plain columns are outside the base.
    stub, banner : str, or sequence of str or Variable
        Questions down the side and across; a grid stands for all its items.
    design : SurveyDesign, or mapping of name to SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted. Several designs, such as
        one weighted by organisations and one by employment, stand side by side under
        their names.
    nets : mapping of question to sequence of Net, optional
        Codes taken together, counted once per respondent; a net may name other nets.
    outline : bool, default False
        Whether categories stand beneath their net, or all nets above all categories.
    sets : mapping of name to sequence of str, optional
        Multiple response sets of a DataFrame: columns of 0 and 1.
    bands : mapping of question to sequence of float, optional
        Limits of bands of numbers, ``[0, 10, 50, inf]``.
    numbers : sequence of str
        Columns of a DataFrame that are numbers and no categories: they have a mean.
    boxes : sequence of str, or mapping of question to sequence of str
        ``top2``, ``bottom2`` and so on of every ordered question, or of those named.
    summaries : sequence of str, or mapping of question to sequence of str
        ``mean``, ``median``, ``sd`` beneath every ordered question and beneath
        numbers, or beneath those named.
    percent : {"column", "row", "total"}, or a sequence of them
        Percentages of the row and of the total come beside those of the column. The
        base of a row percentage is its row, and counts for `min_base`.
    interval : {"logit", "wilson", "beta", "arcsine", "likelihood", "xlogit", "wald"}
        Confidence interval of shares.
    conf_level : float, default 0.95
        Confidence level.
    min_base, small_base : int, default 30 and 100
        Unweighted bases below which a column is hidden, and marked.
    levels : float or tuple of float, default (0.05, 0.10)
        Significance levels of the letters: a capital at the stricter one.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment of the letters for many tests.
    family : {"row", "banner", "question", "table"}
        Tests that are adjusted together: one row by one banner question; all rows of
        a question by one banner question; a question by the whole banner; all.
    min_difference : float, default 0
        Smallest difference of shares that is marked, 0.05 for 5 points.
    against : {"rest", "total"}, or a sequence of them
        What every column is tested against beside the other columns.
    statistic : {"F", "chisq", "wald", "adjusted_wald"}
        Test of association; see `rao_scott`.
    base : {"asked", "answered", "named"}, optional
        Base of the stub questions; what the questionnaire says when omitted.
    language : str
        Language of the labels.

    Returns
    -------
    Crosstab
        Cells, bases, tests.

    Raises
    ------
    QuestionError
        There is no such question, or it cannot give what is asked of it.
    DesignError
        The design contradicts itself or the data.
    EstimationError
        An option is not known.

    See Also
    --------
    rao_scott : The test of one question against another.

    Examples
    --------
    >>> firms = pd.DataFrame({"uses": ["yes", "no"] * 40, "size": ["s"] * 80})
    >>> table = crosstab(firms, ["uses"], ["size"])
    >>> table.to_frame()[["code", "point", "estimate", "count", "note"]]
      code  point  estimate  count        note
    0   no  Total       0.5   40.0  small base
    1   no      s       0.5   40.0  small base
    2  yes  Total       0.5   40.0  small base
    3  yes      s       0.5   40.0  small base
    """
    recodes = Recodes(
        base,
        language,
        nets or {},
        outline,
        sets or {},
        bands or {},
        numbers,
        boxes,
    )
    source = _source(data, stub, banner, recodes)
    check_recodes(source, recodes)
    across = look_up(source, banner, recodes, stub=False)
    named = named_variables(source, stub, recodes)
    down = [variable for _, variable in named]
    questionnaire = source.questionnaire if isinstance(source, Responses) else None
    options = TableOptions(
        interval,
        conf_level,
        min_base,
        small_base,
        (levels,) if isinstance(levels, float) else tuple(levels),
        adjust,
        family,
        min_difference,
        _several(against),
        statistic,
        _several(percent),
        summaries_of(source, named, summaries, recodes),
        partial(routing_links, questionnaire),
    )

    def made(one: SurveyDesign | None) -> Crosstab:
        if isinstance(data, StoredData):
            assert isinstance(source, pd.DataFrame), "values of stored questions"
            plan = plan_table(data, named, across, source, recodes)
            return tabulate_stored(plan, one, options)
        return tabulate(down, across, resolve(one, source), options)

    if not isinstance(design, Mapping):
        return made(design)
    if not design:
        raise EstimationError("design names no weighting. Give at least one.")
    return side_by_side({name: made(one) for name, one in design.items()})


def _source(
    data: Responses | pd.DataFrame | StoredData,
    stub: str | Sequence[str | Variable],
    banner: str | Sequence[str | Variable],
    recodes: Recodes,
) -> Responses | pd.DataFrame:
    """Give what questions are looked up in; of stored data their values."""
    if isinstance(data, StoredData):
        return values_of_questions(data, stub, banner, recodes)
    return data


def side_by_side(tables: Mapping[str, Crosstab]) -> Crosstab:
    """Put tables of the same questions under several weightings together.

    Parameters
    ----------
    tables : mapping of str to Crosstab
        Name of the weighting, and the table made with it.

    Returns
    -------
    Crosstab
        All cells, bases and tests; their column `weighting` has the name.
    """
    first = next(iter(tables.values()))
    frames = {
        kind: pd.concat(
            [
                getattr(table, kind).assign(weighting=name)
                for name, table in tables.items()
            ],
            ignore_index=True,
        )
        for kind in ("cells", "bases", "tests")
    }
    return replace(first, **frames)


def _several(given: str | Sequence[str]) -> tuple[str, ...]:
    """Take one name for a sequence of one."""
    return (given,) if isinstance(given, str) else tuple(given)
