"""Tabulate: any number of questions against any number of banner questions.

Every number is design-based. Respondents are touched once per question and banner
question; all the rest is arithmetic on the totals of many questions at a time.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.joint import join
from survey.estimation.stored_tally import answers_of, respondents_in
from survey.responses.variable import Variable
from survey.tabulation.blocks import base_columns, cell_columns, stacked
from survey.tabulation.decisions import decide
from survey.tabulation.heads import Head, heading_of, heads_of, points_of
from survey.tabulation.layout import (
    ALL_CELL_COLUMNS,
    BASE_COLUMNS,
    TEST_COLUMNS,
    Crosstab,
    TableOptions,
)
from survey.tabulation.lines import Lines, lines_of
from survey.tabulation.parts import Estimated, estimate_lines
from survey.tabulation.protection import JointSums

# Numbers held at a time for the questions of one chunk, about 100 MB.
_NUMBERS = 6_000_000


def tabulate(
    stub: Sequence[Variable],
    banner: Sequence[Variable],
    design: ResolvedDesign,
    options: TableOptions | None = None,
) -> Crosstab:
    """Tabulate variables against banner variables.

    Parameters
    ----------
    stub, banner : sequence of Variable
        Questions down the side and across, over the same n respondents.
    design : ResolvedDesign
        Their design.
    options : TableOptions, optional
        Intervals, small bases, summaries, tests.

    Returns
    -------
    Crosstab
        Cells, bases, tests. A question of numbers has one row, its mean.

    Raises
    ------
    QuestionError
        A banner question holds numbers.
    EstimationError
        A variable is about other respondents than the design.

    Notes
    -----
    A respondent with several answers to a banner question is in several columns, and
    the tests know it. Association is tested (Rao-Scott) where the banner question is
    single response, over all columns, also hidden ones; a multiple response question
    is tested as a whole and item by item.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.responses.variable import Row
    >>> size = Variable("size", "Size", ("s",), (Row("s", "Small", ("s",)),),
    ...                 np.zeros(40, int), None, None, np.ones(40, bool))
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame(index=range(40)))
    >>> tabulate([size], [], design).cells["estimate"].tolist()
    [1.0]
    """
    options = options or TableOptions()
    return tabulate_heads(stub, banner, heads_of(banner, design, options), options)


def tabulate_heads(
    stub: Sequence[Variable],
    banner: Sequence[Variable],
    heads: Sequence[Head],
    options: TableOptions,
    stored: Callable[[], JointSums] | None = None,
) -> Crosstab:
    """Tabulate variables against banner questions that are laid over the design.

    Parameters
    ----------
    stub, banner : sequence of Variable
        Questions down the side and across.
    heads : sequence of Head
        The banner questions, or Total alone.
    options : TableOptions
        Intervals, small bases, summaries, tests.
    stored : callable, optional
        Of stored data: counts by all banner questions at once.

    Returns
    -------
    Crosstab
        Cells, bases, tests.
    """
    columns = points_of(banner, heads)
    heading = heading_of(columns)
    wanted = [
        lines
        for variable in stub
        for lines in lines_of(variable, options.summaries.get(variable.name, ()))
    ]
    estimated = _estimated(wanted, heads, options)
    decided = decide(estimated, heads, options, stored)
    shown = [
        (lines, parts, heading, options)
        for lines, parts in zip(wanted, decided, strict=True)
    ]
    main = [one for one in shown if one[0].kind == _main_kind(one[0].variable)]
    return Crosstab(
        tuple(variable.name for variable in stub),
        tuple(variable.name for variable in banner),
        columns,
        stacked([cell_columns(*one) for one in shown], ALL_CELL_COLUMNS),
        stacked([base_columns(*one) for one in main], BASE_COLUMNS),
        pd.DataFrame(_tests(estimated), columns=list(TEST_COLUMNS)),
        tuple(_title(v, _size(v, heads[0].layout.design), options) for v in stub),
    )


def _size(variable: Variable, design: ResolvedDesign) -> int:
    """Count the respondents in the base of a question."""
    if design.sums is None:
        return int((variable.base & design.used).sum())
    return respondents_in(answers_of(variable, design), design)


def title_of(variable: Variable, used: NDArray[np.bool_], options: TableOptions) -> str:
    """Write the title of a question, which names its base.

    Parameters
    ----------
    variable : Variable
        The question.
    used : bool array (n,)
        Respondents with a weight above 0.
    options : TableOptions
        Minimum base.

    Returns
    -------
    str
        Label, kind of base and unweighted base.

    Examples
    --------
    >>> cost = Variable("cost", "Cost", (), (), None, None, None, np.ones(40, bool))
    >>> title_of(cost, np.ones(40, bool), TableOptions())
    'Cost (base: answered, n = 40)'
    """
    return _title(variable, int((variable.base & used).sum()), options)


def _title(variable: Variable, n: int, options: TableOptions) -> str:
    """Write the title of a question with a base of `n` respondents."""
    size = f"n < {options.min_base}" if 0 < n < options.min_base else f"n = {n:,}"
    return f"{variable.label} (base: {variable.base_text}, {size})"


def _main_kind(variable: Variable) -> str:
    """Say which lines of a question its base belongs to."""
    categories = variable.position is not None or variable.chosen is not None
    return "share" if categories else "mean"


def _tests(estimated: Sequence[Estimated]) -> Iterator[tuple[object, ...]]:
    """List the tests of association of all questions."""
    for found in estimated:
        yield from found.tests


def _estimated(
    wanted: Sequence[Lines], heads: Sequence[Head], options: TableOptions
) -> list[Estimated]:
    """Estimate all lines, those of one kind together."""
    found: dict[int, Estimated] = {}
    joint = join([head.layout for head in heads])
    for chunk in _chunks(wanted, heads):
        lines = [wanted[place] for place in chunk]
        found |= zip(chunk, estimate_lines(lines, heads, joint, options), strict=True)
    return [found[place] for place in range(len(wanted))]


def _chunks(wanted: Sequence[Lines], heads: Sequence[Head]) -> Iterator[list[int]]:
    """Take lines of one kind together, as many as fit into memory."""
    pairs = max(head.layout.cell.size for head in heads)
    respondents = heads[0].layout.pair.size
    for kind in dict.fromkeys(lines.kind for lines in wanted):
        chunk: list[int] = []
        size = 0
        for place, lines in enumerate(wanted):
            if lines.kind != kind:
                continue
            cost = respondents + 4 * pairs * (len(lines.rows) + 1)
            if chunk and size + cost > _NUMBERS:
                yield chunk
                chunk, size = [], 0
            chunk.append(place)
            size += cost
        yield chunk
