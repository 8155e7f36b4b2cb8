"""Which files hold records: a file, or all of a folder and of those inside it.

Left out are only hidden files and folders, and links to folders.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from survey.errors import ModelFileError

_ENDINGS: Final = (".yml", ".yaml")


def model_files(path: str | Path) -> tuple[Path, ...]:
    """Give the files that a path stands for.

    Parameters
    ----------
    path : str or Path
        A file, or a folder with files that end in .yml or .yaml, in any case and also
        in folders inside it. Hidden ones are left out, and links to folders.

    Returns
    -------
    tuple of Path
        The file, or the files of the folder by name.

    Raises
    ------
    ModelFileError
        The folder has no such file, or cannot be read.
    """
    place = Path(path)
    if not place.is_dir():
        return (place,)
    found = sorted(_inside(place))
    if not found:
        raise ModelFileError(f"{place}: no .yml or .yaml file in this folder.")
    return tuple(found)


def _inside(folder: Path) -> Iterator[Path]:
    """Give the records of a folder and of those inside it."""

    def refuse(problem: OSError) -> None:
        place, reason = problem.filename, problem.strerror
        raise ModelFileError(f"{place}: folder cannot be read ({reason}).") from None

    for root, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [f for f in folders if not f.startswith(".")]
        for name in names:
            if name.lower().endswith(_ENDINGS) and not name.startswith("."):
                yield Path(root, name)


def check_ordinary(place: Path) -> None:
    """Refuse what can be read only once, or never ends: its hash would be wrong.

    Parameters
    ----------
    place : Path
        Of a record.

    Raises
    ------
    ModelFileError
        It is a pipe or a device.
    """
    if place.exists() and not place.is_file() and not place.is_dir():
        raise ModelFileError(
            f"{place}: a pipe or a device. Save the record as a file first."
        )
