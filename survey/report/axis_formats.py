"""Number formats of axes, for programs that write the numbers themselves."""

from math import inf
from typing import Final

from survey.report.charts_ticks import Axis, digits
from survey.report.wording import words

_UNITS: Final = ((1e9, "axis_billion", ",,,"), (1e6, "axis_million", ",,"))
_MOST_TESTS: Final = 2


def axis_format(axis: Axis, language: str) -> str:
    r"""Give the number format that writes the numbers along an axis.

    Parameters
    ----------
    axis : Axis
        The axis.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        A format of Office; thousands follow the country of the reader's machine.

    Examples
    --------
    >>> from survey.report.charts_ticks import axis
    >>> axis_format(axis([0.0, 1.0], "de", share=True), "de")
    '0"\xa0"%'
    >>> axis_format(axis([1, 4e6], "en", share=False, logarithmic=True), "en")
    '[>=1000000]#,##0,," M";#,##0'
    """
    if "%" in axis.ticks[-1][1]:
        return "0%" if language == "en" else '0"\u00a0"%'
    step = inf if axis.logarithmic else axis.ticks[1][0] - axis.ticks[0][0]
    tests = []
    for unit, word, cut in _UNITS:
        if axis.high >= unit:
            told = words(language)[word].partition("{number}")[2]
            tests.append(f'[>={unit:.0f}]{_number(step / unit)}{cut}"{told}"')
    if axis.logarithmic and axis.low < 1:
        return ";".join([*tests[:_MOST_TESTS], "General"])
    return ";".join([*tests[:_MOST_TESTS], _number(step)])


def _number(step: float) -> str:
    """Give the format of numbers that are a step apart."""
    places = 0 if step == inf else digits(step)
    return "#,##0" + ("." + "0" * places if places else "")
