"""Crosstab: look up questions by name and tabulate them in one call."""

from collections.abc import Mapping, Sequence

import pandas as pd

from survey.errors import QuestionError, some
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.intervals import IntervalMethod
from survey.questionnaire.model import BaseRule, Net
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Row, Variable
from survey.tabulation.column_tests import Adjust
from survey.tabulation.layout import Crosstab, TableOptions
from survey.tabulation.tabulate import tabulate


def crosstab(  # noqa: PLR0913 - every option of a table has a name here
    data: Responses | pd.DataFrame,
    stub: str | Sequence[str | Variable],
    banner: str | Sequence[str | Variable] = (),
    *,
    design: SurveyDesign | None = None,
    nets: Mapping[str, Sequence[Net]] | None = None,
    interval: IntervalMethod = "logit",
    conf_level: float = 0.95,
    min_base: int = 30,
    small_base: int = 100,
    levels: tuple[float, ...] = (0.05, 0.10),
    adjust: Adjust = "none",
    base: BaseRule | None = None,
    language: str = "",
) -> Crosstab:
    """Tabulate questions against banner questions.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents. Missing values of a DataFrame are outside the base.
    stub, banner : sequence of str or Variable
        Questions down the side and across; a grid stands for all its items.
    design : SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted.
    nets : mapping of question to sequence of Net, optional
        Codes taken together, counted once per respondent.
    interval : {"logit", "wilson", "beta", "arcsine", "xlogit", "wald"}
        Confidence interval of shares.
    conf_level : float, default 0.95
        Confidence level.
    min_base, small_base : int, default 30 and 100
        Unweighted bases below which a column is hidden, and marked.
    levels : tuple of float, default (0.05, 0.10)
        Significance levels of the letters: a capital at the stricter one.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment over the pairs of columns in one row of one banner question.
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
        There is no such question.
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
    >>> table.to_frame()[["code", "point", "estimate", "base_unweighted", "note"]]
      code  point  estimate  base_unweighted        note
    0   no  Total       0.5               80  small base
    1   no      s       0.5               80  small base
    2  yes  Total       0.5               80  small base
    3  yes      s       0.5               80  small base
    """
    options = TableOptions(
        interval, conf_level, min_base, small_base, tuple(levels), adjust
    )
    resolved = resolve(design, data)
    wanted = nets or {}
    down = _variables(data, stub, wanted, base, language)
    across = _variables(data, banner, wanted, None, language)
    return tabulate(down, across, resolved, options)


def _variables(
    data: Responses | pd.DataFrame,
    names: str | Sequence[str | Variable],
    nets: Mapping[str, Sequence[Net]],
    base: BaseRule | None,
    language: str,
) -> list[Variable]:
    """Look up questions; a `Variable` stands for itself."""
    given = [names] if isinstance(names, str) else names
    found: list[Variable] = []
    for each in given:
        if isinstance(each, Variable):
            found.append(each)
            continue
        own = nets.get(each, ())
        if own and isinstance(data, pd.DataFrame):
            found += [_with_nets(v, own) for v in variables(data, each)]
        else:
            found += variables(data, each, base=base, language=language, nets=own)
    return found


def _with_nets(variable: Variable, nets: Sequence[Net]) -> Variable:
    """Put nets above the categories of a plain column."""
    for net in nets:
        unknown = [code for code in net.codes if code not in variable.codes]
        if unknown:
            raise QuestionError(
                f"net {net.code!r} of {variable.name!r} names codes {some(unknown)}, "
                "which do not occur. Correct the net."
            )
    heads = tuple(
        Row(net.code, next(iter(net.label.values()), net.code), net.codes, "net")
        for net in nets
    )
    return Variable(
        variable.name,
        variable.label,
        variable.codes,
        heads + variable.rows,
        variable.position,
        variable.chosen,
        variable.value,
        variable.base,
        variable.base_text,
    )
