"""The door to Typst, which sets the report as PDF and the figures in every format.

Texts go in as JSON and never as markup, so that no label can break out. The same
input gives the same bytes: no date is written, and fonts come from our packages.
"""

import atexit
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from shutil import copyfile, rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Final, Literal

from survey.report import style
from survey.report.lettering import covered
from survey.report.look import HOUSE, Look
from survey.report.spelled import spelled_data

if TYPE_CHECKING:
    import typst

TEMPLATES: Final = Path(__file__).parent


def typeset(
    template: str,
    data: Mapping[str, Any],
    kind: Literal["pdf", "png", "svg"] = "pdf",
    look: Look = HOUSE,
) -> bytes:
    """Fill a template with data.

    Parameters
    ----------
    template : str
        File name of a template beside this module.
    data : mapping
        What the template shows; anything that JSON can hold.
    kind : {"pdf", "png", "svg"}
        Format. PDFs are tagged, and follow PDF/UA-1 where a typeface has every
        character; PNG has 144 dots per inch.
    look : Look
        Typefaces.

    Returns
    -------
    bytes
        Contents of the file.
    """
    import typst

    shown = spelled_data({**data, "fonts": look.families}, look)
    text = json.dumps(shown, ensure_ascii=False)
    try:
        return _compiled(template, text, kind, look, strict=kind == "pdf")
    except typst.TypstError:
        # A character that no typeface has breaks PDF/UA-1, but not the report.
        if kind != "pdf":
            raise
        return _compiled(template, text, kind, look, strict=False)


def _compiled(
    template: str,
    text: str,
    kind: Literal["pdf", "png", "svg"],
    look: Look,
    *,
    strict: bool,
) -> bytes:
    """Run the typesetter; `strict` holds a PDF to PDF/UA-1."""
    import typst

    made = typst.compile(
        TEMPLATES / template,
        root=TEMPLATES,
        font_paths=_fonts(look.fonts, system=not covered(text, look)),
        sys_inputs={"data": text},
        format=kind,
        ppi=style.DPI,
        pdf_standards=["ua-1"] if strict else [],
        timestamp=0,
    )
    assert isinstance(made, bytes)
    return made


@lru_cache(maxsize=4)
def _fonts(own: tuple[Path, ...], *, system: bool) -> "typst.Fonts":
    """Open our typefaces, and those of the machine where ours lack a script."""
    import typst

    # Not the folder of DejaVu: matplotlib keeps a typeface of placeholders in it, which
    # has every character and would set whole labels.
    files = _in_a_folder((*own, *style.font_files()[2:]))
    places = [str(files), str(style.font_folders()[0])]
    return typst.Fonts(
        include_system_fonts=system,
        include_embedded_fonts=False,
        font_paths=places,
    )


@lru_cache(maxsize=4)
def _in_a_folder(files: tuple[Path, ...]) -> Path:
    """Put files into a folder of their own: Typst looks into folders, not at files."""
    folder = Path(mkdtemp(prefix="genai-survey-"))
    # Typst reads a typeface when it is first used, so the folder stays until the end.
    atexit.register(rmtree, folder, ignore_errors=True)
    for number, file in enumerate(files):
        copyfile(file, folder / f"{number}{file.suffix}")
    return folder
