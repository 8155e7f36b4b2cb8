"""Tables of stored data: one query for each banner question counts the whole stub.

Questions are looked up among their distinct values, banner questions among the groups
that come back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import pandas as pd

from survey.errors import EstimationError, QuestionError, some
from survey.estimation.design import SurveyDesign
from survey.estimation.layout import Columns, columns_of, total_column
from survey.estimation.stored_answers import coded, marked, means_of, read_values
from survey.estimation.stored_asked import Asked, Groups, check_columns
from survey.estimation.stored_design import design_columns, resolve_groups
from survey.estimation.stored_estimate import weight_name
from survey.estimation.stored_query import count_groups
from survey.importers.stored import StoredData
from survey.responses.variable import Variable
from survey.tabulation.heads import Head, heads_of
from survey.tabulation.layout import Crosstab, TableOptions
from survey.tabulation.protection import JointSums
from survey.tabulation.questions import Recodes, look_up
from survey.tabulation.tabulate import tabulate_heads

_LATER = "Load these columns as a DataFrame, or leave it out."


def values_of_questions(
    data: StoredData,
    stub: str | Sequence[str | Variable],
    banner: str | Sequence[str | Variable],
    recodes: Recodes,
) -> pd.DataFrame:
    """Read the distinct values of all questions of a table, in one query.

    Parameters
    ----------
    data : StoredData
        All respondents.
    stub, banner : str, or sequence of str
        Questions down the side and across.
    recodes : Recodes
        Sets and numbers among them.

    Returns
    -------
    DataFrame
        From `read_values`; questions are looked up in it.

    Raises
    ------
    QuestionError
        There is no such column, or a question is no name.
    EstimationError
        A column has too many values to be codes.
    """
    names = [*_names(stub), *_names(banner)]
    numbers = [name for name in names if name in recodes.numbers]
    columns = [
        column
        for name in names
        if name not in numbers
        for column in recodes.sets.get(name, [name])
    ]
    return read_values(data, columns, numbers)


def _names(given: str | Sequence[str | Variable]) -> list[str]:
    """Give questions by name."""
    names = [given] if isinstance(given, (str, Variable)) else list(given)
    found = [name for name in names if isinstance(name, str)]
    if len(found) < len(names):
        raise QuestionError(
            "questions of stored data are given by name, and not as a Variable. Name "
            "the columns."
        )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What a table of stored data counts.

    Attributes
    ----------
    data : StoredData
        All respondents.
    recodes : Recodes
        What is made of the questions.
    stub : tuple of Variable
        Questions down the side, over their distinct values.
    coded : tuple of Coded or Marked
        Questions of the query.
    numbers : tuple of str
        Columns of numbers.
    banner : tuple of str
        Banner questions.
    """

    data: StoredData
    recodes: Recodes
    stub: tuple[Variable, ...]
    coded: tuple[Asked, ...]
    numbers: tuple[str, ...]
    banner: tuple[str, ...]


def plan_table(
    data: StoredData,
    stub: Sequence[tuple[str, Variable]],
    banner: Sequence[Variable],
    values: pd.DataFrame,
    recodes: Recodes,
) -> Plan:
    """Plan what a table counts.

    Parameters
    ----------
    data : StoredData
        All respondents.
    stub : sequence of (str, Variable)
        Questions looked up in `values`.
    banner : sequence of Variable
        Banner questions, looked up there as well.
    values : DataFrame
        From `values_of_questions`.
    recodes : Recodes
        What was made of the questions.

    Returns
    -------
    Plan
        For `tabulate_stored`.

    Raises
    ------
    QuestionError
        A banner question holds numbers.
    """
    found: list[Variable] = []
    asked: dict[str, Asked] = {}
    numbers: list[str] = []
    for name, variable in stub:
        if variable.chosen is not None:
            asked[name] = marked(variable, recodes.sets[name])
            found.append(variable)
        elif name in recodes.numbers:
            numbers.append(name)
            found.append(variable)
        else:
            own, asked[name] = coded(variable, name, values, data)
            found.append(own)
    for variable in banner:
        columns_of(variable)
    across = tuple(variable.name for variable in banner)
    questions = tuple(asked.values())
    return Plan(data, recodes, tuple(found), questions, tuple(numbers), across)


def tabulate_stored(
    plan: Plan, design: SurveyDesign | None, options: TableOptions
) -> Crosstab:
    """Count and tabulate a table of stored data.

    Parameters
    ----------
    plan : Plan
        What is counted.
    design : SurveyDesign or None
        How respondents were drawn, by names of columns.
    options : TableOptions
        Intervals, small bases, tests.

    Returns
    -------
    Crosstab
        As from `tabulate`.

    Raises
    ------
    QuestionError, DesignError
        As for `crosstab`.
    EstimationError
        An option needs respondents.
    """
    _check_options(options)
    design = SurveyDesign() if design is None else design
    keys = design_columns(design, plan.data)
    heads = [_head(plan, name, design, keys, options) for name in plan.banner or ("",)]
    banner = [variable for variable, _ in heads if variable is not None]

    @cache
    def joint() -> JointSums:
        return _joint(plan, weight_name(design))

    laid = [head for _, head in heads]
    return tabulate_heads(plan.stub, banner, laid, options, joint)


def _check_options(options: TableOptions) -> None:
    """Refuse what cannot be had from sums by group."""
    beside = [kind for kind in options.percent if kind != "column"]
    if beside:
        raise EstimationError(
            f"percent {some(beside)} is not available for stored data. {_LATER}"
        )
    given = {kind for kinds in options.summaries.values() for kind in kinds}
    needed = sorted(given - {"mean"})
    if needed:
        raise EstimationError(
            f"summary {some(needed)} needs respondents and is not available for "
            f"stored data. {_LATER}"
        )


def _head(
    plan: Plan,
    name: str,
    design: SurveyDesign,
    keys: Sequence[str],
    options: TableOptions,
) -> tuple[Variable | None, Head]:
    """Count the stub by one banner question, and lay the question over the design."""
    columns = _columns_of(plan, name)
    # Patterns of several answers are many, and have one centre.
    centred = [] if name in plan.recodes.sets else columns
    groups = _count(plan, [*columns, *keys], centred, weight_name(design))
    resolved = resolve_groups(design, groups)
    if not name:
        return None, heads_of([], resolved, options)[0]
    variable = look_up(groups.frame, name, _here(plan, name), stub=False)[0]
    return variable, heads_of([variable], resolved, options)[0]


def _here(plan: Plan, name: str) -> Recodes:
    """Keep what is made of one question; others are not among the groups."""
    own = plan.recodes
    return replace(
        own,
        nets={name: own.nets[name]} if name in own.nets else {},
        bands={name: own.bands[name]} if name in own.bands else {},
    )


def _columns_of(plan: Plan, name: str) -> list[str]:
    """Give the columns of a banner question; none for Total alone."""
    return list(plan.recodes.sets.get(name, [name] if name else []))


def _count(
    plan: Plan, keys: Sequence[str], centred: Sequence[str], weight: str | None
) -> Groups:
    """Count all questions of the stub by groups."""
    check_columns(plan.data, keys, "")
    numbers = means_of(plan.data, plan.numbers, centred, weight)
    return count_groups(plan.data, keys, weight, [*plan.coded, *numbers])


def _joint(plan: Plan, weight: str | None) -> JointSums:
    """Count all questions by the combinations of all banner questions."""
    keys = [column for name in plan.banner for column in _columns_of(plan, name)]
    groups = _count(plan, keys, [], weight)
    columns: list[Columns] = [] if plan.banner else [total_column(len(groups.frame))]
    for name in plan.banner:
        found = look_up(groups.frame, name, _here(plan, name), stub=False)
        columns.append(columns_of(found[0]))
    return JointSums(tuple(columns), groups.sums)
