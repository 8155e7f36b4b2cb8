"""Answers of one wave that are several ones of another: bands, and joined labels.

A label such as "law / ethics", or aliases that name two answers, join them.
"""

import re
from collections.abc import Sequence
from typing import Final

from survey.questionnaire.drafting.options import has_label
from survey.questionnaire.drafting.similar import plain_text
from survey.questionnaire.model import Category
from survey.waves.bands import Bands, bands_of, common_bands
from survey.waves.contract import ChangeKind
from survey.waves.match import substance

Codes = tuple[str, ...]
_BETWEEN: Final = re.compile(r"\s+/\s+|/|\s*[,;&]\s*|\s+(?:and|or|und|oder)\s+")
_TWO: Final = 2


def shared_bands(
    newer: Sequence[Category], older: Sequence[Category]
) -> tuple[dict[str, str], list[tuple[Codes, Codes]]]:
    """Find bands that are the same, and those that are only when joined.

    Parameters
    ----------
    newer, older : sequence of Category
        Of the question in both waves.

    Returns
    -------
    (dict of str to str, list of (tuple of str, tuple of str))
        Newer code to older code; newer and older codes that cover the same numbers.

    Examples
    --------
    >>> older = [Category(code=1, label="0-9"), Category(code=2, label="10+")]
    >>> newer = [Category(code="a", label="Under 10"),
    ...          Category(code="b", label="10-49"),
    ...          Category(code="c", label="50 or more")]
    >>> shared_bands(newer, older)
    ({'a': '1'}, [(('b', 'c'), ('2',))])
    """
    bands, before = bands_of(substance(newer)), bands_of(substance(older))
    common = common_bands(bands, before)
    same = [pair for pair in common if _is_one_band(pair, bands, before)]
    joined = [pair for pair in common if pair not in same]
    return {now[0]: was[0] for now, was in same}, joined


def joined_answers(
    newer: Sequence[Category], older: Sequence[Category]
) -> list[tuple[Codes, Codes]]:
    """Find answers that were joined or taken apart, by their labels.

    Parameters
    ----------
    newer, older : sequence of Category
        Of the question in both waves.

    Returns
    -------
    list of (tuple of str, tuple of str)
        Newer codes and older codes that say the same when taken together.

    Examples
    --------
    >>> older = [Category(code=1, label="Law"), Category(code=2, label="Ethics")]
    >>> joined_answers([Category(code=3, label="Law / ethics")], older)
    [(('3',), ('1', '2'))]
    """
    merged = [((code,), parts) for code, parts in _made_of(newer, older)]
    taken = {code for _, parts in merged for code in parts}
    done = {code for now, _ in merged for code in now}
    return merged + [
        (parts, (code,))
        for code, parts in _made_of(older, newer)
        if code not in taken and not done & set(parts)
    ]


def _is_one_band(pair: tuple[Codes, Codes], newer: Bands, older: Bands) -> bool:
    """Tell whether a single band of the one wave is a single one of the other."""
    (code, *more), (before, *more_before) = pair
    # A lowest band may begin at 0, 1 or 2: nobody is smaller.
    least = min(newer.values())[0], min(older.values())[0]
    starts = newer[code][0], older[before][0]
    same = newer[code][1] == older[before][1] and (
        starts[0] == starts[1] or starts == least
    )
    return same and not more and not more_before


def _made_of(
    wholes: Sequence[Category], parts: Sequence[Category]
) -> list[tuple[str, Codes]]:
    """Find categories whose label or aliases name several ones of the other wave."""
    known = {text: c.code for c in reversed(parts) for text in _names(c)}
    own = {text for c in wholes for text in _names(c)}
    found = []
    for whole in wholes:
        if any(text in known for text in map(plain_text, whole.label.values())):
            continue
        texts = [t for label in whole.label.values() for t in _BETWEEN.split(label)]
        texts = [plain_text(text) for text in (*texts, *whole.aliases)]
        codes = dict.fromkeys(known[t] for t in texts if t in known)
        kept = [c for c in codes if not _stands_alone(c, parts, own, whole)]
        if len(kept) >= _TWO:
            found.append((whole.code, tuple(kept)))
    return found


def _stands_alone(
    code: str, parts: Sequence[Category], own: set[str], whole: Category
) -> bool:
    """Tell whether a part goes on under its own label beside the whole."""
    part = next(c for c in parts if c.code == code)
    return bool((own - _names(whole)) & set(map(plain_text, part.label.values())))


def _names(category: Category) -> set[str]:
    """Give all texts that stand for a category."""
    texts = [*category.label.values(), *category.aliases]
    texts += [] if has_label(category) else [category.code]
    return set(map(plain_text, texts)) - {""}


def joined_kind(newer: Codes, older: Codes) -> ChangeKind:
    """Say what happened to answers that are the same only when taken together.

    Parameters
    ----------
    newer, older : tuple of str
        Codes of both waves.

    Returns
    -------
    str
        Merged, split, or, of one band each, reworded.

    Examples
    --------
    >>> joined_kind(("ai",), ("genai", "ml"))
    'options_merged'
    """
    if len(newer) == len(older) == 1:
        return "options_reworded"
    return "options_merged" if len(newer) <= len(older) else "options_split"
