"""The colours of a house: read, completed with ours, and checked for everyone's sight.

Text must have a contrast of 4.5 on paper, and colours that meet in a figure must
differ in normal sight, for dichromats and on a grey print.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import combinations, pairwise
from typing import Any, Final

from survey.errors import StyleError
from survey.report import style
from survey.report.sight import LEAST_DIFFERENCE, confused
from survey.yaml_file import Key, YamlFile

MOST_STEPS: Final = 11
TEXT_ROLES: Final = ("ink", "muted", "accent")
SIDES: Final = ("open", "proprietary", "neutral", "dont_know")
MEETING: Final = (
    ("main", "net"),
    ("main", "dont_know"),
    ("net", "dont_know"),
    ("net", "total"),
    ("weighted", "unweighted"),
    ("weighted", "other"),
    *combinations(SIDES, 2),
    *(
        (role, "paper")
        for role in (*SIDES, "main", "net", "total", "weighted", "unweighted", "other")
    ),
)
"""Roles that can meet in one figure."""

_COLOUR: Final = re.compile(r"#[0-9A-Fa-f]{6}")
_FOLLOWING: Final = {"net": "accent", "weighted": "accent", "total": "ink"}


def read_colours(source: YamlFile, given: Mapping[str, Any]) -> dict[str, str]:
    """Read colours by role, and complete them with ours.

    Parameters
    ----------
    source : YamlFile
        The file, for its lines.
    given : mapping
        What stands under ``colours``. ``net`` and ``weighted`` follow ``accent``, and
        ``total`` follows ``ink``, where only these are given.

    Returns
    -------
    dict of str to str
        ``#RRGGBB`` by role.

    Raises
    ------
    StyleError
        A role is unknown, a value is no colour, or a text cannot be read on paper.
    """
    for role in given:
        if role not in style.COLOURS:
            raise StyleError(
                f"{source.place(('colours', role))}: unknown role {role!r} in colours. "
                f"Known roles: {', '.join(sorted(style.COLOURS))}."
            )
    own = {role: _colour(source, ("colours", role), one) for role, one in given.items()}
    follow = {
        role: own[leader]
        for role, leader in _FOLLOWING.items()
        if leader in own and role not in own
    }
    colours = {**style.COLOURS, **follow, **own}
    for role in TEXT_ROLES:
        _check_text(source, colours, role)
    return colours


def read_scale(source: YamlFile, given: Any) -> tuple[str, str]:
    """Read the lightest and the darkest step of a scale.

    Parameters
    ----------
    source : YamlFile
        The file, for its lines.
    given : list or None
        What stands under ``scale``; None for ours.

    Returns
    -------
    (str, str)
        ``#RRGGBB``, the lighter first.

    Raises
    ------
    StyleError
        They are not two colours, or the first is not the lighter one.
    """
    if given is None:
        return style.SCALE_LIGHT, style.SCALE_DARK
    place = source.place(("scale",))
    if not isinstance(given, list) or len(given) != 2:  # noqa: PLR2004 - two ends
        raise StyleError(
            f"{place}: scale is the lightest and the darkest step of a scale. Write "
            f'two colours: scale: ["{style.SCALE_LIGHT}", "{style.SCALE_DARK}"].'
        )
    light, dark = (_colour(source, ("scale", n), one) for n, one in enumerate(given))
    if style.luminance(light) <= style.luminance(dark):
        raise StyleError(
            f"{place}: scale begins with {light}, which is not lighter than {dark}. "
            "Write the lightest step first."
        )
    return light, dark


def check_meeting(
    source: YamlFile, colours: Mapping[str, str], scale: tuple[str, str]
) -> None:
    """Refuse colours that meet in a figure and look the same to somebody.

    Parameters
    ----------
    source : YamlFile
        The file, for its lines.
    colours : mapping of str to str
        ``#RRGGBB`` by role.
    scale : (str, str)
        Lightest and darkest step.

    Raises
    ------
    StyleError
        Names the two colours, who cannot tell them apart, and what to do.
    """
    for first, second in MEETING:
        who = confused(colours[first], colours[second])
        if who:
            keys: list[Key] = [("colours", first), ("colours", second)]
            said = [f"{role} ({colours[role]})" for role in (first, second)]
            raise StyleError(
                f"{_nearest(source, keys)}: {said[0]} and {said[1]} cannot be told "
                f"apart ({_words(who)}). They meet in one figure: make one of them "
                "lighter or darker."
            )
    for light, dark, names in _scale_pairs(colours, scale):
        who = confused(light, dark)
        if who:
            place = _nearest(source, [("scale",)])
            raise StyleError(
                f"{place}: {names} ({light} and {dark}) cannot be told apart "
                f"({_words(who)}). Choose a lighter first or a darker last step of the "
                "scale, or another colour beside it."
            )


def _colour(source: YamlFile, key: Key, value: Any) -> str:
    """Read one colour."""
    name = ".".join(str(part) for part in key)
    if value is None:
        raise StyleError(
            f"{source.place(key)}: {name} is empty, because YAML takes what follows # "
            f'for a comment. Put the colour in quotes: "{style.ACCENT}".'
        )
    if not isinstance(value, str) or not _COLOUR.fullmatch(value):
        raise StyleError(
            f"{source.place(key)}: {name} is {value!r}, which is no colour. Write # "
            f'and six hexadecimal digits in quotes, such as "{style.ACCENT}".'
        )
    return value.upper()


def _check_text(source: YamlFile, colours: Mapping[str, str], role: str) -> None:
    """Refuse a colour of text that cannot be read on paper."""
    ratio = style.contrast(colours[role], colours["paper"])
    if ratio < style.READABLE:
        keys: list[Key] = [("colours", role), ("colours", "paper")]
        raise StyleError(
            f"{_nearest(source, keys)}: {role} ({colours[role]}) has a contrast of "
            f"{int(ratio * 10) / 10} on paper ({colours['paper']}), and text needs "
            f"{style.READABLE}. Make {role} darker."
        )


def _scale_pairs(
    colours: Mapping[str, str], scale: tuple[str, str]
) -> Iterator[tuple[str, str, str]]:
    """List colours that meet in a scale, with what they are."""
    yield scale[0], colours["dont_know"], "the lightest step and dont_know"
    yield scale[0], colours["paper"], "the lightest step and paper"
    yield scale[1], colours["dont_know"], "the darkest step and dont_know"
    for steps in range(2, MOST_STEPS + 1):
        roles = (f"scale:{step}/{steps}" for step in range(1, steps + 1))
        tones = [style.colour(role, colours, scale) for role in roles]
        for step, (one, other) in enumerate(pairwise(tones), 1):
            yield one, other, f"steps {step} and {step + 1} of a scale of {steps}"


def _nearest(source: YamlFile, keys: list[Key]) -> str:
    """Give the place of the first key that stands in the file."""
    there = (key for key in keys if key in source.places)
    return str(source.place(next(there, keys[0][:1])))


def _words(who: str) -> str:
    """Say who looks, and what is asked for."""
    return f"{who}; a difference of {LEAST_DIFFERENCE:g} by CIEDE2000 is needed"
