"""The look of a house: its colours, fonts and logo, read from YAML.

A look is a value that every writer is given; what a house does not say is ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from survey.errors import StyleError
from survey.report import style
from survey.report.look_colours import check_meeting, read_colours, read_scale
from survey.report.look_files import read_fonts, read_logo
from survey.yaml_file import read_yaml

_KEYS: Final = ("colours", "family", "fonts", "logo", "scale")


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

    def colour(self, role: str) -> str:
        """Give the colour of a role.

        Parameters
        ----------
        role : str
            A key of `colours`, or ``scale:I/K`` for step I of K, from light to dark.

        Returns
        -------
        str
            ``#RRGGBB``.

        Examples
        --------
        >>> HOUSE.colour("scale:5/5") == HOUSE.scale[1]
        True
        """
        return style.colour(role, self.colours, self.scale)

    def text_colour(self, background: str) -> str:
        """Give a colour of text that can be read on a background.

        Parameters
        ----------
        background : str
            ``#RRGGBB``.

        Returns
        -------
        str
            The ink of the house, white or black: one of them can be read.

        Examples
        --------
        >>> HOUSE.text_colour("#000000")
        '#FFFFFF'
        """
        return style.text_colour(background, self.colours["ink"])

    def faces(self, *, bold: bool = False) -> tuple[Path, ...]:
        """Give the files that set a text, the first that has a letter sets it.

        Parameters
        ----------
        bold : bool, default False
            Whether the text is bold.

        Returns
        -------
        tuple of Path
            The typeface of the house, if it has one, and ours.

        Examples
        --------
        >>> [path.name for path in HOUSE.faces(bold=True)]
        ['SourceSansPro-Bold.ttf', 'DejaVuSans-Bold.ttf']
        """
        own = self.fonts[-1:] if bold else self.fonts[:1]
        return (*own, *style.font_files()[bold::2])


HOUSE: Final = Look()


def read_look(path: str | Path) -> Look:
    """Read the look of a house from a YAML file.

    Parameters
    ----------
    path : str or Path
        The file. All of its keys may be left out::

            colours:              # roles as in `Look`
              accent: "#7A1F5C"
              open: "#00735A"
            scale: ["#E8CFE0", "#3D0A2C"]
            fonts: [house-regular.ttf, house-bold.ttf]
            family: House Sans
            logo: logo.svg

    Returns
    -------
    Look
        What the file does not say is ours.

    Raises
    ------
    StyleError
        A key, role, colour or file is wrong, a text cannot be read on paper, or two
        colours that meet in a figure look the same to somebody. The message names
        the line.
    """
    source = read_yaml(path, StyleError)
    for key in source.data:
        if key not in _KEYS:
            raise StyleError(
                f"{source.place((key,))}: unknown key {key!r}. Known keys: "
                f"{', '.join(_KEYS)}."
            )
    given = source.data.get("colours")
    if given is not None and not isinstance(given, dict):
        raise StyleError(
            f"{source.place(('colours',))}: colours is {given!r}. Write one role per "
            f'line, such as accent: "{style.ACCENT}".'
        )
    colours = read_colours(source, given or {})
    scale = read_scale(source, source.data.get("scale"))
    check_meeting(source, colours, scale)
    fonts, families = read_fonts(
        source, source.data.get("fonts"), source.data.get("family")
    )
    logo, kind = read_logo(source, source.data.get("logo"))
    return Look(colours, scale, families, fonts, logo, kind)
