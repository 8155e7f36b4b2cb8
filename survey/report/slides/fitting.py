"""Texts fitted to their room: smaller type down to a floor, then an ellipsis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.report.lettering import line_height, wrap
from survey.report.slides.room import FLOOR
from survey.report.style import clean

_STEP: Final = 2.0
# Typefaces of a reader's machine may run wider than the one that is measured.
_SAFETY: Final = 0.93
_SPACE: Final = 0.45
_MANY: Final = 200


@dataclass(frozen=True, slots=True)
class Fitted:
    """Paragraphs as they are set, their size in points, and what was cut."""

    paragraphs: tuple[str, ...]
    size: float
    cut: tuple[str, ...] = ()


def fitted(
    paragraphs: Sequence[str],
    width: float,
    height: float,
    size: float,
    *,
    bold: bool = False,
    spaced: bool = False,
) -> Fitted:
    """Fit paragraphs into a box.

    Parameters
    ----------
    paragraphs : sequence of str
        What is set.
    width, height : float
        Room in inches.
    size : float
        Largest type size in points.
    bold : bool, default False
        Whether it is set bold.
    spaced : bool, default False
        Whether there is some space after every paragraph.

    Returns
    -------
    Fitted
        Shortened paragraphs end in an ellipsis and stand whole in `cut`.

    Examples
    --------
    >>> fitted(["open or proprietary"], 4, 1, 20)
    Fitted(paragraphs=('open or proprietary',), size=20, cut=())
    """
    texts = tuple(clean(text) for text in paragraphs)
    while True:
        lines = [_lines(text, width, size, bold=bold) for text in texts]
        if needed(lines, size, spaced=spaced) <= height:
            return Fitted(texts, size)
        if size <= FLOOR:
            return _cut(texts, lines, width, height, bold=bold)
        size = max(size - _STEP, FLOOR)


def needed(lines: Sequence[int], size: float, *, spaced: bool = False) -> float:
    """Give the height that paragraphs take.

    Parameters
    ----------
    lines : sequence of int
        Lines of every paragraph.
    size : float
        Type size in points.
    spaced : bool, default False
        Whether there is some space after every paragraph.

    Returns
    -------
    float
        Inches.
    """
    after = _SPACE * line_height(size) * len(lines) if spaced else 0.0
    return sum(lines) * line_height(size) + after


def line_count(text: str, width: float, size: float) -> int:
    """Count the lines of a text.

    Parameters
    ----------
    text : str
        What is set.
    width : float
        Room in inches.
    size : float
        Type size in points.

    Returns
    -------
    int
        0 for an empty text.
    """
    return _lines(text, width, size, bold=False)


def _lines(text: str, width: float, size: float, *, bold: bool) -> int:
    """Count the lines of a text."""
    return len(wrap(text, width * _SAFETY, size, most=_MANY, bold=bold))


def _cut(
    texts: tuple[str, ...],
    lines: Sequence[int],
    width: float,
    height: float,
    *,
    bold: bool,
) -> Fitted:
    """Shorten the longest paragraphs until all of them fit."""
    most = max(int(height / line_height(FLOOR)), 1)
    allowed = list(lines)
    while sum(allowed) > most and max(allowed) > 1:
        allowed[allowed.index(max(allowed))] -= 1
    set_, cut = [], []
    for text, own, given in zip(texts, lines, allowed, strict=True):
        if own > given:
            cut.append(text)
            shown = wrap(text, width * _SAFETY, FLOOR, most=given, bold=bold)
            set_.append(" ".join(shown))
        else:
            set_.append(text)
    return Fitted(tuple(set_), FLOOR, tuple(cut))
