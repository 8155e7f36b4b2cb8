"""The look of a house: its colours, fonts and logo, read from YAML.

A look is a value that every writer is given; what a house does not say is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from survey.report import style


@dataclass(frozen=True, slots=True)
class Look:
    """Colours, fonts and logo of a house.

    Attributes
    ----------
    colours : mapping of str to str
        ``#RRGGBB`` by role: ``main, net, total, open, proprietary, neutral,
        dont_know, weighted, unweighted, other``, and ``accent, ink, muted, rule,
        reference, paper``.
    scale : (str, str)
        Lightest and darkest step of a scale.
    families : tuple of str
        Typefaces by name, the first that has a letter sets it.
    fonts : tuple of Path
        Files of typefaces that are not part of the package, regular and bold.
    logo : bytes
        PNG or SVG; empty for none.
    logo_kind : {"", "png", "svg"}
        What the logo is.
    """

    colours: Mapping[str, str] = field(default_factory=lambda: dict(style.COLOURS))
    scale: tuple[str, str] = (style.SCALE_LIGHT, style.SCALE_DARK)
    families: tuple[str, ...] = style.FAMILIES
    fonts: tuple[Path, ...] = ()
    logo: bytes = b""
    logo_kind: str = ""


HOUSE: Final = Look()
