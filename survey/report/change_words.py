"""Changes between waves as texts: differences, arrows, and why there is none.

Where two waves cannot be compared the reason stands in place of every number.
"""

from math import isfinite

from survey.report.cells import TOTAL
from survey.report.context import Context
from survey.report.numbers import decimal, points
from survey.wave.result import label_of
from survey.waves.values import Against, CellChange

AGAINST: tuple[Against, ...] = ("previous", "first", "year_before")
_ARROWS = {(1, True): "△", (2, True): "▲", (1, False): "▽", (2, False): "▼"}
_SIGNS = {"common_base": "†", "recode": "‡"}
_MEAN_DIGITS = 2


def change_of(
    context: Context,
    question: str,
    code: str,
    against: Against = "previous",
    *,
    banner: str = "",
    point: str = TOTAL,
) -> CellChange | None:
    """Look up the change of a cell.

    Parameters
    ----------
    context : Context
        The newer wave.
    question, code : str
        Variable and row, as in the cells of the wave.
    against : {"previous", "first", "year_before"}
        With which wave.
    banner, point : str
        Column; Total where omitted.

    Returns
    -------
    CellChange or None
        None where nothing was compared.
    """
    if context.waves is None:
        return None
    found = context.waves.changes.get((context.wave.wave.id, against), {})
    return found.get((question, code, banner, point))


def compared_with(context: Context) -> list[tuple[Against, str]]:
    """List the waves with which a wave is compared.

    Parameters
    ----------
    context : Context
        The newer wave.

    Returns
    -------
    list of (against, id)
        The previous wave first; each wave once.
    """
    found: dict[str, Against] = {}
    for against in AGAINST:
        changes = context.waves.changes if context.waves else {}
        some = changes.get((context.wave.wave.id, against), {})
        for change in some.values():
            found.setdefault(change.older, against)
            break
    return [(against, older) for older, against in found.items()]


def wave_name(context: Context, wave: str) -> str:
    """Give the name of any wave of the study.

    Parameters
    ----------
    context : Context
        Any wave.
    wave : str
        Its id.

    Returns
    -------
    str
        As a reader sees it.
    """
    found = (w for w in context.study.waves if w.id == wave)
    known = next(found, None)
    return label_of(known, context.language) if known else wave


def in_points(change: CellChange) -> bool:
    """Say whether a change is one of shares, in percentage points.

    Parameters
    ----------
    change : CellChange
        Any change.

    Returns
    -------
    bool
        Also of a net of shares; not of a mean.
    """
    return change.statistic != "mean" or ":" in change.question


def arrow(change: CellChange) -> str:
    """Give the arrow of a change.

    Parameters
    ----------
    change : CellChange
        Any change.

    Returns
    -------
    str
        Filled at the stricter level, hollow at the looser one; empty for none.
    """
    return _ARROWS.get((change.level, change.difference > 0), "")


def arrow_text(context: Context, change: CellChange | None) -> str:
    """Give the arrow of a change with its meaning in words.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange or None
        Any change.

    Returns
    -------
    str
        Such as ``▲ higher``; empty for none.
    """
    if change is None or not arrow(change):
        return ""
    way = "higher" if change.difference > 0 else "lower"
    return f"{arrow(change)} {context.say(f'change_{way}_{change.level}')}"


def sign_of(change: CellChange) -> str:
    """Give the sign of a number that is not compared as it was published.

    Parameters
    ----------
    change : CellChange
        One that is shown.

    Returns
    -------
    str
        A dagger on the common base, a double one after a recode; else empty.
    """
    return _SIGNS.get(change.consequence.verdict, "")


def number_text(context: Context, change: CellChange, number: float) -> str:
    """Write a difference or one end of its interval.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        Says in which unit.
    number : float
        In the unit of the statistic.

    Returns
    -------
    str
        With its sign; points of a percentage without their name.
    """
    if in_points(change):
        return points(number)
    text = decimal(abs(number), context.language, _MEAN_DIGITS)
    if not any(digit in text for digit in "123456789"):
        return text
    return f"{'+' if number > 0 else '−'}{text}"


def level_text(context: Context, change: CellChange, number: float) -> str:
    """Write an estimate as it is compared.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        Says in which unit.
    number : float
        In the unit of the statistic.

    Returns
    -------
    str
        A share, a net in points, or a mean.
    """
    if change.statistic != "mean":
        return context.percent(number)
    if in_points(change):
        return points(number)
    return decimal(number, context.language, _MEAN_DIGITS)


def interval_text(context: Context, change: CellChange) -> str:
    """Write the interval of a difference.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        Any change.

    Returns
    -------
    str
        Empty where there is none.
    """
    ends = (change.conf_low, change.conf_high)
    if not all(map(isfinite, ends)):
        return ""
    low, high = (number_text(context, change, end) for end in ends)
    return context.say("rank", low=low, high=high)
