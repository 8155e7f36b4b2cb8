"""The presentation whose master the slides take, read from its file."""

from pathlib import Path
from typing import Final

from survey.errors import OutputError
from survey.report.slides.archive import presentation

_ADVICE: Final = "Name another .pptx or .potx file, or leave the template out."


def read_template(path: str | Path) -> bytes:
    """Read a presentation whose master the slides take.

    Parameters
    ----------
    path : str or Path
        A .pptx or .potx file.

    Returns
    -------
    bytes
        Its contents, as a presentation.

    Raises
    ------
    OutputError
        It cannot be read, or is no such file.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"{path} cannot be read ({reason}). {_ADVICE}") from error
    return presentation(content, str(path), _ADVICE)
